"""Brows, cheeks and head: what is a sign, and what only looks like one. Tracks are made, with their noise."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.gaze_faces import mien
from vybor.contracts import evidence
from vybor.contracts.messages import Gesture, GestureKind
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.foundation.gaze_settings import GazeSettings
from vybor.foundation.settings import CommitSettings
from vybor.gaze.signs import signs as s

HZ = 15
FRAME_S = 1 / HZ
BROW, CHEEK, HEAD = s.KINDS
TRACKS = {BROW: "brows", CHEEK: "smile", HEAD: "tilt"}
AT_REST = {"brows": 0.1, "smile": 0.02, "jaw": 0.01, "tilt": 0.0, "yaw": 0.0}
NOISE = {"brows": 0.015, "smile": 0.005, "jaw": 0.003, "tilt": 0.004, "yaw": 0.004}
FULL = {BROW: 0.4, CHEEK: 0.5, HEAD: math.radians(12)}

Track = Callable[[float], dict[str, float]]


def swing(at_s: float, began_s: float, lasts_s: float = 0.5) -> float:
    """0, up to 1 and back, in the time between."""
    return math.sin(math.pi * min(1.0, max(0.0, (at_s - began_s) / lasts_s)))


def made_of(kind: GestureKind, *began_s: float, lasts_s: float = 0.5, share: float = 1.0) -> Track:
    return lambda t: {TRACKS[kind]: share * FULL[kind] * sum(swing(t, at, lasts_s) for at in began_s)}


class Watcher:
    """Faces of made tracks, one after another, and the signs that are seen in them."""

    def __init__(self, set_to: GazeSettings = GazeSettings(), seed: int = 1) -> None:  # noqa: B008  (frozen)
        self.signs = s.Signs()
        self.made: list[Gesture] = []
        self.moved = 0
        self._settings = set_to
        self._random = np.random.default_rng(seed)
        self.now_s = 10.0

    def see(self, lasts_s: float, track: Track = lambda t: {}, *, noise: float = 1.0) -> "Watcher":
        """`track`: by how much columns lie beside where they rest, at a time since now. `shut`: closed lids."""
        began_s = self.now_s
        for _ in range(round(lasts_s * HZ)):
            self.now_s += FRAME_S
            beside = track(self.now_s - began_s)
            shut = bool(beside.pop("shut", 0.0))
            now = {name: at + beside.get(name, 0.0) for name, at in AT_REST.items()}
            now |= {name: value + noise * NOISE[name] * self._random.normal() for name, value in now.items()}
            self._take(now, shut=shut)
        return self

    def unseen(self, lasts_s: float) -> "Watcher":
        self.now_s += lasts_s
        return self

    def kinds(self) -> list[GestureKind]:
        return [each.kind for each in self.made if each.log_odds > 0]

    def _take(self, now: dict[str, float], *, shut: bool) -> None:
        self.signs, made = s.step(self.signs, mien(**now), seconds(self.now_s), self._settings, closed=shut)
        self.made += made
        self.moved += s.moves(self.signs, frozenset(s.KINDS))


@pytest.mark.parametrize("kind", s.KINDS)
@pytest.mark.parametrize("lasts_s", [0.4, 0.7, 1.2])
def test_a_short_movement_away_and_back_is_a_sign_of_its_kind_alone(kind: GestureKind, lasts_s: float) -> None:
    person = Watcher().see(4).see(3, made_of(kind, 1.0, lasts_s=lasts_s))
    assert person.kinds() == [kind]
    (sign,) = (each for each in person.made if each.kind is kind)
    assert sign.at_ns / SECOND_NS == pytest.approx(15.0, abs=0.17)  # before the eyes moved with it
    assert 0 <= sign.at_sd_ns < seconds(FRAME_S)
    assert sign.ended_ns / SECOND_NS == pytest.approx(15.0 + lasts_s, abs=0.2)
    assert sign.strength > 1.5
    assert sign.log_odds == pytest.approx(evidence.log_odds(sign.strength), abs=1e-6)


@pytest.mark.parametrize("kind", s.KINDS)
def test_signs_one_after_another_are_told_each(kind: GestureKind) -> None:
    person = Watcher().see(4).see(6, made_of(kind, 0.5, 1.7, 2.9, 4.1))
    assert person.kinds() == [kind] * 4


@pytest.mark.parametrize("kind", s.KINDS)
def test_what_moves_and_stays_is_no_sign_and_soon_the_new_rest(kind: GestureKind) -> None:
    person = Watcher().see(4)
    name, far = TRACKS[kind], FULL[kind]
    person.see(5, lambda t: {name: far * min(1.0, t / 0.2)})
    assert person.made == []
    person.see(3, lambda t: {name: far + far * swing(t, 1.0)})
    assert person.kinds() == [kind]


def test_the_face_at_rest_makes_none_in_five_minutes() -> None:
    assert Watcher().see(300).made == []


def test_a_tremor_makes_a_sign_of_the_head_larger_instead_of_being_one() -> None:
    def trembles(t: float) -> dict[str, float]:
        return {"tilt": math.radians(8) * math.sin(2 * math.pi * 5.3 * t)}

    person = Watcher().see(4).see(60, trembles)
    assert person.kinds() == []
    assert person.see(3, lambda t: {"tilt": trembles(t)["tilt"] + math.radians(70) * swing(t, 1.0)}).kinds() == [
        HEAD
    ]


@pytest.mark.parametrize(("lids", "told"), [((0.9, 1.1), []), ((), [BROW])])
def test_no_brow_is_raised_by_a_blink(lids: tuple[float, ...], told: list[GestureKind]) -> None:
    def track(t: float) -> dict[str, float]:
        return made_of(BROW, 1.0)(t) | {"shut": float(bool(lids) and lids[0] <= t <= lids[1])}

    assert Watcher().see(4).see(3, track).kinds() == told


@pytest.mark.parametrize("seed", range(5))
def test_speech_draws_no_cheek(seed: int) -> None:
    random = np.random.default_rng(seed)
    open_s = np.cumsum(random.uniform(0.15, 0.5, 60))

    def speaks(t: float) -> dict[str, float]:
        syllable = sum(swing(t, at, 0.25) for at in open_s)
        return {"jaw": 0.25 * syllable, "smile": 0.3 * syllable}

    assert Watcher(seed=seed).see(4).see(20, speaks).kinds() == []


def test_a_mouth_that_always_hangs_open_can_draw_a_cheek() -> None:
    def hangs(t: float) -> dict[str, float]:
        return {"jaw": 0.3}

    person = Watcher().see(4, hangs)
    assert person.see(3, lambda t: hangs(t) | made_of(CHEEK, 1.0)(t)).kinds() == [CHEEK]


def test_a_head_that_moves_takes_brow_and_cheek_along_as_one_sign() -> None:
    def track(t: float) -> dict[str, float]:
        return made_of(HEAD, 1.0)(t) | made_of(BROW, 1.0)(t) | made_of(CHEEK, 1.0)(t)

    assert Watcher().see(4).see(3, track).kinds() == [HEAD]


@pytest.mark.parametrize("hz", [0.75, 1.0, 1.5])
def test_a_shaken_head_is_no_sign(hz: float) -> None:
    def shaken(t: float) -> dict[str, float]:
        return {"tilt": math.radians(12) * math.sin(2 * math.pi * hz * t) * (1 < t < 5)}

    assert Watcher().see(4).see(5, shaken).kinds() == []


def test_looking_about_turns_the_head_a_little_and_that_counts_for_half() -> None:
    person = Watcher().see(4).see(3, lambda t: {"yaw": math.radians(7) * swing(t, 1.0)})
    assert person.kinds() == []
    assert person.see(3, lambda t: {"yaw": math.radians(20) * swing(t, 1.0)}).kinds() == [HEAD]


def test_one_wild_picture_is_no_sign() -> None:
    assert Watcher().see(4).see(3, lambda t: {"brows": 0.6 * (1.0 < t <= 1.0 + FRAME_S)}).kinds() == []


def test_nothing_is_told_of_a_movement_in_which_the_face_was_lost() -> None:
    person = Watcher().see(4).see(0.35, lambda t: {"brows": 0.4}).unseen(0.6).see(3)
    assert person.kinds() == []


def test_after_seconds_without_a_face_it_is_learned_anew_how_it_rests() -> None:
    person = Watcher().see(4).unseen(4).see(0.5).see(0.5, made_of(BROW, 0.0))
    assert person.kinds() == []
    assert person.see(4).see(3, made_of(BROW, 1.0)).kinds() == [BROW]


def test_a_weak_movement_is_told_as_hardly_meant_and_a_smaller_least_makes_it_a_sign() -> None:
    weak = made_of(BROW, 1.0, share=0.3)
    (sign,) = Watcher().see(4).see(3, weak).made
    assert sign.log_odds < 0
    assert Watcher(GazeSettings(brow_least=0.08)).see(4).see(3, weak).kinds() == [BROW]


def test_while_a_sign_is_made_the_face_moves_and_a_new_rest_ends_that() -> None:
    person = Watcher().see(4)
    assert person.moved == 0
    person.see(3, made_of(HEAD, 1.0))
    assert 2 <= person.moved <= 10
    person.moved = 0
    person.see(10, lambda t: {"tilt": math.radians(20)})
    assert person.moved <= 1.6 * HZ


def test_only_what_is_set_is_wanted_and_in_a_fitting_all() -> None:
    assert s.wanted(CommitSettings(), tries=False) == frozenset()
    assert s.wanted(CommitSettings(brow=True), tries=False) == {BROW}
    assert s.wanted(CommitSettings(), tries=True) == set(s.KINDS)


def drifting(steps: list[float], size: float) -> Iterator[float]:
    """Straight pieces of four seconds each, at so many leasts a second."""
    at = 0.0
    for rate in steps:
        for _ in range(4 * HZ):
            at += rate * size / HZ
            yield at


@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from(s.KINDS),
    steps=st.lists(st.floats(-0.2, 0.2), min_size=1, max_size=6),
    seed=st.integers(0, 999),
)
def test_a_slow_drift_never_confirms(kind: GestureKind, steps: list[float], seed: int) -> None:
    leasts = {BROW: 0.2, CHEEK: 0.25, HEAD: math.radians(6)}
    person = Watcher(seed=seed).see(3)
    for at in drifting(steps, leasts[kind]):
        person.see(FRAME_S, lambda t, at=at: {TRACKS[kind]: at})
    assert person.kinds() == []
