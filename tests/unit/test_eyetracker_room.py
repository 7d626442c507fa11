"""From a tracker's points to looks: what is published, what choices teach, and what is said when they stop."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.points_stands import HandClock
from vybor.contracts import messages as m
from vybor.eyetracker import following as f
from vybor.eyetracker import seeing as s
from vybor.eyetracker.following import Following
from vybor.eyetracker.process import NO_TRACKER
from vybor.eyetracker.room import EyetrackerRoom
from vybor.foundation.bus import Asked, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.device_thread import STUCK_NS
from vybor.foundation.eyetracker_settings import EyetrackerSettings, TrackerKind
from vybor.foundation.idle_room import IdleRoom
from vybor.points.source import Place, Spot, TrackerMissing, TrackerStopped

SETTINGS = EyetrackerSettings(sd=0.06, noise_sd=0.01)
AREA = m.Area(left=0.25, top=0.1, right=0.5, bottom=0.3)
FRAME_NS = seconds(1 / 30)


class Scripted:
    """A source whose next acts a test has written down: looks, or the error that it raises."""

    told, remedy = "the tracker", "press its button"

    def __init__(self) -> None:
        self.skipped = 0
        self.starts: list[Exception] = []
        self.reads: list[tuple[Spot, ...] | Exception] = []
        self.began = self.stopped = 0

    def start(self) -> None:
        self.began += 1
        if self.starts:
            raise self.starts.pop(0)

    def read(self) -> tuple[Spot, ...]:
        act = self.reads.pop(0) if self.reads else ()
        if isinstance(act, Exception):
            raise act
        return act

    def stop(self) -> None:
        self.stopped += 1


class SilentBus:
    """Keeps what a room publishes and answers."""

    def __init__(self) -> None:
        self.said: list[m.AnyMessage] = []
        self.replies: list[m.AnyReply] = []

    def publish(self, message: m.AnyMessage) -> None:
        self.said.append(message)

    def answer(self, asked: Asked, reply: m.AnyReply) -> None:
        self.replies.append(reply)

    def watch(self, descriptor: int) -> None:
        assert descriptor > 0


class Desk:
    """A room that a test turns by hand, the thread's turns too."""

    def __init__(self) -> None:
        self.clock, self.source, self.bus = HandClock(), Scripted(), SilentBus()
        self.following = Following(self.source, self.clock)
        self.room = EyetrackerRoom(self.bus, self.following, SETTINGS)  # type: ignore[arg-type]

    def turn(self, for_s: float = 0.0) -> None:
        self.clock.at_ns += seconds(for_s)
        self.following.turn()
        self.room.turn(self.clock.now_ns())

    def look(self, place: Place | None, ago_s: float = 0.0) -> None:
        self.clock.at_ns += FRAME_NS
        self.source.reads.append((Spot(at_ns=self.clock.now_ns() - seconds(ago_s), place=place),))
        self.turn()

    def looks(self) -> list[m.Gaze]:
        return [message for message in self.bus.said if isinstance(message, m.Gaze)]

    def troubles(self) -> list[m.Trouble]:
        return [notice.trouble for notice in self.room.troubles()]

    def detail(self) -> str:
        (notice,) = self.room.troubles()
        return notice.detail


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.room.close()


# --- what is published ------------------------------------------------------------------------------------------


def test_a_point_is_a_look_that_says_how_exact_it_is(desk: Desk) -> None:
    desk.look((0.25, 0.75))
    (gaze,) = desk.looks()
    assert gaze.eyes is m.Eyes.OPEN
    assert gaze.point is not None
    assert (gaze.point.x, gaze.point.y) == (0.25, 0.75)
    assert gaze.point.sd_x == pytest.approx((0.06**2 + 0.01**2) ** 0.5)
    assert gaze.point.standing_x == 0.06
    assert desk.troubles() == []


