"""How a signal is cut into chunks changes nothing; nor do its offsets or its clock."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.headband_replay import READY_S, Microvolts, blink, blinks, chunk, clench, felt, seen
from vybor.headband.devices import counting
from vybor.headband.process import message
from world.cyton_scalp import HZ

LASTS_S = READY_S + 6


def busy(seed: int) -> Microvolts:
    """A little of everything, with a channel that fails in between."""
    acts = [(READY_S, blinks(2)), (READY_S + 2, blink()), (READY_S + 3, clench()), (READY_S + 4.5, blinks(2, 0.1))]
    signal = felt(acts, LASTS_S, seed)
    signal[:, 500:505] = np.nan
    signal[2, 600:640] = 187_500
    return signal


SIGNALS = {seed: busy(seed) for seed in (1, 2)}
WHOLE = {seed: seen(signal, cuts=[1]) for seed, signal in SIGNALS.items()}


@settings(max_examples=25, deadline=None)
@given(
    seed=st.sampled_from(sorted(SIGNALS)),
    cuts=st.lists(st.integers(1, round(LASTS_S * HZ) - 1), min_size=1, max_size=200, unique=True).map(sorted),
)
def test_cutting_a_signal_anywhere_changes_nothing(seed: int, cuts: list[int]) -> None:
    assert seen(SIGNALS[seed], cuts) == WHOLE[seed]
    assert len(WHOLE[seed]) >= 7


@settings(max_examples=10, deadline=None)
@given(offsets=st.lists(st.floats(-50_000, 50_000), min_size=8, max_size=8))
def test_electrode_offsets_change_no_gesture(offsets: list[float]) -> None:
    signal = felt([(READY_S, blinks(2)), (READY_S + 2, clench())], READY_S + 4)
    moved = signal + np.array(offsets, np.float32)[:, None]
    assert [one.kind for one in seen(moved)] == [one.kind for one in seen(signal)]


@given(late_ns=st.integers(-(10**12), 10**15))
def test_shifting_the_clock_changes_only_stamps(late_ns: int) -> None:
    one = WHOLE[1][0]
    early = chunk(2000, SIGNALS[1][:, 2000:2010])
    late = type(early)(
        first=early.first,
        microvolts=early.microvolts,
        at_ns=early.at_ns + late_ns,
        period_ns=early.period_ns,
        at_sd_ns=early.at_sd_ns,
    )
    before, after = message(one, early), message(one, late)
    assert (after.at_ns - before.at_ns, after.ended_ns - before.ended_ns) == (late_ns, late_ns)
    assert (after.kind, after.log_odds, after.at_sd_ns) == (before.kind, before.log_odds, before.at_sd_ns)


@given(
    lost=st.sets(st.integers(1, 2999), max_size=60),
    sizes=st.lists(st.integers(1, 50), min_size=1, max_size=20),
)
def test_every_sample_that_arrives_is_counted_where_it_was_taken(lost: set[int], sizes: list[int]) -> None:
    taken = [index for index in range(3000) if index not in lost]
    state = counting.Counting(HZ, 256)
    numbered: list[int] = []
    place = turn = 0
    while place < len(taken):
        chunk_of = taken[place : place + sizes[turn % len(sizes)]]
        place, turn = place + len(chunk_of), turn + 1
        now_ns = chunk_of[-1] * 4_000_000
        state, runs = counting.count(state, [index % 256 for index in chunk_of], now_ns)
        for index, start, end in runs:
            numbered.extend(range(index, index + end - start))
    assert numbered == taken
