"""A display that runs, for who chooses by ear: what it has whispered."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from unit.display_pages import page
from unit.practice_steps import Learner, screen, steps
from unit.test_display_window import Bus, Clock
from vybor.contracts import messages as m
from vybor.display.drawing.window import Window, open_window
from vybor.display.process import Display
from vybor.foundation.bus import Heard
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.places import Places
from vybor.foundation.settings import CommitSettings, DisplaySettings, ScanUse, Settings
from vybor.foundation.start import Start

BY_EAR = Settings(
    display=DisplaySettings(width=800, height=480),
    gaze=GazeSettings(source=GazeSource.NONE),
    commit=CommitSettings(scan=ScanUse.ALWAYS, scan_by_ear=True),
)


class Room:
    """Core says what to show, and what is lit."""

    def __init__(self, window: Window, folder: Path) -> None:
        self.clock, self.bus = Clock(), Bus()
        places = Places(runtime=folder, state=folder, share=folder)
        self._display = Display(
            Start(places=places, settings=BY_EAR, clock=self.clock, heart=NoHeartbeat()), self.bus, window
        )
        self._offer = 0

    def show(self, screen: m.Screen) -> None:
        self._offer += 1
        self._screen = msgspec.structs.replace(screen, offer=self._offer)

    def whispered(self, *lit: int, after_s: float = 1.2) -> list[str]:
        """What is whispered once so much time has passed and these are lit."""
        self.clock.ns += seconds(after_s)
        light = m.Highlight(at_ns=self.clock.ns, offer=self._offer, slot=None, scan=lit)
        for message in (self._screen, light):
            self._display.heard(Heard("core", message, 0), self.clock.ns)
        self.bus.asked.clear()
        self._display.turn(self.clock.ns)
        return [command.text for _, command in self.bus.asked if isinstance(command, m.Whisper)]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Room]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = open_window(BY_EAR.display, pointer=False)
    list(window.happenings())
    yield Room(window, tmp_path)
    window.close()


def test_what_practice_says_is_heard_to_its_end_and_then_the_labels(room: Room) -> None:
    learner = Learner("en")
    room.show(screen(learner, m.Choosing.SCAN))
    (told,) = room.whispered(0, 1, 2, 3)
    assert told.startswith("When the row with “Please” is lit")
    assert room.whispered(8, 9) == []
    assert room.whispered(4, 5, 6, 7) == []
    assert room.whispered(0, 1, 2, 3, after_s=5) == ["Today, Please, I, Phrases"]
    assert room.whispered(1) == ["Please"]
    learner.take(m.Role.CANDIDATE, "Please")
    room.show(screen(learner, m.Choosing.SCAN))
    assert room.whispered(0, 1, 2, 3) == ["Good. Take any word: it is written here."]


@pytest.mark.parametrize(("language", "wake"), [("en", "Wake"), ("ru", "Продолжить")])
def test_the_way_out_of_rest_is_heard(room: Room, language: str, wake: str) -> None:
    shown = page(m.Mode.REST, "Hello", language)
    room.show(shown)
    (tile,) = shown.tiles
    (told,) = room.whispered(tile.slot)
    assert told.startswith(wake)
    assert room.whispered() == []
    assert room.whispered(tile.slot) == [told]


def test_rest_that_is_practised_is_left_by_ear(room: Room) -> None:
    learner = Learner("en")
    for role, label in steps("en"):
        learner.take(role, label)
        if learner.now.mode is m.Mode.REST:
            break
    room.show(screen(learner, m.Choosing.SCAN))
    room.whispered()
    wake = next(tile for tile in learner.tiles if tile.role is m.Role.WAKE)
    assert room.whispered(wake.slot, after_s=60) == ["Wake"]


@pytest.mark.parametrize(
    ("language", "letters", "told"),
    [
        ("en", "abcdef'", ["a", "b", "c", "d", "e", "f", "apostrophe"]),
        ("ru", "ыьэюя-'", ["ы", "ь", "э", "ю", "я", "дефис", "апостроф"]),
    ],
)
def test_letters_that_make_no_sound_are_whispered_by_name(
    room: Room, language: str, letters: str, told: list[str]
) -> None:
    shown = page(m.Mode.GROUP, "", language, group=letters)
    room.show(shown)
    spelled = [tile for tile in shown.tiles if tile.role is m.Role.LETTER]
    assert [text for tile in spelled for text in room.whispered(tile.slot)] == told
    groups = page(m.Mode.LETTERS, "", language)
    room.show(groups)
    whole = next(tile for tile in groups.tiles if tile.label.replace(" ", "") == letters)
    assert room.whispered(whole.slot) == [" ".join(told)]