def test_a_look_that_is_half_a_second_old_is_none(desk: Desk) -> None:
    desk.look((0.25, 0.75), ago_s=0.6)
    assert desk.looks() == []
    assert desk.troubles() == [m.Trouble.TRACKER_STOPPED]


def test_eyes_that_it_does_not_see_are_absent_and_after_a_while_a_trouble(desk: Desk) -> None:
    for _ in range(30):
        desk.look(None)
    assert {gaze.eyes for gaze in desk.looks()} == {m.Eyes.ABSENT}
    assert {gaze.point for gaze in desk.looks()} == {None}
    assert desk.troubles() == []
    for _ in range(70):
        desk.look(None)
    assert desk.troubles() == [m.Trouble.TRACKER_BLIND]
    assert desk.detail().startswith("the tracker sees no eyes; sit before it")
    desk.look((0.5, 0.5))
    assert desk.troubles() == []


def test_a_tracker_of_a_thousand_a_second_does_not_flood_the_kit(desk: Desk) -> None:
    began_ns = desk.clock.now_ns()
    spots = [Spot(at_ns=began_ns + seconds(index / 1000), place=(0.5, 0.5)) for index in range(200)]
    desk.clock.at_ns += seconds(0.2)
    desk.source.reads.append((*spots, Spot(at_ns=spots[-1].at_ns + 1, place=None)))
    desk.turn()
    assert 10 <= len(desk.looks()) - 1 <= 13
    assert desk.looks()[-1].eyes is m.Eyes.ABSENT


@pytest.mark.parametrize("place", [(0.9, 0.5), None])
def test_looks_out_of_their_order_are_left_out(place: Place | None) -> None:
    seeing, first = s.step(s.begin(SETTINGS), Spot(at_ns=seconds(5), place=(0.5, 0.5)))
    same, none = s.step(seeing, Spot(at_ns=seconds(4), place=place))
    assert first is not None
    assert none is None
    assert same is seeing


@pytest.mark.parametrize("kind", TrackerKind)
def test_where_nobody_has_measured_it_the_kind_says_how_exact_it_is(kind: TrackerKind) -> None:
    usual = s.begin(EyetrackerSettings(kind=kind)).correcting
    assert (usual.field.bias.x, usual.noise.x) == s.USUAL[kind]
    told = s.begin(EyetrackerSettings(kind=kind, sd=0.1, noise_sd=0.03)).correcting
    assert (told.field.bias.y, told.noise.y) == (0.1, 0.03)


# --- what choices teach -----------------------------------------------------------------------------------------


def test_tiles_that_were_taken_teach_how_far_its_looks_fall_beside(desk: Desk) -> None:
    """It tells all a twentieth of the screen too far right and low; four choices later most of that is gone."""
    error = 0.05
    for _ in range(4):
        desk.clock.at_ns += seconds(1)
        from_ns = desk.clock.now_ns()
        for _ in range(15):
            desk.look((0.375 + error, 0.2 + error))
        told = m.LookedAt(at_ns=desk.clock.now_ns(), area=AREA, from_ns=from_ns, until_ns=desk.clock.now_ns())
        desk.room.heard(Heard("core", told, 0), desk.clock.now_ns())
    desk.clock.at_ns += seconds(1)
    desk.look((0.375 + error, 0.2 + error))
    point = desk.looks()[-1].point
    assert point is not None
    assert abs(point.x - 0.375) < error / 3
    assert abs(point.y - 0.2) < error / 3
    assert point.standing_x < 0.06


# --- what is said when they stop --------------------------------------------------------------------------------


def test_when_looks_stop_it_is_said_once_with_a_remedy_and_heals(desk: Desk) -> None:
    desk.look((0.5, 0.5))
    desk.turn(0.4)
    assert desk.troubles() == []
    desk.turn(0.2)
    assert desk.troubles() == [m.Trouble.TRACKER_STOPPED]
    assert desk.detail() == "the tracker gives no look; press its button"
    desk.turn(1.0)
    assert [gaze.eyes for gaze in desk.looks()] == [m.Eyes.OPEN, m.Eyes.ABSENT]
    assert desk.source.began == 1
    desk.look((0.5, 0.5))
    assert desk.troubles() == []


