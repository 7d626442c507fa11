"""For the contract of headbands: each driver, and a stand-in headband whose samples and times are known."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.foundation.clock import SECOND_NS
from vybor.foundation.headband_settings import Board, Driver, HeadbandSettings
from vybor.headband.port import Chunk, HeadbandMissing, HeadbandStopped
from world import athena_device, ganglion_device, muse_device
from world.bluetooth import ADDRESS, Bluetooth, bluetooth
from world.bluetooth_air import Weather
from world.bluez_wire import Have, SwitchOff, SwitchOn, Tell
from world.cyton import Cyton
from world.cyton_faults import Fault
from world.cyton_scalp import Scalp
from world.headband_host import Hosted

Microvolts = NDArray[np.float64]
POLL_S = 0.04


class Stand(Protocol):
    """A driver, and the world around its headband."""

    headband: Hosted
    hz: float
    within_microvolts: float
    """Rounding of the converter."""

    def true(self, first: int, count: int) -> Microvolts:
        """What the samples of these indices were, channels x samples."""
        ...

    def leave(self) -> None:
        """The headband is off, or far."""
        ...

    def come_back(self) -> None:
        """It is there again."""
        ...

    def lose_some(self) -> None:
        """Have samples lost on the way, for about half a second."""
        ...

    def spoil(self) -> None:
        """Have what is sent lost, repeated, cut short and reordered, then nothing sent at all, about a second."""
        ...

    def taken_ns(self, index: int) -> int | None:
        """When a sample was taken; None where the stand-in does not tell."""
        ...


class Kind(msgspec.Struct, frozen=True):
    """A device of the stand-in Bluetooth."""

    name: str
    board: str
    hz: float
    true: Callable[[int, int], Microvolts]


MUSE = Kind(
    "muse",
    "muse_2",
    muse_device.HZ,
    lambda first, count: np.stack([muse_device.microvolts(place, first, count) for place in range(4)]),
)
ATHENA = Kind("athena", "muse_s_athena", athena_device.HZ, athena_device.microvolts)
GANGLION = Kind("ganglion", "ganglion", ganglion_device.HZ, ganglion_device.microvolts)
NAMES = {MUSE: "Muse-1A2B", ATHENA: "MuseS-A7E4", GANGLION: "Ganglion-58f3"}


class OnRadio:
    """A headband by radio, through either driver."""

    def __init__(self, radio: Bluetooth, kind: Kind, driver: str) -> None:
        self._hand, self._kind = radio.hand, kind
        self.hz = kind.hz
        self.within_microvolts = 1e-2 if kind is GANGLION else 1e-3
        settings = HeadbandSettings(board=Board(kind.board), driver=Driver(driver), address=ADDRESS)
        self.headband = Hosted(settings, radio.environment)
        self.skipped = 12 if kind is MUSE and driver == "brainflow" else 0
        """BrainFlow gives the first packet of a Muse to nobody."""

    def true(self, first: int, count: int) -> Microvolts:
        """Each value tells which sample it is."""
        return self._kind.true(first + self.skipped, count)

    def leave(self) -> None:
        """The link drops, and nothing is advertised."""
        self._hand.wish(SwitchOff())

    def come_back(self) -> None:
        """It advertises."""
        self._hand.wish(SwitchOn())

    def lose_some(self) -> None:
        """Every fifth notification is lost."""
        self._hand.wish(Have(weather=Weather(lose=0.2)))
        wait(0.5)
        self._hand.wish(Have(weather=Weather()))

    def spoil(self) -> None:
        """Bad weather, then none."""
        for weather in (Weather(lose=0.2, repeat=0.2, truncate=0.2, swap=0.3), Weather(mute=True), Weather()):
            self._hand.wish(Have(weather=weather))
            wait(0.5)

    def taken_ns(self, index: int) -> int | None:
        """By the stand-in's own clock."""
        began_ns = self._hand.wish(Tell()).began_ns
        return began_ns + round((index + self.skipped) * SECOND_NS / self.hz)


