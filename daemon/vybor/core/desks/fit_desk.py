"""What was fitted, kept over restarts: its file, the settings that hold with it, and whether it still suits."""

import logging
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.core.aiming import misses
from vybor.core.aiming.misses import Act, Misses
from vybor.core.ways.fits import Fits, stage
from vybor.fitting.whole import HEADBANDS
from vybor.foundation import fitted
from vybor.foundation.clock import seconds, wall_time
from vybor.foundation.fitted import Kept
from vybor.foundation.settings import Settings

SAID_FOR_NS = seconds(600)
"""Once a day at most: nobody should be nagged about their own body."""

log = logging.getLogger("vybor.core")


class FitDesk:
    """The settings as the file has them, and what the person accepted over them."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self._settings = settings
        self.kept = self._read()
        self._results: tuple[m.FitResult, ...] = ()
        self._accepted = 0
        self._misses = Misses()
        self._told_until_ns = 0

    @property
    def values(self) -> tuple[m.FitValue, ...]:
        """What was accepted and holds."""
        return fitted.holding(self.kept.values, self._settings)

    @property
    def settings(self) -> Settings:
        """The settings with that."""
        return fitted.over(self._settings, self.kept.values)

    def follow(self, fits: Fits) -> bool:
        """A fitting came to its end, or was accepted; returns whether something else holds now."""
        if fits.results is not self._results:
            self._results = fits.results
            self._misses = Misses()
            anew = msgspec.structs.replace(self.kept.standing, is_decided=False, errors=())
            fittings = self.kept.fittings
            self.keep(Kept(values=self.values, is_fitted=True, standing=anew, fittings=fittings))
        if fits.accepted == self._accepted:
            return False
        self._accepted = fits.accepted
        self.accept(fits.proposed, signs=any(each.sign in HEADBANDS and not each.skipped for each in fits.results))
        return True

    def saw(self, act: Act, now_ns: int) -> None:
        """Count what came of a message; when a block is whole, hold it against the first after the fitting."""
        if not self.kept.is_fitted:
            return
        self._misses = misses.saw(self._misses, act, self.settings.commit)
        if not misses.is_whole(self._misses):
            return
        block, self._misses = self._misses, Misses()
        since = self.kept.since
        today = wall_time()[: len("2026-01-01")]
        if not since.made:
            since = misses.first(since, block)
        elif misses.is_worse(since, block) and since.told != today:
            log.info("signs that lead to nothing: %d of %d", block.in_vain, block.made)
            since = msgspec.structs.replace(since, told=today)
            self._told_until_ns = now_ns + SAID_FOR_NS
        if since != self.kept.since:
            self.keep(msgspec.structs.replace(self.kept, since=since))

    def troubles(self, now_ns: int) -> tuple[m.Notice, ...]:
        """That it is time for another fitting, for a while."""
        again = m.Notice(process="core", trouble=m.Trouble.FIT_AGAIN)
        return (again,) if now_ns < self._told_until_ns else ()

    def accept(self, proposed: tuple[m.FitValue, ...], *, signs: bool = False) -> None:
        """From now on it is so; what a value was, is what the settings say. `signs`: a headband's were fitted."""
        known = {value.key: value for value in self.values}
        for value in proposed:
            was = self._was(value)
            known[value.key] = msgspec.structs.replace(value, was=was)
        differing = tuple(value for value in known.values() if value.value != value.was)
        fittings = self.kept.fittings + signs
        self.keep(msgspec.structs.replace(self.kept, values=differing, fittings=fittings))

    def forget(self) -> None:
        """The settings hold again."""
        fittings = self.kept.fittings + 1
        self.keep(msgspec.structs.replace(self.kept, values=(), fittings=fittings))

    def keep(self, kept: Kept) -> None:
        """It holds in any case; a disk that cannot be written to forgets it at the next start."""
        self.kept = kept
        try:
            fitted.write(self._path, kept)
        except OSError as error:
            log.warning("what was fitted is not kept: %s", error)

    def told(self, request: str, fits: Fits, standing: m.Standing) -> m.FitTold:
        """All that somebody at the terminal may want to know, and where Undo and Speak stand."""
        return m.FitTold(
            request=request,
            stage=stage(fits),
            results=fits.results,
            proposed=fits.proposed,
            fitted=self.values,
            standing=standing,
        )

    def _was(self, value: m.FitValue) -> bool | float:
        section, _, name = value.key.partition(".")
        was: bool | float = getattr(getattr(self._settings, section), name)
        return was

    def _read(self) -> Kept:
        try:
            return fitted.read(self._path)
        except fitted.UNREADABLE as error:  # a fitting can be done again: nothing is lost with it
            log.warning("what was fitted cannot be read: %s", error)
            return Kept()
