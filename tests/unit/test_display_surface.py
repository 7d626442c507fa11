"""The room before a surface that takes its time, as a page in a browser does: what is said when."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from unit.display_pages import page
from unit.test_display_window import Bus, Clock
from vybor.contracts import messages as m
from vybor.display.drawing.scene import Scene, Sheet
from vybor.display.drawing.surface import Happening, Moment, Moved, Pressed, Uncovered
from vybor.display.process import Display
from vybor.foundation.bus import Asked, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.errors import Missing
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings, Theme
from vybor.foundation.start import Start


class Slow:
    """A surface that shows nothing by itself."""

    painted = 0
    is_there = True
    is_attended = False
    has_keyboard = False

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self.flipped_ns: int | None = None
        self.happened: list[Happening] = []

    @property
    def sheet(self) -> Sheet:
        return Sheet(800, 480, lambda text, size, bold: size * len(text) // 2)

    def wear(self, theme: Theme) -> None: ...

    def happenings(self) -> Iterator[Happening]:
        happened, self.happened = self.happened, []
        yield from happened

    def show(self, scene: Scene) -> None:
        self.scenes.append(scene)
        self.flipped_ns = None

    def shown_ns(self, now_ns: int) -> int | None:
        return self.flipped_ns

    def prepare_flicker(self, areas: Sequence[m.Area], contrast: float) -> None: ...
    def flash(self, bright: Sequence[bool]) -> None: ...
    def flip(self) -> None: ...

    def picture(self) -> bytes:
        raise Missing("make the picture there")

    def close(self) -> None: ...


class Stand:
    def __init__(self, folder: Path) -> None:
        self.clock, self.bus, self.surface = Clock(), Bus(), Slow()
        places = Places(runtime=folder, state=folder, share=folder)
        start = Start(places=places, settings=Settings(), clock=self.clock, heart=NoHeartbeat())
        self.display = Display(start, self.bus, self.surface, environment={})

    def hear(self, screen: m.Screen) -> None:
        self.display.heard(Heard("core", screen, 0), self.clock.ns)

    def turn(self) -> list[m.Message]:
        self.clock.ns += seconds(0.05)
        self.bus.said.clear()
        self.display.turn(self.clock.ns)
        return list(self.bus.said)


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return Stand(tmp_path)


def test_what_is_on_its_way_is_not_said_and_nothing_follows_before_it_is_there(stand: Stand) -> None:
    stand.hear(page())
    assert stand.turn() == []
    stand.hear(page(text="later"))
    assert stand.turn() == []
    assert len(stand.surface.scenes) == 1
    stand.surface.flipped_ns = at_ns = stand.clock.ns - 1_000
    (shown,) = stand.turn()
    assert isinstance(shown, m.Shown)
    assert (shown.at_ns, shown.screen) == (at_ns, page()), "what stood there then, and not what came meanwhile"
    assert len(stand.surface.scenes) == 2
    stand.surface.flipped_ns = stand.clock.ns
    (shown,) = stand.turn()
    assert isinstance(shown, m.Shown)
    assert shown.screen == page(text="later")


def test_what_nobody_sees_any_more_is_said_no_more_and_said_anew_once_it_is_seen(stand: Stand) -> None:
    stand.hear(page())
    stand.turn()
    stand.surface.flipped_ns = stand.clock.ns
    assert stand.turn()
    stand.surface.is_there = False
    assert stand.turn() == []
    assert stand.turn() == []
    assert stand.bus.unsaid == [m.Shown]
    stand.surface.is_there = True
    stand.surface.happened = [Uncovered()]
    stand.hear(page())
    assert stand.turn() == []
    assert len(stand.surface.scenes) == 2
    stand.surface.flipped_ns = stand.clock.ns
    (shown,) = stand.turn()
    assert isinstance(shown, m.Shown)
    assert shown.screen == page()


def test_a_picture_that_is_lost_on_its_way_is_sent_again(stand: Stand) -> None:
    stand.hear(page())
    stand.turn()
    stand.surface.happened = [Uncovered()]
    stand.turn()
    assert len(stand.surface.scenes) == 2


def test_pointer_and_switch_are_of_when_they_were_as_far_as_that_is_known(stand: Stand) -> None:
    when = Moment(at_ns=seconds(999), at_sd_ns=7)
    stand.surface.happened = [Moved(0.25, 0.5, when), Pressed(when)]
    told = stand.turn()
    assert m.Pointer(at_ns=when.at_ns, at_sd_ns=7, x=0.25, y=0.5) in told
    assert m.SwitchPress(at_ns=when.at_ns, at_sd_ns=7) in told
    stand.clock.ns += seconds(1)
    (still,) = stand.turn()
    assert isinstance(still, m.Pointer)
    assert (still.at_ns > when.at_ns, still.at_sd_ns) == (True, 0), "it still is there"


def test_a_picture_that_only_the_browser_can_make_is_refused_with_that(stand: Stand, tmp_path: Path) -> None:
    stand.display.asked(Asked(b"test", m.SavePicture(request="1", path=str(tmp_path / "a.png"))), stand.clock.ns)
    refused = stand.bus.answers[-1]
    assert isinstance(refused, m.Refused)
    assert refused.reason == "make the picture there"
