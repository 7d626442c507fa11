"""Every labelled look, kept for ever: one file a calibration, `looks/000001.npz`, and so on.

A file is written whole, synced and renamed into place, and never changed, but for being encrypted when a key
appears; a damaged one is left where it is and passed over. Features are kept, and of each eye 12 x 7 grey points:
no face can be made of them.

Tiles that were taken after a calibration lie beside it, in `000001-tiles.npz`. That file grows. What is in it
stands in the order of its places, not of time: what was spelled cannot be read from it.
"""

import contextlib
import logging
import re
import tokenize
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

import msgspec
import numpy as np

from vybor.foundation import keys, sealed_files, small_files
from vybor.foundation.clock import seconds_since
from vybor.foundation.keys import Key
from vybor.gaze.faces.features import NAMES, are_of_a_face, is_of_head
from vybor.gaze.looks.forgetting import forget_looks
from vybor.gaze.points.model import FEWEST_DOTS, Look
from vybor.points.source import is_near

log = logging.getLogger("vybor.gaze")

FILE = re.compile(r"(\d{6,})\.npz")
TILES = re.compile(r"(\d{6,})-tiles\.npz")
HALF = re.compile(r"\.\d{6,}(-tiles)?\.npz\.\d+")
"""What is left of a file if the power goes while it is written; perhaps of a time without a key."""
TILE_FILES = 12
"""So many are read, the newest: what counts fits into a few (taking.py)."""
LARGEST_FILE = 16_000_000
"""Nine dots of some seconds are 200 kB."""
UNREADABLE = (
    *(OSError, ValueError, TypeError, LookupError, EOFError, MemoryError),
    *(RuntimeError, zipfile.BadZipFile, zlib.error, tokenize.TokenError),
)
"""What numpy and zipfile raise for files that are damaged, empty or something else: of one changed byte each of
these was seen. A file that ends the process would end it at every start."""
LEAST_WEIGHT = 1.0
"""Of all the dots of a calibration together; three dots weigh 3, a path 4.5 and more."""


class Looks:
    """The folder of looks."""

    def __init__(self, folder: Path, key: Key = keys.NONE, *, of_head: bool = False) -> None:
        """`of_head`: those of a head that points are read, and not those of eyes; all lie in one folder."""
        self._folder = folder
        self._key = key
        self._of_head = of_head

    def tidy(self) -> None:
        """Remove halves of files; for who alone writes here. What cannot be removed stays."""
        with contextlib.suppress(OSError):
            halves = [path for path in self._folder.iterdir() if HALF.fullmatch(path.name)]
            small_files.remove(*halves)

    def load(self) -> list[Look]:
        """Every look at a dot that can be read and has today's features."""
        return self._read(self._files(), is_of_tiles=False)

    def load_tiles(self) -> list[Look]:
        """Looks at tiles that were taken, those of the newest sittings; oldest sitting first."""
        return self._read(self._files(TILES)[-TILE_FILES:], is_of_tiles=True)

    def next_number(self) -> int:
        """One more than any calibration before, damaged ones counted."""
        return max((number for number, _ in self._files()), default=0) + 1

    def kept_s_ago(self) -> float | None:
        """How long ago the newest were kept; None if none are."""
        files = list(self._files())
        return seconds_since(files[-1][1]) if files else None

    def keep(self, looks: Sequence[Look]) -> None:
        """Write the looks of one calibration; raises OSError, and nothing is left half written."""
        self._write(f"{looks[0].calibration:06d}.npz", looks)

    def keep_tiles(self, looks: Sequence[Look]) -> None:
        """Write all looks at tiles of one sitting, in place of those before; raises OSError, as `keep` does."""
        ordered = sorted(looks, key=lambda look: (look.y, look.x, look.weight))
        self._write(f"{looks[0].calibration:06d}-tiles.npz", ordered)

    def forget(self) -> str:
        """Remove them all; why not, or nothing."""
        return forget_looks(self._folder)

    def _write(self, name: str, looks: Sequence[Look]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        packed = BytesIO()
        np.savez(
            packed,
            names=np.array(NAMES),
            targets=np.array([(look.x, look.y) for look in looks], np.float32),
            counts=np.array([len(look.rows) for look in looks], np.int32),
            rows=np.concatenate([look.rows for look in looks]).astype(np.float32),
            weights=np.array([look.weight for look in looks], np.float32),
        )
        sealed_files.write(self._folder / name, packed.getvalue(), self._key)

    def _read(self, files: Iterable[tuple[int, Path]], *, is_of_tiles: bool) -> list[Look]:
        looks: list[Look] = []
        for number, path in files:
            try:
                found = _unpacked(sealed_files.read(path, LARGEST_FILE, self._key), number)
            except UNREADABLE as error:
                log.warning("kept looks passed over: %s: %s", path.name, error)
                continue
            if any(is_of_head(look.rows) is not self._of_head for look in found):
                continue
            if is_of_tiles:
                looks += [msgspec.structs.replace(look, of_tile=True) for look in found]
            elif len(found) >= FEWEST_DOTS and sum(look.weight for look in found) >= LEAST_WEIGHT:
                looks += found
            else:
                log.warning("kept looks passed over: %s: %d are too few", path.name, len(found))
        return looks

    def _files(self, pattern: re.Pattern[str] = FILE) -> list[tuple[int, Path]]:
        if not self._folder.is_dir():
            return []
        named = [(pattern.fullmatch(path.name), path) for path in self._folder.iterdir()]
        return sorted((int(match.group(1)), path) for match, path in named if match)


def _unpacked(content: bytes, number: int) -> list[Look]:
    with zipfile.ZipFile(BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > LARGEST_FILE:
            raise ValueError("it is far too large")
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        if tuple(stored["names"]) != NAMES:
            raise ValueError("it has the features of another version")
        rows, counts, targets = stored["rows"], stored["counts"], stored["targets"]
        weights = stored["weights"] if "weights" in stored else np.ones(len(counts), np.float32)
    numbers = (rows, targets, weights)
    if counts.dtype.kind != "i" or any(each.dtype.kind != "f" for each in numbers):
        raise ValueError("its numbers are of another kind")
    possible = ((counts >= 1) & (counts <= len(rows))).all()
    whole = possible and counts.sum() == len(rows) and len(counts) == len(targets) == len(weights)
    if not whole or rows.shape[1] != len(NAMES) or not all(np.isfinite(each).all() for each in numbers):
        raise ValueError("its parts do not fit together")
    if not (are_of_a_face(rows) and all(map(is_near, targets.tolist()))):
        raise ValueError("no eyes look so, or there")
    if not ((weights > 0) & (weights <= 1)).all():
        raise ValueError("its looks weigh what none can")
    parts = np.split(rows, np.cumsum(counts)[:-1])
    return [
        Look(x=float(x), y=float(y), rows=part, calibration=number, weight=float(weight))
        for (x, y), part, weight in zip(targets, parts, weights, strict=True)
    ]
