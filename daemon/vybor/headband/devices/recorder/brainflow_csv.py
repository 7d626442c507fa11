"""BrainFlow's CSV: a line a sample, as many columns as BrainFlow gives that board, tabs between."""

from typing import BinaryIO

import numpy as np

from vybor.headband.boards import Board
from vybor.headband.port import Chunk

COUNTED = 256
"""Boards whose package number does not count samples get one that does, up to this."""


class BrainFlowFile:
    """Package number, channels and time stamp; what else BrainFlow has of a board is 0.

    A sample that has none of its channels is not written, half a sample is, with `nan`.
    """

    def __init__(self, file: BinaryIO, board: Board, wall_s: float) -> None:
        """`wall_s` is what the wall's clock, in Unix time, is ahead of CLOCK_MONOTONIC: BrainFlow stamps by it."""
        self._file = file
        self._board = board
        self._wall_s = wall_s

    def add(self, chunk: Chunk) -> None:
        """Write its samples; a gap before them shows in their numbers and times."""
        count = chunk.end - chunk.first
        indices = np.arange(chunk.first, chunk.end)
        rows = np.zeros((count, self._board.columns))
        rows[:, 0] = self._numbers(indices)
        rows[:, 1 : 1 + len(chunk.microvolts)] = chunk.microvolts.T
        rows[:, self._board.columns - 2] = self._wall_s + (chunk.at_ns + np.arange(count) * chunk.period_ns) / 1e9
        there = np.isfinite(chunk.microvolts).any(axis=0)
        lines = ("\t".join(f"{value:.6f}" for value in row) + "\n" for row in rows[there].tolist())
        self._file.write("".join(lines).encode())

    def close(self) -> None:
        """Nothing is left to write."""

    def _numbers(
        self, indices: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    ) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """What BrainFlow would call these samples: with a Daisy by the first of their two frames."""
        step = self._board.counter_step
        modulo = (self._board.counter_modulo or COUNTED) // step
        return indices % modulo * step
