"""Packets of a Muse S Athena: a real one is understood to the last byte; no other bytes raise or misplace."""

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.headband.devices.muse import athena, packets
from vybor.headband.port import Chunk
from world import athena_device as world

RECORDING = Path(os.environ.get("VYBOR_DATA", "/nowhere")) / "eeg" / "athena_p1041.txt"
MS = 1_000_000
PACKET_MS = world.BLOCKS * world.SAMPLES * 1000 / world.HZ


@pytest.fixture(scope="module")
def said() -> list[tuple[float, tuple[str, bytes]]]:
    if not RECORDING.exists():
        pytest.skip("the recording of an Athena is not here")
    return world.said_in(RECORDING)


def understood(said: list[tuple[float, tuple[str, bytes]]]) -> tuple[athena.Athena, list[Chunk]]:
    language, chunks = athena.Athena(), []
    for after_s, (uuid, notification) in said:
        at_ns = round(after_s * 1e9)
        assert language.take(uuid, notification, at_ns)
        chunks.extend(language.give(at_ns))
    chunks.extend(language.give(round(said[-1][0] * 1e9) + 10**9))
    return language, chunks


def joined(chunks: list[Chunk]) -> dict[int, tuple[float, ...]]:
    """Each sample by its index."""
    return {
        chunk.first + place: tuple(chunk.microvolts[:, place])
        for chunk in chunks
        for place in range(chunk.microvolts.shape[1])
    }


def test_every_byte_of_a_real_one_is_understood(said: list[tuple[float, tuple[str, bytes]]]) -> None:
    for _, (_, notification) in said:
        found = athena.packets_in(notification)
        whole = sum(
            athena.HEAD
            + sum(len(block.payload) for block in one.blocks)
            + athena.BLOCK_HEAD * (len(one.blocks) - 1)
            for one in found
        )
        assert whole == len(notification)


def test_a_minute_of_a_real_one_comes_without_a_gap(said: list[tuple[float, tuple[str, bytes]]]) -> None:
    language, chunks = understood(said)
    assert all(later.first == earlier.end for earlier, later in pairwise(chunks))
    assert (chunks[-1].end - chunks[0].first) / said[-1][0] == pytest.approx(256, rel=0.01)
    microvolts = np.hstack([chunk.microvolts for chunk in chunks])
    assert np.isfinite(microvolts).all()
    assert np.abs(microvolts).max() <= 725.1
    pulled = np.hstack([chunk.motion.accel for chunk in chunks if chunk.motion])
    assert np.median(np.sqrt((pulled**2).sum(axis=0))) == pytest.approx(1, abs=0.05)
    assert language.battery
    assert 0 < language.battery <= 100


def test_what_a_real_one_loses_is_a_gap_and_shifts_nothing(said: list[tuple[float, tuple[str, bytes]]]) -> None:
    whole = joined(understood(said)[1])
    drawn = np.random.default_rng(1).random(len(said))
    torn = [one for one, chance in zip(said, drawn, strict=True) if chance > 0.3 or one is said[0]]
    torn = [one for one in torn if not 20 < one[0] < 25]
    left = joined(understood(torn)[1])
    assert len(left) < 0.75 * len(whole)
    assert all(whole[index] == sample for index, sample in left.items())


def notification(number: int, counter: int = 0) -> bytes:
    first = number * world.BLOCKS
    blocks = [(world.EEG_TAG, block, world.electrodes(block)) for block in range(first, first + world.BLOCKS)]
    blocks.append((world.MOTION_TAG, number, world.moved(number)))
    return world.packet((counter + number) % 65_536, round(number * PACKET_MS), blocks)


FATE = st.tuples(st.sampled_from(["come", "come", "lost", "twice", "late", "cut"]), st.integers(1, 90))
FATES = st.lists(FATE, max_size=10).map(lambda each: [fate for fate, times in each for _ in range(times)])
"""What becomes of packets, one after the other; more are lost in a row than their blocks can count."""


@settings(deadline=None)
@given(fates=FATES, counter=st.integers(0, 65_535), cut=st.integers(0, 200), stall_ms=st.integers(0, 20_000))
def test_what_is_lost_leaves_a_gap_and_shifts_nothing(
    fates: list[str], counter: int, cut: int, stall_ms: int
) -> None:
    language, chunks, late = athena.Athena(), [], b""
    language.take(packets.ATHENA, notification(0, counter), 0)
    for number, fate in enumerate(fates, start=1):
        at_ns = round((number * PACKET_MS + (stall_ms if number > 20 else 0)) * MS)
        packet = notification(number, counter)
        came = {"come": [packet], "lost": [], "twice": [packet] * 2, "late": [], "cut": [packet[:cut]]}[fate]
        for one in [*came, late]:
            language.take(packets.ATHENA, one, at_ns)
        late = packet if fate == "late" else b""
        chunks.extend(language.give(at_ns))
    chunks.extend(language.give(10**12))
    for chunk in chunks:
        true = world.microvolts(chunk.first, chunk.end - chunk.first)
        assert np.allclose(chunk.microvolts, true, atol=1e-3)
    assert [chunk.first for chunk in chunks] == sorted({chunk.first for chunk in chunks})


@settings(deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=255), st.integers(0, 10**10)), max_size=30))
def test_no_bytes_raise_or_run_backwards(said: list[tuple[bytes, int]]) -> None:
    language, at_ns, end = athena.Athena(), 0, 0
    for body, step_ns in said:
        at_ns += step_ns
        for one in (body, bytes([max(len(body), athena.HEAD)]) + body[1:9] + b"\x12" + body[10:]):
            language.take(packets.ATHENA, one, at_ns)
        for chunk in language.give(at_ns):
            assert chunk.first >= end
            end = chunk.end
            assert chunk.microvolts.shape[0] == athena.ROWS
