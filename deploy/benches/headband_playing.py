"""Whether the headband's process keeps its memory: hours of a recording played fast, from the file to the bus."""

import os
import tempfile
from pathlib import Path

import numpy as np

from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.headband.boards import BY_NAME
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.devices.choosing import chosen
from vybor.headband.devices.recorder.brainflow_csv import BrainFlowFile
from vybor.headband.port import Chunk
from vybor.headband.process import HeadbandRoom, rule_of
from world.cyton_scalp import HZ, Scalp

CYTON = BY_NAME["cyton"]
LASTS_S = 60
TURN_S = 0.25
NOTED_S = 60.0
SETTLED = 0.1
"""This part at the beginning is the interpreter's and the libraries' own growth."""


class HandClock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.at_ns = seconds(1)

    def now_ns(self) -> int:
        """Its time."""
        return self.at_ns


def of_playing(hours: float = 1.0) -> dict[str, float]:
    """By how much the process grows in an hour of a wearer's samples, by the slope over the last nine tenths."""
    with tempfile.TemporaryDirectory(prefix="vybor-bench-") as folder:
        noted = played(Path(folder), hours)
    settled = noted[round(len(noted) * SETTLED) :]
    slope, _ = np.polyfit(np.arange(len(settled)) * NOTED_S / 3600, settled, 1)
    return {"memory_mb_per_hour": float(slope), "memory.playing_mb": settled[-1]}


def played(folder: Path, hours: float) -> list[float]:
    """The memory, noted once in a minute of what is played, in MB."""
    clock = HandClock()
    settings = HeadbandSettings(board=Board.RECORDING, recording=str(recorded(folder / "worn.csv")))
    choice = chosen(settings, clock)
    acquisition = Acquisition(choice.headband, clock)
    bus = Bus("headband", folder, clock)
    room = HeadbandRoom(acquisition, rule_of(settings, choice.board), bus)
    noted: list[float] = []
    try:
        for turn in range(round(hours * 3600 / TURN_S)):
            clock.at_ns += seconds(TURN_S)
            acquisition.turn()
            room.turn(clock.now_ns())
            bus.tend()
            if turn % round(NOTED_S / TURN_S) == 0:
                noted.append(resident_mb())
    finally:
        choice.headband.stop()
        bus.close()
    return noted


def recorded(path: Path) -> Path:
    """A minute of somebody who blinks, blinks twice and clenches, as BrainFlow keeps it."""
    scalp = Scalp(seed=1)
    with path.open("wb") as file:
        written = BrainFlowFile(file, CYTON, 0.0)
        for place in range(LASTS_S):
            if place % 7 == 5:
                scalp.clench(0.6)
            elif place % 3 == 1:
                scalp.blink(0.28, 120.0)
                scalp.blink(0.28, 120.0, after_s=0.45)
            microvolts = np.asarray(scalp.samples(HZ), np.float32)
            first = place * HZ
            chunk = Chunk(
                first=first,
                microvolts=microvolts,
                at_ns=seconds(first / HZ),
                period_ns=1e9 / HZ,
                at_sd_ns=0,
            )
            written.add(chunk)
    return path


def resident_mb() -> float:
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
