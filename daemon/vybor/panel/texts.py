"""The words of the page, in English, with those of `texts_*` and `*_texts`; vybor.panel.words says them. Pure."""

from enum import StrEnum
from typing import NamedTuple

from vybor.contracts.messages import ElectrodeAt, ElectrodeState, Eyes, GrownState, Thrift
from vybor.panel.door import Answer
from vybor.panel.faring import Standing


class Text(StrEnum):
    """What the page says of itself."""

    TITLE = "Vybor: the carer’s page"
    TO_CONTENT = "To the content"
    PAGES = "Pages"
    NOW = "Now"
    WRITING = "For writing"
    KIT = "The kit"
    LEAVE = "Leave"
    HOME = "How the kit is"
    HOME_ABOUT = "What each part of the kit says of itself. Nothing that the wearer writes stands here."
    LIVE = "What changes is shown by itself."
    STILL = "To see what has changed, load the page again."
    ALL_WELL = "All is well"
    TROUBLED = "Parts that need somebody: {count}"
    IS_STARTING = "The kit is starting"
    NOT_HEARD = "Nothing of the kit is heard. Is it on?"
    PARTS = "Parts"
    SENSORS = "Eyes and headband"
    EYES = "Eyes"
    HEADBAND = "Headband"
    NO_HEADBAND = "none is there, or none is set"
    BATTERY = "Battery"
    PERCENT = "{count} %"
    ON_BATTERY = "{count} %, and it lives on that alone"
    POWER = "Battery and heat"
    HEAT = "Heat"
    DEGREES = "{count} °C"
    SAVES = "What it does without"
    WORKSTATION = "Workstation"
    UNKNOWN = "not known now"
    UNPAIRED = "none is paired: nothing leaves the kit"
    NOT_AGREED = "{name} is paired; the wearer has not agreed that it gets what they write"
    AGREED = "{name} gets what the wearer writes, as the wearer agreed"
    WAITS = "Choices that wait to be fetched"
    FETCHED = "Fetched last"
    REST = "Model, workstation and disk"
    MODEL = "Language model"
    NO_MODEL = "none is loaded: word lists write"
    LEARNED = "What it learned"
    VERSION = "version {serial}: {state}"
    DISK = "Room on the disk"
    MEGABYTES = "{count} MB free"
    ENTER = "Come in"
    ENTER_ABOUT = (
        "This page is for who cares for the wearer, and asks for a PIN that stands on the kit’s own screen."
    )
    ASK = "Show the PIN on the kit’s screen"
    STANDS = "The PIN stands on the kit’s screen for three minutes."
    COMPARE = (
        "Your browser warns of this page, for no authority knows its certificate. Before you type the PIN, "
        "compare the beginning of the certificate’s SHA-256 fingerprint in your browser with the kit’s screen. "
        "If they differ, type nothing: somebody stands in between."
    )
    DIGITS = "PIN: six digits"
    ASK_AGAIN = "Try again"
    WAIT = "No PIN is given now. Ask again in {count} seconds."
    LEFT = "You have left. To come back, ask for a PIN."
    MISSING = "There is no such page"
    OLD_FORM = "That form was too old. Nothing was done; load the page again."
    BEGIN = "Begin something"
    BEGIN_ABOUT = (
        "Each of these takes the wearer’s screen for a while. What they were writing waits, and comes back."
    )
    BEGUN = "Done, or under way: look at the kit’s screen."
    UNANSWERED = "Nobody answered yet: look at the kit’s screen."
    SAYS_NO = "That was not done. The kit says: {reason}"
    VERSIONS = "Model"
    VERSIONS_ABOUT = (
        "What the workstation sent, and which of it the kit’s language model uses. "
        "The model as it came is always there. While one takes another’s place, words come from the lists."
    )
    NO_VERSIONS = "The workstation has sent nothing."
    AS_IT_CAME = "The model as it came"
    NUMBER = "Version {serial}"
    IN_USE = "in use now"
    USE_FACTORY = "Use the model as it came"
    USE_VERSION = "Use version {serial}"
    GO_BACK = "Back to the version before"
    GO_BACK_ABOUT = (
        "If its words got worse: the one before that was good goes on, and this one counts as taken back."
    )
    CAME = "came {day}"
    WHOLE = "whole model {name}"
    DOCUMENTS = "Documents"
    DOCUMENTS_ABOUT = "They lie on the kit, and need no network. They are in English."
    ALL_DOCUMENTS = "All documents"
    CONTENTS = "What this document has"
    REFUSED = "That was not done"
    BACK_HOME = "To the first page"


