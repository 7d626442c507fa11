"""What the pages of settings, of a new start and of switching off say, in English. Pure.

Other languages stand in locale/<language>/LC_MESSAGES/settings.po, with what each setting is: its own English
stands beside it in vybor.foundation.settings. After a change: `pybabel compile -D settings -d
daemon/vybor/panel/locale`.
"""

from enum import StrEnum

from vybor.commands.settings.carer_may import Why
from vybor.contracts.messages import PowerEnd


class Told(StrEnum):
    """What the pages say of themselves."""

    SETTINGS = "Settings"
    SETTINGS_ABOUT = (
        "Every setting of the kit, what it is and what it is now. Those that a carer may change have a page for "
        "it; of every other one it says who does, and why not here."
    )
    SEARCH = "Search in settings"
    FIND = "Find"
    ALL = "All settings"
    FOUND = "Found: {count}"
    NONE_FOUND = "Nothing is found. Try another word, or a part of one."
    PROBLEMS = "Something in the file of settings cannot be understood; there the usual value holds."
    NOW = "Now"
    USUAL = "Usually"
    EMPTY = "empty"
    CHANGED = "changed"
    CHANGE_IT = "Change"
    YES = "yes"
    NO = "no"
    HOLDS_ALONE = "A change holds once this part has started again, which the next page offers: {parts}."
    HOLDS = "A change holds once these parts have started again, which the next page offers: {parts}."
    NOT_HERE = "This setting is not changed here."
    VALUE = "New value"
    FROM_TO = "From {least} to {most}."
    WHOLE_FROM_TO = "A whole number from {least} to {most}."
    SET = "Set it"
    TO_USUAL = "Back to the usual value: {value}"
    SET_NOW = "It is set: {line}."
    NOTHING_NEW = "Nothing has changed: that was so already."
    START_PART = "Start again now: {parts}"
    START_LATER = "Or later, under Restart and power off: until then the part goes on as before."
    REFUSED_SO = "Nothing was changed. The kit says:"
    ONLY = "Only those that can be changed here"
    CHANGES = "What was changed"
    CHANGES_ABOUT = (
        "The newest first, with the times of the kit’s clock; twenty are kept. The newest can be taken back, "
        "and then the one before it."
    )
    NO_CHANGES = "Nothing was changed yet."
    FROM_TO_VALUE = "{before} → {after}"
    COMMENTS = "only comments, or what says the same"
    TAKE_BACK = "Take this back"
    TAKEN_BACK = "It is taken back: {line}."
    NOT_TAKEN_BACK = "This is not taken back here, because of {name}."
    POWER = "Restart and power off"
    POWER_ABOUT = (
        "The wearer reads on the kit’s screen what you ask for, and has ten seconds to stop it by choosing "
        "anything; thirty for switching off. "
        "It is done only once all that they wrote is saved, which then comes back."
    )
    RESTART_PART = "Start one part again"
    RESTART_PART_ABOUT = "For a part that needs somebody, or after a change of its settings."
    RESTART_KIT = "Start the whole kit again"
    RESTART_KIT_ABOUT = (
        "All parts at once, this page too: you come in by a new PIN. For some seconds nothing can be written."
    )
    OFF = "Switch the kit off"
    OFF_ABOUT = (
        "The wearer cannot write, speak or call for help by it, until somebody switches it on at the machine."
    )
    START = "Start again: {part}"
    SURE_RESTART = "Start again?"
    SURE_OFF = "Switch the kit off?"
    YES_RESTART = "Yes, ask the wearer and start again"
    YES_OFF = "Yes, tell the wearer and switch off"
    BACK = "No, go back"
    WHAT_RESTART = "To start again: {parts}"
    WHAT_KIT = "the whole kit"
    LOOK_AGAIN = "See what has come of it"
    ASKED_FOR = "What was asked for"
    TAKE_WISH_BACK = "Do not do it after all"
    WILL_RESTART = "In {count} seconds at most starts again, unless the wearer stops it: {parts}"
    WILL_OFF = "In {count} seconds at most the kit is switched off, unless the wearer stops it."
    NOT_DONE = "That was not done. The kit says:"
    NOBODY = "Nobody answered: see under How the kit is whether Choosing and writing is well."


ENDS: dict[PowerEnd, str] = {
    PowerEnd.STOPPED: "The wearer has chosen something meanwhile, which stopped it. Ask them, and ask again here.",
    PowerEnd.CANCELLED: "It was taken back.",
    PowerEnd.DONE: "It was done.",
    PowerEnd.FAILED: "It was not done.",
}
ROOMS: dict[str, str] = {
    "": "Language",
    "gaze": "Eye tracking",
    "eyetracker": "Eye tracker of another maker",
    "headband": "Headband",
    "commit": "Choosing",
    "generator": "Words and language model",
    "display": "Screen",
    "voice": "Voice",
    "text_out": "Text into other programs",
    "journal": "Record",
    "wearer": "How the wearer speaks",
    "sync": "Link to the workstation",
    "panel": "This page",
    "browser": "Screen in a browser",
    "flicker": "Flickering tiles",
    "vitals": "Battery and heat",
}
CONTEXTS: dict[str, tuple[str, ...]] = {
    "text": tuple(Told),
    "end": tuple(ENDS.values()),
    "room": tuple(ROOMS.values()),
    "why": tuple(Why),
}
"""Everything but what each setting is, under the context that it has in the .po file."""