def test_lines_that_are_no_looks_are_said_with_their_number(desk: Desk) -> None:
    desk.source.skipped = 42
    desk.turn()
    desk.turn(0.6)
    assert (
        "gives no look (42 lines or samples were none: if its x and y are pixels, set eyetracker" in desk.detail()
    )
    assert m.Tracker(at_ns=seconds(100), what="the tracker", skipped=42) in desk.bus.said


def test_what_is_followed_is_told_once_until_it_changes(desk: Desk) -> None:
    for _ in range(5):
        desk.look((0.5, 0.5))
    desk.source.skipped = 1
    desk.look((0.5, 0.5))
    told = [message for message in desk.bus.said if isinstance(message, m.Tracker)]
    assert [(each.what, each.skipped) for each in told] == [("the tracker", 0), ("the tracker", 1)]


def test_one_that_is_not_there_is_looked_for_again_and_again(desk: Desk) -> None:
    desk.source.starts = [TrackerMissing("no tracker; plug it in")] * 4
    times = []
    for _ in range(200):
        before = desk.source.began
        desk.turn(0.05)
        times += [desk.clock.now_ns()] if desk.source.began > before else []
        if len(times) < 5:
            assert desk.troubles() == [m.Trouble.TRACKER_MISSING]
            assert desk.detail() == "no tracker; plug it in"
    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(times) == 5
    assert pauses == sorted(pauses)
    assert pauses[-1] > 4 * pauses[0]
    assert pauses[-1] <= f.LONGEST_PAUSE_NS + seconds(0.05)
    desk.look((0.5, 0.5))
    assert desk.troubles() == []


def test_one_that_stops_is_let_go_and_opened_anew(desk: Desk) -> None:
    desk.look((0.5, 0.5))
    desk.source.reads.append(TrackerStopped("the stream has ended; start it"))
    desk.turn(0.6)
    assert desk.troubles() == [m.Trouble.TRACKER_STOPPED]
    assert desk.detail() == "the stream has ended; start it"
    assert desk.source.stopped == 1
    desk.turn(0.3)
    assert desk.source.began == 2
    desk.look((0.5, 0.5))
    assert desk.troubles() == []


def test_a_source_that_hangs_ends_the_process(desk: Desk) -> None:
    desk.turn()
    with pytest.raises(TrackerStopped, match="the tracker hangs; the process must be started anew"):
        desk.room.turn(desk.clock.now_ns() + STUCK_NS + seconds(1))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_that_nobody_foresaw_ends_the_process() -> None:
    source = Scripted()
    source.starts = [RuntimeError("a library lost its mind")]
    following = Following(source, SystemClock())
    following.begin()
    following._thread.join(5)
    with pytest.raises(TrackerStopped, match="thread has ended"):
        following.check(SystemClock().now_ns())
    assert source.stopped == 1


# --- commands, and the room where nothing is followed -----------------------------------------------------------


def test_it_takes_no_commands(desk: Desk, tmp_path: Path) -> None:
    asked = Asked(b"x", m.Calibrate(request="1"))
    idle = SilentBus()
    desk.room.asked(asked, 0)
    IdleRoom(idle, NO_TRACKER).asked(asked, 0)  # type: ignore[arg-type]
    for (reply,), reason in ((desk.bus.replies, "its own program calibrates"), (idle.replies, "gaze.source")):
        assert isinstance(reply, m.Refused)
        assert reply.request == "1"
        assert reason in reply.reason
    bus = Bus("eyetracker", tmp_path, SystemClock())
    bus.publish(m.Gaze(at_ns=1, at_sd_ns=0, eyes=m.Eyes.ABSENT))
    bus.close()
