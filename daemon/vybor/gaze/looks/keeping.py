"""Every labelled look, kept for ever: one file a calibration, `looks/000001.npz`, and so on.

A file is written whole, synced and renamed into place, and never changed, but for being encrypted when a key
appears; a damaged one is left where it is and passed over. Features are kept, and of each eye 12 x 7 grey points:
no face can be made of them.
"""

import logging
import re
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np

from vybor.foundation import keys, sealed_files
from vybor.foundation.clock import seconds_since
from vybor.foundation.keys import Key
from vybor.gaze.faces.features import NAMES
from vybor.gaze.looks.forgetting import forget_looks
from vybor.gaze.points.model import FEWEST_DOTS, Look

log = logging.getLogger("vybor.gaze")

FILE = re.compile(r"(\d{6,})\.npz")
LARGEST_FILE = 16_000_000
"""Nine dots of some seconds are 200 kB."""
UNREADABLE = (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile)
"""What numpy raises for files that are damaged, empty or something else."""


class Looks:
    """The folder of looks."""

    def __init__(self, folder: Path, key: Key = keys.NONE) -> None:
        self._folder = folder
        self._key = key

    def load(self) -> list[Look]:
        """Every look that can be read and has today's features."""
        looks: list[Look] = []
        for number, path in self._files():
            try:
                looks += _read(sealed_files.read(path, LARGEST_FILE, self._key), number)
            except UNREADABLE as error:
                log.warning("kept looks passed over: %s: %s", path.name, error)
        return looks

    def next_number(self) -> int:
        """One more than any calibration before, damaged ones counted."""
        return max((number for number, _ in self._files()), default=0) + 1

    def kept_s_ago(self) -> float | None:
        """How long ago the newest were kept; None if none are."""
        files = list(self._files())
        return seconds_since(files[-1][1]) if files else None

    def keep(self, looks: Sequence[Look]) -> None:
        """Write the looks of one calibration; raises OSError, and nothing is left half written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{looks[0].calibration:06d}.npz"
        packed = BytesIO()
        np.savez(
            packed,
            names=np.array(NAMES),
            targets=np.array([(look.x, look.y) for look in looks], np.float32),
            counts=np.array([len(look.rows) for look in looks], np.int32),
            rows=np.concatenate([look.rows for look in looks]).astype(np.float32),
        )
        sealed_files.write(path, packed.getvalue(), self._key)

    def forget(self) -> str:
        """Remove them all; why not, or nothing."""
        return forget_looks(self._folder)

    def _files(self) -> Iterable[tuple[int, Path]]:
        if not self._folder.is_dir():
            return []
        named = [(FILE.fullmatch(path.name), path) for path in self._folder.iterdir()]
        return sorted((int(match.group(1)), path) for match, path in named if match)


def _read(content: bytes, number: int) -> list[Look]:
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        if tuple(stored["names"]) != NAMES:
            raise ValueError("it has the features of another version")
        rows, counts, targets = stored["rows"], stored["counts"], stored["targets"]
    whole = counts.sum() == len(rows) and len(counts) == len(targets) >= FEWEST_DOTS and (counts >= 1).all()
    if not whole or rows.shape[1] != len(NAMES) or not np.isfinite(rows).all() or not np.isfinite(targets).all():
        raise ValueError("its parts do not fit together")
    parts = np.split(rows, np.cumsum(counts)[:-1])
    return [
        Look(x=float(x), y=float(y), rows=part, calibration=number)
        for (x, y), part in zip(targets, parts, strict=True)
    ]
