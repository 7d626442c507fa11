"""What the display says, in the wearer's language. English stands here, the others in locale/<language>/.

After a change: `pybabel compile -D vybor -d daemon/vybor/display/locale`.
"""

import gettext
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path, PurePath

from vybor.contracts.messages import (
    Effort,
    Exercise,
    FitPhase,
    FitStage,
    Intent,
    Mode,
    Notice,
    Practising,
    Role,
    Saving,
    Screen,
    Sign,
    Source,
    Tile,
    Trouble,
)
from vybor.display import practice_words
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
    Role.KIT: "Kit",
    Role.PRACTICE: "Practice",
    Role.SKIP: "Next exercise",
    Role.LEAVE: "End practice",
    Role.NIGHT: "Night colours",
    Role.DAY: "Day colours",
    Role.COPY: "Copy what I speak",
    Role.TYPE: "Type what I speak",
    Role.NO_COPY: "Stop copying",
    Role.NO_TYPE: "Stop typing",
    Role.FIT: "Find how I choose",
    Role.FIT_BEGIN: "Begin",
    Role.FIT_SKIP: "Not this one",
    Role.FIT_ACCEPT: "Choose like this",
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
    (Mode.PRACTICE_CALL, Role.HELP): "Really call for help",
    (Mode.PRACTICE_OVER, Role.PRACTICE): "Practise again",
}
"""Where the same tile turns a page, or is asked about."""
KEPT_AGAIN = "Keep “{label}” again"
"""Of the phrase that was just removed."""
TARGET = "This one"
"""Of the place that is to be chosen in a fitting; the others are empty."""
INTENTS: dict[Intent, str] = {
    Intent.ASK: "Ask",
    Intent.WANT: "Want",
    Intent.REFUSE: "Refuse",
    Intent.FEEL: "Feel",
    Intent.TELL: "Tell",
}
"""What a sentence is to do, by the label of the tile."""

EFFORTS: dict[Effort, str] = {Effort.EASY: "Easy", Effort.SO_SO: "So-so", Effort.HARD: "Hard"}
"""How hard a sign was, by the label of the tile."""

SIGNS: dict[Sign, str] = {
    Sign.PAD: "Looking at the edge",
    Sign.SWITCH: "The switch",
    Sign.LONG_BLINK: "Closing the eyes",
    Sign.DOUBLE_BLINK: "Blinking twice",
    Sign.CLENCH: "Clenching the teeth",
}
CUES: dict[Sign, str] = {
    Sign.PAD: "Choose the tile “This one”: look at it, then at its edge",
    Sign.SWITCH: "Press now",
    Sign.LONG_BLINK: "Close your eyes a moment, then open them",
    Sign.DOUBLE_BLINK: "Blink twice now",
    Sign.CLENCH: "Clench your teeth now",
}
FITTINGS: dict[FitPhase, str] = {
    FitPhase.INTRO: "Next: {sign}. Only if you can and want to.",
    FitPhase.STILL: "Do nothing now: look around, read",
    FitPhase.PAUSE: "Wait",
    FitPhase.EFFORT: "How hard was that?",
}

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
    Trouble.NOT_COPIED: "Not copied: other programs have nothing of it",
    Trouble.NOT_TYPED: "Not typed, or not whole: look at the other program",
    Trouble.COPIED_STAYS: "What was copied stays on the clipboard",
    Trouble.TYPED_STAYS: "What was typed stays in the other program",
    Trouble.SCANNING: "Eyes not seen: confirm when your tile is lit",
    Trouble.SCAN_WAITS: "Press or blink twice: tiles will light up in turn",
    Trouble.PAD_INSTEAD: "No headband: look at a tile’s edge to choose",
    Trouble.INPUTS_LOST: "Nothing can be chosen: the kit calls aloud",
    Trouble.FEWER_TILES: "Larger tiles: your eyes are seen less exactly",
    Trouble.MORE_TILES: "More tiles: your eyes are seen more exactly",
    Trouble.SETTINGS_WRONG: "A setting is wrong: the usual one holds",
    Trouble.FIT_AGAIN: "More signs lead to nothing: find anew how you choose",
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
    Mode.KIT: "Kit",
    Mode.PRACTICE_CALL: "A call for help",
    Mode.PRACTICE_OVER: "Practice is over",
    Mode.FITTING: "How do you choose?",
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
    CANNOT_CHOOSE = "Cannot choose any more"
    PLEASE_COME = "Please come and look"
    READ_THIS = "There is no sound: please read"
    SAID_HERE = "What is said will stand here"
    WAIT_FOR_KIT = "The kit does not answer. Please wait."
    INCOGNITO = "Nothing is learned until you choose Learn again"
    PRIVATE = "This text is not learned"
    CHECK_BEGINS = "A check of {count} words: listen, then write what you hear"
    CHECK = "Word {number} of {count}: write the word that you heard, then choose Speak"
    NOT_SAID = "Not said, only practised: “{text}”"
    PRACTISES = "Is practising"
    NOTHING_MEANT = "Nothing of it is meant for anybody"
    COPIES = "What is spoken is copied as well"
    TYPES = "What is spoken is typed as well"
    KEPT_IN = "Nothing of this is learned, copied or typed"
    FIT_PLACE = "{trial} of {trials}"
    FIT_CUES = "{trial} of {trials}: {cue} of {cues}"
    FIT_FOUND = "{sign}: {hits} of {cues}, unasked {count}"
    FIT_SKIPPED = "{sign}: left out"
    FIT_CHANGES = "Set it so? Back leaves it as it is."
    FIT_STAYS = "All stays as it is"


