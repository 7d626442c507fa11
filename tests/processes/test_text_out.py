"""What is spoken reaches another program: a real display, a real desktop that nobody sees, an ordinary window."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path

import pytest

from processes.stage import Kit
from processes.test_display import PATIENCE_S, SETTINGS, desktop
from unit.display_pages import page
from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Trouble, WayOut
from vybor.display.text_out import OWN_KEYBOARD
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds

NEEDED = ("Xvfb", "xclip", "xdotool")
NEEDS_DESKTOP = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)) or not find_library("Xtst") or not find_spec("tkinter"),
    reason="needs Xvfb, libXtst, xclip, xdotool and Python's tkinter (python3-tk)",
)
WITHOUT_CAMERA = '[gaze]\nsource = "none"\n'
"""A first start would wait for the nine dots."""
WINDOW = """
import sys, tkinter
root = tkinter.Tk()
root.geometry("400x100+10+10")
text = tkinter.Text(root)
text.pack()
def look():
    with open(sys.argv[1] + ".new", "w", encoding="utf-8") as opened:
        opened.write(text.get("1.0", "end-1c"))
    import os
    os.replace(sys.argv[1] + ".new", sys.argv[1])
    root.after(50, look)
def take_focus():
    text.focus_force()
    look()
root.after(200, take_focus)
root.mainloop()
"""


@contextmanager
def window(desktop_name: str, path: Path) -> Iterator[Callable[[], str]]:
    """An ordinary window with a text, which has the keyboard; returns what stands in it."""
    environment = {**os.environ, "DISPLAY": desktop_name, "LC_ALL": "C.UTF-8"}
    with subprocess.Popen([sys.executable, "-c", WINDOW, str(path)], env=environment) as process:
        try:
            until(path.exists)
            yield path.read_text
        finally:
            process.terminate()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + PATIENCE_S
    while not holds():
        assert time.perf_counter() < deadline, "it did not come"
        time.sleep(0.02)


def clipboard(desktop_name: str) -> str:
    command = ["xclip", "-o", "-selection", "clipboard", "-display", desktop_name]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout


class Core:
    """The deciding process, as the display hears it."""

    def __init__(self, runtime: Path) -> None:
        self.bus = Bus("core", runtime, SystemClock(), [m.Shown, m.SwitchPress])
        self.shown: m.Shown | None = None
        self.replies: dict[str, m.AnyReply] = {}
        self.presses = 0

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + PATIENCE_S
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.shown} {self.replies}"
            for arrival in self.bus.receive(0.02):
                match arrival:
                    case Heard(message=m.Shown() as shown):
                        self.shown = shown
                    case Heard(message=m.SwitchPress()):
                        self.presses += 1
                    case Answered(reply=reply):
                        self.replies[reply.request] = reply
            self.bus.tend()

    def put(self, way: WayOut, text: str) -> m.AnyReply:
        assert self.shown is not None
        request, until_ns = self.bus.new_request(), SystemClock().now_ns() + seconds(5)
        put = m.PutOut(request=request, way=way, text=text, session=self.shown.session, until_ns=until_ns)
        self.bus.ask("display", put)
        self.until(lambda: request in self.replies)
        return self.replies[request]


@contextmanager
def display(folder: Path, name: str, settings: str = "") -> Iterator[Core]:
    started = Kit(folder, settings=SETTINGS + settings)
    core = Core(started.runtime)
    try:
        started.start("display", SDL_VIDEODRIVER="x11", DISPLAY=name, WAYLAND_DISPLAY="")
        core.bus.publish(page())
        core.until(lambda: core.shown is not None and core.shown.screen is not None)
        yield core
    finally:
        assert started.stop() == {"display": 0}
        core.bus.close()


@NEEDS_DESKTOP
def test_sentences_are_typed_into_the_window_that_has_the_keyboard_and_copied(tmp_path: Path) -> None:
    with desktop() as (name, _), display(tmp_path, name) as core:
        assert core.shown is not None
        assert core.shown.ways_out == (WayOut.COPY, WayOut.TYPE)
        with window(name, tmp_path / "written") as written:
            assert isinstance(core.put(WayOut.TYPE, "How are you? I'm fine: 100 %."), m.Done)
            assert isinstance(core.put(WayOut.TYPE, "Привет, Ёж!"), m.Done)
            until(lambda: written() == "How are you? I'm fine: 100 %. Привет, Ёж! ")
            assert isinstance(core.put(WayOut.COPY, "Привет, world."), m.Done)
            assert clipboard(name) == "Привет, world."
            time.sleep(0.2)
            assert written() == "How are you? I'm fine: 100 %. Привет, Ёж! "
        assert core.presses == 0


@NEEDS_DESKTOP
def test_nothing_is_typed_while_the_kits_own_window_has_the_keyboard(tmp_path: Path) -> None:
    """Every space would be a press of the switch."""
    with desktop() as (name, press), display(tmp_path, name) as core:

        def pressed() -> bool:
            press()
            return core.presses > 0

        core.until(pressed)
        assert core.put(WayOut.TYPE, "a b c d e") == m.Refused(
            request=next(reversed(core.replies)), reason=OWN_KEYBOARD
        )
        before = core.presses
        deadline = time.perf_counter() + 0.5
        core.until(lambda: time.perf_counter() > deadline)
        assert core.presses == before


class Wearer:
    """Looks at tiles and then at their edges; the camera's process is played."""

    def __init__(self, runtime: Path) -> None:
        self.clock = SystemClock()
        self.bus = Bus("gaze", runtime, self.clock, [m.Screen, m.Highlight])
        self.screen: m.Screen | None = None
        self.light: m.Highlight | None = None

    def look_until(self, zone: m.Area, holds: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + PATIENCE_S
        x, y = (max(0.0, zone.left) + min(1.0, zone.right)) / 2, (max(0.0, zone.top) + min(1.0, zone.bottom)) / 2
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.screen} {self.light}"
            point = m.GazePoint(x=x, y=y, sd_x=0.02, sd_y=0.02)
            self.bus.publish(m.Gaze(at_ns=self.clock.now_ns(), at_sd_ns=0, eyes=m.Eyes.OPEN, point=point))
            for arrival in self.bus.receive(0.03):
                match arrival:
                    case Heard(message=m.Screen() as screen):
                        self.screen = screen
                    case Heard(message=m.Highlight() as light):
                        self.light = light
            self.bus.tend()

    def sees(self, role: Role) -> bool:
        return self.screen is not None and role in {tile.role for tile in self.screen.tiles}

    def choose(self, role: Role) -> None:
        self.look_until(TEN.band, lambda: self.sees(role))
        assert self.screen is not None
        offer, tile = self.screen.offer, next(tile for tile in self.screen.tiles if tile.role is role)
        self.look_until(TEN.zones[tile.slot].visible, lambda: self._listens(tile))
        self.look_until(tile.pad, lambda: self.screen is not None and self.screen.offer > offer)

    def _listens(self, tile: m.Tile) -> bool:
        return self.light is not None and self.light.slot == tile.slot and self.light.pad_open

    def is_told(self, trouble: Trouble) -> bool:
        return self.screen is not None and trouble in {notice.trouble for notice in self.screen.notices}


