"""Which of several flickering things is looked at, and whether a brain answers well enough to be asked."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from vybor.contracts import evidence
from vybor.fitting import flicker_gate
from vybor.fitting.flicker_gate import Trial, Verdict
from vybor.headband.detecting import ssvep

HZ = 256
RHYTHMS = (7.5, 10.0, 12.0)

Samples = NDArray[np.float64]


def brain(at_hz: float, *, lasts_s: float = 2.0, channels: int = 2, answer: float = 3.0, seed: int = 5) -> Samples:
    """Noise as a scalp has it, and an answer of so many microvolts with its second harmonic."""
    dice = np.random.default_rng(seed)
    count = round(lasts_s * HZ)
    noise = np.cumsum(dice.normal(0, 1.5, (channels, count)), axis=1) + dice.normal(0, 4.0, (channels, count))
    times = np.arange(count) / HZ
    waves = np.sin(2 * np.pi * at_hz * times + 0.7) + 0.5 * np.sin(4 * np.pi * at_hz * times + 0.2)
    return noise + answer * waves


def of(window: Samples, good: tuple[bool, ...] | None = None, hz: float = HZ) -> ssvep.Answer | None:
    return ssvep.answer(window, good or (True,) * len(window), hz, RHYTHMS)


@pytest.mark.parametrize("place", range(len(RHYTHMS)))
@pytest.mark.parametrize("lasts_s", [1.0, 1.6, 2.5])
def test_the_rhythm_that_is_in_it_is_found(place: int, lasts_s: float) -> None:
    answer = of(brain(RHYTHMS[place], lasts_s=lasts_s, answer=8.0))
    assert answer is not None
    assert answer.best == place
    assert answer.log_odds[place] == max(answer.log_odds)


@pytest.mark.parametrize("rhythms", [(20.0, 30.0), (10.0, 12.0, 15.0), (12.0, 15.0, 20.0)])
def test_other_rhythms_are_told_apart_too(rhythms: tuple[float, ...]) -> None:
    for place, rhythm in enumerate(rhythms):
        window = brain(rhythm, lasts_s=1.5, answer=8.0)
        answer = ssvep.answer(window, (True, True), HZ, rhythms)
        assert answer is not None
        assert answer.best == place


@pytest.mark.parametrize("rhythms", [(7.5, 15.0), (10.0, 12.0, 20.0), (10.0, 30.2)])
def test_a_multiple_of_another_rhythm_is_refused(rhythms: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="multiple"):
        ssvep.answer(brain(10.0), (True, True), HZ, rhythms)


def test_where_nothing_answers_nothing_is_claimed() -> None:
    """Noise falls with frequency as on a scalp: the slowest rhythm has no more of it than it should, by much."""
    answers = [of(brain(10.0, answer=0.0, lasts_s=2.5, seed=seed)) for seed in range(150)]
    best = [answer.best for answer in answers if answer]
    claimed = [1 / (1 + math.exp(-max(answer.log_odds))) for answer in answers if answer]
    assert len(best) == 150
    assert max(best.count(place) for place in range(len(RHYTHMS))) <= 75
    assert np.mean(claimed) < 0.62  # of three, where guessing would claim a third: see decision 54
    assert sum(each > 0.9 for each in claimed) <= 8


def test_the_mains_are_no_answer() -> None:
    quiet, count = brain(12.0, answer=5.0), 2 * HZ
    times = np.arange(count) / HZ
    for mains in (50.0, 60.0):
        loud = quiet + 400.0 * np.sin(2 * np.pi * mains * times + 1.1)
        without, with_it = of(quiet), of(loud)
        assert without is not None
        assert with_it is not None
        assert with_it.scores == pytest.approx(without.scores, abs=0.02)


def test_a_level_and_a_drift_change_nothing() -> None:
    quiet = brain(12.0, answer=5.0)
    drifting = quiet + 800.0 + np.linspace(0, 300, quiet.shape[1])
    without, with_it = of(quiet), of(drifting)
    assert without is not None
    assert with_it is not None
    assert with_it.scores == pytest.approx(without.scores, abs=0.02)


def test_a_channel_that_is_bad_or_has_a_gap_says_nothing() -> None:
    good, wrong = brain(7.5, channels=1, answer=6.0), brain(12.0, channels=1, answer=60.0, seed=9)
    alone = of(good)
    both = np.vstack([good, wrong])
    assert of(both, (True, False)) == alone
    both[1, 100] = np.nan
    assert of(both) == alone
    flat = np.vstack([good, np.full_like(good, 3.0)])
    assert of(flat) == alone


def test_a_channel_that_is_there_twice_adds_nothing() -> None:
    one = brain(12.0, channels=1)
    alone, twice = of(one), of(np.vstack([one, one]))
    assert alone is not None
    assert twice is not None
    assert twice.scores == pytest.approx(alone.scores)


def test_what_says_nothing_is_none() -> None:
    window = brain(10.0)
    assert of(window, (False, False)) is None
    assert of(window[:, : HZ - 1]) is None
    assert of(np.full((2, 2 * HZ), np.nan)) is None
    assert of(np.zeros((0, 2 * HZ)), ()) is None
    assert ssvep.answer(window, (True, True), HZ, (10.0,)) is None


def test_of_what_is_too_long_the_end_counts() -> None:
    before, after = brain(12.0, lasts_s=4.0, answer=20.0), brain(10.0, lasts_s=2.5, answer=6.0, seed=2)
    assert of(np.hstack([before, after])) == of(after)


def test_a_slow_board_knows_fewer_harmonics() -> None:
    """At 125 samples a second a Cyton with a Daisy has nothing above 55 Hz."""
    fast = brain(12.0, answer=8.0, lasts_s=2.5)
    answer = of(fast[:, ::2], hz=HZ / 2)
    assert answer is not None
    assert answer.best == RHYTHMS.index(12.0)


@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(0, 4), st.integers(0, 700)),
        elements=st.floats(-1000, 1000) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1e9]),
        fill=st.floats(-100, 100),
    ),
    st.sampled_from([125.0, 200.0, 250.0, 256.0]),
)
@settings(max_examples=60, deadline=None)
def test_whatever_comes_is_an_answer_in_bounds_or_none(window: Samples, hz: float) -> None:
    answer = ssvep.answer(window, (True,) * len(window), hz, RHYTHMS)
    if answer is not None:
        most = sum(band**-1.25 + 0.25 for band in range(1, len(ssvep.BANDS_HZ) + 1))
        assert len(answer.scores) == len(answer.log_odds) == len(RHYTHMS)
        assert all(abs(score) <= most + 1e-9 for score in answer.scores)
        assert all(abs(each) <= evidence.CAP for each in answer.log_odds)


def trials(right: int, of_all: int, rhythms: int = 3) -> flicker_gate.Score:
    made = [Trial(0, 0)] * right + [Trial(0, 1)] * (of_all - right)
    return flicker_gate.score(made, rhythms)


@pytest.mark.parametrize(
    ("right", "of_all", "verdict"),
    [
        (8, 8, Verdict.FEW),
        (9, 9, Verdict.OPEN),
        (18, 20, Verdict.OPEN),
        (17, 20, Verdict.WEAK),
        (12, 20, Verdict.WEAK),
        (10, 20, Verdict.CHANCE),
        (0, 20, Verdict.CHANCE),
        (0, 0, Verdict.FEW),
        (60, 80, Verdict.WEAK),
        (64, 80, Verdict.OPEN),
    ],
)
def test_the_gate_opens_by_its_bound_alone(right: int, of_all: int, verdict: Verdict) -> None:
    assert trials(right, of_all).verdict is verdict


def test_the_bound_is_the_exact_one() -> None:
    """Were the truth at the bound, one person in twenty would do as well or better."""
    found = trials(18, 20)
    more = sum(
        math.comb(20, count) * found.bound**count * (1 - found.bound) ** (20 - count) for count in (18, 19, 20)
    )
    assert more == pytest.approx(0.05)
    fewer = flicker_gate.at_most(18, 20, 0.95)
    at_most = sum(math.comb(20, count) * fewer**count * (1 - fewer) ** (20 - count) for count in range(19))
    assert at_most == pytest.approx(0.05)
    assert flicker_gate.at_most(20, 20, 0.95) == 1.0


def test_a_guesser_gets_in_once_in_a_thousand_times_at_most() -> None:
    """Two rhythms, twenty trials: eighteen right."""
    assert sum(math.comb(20, count) for count in (18, 19, 20)) / 2**20 < 0.001


def test_a_window_that_said_nothing_is_a_miss() -> None:
    assert flicker_gate.score([Trial(1, 1), Trial(0, None)], 2).right == 1
    deaf = flicker_gate.score([Trial(1, None)] * 12 + [Trial(1, 1)] * 8, 2)
    assert (deaf.silent, deaf.verdict) == (12, Verdict.SILENT)
