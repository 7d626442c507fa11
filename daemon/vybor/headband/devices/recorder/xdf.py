"""XDF, chunk by chunk, as github.com/sccn/xdf describes it: every stream reader of the field understands that.

What has been added is whole after a crash, since a reader stops at the last chunk that is.
"""

import struct
from collections.abc import Iterable
from typing import BinaryIO
from xml.sax.saxutils import escape

import numpy as np

from vybor.headband.boards import Board
from vybor.headband.port import Chunk

HEADER, STREAM_HEADER, SAMPLES, BOUNDARY, STREAM_FOOTER = 1, 2, 3, 5, 6
MARK = bytes.fromhex("43a546dccbf5410fb30ed5467383cbe4")
"""A reader that lost its way goes on at the next of these."""
STREAM = struct.pack("<I", 1)
BOUNDARY_SAMPLES = 10_000


class XdfFile:
    """One stream of EEG in microvolts, with the capture time of every sample, in seconds of CLOCK_MONOTONIC."""

    def __init__(self, file: BinaryIO, board: Board, began: str) -> None:
        """`began` is the date and time on the wall, ISO 8601."""
        self._file = file
        self._count = 0
        self._since_boundary = 0
        self._first_s = self._last_s = 0.0
        file.write(b"XDF:")
        self._put(HEADER, _xml(f"<version>1.0</version><datetime>{escape(began)}</datetime>"))
        self._put(STREAM_HEADER, STREAM + _xml(_stream(board)))

    def add(self, chunk: Chunk) -> None:
        """Write its samples; a gap before them shows in their times."""
        count = chunk.end - chunk.first
        if not count:
            return
        at_s = (chunk.at_ns + np.arange(count) * chunk.period_ns) / 1e9
        channels = len(chunk.microvolts)
        rows = np.empty(count, np.dtype([("stamped", "u1"), ("at_s", "<f8"), ("felt", "<f4", (channels,))]))
        rows["stamped"], rows["at_s"], rows["felt"] = 8, at_s, chunk.microvolts.T
        self._put(SAMPLES, STREAM + _length(count) + rows.tobytes())
        if not self._count:
            self._first_s = float(at_s[0])
        self._last_s, self._count = float(at_s[-1]), self._count + count
        self._since_boundary += count
        if self._since_boundary >= BOUNDARY_SAMPLES:
            self._since_boundary = 0
            self._put(BOUNDARY, MARK)

    def close(self) -> None:
        """Write the end; whoever opened the file closes it."""
        told = (
            f"<first_timestamp>{self._first_s!r}</first_timestamp><last_timestamp>{self._last_s!r}</last_timestamp>"
            f"<sample_count>{self._count}</sample_count><clock_offsets />"
        )
        self._put(STREAM_FOOTER, STREAM + _xml(told))

    def _put(self, tag: int, content: bytes) -> None:
        self._file.write(_length(2 + len(content)) + struct.pack("<H", tag) + content)


def _length(count: int) -> bytes:
    """A number in as few bytes as XDF has for it, with how many those are."""
    return struct.pack("<BB", 1, count) if count < 256 else struct.pack("<BI", 4, count)


def _xml(inner: str) -> bytes:
    return f'<?xml version="1.0"?><info>{inner}</info>'.encode()


def _stream(board: Board) -> str:
    told = {
        "name": f"vybor {board.name}",
        "type": "EEG",
        "channel_count": board.channels,
        "nominal_srate": board.hz,
        "channel_format": "float32",
        "source_id": f"vybor-{board.name}",
    }
    channels = _channels(board.names)
    return _elements(told) + f"<desc><headband>{board.name}</headband><channels>{channels}</channels></desc>"


def _channels(labels: Iterable[str]) -> str:
    each = (_elements({"label": label, "unit": "microvolts", "type": "EEG"}) for label in labels)
    return "".join(f"<channel>{one}</channel>" for one in each)


def _elements(told: dict[str, object]) -> str:
    return "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in told.items())
