"""`vybor display --partner` as a real process: it shows what is said, and never what is not yet said."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path

import pygame
import pytest

from processes.test_display import desktop
from unit.display_pages import page
from vybor.contracts import messages as m
from vybor.display.drawing.palette import THEMES, Colour
from vybor.foundation.bus import Answered, Bus
from vybor.foundation.clock import SystemClock
from vybor.foundation.settings import Theme

PATIENCE_S = 20.0
INK = THEMES[Theme.DARK][Colour.INK]
SIZE = "[display]\nwidth = 800\nheight = 480\npartner_rotation = 180\n"


class Core:
    """Core, as the other person's screen hears it; it asks for pictures too."""

    def __init__(self, folder: Path) -> None:
        self.runtime = folder / "run"
        self.runtime.mkdir()
        self.picture = folder / "screen.png"
        self.bus = Bus("core", self.runtime, SystemClock())

    def seen(self, screen: m.Screen | None, holds: Callable[[pygame.Surface], bool]) -> None:
        """Publish a screen and wait until a picture of the window is what it is to be."""
        if screen:
            self.bus.publish(screen)
        deadline = time.perf_counter() + PATIENCE_S
        while not (self._pictured() and holds(pygame.image.load(self.picture))):
            assert time.perf_counter() < deadline, "it did not come"

    def _pictured(self) -> bool:
        command = m.SavePicture(request=self.bus.new_request(), path=str(self.picture))
        self.bus.ask("partner-screen", command)
        until = time.perf_counter() + 1
        while time.perf_counter() < until:
            for arrival in self.bus.receive(0.02):
                if isinstance(arrival, Answered) and arrival.reply.request == command.request:
                    return isinstance(arrival.reply, m.Done)
            self.bus.tend()
        self.bus.take_back("partner-screen", command.request)
        return False


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    played = Core(tmp_path)
    (tmp_path / "vybor.toml").write_text(SIZE)
    yield played
    played.bus.close()


@contextmanager
def partner(core: Core, *options: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "vybor", "display", "--partner", "--runtime", str(core.runtime)]
    command += ["--config", str(core.runtime.parent / "vybor.toml"), *options]
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def ink(picture: pygame.Surface, part: tuple[int, int, int, int] = (0, 77, 800, 288)) -> int:
    """How many pixels of the largest words there are; the part is that of what was said."""
    return pygame.mask.from_threshold(picture.subsurface(part), INK, (30, 30, 30, 255)).count()


def test_what_is_said_appears_and_what_is_being_written_does_not(core: Core) -> None:
    with partner(core, SDL_VIDEODRIVER="dummy") as started:
        core.seen(page(text="", said="I am cold."), lambda picture: ink(picture) > 1500)
        said = pygame.image.tobytes(pygame.image.load(core.picture).subsurface((0, 0, 800, 360)), "RGB")
        writing = page(text="Perhaps I love", said="I am cold.")
        core.seen(writing, lambda picture: ink(picture, (0, 365, 800, 115)) > 300)
        now = pygame.image.load(core.picture).subsurface((0, 0, 800, 360))
        assert pygame.image.tobytes(now, "RGB") == said, "nothing but the line at the foot may have changed"
        started.terminate()
        assert started.wait(PATIENCE_S) == 0
        assert started.communicate()[1] == ""


def test_a_second_one_is_refused_in_a_sentence_and_disturbs_nobody(core: Core) -> None:
    with partner(core, SDL_VIDEODRIVER="dummy"):
        core.seen(page(text="", said="Yes."), lambda picture: ink(picture) > 500)
        with partner(core, SDL_VIDEODRIVER="dummy") as second:
            assert second.wait(PATIENCE_S) != 0
            told = second.communicate()[1]
        assert told.startswith("vybor: partner-screen already runs in ")
        assert len(told.splitlines()) == 1
        core.seen(page(text="", said="I am cold."), lambda picture: ink(picture) > 1500)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--screen", "9"), "vybor: there is no screen 9; this machine has 1: name one, counted from 1\n"),
        (("--screen", "0"), "0 is no number of a screen; they are counted from 1\n"),
        (("--theme", "light"), "not allowed with argument"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(core: Core, options: tuple[str, ...], told: str) -> None:
    with partner(core, *options, SDL_VIDEODRIVER="dummy") as started:
        assert started.wait(PATIENCE_S) in (2, 69)
        assert told in started.communicate()[1]


@pytest.mark.skipif(not shutil.which("Xvfb") or not find_library("Xtst"), reason="needs Xvfb and libXtst")
def test_on_a_desktop_it_opens_beside_the_wearers_screen(core: Core) -> None:
    with desktop() as (name, _), partner(core, SDL_VIDEODRIVER="x11", DISPLAY=name) as started:
        core.seen(page(text="", said="I am cold."), lambda picture: ink(picture) > 1500)
        started.terminate()
        assert started.wait(PATIENCE_S) == 0
