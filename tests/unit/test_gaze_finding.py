"""The person's face among others: followed cheaply, looked for among all only when it was lost."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from unit.gaze_heads import face_of, head
from vybor.contracts.messages import Trouble
from vybor.foundation.clock import seconds
from vybor.gaze.faces.face import Face, Floats, Place
from vybor.gaze.faces.finding import GREY, Finding
from vybor.gaze.faces.landmarks import FOLLOWED, Landmarker
from vybor.gaze.faces.person import ALONE_NS, KNOWN, largest, nearest
from vybor.gaze.sources.frames import Frame
from world.camera.face import Face as Drawn
from world.camera.person import Pose

LANDMARKER = Path(os.environ.get("VYBOR_SHARE_FOR_TESTS", "nowhere")) / "face_landmarker.task"
FRAME_NS = seconds(1 / 15)
WEARER, CARER, SECOND_CARER = 1, 2, 5
HERE, BESIDE, BEHIND = (160.0, 240.0), (480.0, 240.0), (560.0, 360.0)
WHITE = np.full((480, 640, 3), 255, np.uint8)


class Marker:
    """Follows two faces as MediaPipe does: those it has, else the first that are not painted over."""

    def __init__(self) -> None:
        self.there: dict[int, Place] = {}
        self.follows: tuple[int, ...] = ()
        self.gave: int | None = None
        self.asked_for_all = 0
        self.says: Face | None = None
        self.besides: list[Floats] = []

    def find(self, frame: Frame, near: Place | None = None) -> Face | None:
        if self.says is not None:
            return self.says
        seen = [who for who, (x, y) in self.there.items() if frame.rgb[int(y), int(x), 0] != GREY]
        kept = [who for who in self.follows if who in seen]
        lost = len(kept) < len(self.follows)
        new = () if lost else [who for who in seen if who not in kept]
        self.follows = (*kept, *new)[:FOLLOWED]
        if not self.follows:
            return None
        heads = [head(who, self.there[who]) for who in self.follows]
        which = largest(heads) if near is None else nearest(heads, near)
        self.gave = self.follows[which]
        return face_of(heads[which])

    def everyone(self, frame: Frame) -> list[Floats]:
        self.asked_for_all += 1
        return [*self.besides, *(head(who, place) for who, place in self.there.items())]

    def close(self) -> None:
        """Nothing is held."""


class Chair:
    """A marker, who sits before it, and what is found."""

    def __init__(self) -> None:
        self.marker = Marker()
        self.finding = Finding(self.marker)
        self.now_ns = 0

    def film(self, frames: int = 1) -> list[int | str | None]:
        """Who was found in each frame."""
        found: list[int | str | None] = []
        for _ in range(frames):
            self.now_ns += FRAME_NS
            seen = self.finding.find(Frame(WHITE, self.now_ns, 0))
            found.append(self.marker.gave if isinstance(seen, Face) else seen)
        return found


@pytest.fixture
def chair() -> Chair:
    """The wearer has sat there for two seconds."""
    made = Chair()
    made.marker.there = {WEARER: HERE}
    assert made.film(2 * KNOWN) == [WEARER] * 2 * KNOWN
    return made


def test_while_one_face_goes_on_nobody_else_is_looked_for(chair: Chair) -> None:
    asked = chair.marker.asked_for_all
    chair.marker.there = {CARER: BESIDE, WEARER: HERE}
    assert chair.film(300) == [WEARER] * 300
    assert CARER in chair.marker.follows
    assert chair.marker.asked_for_all == asked <= KNOWN + 1


def test_carers_whom_the_landmarker_takes_instead_are_painted_over(chair: Chair) -> None:
    chair.marker.there = {CARER: BESIDE, WEARER: HERE, SECOND_CARER: BEHIND}
    chair.marker.follows = (CARER, SECOND_CARER)
    found = chair.film(6)
    assert found[:2] == [None] * 2
    assert found[-1] == WEARER
    assert not {CARER, SECOND_CARER} & set(found)
    assert (WHITE == 255).all()


def test_a_carer_alone_is_somebody_else_until_the_person_is_back(chair: Chair) -> None:
    chair.marker.there = {CARER: HERE}
    assert chair.film(200)[30:] == [Trouble.SOMEBODY_ELSE] * 170
    chair.marker.there = {}
    assert chair.film(1) == [None]
    chair.marker.there = {WEARER: BESIDE}
    assert chair.film(1) == [WEARER]


def test_who_sits_there_alone_for_long_or_is_welcomed_is_the_person(chair: Chair) -> None:
    chair.marker.there = {CARER: HERE}
    assert CARER in chair.film(ALONE_NS // FRAME_NS + 60)
    chair.marker.there = {WEARER: HERE}
    chair.film(90)
    chair.finding.welcome()
    assert chair.film(1) == [WEARER]


def test_an_empty_chair_costs_no_second_look(chair: Chair) -> None:
    asked = chair.marker.asked_for_all
    chair.marker.there = {}
    assert chair.film(20) == [None] * 20
    assert chair.marker.asked_for_all == asked


@pytest.mark.skipif(not LANDMARKER.is_file(), reason="needs the landmarker in $VYBOR_SHARE_FOR_TESTS")
def test_of_two_drawn_faces_the_wearers_is_found_again() -> None:
    """The carer's is the same portrait, a quarter narrower and larger: the landmarker alone gives it."""
    wearer = Drawn(480, 480).frame(Pose(0.5, 0.5, 0.0))
    carer = cv2.resize(wearer[:, ::-1], (480, 620))[70:550]
    empty = np.full_like(wearer, 190)
    finding = Finding(Landmarker(LANDMARKER))

    def film(left: np.ndarray, right: np.ndarray, frames: int, from_ns: int) -> list[Face | Trouble | None]:
        rgb = np.ascontiguousarray(np.hstack([left, right]))
        return [finding.find(Frame(rgb, from_ns + number * FRAME_NS, 0)) for number in range(frames)]

    try:
        assert isinstance(film(wearer, empty, KNOWN + 5, seconds(1))[-1], Face)
        beside = film(wearer, carer, 20, seconds(3))
        assert all(isinstance(found, Face) and found.points[:, 0].mean() < 480 for found in beside)
        leans_in = film(empty, carer, 20, seconds(5))
        assert Trouble.SOMEBODY_ELSE in leans_in
        assert not any(isinstance(found, Face) for found in leans_in)
        both = film(wearer, carer, 20, seconds(9))
        assert isinstance(both[-1], Face)
        assert both[-1].points[:, 0].mean() < 480
        assert all(found.points[:, 0].mean() < 480 for found in both if isinstance(found, Face))
    finally:
        finding.close()


