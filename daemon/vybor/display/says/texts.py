"""Every word of the screen, in English; vybor.display.says.words says them in the wearer's language. Pure."""

from enum import StrEnum

from vybor.contracts.messages import (
    Intent,
    Mode,
    Role,
    Saving,
    Scope,
    Sign,
    Trouble,
)
from vybor.display.helping import Stage
from vybor.display.says import read_texts
from vybor.display.starting import Part

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
    Role.FIT_MORE: "Brows, cheek, head",
    Role.SHARING: "Workstation",
    Role.SHARE: "It may have it",
    Role.NO_SHARE: "Share no more",
    Role.PAIR: "Pair",
    Role.PAIR_YES: "Yes, the same",
    Role.PAIR_NO: "No",
    Role.UNPAIR: "Remove it",
    Role.CLOSE: "Back",
    Role.ERASE: "Delete what I said",
    **read_texts.TILES,
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
    (Mode.UNPAIR_SURE, Role.UNPAIR): "Yes, remove it",
    (Mode.PAIR_SURE, Role.PAIR): "Yes, pair another",
    (Mode.ERASE_SURE, Role.ERASE): "Yes, delete it",
}
"""Where the same tile turns a page, or is asked about."""
KEPT_AGAIN = "Keep “{label}” again"
"""Of the phrase that was just removed."""
TARGET = "This one"
"""Of the place that is to be chosen in a fitting; the others are empty."""
SCOPES: dict[Scope, str] = {
    Scope.LAST: "What I said last",
    Scope.TODAY: "All of today",
    Scope.EVERYTHING: "Everything",
}
"""What is to be deleted, by the label of the tile."""
INTENTS: dict[Intent, str] = {
    Intent.ASK: "Ask",
    Intent.WANT: "Want",
    Intent.REFUSE: "Refuse",
    Intent.FEEL: "Feel",
    Intent.TELL: "Tell",
}
"""What a sentence is to do, by the label of the tile."""

