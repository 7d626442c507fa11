"""What the model wears: an adapter that somebody laid into the generator's folder, else the version that is worn.

The files are looked at every few seconds, so an adapter is swapped while the kit runs. One that does not fit is
said once and not put on: the model writes as it was built. Versions come from the workstation (grown/desk.py).
"""

import logging
from pathlib import Path
from typing import Protocol

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.generator.network.adapter import CONFIG, ONE_FILE, WEIGHTS, AdapterError
from vybor.generator.network.bundle import stamp

LOOK_AGAIN_NS = seconds(2)
BY_HAND = (f"adapter{ONE_FILE}", "adapter")
"""One file, or a PEFT directory, that somebody laid there."""

Mark = tuple[tuple[int, int, int] | None, ...]
Version = tuple[int, int]
"""A serial and a number that rises when it is to be put on anew."""

log = logging.getLogger("vybor.generator")


class Grown(Protocol):
    """Which version is to be worn, and who hears what became of that."""

    @property
    def worn(self) -> int:
        """Its serial; 0: none is."""
        ...

    @property
    def revision(self) -> int:
        """Rises when it is to be put on anew."""
        ...

    def begin(self, base: str, now_ns: int) -> Path | None:
        """What to wear now, on a model of these weights."""
        ...

    def wears(self, identity: str, now_ns: int) -> None:
        """The model wears it, or nothing."""
        ...

    def failed(self, reason: str, now_ns: int) -> None:
        """It cannot be worn."""
        ...


class Wears(Protocol):
    """What can wear an adapter."""

    @property
    def identity(self) -> str:
        """What the record calls it as it is."""
        ...

    @property
    def base(self) -> str:
        """The hash of its weights."""
        ...

    def wear(self, path: Path | None) -> None:
        """Put one on, or none. Raises AdapterError."""
        ...


class Wardrobe:
    """The folder's adapter or the version of the day, and what the model wears of it."""

    def __init__(self, folder: Path, grown: Grown | None = None) -> None:
        """`folder` may hold one of BY_HAND."""
        one_file, peft = BY_HAND
        self._places = (folder / one_file, folder / peft)
        self._grown = grown
        self._wears: tuple[Wears, Mark, Version] | None = None
        self._look_ns = 0
        self.trouble: m.Notice | None = None

    def look(self, proposer: Wears, now_ns: int) -> bool:
        """Put on what is to be worn; True if the model now says other things than before."""
        is_known = self._wears and self._wears[0] is proposer and self._wears[2] == self._version
        if now_ns < self._look_ns and is_known:
            return False
        self._look_ns = now_ns + LOOK_AGAIN_NS
        mark = _mark(self._places)
        if (proposer, mark, self._version) == self._wears:
            return False
        before = proposer.identity
        self._put_on(proposer, now_ns)
        self._wears = (proposer, mark, self._version)
        return proposer.identity != before

    def let_go(self) -> None:
        """The model that wears it is given up: it is kept in memory by nobody."""
        self._wears = None

    def by_hand(self) -> Path | None:
        """What somebody laid there."""
        return next((place for place in self._places if place.exists()), None)

    @property
    def _version(self) -> Version:
        return (self._grown.worn, self._grown.revision) if self._grown else (0, 0)

    def _put_on(self, proposer: Wears, now_ns: int) -> None:
        self.trouble = None
        place = self.by_hand()
        if place or self._grown is None:
            self._put_on_by_hand(proposer, place)
        else:
            self._put_on_version(proposer, self._grown, now_ns)
        if self._grown:
            self._grown.wears(proposer.identity, now_ns)

    def _put_on_by_hand(self, proposer: Wears, place: Path | None) -> None:
        try:
            proposer.wear(place)
        except AdapterError as error:
            self.trouble = m.Notice(process="generator", trouble=m.Trouble.ADAPTER_FAILED, detail=str(error))
            proposer.wear(None)
        if place and not self.trouble:
            log.info("adapter put on: model=%s", proposer.identity)

    @staticmethod
    def _put_on_version(proposer: Wears, grown: Grown, now_ns: int) -> None:
        """The version of the day, or what is behind it if it cannot be worn, or none."""
        while path := grown.begin(proposer.base, now_ns):
            try:
                proposer.wear(path)
            except AdapterError as error:
                grown.failed(str(error), now_ns)
            else:
                log.info("version put on: model=%s", proposer.identity)
                return
        proposer.wear(None)


def _mark(places: tuple[Path, ...]) -> Mark:
    """Changes when an adapter comes, goes or is replaced. Cheap: a stat a file."""
    one_file, folder = places
    return tuple(stamp(file) for file in (one_file, folder, folder / CONFIG, folder / WEIGHTS))
