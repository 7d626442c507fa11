"""Which colours hold: the night's between two times of day, else those of the settings.

What the wearer wished for outlasts the display's restart, in a file of its folder, and ends when the settings come
to the same by themselves: the night that begins tomorrow at ten begins whatever was chosen tonight.
"""

import logging
from pathlib import Path

from vybor.foundation import small_files
from vybor.foundation.settings import DisplaySettings, Theme

log = logging.getLogger("vybor.display")

KEPT = "theme"
LONGEST_BYTES = 100


class Wish:
    """The colours that somebody asked for: until the display starts again, or kept."""

    def __init__(self, state: Path) -> None:
        self._path = state / KEPT
        self.theme = self._read()
        self._is_kept = self.theme is not None

    def ask(self, theme: Theme | None) -> None:
        """These colours until the display starts again; None: those of the settings."""
        self._forget()
        self.theme = theme

    def keep(self, theme: Theme) -> None:
        """These colours over restarts too."""
        self.theme, self._is_kept = theme, True
        try:
            small_files.write(self._path, theme)
        except OSError as error:  # it holds until the next start
            log.warning("the colours could not be kept: %s", error)

    def worn(self, settings: DisplaySettings, minutes: int) -> Theme:
        """The colours that hold now."""
        if self._is_kept and self.theme is theme(settings, minutes, None):
            self._forget()
        return theme(settings, minutes, self.theme)

    def _forget(self) -> None:
        self.theme, self._is_kept = None, False
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the colours that were kept could not be forgotten: %s", error)

    def _read(self) -> Theme | None:
        try:
            return Theme(small_files.read(self._path, LONGEST_BYTES).decode("utf-8", "replace"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("the colours that were kept cannot be read: %s", error)
            return None


def by_day(settings: DisplaySettings) -> Theme:
    """The colours that are not those of the night."""
    return Theme.DARK if settings.theme is Theme.NIGHT else settings.theme


def theme(settings: DisplaySettings, minutes: int, wish: Theme | None) -> Theme:
    """The theme at so many minutes after midnight; a wish holds over everything."""
    if wish is not None:
        return wish
    return Theme.NIGHT if settings.night and is_within(settings.night, minutes) else settings.theme


def is_within(hours: str, minutes: int) -> bool:
    """Whether a time of day lies between two others, such as `22:00-07:00`; the same twice is all day."""
    begin, end = (_minutes(time) for time in hours.split("-"))
    if begin < end:
        return begin <= minutes < end
    return minutes >= begin or minutes < end


def _minutes(time: str) -> int:
    hour, _, minute = time.partition(":")
    return 60 * int(hour) + int(minute)