class Beginning(NamedTuple):
    """Something that is begun on the wearer's screen."""

    button: str
    about: str


BEGINNINGS: dict[str, Beginning] = {
    "calibrate": Beginning(
        "Show the nine dots", "The wearer looks at each dot until it has filled: ten seconds or so."
    ),
    "practise": Beginning("Begin practice", "Eight small exercises; nothing of them is said, kept or learned."),
    "fit": Beginning(
        "Find how the wearer chooses",
        "Three minutes: edge, switch, lids, headband, each tried if the wearer wants.",
    ),
    "stop": Beginning(
        "Stop finding how the wearer chooses", "Back to what was being written; nothing is changed."
    ),
}
ANSWERS: dict[Answer, str] = {
    Answer.WRONG: "That is not the PIN on the kit’s screen.",
    Answer.NONE: "No PIN stands on the kit’s screen any more. Ask for one.",
    Answer.CLOSED: "That is not the PIN on the kit’s screen, and it does not hold any more.",
}
PARTS: dict[str, str] = {
    "core": "Choosing and writing",
    "display": "Screen",
    "gaze": "Eye tracking",
    "eyetracker": "Eye tracker of another maker",
    "headband": "Headband",
    "generator": "Language model",
    "journal": "Record",
    "voice": "Voice",
    "safe": "Emergency screen",
    "sync": "Link to the workstation",
    "panel": "This page",
    "browser": "Screen in a browser",
    "vitals": "Battery and heat",
}
THRIFTS: dict[Thrift, str] = {
    Thrift.NOTHING: "nothing",
    Thrift.FRAMES: "it looks at the eyes ten times a second at most",
    Thrift.CANDIDATES: "ten looks a second at most, and fewer words of the model",
    Thrift.MODEL: "ten looks a second at most, and the model: word lists write",
    Thrift.WORDS: "ten looks a second at most, and the model; on an empty line phrases come first",
}
STANDINGS: dict[Standing, str] = {
    Standing.WELL: "well",
    Standing.TROUBLE: "needs somebody",
    Standing.SILENT: "does not answer",
    Standing.STARTING: "starting…",
}
EYES: dict[Eyes, str] = {Eyes.OPEN: "open", Eyes.CLOSED: "closed", Eyes.ABSENT: "not seen"}
NO_LOOK = "no look comes"
PLACES: dict[ElectrodeAt, str] = {
    ElectrodeAt.LEFT_FOREHEAD: "left forehead",
    ElectrodeAt.RIGHT_FOREHEAD: "right forehead",
    ElectrodeAt.LEFT_JAW: "left jaw",
    ElectrodeAt.RIGHT_JAW: "right jaw",
}
ELECTRODES: dict[ElectrodeState, str] = {
    ElectrodeState.GOOD: "good",
    ElectrodeState.MISSING: "not there",
    ElectrodeState.RAILED: "at its limit: press it on, or moisten it",
    ElectrodeState.FLAT: "hears nothing: press it on",
    ElectrodeState.LOOSE: "loose: press it on",
    ElectrodeState.MAINS: "hears cables nearby: move them away",
    ElectrodeState.MUSCLE: "hears muscles",
}
GROWN: dict[GrownState, str] = {
    GrownState.TRYING: "is being tried",
    GrownState.ON_TRIAL: "on trial",
    GrownState.GOOD: "good",
    GrownState.LEFT: "not in use",
    GrownState.ROLLED_BACK: "taken back",
    GrownState.REFUSED: "refused",
    GrownState.REMOVED: "removed",
}
