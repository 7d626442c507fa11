"""What the screen says of who at a browser reads along, or asks to. Pure."""

from enum import StrEnum

from vybor.contracts.messages import Readable, Role

TILES: dict[Role, str] = {
    Role.READ_ASKED: "Answer",
    Role.READ_YES: "Yes",
    Role.READ_DRAFTS: "Yes, and what I write",
    Role.READ_NO: "No",
    Role.READ_END: "Nobody reads along",
}
ASKED = "May they read this?"
"""The heading of the page that asks."""


class ReadSentence(StrEnum):
    """Of questions and of what was granted."""

    ASKS_MIRROR = "Somebody at the carer’s page asks to see what you say. To answer: Menu"
    ASKS_LOG = "Somebody at the carer’s page asks to read what you said. To answer: Menu"
    ASKS_EXPORT = "Somebody at the carer’s page asks for a copy of your record. To answer: Menu"
    MIRROR = "At the carer’s page, what you say from now on is to be read as you say it. Yes?"
    LOG = "At the carer’s page, all that you ever said with the kit is to be read. Yes?"
    EXPORT = "At the carer’s page, a copy of all that you wrote and said is to be taken along. Yes?"
    PRIVATE_STAYS = "Never what is not to be learned"
    HOLDS = "For an hour at most. Rest ends it"
    COPY_STAYS = "What was taken along nobody can take back"
    READS_MIRROR = "What you say is read in a browser"
    READS_DRAFTS = "What you write and say is read in a browser"
    READS_NOT_THIS = "What you say is read in a browser, nothing of this"
    READS_LOG = "What you said may be read in a browser"
    READS_EXPORT = "Your record may be copied in a browser"
    READS_MORE = "What you say and said may be read in browsers"


ASKS = {
    Readable.MIRROR: ReadSentence.ASKS_MIRROR,
    Readable.LOG: ReadSentence.ASKS_LOG,
    Readable.EXPORT: ReadSentence.ASKS_EXPORT,
}
QUESTIONS = {
    Readable.MIRROR: ReadSentence.MIRROR,
    Readable.LOG: ReadSentence.LOG,
    Readable.EXPORT: ReadSentence.EXPORT,
}
READS = {
    Readable.MIRROR: ReadSentence.READS_MIRROR,
    Readable.LOG: ReadSentence.READS_LOG,
    Readable.EXPORT: ReadSentence.READS_EXPORT,
}
