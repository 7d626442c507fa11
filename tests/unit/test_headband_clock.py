"""When a sample was taken: the line through arrivals, and the count of samples."""

import random

import pytest

from vybor.foundation.clock import MILLISECOND_NS, SECOND_NS, seconds
from vybor.headband.devices import clock_fit, counting

HZ = 250
PERIOD_NS = SECOND_NS // HZ


def played(
    late_ns: list[int], period_ns: float = PERIOD_NS, chunk: int = 10
) -> tuple[clock_fit.ClockFit, list[int]]:
    """A fit after chunks that were late by so much; with it, by how much each sample's time was wrong."""
    fit = clock_fit.begin(HZ)
    wrong: list[int] = []
    for turn, late in enumerate(late_ns):
        index = turn * chunk
        fit = clock_fit.arrived(fit, index, round(index * period_ns) + late)
        wrong.append(fit.time_of(index) - round(index * period_ns))
    return fit, wrong


def jitter(count: int, seed: int = 1) -> list[int]:
    shaken = random.Random(seed)
    return [round(shaken.uniform(0, 8) * MILLISECOND_NS) for _ in range(count)]


def test_jitter_is_averaged_away() -> None:
    _, wrong = played(jitter(1000))
    assert max(abs(by) for by in wrong[100:]) <= 2 * MILLISECOND_NS


def test_the_uncertainty_holds_what_is_unknown() -> None:
    fit, wrong = played(jitter(1000))
    assert max(abs(by) for by in wrong[100:]) <= fit.sd_ns <= 8 * MILLISECOND_NS


@pytest.mark.parametrize(("late_s", "wrong_ms"), [(0.3, 2), (1.5, 2), (5.0, 8), (25.0, 130)])
def test_what_comes_late_and_all_at_once_is_not_taken_for_new(late_s: float, wrong_ms: int) -> None:
    """Also where nobody listened for longer than the height's window, or the slope's, which knows .5 % then."""
    late = jitter(1200)
    for turn in range(400, 400 + round(late_s / 0.04)):
        late[turn] += round(seconds(late_s) - (turn - 400) * 10 * PERIOD_NS)
    _, wrong = played(late)
    assert max(abs(by) for by in wrong[100:]) <= wrong_ms * MILLISECOND_NS


@pytest.mark.parametrize("off", [-0.002, 0.002])
def test_a_crystal_that_is_off_is_followed(off: float) -> None:
    fit, wrong = played(jitter(1500), PERIOD_NS * (1 + off))
    assert max(abs(by) for by in wrong[400:]) <= 4 * MILLISECOND_NS
    assert fit.period_ns == pytest.approx(PERIOD_NS * (1 + off), rel=2e-4)


def test_samples_lost_without_a_trace_are_made_up_for_in_seconds() -> None:
    late = [by + (seconds(0.05) if turn >= 500 else 0) for turn, by in enumerate(jitter(1500))]
    _, wrong = played(late)
    assert abs(wrong[-1] - seconds(0.05)) <= 4 * MILLISECOND_NS
    assert max(abs(by - seconds(0.05)) for by in wrong[700:]) <= 8 * MILLISECOND_NS


def test_the_window_does_not_grow() -> None:
    fit, _ = played(jitter(2000))
    assert len(fit.arrivals) <= 2 * clock_fit.WINDOW_NS / clock_fit.SPACING_NS


def counted(
    state: counting.Counting, counters: list[int], now_s: float
) -> tuple[counting.Counting, list[counting.Run]]:
    state, runs = counting.count(state, counters, seconds(now_s))
    return state, list(runs)


def test_a_lost_sample_leaves_a_gap() -> None:
    state, runs = counted(counting.Counting(HZ, 256), [254, 255, 0, 2, 3], 0.02)
    assert runs == [(0, 0, 3), (4, 3, 5)]
    _, runs = counted(state, [7], 0.04)
    assert runs == [(9, 0, 1)]


def test_a_silence_of_whole_turns_is_counted_by_the_clock() -> None:
    state, _ = counted(counting.Counting(HZ, 256), [0, 1, 2, 3], 0.016)
    _, runs = counted(state, [4, 5, 6, 7], 0.016 + (512 + 4) / HZ)
    assert runs == [(4 + 512, 0, 4)]


def test_a_silence_in_the_midst_of_a_chunk_is_counted_too() -> None:
    state, _ = counted(counting.Counting(HZ, 256), [0], 0.0)
    _, runs = counted(state, [1, 2, 3, 10, 11], (11 + 512) / HZ)
    assert runs == [(1, 0, 3), (10 + 512, 3, 5)]


def test_samples_that_come_late_all_at_once_are_not_lost() -> None:
    state, _ = counted(counting.Counting(HZ, 256), [0], 0.0)
    _, runs = counted(state, [index % 256 for index in range(1, 501)], 2.0)
    assert runs == [(1, 0, 500)]


def test_without_a_counter_samples_follow_each_other() -> None:
    state, runs = counted(counting.Counting(HZ, 0), [9, 9, 9], 0.0)
    assert runs == [(0, 0, 3)]
    state, runs = counted(state, [9], 5.0)
    assert runs == [(3, 0, 1)]
    assert counted(state, [], 6.0) == (state, [])
