"""The room with a camera: what it publishes, and what it leaves unsaid."""

import select
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from unit.gaze_faces import face
from unit.gaze_lens import PATIENCE_S, ROOM, Lens, frame
from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import SECOND_NS, SystemClock, seconds
from vybor.foundation.errors import Missing
from vybor.foundation.loop import deliver
from vybor.gaze.camera import AT_EASE_NS, LOAD_AGAIN_NS, STALE_NS, CameraRoom, Parts
from vybor.gaze.faces.face import Face
from vybor.gaze.faces.picture import REMEDIES
from vybor.gaze.looks.calibrating import Calibrating
from vybor.gaze.looks.keeping import Looks
from vybor.gaze.signs.signing import Signing
from vybor.gaze.sources.feed import Feed, Rule
from vybor.gaze.sources.frames import CameraStopped, Frame

FRAME_NS = SECOND_NS // 15


class Finder:
    """Finds what the test lets it find, and counts."""

    def __init__(self) -> None:
        self.finds: Face | m.Trouble | None = face()
        self.looked = 0
        self.welcomed = 0
        self.is_portrait = False

    def portrait(self, *, is_one: bool) -> None:
        self.is_portrait = is_one

    def welcome(self) -> None:
        self.welcomed += 1

    def find(self, frame: Frame) -> Face | m.Trouble | None:
        self.looked += 1
        return self.finds

    def close(self) -> None:
        """Nothing is held."""


class Scene:
    """The room, its lens, and a display on the bus. Time is the test's own, ahead of the clock."""

    def __init__(self, folder: Path) -> None:
        self.clock = SystemClock()
        self.now_ns = self.clock.now_ns()
        self.lens, self.finder = Lens(), Finder()
        self.missing = ""
        self.display = Bus("display", folder, self.clock, hears=[m.Gaze, m.CalibrationTarget])
        self.bus = Bus("gaze", folder, self.clock, hears=[m.Shown])
        rule = Rule(first_pause_s=60, starts_within_ns=seconds(1e6), silent_after_ns=seconds(1e6))
        self.feed = Feed(lambda: self.lens, self.clock, rule)
        parts = Parts(self.feed, self._load, Calibrating(Looks(folder / "looks")), self.clock)
        self.room = CameraRoom(self.bus, parts)
        self.heard: list[m.AnyMessage] = []
        self.replies: list[m.AnyReply] = []

    def _load(self) -> Finder:
        if self.missing:
            raise Missing(self.missing)
        return self.finder

    def close(self) -> None:
        self.room.close()
        self.bus.close()
        self.display.close()

    def signalled(self) -> None:
        assert select.select([self.feed.descriptor], [], [], PATIENCE_S)[0]

    def film(self, age_ns: int = 0, rgb: np.ndarray = ROOM, later_ns: int = FRAME_NS) -> None:
        """One frame reaches the room, captured so long ago, and so long after the one before."""
        self.now_ns += later_ns
        self.lens.acts.put(frame(self.now_ns - age_ns, rgb))
        self.signalled()
        self.room.turn(self.now_ns)

    def published(self, kind: type[m.Message]) -> list[m.AnyMessage]:
        self.bus.receive(0.05)
        self.heard += [arrival.message for arrival in self.display.receive(0.05) if isinstance(arrival, Heard)]
        return [message for message in self.heard if isinstance(message, kind)]

    def troubles(self) -> list[m.Trouble]:
        return [notice.trouble for notice in self.room.troubles()]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    for _ in range(50):  # until the sockets have met: each kind of message has one of its own
        made.room.turn(made.now_ns)
        made.bus.publish(m.Gaze(at_ns=0, at_sd_ns=0, eyes=m.Eyes.ABSENT))
        if made.published(m.CalibrationTarget) and made.published(m.Gaze):
            break
    made.heard = [each for each in made.heard if not isinstance(each, m.Gaze)]
    yield made
    made.close()


def test_a_frame_becomes_a_look_with_the_time_of_its_capture(scene: Scene) -> None:
    scene.film()
    gaze = scene.published(m.Gaze)[-1]
    assert isinstance(gaze, m.Gaze)
    assert (gaze.at_ns, gaze.eyes, gaze.point) == (scene.now_ns, m.Eyes.OPEN, None)
    assert scene.troubles() == [m.Trouble.NOT_CALIBRATED]


def test_an_old_frame_is_not_looked_at(scene: Scene) -> None:
    scene.film(age_ns=STALE_NS + 1)
    assert scene.finder.looked == 0
    assert scene.published(m.Gaze) == []


def test_an_empty_chair_is_looked_at_twice_a_second(scene: Scene) -> None:
    scene.finder.finds = None
    for _ in range(31):
        scene.film()
    assert scene.finder.looked == 4
    for _ in range(16):
        scene.film()
    assert m.Trouble.NOBODY_SEEN in scene.troubles()


def spare(scene: Scene, thrift: m.Thrift) -> None:
    scene.room.heard(Heard("vitals", m.Vitals(at_ns=scene.now_ns, thrift=thrift), 0), scene.now_ns)


