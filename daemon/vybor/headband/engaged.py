"""Engagement on the kit: from the detectors' seconds to what is published, and what is kept of the person for it.

What is usual of the person is kept in a small file of this process's own, with the board that it was felt by:
another board feels otherwise, and begins anew. No sample of the EEG is in it, and nobody tunes it.
"""

import logging
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import GestureKind
from vybor.foundation import small_files
from vybor.foundation.clock import seconds
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.headband.boards import Board
from vybor.headband.detecting import bands, engagement, usual
from vybor.headband.detecting.gestures import Seen, Sensing
from vybor.headband.detecting.usual import Baseline, Level

KEPT_EVERY_NS = seconds(600)
LARGEST_BYTES = 200_000
STALE_NS = seconds(2)
"""Without a new second for so long nothing is known."""
UNSEEN_NS = seconds(3)
CLOSED_NS = seconds(0.5)
"""A blink is over by then."""
UNMEANT = (GestureKind.BLINK,)

log = logging.getLogger("vybor.headband")


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    board: str
    windows: Annotated[tuple[tuple[Level | None, ...], ...], msgspec.Meta(max_length=usual.MOST)] = ()


class Eyes(msgspec.Struct, frozen=True):
    """Whether the eyes are open, as the camera saw it last."""

    seen_ns: int | None = None
    shut_ns: int | None = None
    """Since when they have not been seen open."""

    def after(self, gaze: m.Gaze) -> "Eyes":
        """One picture more."""
        if gaze.eyes is m.Eyes.OPEN:
            return Eyes(gaze.at_ns)
        return Eyes(gaze.at_ns, gaze.at_ns if self.shut_ns is None else self.shut_ns)

    def are_open(self, now_ns: int) -> bool | None:
        """None: nobody sees them."""
        if self.seen_ns is None or now_ns - self.seen_ns > UNSEEN_NS:
            return None
        return self.shut_ns is None or self.seen_ns - self.shut_ns < CLOSED_NS


class Attention:
    """What is known of the wearer's engagement, and the file behind it."""

    def __init__(self, path: Path | None = None) -> None:
        """Without a path nothing is kept."""
        self._path = path
        self._board: Board | None = None
        self._known = engagement.Engagement()
        self._eyes = Eyes()
        self._second_ns: int | None = None
        """When the newest second became known."""
        self._written: Baseline = Baseline()
        self._looked_ns: int | None = None
        """When it was last looked whether there is anything to keep."""

    def saw(self, gaze: m.Gaze) -> None:
        """The camera saw the eyes, or did not."""
        self._eyes = self._eyes.after(gaze)

    def felt(self, sensing: Sensing | None, seen: Sequence[Seen], board: Board, now_ns: int) -> None:
        """Take in what the detectors made of a chunk."""
        if board is not self._board:
            self._put_on(board)
        if sensing is None or not sensing.spectra.seconds:
            return
        signs = tuple(one.known for one in seen if one.kind not in UNMEANT)
        around = engagement.Around(board.hz, signs, self._eyes.are_open(now_ns), bands.behind(board))
        self._known = engagement.step(self._known, sensing.spectra.seconds, around)
        self._second_ns = now_ns

    def told(self, now_ns: int) -> m.Engaged:
        """What is published: nothing of it is known where no second has come lately."""
        if self._second_ns is None or now_ns - self._second_ns > STALE_NS:
            return m.Engaged(at_ns=now_ns)
        told = self._known.told
        return m.Engaged(
            at_ns=now_ns, z=_rounded(told.engagement), alpha=_rounded(told.alpha), drowsy=told.is_drowsy
        )

    def turn(self, now_ns: int) -> None:
        """Keep what is usual every now and then."""
        if self._looked_ns is None or now_ns - self._looked_ns >= KEPT_EVERY_NS:
            self._looked_ns = now_ns
            self.keep()

    def keep(self) -> None:
        """Write what is usual down, if that has changed."""
        known = self._known.baseline
        if self._path is None or self._board is None or known.windows is self._written.windows:
            return
        kept = Kept(board=self._board.name, windows=known.windows)
        try:
            small_files.write_bytes(self._path, msgspec.json.encode(kept))
        except OSError as error:
            log.warning("what is usual of the wearer's EEG is not kept: %s", error)
            return
        self._written = known

    def forget(self) -> str:
        """Nothing is usual of the wearer any more, here and on the disk; why it still is there, or nothing."""
        if self._board is not None:
            self._known = engagement.begin(Baseline(), len(bands.listened(self._board)))
        self._written = Baseline()
        self._second_ns = None
        if self._path is None:
            return ""
        try:
            small_files.remove(self._path, *self._path.parent.glob(f".{self._path.name}.*"))
        except OSError as error:
            return f"how the EEG usually is cannot be removed ({error.strerror}); remove {self._path}"
        return ""

    def _put_on(self, board: Board) -> None:
        """A board whose electrodes this is about; what was felt by another one says nothing of it."""
        self.keep()
        self._board = board
        count = len(bands.listened(board))
        baseline = read(self._path, board.name, count) if self._path else Baseline()
        self._known, self._written = engagement.begin(baseline, count), baseline
        self._second_ns = None


def read(path: Path, board: str, electrodes: int) -> Baseline:
    """What was kept by this board; nothing, and a line in the log, of a file that is damaged."""
    try:
        kept = msgspec.json.decode(small_files.read(path, LARGEST_BYTES, links=False), type=Kept)
    except FileNotFoundError:
        return Baseline()
    except (OSError, *NOT_UNDERSTOOD) as error:
        log.warning("%s cannot be read (%s): what is usual of the wearer's EEG is learned anew", path, error)
        return Baseline()
    fits = kept.board == board and all(len(window) == electrodes for window in kept.windows)
    return Baseline(kept.windows) if fits else Baseline()


def _rounded(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 2)
