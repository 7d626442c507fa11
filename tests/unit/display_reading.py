"""Pages on which somebody at a browser asks to read, and may: the question, its page, and the sign."""

import msgspec

from unit.display_pages import ASKED, MUCH, light, notices, on_zones, page
from vybor.composer.lasting import Kit, Lasting
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Readable, Trouble
from vybor.display.showing import Showing

MIRROR, DRAFTS = (m.ReadGrant(what=Readable.MIRROR, drafts=drafts) for drafts in (False, True))
OTHERS = {what: m.ReadGrant(what=what) for what in (Readable.LOG, Readable.EXPORT)}


def asking(what: Readable) -> m.Readers:
    return m.Readers(asked=what, number=1)


def read(readers: m.Readers, mode: Mode = Mode.WORDS, **about: object) -> m.Screen:
    """A page of somebody who is read along with, or asked."""
    drawn = page(mode, lasting=Lasting(kit=Kit(readers=readers)), **about)  # type: ignore[arg-type]
    return msgspec.structs.replace(drawn, readers=readers)


def reading_pages(language: str) -> dict[str, Showing]:
    """Each by its name."""
    reads = m.Readers(grants=(DRAFTS,))
    both = m.Readers(grants=(MIRROR, OTHERS[Readable.LOG]), asked=Readable.EXPORT, number=2)
    full = read(
        both,
        text=MUCH[language],
        language=language,
        partner=ASKED[language],
        notices=notices(Trouble.DISK_FULL, Trouble.CAMERA_STOPPED),
    )
    pages = {
        f"read asks {what}": Showing(read(asking(what), Mode.READ_ASKED, language=language), light(4, armed=True))
        for what in Readable
    }
    return pages | {
        "read asks beside words": Showing(read(asking(Readable.MIRROR), language=language)),
        "read asks on the menu": Showing(read(asking(Readable.LOG), Mode.MENU, language=language)),
        "read asks on 6 zones": Showing(
            on_zones(read(asking(Readable.MIRROR), Mode.READ_ASKED, language=language), 6)
        ),
        "read along": Showing(read(m.Readers(grants=(MIRROR,)), language=language)),
        "read along with drafts": Showing(read(reads, language=language)),
        "read along and private": Showing(read(reads, language=language, private=True)),
        "read log": Showing(read(m.Readers(grants=(OTHERS[Readable.LOG],)), language=language)),
        "read export": Showing(read(m.Readers(grants=(OTHERS[Readable.EXPORT],)), language=language)),
        "read and asked with much": Showing(full),
        "read on the kit": Showing(read(reads, Mode.KIT, language=language)),
    }
