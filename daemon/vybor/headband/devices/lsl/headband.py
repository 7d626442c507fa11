"""A headband whose samples another program sends by Lab Streaming Layer."""

import contextlib
from typing import Any

import msgspec
import numpy as np

from vybor.foundation.clock import Clock
from vybor.headband.boards import Board
from vybor.headband.devices import layout
from vybor.headband.devices.lsl import library, stamps
from vybor.headband.devices.timeline import dated
from vybor.headband.port import Chunk, HeadbandMissing, HeadbandStopped, Microvolts

ANY = "*"
TYPE = "EEG"
LOOK_S = 1.5
OPEN_S = 3.0
BUFFER_S = 60
"""What nobody has taken for longer is lost, and is a gap."""
MOST = 4096
"""Samples taken at once."""


class Stream(msgspec.Struct, frozen=True):
    """A stream of EEG that somebody sends."""

    name: str
    source: str
    host: str
    channels: int
    hz: float
    labels: tuple[str, ...] = ()
    """What its sender calls the channels, if it says so at once."""

    @property
    def told(self) -> str:
        """In words."""
        return f"{self.name} ({self.channels} channels at {self.hz:g}, from {self.host})"


class LslHeadband:
    """The stream of that name, which must have the channels of the board; with `*` the only one there is."""

    def __init__(self, board: Board, clock: Clock, name: str) -> None:
        self._board = board
        self._clock = clock
        self._name = name
        self._told = "the stream of EEG" if name == ANY else f"the stream {name}"
        self._inlet: Any = None
        self._places: list[int] = []
        self._scales: Microvolts = np.ones((0, 1), np.float32)
        self._stamps = stamps.begin(board.hz)

    def start(self) -> None:
        """Find the stream and begin to take its samples. Raises HeadbandMissing; then call `stop`."""
        self.stop()
        binding = library.loaded()
        try:
            info = _only(found(binding), self._name)
            self._inlet = binding.StreamInlet(info, max_buflen=BUFFER_S, recover=False, as_numpy=True)
            told = self._inlet.info(OPEN_S)
            self._inlet.open_stream(OPEN_S)
            self._inlet.time_correction(OPEN_S)
            self._fit_to(told)
        except (TimeoutError, RuntimeError) as error:
            raise HeadbandMissing(f"{self._told} does not open ({error}); see that it is sent") from None
        self._stamps = stamps.begin(self._board.hz)

    def read(self) -> tuple[Chunk, ...]:
        """The samples since the last call. Raises HeadbandStopped."""
        if self._inlet is None:
            return ()
        binding = library.loaded()
        try:
            series, at_s = self._inlet.pull_chunk(timeout=0.0, max_samples=MOST)
            correction_s = self._inlet.time_correction(OPEN_S) if len(at_s) else 0.0
        except (TimeoutError, RuntimeError):
            raise HeadbandStopped(f"{self._told} has ended; see that it is sent") from None
        if not len(at_s):
            return ()
        now_ns = self._clock.now_ns()
        ours_s = now_ns / 1e9 - binding.local_clock() + correction_s
        at_ns = [stamps.whole_ns(one) for one in (np.asarray(at_s, np.float64) + ours_s).tolist()]
        self._stamps, runs = stamps.placed(self._stamps, at_ns, now_ns)
        microvolts = self._microvolts(np.asarray(series))
        return tuple(dated(self._stamps.fit, index, microvolts[:, start:end]) for index, start, end in runs)

    def stop(self) -> None:
        """Let go of the stream."""
        self._inlet = None  # liblsl closes it when nobody has it any more

    def _fit_to(self, told: Any) -> None:  # noqa: ANN401  (pylsl has no types)
        labels = [label or "" for label in told.get_channel_labels() or ()]
        units = told.get_channel_units() or ()
        try:
            places = layout.of_board(self._board, labels, told.channel_count(), told.nominal_srate())
            scales = [layout.microvolts_of(units[place] or "") if units else 1.0 for place in places]
        except layout.Unfit as unfit:
            raise HeadbandMissing(f"the stream {told.name()} {unfit}; mend headband.board or the sender") from None
        self._places, self._scales = list(places), np.array(scales, np.float32)[:, None]

    def _microvolts(self, series: "np.ndarray[tuple[int, int], Any]") -> Microvolts:
        """Channels x samples of the board."""
        with np.errstate(all="ignore"):
            scaled = series[:, self._places].T.astype(np.float32) * self._scales
        return np.where(np.isfinite(scaled), scaled, np.float32(np.nan))


def streams() -> tuple[Stream, ...]:
    """Every stream of EEG that is sent near here. Raises HeadbandMissing where the library does not load."""
    return tuple(_stream(binding, info) for binding in (library.loaded(),) for info in found(binding))


def _stream(binding: Any, info: Any) -> Stream:  # noqa: ANN401  (pylsl has no types)
    labels: tuple[str, ...] = ()
    # a sender that does not answer any more is told without the names of its channels
    with contextlib.suppress(TimeoutError, RuntimeError):
        whole = binding.StreamInlet(info, recover=False).info(LOOK_S)
        labels = tuple(label or "" for label in whole.get_channel_labels() or ())
    return Stream(
        info.name(), info.source_id(), info.hostname(), info.channel_count(), info.nominal_srate(), labels
    )


def found(binding: Any) -> list[Any]:  # noqa: ANN401  (pylsl has no types)
    """What pylsl says of each of them."""
    there = [info for info in binding.resolve_streams(LOOK_S) if info.type().upper() == TYPE]
    return [info for info in there if info.channel_format() != binding.cf_string]


def _only(there: list[Any], name: str) -> Any:  # noqa: ANN401  (pylsl has no types)
    """The stream that is meant. Raises HeadbandMissing."""
    meant = [info for info in there if name in {ANY, info.name()}]
    if len(meant) == 1:
        return meant[0]
    if not meant:
        others = ", ".join(sorted({info.name() for info in there}))
        wanted = "no stream" if name == ANY else f"no stream {name}"
        raise HeadbandMissing(
            f"{wanted} of EEG is sent near here{f', only {others}' if others else ''}; start its sender"
        )
    told = " and ".join(f"{info.name()} from {info.hostname()}" for info in meant)
    raise HeadbandMissing(
        f"{told} could both be meant; name one in headband.lsl_stream, and let it be the only one"
    )
