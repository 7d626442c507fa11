"""Pages with the troubles of a locked kit, of a window for pairing that does not open, and what is no trouble."""

import msgspec

from unit.display_pages import notices, page
from vybor.composer.lasting import Kit, Lasting
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Trouble
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
        "sharing unopened": Showing(msgspec.structs.replace(unopened, sharing=sharing)),
    }
