"""Which colours hold: the night's between two times of day, else those of the settings. Pure."""

from vybor.foundation.settings import DisplaySettings, Theme


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