SIGNS: dict[Sign, str] = {
    Sign.PAD: "Looking at the edge",
    Sign.SWITCH: "The switch",
    Sign.LONG_BLINK: "Closing the eyes",
    Sign.DOUBLE_BLINK: "Blinking twice",
    Sign.CLENCH: "Clenching the teeth",
    Sign.BROW: "Raising the brows",
    Sign.CHEEK: "Drawing up a corner of the mouth",
    Sign.HEAD: "Nodding or tilting the head",
    Sign.FLICKER: "Looking at a tile that flickers",
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
    Trouble.PICTURE_DARK: "Too dark for the camera: light the face from the front",
    Trouble.PICTURE_BRIGHT: "Too bright for the camera: turn it from the window",
    Trouble.PICTURE_BROKEN: "The camera’s pictures are damaged: check its cable",
    Trouble.EYES_SMALL: "The camera is too far away: move it nearer",
    Trouble.PHOTOGRAPH: "The camera sees a still picture: blink",
    Trouble.SOMEBODY_ELSE: "The camera sees somebody else",
    Trouble.LANDMARKER_MISSING: "Eye tracking is not installed",
    Trouble.NOT_CALIBRATED: "Eye tracking is not calibrated",
    Trouble.TRACKER_MISSING: "No eye tracker found: start its program",
    Trouble.TRACKER_STOPPED: "The eye tracker has stopped",
    Trouble.TRACKER_BLIND: "The eye tracker sees no eyes",
    Trouble.HEADBAND_MISSING: "No headband found: switch it on",
    Trouble.HEADBAND_STOPPED: "The headband has stopped",
    Trouble.HEADBAND_LOW: "The headband’s battery is nearly empty",
    Trouble.HEADBAND_LOOSE: "An electrode of the headband does not touch: the others go on",
    Trouble.HEADBAND_MAINS: "The headband hears cables nearby: move them away",
    Trouble.GIVEN_OUT: "Another program receives your signals, not your text",
    Trouble.LOOKS_RECORDED: "Where you look is being recorded, not your text",
    Trouble.SESSION_RECORDED: "Where you look and what you write are being recorded",
    Trouble.SOUND_MISSING: "No sound: nobody can hear you",
    Trouble.SOUND_MUTED: "The sound is turned off: nobody can hear you",
    Trouble.WHISPER_MISSING: "The whisper cannot be heard",
    Trouble.VOICE_PLAIN: "The usual voice fails: a plainer one speaks",
    Trouble.NOT_SPOKEN: "The sentence was not spoken: undo brings it back",
    Trouble.CALLING_HELP: "Calling for help…",
    Trouble.DISK_FULL: "The disk is full: nothing new is saved",
    Trouble.JOURNAL_SET_ASIDE: "Damaged records were put aside",
    Trouble.JOURNAL_FAILED: "Saving fails: the text is only in memory",
    Trouble.NOT_ENCRYPTED: "Your texts are saved, and not encrypted yet",
    Trouble.JOURNAL_LOCKED: "Locked: nothing is saved until somebody unlocks",
    Trouble.NOT_LEARNED: "What was spoken is learned or forgotten later",
    Trouble.TOPICS_FAILED: "Topic documents cannot be used",
    Trouble.ADAPTER_FAILED: "What the model learned cannot be used: it writes as it came",
    Trouble.GROWN_REFUSED: "A new model was sent and cannot be used: the one before goes on",
    Trouble.GROWN_STOPPED: "The new model stopped: the one before goes on",
    Trouble.GROWN_UNDONE: "The new model’s words were taken back often: the one before goes on",
    Trouble.GROWN_OTHER_BASE: "The model is another one now: what it learned has to be learned anew",
    Trouble.GROWN_LOST: "What the model learned is damaged: the one before goes on",
    Trouble.GROWN_NO_ROOM: "No room on the disk for a new model",
    Trouble.GROWN_ON_TRIAL: "A new model is on trial: words may differ",
    Trouble.GROWN_CHANGES: "The model is being changed: words come from the lists",
    Trouble.GROWN_STALE: "The model has learned from what was deleted: train it anew",
    Trouble.PROCESS_SILENT: "A part of the kit does not answer",
    Trouble.PHRASE_NOT_KEPT: "The phrases could not be changed",
    Trouble.PHRASES_GIVEN: "Somebody changed your phrases: look under Phrases",
    Trouble.WORDS_GIVEN: "Somebody changed your words: they come where you spell them",
    Trouble.NOT_COPIED: "Not copied: other programs have nothing of it",
    Trouble.NOT_TYPED: "Not typed, or not whole: look at the other program",
    Trouble.COPIED_STAYS: "What was copied stays on the clipboard",
    Trouble.TYPED_STAYS: "What was typed stays in the other program",
    Trouble.SCANNING: "Eyes not seen: confirm when your tile is lit",
    Trouble.SCANNING_BESIDE: "Looks light nothing: confirm when your tile is lit",
    Trouble.SCAN_WAITS: "Press or blink twice: tiles will light up in turn",
    Trouble.PAD_INSTEAD: "No headband: look at a tile’s edge to choose",
    Trouble.INPUTS_LOST: "Nothing can be chosen: the kit calls aloud",
    Trouble.FEWER_TILES: "Larger tiles: your eyes are seen less exactly",
    Trouble.MORE_TILES: "More tiles: your eyes are seen more exactly",
    Trouble.DROWSY: "Drowsy eyes: a tile’s edge waits a little longer",
    Trouble.SETTINGS_WRONG: "A setting is wrong: the usual one holds",
    Trouble.FIT_AGAIN: "More signs lead to nothing: find anew how you choose",
    Trouble.PLACES_MOVE: "On the next empty line Undo and Speak change places",
    Trouble.PLACES_MOVED: "Undo and Speak have new places",
    Trouble.SYNC_FAILED: "The workstation cannot fetch what you wrote",
    Trouble.NO_PAIRING: "Nothing can be paired now: ask the owner of the kit",
    Trouble.ERASING: "It is being deleted…",
    Trouble.ERASED: "It is deleted",
    Trouble.ERASED_STALE: "It is deleted. What the model learned from it stays until it is trained anew",
    Trouble.NOT_ERASED: "NOT deleted, or not everywhere: ask for help, or choose it again",
    Trouble.NOTHING_TO_ERASE: "There was nothing to delete",
    Trouble.PANEL_FAILED: "The carer’s page cannot be opened",
    Trouble.PANEL_WATCHED: "Somebody looks at the carer’s page: not at your text",
    Trouble.PANEL_WRONG_PINS: "Somebody typed wrong PINs for the carer’s page",
    Trouble.BROWSER_AWAY: "The display is a page in a browser, and none shows it",
    Trouble.BROWSER_FAILED: "The page that is the display cannot be opened",
    Trouble.SCREEN_AWAY: "No screen is connected: look at its cable",
    Trouble.RECORD_LARGE: "The record is large: somebody should make room",
    Trouble.BATTERY_LOW: "The kit’s battery is low: plug it in soon",
    Trouble.BATTERY_EMPTY: "The kit’s battery is nearly empty: plug it in now",
    Trouble.KIT_HOT: "The kit is too hot and does less: give it air",
    Trouble.POWER_WEAK: "Too little power: use the kit’s own supply and cable",
    Trouble.MODEL_RESTS: "The language model rests: the words are simpler",
}

