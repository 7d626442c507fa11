"""Lids: shut and open with hysteresis, this person's own opening, and no look from a falling lid."""

from collections.abc import Iterable

from unit.gaze_faces import face
from vybor.foundation.clock import seconds
from vybor.gaze.faces.face import Face
from vybor.gaze.faces.lids import Lids, steady, step

FRAME_NS = seconds(1 / 15)
OPEN = face(opening=(0.3, 0.3))
HALF = face(opening=(0.165, 0.165), blink=0.3)
SHUT = face(opening=(0.04, 0.04), blink=0.55)


def through(faces: Iterable[Face], frame_ns: int = FRAME_NS) -> list[Lids]:
    seen, now = [], Lids()
    for number, one in enumerate(faces):
        now = step(now, one, (number + 1) * frame_ns)
        seen.append(now)
    return seen


def test_shut_eyes_are_closed_and_open_ones_are_not() -> None:
    seen = through([OPEN] * 10 + [SHUT] * 3 + [OPEN] * 3)
    assert [lids.closed for lids in seen] == [False] * 10 + [True] * 3 + [False] * 3


def test_a_half_open_eye_stays_what_it_was() -> None:
    assert not through([OPEN] * 10 + [HALF])[-1].closed
    assert through([OPEN] * 10 + [SHUT, HALF])[-1].closed


def test_a_wink_closes_nothing() -> None:
    wink = face(opening=(0.03, 0.3))
    assert not through([OPEN] * 10 + [wink] * 5)[-1].closed


def test_looking_down_closes_nothing() -> None:
    down = face(opening=(0.21, 0.21), blink=0.28)
    seen = through([OPEN] * 10 + [down] * 30)
    assert not any(lids.closed for lids in seen)
    assert steady(seen[-1])


def test_the_flanks_of_a_blink_say_nothing_of_the_look() -> None:
    seen = through([OPEN] * 10 + [HALF, SHUT, SHUT, OPEN, OPEN, OPEN])
    assert [steady(lids) for lids in seen[9:]] == [True, False, False, False, False, False, True]


def test_at_a_high_frame_rate_the_opening_flank_is_as_long() -> None:
    seen = through([OPEN] * 10 + [SHUT] * 3 + [OPEN] * 12, frame_ns=seconds(1 / 60))
    assert [steady(lids) for lids in seen[13:]] == [False] * 5 + [True] * 7


def test_narrow_eyes_become_usual() -> None:
    narrow = face(opening=(0.15, 0.15), blink=0.2)
    seen = through([narrow] * 1500)
    assert not seen[-1].closed
    assert seen[-1].usual[0] < 0.2
    assert step(seen[-1], face(opening=(0.12, 0.12), blink=0.2), 1501 * FRAME_NS).closed is False


def test_eyes_shut_for_minutes_stay_closed() -> None:
    assert all(lids.closed for lids in through([OPEN] * 10 + [SHUT] * 3000)[10:])


def test_before_the_first_frame_nothing_is_steady() -> None:
    assert not steady(Lids())


def test_the_eye_that_counts_decides_alone() -> None:
    """A glass eye stays open."""
    shut_right = face(opening=(0.03, 0.3))  # the person's right, which is left in the picture
    assert step(through([OPEN] * 10)[-1], shut_right, 11 * FRAME_NS, (0,)).closed
    assert not step(through([OPEN] * 10)[-1], shut_right, 11 * FRAME_NS, (1,)).closed


LOWERED = face(opening=(0.13, 0.13), blink=0.5)
"""Eyes on a lap: past what counts as closed."""


def blinks(shut: Face, count: int) -> list[Face]:
    return ([OPEN] * 10 + [shut] * 3) * count + [OPEN] * 5


def test_eyes_that_look_at_a_lap_are_closed_and_not_shut() -> None:
    seen = through(blinks(SHUT, 4) + [LOWERED] * 15)
    assert seen[-1].closed
    assert not any(lids.is_shut for lids in seen[-15:])
    assert through(blinks(SHUT, 4) + [SHUT] * 15)[-1].is_shut


def test_who_never_closes_them_quite_is_shut_as_far_as_they_can() -> None:
    half = face(opening=(0.125, 0.125), blink=0.5)
    assert not through(blinks(half, 1) + [half] * 5)[-1].is_shut
    assert through(blinks(half, 40) + [half] * 5)[-1].is_shut


def test_what_is_closed_for_long_is_no_blink_and_teaches_no_depth() -> None:
    seen = through(([OPEN] * 10 + [LOWERED] * 15) * 40)
    assert seen[-1].depth == Lids().depth