@pytest.mark.slow
def test_the_wearer_switches_to_the_night_which_outlasts_core_and_display(tmp_path: Path) -> None:
    started = Kit(tmp_path, settings=SETTINGS + WITHOUT_CAMERA)
    wearer = Wearer(started.runtime)
    try:
        started.start("core", "display")
        for role in (Role.MENU, Role.TOOLS, Role.KIT, Role.NIGHT):
            wearer.choose(role)
        wearer.look_until(TEN.band, lambda: wearer.sees(Role.DAY))
        for name in ("display", "core"):
            started.kill(name)
            started.start(name)
        wearer.look_until(TEN.band, lambda: wearer.sees(Role.PHRASES))
        for role in (Role.MENU, Role.TOOLS, Role.KIT, Role.DAY):
            wearer.choose(role)
        wearer.look_until(TEN.band, lambda: wearer.sees(Role.NIGHT))
    finally:
        started.stop()
        wearer.bus.close()


@NEEDS_DESKTOP
@pytest.mark.slow
def test_the_wearer_arms_typing_by_looking_speaks_and_cannot_untype(tmp_path: Path) -> None:
    with desktop() as (name, _), window(name, tmp_path / "written") as written:
        started = Kit(tmp_path, settings=SETTINGS + WITHOUT_CAMERA)
        wearer = Wearer(started.runtime)
        try:
            started.start("core", "display", SDL_VIDEODRIVER="x11", DISPLAY=name, WAYLAND_DISPLAY="")
            for role in (Role.PHRASES, Role.PHRASE, Role.MENU, Role.TOOLS, Role.KIT):
                wearer.choose(role)
            subprocess.run(
                ["xdotool", "search", "--name", "^tk$", "windowfocus"],
                env={**os.environ, "DISPLAY": name},
                check=True,
                timeout=10,
            )
            wearer.choose(Role.TYPE)
            assert wearer.screen is not None
            assert wearer.screen.armed is WayOut.TYPE
            said = wearer.screen.text
            for role in (Role.BACK, Role.SPEAK):
                wearer.choose(role)
            wearer.look_until(TEN.band, lambda: written() == f"{said} ")
            wearer.choose(Role.UNDO)
            wearer.look_until(TEN.band, lambda: wearer.is_told(Trouble.TYPED_STAYS))
            assert wearer.screen.text == said
            wearer.choose(Role.SPEAK)
            deadline = time.perf_counter() + 1
            wearer.look_until(TEN.band, lambda: time.perf_counter() > deadline)
            assert written() == f"{said} "
        finally:
            assert started.stop() == {"core": 0, "display": 0}
            wearer.bus.close()
