"""Bands of the EEG: exact of known signals, and silent where nothing is to be believed."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.headband_replay import CYTON, Act, Microvolts, blink, chunk, clench, felt
from vybor.headband.boards import BY_NAME, Board
from vybor.headband.detecting import bands, gestures
from vybor.headband.detecting.bands import Powers, Second
from vybor.headband.port import Motion
from world.cyton_scalp import HZ, muscle_shape

LASTS_S = 10.0
BLOCK = 25
BEFORE_S, AFTER_S = 1.3, 1.3
"""A second that touches what lies less than .3 s away from it."""


def waves(hz: float, count: int, parts: Sequence[tuple[float, float]]) -> np.ndarray:
    """Sines of (frequency, height)."""
    at_s = np.arange(count) / hz
    return np.sum([high * np.sin(2 * np.pi * at * at_s + at) for at, high in parts], axis=0)[None, :]


def seconds(signal: Microvolts, cuts: Sequence[int] = (), board: Board = CYTON) -> list[Second]:
    rule = gestures.Rule(board, pair_s=0.7)
    edges = [0, *(cuts or range(10, signal.shape[1], 10)), signal.shape[1]]
    state: gestures.Sensing | None = None
    found: list[Second] = []
    for start, end in pairwise(edges):
        state, _ = gestures.step(state, chunk(start, signal[:, start:end], board.hz), rule)
        found.extend(state.spectra.seconds if state else ())
    return found


def believed(found: Sequence[Second], place: int = 0) -> list[float]:
    """The ends of those seconds that an electrode is believed of, in seconds."""
    return [one.end / HZ for one in found if one.powers[place] is not None]


@pytest.mark.parametrize("board", ["cyton", "cyton_daisy", "ganglion", "muse_2"])
def test_each_band_has_the_power_of_what_is_in_it(board: str) -> None:
    hz = BY_NAME[board].hz
    count = bands.SECOND * round(hz * gestures.BLOCK_S)
    (found,) = bands.powers(waves(hz, count, [(6, 10), (10.5, 4), (17, 6), (32, 2)]), hz)
    for band, high in zip(("theta", "alpha", "beta", "muscle"), (10, 4, 6, 2), strict=True):
        assert getattr(found, band) == pytest.approx(high**2 / 2, rel=0.02), band


def test_offsets_lines_and_mains_are_in_no_band() -> None:
    brain = waves(HZ, HZ, [(6, 10), (10.5, 4), (17, 6), (32, 2)])
    drifting = brain + 150_000 + 30_000 * np.arange(HZ) / HZ + waves(HZ, HZ, [(50, 350)])
    clean, other = bands.powers(brain, HZ)[0], bands.powers(drifting, HZ)[0]
    for band in Powers.__struct_fields__:
        assert getattr(other, band) == pytest.approx(getattr(clean, band), rel=0.02), band


@pytest.mark.parametrize(("at_hz", "band"), [(2, None), (4, "theta"), (8, "alpha"), (13, "beta"), (24, "muscle")])
def test_a_band_begins_where_it_is_said_to(at_hz: int, band: str | None) -> None:
    """Hann's window leaves a sixth of a wave in the hertz on either side."""
    (found,) = bands.powers(waves(HZ, HZ, [(at_hz, 10)]), HZ)
    for name in Powers.__struct_fields__:
        share = getattr(found, name) / 50
        assert share > 0.8 if name == band else share < 0.2, name
    assert band or found.theta < 0.01


def test_silence_is_a_number() -> None:
    assert bands.powers(np.zeros((1, HZ)), HZ) == [Powers(*[bands.LEAST_SQUARE] * 4)]


QUIET = felt([], LASTS_S)


def test_a_quiet_scalp_gives_five_seconds_a_second_on_every_electrode() -> None:
    found = seconds(QUIET)
    assert {one.end % (bands.HOP * BLOCK) for one in found} == {BLOCK}
    assert {one.known - one.end for one in found} == {bands.AROUND * BLOCK}
    assert len(found) == pytest.approx(5 * (LASTS_S - 1.6), abs=1)
    for place in range(4):
        ends = believed(found, place)
        assert 3 < min(ends) < 5  # once it is known what a blink is
        assert len([end for end in ends if end > 5]) == len([one for one in found if one.end > 5 * HZ])


@pytest.mark.parametrize(("act", "lasts_s"), [(blink(), 0.28), (blink(80.0), 0.28), (clench(), 0.6)])
def test_what_lids_and_jaw_do_is_left_out_and_a_little_around_it(act: Act, lasts_s: float) -> None:
    ends = believed(seconds(felt([(6.0, act)], LASTS_S)))
    assert not [end for end in ends if 6.0 < end < 6.0 + lasts_s + 1.0]
    assert [end for end in ends if 5.0 < end < 5.7]
    assert [end for end in ends if end > 6.0 + lasts_s + 1.6]


@pytest.mark.parametrize(("lasts_s", "is_drift"), [(1.2, True), (0.05, False)])
def test_where_the_level_moves_slowly_no_lid_did_and_where_it_jumps_one_may_have(
    lasts_s: float, is_drift: bool
) -> None:
    """The same rule as for blinks: what was so long on its way spoils no quiet."""
    moved = QUIET.copy()
    moved[list(CYTON.frontal)] += 150 * np.clip((np.arange(moved.shape[1]) / HZ - 5) / lasts_s, 0, 1)
    over = {round(each, 1) for each in believed(seconds(moved))}
    during = {round(each, 1) for each in believed(seconds(QUIET)) if 6.0 < each < 6.4}
    assert during
    assert (during <= over) == is_drift