TYPE_ELSEWHERE = "Not typed: click into the other program"
"""NOT_TYPED while the kit's own window had the keyboard: nothing of it went anywhere."""

SILENT: dict[str, str] = {
    "headband": "The headband’s program does not answer",
    "gaze": "Eye tracking does not answer",
    "eyetracker": "The eye tracker’s program does not answer",
    "generator": "The language model does not answer",
    "journal": "Saving does not answer",
    "voice": "The voice does not answer",
    "safe": "The emergency screen does not answer",
    "sync": "Nothing can be fetched: sync does not answer",
    "panel": "The carer’s page does not answer",
    "browser": "The page in a browser does not answer",
    "vitals": "Nobody watches battery and heat",
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
    Mode.SHARING: "Workstation",
    Mode.UNPAIR_SURE: "Remove the workstation?",
    Mode.PAIR_SURE: "Pair another workstation?",
    Mode.ERASING: "Delete what?",
    Mode.ERASE_SURE: "Delete it for ever?",
    Mode.READ_ASKED: read_texts.ASKED,
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
    Stage.VOICE_CALLS: "Help is being called. To call again, press the switch (key: {key})",
    Stage.CALLED: "Help is being called. To call again, press the switch (key: {key})",
    Stage.FAILED: "The call for help does not sound: call in another way, or press again",
}
"""What the switch does while nothing can be chosen."""


class Sentence(StrEnum):
    """What the display says of itself."""

    STARTING = "Vybor is starting…"
    DOTS_COME = "Sit before the camera: nine dots come next"
    DOT_COMES = "Sit before the camera: a dot to follow comes next"
    CALLING = "Calling for help… (undo stops it)"
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
    FOLLOW_DOT = "Look at the dot. When it moves, follow it with your eyes"
    POINT_AT_DOT = "Point your nose at the dot ({dot} of {dots})"
    POINT_AND_FOLLOW = "Point your nose at the dot. When it moves, follow it"
    END_BY_EYES = "To end this, close your eyes for two seconds"
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
    KEPT_IN_ALL = "Nothing is learned, copied or typed until you choose Learn again"
    FIT_PLACE = "{trial} of {trials}"
    FIT_CUES = "{trial} of {trials}: {cue} of {cues}"
    FIT_FOUND = "{sign}: {hits} of {cues}, unasked {count}"
    FIT_SKIPPED = "{sign}: left out"
    FIT_CHANGES = "Set it so? Back leaves it as it is."
    FIT_WAYS = "You then choose with: {ways}"
    FIT_STAYS = "All stays as it is"
    SHARE_UNKNOWN = "Nobody knows now what leaves the kit"
    SHARE_UNPAIRED = "No workstation is paired: nothing leaves the kit"
    SHARE_ASKED = "{name} is paired. May it have what you write? Nothing leaves before."
    SHARE_AGREED = "{name} may have what you write"
    SHARE_WAITS = "Choices that wait to be fetched: {count}"
    SHARE_ALL_THERE = "Nothing waits to be fetched"
    SHARE_LAST = "Fetched last: {time}"
    SHARE_DELETES = "What you delete is deleted there while paired"
    UNPAIR_KEEPS = "{name} keeps what it has. What you delete later is not deleted there."
    UNPAIR_UNDO = "Undo does not bring it back: somebody has to pair it again"
    PAIR_REPLACES = "Once another one is paired, {name} is removed"
    PAIR_WAITS = "On the workstation, within three minutes:"
    PAIR_DIFFERED = "Somebody at the workstation said: not the same. If nobody did, try another network"
    PAIR_BROKEN = "An attempt to pair broke off"
    PAIR_LATE = "The window was closed: its three minutes are over"
    PAIR_ASKED = "Does {name} show the same?"
    PAIR_SAID = "Yes. Now {name} has to say so, too."
    PANEL_PIN = "Carer’s page: PIN {pin}, certificate {certificate}…"
    POWER_OFF = "The carer’s page switches the kit off in {count} s. Choose anything to stop it."
    POWER_RESTART = "The carer’s page starts the kit again in {count} s. Choose anything to stop it."
    ERASE_LAST = "What you said last is gone then, and cannot be brought back"
    ERASE_THIS = "“{text}” is gone then, and cannot be brought back"
    ERASE_TODAY = "All that you wrote and said today is gone then, and what stands here"
    ERASE_ALL = (
        "All that you ever wrote and said is gone then, what the model learned, your phrases and your looks: "
        "dots come again"
    )