@pytest.mark.parametrize("frames", [0, 2 * KNOWN])
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_landmarks_that_are_no_numbers_are_nobody_and_teach_nothing(frames: int, wrong: float) -> None:
    chair = Chair()
    chair.marker.there = {WEARER: HERE}
    chair.film(frames)
    broken = head(WEARER, HERE)
    broken[33] = wrong
    chair.marker.says, chair.marker.there = face_of(broken), {}
    assert chair.film(40) == [None] * 40
    chair.marker.says, chair.marker.there = None, {WEARER: HERE}
    assert chair.film(KNOWN)[-1] == WEARER


def test_landmarks_of_all_that_are_no_numbers_are_left_out() -> None:
    chair = Chair()
    chair.marker.there, chair.marker.besides = {WEARER: HERE}, [head(CARER, (np.nan, 240.0))]
    assert chair.film(4)[-1] == WEARER
    assert chair.marker.asked_for_all > 0


PORTRAIT, SECOND_PORTRAIT = 3, 4
LEFT, RIGHT = (80.0, 120.0), (560.0, 120.0)


class Wall(Chair):
    """Portraits hang there, and the kit is told so as long as one is followed."""

    def __init__(self, portraits: dict[int, tuple[float, float]]) -> None:
        super().__init__()
        self.marker.there = dict(portraits)
        self.portraits = set(portraits)

    def film_on(self, frames: int) -> list[int | str | None]:
        found = []
        for _ in range(frames):
            found += self.film()
            self.finding.portrait(is_one=found[-1] in self.portraits)
        return found


@pytest.mark.parametrize("portraits", [{PORTRAIT: LEFT}, {PORTRAIT: LEFT, SECOND_PORTRAIT: RIGHT}])
def test_a_portrait_that_was_there_first_does_not_keep_the_person_away(
    portraits: dict[int, tuple[float, float]],
) -> None:
    wall = Wall(portraits)
    assert wall.film_on(60)[-1] in portraits
    wall.marker.there[WEARER] = HERE
    assert wall.film_on(60)[-10:] == [WEARER] * 10
    assert wall.film_on(200) == [WEARER] * 200


def test_a_portrait_that_is_taken_while_the_person_is_away_gives_way_to_them() -> None:
    wall = Wall({PORTRAIT: LEFT})
    wall.film_on(20)
    for _ in range(2):
        wall.marker.there[WEARER] = HERE
        assert wall.film_on(40)[-1] == WEARER
        del wall.marker.there[WEARER]
        assert wall.film_on(5)[-1] is Trouble.SOMEBODY_ELSE
        wall.now_ns += ALONE_NS
        assert wall.film_on(20)[-1] == PORTRAIT


def test_others_are_looked_for_once_a_second_beside_a_portrait() -> None:
    wall = Wall({PORTRAIT: LEFT})
    wall.film_on(30)
    asked = wall.marker.asked_for_all
    wall.film_on(150)
    assert wall.marker.asked_for_all - asked in (9, 10, 11)


def test_where_nobody_but_a_portrait_is_left_it_is_followed_again() -> None:
    """Somebody may also sit where it was."""
    wall = Wall({PORTRAIT: LEFT})
    wall.film_on(20)
    wall.marker.there[WEARER] = HERE
    assert WEARER in (wall.film_on(1)[-1] for _ in range(40))
    del wall.marker.there[WEARER]
    assert wall.film_on(20)[-1] == PORTRAIT