class OnCyton:
    """A Cyton on a pseudo-terminal."""

    hz = 250.0
    within_microvolts = 0.03
    LASTS_S = 120

    def __init__(self, worn: Cyton, port: Path, driver: str) -> None:
        self._worn = worn
        settings = HeadbandSettings(board=Board.CYTON, driver=Driver(driver), serial_port=str(port))
        self.headband = Hosted(settings, {})
        self._felt = Scalp(seed=1).samples(round(self.LASTS_S * self.hz))

    def true(self, first: int, count: int) -> Microvolts:
        """The scalp's samples from where it began to stream."""
        return self._felt[:, self._began + first : self._began + first + count]

    def begin(self, chunk: Chunk) -> None:
        """Find out where in the scalp's time it began."""
        away = np.abs(self._felt - chunk.microvolts[:, :1]).max(axis=0)
        self._began = int(away.argmin()) - chunk.first

    def leave(self) -> None:
        """The dongle is pulled."""
        self._worn.vanish()

    def come_back(self) -> None:
        """The dongle is plugged in."""
        self._worn.come_back()

    def lose_some(self) -> None:
        """Out of the dongle's reach for a moment."""
        self._worn.mute()
        wait(0.3)
        self._worn.come_back()

    def spoil(self) -> None:
        """Out of reach and back, twice; then frames are lost, come twice, are cut, and noise comes between."""
        self.lose_some()
        self.lose_some()
        for fault in (Fault.LOST, Fault.REPEATED, Fault.TRUNCATED, Fault.NOISE, Fault.REORDERED):
            self._worn.spoil(fault, 0.1)
            wait(0.1)
        self._worn.spoil(Fault.LOST, 0.0)

    def taken_ns(self, index: int) -> int | None:
        """It does not tell."""
        return None


def wait(duration_s: float) -> None:
    """Let the world go on."""
    time.sleep(duration_s)


@contextmanager
def by_radio(folder: Path, kind: Kind, driver: str) -> Iterator[Stand]:
    """A device of this kind through this driver."""
    with bluetooth(folder, f"{kind.name}@{ADDRESS}@{NAMES[kind]}") as radio:
        stand = OnRadio(radio, kind, driver)
        try:
            yield stand
        finally:
            stand.headband.end()


@contextmanager
def on_cyton(folder: Path, driver: str) -> Iterator[Stand]:
    """A Cyton through this driver."""
    control = f"ipc://{folder / 'control'}"
    command = ["-m", "world.cyton", "--port-link", str(folder / "port"), "--control", control]
    child = subprocess.Popen(
        [sys.executable, *command], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    try:
        with Cyton(control) as worn:
            worn.come_back()
            stand = OnCyton(worn, folder / "port", driver)
            try:
                yield stand
            finally:
                stand.headband.end()
    finally:
        child.terminate()
        child.wait(10)


def begun(stand: Stand, limit_s: float = 30.0) -> list[Chunk]:
    """Start until samples come; returns the first."""
    deadline = time.perf_counter() + limit_s
    while True:
        assert time.perf_counter() < deadline, "no samples came"
        try:
            stand.headband.start()
            if chunks := read_until(stand, bool, 3.0):
                if isinstance(stand, OnCyton):
                    stand.begin(chunks[0])
                return chunks
        except (HeadbandMissing, HeadbandStopped):
            wait(0.3)
        stand.headband.stop()


def read_for(stand: Stand, duration_s: float) -> list[Chunk]:
    """What comes in that time."""
    return read_until(stand, lambda _: False, duration_s)


def read_until(stand: Stand, enough: Callable[[list[Chunk]], bool], limit_s: float) -> list[Chunk]:
    """What comes until it is enough, or until the limit."""
    chunks: list[Chunk] = []
    deadline = time.perf_counter() + limit_s
    while time.perf_counter() < deadline and not enough(chunks):
        chunks.extend(stand.headband.read())
        wait(POLL_S)
    return chunks


def wrong(stand: Stand, chunks: list[Chunk]) -> int:
    """Samples that are there, and are not what was sampled at their index."""
    count = 0
    for chunk in chunks:
        away = np.abs(chunk.microvolts - stand.true(chunk.first, chunk.end - chunk.first))
        count += int((np.nan_to_num(away) > stand.within_microvolts).sum())
    return count


def lost(chunks: list[Chunk]) -> int:
    """Samples between the first and the last that are not there."""
    there = sum(int(np.isfinite(chunk.microvolts).sum()) for chunk in chunks)
    return (chunks[-1].end - chunks[0].first) * chunks[0].microvolts.shape[0] - there
