"""What the page says of the wearer's own, in English; vybor.panel.words says it in the kit's language. Pure."""

from enum import StrEnum
from typing import NamedTuple

from vybor.contracts.messages import Readable, ReadEnd, ReadRefusal


class OwnText(StrEnum):
    """Of what is read once the wearer agreed."""

    OWN = "What the wearer says"
    ABOUT = (
        "Nothing of it stands here unless the wearer says yes on the kit’s screen. "
        "What is not to be learned never does, nor what other people said."
    )
    MIRROR = "As it is said"
    MIRROR_ABOUT = (
        "Each sentence as the kit says it, from the wearer’s yes on. "
        "What is being written only if they allow that too."
    )
    LOG = "What was said"
    LOG_ABOUT = "The sentences that were spoken, day by day."
    EXPORT = "A copy to take along"
    EXPORT_ABOUT = (
        "What was said as plain text, or all of the record for another program. "
        "It is not encrypted: keep it as you would a diary."
    )
    ASK = "Ask the wearer"
    ASKED = "The wearer is asked on the kit’s screen, for three minutes. No answer is a no."
    GRANTED = "The wearer said yes: for an hour at most, until they end it or rest, or you leave."
    STOP = "Read no more"
    STOP_ABOUT = "This ends what you asked for, and what you may read. So does leaving."
    NOT_TOLD = "The kit does not answer. Load the page again in a moment."
    NOTHING_YET = "Nothing was said since."
    DRAFT = "Being written"
    OPEN_LOG = "Read what was said"
    AS_TEXT = "What was said, as text"
    AS_LINES = "All of the record, as JSON lines"
    EARLIER = "Earlier"
    NOTHING_SAID = "Nothing was said here."
    NOT_ALLOWED = "The wearer has not agreed to that, or does no more. Ask them on the page before."
    BACK = "Back to what the wearer says"
    NO = "The wearer said no."
    LATE = "The wearer did not answer."
    ENDED = "The wearer ended it."
    OVER = "Its time is over: ask the wearer again."
    STARTING = "The kit is only starting: ask again in a moment."
    RESTS = "The wearer rests: ask when they are awake."
    BUSY = "The wearer practises, tries how to choose, or calls for help: ask when that is over."
    OTHER = "Another browser’s question stands on the kit’s screen: ask when it is answered."
    JUST_ASKED = "The wearer was asked a moment ago: ask again in a minute."


class Item(NamedTuple):
    """Something that can be asked for."""

    title: OwnText
    about: OwnText


ITEMS: dict[Readable, Item] = {
    Readable.MIRROR: Item(OwnText.MIRROR, OwnText.MIRROR_ABOUT),
    Readable.LOG: Item(OwnText.LOG, OwnText.LOG_ABOUT),
    Readable.EXPORT: Item(OwnText.EXPORT, OwnText.EXPORT_ABOUT),
}
ENDS: dict[ReadEnd, OwnText] = {
    ReadEnd.NO: OwnText.NO,
    ReadEnd.LATE: OwnText.LATE,
    ReadEnd.ENDED: OwnText.ENDED,
    ReadEnd.OVER: OwnText.OVER,
}
REFUSALS: dict[ReadRefusal, OwnText] = {
    ReadRefusal.STARTING: OwnText.STARTING,
    ReadRefusal.RESTS: OwnText.RESTS,
    ReadRefusal.BUSY: OwnText.BUSY,
    ReadRefusal.OTHER: OwnText.OTHER,
    ReadRefusal.JUST_ASKED: OwnText.JUST_ASKED,
}
