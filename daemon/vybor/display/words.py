"""What the display says, in the wearer's language. English stands here, the others in locale/<language>/.

After a change: `pybabel compile -D vybor -d daemon/vybor/display/locale`.
"""

import gettext
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path, PurePath

from vybor.contracts.messages import Intent, Mode, Notice, Role, Saving, Screen, Source, Tile, Trouble
from vybor.display.helping import Stage
from vybor.display.starting import Part, Says

LOCALE = Path(__file__).with_name("locale")
DOMAIN = "vybor"

TILES: dict[Role, str] = {
    Role.MORE: "More words",
    Role.LETTERS: "Spell exactly",
    Role.SPELLED: "Write “{label}”",
    Role.MARKS: "Marks",
    Role.DIGITS: "Digits",
    Role.CAPITAL: "Capital letter",
    Role.ENDINGS: "Other ending: {label}",
    Role.BACK: "Back",
    Role.UNDO: "Undo",
    Role.SPEAK: "Speak",
    Role.MENU: "Menu",
    Role.PHRASES: "Phrases",
    Role.CLEAR: "Clear all",
    Role.REST: "Rest",
    Role.WAKE: "Wake",
    Role.HELP: "Call for help",
    Role.ANCHORS: "Sentence from a word",
    Role.ANCHOR: "One more word",
    Role.PART: "Only a part",
    Role.LIKE: "Others like one",
    Role.TOOLS: "Tools",
    Role.REPEAT: "Say it again",
    Role.DELETE_WORD: "Delete word",
    Role.UNLEARN: "Don’t learn this",
    Role.INCOGNITO: "Learn nothing",
    Role.LEARNING: "Learn again",
    Role.KEEP: "Keep as a phrase",
    Role.FORGET: "Remove a phrase",
    Role.CLOSE: "Back",
}
"""The word on a tile; candidates, phrases, groups, letters and marks have nothing but their label."""

TILES_IN: dict[tuple[Mode, Role], str] = {
    (Mode.MARKS, Role.MARKS): "More marks",
    (Mode.DIGITS, Role.DIGITS): "More digits",
    (Mode.ENDINGS, Role.ENDINGS): "More endings",
    (Mode.PHRASES, Role.PHRASES): "More phrases",
    (Mode.FORGETTING, Role.FORGET): "More phrases",
    (Mode.CLEARING, Role.CLEAR): "Yes, clear all",
}
"""Where the same tile turns a page, or is asked about."""
KEPT_AGAIN = "Keep “{label}” again"
"""Of the phrase that was just removed."""
INTENTS: dict[Intent, str] = {
    Intent.ASK: "Ask",
    Intent.WANT: "Want",
    Intent.REFUSE: "Refuse",
    Intent.FEEL: "Feel",
    Intent.TELL: "Tell",
}
"""What a sentence is to do, by the label of the tile."""

MARKS: dict[str, str] = {
    ".": "full stop",
    ",": "comma",
    "?": "question",
    "!": "exclamation",
    ":": "colon",
    ";": "semicolon",
    '"': "quotation",
    "-": "hyphen",
    "(": "bracket",
    ")": "bracket closed",
    "'": "apostrophe",
    "…": "dots",
    "$": "dollar",
    "%": "per cent",
    "&": "and",
    "/": "slash",
    "@": "at",
    "+": "plus",
    "=": "equals",
    "*": "asterisk",
}

TROUBLES: dict[Trouble, str] = {
    Trouble.MODEL_MISSING: "No language model: the words are simpler",
    Trouble.MODEL_WRONG_HASH: "The language model is damaged: the words are simpler",
    Trouble.MODEL_FAILED: "The language model has stopped: the words are simpler",
    Trouble.WORDS_MISSING: "No word list: spell with letters",
    Trouble.CAMERA_MISSING: "No camera found: connect it",
    Trouble.CAMERA_STOPPED: "The camera has stopped",
    Trouble.NOBODY_SEEN: "The camera sees no face",
    Trouble.LANDMARKER_MISSING: "Eye tracking is not installed",
    Trouble.NOT_CALIBRATED: "Eye tracking is not calibrated",
    Trouble.HEADBAND_MISSING: "No headband found: switch it on",
    Trouble.HEADBAND_STOPPED: "The headband has stopped",
    Trouble.SOUND_MISSING: "No sound: nobody can hear you",
    Trouble.SOUND_MUTED: "The sound is turned off: nobody can hear you",
    Trouble.WHISPER_MISSING: "The whisper cannot be heard",
    Trouble.VOICE_PLAIN: "The usual voice fails: a plainer one speaks",
    Trouble.NOT_SPOKEN: "The sentence was not spoken: undo brings it back",
    Trouble.CALLING_HELP: "Calling for help… (undo stops it)",
    Trouble.DISK_FULL: "The disk is full: nothing new is saved",
    Trouble.JOURNAL_SET_ASIDE: "Damaged records were put aside",
    Trouble.JOURNAL_FAILED: "Saving fails: the text is only in memory",
    Trouble.NOT_LEARNED: "What was spoken is learned or forgotten later",
    Trouble.TOPICS_FAILED: "Topic documents cannot be used",
    Trouble.ADAPTER_FAILED: "What the model learned cannot be used: it writes as it came",
    Trouble.PROCESS_SILENT: "A part of the kit does not answer",
    Trouble.SCANNING: "Eyes not seen: confirm when your tile is lit",
    Trouble.SCAN_WAITS: "Press or blink twice: tiles will light up in turn",
    Trouble.PAD_INSTEAD: "No headband: look at a tile’s edge to choose",
    Trouble.FEWER_TILES: "Larger tiles: your eyes are seen less exactly",
    Trouble.MORE_TILES: "More tiles: your eyes are seen more exactly",
    Trouble.SETTINGS_WRONG: "A setting is wrong: the usual one holds",
}

