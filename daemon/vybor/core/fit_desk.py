"""What was fitted, kept over restarts: its file, the settings that hold with it, and the answers about it."""

import logging
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.core.fits import Fits, stage
from vybor.foundation import fitted
from vybor.foundation.fitted import Kept
from vybor.foundation.settings import Settings

log = logging.getLogger("vybor.core")


class FitDesk:
    """The settings as the file has them, and what the person accepted over them."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self._settings = settings
        self.kept = self._read()

    @property
    def values(self) -> tuple[m.FitValue, ...]:
        """What was accepted and holds."""
        return fitted.holding(self.kept.values, self._settings)

    @property
    def settings(self) -> Settings:
        """The settings with that."""
        return fitted.over(self._settings, self.kept.values)

    def accept(self, proposed: tuple[m.FitValue, ...]) -> None:
        """From now on it is so; what a value was, is what the settings say."""
        known = {value.key: value for value in self.values}
        for value in proposed:
            was = self._was(value)
            known[value.key] = msgspec.structs.replace(value, was=was)
        differing = tuple(value for value in known.values() if value.value != value.was)
        self.keep(Kept(values=differing, is_fitted=True))

    def forget(self) -> None:
        """The settings hold again."""
        self.keep(Kept())

    def keep(self, kept: Kept) -> None:
        """It holds in any case; a disk that cannot be written to forgets it at the next start."""
        self.kept = kept
        try:
            fitted.write(self._path, kept)
        except OSError as error:
            log.warning("what was fitted is not kept: %s", error)

    def told(self, request: str, fits: Fits) -> m.FitTold:
        """All that somebody at the terminal may want to know."""
        return m.FitTold(
            request=request, stage=stage(fits), results=fits.results, proposed=fits.proposed, fitted=self.values
        )

    def _was(self, value: m.FitValue) -> bool | float:
        section, _, name = value.key.partition(".")
        was: bool | float = getattr(getattr(self._settings, section), name)
        return was

    def _read(self) -> Kept:
        try:
            return fitted.read(self._path)
        except (OSError, msgspec.MsgspecError) as error:  # a fitting can be done again: nothing is lost with it
            log.warning("what was fitted cannot be read: %s", error)
            return Kept()
