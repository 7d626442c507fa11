"""Signals of the kit to other programs by Lab Streaming Layer: EEG, looks, and marks. None of them has words."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.foundation.clock import SECOND_NS, Clock
from vybor.headband.devices.lsl import library

GAZE = (("x", "ScreenX"), ("y", "ScreenY"), ("sd_x", "Deviation"), ("sd_y", "Deviation"), ("open", "Eyes"))
"""Names and types of the channels of looks; lengths in widths and heights of the screen."""
LEAD_DIGITS = 3
"""Both clocks are the machine's monotonic one: what they differ by is the time that asking takes."""


class Eeg(msgspec.Struct, frozen=True):
    """Samples that follow each other, with the capture time of the first."""

    board: str
    hz: int
    labels: tuple[str, ...]
    at_ns: int
    period_ns: float
    microvolts: NDArray[np.float32]
    """Channels x samples; not a number where they were lost."""


class Look(msgspec.Struct, frozen=True):
    """Where the eyes rest, in the order of GAZE."""

    at_ns: int
    numbers: tuple[float, ...]


class Mark(msgspec.Struct, frozen=True):
    """Something that happened (`events`) or was shown (`screens`), as JSON."""

    stream: str
    at_ns: int
    text: str


Sent = Eeg | Look | Mark


class Outlets:
    """One outlet a kind, made when the first of it is sent. Raises HeadbandMissing where liblsl does not load."""

    def __init__(self, clock: Clock) -> None:
        self._binding = library.loaded()
        self._lead_s: float = round(self._binding.local_clock() - clock.now_ns() / SECOND_NS, LEAD_DIGITS)
        self._open: dict[str, Any] = {}

    def send(self, sent: Sent) -> None:
        """Give it to whoever listens."""
        match sent:
            case Eeg():
                at_s = (sent.at_ns + np.arange(sent.microvolts.shape[1]) * sent.period_ns) / SECOND_NS
                rows = np.ascontiguousarray(sent.microvolts.T)
                self._eeg(sent).push_chunk(rows, (at_s + self._lead_s).tolist())
            case Look():
                self._looks().push_sample(list(sent.numbers), self._stamp(sent.at_ns))
            case Mark():
                self._marks(sent.stream).push_sample([sent.text], self._stamp(sent.at_ns))

    def close(self) -> None:
        """Send nothing any more; who listens is told."""
        self._open.clear()

    def _stamp(self, at_ns: int) -> float:
        return at_ns / SECOND_NS + self._lead_s

    def _eeg(self, sent: Eeg) -> Any:  # noqa: ANN401  (pylsl has no types)
        name = f"vybor {sent.board}"
        if name not in self._open:
            info = self._info(name, "EEG", len(sent.labels), sent.hz)
            info.set_channel_labels(list(sent.labels))
            info.set_channel_types("EEG")
            info.set_channel_units("microvolts")
            info.desc().append_child_value("headband", sent.board)
            self._open[name] = self._binding.StreamOutlet(info)
        return self._open[name]

    def _looks(self) -> Any:  # noqa: ANN401
        if "vybor gaze" not in self._open:
            info = self._info("vybor gaze", "Gaze", len(GAZE), self._binding.IRREGULAR_RATE)
            info.set_channel_labels([name for name, _ in GAZE])
            info.set_channel_types([kind for _, kind in GAZE])
            info.set_channel_units(["normalized"] * (len(GAZE) - 1) + ["bool"])
            self._open["vybor gaze"] = self._binding.StreamOutlet(info)
        return self._open["vybor gaze"]

    def _marks(self, stream: str) -> Any:  # noqa: ANN401
        name = f"vybor {stream}"
        if name not in self._open:
            rate, text = self._binding.IRREGULAR_RATE, self._binding.cf_string
            info = self._binding.StreamInfo(name, "Markers", 1, rate, text, _source(name))
            self._open[name] = self._binding.StreamOutlet(info)
        return self._open[name]

    def _info(self, name: str, kind: str, channels: int, hz: float) -> Any:  # noqa: ANN401
        return self._binding.StreamInfo(name, kind, channels, hz, self._binding.cf_float32, _source(name))


def _source(name: str) -> str:
    """The same after every start, so that who listens finds it again."""
    return name.replace(" ", "-")
