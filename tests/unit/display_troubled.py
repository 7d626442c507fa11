"""Pages with the troubles of a locked kit, of a window for pairing that does not open, and what is no trouble."""

import msgspec

from unit.display_pages import MUCH, notices, on_zones, page, starting_pages
from vybor.composer.lasting import Kit, Lasting
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Trouble
from vybor.display.helping import Stage
from vybor.display.showing import Showing

LOCKED = notices(Trouble.NOT_LEARNED, Trouble.TOPICS_FAILED, Trouble.JOURNAL_LOCKED, Trouble.SOUND_MISSING)
"""In the order in which they come: the journal's own is not the first."""


def troubled_pages(language: str) -> dict[str, Showing]:
    """Each by its name."""
    locked, sharing = page(language=language, notices=LOCKED), m.Sharing()
    unopened = page(
        Mode.SHARING,
        language=language,
        lasting=Lasting(kit=Kit(sharing=sharing)),
        notices=notices(Trouble.NO_PAIRING),
    )
    return {
        "locked": Showing(msgspec.structs.replace(locked, saving=m.Saving.NOT_SAVING)),
        "given out": Showing(page(language=language, notices=notices(Trouble.GIVEN_OUT))),
        **panel_pages(language),
        "sharing unopened": Showing(msgspec.structs.replace(unopened, sharing=sharing)),
    }


def panel_pages(language: str) -> dict[str, Showing]:
    """A PIN for the carer's page: beside words, on fewer zones, on a full page, and where there are no tiles."""
    pin = m.PanelStatus(at_ns=1, pin="482913", certificate="3A9F 11B2 77E0 41CC")
    many = notices(Trouble.DISK_FULL, Trouble.PANEL_WRONG_PINS, Trouble.SOUND_MISSING)
    starting = starting_pages()
    return {
        "panel pin": Showing(page(language=language), panel=pin),
        "panel pin on 6 zones": Showing(on_zones(page(language=language), 6), panel=pin),
        "panel pin and much": Showing(page(text=MUCH[language], language=language, notices=many), panel=pin),
        "panel pin at the start": msgspec.structs.replace(starting["first start waits"], panel=pin),
        "panel pin in silence": Showing(page(language=language), core_silent=True, help=Stage.NONE, panel=pin),
    }