SILENT: dict[str, str] = {
    "headband": "The headband’s program does not answer",
    "gaze": "Eye tracking does not answer",
    "generator": "The language model does not answer",
    "journal": "Saving does not answer",
    "voice": "The voice does not answer",
    "safe": "The emergency screen does not answer",
}
"""PROCESS_SILENT by the process that is silent."""

MODES: dict[Mode, str] = {
    Mode.WORDS: "Words",
    Mode.MORE: "Other words",
    Mode.KEYPAD: "Which letters?",
    Mode.LETTERS: "Spelling",
    Mode.GROUP: "Which letter?",
    Mode.MARKS: "Marks",
    Mode.DIGITS: "Digits",
    Mode.ENDINGS: "Which ending?",
    Mode.MENU: "Menu",
    Mode.PHRASES: "Phrases",
    Mode.INTENT: "What is the sentence to do?",
    Mode.SENTENCES: "Sentences",
    Mode.PART_OF: "A part of which?",
    Mode.PART: "How far?",
    Mode.LIKE: "Like which?",
    Mode.TOOLS: "Tools",
    Mode.CLEARING: "Clear it all?",
    Mode.MENDING: "What instead?",
    Mode.FORGETTING: "Remove which?",
    Mode.REST: "Resting. To go on, choose Wake twice: it changes corners.",
}

SAVINGS: dict[Saving, str] = {
    Saving.SAVED: "saved: safe to unplug",
    Saving.SAVING: "not saved yet…",
    Saving.NOT_SAVING: "NOT saved",
}

BRIEF_SAVINGS: dict[Saving, str] = {Saving.SAVED: "saved"}
"""The same where there is little room."""

PARTS: dict[Part, str] = {
    Part.WRITING: "Writing",
    Part.MODEL: "Model",
    Part.EYES: "Eyes",
    Part.HEADBAND: "Headband",
    Part.SOUND: "Sound",
    Part.RECORD: "Record",
}

CALLS: dict[Stage, str] = {
    Stage.NONE: "To call for help, press the switch (key: {key})",
    Stage.ASKED_VOICE: "Calling for help…",
    Stage.ASKED_SAFE: "Calling for help…",
    Stage.CALLED: "Help is being called. To call again, press the switch (key: {key})",
    Stage.FAILED: "The call for help does not sound: call in another way, or press again",
}
"""What the switch does while nothing can be chosen."""


class Sentence(StrEnum):
    """What the display says of itself."""

    STARTING = "Vybor is starting…"
    DOTS_COME = "Sit before the camera: nine dots come next"
    UNPLUG = "Safe to unplug at any time"
    ADDRESSES = "For the carer’s computer: {addresses}"
    NO_NETWORK = "No network: not needed to write"
    IDENTITY = "Vybor {version}"
    IDENTITY_WITH_MODEL = "Vybor {version}, language model {model}"
    GO_ON = "To go on to the words at once, press the switch (key: {key})"
    STARTS_AGAIN = "Vybor starts again."
    TEXT_KEPT = "Your text is kept."
    TEXT_IN_DOUBT = "The last words may not be saved: they stand below."
    BEGIN = "Look at a word to begin"
    SAID = "Said: “{text}”"
    NOT_HEARD = "Not heard: “{text}”"
    PARTNER = "They said: “{text}”"
    MORE_NOTICES = "+{count} more"
    LOOK_AT_DOT = "Look at the dot ({dot} of {dots})"
    LOOK_HERE = "look here"
    CONFIRM = "confirm now"
    FROM = "from {name}"
    YOU_SAID = "you said"
    INTEREST_IS_ON = "interest counts"
    YOU_ASKED = "You said: “{text}”"
    IS_WRITING = "Is writing…"
    PLEASE_WAIT = "Please wait: every word has to be chosen"
    RESTS = "Is resting"
    CALLS_HELP = "Calls for help!"
    READ_THIS = "There is no sound: please read"
    SAID_HERE = "What is said will stand here"
    WAIT_FOR_KIT = "The kit does not answer. Please wait."
    INCOGNITO = "Nothing is learned until you choose Learn again"
    PRIVATE = "This text is not learned"