def test_a_jaw_that_is_loud_is_left_out_on_the_forehead_too_though_nothing_swings_there() -> None:
    signal = QUIET.copy()
    burst = muscle_shape(np.random.default_rng(1), round(0.6 * HZ))
    signal[2:4, 6 * HZ : 6 * HZ + burst.shape[1]] += burst[2:4]
    ends = believed(seconds(signal), 0)
    assert not [end for end in ends if 6.0 < end < 7.6]
    assert [end for end in ends if 5.0 < end < 5.8]


def test_a_second_has_the_power_of_its_own_samples() -> None:
    at_s = np.arange(QUIET.shape[1]) / HZ
    signal = QUIET.copy()
    signal[2] += (60 * np.sin(2 * np.pi * 10 * at_s) * ((at_s >= 6) & (at_s < 7))).astype(np.float32)
    found = seconds(signal)
    alpha = {one.end / HZ: one.powers[2].alpha for one in found if one.powers[2]}
    loudest = max(alpha, key=lambda end: alpha[end])
    assert loudest == pytest.approx(7.0, abs=0.2)


def test_an_electrode_over_muscle_that_does_not_rest_is_left_out() -> None:
    signal = np.hstack([QUIET, QUIET])
    burst = muscle_shape(np.random.default_rng(1), signal.shape[1] - 4 * HZ)
    signal[0, 4 * HZ :] += 2 * burst[0]
    found = seconds(signal.astype(np.float32))
    assert max(believed(found, 0)) < 11
    assert max(believed(found, 1)) > 19


def test_a_head_that_turns_is_left_out() -> None:
    rule, state, found = gestures.Rule(CYTON, pair_s=0.7), None, []
    for start in range(0, QUIET.shape[1], 25):
        speed = 100.0 if 6 * HZ <= start < 6.3 * HZ else 0.0
        now = chunk(start, QUIET[:, start : start + 25])
        motion = Motion(
            first=start // 5,
            gyro=np.array([[speed] * 5, [0] * 5, [0] * 5], np.float32),
            accel=np.zeros((3, 5), np.float32),
            at_ns=now.at_ns,
            period_ns=5 * now.period_ns,
        )
        state, _ = gestures.step(state, msgspec.structs.replace(now, motion=motion), rule)
        found += state.spectra.seconds if state else []
    ends = believed(found)
    assert not [end for end in ends if 6.0 < end < 7.3]
    assert [end for end in ends if 5.0 < end < 5.8]
    assert max(ends) > 9


def test_a_gap_is_left_out_and_a_long_one_begins_anew() -> None:
    for lost_s in (0.2, 1.0):
        lost = slice(round(6 * HZ), round((6 + lost_s) * HZ))
        signal = np.delete(QUIET, lost, axis=1)
        rule, state, found = gestures.Rule(CYTON, pair_s=0.7), None, []
        for start in range(0, signal.shape[1], 10):
            first = start + (lost.stop - lost.start if start >= lost.start else 0)
            state, _ = gestures.step(state, chunk(first, signal[:, start : start + 10]), rule)
            found += state.spectra.seconds if state else []
        ends = believed(found)
        assert not [end for end in ends if 6.01 < end < 7.0 + lost_s]
        assert [end for end in ends if end < 6]
        assert max(ends) > 9.5 or lost_s == 1.0  # what a blink is has to be learned again first


@pytest.mark.parametrize("ill", [np.nan, 187_500.0, 0.0, np.inf])
def test_an_electrode_that_is_no_good_says_nothing_and_the_others_go_on(ill: float) -> None:
    signal = QUIET.copy()
    signal[3, 6 * HZ :] = ill
    found = seconds(signal)
    assert max(believed(found, 3)) < 6.6  # flat is known after half a second, and no second is made of it alone
    assert max(believed(found, 0)) > 9.5


def test_one_electrode_on_the_forehead_is_enough() -> None:
    signal = np.full_like(QUIET, np.nan)
    signal[1] = QUIET[1]
    found = seconds(signal)
    assert [len(believed(found, place)) for place in (0, 2, 3)] == [0, 0, 0]
    assert len(believed(found, 1)) > 15


def test_where_no_lid_can_be_seen_nothing_is_believed() -> None:
    signal = QUIET.copy()
    signal[:2] = np.nan
    assert [believed(seconds(signal), place) for place in range(4)] == [[], [], [], []]


BUSY = felt([(5.0, blink()), (7.0, clench())], LASTS_S)
BUSY[2, 2200:2230] = np.nan
WHOLE = seconds(BUSY, cuts=[1])


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(1, round(LASTS_S * HZ) - 1), min_size=1, max_size=100, unique=True).map(sorted))
def test_cutting_the_signal_anywhere_changes_nothing(cuts: list[int]) -> None:
    assert seconds(BUSY, cuts) == WHOLE
    assert len(believed(WHOLE)) > 5


def test_a_board_of_sixteen_channels_listens_where_it_knows_what_sits_there() -> None:
    synthetic = BY_NAME["synthetic"]
    assert bands.listened(synthetic) == (11, 12, 9, 15)
    assert bands.listened(BY_NAME["muse_2"]) == (1, 2, 0, 3)
    twice = msgspec.structs.replace(synthetic, temporal=(11, 12))
    assert bands.listened(twice) == (11, 12)
