"""The driver of the Cyton on a real serial line: a pseudo-terminal, with the stand-in's own process behind it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from vybor.foundation.clock import SystemClock
from vybor.headband.boards import BY_NAME
from vybor.headband.devices.cyton.headband import CytonHeadband
from vybor.headband.port import Chunk, HeadbandMissing, HeadbandStopped
from world.cyton import Cyton
from world.cyton_faults import Fault
from world.cyton_scalp import HZ, Scalp

PATIENCE_S = 10.0


@contextmanager
def stand_in(folder: Path, *options: str) -> Iterator[Cyton]:
    """A stand-in Cyton at `folder`/port."""
    control = f"ipc://{folder / 'control'}"
    command = ["-m", "world.cyton", "--port-link", str(folder / "port"), "--control", control, *options]
    child = subprocess.Popen(
        [sys.executable, *command], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    try:
        with Cyton(control) as client:
            client.come_back()  # it answers: the port is there
            yield client
    finally:
        child.terminate()
        assert child.wait(10) == 0


def driver(folder: Path, board: str = "cyton") -> CytonHeadband:
    return CytonHeadband(BY_NAME[board], SystemClock(), str(folder / "port"))


def read_until(headband: CytonHeadband, samples: int) -> list[Chunk]:
    """What comes, until it is so many samples."""
    chunks: list[Chunk] = []
    deadline = time.perf_counter() + PATIENCE_S
    while sum(chunk.end - chunk.first for chunk in chunks) < samples:
        assert time.perf_counter() < deadline, "too few samples came"
        chunks.extend(headband.read())
        time.sleep(0.02)
    return chunks


def offset_in(truth: np.ndarray, felt: np.ndarray) -> int:
    """Where in the truth (channels x samples) these samples were felt, to the last digit of the converter."""
    starts = np.flatnonzero(np.abs(truth[0, : -felt.shape[1]] - felt[0, 0]) < 0.03)
    for start in starts.tolist():
        if np.allclose(truth[:, start : start + felt.shape[1]], felt, atol=0.03):
            return int(start)
    raise AssertionError("what came was never felt")


def test_the_line_brings_what_the_electrodes_felt_damaged_or_not(tmp_path: Path) -> None:
    truth = Scalp(1).samples(60 * HZ)
    with stand_in(tmp_path) as worn:
        headband = driver(tmp_path)
        headband.start()
        whole = read_until(headband, HZ)
        offset = offset_in(truth, np.hstack([chunk.microvolts for chunk in whole]))
        for fault in (Fault.TRUNCATED, Fault.REPEATED, Fault.NOISE, Fault.LOST):
            worn.spoil(fault, 0.1)
            for chunk in read_until(headband, HZ // 2):
                felt = truth[:, offset + chunk.first : offset + chunk.end]
                assert np.allclose(felt, chunk.microvolts, atol=0.03)
        assert headband.damage.junk_bytes > 0
        assert headband.damage.odd_frames > 0
        headband.stop()


def test_a_daisy_comes_in_pairs(tmp_path: Path) -> None:
    with stand_in(tmp_path, "--daisy"):
        headband = driver(tmp_path, "cyton_daisy")
        headband.start()
        felt = np.hstack([chunk.microvolts for chunk in read_until(headband, HZ // 2)])
        headband.stop()
    sampled = Scalp(1).samples(60 * HZ)
    means = (sampled[:, :-1] + sampled[:, 1:]) / 2
    first = int(np.abs(means - felt[:8, 1:2]).max(axis=0).argmin())
    count = 2 * felt.shape[1] - 2
    assert np.allclose(felt[:8, 1:], means[:, first : first + count : 2], atol=0.03)
    assert np.allclose(felt[:7:-1, 1:], means[:, first - 1 : first - 1 + count : 2], atol=0.03)


def test_a_port_that_is_held_or_is_not_there_or_goes_is_said(tmp_path: Path) -> None:
    with pytest.raises(HeadbandMissing, match=r"port is not there; plug the dongle in, or name its port"):
        driver(tmp_path).start()
    with stand_in(tmp_path) as worn:
        headband, other = driver(tmp_path), driver(tmp_path)
        headband.start()
        with pytest.raises(HeadbandMissing, match="is in use by another program; end that first"):
            other.start()
        worn.vanish()
        with pytest.raises(HeadbandStopped, match="has gone"):
            read_until(headband, 100 * HZ)
        headband.stop()
        worn.come_back()
        worn.mute()
        with pytest.raises(HeadbandMissing, match="the board is off or far"):
            headband.start()
        headband.stop()
        worn.come_back()
        headband.start()
        assert read_until(headband, 10)[0].first == 0
        headband.stop()


def test_what_is_no_serial_port_is_said(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("letters")
    with pytest.raises(HeadbandMissing, match=r"port cannot be opened .*; name the dongle's port in headband\."):
        driver(tmp_path).start()
