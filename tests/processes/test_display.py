"""The display as a real process: it shows what core asks for, says so, and saves pictures of it."""

import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CDLL, c_void_p
from ctypes.util import find_library
from pathlib import Path

import pygame
import pytest

from processes.stage import Kit
from unit.display_pages import dot, light, page
from vybor.contracts import messages as m
from vybor.display.drawing.palette import THEMES, Colour
from vybor.foundation import last_words
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.settings import Theme
from vybor.sound import alarm

PATIENCE_S = 20.0
SETTINGS = "[display]\nwidth = 800\nheight = 480\n"


class Others:
    """Core and gaze, as the display hears them."""

    def __init__(self, runtime: Path) -> None:
        self.clock = SystemClock()
        self.core = Bus("core", runtime, self.clock, [m.Shown, m.Health])
        self.gaze = Bus("gaze", runtime, self.clock)
        self.shown: m.Shown | None = None
        self.health: m.Health | None = None
        self.answers: list[m.AnyReply] = []
        self.core_speaks = True

    def close(self) -> None:
        self.core.close()
        self.gaze.close()

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + PATIENCE_S
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.shown} {self.answers}"
            for arrival in self.core.receive(0.02):
                self._take(arrival)
            self.gaze.receive(0)
            self.gaze.tend()
            if self.core_speaks:
                self.core.tend()

    def until_shown(self, holds: Callable[[m.Shown], bool]) -> m.Shown:
        self.until(lambda: self.shown is not None and holds(self.shown))
        assert self.shown is not None
        return self.shown

    def _take(self, arrival: object) -> None:
        match arrival:
            case Heard(message=m.Shown() as shown):
                self.shown = shown
            case Heard(message=m.Health() as health):
                self.health = health
            case Answered(reply=reply):
                self.answers.append(reply)


@pytest.fixture
def display(tmp_path: Path) -> Iterator[Kit]:
    started = Kit(tmp_path, settings=SETTINGS)
    started.start("display", SDL_VIDEODRIVER="dummy")
    yield started
    started.stop()


@pytest.fixture
def others(display: Kit) -> Iterator[Others]:
    played = Others(display.runtime)
    yield played
    played.close()


def test_a_screen_comes_back_with_the_time_of_its_flip_and_keeps_it(others: Others) -> None:
    published_ns = others.clock.now_ns()
    others.core.publish(page())
    shown = others.until_shown(lambda shown: shown.screen is not None)
    assert shown.screen == page()
    assert published_ns < shown.at_ns < others.clock.now_ns()
    others.shown = None
    assert others.until_shown(lambda shown: shown.screen is not None) == shown


def test_highlight_and_dot_come_back(others: Others) -> None:
    others.core.publish(page())
    others.core.publish(light(3, armed=True, pad_progress=0.5))
    assert others.until_shown(lambda shown: shown.highlight is not None).highlight == light(
        3, armed=True, pad_progress=0.5
    )
    others.gaze.publish(dot())
    shown = others.until_shown(lambda shown: shown.target is not None)
    assert (shown.target, shown.highlight) == (dot(), None)


def test_silence_of_core_is_said_and_heals(others: Others) -> None:
    others.core.publish(page())
    assert not others.until_shown(lambda shown: shown.screen is not None).core_silent
    others.core_speaks = False
    silent = others.until_shown(lambda shown: shown.core_silent)
    assert silent.screen == page()
    others.core_speaks = True
    assert others.until_shown(lambda shown: not shown.core_silent).screen == page()


def test_a_stopped_core_is_told_within_a_second(others: Others) -> None:
    """Stale or dead, it says nothing: the time is that of its last word, and that of the flip."""
    others.core.publish(page())
    others.until_shown(lambda shown: shown.screen is not None)
    others.core.publish(page(text="Good"))
    last_word_ns = others.clock.now_ns()
    others.core_speaks = False
    silent = others.until_shown(lambda shown: shown.core_silent)
    assert silent.at_ns - last_word_ns < seconds(1)


