"""The Cyton's bytes into frames: cut anywhere, damaged anyhow, and still every sample in its place."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.headband.devices.cyton import frames, pairing
from world.cyton_board import FRAME_BYTES, Board, frame
from world.cyton_faults import Fault, spoilt

REST = [0.0] * 8
NEXT = b"\xa0"
"""How the frame after begins: only then the one before is believed."""


def numbered(count: int) -> list[bytes]:
    """Frames whose first channel says which sample it is."""
    return [frame(index % 256, [index * 10.0, *REST[1:]]) for index in range(count)]


def parsed(data: bytes, cuts: list[int] | None = None) -> tuple[frames.Received, list[frames.Frame]]:
    """What is known once the next frame begins."""
    state, found = frames.Received(), []
    data += NEXT
    edges = [0, *sorted(cuts or []), len(data)]
    for start, end in pairwise(edges):
        state, whole = frames.parse(state, data[start:end])
        found.extend(whole)
    return state, found


def samples_of(found: list[frames.Frame]) -> list[int]:
    return [round(float(value) / 10) for value in frames.microvolts(found)[0]] if found else []


def test_frames_are_read_as_openbci_writes_them() -> None:
    state, found = parsed(frame(7, [100.0, -100.0, 0.0, 1e9, -1e9, 1.0, 2.0, 3.0]) + frame(8, REST))
    assert [one.counter for one in found] == [7, 8]
    felt = frames.microvolts(found)[:, 0]
    assert felt[[0, 1, 2, 5, 6, 7]] == pytest.approx([100, -100, 0, 1, 2, 3], abs=0.02)
    assert felt[[3, 4]] == pytest.approx([187_500, -187_500])
    assert (state.junk_bytes, state.odd_frames, state.held) == (0, 0, NEXT)


@given(cuts=st.lists(st.integers(0, 100 * FRAME_BYTES), max_size=60))
def test_however_the_bytes_are_cut(cuts: list[int]) -> None:
    _, found = parsed(b"".join(numbered(100)), cuts)
    assert samples_of(found) == list(range(100))


@given(junk=st.binary(max_size=200))
@settings(max_examples=300)
def test_what_was_in_the_line_before_hides_two_frames_at_most(junk: bytes) -> None:
    _, found = parsed(junk + b"".join(numbered(100)))
    told = samples_of(found)
    assert told[-97:] == list(range(3, 100))


@pytest.mark.parametrize("fault", list(Fault))
def test_damage_on_the_way_moves_no_sample(fault: Fault) -> None:
    dice = random.Random(1)
    sent = numbered(3000)
    state, found = parsed(b"".join(spoilt(sent, fault, 0.02, dice)))
    where = samples_of(found)
    assert [one.counter for one in found] == [index % 256 for index in where] or fault is Fault.FLIPPED
    placed = [index for index in where if 0 <= index < 3000]
    assert placed == sorted(set(placed)) or fault is Fault.FLIPPED
    assert len(found) > 2500
    if fault is Fault.LOST:
        assert (state.junk_bytes, state.odd_frames) == (0, 0)
    else:
        assert state.junk_bytes + state.odd_frames > 0


def test_a_wrong_bit_in_a_counter_moves_nothing() -> None:
    for bit in range(8):
        sent = numbered(40)
        spoiled = bytearray(sent[20])
        spoiled[1] ^= 1 << bit
        sent[20] = bytes(spoiled)
        _, found = parsed(b"".join(sent))
        counters = [one.counter for one in found]
        assert counters == sorted(set(counters))
        others = [(one.counter, index) for one, index in zip(found, samples_of(found), strict=True) if index != 20]
        assert all(counter == index for counter, index in others)
        assert len(others) >= 38


@pytest.mark.parametrize("lost", [1, 2, 100, 253])
def test_a_gap_is_known_by_the_counter(lost: int) -> None:
    sent = numbered(600)
    del sent[300 : 300 + lost]
    _, found = parsed(b"".join(sent))
    assert samples_of(found) == [*range(300), *range(300 + lost, 600)]


@given(data=st.binary(max_size=2000), cuts=st.lists(st.integers(0, 2000), max_size=10))
@settings(max_examples=300)
def test_any_bytes_are_borne(data: bytes, cuts: list[int]) -> None:
    state, found = parsed(data, [cut for cut in cuts if cut <= len(data)])
    assert len(state.held) < 2 * FRAME_BYTES
    assert all(len(one.channels) == 24 for one in found)
    assert (state, found) == parsed(data)


def test_an_endless_line_of_nothing_is_not_kept() -> None:
    state = frames.Received()
    for _ in range(1000):
        state, found = frames.parse(state, bytes([0xA0]) * 100)
        assert found == ()
    assert len(state.held) < 2 * FRAME_BYTES


# --- with a Daisy -------------------------------------------------------------------------------------------


def daisy_frames(samples: int) -> list[bytes]:
    """The Cyton's own channels say ten times the sample, the Daisy's ten times the other way."""
    board = Board(has_daisy=True)
    board.hear(b"b")
    # each frame is a mean with the sample before: the Daisy's up to an even one, the Cyton's up to an odd one
    own = [[10.0 * (index // 2)] * 8 for index in range(2 * samples)]
    daisy = [[-10.0 * ((index + 1) // 2)] * 8 for index in range(2 * samples)]
    sent = board.frames([[*one, *other] for one, other in zip(own, daisy, strict=True)])
    return [sent[place : place + FRAME_BYTES] for place in range(0, len(sent), FRAME_BYTES)]


def paired(sent: list[bytes], chunk: int = 7) -> list[tuple[int, float, float]]:
    """Counter, and the first channel of the Cyton and of its Daisy, of every sample."""
    state, half, told = frames.Received(), None, []
    data = b"".join(sent) + NEXT
    for start in range(0, len(data), chunk):
        state, whole = frames.parse(state, data[start : start + chunk])
        if whole:
            half, samples = pairing.paired(half, whole)
            felt = samples.microvolts
            told += zip(samples.counters, felt[0].tolist(), felt[8].tolist(), strict=True)
    return told


def test_two_frames_make_a_sample_of_sixteen() -> None:
    told = paired(daisy_frames(300))
    assert len(told) == 300
    for index, (counter, own, daisy) in enumerate(told):
        assert counter == index % 128
        assert (own, daisy) == pytest.approx((10 * index, -10 * index), abs=0.02)


@pytest.mark.parametrize("lost", [40, 41])
def test_half_a_sample_is_not_a_number(lost: int) -> None:
    sent = daisy_frames(100)
    del sent[lost]
    told = paired(sent)
    assert [counter for counter, _, _ in told] == list(range(100))
    missing = [(np.isnan(own), np.isnan(daisy)) for _, own, daisy in told]
    assert missing[20] == ((False, True) if lost == 40 else (True, False))
    assert [place for place, pair in enumerate(missing) if any(pair)] == [20]
    assert told[21][1:] == pytest.approx((210, -210), abs=0.02)


def test_a_lost_sample_of_sixteen_is_a_gap() -> None:
    sent = daisy_frames(100)
    del sent[40:42]
    assert [counter for counter, _, _ in paired(sent)] == [*range(20), *range(21, 100)]


@settings(max_examples=40)
@given(lost=st.sets(st.integers(0, 399), max_size=80), chunk=st.integers(1, 400))
def test_whatever_is_lost_the_rest_is_in_its_place(lost: set[int], chunk: int) -> None:
    sent = [one for place, one in enumerate(daisy_frames(200)) if place not in lost]
    for counter, own, daisy in paired(sent, chunk):
        assert np.isnan(own) or round(own / 10) % 128 == counter
        assert np.isnan(daisy) or round(-daisy / 10) % 128 == counter
        assert not (np.isnan(own) and np.isnan(daisy))
