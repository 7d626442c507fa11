"""What a headband's drivers cost and keep: processor, coming back, lost packets, memory, on a stand-in Muse 2."""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benches import options, report
from benches.headband_playing import of_playing, resident_mb
from benches.headband_truth import to_be_had
from vybor.foundation.clock import SECOND_NS, SystemClock
from vybor.foundation.headband_settings import Board, Driver, HeadbandSettings
from vybor.headband.boards import BY_NAME
from vybor.headband.detecting import gestures
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.devices.link import Phase
from vybor.headband.devices.muse import packets
from vybor.headband.devices.muse.classic import Classic
from vybor.headband.devices.muse.headband import MuseHeadband
from vybor.headband.port import Chunk, HeadbandMissing
from world import muse_device
from world.bluetooth import ADDRESS, Bluetooth, bluetooth
from world.bluetooth_air import Weather
from world.bluez_wire import Have, SwitchOff, SwitchOn
from world.headband_host import Hosted

PARTS = ("processor", "back", "lost", "skew", "memory", "playing")
MUSE = BY_NAME["muse_2"]
PATIENCE_S = 60.0
LOST_PACKETS = 10_000
LOSES = Weather(lose=0.5)
SPEED = 4.0
"""How much faster than its rate the headband samples while packets are lost: half an hour takes none."""
SKEW = Weather(lose=0.02)


def main() -> None:
    """Measure, print, and write the figures."""
    parser = argparse.ArgumentParser(prog="deploy/bench headband_devices", description=__doc__)
    parser.add_argument("--share", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=options.positive, default=30, help="of each driver, for the processor")
    parser.add_argument("--drops", type=options.positive, default=40, help="links to lose and take up again")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this one; may be said again")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    found = figures(parsed.part or PARTS, parsed.seconds, parsed.drops)
    report.write("headband_devices", found, parsed.json)


def figures(parts: Sequence[str] = PARTS, cpu_s: float = 30.0, drops: int = 40) -> dict[str, float]:
    """Those of the parts; all of them take nine minutes."""
    measures: dict[str, Callable[[], dict[str, float]]] = {
        "processor": lambda: of_processor(cpu_s),
        "back": lambda: of_coming_back(drops),
        "lost": of_lost_packets,
        "skew": of_skew,
        "memory": of_memory,
        "playing": of_playing,
    }
    found: dict[str, float] = {}
    for part in parts:
        found |= measures[part]()
    return found


def of_processor(duration_s: float) -> dict[str, float]:
    """What each driver uses of one core while it streams, one after the other on one stand-in headband."""
    used: dict[str, float] = {}
    with on_air() as radio:
        for driver in (Driver.DIRECT, Driver.BRAINFLOW, Driver.DIRECT, Driver.BRAINFLOW):
            hosted = Hosted(worn(driver), radio.environment)
            try:
                used[driver] = used.get(driver, 0.0) + hosted.spend(duration_s / 2) / 2
            finally:
                hosted.end()
    return {
        "cpu.bleak": used[Driver.DIRECT],
        "cpu.brainflow": used[Driver.BRAINFLOW],
        "ratio.cpu_bleak_vs_brainflow": used[Driver.DIRECT] / used[Driver.BRAINFLOW],
    }


def of_coming_back(drops: int) -> dict[str, float]:
    """From the first advertisement to the first samples, and from the drop to the news of it."""
    back_s, said_s, drawn = [], [], random.Random(1)
    with on_air() as radio:
        acquisition = Acquisition(MuseHeadband(MUSE, SystemClock(), ADDRESS), SystemClock())
        acquisition.begin()
        try:
            until(acquisition, streaming=True)
            for _ in range(drops):
                off_ns = radio.hand.wish(SwitchOff()).at_ns
                said_s.append((until(acquisition, streaming=False) - off_ns) / SECOND_NS)
                time.sleep(drawn.uniform(0.2, 6.0))
                on_ns = radio.hand.wish(SwitchOn()).at_ns
                back_s.append((until(acquisition, streaming=True) - on_ns) / SECOND_NS)
        finally:
            acquisition.end()
    return {
        "reconnect_s.p50": float(np.quantile(back_s, 0.5)),
        "reconnect_s.p95": float(np.quantile(back_s, 0.95)),
        "reconnect_s.most": max(back_s),
        "reconnect.count": float(drops),
        "drop_said_s.p95": float(np.quantile(said_s, 0.95)),
    }


def of_lost_packets() -> dict[str, float]:
    """Electrodes' packets lost on the way: how many, which share, and samples that then stood in a wrong place."""
    with on_air(SPEED) as radio:
        headband = MuseHeadband(MUSE, SystemClock(), ADDRESS)
        headband.start()
        try:
            end = first_of(headband)
            radio.hand.wish(Have(weather=LOSES))
            return losses(headband.read, end, LOST_PACKETS * packets.SAMPLES)
        finally:
            headband.stop()


def losses(read: Callable[[], Sequence[Chunk]], end: int, least: int) -> dict[str, float]:
    """What was lost behind the sample `end`, until so many samples were. Raises TimeoutError if nothing comes."""
    lost = wrong = there = 0
    came_s = time.perf_counter()
    while lost < least:
        for chunk in read():
            present = np.isfinite(chunk.microvolts)
            wrong += int((present & ~fits(chunk)).sum())
            there += int(present.sum())
            lost += 4 * (chunk.first - end) + int((~present).sum())
            end, came_s = chunk.end, time.perf_counter()
        if time.perf_counter() - came_s > PATIENCE_S:
            raise TimeoutError(f"no sample has come for {PATIENCE_S:.0f} s")
    return {
        "lost.packets": lost / packets.SAMPLES,
        "lost.share": lost / (lost + there),
        "lost.samples_in_a_wrong_place": float(wrong),
    }