CONTEXTS: dict[str, tuple[str, ...]] = {
    "tile": tuple(dict.fromkeys((*TILES.values(), *TILES_IN.values(), KEPT_AGAIN))),
    "intent": tuple(INTENTS.values()),
    "mark": tuple(MARKS.values()),
    "trouble": (*TROUBLES.values(), *SILENT.values()),
    "mode": tuple(MODES.values()),
    "saving": (*SAVINGS.values(), *BRIEF_SAVINGS.values()),
    "part": tuple(PARTS.values()),
    "says": tuple(Says),
    "call": tuple(dict.fromkeys(CALLS.values())),
    "sentence": tuple(Sentence),
}
"""Everything that can be said, under the context that it has in the .po files."""


class Words:
    """One language."""

    def __init__(self, language: str) -> None:
        self._translation = gettext.translation(DOMAIN, LOCALE, [language], fallback=True)

    def tile(self, tile: Tile, screen: Screen) -> str:
        """What stands on a tile in large letters; of a fold, what it stands for."""
        if tile.role is Role.FOLD:
            return ", ".join(self.folded(tile, screen))
        if tile.role is Role.INTENT:
            return self._say("intent", INTENTS[Intent(tile.label)])
        if tile.role is Role.FORGET and tile.label:
            return tile.label
        if tile.role is Role.KEEP and tile.label != screen.text:
            return self._say("tile", KEPT_AGAIN).format(label=tile.label)
        if word := TILES_IN.get((screen.mode, tile.role)) or TILES.get(tile.role):
            return self._say("tile", word).format(label=tile.label)
        return tile.label

    def folded(self, fold: Tile, screen: Screen) -> list[str]:
        """What stands on a fold; small marks are hard to tell apart, so they have their names."""
        named = (
            f"{each.label} {self.mark(each.label)}" if each.role is Role.MARK else "" for each in fold.members
        )
        return [name.strip() or self.tile(each, screen) for name, each in zip(named, fold.members, strict=True)]

    def origin(self, tile: Tile) -> str:
        """The document that a word comes from, or that it is the person's own; empty for all others."""
        if tile.source is Source.OWN:
            return self.sentence(Sentence.YOU_SAID)
        return self.sentence(Sentence.FROM, name=PurePath(tile.origin).stem) if tile.origin else ""

    def mark(self, mark: str) -> str:
        """The name of a mark, which may be small to see; empty for one without a name."""
        return self._known("mark", mark, MARKS)

    def notice(self, notice: Notice) -> str:
        """What is wrong, and what it means."""
        if notice.trouble is Trouble.PROCESS_SILENT and notice.process in SILENT:
            return self._say("trouble", SILENT[notice.process])
        return self._say("trouble", TROUBLES[notice.trouble])

    def mode(self, mode: Mode) -> str:
        """The heading of a page; of the page of rest, how to leave it."""
        return self._say("mode", MODES[mode])

    def saving(self, saving: Saving) -> str:
        """Whether the text is on the disk."""
        return self._say("saving", SAVINGS[saving])

    def saving_briefly(self, saving: Saving) -> str:
        """The same in a word or two."""
        return self._say("saving", BRIEF_SAVINGS.get(saving, SAVINGS[saving]))

    def part(self, part: Part) -> str:
        """The name of a part of the kit."""
        return self._say("part", PARTS[part])

    def says(self, says: Says | Notice) -> str:
        """How a part is doing."""
        return self.notice(says) if isinstance(says, Notice) else self._say("says", says)

    def call(self, stage: Stage, key: str) -> str:
        """How far a call for help by the switch is, and which key that is."""
        return self._say("call", CALLS[stage]).format(key=key)

    def sentence(self, sentence: Sentence, **filled: object) -> str:
        """One of the display's own sentences."""
        return self._say("sentence", sentence).format(**filled)

    def _known(self, context: str, key: str, table: Mapping[str, str]) -> str:
        return self._say(context, table[key]) if key in table else ""

    def _say(self, context: str, english: str) -> str:
        return self._translation.pgettext(context, english)


@lru_cache(maxsize=8)
def words_in(language: str) -> Words:
    """The words of a language; English where there is no translation."""
    return Words(language)
