"""The process `browser` on the bus: a page as the display, or nothing where the kit's own screen is that."""

from vybor.foundation import displays
from vybor.foundation.bus import Bus
from vybor.foundation.idle_room import IdleRoom
from vybor.foundation.loop import run
from vybor.foundation.start import Start

NO_PAGE = "the kit's own screen is the display (browser.listen): ask the process display"


def main(start: Start) -> None:
    """Run until asked to end."""
    if displays.display_of(start.settings.browser.listen) != "browser":
        bus = Bus("browser", start.places.runtime, start.clock)
        run(IdleRoom(bus, NO_PAGE), bus, start.clock, start.heart)
        return
    # What serves a page is loaded here and nowhere else: 20 MB that nobody needs before a screen of their own.
    from vybor.browser.room import made  # noqa: PLC0415

    room, bus = made(start)
    run(room, bus, start.clock, start.heart)
