"""What the model wears: an adapter that lies in the generator's folder is put on, another one instead, none off.

The files are looked at every few seconds, so an adapter is swapped while the kit runs. One that does not fit is
said once and not put on: the model writes as it was built.
"""

import logging
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.generator.adapter import CONFIG, ONE_FILE, WEIGHTS, AdapterError
from vybor.generator.candidates import Proposer

LOOK_AGAIN_NS = seconds(2)

Mark = tuple[tuple[int, int, int] | None, ...]

log = logging.getLogger("vybor.generator")


class Wardrobe:
    """The folder's adapter, and what the model wears of it."""

    def __init__(self, folder: Path) -> None:
        """`folder` may hold `adapter.onnx_adapter`, or a PEFT directory `adapter`."""
        self._places = (folder / f"adapter{ONE_FILE}", folder / "adapter")
        self._wears: tuple[Proposer, Mark] | None = None
        self._look_ns = 0
        self.trouble: m.Notice | None = None

    def look(self, proposer: Proposer, now_ns: int) -> bool:
        """Put on what lies there; True if the model now says other things than before."""
        if now_ns < self._look_ns and self._wears and self._wears[0] is proposer:
            return False
        self._look_ns = now_ns + LOOK_AGAIN_NS
        found = (proposer, _mark(self._places))
        if found == self._wears:
            return False
        before = proposer.identity
        self._wears = found
        self._put_on(proposer)
        return proposer.identity != before

    def _put_on(self, proposer: Proposer) -> None:
        self.trouble = None
        place = next((place for place in self._places if place.exists()), None)
        try:
            proposer.wear(place)
        except AdapterError as error:
            self.trouble = m.Notice(process="generator", trouble=m.Trouble.ADAPTER_FAILED, detail=str(error))
            proposer.wear(None)
        if place and not self.trouble:
            log.info("adapter put on: model=%s", proposer.identity)


def _mark(places: tuple[Path, ...]) -> Mark:
    """Changes when an adapter comes, goes or is replaced. Cheap: a stat a file."""
    one_file, folder = places
    return tuple(_stamp(file) for file in (one_file, folder, folder / CONFIG, folder / WEIGHTS))


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