CONTEXTS: dict[str, tuple[str, ...]] = {
    "tile": tuple(dict.fromkeys((*TILES.values(), *TILES_IN.values(), KEPT_AGAIN, TARGET))),
    "intent": tuple(INTENTS.values()),
    "effort": tuple(EFFORTS.values()),
    "sign": tuple(SIGNS.values()),
    "cue": (*CUES.values(), *FITTINGS.values()),
    "mark": tuple(MARKS.values()),
    "trouble": (*TROUBLES.values(), *SILENT.values()),
    "mode": tuple(MODES.values()),
    "saving": (*SAVINGS.values(), *BRIEF_SAVINGS.values()),
    "part": tuple(PARTS.values()),
    "says": tuple(Says),
    "call": tuple(dict.fromkeys(CALLS.values())),
    "sentence": tuple(Sentence),
    "practice": practice_words.SENTENCES,
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
        if tile.role is Role.FIT_EFFORT:
            return self._say("effort", EFFORTS[Effort(tile.label)])
        if tile.role is Role.FIT_TARGET:
            return self._say("tile", TARGET) if tile.label else ""
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

    def fitting(self, stage: FitStage) -> str:
        """What is wanted of the person in a fitting."""
        if stage.phase is FitPhase.CUE and stage.sign:
            return self._say("cue", CUES[stage.sign])
        sign = self.sign(stage.sign) if stage.sign else ""
        return self._say("cue", FITTINGS[stage.phase]).format(sign=sign[:1].lower() + sign[1:])

    def sign(self, sign: Sign) -> str:
        """The name of a sign."""
        return self._say("sign", SIGNS[sign])

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

    def practice(self, screen: Screen, now: Practising, *, briefly: bool = False) -> str:
        """What somebody who practises is to do now, briefly if asked so; empty where the page says it itself."""
        said = [self._say("practice", text) for text in practice_words.spoken(screen, now)]
        if not said:
            return ""
        said = said[:1] if briefly else said
        whole = (
            self._say("practice", practice_words.AND_SO).format(what=said[0], then=said[1])
            if said[1:]
            else said[0]
        )
        if now.praised and not now.tells_more:
            whole = self._say("practice", practice_words.PRAISE).format(then=whole)
        return whole.format(word=now.word, letter=now.letter)

    def practice_page(self, page: str, now: Practising) -> str:
        """The heading of a page in practice, with the page's name if it has one."""
        number, count = practice_words.number(now), len(Exercise)
        heading = self._say("practice", practice_words.HEADING).format(number=number, count=count)
        return f"{heading}: {page}" if page else heading

    def _known(self, context: str, key: str, table: Mapping[str, str]) -> str:
        return self._say(context, table[key]) if key in table else ""

    def _say(self, context: str, english: str) -> str:
        return self._translation.pgettext(context, english)


@lru_cache(maxsize=8)
def words_in(language: str) -> Words:
    """The words of a language; English where there is no translation."""
    return Words(language)
