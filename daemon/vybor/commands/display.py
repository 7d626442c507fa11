"""`vybor display …`: other colours on a screen that runs, and who may look at a kit from another screen."""

from pathlib import Path

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.doctor import listening
from vybor.foundation.clock import Clock
from vybor.foundation.errors import PlaceError
from vybor.foundation.settings import Theme


def wear(theme: str, runtime: Path, clock: Clock) -> str:
    """Show other colours now, until the display starts again; no theme's name: those of the settings.

    Raises Missing if no kit runs, and PlaceError.
    """
    enter(runtime)
    known = theme if theme in list(Theme) else ""
    name = "browser" if (runtime / "browser.link").exists() else "display"
    with asking.reached(name, "colours", runtime, clock) as display:
        display.told(m.WearTheme(request=display.new_request(), theme=known))
    return f"{known}, until the display starts again" if known else "the colours of the settings"


def enter(runtime: Path) -> None:
    """Raises PlaceError, with the remedy, if this user may not hear the kit."""
    if listening.may_not_enter(runtime):
        raise PlaceError(
            f"this user may not hear the kit in {runtime}; use sudo, or join the group "
            "(sudo adduser $USER vybor, then log in again)"
        )
