"""The bench of drivers: it knows a sample in a wrong place, and electrodes that were not sampled together."""

from pathlib import Path
from typing import cast

import numpy as np
import pytest

from benches import goals
from benches import headband_devices as bench
from benches import headband_playing as playing
from vybor.headband.devices.muse.headband import MuseHeadband
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.playback.recorded import whole
from vybor.headband.port import Chunk, HeadbandMissing
from world import headband_host, muse_device


def chunk(first: int, shifted: int = 0) -> Chunk:
    """A hundred samples; those of the second electrode are of `shifted` samples later."""
    rows = [muse_device.microvolts(place, first + (shifted if place == 1 else 0), 100) for place in range(4)]
    microvolts = np.stack(rows).astype(np.float32)
    return Chunk(first=first, microvolts=microvolts, at_ns=0, period_ns=1e9 / 256, at_sd_ns=0)


def test_a_sample_in_a_wrong_place_is_seen() -> None:
    assert bench.fits(chunk(5_000)).all()
    assert bench.fits(chunk(5_000, shifted=12)).sum() == 300


def test_electrodes_that_are_shifted_are_seen_whatever_the_index() -> None:
    assert bench.skewed([chunk(0), chunk(7_777)]) == 0
    assert bench.skewed([chunk(0), chunk(7_777, shifted=12)]) == 0.5
    assert bench.skewed([]) is None  # nothing came: that is not known


def test_samples_are_lost_that_are_not_there_and_that_nothing_came_of(monkeypatch: pytest.MonkeyPatch) -> None:
    half, shifted = chunk(5_100), chunk(5_200, shifted=12)
    half.microvolts[:2] = np.nan
    given = iter([[half], [shifted], [chunk(5_400)]])
    found = bench.losses(lambda: next(given, []), 5_100, 500)
    assert found["lost.packets"] == pytest.approx((200 + 400) / 12)
    assert found["lost.share"] == pytest.approx(600 / (600 + 200 + 400 + 400))
    assert found["lost.samples_in_a_wrong_place"] == 100
    monkeypatch.setattr(bench, "PATIENCE_S", 0.0)
    with pytest.raises(TimeoutError, match="no sample has come"):
        bench.losses(list, 5_100, 500)
    with pytest.raises(TimeoutError, match="no sample has come"):
        bench.first_of(cast(MuseHeadband, Faltering()))


class Faltering:
    """A headband that gives so many samples, and then nothing."""

    def __init__(self, *chunks: Chunk) -> None:
        self._chunks = [*chunks]

    def start(self) -> None:
        pass

    def read(self) -> tuple[Chunk, ...]:
        return (self._chunks.pop(0),) if self._chunks else ()

    def stop(self) -> None:
        pass


def test_a_driver_that_does_not_stream_costs_little_and_that_is_no_figure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(headband_host, "PATIENCE_S", 0.2)
    with pytest.raises(HeadbandMissing, match="no sample has come"):
        headband_host._spent(Faltering(), 0.1)
    with pytest.raises(HeadbandMissing, match="s of samples came"):
        headband_host._spent(Faltering(chunk(0)), 1.4)


def test_where_nothing_arrives_no_sample_stands_in_a_wrong_place_and_the_goal_is_missed() -> None:
    (run,) = (run for run in goals.runs(goals.TABLE) if run.name == "headband-devices")
    empty = chunk(5_100)
    empty.microvolts[:] = np.nan
    found = bench.losses(lambda: [empty], 5_100, 300)
    assert goals.is_reached(found["lost.samples_in_a_wrong_place"], run.goals["lost.samples_in_a_wrong_place"])
    assert not goals.is_reached(found["lost.share"], run.goals["lost.share"])
    assert goals.is_reached(bench.LOSES.lose, run.goals["lost.share"])


def test_an_hour_grows_by_nothing_worth_naming() -> None:
    grown = bench.of_memory(hours=0.01)
    assert grown["memory.hour_growth_mb"] < 20
    assert grown["memory.mb"] == pytest.approx(bench.resident_mb(), abs=20)


@pytest.mark.slow
def test_what_is_played_from_the_file_to_the_bus_keeps_its_memory(tmp_path: Path) -> None:
    """Two minutes; that of an hour is the bench's."""
    noted = playing.played(tmp_path, hours=0.05)
    assert len(noted) == 3
    assert noted[-1] - noted[1] < 20
    minute = whole(opened(tmp_path / "worn.csv"))
    assert minute.shape == (8, 60 * 250)
    assert np.isfinite(minute).all()
