"""What a real Athena said, said again by radio: each driver gives the samples that are in it, at their places."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from unit.test_headband_real_recording import recording as kept
from vybor.foundation.headband_settings import Board, Driver, HeadbandSettings
from vybor.headband.devices.muse import athena
from vybor.headband.port import Chunk, HeadbandMissing
from world import athena_device
from world.bluetooth import ADDRESS, Bluetooth, bluetooth
from world.bluez import RECORDING
from world.headband_host import Hosted

SECONDS = 4.0


@pytest.fixture
def recording() -> Path:
    return kept("athena_p1041.txt")


@pytest.fixture
def radio(recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bluetooth]:
    monkeypatch.setenv(RECORDING, str(recording))
    with bluetooth(tmp_path, f"recorded_athena@{ADDRESS}@MuseS-A7E4") as made:
        yield made


def truth(recording: Path) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """The recording's first seconds, block after block."""
    blocks = [
        athena.microvolts(block)
        for after_s, (_, notification) in athena_device.said_in(recording)
        for packet in athena.packets_in(notification)
        for block in packet.blocks
        if after_s < 4 * SECONDS and block.tag in athena.ELECTRODES
    ]
    return np.hstack(blocks)


def given(hosted: Hosted) -> list[Chunk]:
    chunks: list[Chunk] = []
    deadline = time.perf_counter() + 20
    while not chunks:
        assert time.perf_counter() < deadline
        try:
            hosted.start()
            until = time.perf_counter() + SECONDS
            while time.perf_counter() < until:
                chunks.extend(hosted.read())
                time.sleep(0.04)
        except HeadbandMissing:
            hosted.stop()
    return chunks


@pytest.mark.parametrize(
    "driver", [pytest.param(Driver.DIRECT, id="direct"), pytest.param(Driver.BRAINFLOW, marks=pytest.mark.slow)]
)
def test_what_a_real_one_said_is_what_comes_out(radio: Bluetooth, recording: Path, driver: Driver) -> None:
    settings = HeadbandSettings(board=Board.MUSE_S_ATHENA, driver=driver, address=ADDRESS)
    hosted = Hosted(settings, radio.environment)
    try:
        chunks = given(hosted)
        hosted.stop()
    finally:
        hosted.end()
    true = truth(recording)
    assert chunks[-1].end > 0.7 * SECONDS * athena.HZ
    for chunk in chunks:
        assert np.allclose(chunk.microvolts, true[:, chunk.first : chunk.end], atol=1e-3)