def test_other_colours_are_worn_at_once(others: Others, display: Kit, tmp_path: Path) -> None:
    others.core.publish(page())
    others.until_shown(lambda shown: shown.screen is not None)
    done = subprocess.run(
        [sys.executable, "-m", "vybor", "display", "--theme", "light", "--runtime", str(display.runtime)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "light, until the display starts again\n"), done.stderr
    path = tmp_path / "screen.png"

    def is_light() -> bool:
        others.core.ask("display", m.SavePicture(request=others.core.new_request(), path=str(path)))
        before = len(others.answers)
        others.until(lambda: len(others.answers) > before)
        return pygame.image.load(path).get_at((0, 0))[:3] == THEMES[Theme.LIGHT][Colour.GROUND]

    others.until(is_light)


def test_pictures_are_saved_and_what_cannot_be_saved_is_refused(others: Others, tmp_path: Path) -> None:
    others.core.publish(page())
    others.until_shown(lambda shown: shown.screen is not None)
    path = tmp_path / "screen.png"
    others.core.ask("display", m.SavePicture(request="1", path=str(path)))
    others.until(lambda: bool(others.answers))
    assert others.answers == [m.Done(request="1")]
    assert path.read_bytes().startswith(b"\x89PNG\r\n")
    others.core.ask("display", m.SavePicture(request="2", path=str(tmp_path / "no" / "screen.png")))
    others.until(lambda: len(others.answers) == 2)
    refused = others.answers[1]
    assert isinstance(refused, m.Refused)
    assert refused.reason.endswith("(No such file or directory); name a folder that can be written to")


def test_the_process_is_well_and_ends_cleanly_when_it_is_asked_to(others: Others, display: Kit) -> None:
    others.until(lambda: others.health is not None)
    assert others.health is not None
    assert others.health.troubles == ()
    assert display.stop() == {"display": 0}
    assert "Traceback" not in display.log("display")


@pytest.mark.skipif(not shutil.which("Xvfb") or not find_library("Xtst"), reason="needs Xvfb and libXtst")
def test_on_a_desktop_the_mouse_looks_and_the_space_bar_is_the_switch(tmp_path: Path) -> None:
    with desktop() as (name, hands):
        started = Kit(tmp_path, settings=SETTINGS)
        core = Bus("core", started.runtime, SystemClock(), [m.Shown, m.Pointer, m.SwitchPress])
        try:
            started.start("display", SDL_VIDEODRIVER="x11", DISPLAY=name)
            told: dict[type, m.AnyMessage] = {}
            deadline = time.perf_counter() + PATIENCE_S
            while not {m.Shown, m.Pointer, m.SwitchPress} <= set(told):
                assert time.perf_counter() < deadline, f"it did not come: {told}"
                hands()
                told |= {type(a.message): a.message for a in core.receive(0.05) if isinstance(a, Heard)}
            pointer = told[m.Pointer]
            assert isinstance(pointer, m.Pointer)
            assert 0 < pointer.x < 1
            assert 0 < pointer.y < 1
        finally:
            assert started.stop() == {"display": 0}
            core.close()


PLAYER = """\
[voice]
player = ["sh", "-c", "cat > $0/part.$$ && mv $0/part.$$ $0/$PPID.$$", "{sounds}"]
"""


@pytest.mark.skipif(not shutil.which("Xvfb") or not find_library("Xtst"), reason="needs Xvfb and libXtst")
@pytest.mark.parametrize("helper", ["voice", "safe"])
def test_when_the_deciding_process_is_dead_the_switch_calls_for_help(tmp_path: Path, helper: str) -> None:
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    with desktop() as (name, hands):
        started = Kit(tmp_path, settings=SETTINGS + PLAYER.format(sounds=sounds))
        started.share.mkdir()
        (started.share / "help-en.wav").write_bytes(alarm.tone())
        core = Bus("core", started.runtime, SystemClock(), [m.Shown])
        try:
            started.start(helper)
            started.start("display", SDL_VIDEODRIVER="x11", DISPLAY=name)
            core.publish(page())
            until(lambda: any(_shows_a_screen(arrival) for arrival in core.receive(0.05)))
            core.close()

            def called() -> bool:
                hands()
                time.sleep(0.1)
                played = sounds.glob(f"{started.pid(helper)}.*")
                return any(path.read_bytes() == alarm.tone() for path in played)

            until(called)
        finally:
            assert started.stop() == {"display": 0, helper: 0}


@pytest.mark.skipif(not shutil.which("Xvfb") or not find_library("Xtst"), reason="needs Xvfb and libXtst")
def test_a_call_that_the_voice_took_is_handed_to_safe_to_look_after(tmp_path: Path) -> None:
    with desktop() as (name, hands):
        started = Kit(tmp_path, settings=SETTINGS)
        core = Bus("core", started.runtime, SystemClock(), [m.Shown])
        voice, safe = Bus("voice", started.runtime, SystemClock()), Bus("safe", started.runtime, SystemClock())
        calls: list[tuple[str, bool]] = []

        def take(by: Bus) -> None:
            for arrival in by.receive(0.05):
                if isinstance(arrival, Asked) and isinstance(arrival.command, m.CallHelp):
                    calls.append((by.process, arrival.command.voice_calls))
                    by.answer(arrival, m.Done(request=arrival.command.request))

        def handed_on() -> bool:
            if ("voice", False) not in calls:
                hands()
            for by in (voice, safe):
                take(by)
                by.tend()
            return ("safe", True) in calls

        try:
            started.start("display", SDL_VIDEODRIVER="x11", DISPLAY=name)
            core.publish(page())
            until(lambda: any(_shows_a_screen(arrival) for arrival in core.receive(0.05)))
            core.close()
            until(handed_on)
            assert calls[0] == ("voice", False)
            assert ("safe", False) not in calls
        finally:
            voice.close()
            safe.close()
            started.stop()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + PATIENCE_S
    while not holds():
        assert time.perf_counter() < deadline, "it did not come"


def _shows_a_screen(arrival: object) -> bool:
    return (
        isinstance(arrival, Heard) and isinstance(arrival.message, m.Shown) and arrival.message.screen is not None
    )


@contextmanager
def desktop() -> Iterator[tuple[str, Callable[[], None]]]:
    """An X server that nobody sees; its name, and hands that move the mouse and press the space bar."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "800x480x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        name = f":{server.stdout.readline().strip()}"
        xlib, xtest = CDLL(find_library("X11")), CDLL(find_library("Xtst"))
        xlib.XOpenDisplay.restype = c_void_p
        connection = c_void_p(xlib.XOpenDisplay(name.encode()))
        space = xlib.XKeysymToKeycode(connection, 0x20)
        places = itertools.cycle((300, 301))

        def hands() -> None:
            xtest.XTestFakeMotionEvent(connection, -1, next(places), 200, 0)
            for is_down in (1, 0):
                xtest.XTestFakeKeyEvent(connection, space, is_down, 0)
            xlib.XFlush(connection)

        try:
            yield name, hands
        finally:
            xlib.XCloseDisplay(connection)
            server.terminate()


def test_before_anybody_else_has_spoken_there_are_words_on_the_screen(others: Others, tmp_path: Path) -> None:
    assert others.until_shown(lambda shown: shown.screen is None).core_silent is False
    path = tmp_path / "screen.png"
    others.core.ask("display", m.SavePicture(request="1", path=str(path)))
    others.until(lambda: bool(others.answers))
    picture = pygame.image.load(path)
    seen = pygame.mask.from_threshold(picture, THEMES[Theme.DARK][Colour.INK], (40, 40, 40, 255))
    assert seen.count() > 500


def test_a_machine_without_a_screen_is_one_sentence(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    command = [sys.executable, "-m", "vybor", "run", "display", *kit.arguments()]
    environment = {**os.environ, "SDL_VIDEODRIVER": "no-such-driver"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 69
    assert done.stderr.startswith("vybor: no screen can be opened")
    assert len(done.stderr.splitlines()) == 1
    assert last_words.read(kit.runtime, "display") == done.stderr.removeprefix("vybor: ").strip()


def test_a_display_that_runs_takes_its_last_words_back(tmp_path: Path) -> None:
    """Else the doctor and the safe page would give yesterday's reason for a display that falls silent today."""
    kit = Kit(tmp_path)
    last_words.leave(kit.runtime, "display", "no screen can be opened; connect one")
    kit.start("display", SDL_VIDEODRIVER="dummy")
    others = Others(kit.runtime)
    try:
        others.until(lambda: others.health is not None)
        assert last_words.read(kit.runtime, "display") == ""
    finally:
        others.close()
        kit.stop()
