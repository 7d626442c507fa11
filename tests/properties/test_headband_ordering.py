"""Whatever is lost, comes again, comes late or under a wrong number: what is let through is in its place."""

import random
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.foundation.clock import SystemClock
from vybor.headband.boards import BY_NAME
from vybor.headband.devices import ordering
from vybor.headband.devices.brainflow_headband import BrainFlowHeadband, Table
from world.cyton_faults import Fault, spoilt

MODULO = 256
cuts = st.lists(st.integers(1, 40), min_size=1, max_size=20)


def let_through(counters: list[int], sizes: list[int]) -> list[int]:
    """Places in `counters`, which come in pieces of these sizes."""
    last, held, through = None, [], []
    place = turn = 0
    while place < len(counters):
        size = sizes[turn % len(sizes)]
        come = [*held, *range(place, min(len(counters), place + size))]
        place, turn = place + size, turn + 1
        decided = ordering.passed(last, [counters[one] for one in come], MODULO)
        last = decided.last
        held = come[-1:] if decided.waits else []
        through += [come[one] for one in decided.places]
    return through


@given(sizes=cuts, seed=st.integers(0, 999), fault=st.sampled_from([Fault.LOST, Fault.REPEATED, Fault.REORDERED]))
def test_what_comes_through_rises_and_nothing_true_is_lost_beside_the_fault(
    sizes: list[int], seed: int, fault: Fault
) -> None:
    sent = [index.to_bytes(4, "big") for index in range(1000)]
    come = [int.from_bytes(one, "big") for one in spoilt(sent, fault, 0.03, random.Random(seed))]
    through = [come[place] for place in let_through([index % MODULO for index in come], sizes)]
    assert through == sorted(set(through))
    assert len(through) >= len(set(come)) - 2 * sum(1 for a, b in pairwise(come) if b != a + 1)


@given(counters=st.lists(st.integers(0, 255), max_size=60), sizes=cuts)
@settings(max_examples=300)
def test_it_does_not_matter_how_they_come(counters: list[int], sizes: list[int]) -> None:
    whole = let_through(counters, [len(counters) + 1])
    assert let_through(counters, sizes) == whole
    steps = [(counters[b] - counters[a]) % MODULO for a, b in pairwise(whole)]
    assert all(step > 0 for step in steps)


def test_a_wrong_bit_in_a_number_of_brainflow_s_moves_nothing() -> None:
    for name, step in (("cyton", 1), ("cyton_daisy", 2)):
        board = BY_NAME[name]
        headband = BrainFlowHeadband(board, SystemClock(), "/dev/ttyUSB0")
        for bit in range(8):
            table: Table = np.zeros((board.columns, 300))
            table[0] = np.arange(300) * step % 256
            table[1] = np.arange(300)
            table[0, 100] = int(table[0, 100]) ^ (1 << bit)
            headband._last = headband._held = None
            parts = [headband._in_order(table[:, start : start + 11]) for start in range(0, 300, 11)]
            told = np.hstack(parts)
            others = told[1] != 100
            assert np.array_equal(told[0, others], told[1, others] * step % 256)
            assert others.sum() >= 298