def of_skew() -> dict[str, float]:
    """After lost packets: the share of samples whose four electrodes were not sampled together."""
    found: dict[str, float | None] = {}
    with on_air() as radio:
        for driver in (Driver.DIRECT, Driver.BRAINFLOW):
            radio.hand.wish(Have(weather=Weather()))
            hosted = hosting(radio, driver)
            try:
                read_for(hosted, 1.0)
                radio.hand.wish(Have(weather=SKEW))
                read_for(hosted, 10.0)
                radio.hand.wish(Have(weather=Weather()))
                read_for(hosted, 1.0)
                found[f"skew.{'bleak' if driver is Driver.DIRECT else driver}"] = skewed(read_for(hosted, 3.0))
                hosted.stop()
            finally:
                hosted.end()
    return to_be_had(found)


def of_memory(hours: float = 1.0) -> dict[str, float]:
    """What the process grows by while so many hours of packets are put together and looked through."""
    language, rule, state = Classic(), gestures.Rule(MUSE, pair_s=0.7), None
    settled_mb = 0.0
    groups = round(hours * 3600 * muse_device.HZ / packets.SAMPLES)
    for number in range(groups):
        at_ns = round(number * packets.SAMPLES * SECOND_NS / muse_device.HZ)
        for place, uuid in enumerate(packets.EEG):
            codes = muse_device.codes(place, number * packets.SAMPLES, packets.SAMPLES)
            language.take(uuid, (number % packets.COUNTERS).to_bytes(2, "big") + muse_device.packed(codes), at_ns)
        for chunk in language.give(at_ns):
            state, _ = gestures.step(state, chunk, rule)
        if number == groups // 10:
            settled_mb = resident_mb()
    return {"memory.hour_growth_mb": resident_mb() - settled_mb, "memory.mb": resident_mb()}


@contextmanager
def on_air(speed: float = 1.0) -> Iterator[Bluetooth]:
    """A stand-in Muse 2, and this process's Bluetooth is the stand-in."""
    before = os.environ.get("DBUS_SYSTEM_BUS_ADDRESS")
    with (
        tempfile.TemporaryDirectory(prefix="vybor-bench-") as folder,
        bluetooth(Path(folder), speed=speed) as radio,
    ):
        os.environ.update(radio.environment)
        try:
            yield radio
        finally:
            os.environ.pop("DBUS_SYSTEM_BUS_ADDRESS")
            if before is not None:
                os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = before


def worn(driver: Driver) -> HeadbandSettings:
    """The stand-in Muse 2 by this driver."""
    return HeadbandSettings(board=Board.MUSE_2, driver=driver, address=ADDRESS)


def hosting(radio: Bluetooth, driver: Driver) -> Hosted:
    """A driver in a process of its own, which streams."""
    hosted = Hosted(worn(driver), radio.environment)
    deadline = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < deadline:
        try:
            hosted.start()
            if read_for(hosted, 1.0):
                return hosted
        except HeadbandMissing:
            time.sleep(0.5)
        hosted.stop()
    hosted.end()
    raise TimeoutError(f"the driver {driver} gave no samples within {PATIENCE_S:.0f} s")


def read_for(hosted: Hosted, duration_s: float) -> list[Chunk]:
    """What comes in that time."""
    chunks: list[Chunk] = []
    deadline = time.perf_counter() + duration_s
    while time.perf_counter() < deadline:
        chunks.extend(hosted.read())
        time.sleep(0.04)
    return chunks


def until(acquisition: Acquisition, *, streaming: bool) -> int:
    """Wait until it streams, or does not any more; returns when, CLOCK_MONOTONIC nanoseconds."""
    clock, deadline = SystemClock(), time.perf_counter() + PATIENCE_S
    acquisition.take()
    while (acquisition.link.phase is Phase.STREAMING) is not streaming:
        if time.perf_counter() > deadline:
            raise TimeoutError(f"it did not come: {acquisition.link.detail}")
        time.sleep(0.002)
        acquisition.take()
    return clock.now_ns()


def first_of(headband: MuseHeadband) -> int:
    """Read until there are samples; returns the index after the last of them. Raises TimeoutError."""
    deadline = time.perf_counter() + PATIENCE_S
    while not (chunks := headband.read()):
        if time.perf_counter() > deadline:
            raise TimeoutError(f"no sample has come for {PATIENCE_S:.0f} s")
    return chunks[-1].end


def fits(chunk: Chunk) -> NDArray[np.bool_]:
    """Which samples are those that were taken at their index."""
    count = chunk.end - chunk.first
    true = np.stack([muse_device.microvolts(place, chunk.first, count) for place in range(4)])
    return np.asarray(np.abs(np.nan_to_num(chunk.microvolts) - true) < 1e-3)


def skewed(chunks: list[Chunk]) -> float | None:
    """The share of samples whose electrodes say that they are of different times; None if none came whole."""
    microvolts = np.hstack([chunk.microvolts for chunk in chunks]) if chunks else np.zeros((4, 0))
    whole = microvolts[:, np.isfinite(microvolts).all(axis=0)]
    codes = np.round(whole / packets.MICROVOLTS).astype(np.int64) + packets.MIDDLE
    taken = [
        (codes[place] - 911 * place) * pow(step, -1, 4096) % 4096 for place, step in enumerate(muse_device.STEPS)
    ]
    apart = np.any([one != taken[0] for one in taken[1:]], axis=0)
    return float(apart.mean()) if apart.size else None


if __name__ == "__main__":
    main()
