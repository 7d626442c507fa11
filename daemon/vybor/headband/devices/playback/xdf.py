"""Recordings in XDF, as LabRecorder and this kit write them, by pyxdf. Such a file is read whole."""

import logging
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import numpy as np
import pyxdf
from numpy.typing import NDArray

from vybor.foundation import small_files
from vybor.headband.devices import layout
from vybor.headband.devices.playback.recorded import GAP_S, Recorded, Rows
from vybor.headband.port import HeadbandMissing

logging.getLogger("pyxdf").setLevel(logging.CRITICAL)  # what it would warn of is refused here, or does not matter

MAGIC = b"XDF:"
TYPE = "EEG"
ROWS = 16
BROKEN: Final = (
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, ArithmeticError),
    *(EOFError, MemoryError, struct.error, ParseError, NotImplementedError),
)
"""What pyxdf raises over files that are none, or damaged: found by giving it many."""


class Unread(ValueError):
    """The stream cannot be played; the text says why, as the end of a sentence."""


def is_one(path: Path) -> bool:
    """Whether the file begins as XDF does. Raises HeadbandMissing if it cannot be read."""
    try:
        return small_files.start(path, len(MAGIC)) == MAGIC
    except OSError as error:
        raise HeadbandMissing(
            f"the recording {path} cannot be read ({error.strerror}); name another file"
        ) from None


def opened(path: Path, named: str) -> Recorded:
    """The EEG stream of a headband that is known. Raises HeadbandMissing."""
    try:
        with np.errstate(all="ignore"):  # numbers of a damaged file may be of any size
            streams, _ = pyxdf.load_xdf(str(path), dejitter_timestamps=False)
            stream, fitting = _playable(streams, named)
            series, at_s = _samples(stream, fitting)
            is_even = _is_even(at_s, fitting.board.hz)
    except (Unread, layout.Unfit) as unread:
        raise HeadbandMissing(f"the recording {path} {unread}; it cannot be played: name another") from None
    except BROKEN:
        raise HeadbandMissing(
            f"the recording {path} begins as XDF and is damaged; record it again, or name another"
        ) from None
    gap_s = 1.5 / fitting.board.hz if is_even else GAP_S
    kind = f"the stream {_told(stream['info'], 'name')!r} of an XDF file"
    return Recorded(path, kind, fitting.board, lambda: _rows(series, at_s), gap_s=gap_s)


def _playable(streams: list[dict[str, Any]], named: str) -> tuple[dict[str, Any], layout.Layout]:
    """The first stream of EEG that a headband could have sent. Raises Unread."""
    found = [stream for stream in streams if _told(stream["info"], "type").upper() == TYPE]
    if not found:
        raise Unread("holds no stream of the type EEG")
    unfit = ""
    for stream in found:
        info = stream["info"]
        channels = _channels(info)
        board = _told(_first(info, "desc"), "headband") or named
        try:
            fitting = layout.layout(
                [_told(channel, "label") for channel in channels],
                int(_told(info, "channel_count")),
                float(_told(info, "nominal_srate")),
                board,
            )
        except layout.Unfit as error:
            unfit = unfit or str(error)
        else:
            return stream, fitting
    raise Unread(unfit)


def _samples(stream: Mapping[str, Any], fitting: layout.Layout) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Channels x samples in microvolts, and their times. Raises Unread."""
    series = np.asarray(stream["time_series"], np.float64)
    at_s = np.asarray(stream["time_stamps"], np.float64)
    if series.ndim != 2 or len(series) != len(at_s) or not len(series):
        raise Unread("holds no samples in its stream of EEG")
    if not np.isfinite(at_s).all():
        raise Unread("has times that are no numbers")
    channels = _channels(stream["info"])
    units = [_told(channels[place], "unit") if channels else "" for place in fitting.places]
    scales = np.array([layout.microvolts_of(unit) for unit in units])
    microvolts = (series[:, list(fitting.places)] * scales).T.astype(np.float32)
    return np.where(np.isfinite(microvolts), microvolts, np.float32(np.nan)), at_s


def _is_even(at_s: NDArray[np.float64], hz: float) -> bool:
    """Whether nearly all samples are as far apart as their rate says: then a larger step is a loss."""
    steps = np.diff(at_s) * hz
    return len(steps) > 1 and float(np.mean(np.abs(steps - 1) < 0.25)) > 0.98


def _rows(series: NDArray[np.float32], at_s: NDArray[np.float64]) -> Iterator[Rows]:
    none = np.zeros(0, np.int64)
    for start in range(0, len(at_s), ROWS):
        yield Rows(none, at_s[start : start + ROWS], series[:, start : start + ROWS])


def _channels(info: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is said of each channel; nothing, if not of every one."""
    channels = _first(_first(info, "desc"), "channels").get("channel") or []
    return channels if len(channels) == int(_told(info, "channel_count")) else []


def _first(info: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The element of that name; pyxdf has each in a list, and nothing where it is empty."""
    there = info.get(key) or [None]
    return there[0] or {}


def _told(info: Mapping[str, Any], key: str) -> str:
    """The text in an element, none if there is none."""
    there = info.get(key) or [""]
    return str(there[0] or "")
