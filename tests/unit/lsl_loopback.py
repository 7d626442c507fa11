"""The driver of Lab Streaming Layer against a real outlet; test_headband_lsl.py runs this on its own loopback.

What is sent says which sample it is; the times are those of the sender.
"""

import time
from collections.abc import Callable

import numpy as np
import pytest

from vybor.foundation.clock import SECOND_NS, SystemClock, seconds
from vybor.headband.boards import BY_NAME
from vybor.headband.devices.lsl import headband as driver
from vybor.headband.devices.lsl.headband import LslHeadband
from vybor.headband.port import Chunk, HeadbandMissing, HeadbandStopped
from vybor.streams import library

HZ = 256
LABELS = ("Right AUX", "TP9", "AF7", "AF8", "TP10")
pylsl = library.loaded()


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are on this machine."""
    monkeypatch.setattr(driver, "LOOK_S", 1.0)


def outlet(
    name: str = "Muse-1", hz: float = HZ, labels: tuple[str, ...] = LABELS, unit: str = "microvolts"
) -> object:
    info = pylsl.StreamInfo(name, "EEG", len(labels), hz, pylsl.cf_float32, f"{name}-{hz}")
    info.set_channel_labels(list(labels))
    info.set_channel_units(unit)
    return pylsl.StreamOutlet(info)


class Sender:
    """Sends eight samples at a time, as a Muse's do."""

    def __init__(self, sent: object) -> None:
        self._push: Callable[[list[float], float], None] = sent.push_sample  # type: ignore[attr-defined]
        self.began_s = pylsl.local_clock()
        self.index = 0
        self.away_s = 0.0

    def send(self, until_s: float, skip: int = 0) -> None:
        self.index += skip
        while self.index < until_s * HZ:
            for _ in range(8):
                numbers = [-1.0, *(self.index + 1000.0 * place for place in range(4))]
                self._push(numbers, self.began_s + self.away_s + self.index / HZ)
                self.index += 1
            if (early_s := self.began_s + self.index / HZ - pylsl.local_clock()) > 0:
                time.sleep(early_s)


def worn(name: str = "Muse-1", board: str = "muse_2") -> LslHeadband:
    return LslHeadband(BY_NAME[board], SystemClock(), name)


def take(headband: LslHeadband, enough: Callable[[list[Chunk]], bool] = bool) -> list[Chunk]:
    chunks: list[Chunk] = []
    for _ in range(100):
        chunks.extend(headband.read())
        if enough(chunks):
            return chunks
        time.sleep(0.02)
    raise AssertionError("it did not come")


def test_samples_come_with_their_index_and_time_and_a_gap_is_seen() -> None:
    sent = outlet()
    headband = worn("*")
    assert headband.read() == ()
    headband.start()
    sender = Sender(sent)
    sender.send(0.5)
    began_ns = round(sender.began_s * SECOND_NS)
    before = take(headband, lambda chunks: bool(chunks) and chunks[-1].end >= HZ // 2)
    sender.send(1.5, skip=HZ // 2)
    after = take(headband, lambda chunks: bool(chunks) and chunks[-1].end >= 3 * HZ // 2)
    for chunk in [*before, *after]:
        assert chunk.microvolts[:, 0].tolist() == [chunk.first + 1000.0 * place for place in range(4)]
        assert abs(chunk.at_ns - began_ns - chunk.first * SECOND_NS / HZ) < seconds(0.02)
    indices = {index for chunk in [*before, *after] for index in range(chunk.first, chunk.end)}
    assert indices == {*range(HZ // 2), *range(HZ, 3 * HZ // 2)}
    sender.away_s = 5000.0  # somebody sets the sender's clock
    sender.send(2.0)
    later = take(headband, lambda chunks: bool(chunks) and chunks[-1].end >= 2 * HZ)
    assert all(abs(chunk.at_ns - began_ns - chunk.first * SECOND_NS / HZ) < seconds(0.2) for chunk in later)
    headband.stop()
    assert headband.read() == ()


@pytest.mark.slow
def test_a_sender_that_ends_is_said_and_found_again() -> None:
    sent = outlet()
    headband = worn()
    headband.start()
    Sender(sent).send(0.2)
    assert take(headband)
    sent = None
    with pytest.raises(HeadbandStopped, match="the stream Muse-1 has ended; see that it is sent"):
        take(headband, lambda chunks: False)
    headband.stop()
    with pytest.raises(HeadbandMissing, match="no stream Muse-1 of EEG is sent near here; start its sender"):
        headband.start()
    sent = outlet()
    headband.start()
    Sender(sent).send(0.2)
    assert take(headband)[0].first == 0
    headband.stop()


@pytest.mark.slow
def test_what_does_not_fit_is_one_sentence() -> None:
    one, other = outlet(), outlet("Muse-1", 250.0)
    with pytest.raises(HeadbandMissing, match=r"Muse-1 from \S+ and Muse-1 from \S+ could both be meant"):
        worn().start()
    with pytest.raises(HeadbandMissing, match="no stream Muse-2 of EEG is sent near here, only Muse-1"):
        worn("Muse-2").start()
    one = other = None
    fast = outlet("fast", 512.0)
    with pytest.raises(
        HeadbandMissing, match=r"fast has 5 channels at 512 samples a second, and a muse_2 has 4 at"
    ):
        worn("fast").start()
    odd = outlet("odd", HZ, LABELS, "furlongs")
    with pytest.raises(HeadbandMissing, match=r"odd has its samples in 'furlongs', and microvolts, millivolts"):
        worn("odd").start()
    assert {(stream.name, stream.labels) for stream in driver.streams()} == {("fast", LABELS), ("odd", LABELS)}
    assert (one, other, bool(fast), bool(odd)) == (None, None, True, True)


@pytest.mark.slow
def test_volts_without_names_are_microvolts_of_a_cyton() -> None:
    info = pylsl.StreamInfo("plain", "EEG", 8, 250.0, pylsl.cf_double64, "plain")
    info.set_channel_units("V")
    sent = pylsl.StreamOutlet(info)
    headband = worn("plain", "cyton")
    headband.start()
    sent.push_sample([1e-6 * place for place in range(7)] + [float("inf")])
    (chunk,) = take(headband)
    assert chunk.microvolts[:7, 0] == pytest.approx(np.arange(7), abs=1e-5)
    assert np.isnan(chunk.microvolts[7, 0])
