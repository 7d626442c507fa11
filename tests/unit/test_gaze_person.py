"""Whose face it is: the person goes on, others take over neither beside them nor in their place."""

import numpy as np
import pytest

from unit.gaze_heads import head
from vybor.foundation.clock import seconds
from vybor.gaze.faces import person as p

FRAME_NS = seconds(1 / 15)
WEARER, CARER = 1, 2
HERE, BESIDE = (300.0, 240.0), (520.0, 200.0)


def known(frames: int = 60, who: int = WEARER) -> p.Person:
    person = p.Person()
    for number in range(frames):
        person = p.followed(person, head(who, HERE, strays=0.01), (number + 1) * FRAME_NS)
    return person


def test_a_form_is_that_of_the_head_wherever_it_is() -> None:
    form = p.form_of(head(WEARER))
    for moved in (head(WEARER, (50.0, 400.0)), head(WEARER, span=40.0), head(WEARER, tilt=0.6)):
        assert p.unlike(p.form_of(moved), form) < 0.01
    assert p.unlike(p.form_of(head(CARER)), form) > p.WHOLLY_UNLIKE


def test_a_face_goes_on_where_it_was_and_not_elsewhere() -> None:
    person = known()
    soon = person.at_ns + FRAME_NS
    assert p.goes_on(person, head(WEARER, (HERE[0] + 20, HERE[1])), soon)
    assert not p.goes_on(person, head(WEARER, BESIDE), soon)
    assert not p.goes_on(person, head(WEARER, HERE, span=180.0), soon)
    assert not p.goes_on(person, head(WEARER, HERE), soon + p.GOES_ON_NS)
    assert not p.goes_on(p.Person(), head(WEARER, HERE), soon)


def test_of_several_the_person_is_taken_wherever_they_stand() -> None:
    person = known()
    later = person.at_ns + seconds(5)
    for faces in (
        [head(CARER, HERE), head(WEARER, BESIDE)],
        [head(WEARER, BESIDE), head(CARER, HERE, span=200.0)],
    ):
        _, which = p.chosen(person, faces, later)
        assert which is not None
        assert (faces[which] == head(WEARER, BESIDE)).all()


def test_of_two_alike_the_nearer_to_the_old_place_is_taken() -> None:
    person = known()
    twins = [head(WEARER, BESIDE), head(WEARER, HERE)]
    assert p.chosen(person, twins, person.at_ns + seconds(5))[1] == 1


def test_nobody_known_is_the_nearest() -> None:
    faces = [head(CARER, HERE, span=60.0), head(WEARER, BESIDE, span=110.0)]
    assert p.chosen(p.Person(), faces, 0)[1] == 1
    assert p.chosen(known(p.KNOWN - 1, CARER), faces, seconds(9))[1] == 1
    assert p.chosen(p.Person(), [], 0)[1] is None


def alone(person: p.Person, who: int, for_ns: int) -> tuple[p.Person, int | None]:
    which = None
    for at_ns in range(person.at_ns + seconds(1), person.at_ns + seconds(1) + for_ns, seconds(0.5)):
        person, which = p.chosen(person, [head(who, HERE)], at_ns)
    return person, which


def test_a_carer_alone_is_not_taken_for_the_person_for_two_minutes() -> None:
    assert alone(known(), CARER, p.ALONE_NS - seconds(2))[1] is None
    person, which = alone(known(), CARER, p.ALONE_NS + seconds(2))
    assert which == 0
    assert not person.is_known


def test_the_two_minutes_begin_anew_when_the_person_was_there() -> None:
    person, _ = alone(known(), CARER, p.ALONE_NS - seconds(2))
    person, which = p.chosen(person, [head(CARER, BESIDE), head(WEARER, HERE)], person.at_ns + p.ALONE_NS)
    assert which == 1
    assert p.chosen(person, [head(CARER, HERE)], person.at_ns + p.ALONE_NS + seconds(3))[1] is None


def test_who_slips_into_the_persons_place_is_noticed_within_seconds() -> None:
    """The landmarker's frame never jumped: a head before the other."""
    person, at_ns, went_on = known(), known().at_ns, []
    for _ in range(45):
        at_ns += FRAME_NS
        slipped = head(CARER, HERE)
        went_on.append(p.goes_on(person, slipped, at_ns))
        if not went_on[-1]:
            break
        person = p.followed(person, slipped, at_ns)
    assert not went_on[-1]
    assert p.chosen(person, [head(WEARER, HERE)], at_ns + seconds(1))[1] == 0


def test_a_person_is_not_thrown_out_by_the_noise_of_their_own_face() -> None:
    person, at_ns = known(), known().at_ns
    for _ in range(600):
        at_ns += FRAME_NS
        seen = head(WEARER, HERE, strays=0.012)
        assert p.goes_on(person, seen, at_ns)
        person = p.followed(person, seen, at_ns)


@pytest.mark.parametrize("size", [(640, 480), (330, 250)])
def test_a_box_holds_the_face_and_stays_in_the_picture(size: tuple[int, int]) -> None:
    left, top, right, bottom = p.box_of(head(WEARER, HERE), size)
    assert 0 <= left < HERE[0] - 80 < HERE[0] < right <= size[0]
    assert 0 <= top < HERE[1] < bottom <= size[1]


def test_one_face_marked_twice_is_one() -> None:
    assert p.is_same(head(WEARER, HERE), head(WEARER, (HERE[0] + 10, HERE[1])))
    assert not p.is_same(head(WEARER, HERE), head(WEARER, BESIDE))


def test_forms_are_finite_for_any_landmarks() -> None:
    assert np.isfinite(p.form_of(np.full((478, 3), 5.0, np.float32) + head(WEARER) * 0.01)).all()


def test_a_face_that_is_half_as_large_at_once_is_another() -> None:
    """Behind the person's shoulder."""
    person = known()
    assert not p.goes_on(person, head(WEARER, HERE, span=50.0), person.at_ns + FRAME_NS)
    assert p.goes_on(person, head(WEARER, HERE, span=90.0), person.at_ns + FRAME_NS)


@pytest.mark.parametrize("at", [(-400.0, 240.0), (320.0, -400.0), (2000.0, 240.0)])
def test_what_lies_beside_the_picture_covers_none_of_it(at: tuple[float, float]) -> None:
    left, top, right, bottom = p.box_of(head(CARER, at), (640, 480))
    picture = np.ones((480, 640))
    assert picture[top:bottom, left:right].size == 0