@pytest.mark.parametrize("hz", [15, 30, 60])
def test_to_spare_power_ten_frames_a_second_are_looked_at(scene: Scene, hz: int) -> None:
    spare(scene, m.Thrift.FRAMES)
    for _ in range(2 * hz):
        scene.film(later_ns=SECOND_NS // hz)
    assert scene.finder.looked == 20
    spare(scene, m.Thrift.NOTHING)
    for _ in range(hz):
        scene.film(later_ns=SECOND_NS // hz)
    assert scene.finder.looked == 20 + hz


def test_a_camera_that_gives_ten_has_none_to_spare(scene: Scene) -> None:
    spare(scene, m.Thrift.WORDS)
    for _ in range(20):
        scene.film(later_ns=SECOND_NS // 10)
    assert scene.finder.looked == 20


def test_when_the_camera_stops_nobody_is_seen_once_and_then_nothing_is_said(scene: Scene) -> None:
    scene.film()
    scene.lens.acts.put(CameraStopped("unplugged"))
    scene.signalled()
    for _ in range(5):
        scene.now_ns += FRAME_NS
        scene.room.turn(scene.now_ns)
        scene.published(m.Gaze)
    said = scene.published(m.Gaze)
    assert [message.eyes for message in said if isinstance(message, m.Gaze)][-1] is m.Eyes.ABSENT
    assert [message.at_ns for message in said][-1] == scene.now_ns - 4 * FRAME_NS
    assert scene.troubles()[0] is m.Trouble.CAMERA_STOPPED


def test_a_missing_landmarker_is_looked_for_again(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.missing = "the face landmarker cannot be read"
    scene.film()
    assert scene.troubles()[0] is m.Trouble.LANDMARKER_MISSING
    assert scene.finder.looked == 0
    scene.missing = ""
    scene.film()
    assert scene.troubles()[0] is m.Trouble.LANDMARKER_MISSING
    scene.now_ns += LOAD_AGAIN_NS
    scene.film()
    assert scene.troubles() == [m.Trouble.NOT_CALIBRATED]
    assert scene.finder.looked == 1
    scene.close()


def test_who_wants_to_calibrate_without_a_camera_hears_so_at_once(scene: Scene) -> None:
    scene.film()
    scene.lens.acts.put(CameraStopped("unplugged"))
    scene.signalled()
    scene.room.turn(scene.now_ns)
    scene.display.ask("gaze", m.Calibrate(request="display-1"))
    replies: list[m.AnyReply] = []
    for _ in range(200):
        deliver(scene.room, scene.bus, 0.01, scene.clock)
        scene.display.tend()
        replies += [arrival.reply for arrival in scene.display.receive(0.01) if isinstance(arrival, Answered)]
        if replies:
            break
    assert replies == [m.Refused(request="display-1", trouble=m.Trouble.CAMERA_STOPPED, reason="unplugged")]


def answered(scene: Scene, command: m.AnyCommand) -> m.AnyReply:
    scene.display.ask("gaze", command)
    for _ in range(200):
        deliver(scene.room, scene.bus, 0.01, scene.clock)
        scene.display.tend()
        for arrival in scene.display.receive(0.01):
            if isinstance(arrival, Answered):
                return arrival.reply
    raise AssertionError("nobody answered")


def test_who_checks_what_was_never_calibrated_hears_so_at_once(scene: Scene) -> None:
    scene.film()
    reply = answered(scene, m.Calibrate(request="display-1", check=True))
    assert isinstance(reply, m.Refused)
    assert reply.trouble is m.Trouble.NOT_CALIBRATED
    assert "`vybor gaze calibrate` first" in reply.reason


def test_the_wearer_is_told_of_a_recording_as_long_as_it_is_said(scene: Scene) -> None:
    scene.film()
    until_ns = scene.clock.now_ns() + seconds(5)
    assert answered(scene, m.RecordLooks(request="display-1", until_ns=until_ns)) == m.Done(request="display-1")
    assert m.Trouble.LOOKS_RECORDED in scene.troubles()
    answered(scene, m.RecordLooks(request="display-2", until_ns=0))
    assert m.Trouble.LOOKS_RECORDED not in scene.troubles()


def test_dots_are_shown_unasked_only_to_open_eyes_before_a_display(scene: Scene) -> None:
    for _ in range(20):
        scene.film()
    targets = [each for each in scene.published(m.CalibrationTarget) if isinstance(each, m.CalibrationTarget)]
    assert [target.dot for target in dict.fromkeys(targets)] == [None], "one, however often it is said again"
    shown = Heard("display", m.Shown(at_ns=scene.now_ns, screen=None), 0)
    scene.room.heard(shown, scene.now_ns)
    scene.film()
    last = scene.published(m.CalibrationTarget)[-1]
    assert isinstance(last, m.CalibrationTarget)
    assert last.dot == 0
    assert 20 * FRAME_NS > AT_EASE_NS


@pytest.mark.parametrize(
    ("rgb", "named"),
    [
        (np.zeros_like(ROOM), m.Trouble.PICTURE_DARK),
        (np.full_like(ROOM, 255), m.Trouble.PICTURE_BRIGHT),
        (np.full_like(ROOM, 128), m.Trouble.PICTURE_BROKEN),
        (ROOM[..., 0], m.Trouble.PICTURE_BROKEN),
    ],
)
def test_what_is_wrong_with_the_picture_is_said_once_with_its_remedy_and_heals(
    scene: Scene, rgb: np.ndarray, named: m.Trouble
) -> None:
    scene.finder.finds = None
    for _ in range(60):
        scene.film(rgb=rgb)
    notice, *others = scene.room.troubles()
    assert notice == m.Notice(process="gaze", trouble=named, detail=REMEDIES[named])
    assert [other.trouble for other in others] == [m.Trouble.NOT_CALIBRATED]
    scene.finder.finds = face()
    for _ in range(9):
        scene.film()
    assert scene.troubles() == [m.Trouble.NOT_CALIBRATED]


def test_a_picture_of_no_shape_never_reaches_the_landmarker(scene: Scene) -> None:
    scene.film(rgb=ROOM[..., 0])
    assert scene.finder.looked == 0
    assert [gaze.eyes for gaze in scene.published(m.Gaze) if isinstance(gaze, m.Gaze)] == [m.Eyes.ABSENT]


def test_somebody_else_is_nobody(scene: Scene) -> None:
    scene.film()
    scene.finder.finds = m.Trouble.SOMEBODY_ELSE
    for _ in range(60):
        scene.film()
    assert scene.troubles() == [m.Trouble.SOMEBODY_ELSE, m.Trouble.NOT_CALIBRATED]
    assert [gaze.eyes for gaze in scene.published(m.Gaze) if isinstance(gaze, m.Gaze)][-1] is m.Eyes.ABSENT


def test_who_is_asked_to_look_at_the_dots_is_the_person(scene: Scene) -> None:
    scene.film()
    scene.room.asked(Asked(b"panel", m.Calibrate(request="panel-1")), scene.now_ns)
    assert scene.finder.welcomed == 1


def progress(scene: Scene, frames: int) -> float:
    """How far the dot has come after so many frames, while the display shows it."""
    for _ in range(frames):
        target = m.CalibrationTarget(at_ns=scene.now_ns, dot=0, dots=9)
        scene.room.heard(
            Heard("display", m.Shown(at_ns=scene.now_ns, screen=None, target=target), 0), scene.now_ns
        )
        scene.film()
    targets = [each for each in scene.published(m.CalibrationTarget) if isinstance(each, m.CalibrationTarget)]
    assert targets[-1].dot == 0
    return targets[-1].progress


@pytest.mark.parametrize(
    ("broken", "frames"),
    [
        (msgspec.structs.replace(face(), contrast=np.ones(2), light=np.full(2, 9.0)), 60),
        (msgspec.structs.replace(face(), light=np.full(2, 250.0)), 60),
        (m.Trouble.SOMEBODY_ELSE, 60),
        (msgspec.structs.replace(face(), points=np.full((478, 3), np.nan, np.float32)), 25),
        (None, 25),
    ],
    ids=["dark", "burnt", "somebody else", "no numbers", "nobody"],
)
def test_no_dot_learns_from_what_cannot_be_seen(
    scene: Scene, broken: Face | m.Trouble | None, frames: int
) -> None:
    """Who is away for two seconds has ended the dots; a dark picture is nobody's wish."""
    scene.room.heard(Heard("display", m.Shown(at_ns=scene.now_ns, screen=None), 0), scene.now_ns)
    for _ in range(20):
        scene.film()
    assert progress(scene, 0) == 0
    scene.finder.finds = broken
    assert progress(scene, frames) == 0
    scene.finder.finds = face()
    assert progress(scene, 8) > 0


def test_a_portrait_is_told_to_the_finder_and_a_person_who_stares_is_not(scene: Scene) -> None:
    def stare() -> tuple[m.Trouble, bool]:
        scene.finder.finds = face()
        for _ in range(15 * 34):
            scene.film()
        return scene.troubles()[0], scene.finder.is_portrait

    assert stare() == (m.Trouble.PHOTOGRAPH, True)
    scene.finder.finds = face(opening=(0.04, 0.04), blink=0.6)
    scene.film()
    assert stare() == (m.Trouble.PHOTOGRAPH, False)


def test_no_sign_is_read_off_a_face_that_cannot_be_believed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Face | None] = []

    def saw(_: Signing, believed: Face | None, lids: object, at_ns: int) -> tuple[m.Gesture, ...]:
        seen.append(believed)
        return ()

    monkeypatch.setattr(Signing, "saw", saw)
    scene.film()
    scene.finder.finds = msgspec.structs.replace(face(), light=np.full(2, 240.0, np.float32))
    scene.film()
    assert [each is None for each in seen] == [False, True]
