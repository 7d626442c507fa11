"""Every message that crosses a process boundary.

Rules of change: a new field has a default, a type never changes, nothing is renamed; a changed meaning is a
new message.

Times are `CLOCK_MONOTONIC` nanoseconds, one clock for every process of the kit. Places on the screen are
fractions of its width and height: (0, 0) is the top left corner, (1, 1) the bottom right one.
"""

from enum import IntEnum, StrEnum
from typing import Annotated

import msgspec

from vybor.contracts.numbers import CountsNumbers, Learned, SignsNumbers

Counted = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""What the record counts; SQLite counts no further."""
HexKey = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Something that stands inside a message."""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A fact about one instant, or what holds since then."""

    at_ns: int


class Command(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A wish with an answer. The same `request` twice is the same wish: it is done once and answered twice."""

    request: str


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The answer to the command with the same `request`."""

    request: str


# --- the body: what eyes and headband say ---------------------------------------------------------------


class Eyes(StrEnum):
    """What the camera sees of the eyes."""

    OPEN = "open"
    CLOSED = "closed"
    ABSENT = "absent"


class GazePoint(Part, frozen=True, kw_only=True):
    """Where the eyes rest, as a Gaussian with independent axes, in fractions of the screen."""

    x: float
    y: float
    sd_x: float
    sd_y: float
    standing_x: float = 0.0
    """The part of it that is the same from look to look: a standard deviation, too."""
    standing_y: float = 0.0


class Gaze(Message, frozen=True, kw_only=True):
    """One look at the eyes; `at_ns` is the moment of capture."""

    at_sd_ns: int
    eyes: Eyes
    point: GazePoint | None = None
    """None unless the eyes are open and the gaze model is fitted."""
    landmark_ns: int = 0
    """What the face landmarker alone took of the time between capture and publication."""
    is_shut: bool = True
    """Of eyes that are closed: whether as far as this person's blinks close them. Else they may look at a lap."""


class Tracker(Message, frozen=True, kw_only=True):
    """What gives looks in place of the kit's own camera."""

    what: str
    """In words: a file, or which of several streams."""
    skipped: int = 0
    """So many of its lines or samples were no look, since the process began."""


class Pointer(Message, frozen=True, kw_only=True):
    """Where the mouse (or a head mouse, or a finger) is on the display."""

    x: float
    y: float
    at_sd_ns: int = 0


class BrowserLook(Message, frozen=True, kw_only=True):
    """Where the eyes are, as a page that follows them by itself says; no place: it sees no eyes."""

    at_sd_ns: int
    x: float | None = None
    y: float | None = None


class GestureKind(StrEnum):
    """What a headband can notice, and a camera beside closed eyes."""

    BLINK = "blink"
    DOUBLE_BLINK = "double_blink"
    CLENCH = "clench"
    LONG_CLENCH = "long_clench"
    """Teeth held together for seconds: known while they still are. It chooses nothing, it calls for help."""
    BROW = "brow"
    """Both brows raised and let go, as the camera sees it; so the next two."""
    CHEEK = "cheek"
    """A corner of the mouth drawn up."""
    HEAD = "head"
    """The head turned, nodded or tilted, and back."""


class ElectrodeState(StrEnum):
    """How an electrode of a headband sits. What is missing, railed, flat or loose gives no evidence."""

    GOOD = "good"
    MISSING = "missing"
    RAILED = "railed"
    FLAT = "flat"
    LOOSE = "loose"
    MAINS = "mains"
    """It hears the wires around it."""
    MUSCLE = "muscle"
    """What is under it does not rest."""


class ElectrodeAt(StrEnum):
    """Where an electrode sits that something is noticed with."""

    LEFT_FOREHEAD = "left_forehead"
    RIGHT_FOREHEAD = "right_forehead"
    LEFT_JAW = "left_jaw"
    RIGHT_JAW = "right_jaw"


class Electrode(Part, frozen=True, kw_only=True):
    """One electrode."""

    at: ElectrodeAt
    state: ElectrodeState


class Worn(Message, frozen=True, kw_only=True):
    """How a headband sits; nothing in it while it gives no samples."""

    electrodes: tuple[Electrode, ...] = ()
    board: str = ""
    """What it is…"""
    driver: str = ""
    """…what speaks with it, in words…"""
    why: str = ""
    """…and why that does."""
    battery: float | None = None
    """In percent; None where it does not tell."""


class Signal(StrEnum):
    """What of the kit's signals may be given to other programs; none of it has words."""

    EEG = "eeg"
    GAZE = "gaze"
    EVENTS = "events"
    SCREENS = "screens"


class Samples(Message, frozen=True, kw_only=True):
    """What the electrodes feel, said only while somebody is given it; `at_ns` is the first sample's."""

    first: int
    """Its index: a gap shows as one beyond the end of the last."""
    period_ns: float
    at_sd_ns: int
    board: str
    hz: int
    labels: tuple[str, ...]
    """One a channel."""
    microvolts: bytes
    """Little-endian floats of 32 bits, channel after channel; not a number where there was none."""


class Engaged(Message, frozen=True, kw_only=True):
    """What the EEG says of how engaged the wearer is: it may weigh other things, and chooses nothing.

    In robust standard deviations from what is usual of them; None: absent.
    """

    z: float | None = None
    """Of log beta / (alpha + theta)."""
    alpha: float | None = None
    """Of log alpha / (theta + beta), with open eyes."""
    drowsy: bool = False
    """That has been high for a minute."""


class Gesture(Message, frozen=True, kw_only=True):
    """A deliberate (or not) act of the body; `at_ns` is its onset: the gaze before it goes with it."""

    at_sd_ns: int
    ended_ns: int
    kind: GestureKind
    log_odds: float
    """log p(meant) / p(not meant), from the detector's own calibration."""
    height: float = 0.0
    """Of a headband's blinks microvolts (of two, the weaker one's), of its clenches multiples of what is loud; 0:
    not told."""
    strength: float = 0.0
    """How large it was, in multiples of the least that is set for it; 0: not told."""
    rhythm_s: float = 0.0
    """Of a headband's double blink: from the onset of the first to that of the second; 0: not told."""
    plain: float | None = None
    """Of a headband's sign: what `log_odds` would be if nothing were known of this person's; None: not told."""


class SwitchPress(Message, frozen=True, kw_only=True):
    """A key, button or switch was pressed."""

    at_sd_ns: int = 0


# --- the offer: what may be chosen ------------------------------------------------------------------------


class Area(Part, frozen=True, kw_only=True):
    """A rectangle in fractions of the screen. It may run past the edge, where eyes often rest."""

    left: float
    top: float
    right: float
    bottom: float


class Role(StrEnum):
    """What a tile is for. The display has the words and the picture for each but those with a label."""

    CANDIDATE = "candidate"
    PHRASE = "phrase"
    MORE = "more"
    LETTERS = "letters"
    KEY = "key"
    """A group of letters, one of which is meant: the words that fit stand beside it."""
    GROUP = "group"
    LETTER = "letter"
    SPELLED = "spelled"
    MARKS = "marks"
    DIGITS = "digits"
    MARK = "mark"
    CAPITAL = "capital"
    ENDINGS = "endings"
    """The other forms of the word on its label, which was written last."""
    BACK = "back"
    UNDO = "undo"
    SPEAK = "speak"
    MENU = "menu"
    PHRASES = "phrases"
    CLEAR = "clear"
    REST = "rest"
    WAKE = "wake"
    HELP = "help"
    ANCHORS = "anchors"
    """The way to whole sentences made from a word or two."""
    INTENT = "intent"
    """What such a sentence is to do: its label is an Intent."""
    ANCHOR = "anchor"
    """To the letters, for another word that the sentences are to carry."""
    SENTENCE = "sentence"
    PART = "part"
    """Only a part of one of the sentences."""
    LIKE = "like"
    """Sentences closer to one of these."""
    TOOLS = "tools"
    """The way from the menu to what is needed more seldom."""
    ANSWER = "answer"
    """Its label is said at once, and the text stays as it is."""
    NOT_MEANT = "not_meant"
    """The same; right after *Speak* it takes that back to be mended."""
    INSTEAD = "instead"
    """What may have been meant: its label takes the place of the whole text."""
    REPEAT = "repeat"
    """Says once more what was said last."""
    DELETE_WORD = "delete_word"
    UNLEARN = "unlearn"
    """Nothing of this text is learned."""
    INCOGNITO = "incognito"
    """From now on nothing is learned…"""
    LEARNING = "learning"
    """…and from now on it is again."""
    KEEP = "keep"
    """Keeps its label as a phrase."""
    FORGET = "forget"
    """Removes its label from the phrases; without one, the way to them."""
    KIT = "kit"
    """The way from the tools to what is done to the kit itself, and seldom."""
    PRACTICE = "practice"
    """Begins the exercises, or begins them again."""
    SKIP = "skip"
    """To the next exercise."""
    LEAVE = "leave"
    """Ends practice: what was there before is there again."""
    NIGHT = "night"
    """The colours of the night…"""
    DAY = "day"
    """…and those of the day."""
    COPY = "copy"
    """From now on what is spoken is copied as well…"""
    TYPE = "type"
    """…or typed into another program…"""
    NO_COPY = "no_copy"
    NO_TYPE = "no_type"
    """…and from now on it is not."""
    FIT = "fit"
    """Begins the trial that finds how this person chooses…"""
    FIT_BEGIN = "fit_begin"
    """…one sign of it…"""
    FIT_SKIP = "fit_skip"
    """…or leaves that out."""
    FIT_TARGET = "fit_target"
    """A place to choose in the trial; the one that is asked for has a label."""
    FIT_EFFORT = "fit_effort"
    """How hard a sign was: its label is an Effort."""
    FIT_ACCEPT = "fit_accept"
    """From now on it is chosen as the trial proposes."""
    FIT_MORE = "fit_more"
    """The signs that were kept back are tried too."""
    SHARING = "sharing"
    """The way to what leaves the kit, and for whom."""
    SHARE = "share"
    """What is written may go to the paired workstation…"""
    NO_SHARE = "no_share"
    """…and from now on it may not."""
    PAIR = "pair"
    """Lets a workstation pair itself, for some minutes."""
    PAIR_YES = "pair_yes"
    """The digits are the same there…"""
    PAIR_NO = "pair_no"
    """…or they are not; or nobody is to be paired."""
    UNPAIR = "unpair"
    """Nothing goes to that workstation any more, nor does it come in."""
    FOLD = "fold"
    """Stands for several tiles, its members, where there are fewer zones than choices: it unfolds them."""
    CLOSE = "close"
    """From the members of a fold back to the whole page."""
    ERASE = "erase"
    """Deletes what its label, a Scope, says; it is asked about first. Without a label, the way there."""
    READ_ASKED = "read_asked"
    """The way to what somebody at a browser asks to read; the label of the four below is the question's number."""
    READ_YES = "read_yes"
    READ_DRAFTS = "read_drafts"
    """Yes, and what is being written too."""
    READ_NO = "read_no"
    READ_END = "read_end"
    """From now on nobody at a browser reads anything of the wearer's."""


class WayOut(StrEnum):
    """How what is spoken reaches another program of the same desktop."""

    COPY = "copy"
    """It lies on the clipboard."""
    TYPE = "type"
    """It is typed where the keyboard writes."""


class Source(StrEnum):
    """Which tier proposed the words of a candidate."""

    NGRAM = "ngram"
    MODEL = "model"
    PHRASE = "phrase"
    SPELLED = "spelled"
    REST_OF_TAKEN = "rest_of_taken"
    """The words that stood in grey behind a word taken the step before."""
    TOPIC = "topic"
    """A word of a topic document that fits what is being written; the model did not think of it."""
    OWN = "own"
    """A sentence that the person said before, or a word of one that fits what is being written."""


class Intent(StrEnum):
    """What a sentence is to do."""

    ASK = "ask"
    WANT = "want"
    REFUSE = "refuse"
    FEEL = "feel"
    TELL = "tell"


class Tile(Part, frozen=True, kw_only=True):
    """One thing to choose. `label` is what a take writes or does; `grey` shows how it would go on."""

    slot: int
    role: Role
    area: Area
    pad: Area
    """The part of the tile at the screen's edge where looking confirms, once the tile is armed."""
    label: str = ""
    grey: str = ""
    source: Source | None = None
    p: float | None = None
    """The probability of the words, where a tier gave one."""
    origin: str = ""
    """The topic document that the word comes from, if from any."""
    members: tuple["Tile", ...] = ()
    """Of a fold: the tiles that it stands for, each as it would stand on ten zones."""


class Saving(StrEnum):
    """Whether the journal has what the screen shows."""

    SAVED = "saved"
    SAVING = "saving"
    NOT_SAVING = "not_saving"
    """The journal has not answered for seconds, or it refused: the text is kept in memory."""


class Trouble(StrEnum):
    """What is wrong, in one word; the display has the sentence in the wearer's language."""

    MODEL_MISSING = "model_missing"
    MODEL_WRONG_HASH = "model_wrong_hash"
    MODEL_FAILED = "model_failed"
    WORDS_MISSING = "words_missing"
    CAMERA_MISSING = "camera_missing"
    CAMERA_STOPPED = "camera_stopped"
    NOBODY_SEEN = "nobody_seen"
    PICTURE_DARK = "picture_dark"
    """Nobody is seen either, and why: the camera's picture…"""
    PICTURE_BRIGHT = "picture_bright"
    PICTURE_BROKEN = "picture_broken"
    EYES_SMALL = "eyes_small"
    PHOTOGRAPH = "photograph"
    """…or a face that is no living one…"""
    SOMEBODY_ELSE = "somebody_else"
    """…or not that of who looked at the dots."""
    LANDMARKER_MISSING = "landmarker_missing"
    NOT_CALIBRATED = "not_calibrated"
    TRACKER_MISSING = "tracker_missing"
    """Looks are to come from another program or device, and there is none…"""
    TRACKER_STOPPED = "tracker_stopped"
    """…or it gives none any more…"""
    TRACKER_BLIND = "tracker_blind"
    """…or says that it sees no eyes."""
    HEADBAND_MISSING = "headband_missing"
    HEADBAND_STOPPED = "headband_stopped"
    HEADBAND_LOW = "headband_low"
    """It works, and its battery is nearly empty."""
    HEADBAND_LOOSE = "headband_loose"
    """No trouble if it has to be so: an electrode says nothing, and the others do what they can…"""
    HEADBAND_MAINS = "headband_mains"
    """…or hears the wires around it."""
    GIVEN_OUT = "given_out"
    """No trouble: signals of the kit are given to other programs, and the person is told."""
    LOOKS_RECORDED = "looks_recorded"
    """No trouble: somebody records where the eyes rest, and the person is told…"""
    SESSION_RECORDED = "session_recorded"
    """…and what stands on the tiles, and is written, too."""
    SOUND_MISSING = "sound_missing"
    SOUND_MUTED = "sound_muted"
    WHISPER_MISSING = "whisper_missing"
    VOICE_PLAIN = "voice_plain"
    """Piper cannot speak: espeak-ng does."""
    NOT_SPOKEN = "not_spoken"
    CALLING_HELP = "calling_help"
    """No trouble of the kit's: the call for help is under way, and the person sees it."""
    DISK_FULL = "disk_full"
    JOURNAL_SET_ASIDE = "journal_set_aside"
    JOURNAL_FAILED = "journal_failed"
    NOT_ENCRYPTED = "not_encrypted"
    """The kit has a key, and the record could not be encrypted with it: it is kept as before."""
    JOURNAL_LOCKED = "journal_locked"
    """The record is encrypted, and its key is not there: nothing is kept until somebody unlocks the kit."""
    NOT_LEARNED = "not_learned"
    TOPICS_FAILED = "topics_failed"
    ADAPTER_FAILED = "adapter_failed"
    GROWN_REFUSED = "grown_refused"
    """A bundle of the workstation's is not what the kit may use, or failed when it was tried."""
    GROWN_STOPPED = "grown_stopped"
    """Taken back: the model stopped while it wore it…"""
    GROWN_UNDONE = "grown_undone"
    """…or more of its words were taken back than before…"""
    GROWN_OTHER_BASE = "grown_other_base"
    """…or it was made for another model than the kit has now…"""
    GROWN_LOST = "grown_lost"
    """…or which one was worn is not known any more, or its files are damaged."""
    GROWN_NO_ROOM = "grown_no_room"
    """A new one waits for room on the disk; the kit goes on with what it has."""
    GROWN_ON_TRIAL = "grown_on_trial"
    """No trouble: the model wears a new one, or is a new one."""
    GROWN_CHANGES = "grown_changes"
    """No trouble: one model makes room for another, and the word lists write meanwhile."""
    GROWN_STALE = "grown_stale"
    """No trouble of the kit's: what the model learned was learned from what has been deleted since, too."""
    PROCESS_SILENT = "process_silent"
    PHRASE_NOT_KEPT = "phrase_not_kept"
    PHRASES_GIVEN = "phrases_given"
    """No trouble: somebody else changed the phrases that the person says, and the person is told…"""
    WORDS_GIVEN = "words_given"
    """…or the words that are offered to them."""
    NOT_COPIED = "not_copied"
    NOT_TYPED = "not_typed"
    """What was spoken did not reach the other program, or not whole."""
    COPIED_STAYS = "copied_stays"
    TYPED_STAYS = "typed_stays"
    """What was spoken is taken back; what was copied or typed cannot be."""
    SCANNING = "scanning"
    """No looks come: the tiles light up in turn, and a press takes the lit one."""
    SCANNING_BESIDE = "scanning_beside"
    """Likewise, since looks light nothing and dots did not help."""
    SCAN_WAITS = "scan_waits"
    """No looks come, or they light nothing, and a press is needed before tiles light up."""
    PAD_INSTEAD = "pad_instead"
    """The headband that confirmed is gone: the tiles' edges confirm."""
    INPUTS_LOST = "inputs_lost"
    """No way to choose has been open for long: the kit asks aloud for somebody."""
    FEWER_TILES = "fewer_tiles"
    """No trouble: the layout has changed, by how exactly the eyes are seen…"""
    MORE_TILES = "more_tiles"
    """…to one of more zones."""
    DROWSY = "drowsy"
    """No trouble: the wearer seems drowsy, and edges listen a little later."""
    SETTINGS_WRONG = "settings_wrong"
    """A setting cannot be understood, or none can be read: there the default holds."""
    FIT_AGAIN = "fit_again"
    """More signs lead to nothing than right after the fitting."""
    PLACES_MOVE = "places_move"
    """No trouble: on the next empty line Undo and Speak will stand elsewhere…"""
    PLACES_MOVED = "places_moved"
    """…and now they do."""
    SYNC_FAILED = "sync_failed"
    """What is to go to the workstation cannot be laid out, or not be fetched."""
    NO_PAIRING = "no_pairing"
    """The window in which a workstation may pair itself could not be opened just now."""
    ERASING = "erasing"
    """No trouble: what the person had deleted is being removed everywhere…"""
    ERASED = "erased"
    """…is gone…"""
    ERASED_STALE = "erased_stale"
    """…is gone, and the model has learned from it and writes on until it is trained anew…"""
    NOT_ERASED = "not_erased"
    """…or is not, or not everywhere."""
    NOTHING_TO_ERASE = "nothing_to_erase"
    PANEL_FAILED = "panel_failed"
    """The carer's page cannot be opened by any browser."""
    PANEL_WATCHED = "panel_watched"
    """No trouble: somebody looks at the carer's page, and the person is told."""
    PANEL_WRONG_PINS = "panel_wrong_pins"
    """Somebody at a browser typed wrong PINs until no more are taken for a while."""
    BROWSER_AWAY = "browser_away"
    """A page in a browser is to be the display, and is open nowhere, or out of sight…"""
    BROWSER_FAILED = "browser_failed"
    """…or cannot be opened by any browser."""
    SCREEN_AWAY = "screen_away"
    """No screen is connected any more: the carer's page and `vybor status` can say so, and nothing else."""
    RECORD_LARGE = "record_large"
    """The record has nearly all the room that it may take: it goes on being written."""
    BATTERY_LOW = "battery_low"
    """The kit lives on its battery, which has little left…"""
    BATTERY_EMPTY = "battery_empty"
    """…or hardly anything."""
    KIT_HOT = "kit_hot"
    POWER_WEAK = "power_weak"
    """The board's voltage is too low: it may stop at any moment."""
    MODEL_RESTS = "model_rests"
    """No trouble of the model's: it spares the battery, or lets the kit cool down."""


class Notice(Part, frozen=True, kw_only=True):
    """One trouble, the process that has it, and the fact that helps to mend it."""

    process: str
    trouble: Trouble
    detail: str = ""


class Mode(StrEnum):
    """Which page the person is on."""

    WORDS = "words"
    MORE = "more"
    KEYPAD = "keypad"
    LETTERS = "letters"
    GROUP = "group"
    MARKS = "marks"
    DIGITS = "digits"
    ENDINGS = "endings"
    MENU = "menu"
    PHRASES = "phrases"
    REST = "rest"
    INTENT = "intent"
    SENTENCES = "sentences"
    PART_OF = "part_of"
    PART = "part"
    LIKE = "like"
    TOOLS = "tools"
    CLEARING = "clearing"
    MENDING = "mending"
    FORGETTING = "forgetting"
    KIT = "kit"
    PRACTICE_CALL = "practice_call"
    """Where a call for help in practice leads: it does not ring."""
    PRACTICE_OVER = "practice_over"
    FITTING = "fitting"
    SHARING = "sharing"
    UNPAIR_SURE = "unpair_sure"
    """Whether it is meant that the workstation is removed…"""
    PAIR_SURE = "pair_sure"
    """…or that another one takes its place."""
    ERASING = "erasing"
    """What of the record is to be deleted…"""
    ERASE_SURE = "erase_sure"
    """…and whether that is meant."""
    READ_ASKED = "read_asked"
    """Whether somebody at a browser may read what they ask for."""


class Scope(StrEnum):
    """How much of the record is to be deleted."""

    LAST = "last"
    """What was spoken last and not taken back since."""
    TODAY = "today"
    EVERYTHING = "everything"
    DAY = "day"
    """A day by its date; by a command alone, as the next one."""
    UTTERANCE = "utterance"


class Exercise(StrEnum):
    """What somebody who practises is to do, in this order."""

    LOOK = "look"
    TAKE = "take"
    UNDO = "undo"
    LETTERS = "letters"
    SPEAK = "speak"
    ANSWER = "answer"
    REST = "rest"
    HELP = "help"


class Choosing(StrEnum):
    """How a person chooses now, as it is explained to them."""

    PAD = "pad"
    SIGN = "sign"
    EITHER = "either"
    """At the edge, or by a sign."""
    SCAN = "scan"


class WordCheck(Part, frozen=True, kw_only=True):
    """The message-passing check is at this word, which nothing on the screen tells."""

    number: int
    """0: it is only beginning."""
    count: int


class Practising(Part, frozen=True, kw_only=True):
    """Somebody practises: nothing of what they choose is said, kept or learned."""

    exercise: Exercise | None
    """None once all are done."""
    way: Choosing
    word: str = ""
    """The word that is to be chosen or written."""
    letter: str = ""
    """The next letter of it, while the word itself does not stand on a tile."""
    is_near: bool = False
    """Whether the tile that ends the exercise is on the screen."""
    tells_more: bool = False
    """Whether it was not found at once."""
    praised: bool = False
    """Whether the exercise before was just done."""
    strayed: bool = False
    """Whether what was just chosen leads nowhere here."""
    sign: "Sign | None" = None
    """What this person confirms with; None: nobody knows."""


# --- fitting: what this person can do reliably ------------------------------------------------------------


class Sign(StrEnum):
    """What a person may choose with, each tried by itself."""

    PAD = "pad"
    """A look at a tile, then at its edge."""
    SWITCH = "switch"
    LONG_BLINK = "long_blink"
    """Eyes closed for a moment and opened again, as the camera sees it."""
    DOUBLE_BLINK = "double_blink"
    CLENCH = "clench"
    BROW = "brow"
    """These three are gestures that the camera sees."""
    CHEEK = "cheek"
    HEAD = "head"
    FLICKER = "flicker"
    """A look at a tile that flickers, as a headband sees it: it chooses nothing by itself."""


class Effort(StrEnum):
    """How hard the person found a sign."""

    EASY = "easy"
    SO_SO = "so_so"
    HARD = "hard"


class FitPhase(StrEnum):
    """How far the trial of a sign is."""

    INTRO = "intro"
    """It is said what comes; nothing is asked yet."""
    STILL = "still"
    """Nothing is to be done: what is noticed now was not meant."""
    PAUSE = "pause"
    CUE = "cue"
    """The sign is to be made now."""
    EFFORT = "effort"
    SUMMARY = "summary"


class FitResult(Part, frozen=True, kw_only=True):
    """What came of one sign. Times are seconds from the cue on the screen to the onset of the sign."""

    sign: Sign
    skipped: bool = False
    cues: int = 0
    hits: int = 0
    wrong: int = 0
    """Another place was chosen than the one that was asked for."""
    false_alarms: int = 0
    """Noticed while it was not asked for, over all trials…"""
    still_s: float = 0.0
    """…in so many seconds."""
    latency_s: float | None = None
    """The median; None without a hit, and so below."""
    fast_s: float | None = None
    """Their 5th percentile…"""
    slow_s: float | None = None
    """…and their 95th."""
    spread_s: float | None = None
    """Between their quartiles."""
    pair_gap_s: float | None = None
    """Between the onsets of two blinks that belong together: the 95th percentile."""
    edge_s: float | None = None
    """How long a look at the edge lasts that then leaves it: the 10th percentile; None if none did."""
    effort: Effort | None = None
    """What the person said."""
    slower_s: float | None = None
    """How much slower the later half of the answers was than the earlier one…"""
    fewer: float | None = None
    """…and by how much its share of hits was smaller: effort that nobody has to be asked for."""
    reopened: bool = True
    """Whether eyes that were closed opened again each time, and soon."""
    strength: float | None = None
    """Of a gesture that the camera sees: how large the smaller ones were (10th percentile), in multiples of the
    least that is set."""
    rhythm_s: float | None = None
    """Between the onsets of two blinks that belong together, the median."""
    height: float | None = None
    """How high or strong they were with a headband, the median; in what: see `Gesture`."""
    reliable: bool = False
    """Good enough to choose with."""


class FitValue(Part, frozen=True, kw_only=True):
    """A setting that suits this person, what it was, and why."""

    key: str
    """Its name in the settings, such as `commit.pad_s`."""
    value: bool | float
    was: bool | float
    reason: str = ""


class FitStage(Part, frozen=True, kw_only=True):
    """Where the fitting stands, as the person sees it."""

    phase: FitPhase
    sign: Sign | None = None
    """None in the summary."""
    trial: int = 0
    trials: int = 0
    cue: int = 0
    """How many signs were asked for, this one counted."""
    cues: int = 0
    slot: int | None = None
    """The place that is to be chosen."""
    results: tuple[FitResult, ...] = ()
    """In the summary: all of them."""
    changes: bool = False
    """Whether what is proposed differs from what holds."""
    ways: tuple[Sign, ...] = ()
    """In the summary: all that would be chosen with."""
    more: bool = False
    """In the summary: there are signs that were kept back."""


class Arrangement(StrEnum):
    """Where Undo and Speak stand, on ten zones; on fewer in the same corners, as far as they have them."""

    DEFAULT = "default"
    """Undo left of the text, Speak in the upper right corner."""
    MIRRORED = "mirrored"
    """Undo right of it, Speak in the upper left corner."""
    LOWERED = "lowered"
    """Undo left of it, Speak in the lower right corner."""
    TURNED = "turned"
    """Undo right of it, Speak in the lower left corner."""


class Standing(Part, frozen=True, kw_only=True):
    """Where Undo and Speak stand, and why. Quarters of the screen: upper left and right, lower left and right."""

    at: Arrangement = Arrangement.DEFAULT
    is_set: bool = False
    """The settings say so."""
    is_decided: bool = False
    """Enough was measured."""
    errors: tuple[float, ...] = ()
    """Of looks in each quarter, in fractions of the screen, as measured until it was decided."""
    signs: tuple[int, ...] = ()
    """In each quarter so many were measured since it is being decided; empty: that is not told."""


class FlickerStop(StrEnum):
    """Why the display lets nothing flicker."""

    UNSTEADY = "unsteady"
    """The screen is not refreshed steadily enough, or the display is late too often."""
    UNWANTED = "unwanted"
    """Escape, or the switch held down."""


class Flicker(Part, frozen=True, kw_only=True):
    """A tile that flickers, and how often a second."""

    slot: int
    hz: float


# --- reading along: what somebody at a browser may see of the wearer's own, once the wearer said yes ---------


class Readable(StrEnum):
    """What can be asked for."""

    MIRROR = "mirror"
    """What is said, as it is said."""
    LOG = "log"
    """What was said, by day."""
    EXPORT = "export"
    """The record, to be taken along."""


class ReadAnswer(StrEnum):
    """What the wearer says to it, on the kit."""

    YES = "yes"
    DRAFTS = "drafts"
    """Yes, and what is being written too."""
    NO = "no"
    END = "end"
    """To all who read: no more."""


class ReadEnd(StrEnum):
    """Why a browser may not read, or no more."""

    NONE = ""
    NO = "no"
    """The wearer said so…"""
    LATE = "late"
    """…or did not answer in time."""
    ENDED = "ended"
    """The wearer ended it, or rests…"""
    OVER = "over"
    """…or its time was over."""


class ReadRefusal(StrEnum):
    """Why the wearer is not asked now."""

    NONE = ""
    STARTING = "starting"
    RESTS = "rests"
    BUSY = "busy"
    """They practise, a fitting is under way, or they call for help."""
    OTHER = "other"
    """Another question stands there."""
    JUST_ASKED = "just_asked"


class ReadGrant(Part, frozen=True, kw_only=True):
    """What one browser may read."""

    what: Readable
    drafts: bool = False
    """Of a mirror: what is being written too."""


class Readers(Part, frozen=True, kw_only=True):
    """Who reads along, and who asks to, as the wearer's screen says it."""

    asked: Readable | None = None
    number: int = 0
    """Of the question: an answer holds for no other."""
    grants: tuple[ReadGrant, ...] = ()


class Screen(Message, frozen=True, kw_only=True):
    """Everything that the display shows while the person writes: whole, so that a late display is right."""

    offer: int
    """Rises with every change of the tiles, and over restarts; a choice names the offer that it answers."""
    mode: Mode
    text: str
    tiles: tuple[Tile, ...]
    prefix: str = ""
    """Letters of the next word; a bullet stands for one of which only the group is known."""
    saving: Saving = Saving.SAVED
    language: str = "en"
    notices: tuple[Notice, ...] = ()
    said: str = ""
    """The last sentence given to the voice."""
    unheard: bool = False
    """Nobody can have heard it, whatever the sound is like now."""
    said_before: bool = False
    """It was said before the other person's last turn, and answers something else."""
    partner: str = ""
    """What the other person just said, as somebody typed it; empty if nobody did."""
    interest_is_on: bool = False
    """Whether what was taken and looked at moves the words: the menu says so."""
    is_writing: bool = False
    """Whether somebody is writing: for the partner, who waits."""
    saying: bool = False
    """`said` was said just now beside the text, which stands as it was: undo stops it."""
    calling: bool = False
    """Help was called just now: undo ends that."""
    incognito: bool = False
    """Nothing is learned until that is switched off again."""
    private: bool = False
    """Nothing of this text is learned; true of every text while incognito."""
    practice: Practising | None = None
    """Somebody practises: text and tiles are of the exercise, and what is really being written stands beneath."""
    check: WordCheck | None = None
    """A check is under way: the wearer was told a word by ear."""
    armed: WayOut | None = None
    """Where what is spoken goes besides the voice."""
    fitting: FitStage | None = None
    """Not None on the page of the trial that finds how this person chooses."""
    zones: int = 10
    """How many zones the layout has; where there are more choices, some tiles are folds."""
    standing: Standing | None = None
    is_night: bool = False
    """The wearer's screen has the colours of the night: the other person's follows."""
    sharing: "Sharing | None" = None
    """On the page of what leaves the kit: how that stands, if anybody knows."""
    erasing: Scope | None = None
    """What the person is asked about whether it is to be deleted."""
    erased: str = ""
    """The text of it, where that is one sentence and known."""
    readers: Readers | None = None
    """None: nobody at a browser reads anything of this person's, or asks to."""
    flicker: tuple[int, ...] = ()
    """Slots of tiles that are to flicker, if the display can; vybor.core.ways.flicker_safety says when any may."""


class Highlight(Message, frozen=True, kw_only=True):
    """Which tile the eyes are on, so far."""

    offer: int
    slot: int | None
    armed: bool = False
    """Looked at long enough that its pad, or a biosignal, confirms."""
    pad_open: bool = False
    """Looked at long enough to have been read: from now on its pad listens."""
    pad_progress: float = 0.0
    """0 to 1: how much of the confirming look at the pad has been seen."""
    scan: tuple[int, ...] = ()
    """Tiles that are lit in turn, a row or one of them: a press takes them."""
    captured_ns: int = 0
    """Capture time of the look that caused this highlight (for the latency bench)."""
    landmark_ns: int = 0


class Fitted(Message, frozen=True, kw_only=True):
    """What the person accepted after a fitting: it holds in place of the settings of these names."""

    values: tuple[FitValue, ...] = ()
    fittings: int = 0
    """How often a headband's signs were fitted and that was accepted, or forgotten again."""


class SignsWorn(Message, frozen=True, kw_only=True):
    """What the workstation learned of this person's signs: the headband believes them by it."""

    numbers: SignsNumbers


class CalibrationTarget(Message, frozen=True, kw_only=True):
    """A dot for the person to look at. No dot: calibration is not running."""

    dot: int | None
    dots: int
    x: float = 0.5
    y: float = 0.5
    progress: float = 0.0
    is_followed: bool = False
    """It moves once it has been looked at…"""
    moves_ns: int | None = None
    """…along the path of contracts/pursuit.py, since then or from then on; the display draws where it is now."""


class Shown(Message, frozen=True, kw_only=True):
    """What the display has put in front of the person, said after the flip. `at_ns` is the time of the flip."""

    screen: Screen | None
    highlight: Highlight | None = None
    target: CalibrationTarget | None = None
    core_silent: bool = False
    is_night: bool = False
    """Whether the colours of the night are worn."""
    session: str = ""
    """One run of the display."""
    ways_out: tuple[WayOut, ...] = ()
    """Those that there are on this desktop."""
    flicker: tuple["Flicker", ...] = ()
    """What flickers…"""
    flicker_ns: int = 0
    """…since then."""
    flicker_stop: FlickerStop | None = None
    """Why nothing does, though it was asked for; it holds until the display starts again."""


class Flickered(Message, frozen=True, kw_only=True):
    """Which of the tiles that flicker is looked at, by the brain's answer in a window of the headband."""

    offer: int
    """What was shown at its end: a tile that came after it began is not told by it."""
    from_ns: int
    """Capture time of the first sample; `at_ns` is that of the last."""
    log_odds: tuple[tuple[int, float], ...]
    """By slot: that it is this one, if one of them is looked at. Windows overlap: the newest one counts alone."""


# --- writing: what was asked of the model and what it proposes ----------------------------------------------


class LookedAt(Message, frozen=True, kw_only=True):
    """The eyes were on the words of this tile: it was chosen, by the looks' own evidence, and not taken back."""

    area: Area
    """Of the words."""
    from_ns: int
    until_ns: int
    """Capture times of the first and last look at them."""
    certainty: float = 1.0
    """How probable it was that they were on this tile, by the looks alone."""
    is_private: bool = False
    """Nothing of what was written is to be learned: it says how far looks fall beside, and is kept nowhere."""


class Prompt(Message, frozen=True, kw_only=True):
    """What the person has written, and what is wanted next. Only the newest counts."""

    number: int
    text: str
    prefix: str = ""
    """Letters already spelled of the next word; every candidate begins with them."""
    groups: tuple[str, ...] = ()
    """Groups of letters looked at instead: every candidate begins with one letter of each, in this order."""
    exclude: tuple[str, ...] = ()
    """First words already offered and passed over."""
    count: int = 5
    language: str = "en"
    partner: str = ""
    """What the other person just said, which this text answers; empty if nobody typed it."""
    lately: tuple[str, ...] = ()
    """What the person themselves spoke in the minutes before, oldest first."""
    anchors: tuple[str, ...] = ()
    """Words that whole sentences are wanted for, which carry them all; then no next words are."""
    intent: Intent | None = None
    """What those sentences are to do."""
    near: str = ""
    """A sentence that they are to be like."""

    def asks_the_same(self, other: "Prompt") -> bool:
        """Whether one answer serves both, whenever and under whatever number they were asked."""
        return msgspec.structs.replace(other, at_ns=self.at_ns, number=self.number) == self


class Ahead(Message, frozen=True, kw_only=True):
    """What would be asked next after each tile that stands on the screen, the likeliest first.

    Their numbers say nothing. There are none while the person rests.
    """

    prompts: tuple[Prompt, ...]


class Candidate(Part, frozen=True, kw_only=True):
    """Words to go on with. The first one is the choice; the others stand behind it in grey.

    Where the prompt has anchors, all of them together are one whole sentence.
    """

    words: tuple[str, ...]
    p: float
    """Probability of the first word, given the text and the letters spelled; of a sentence, that of a token."""
    source: Source
    origin: str = ""
    """The topic document whose note carried the first word, if any did."""
    p_then: tuple[float, ...] = ()
    """Probability of each word in grey, given all before it; fewer, or none, where the tier does not know."""


class Proposals(Message, frozen=True, kw_only=True):
    """The model's answer to a prompt, most probable first."""

    prompt: int
    candidates: tuple[Candidate, ...]
    model: str
    took_ms: float
    was_ahead: bool = False
    """It had been worked out before it was asked for."""
    tokens: int = 0
    """How many tokens the network has read for this answer…"""
    tokens_in_all: int = 0
    """…and since the generator started, in vain too."""
    interest_is_on: bool = False
    """Offers may be moved by what was taken and looked at."""
    unmoved: tuple[Candidate, ...] = ()
    """What this one would be otherwise, if it was moved; then `model` ends in `~interest`."""
    propensity: float = 1.0
    """In how large a part of the sentences the kit offers as it does here: 1 where nothing is tried out."""
    notes: tuple[str, ...] = ()
    """Names of the documents whose notes the network read for this; the person's own sentences have none."""
    own_notes: int = 0
    """How many of their own sentences it read so."""
    context_tokens: int = 0
    """How many tokens stood before what it proposes: notes, conversation and text."""


class CountsWorn(Message, frozen=True, kw_only=True):
    """How the person's own counts are to be mixed in, and what of them is kept: the deciding process has them."""

    numbers: CountsNumbers


# --- the record ---------------------------------------------------------------------------------------------


class Action(StrEnum):
    """What a decision did."""

    TAKE = "take"
    MORE = "more"
    STEER = "steer"
    SPELL = "spell"
    UNDO = "undo"
    SPEAK = "speak"
    CLEAR = "clear"
    REST = "rest"
    WAKE = "wake"
    HELP = "help"
    PAGE = "page"
    ANSWER = "answer"
    """Said at once, beside the text."""
    REPEAT = "repeat"
    REPAIR = "repair"
    """What was spoken last was not meant: it is the text again, and no more learned."""
    DELETE = "delete"
    PRIVACY = "privacy"
    """What is learned from now on has changed."""
    KEEP = "keep"
    FORGET = "forget"
    KIT = "kit"
    """Something of the kit itself was switched."""
    ERASE = "erase"
    """Something of the record is to be deleted."""


ASIDE = (Action.ANSWER, Action.REPEAT)
"""Said beside the text: nothing is learned from it, and it makes no text private."""


class Channelled(StrEnum):
    """By which way in a decision was confirmed."""

    PAD = "gaze_pad"
    DOUBLE_BLINK = "double_blink"
    CLENCH = "clench"
    LONG_BLINK = "long_blink"
    """Eyes closed for a moment, as the camera saw it."""
    BROW = "brow"
    CHEEK = "cheek"
    HEAD = "head"
    SWITCH = "switch"
    SCAN = "scan"
    """A press or a signal while this tile was lit in its turn."""


class LogOdds(Part, frozen=True, kw_only=True):
    """How much each source spoke for a choice, in nats; 0: it said nothing.

    `gaze` and `prior` say which tile, and `scan` does where there is no gaze; the others that it was to be chosen.
    """

    gaze: float = 0.0
    prior: float = 0.0
    """What the language model's capped prior added to `gaze`."""
    scan: float = 0.0
    pad: float = 0.0
    signal: float = 0.0
    switch: float = 0.0
    flicker: float = 0.0
    """What the brain's answer to flicker added to `gaze`, of which it is a part."""


class Evidence(Part, frozen=True, kw_only=True):
    """Why the selector believed that this tile was meant."""

    channel: Channelled
    posterior: float
    posterior_without_prior: float
    """Only what eyes and body said: learning weighs an accept by this."""
    gaze_age_ms: float
    log_odds: LogOdds = LogOdds()
    slot_without_prior: int | None = None
    """The tile that eyes and body alone put first; None: none, or a record older than this."""
    passes: int = 0
    """How often the tiles had been lit in turn, all of them, before this choice."""


class SignMade(Part, frozen=True, kw_only=True):
    """A sign by a headband since the choice before, whether it chose anything or not."""

    kind: GestureKind
    at_ns: int
    """Its onset, by the same clock as the choice's."""
    log_odds: float
    """How far it was believed that it was meant, and so…"""
    plain: float
    """…how far if nothing were known of this person's signs."""
    height: float
    rhythm_s: float = 0.0
    """Both as in `Gesture`."""
    slot: int | None = None
    """The tile that was looked at as it began; None: none surely was, or tiles lit up in turn."""
    chose: bool = False
    """Whether it made this choice."""
    fitting: int = 0
    """`Fitted.fittings` then."""


class OfferedTile(Part, frozen=True, kw_only=True):
    """A tile as it was on the screen when the decision fell."""

    slot: int
    role: Role
    label: str
    grey: str
    source: Source | None
    p: float | None
    gaze_ms: float
    looked_p: float | None = None
    """How probable it was by the looks alone, without the language model; None where that was not kept."""
    origin: str = ""
    """The topic document that its word comes from, if from any."""
    members: tuple["OfferedTile", ...] = ()
    """What a fold stood for."""
    area: Area | None = None
    """Where it lay; None in a fold, and in records that do not say (nor the three below)."""
    rank: int | None = None
    """Its place among the words of the offer by their probability, 0 the likeliest; None for what is no word."""
    propensity: float | None = None
    """In how large a part of the sentences it would stand there: what the interest moved does not always."""
    shown_ms: float | None = None
    """How long the offer stood on the screen by then; a tile that was there before stood longer."""
    engagement: float | None = None
    """The mean `Engaged.z` while it was looked at; None: absent, or the record does not say."""


class Context(Part, frozen=True, kw_only=True):
    """What was known beside the text when something was offered; no words of it."""

    partner: bool = False
    """The other person had said something. Their words are not recorded: nobody asked them."""
    lately: int = 0
    """So many sentences of the minutes before were told to the model."""
    notes: tuple[str, ...] = ()
    """Names of the documents whose notes it read."""
    own_notes: int = 0
    """So many of the person's own sentences it read as notes."""
    tokens: int = 0
    """It read so many tokens before what it proposed; 0: it proposed nothing, or the record does not say."""


class HeadbandState(StrEnum):
    """How the headband fared."""

    UNSET = "unset"
    THERE = "there"
    GONE = "gone"


class Quality(Part, frozen=True, kw_only=True):
    """How well the person was seen when they chose."""

    error_x: float | None = None
    """The usual error of the last looks, a standard deviation in fractions of the screen; None without looks."""
    error_y: float | None = None
    steady: bool | None = None
    """Whether looks came without a gap for as long as it takes to trust them; None in records that do not say."""
    headband: HeadbandState = HeadbandState.UNSET
    electrodes: tuple[Electrode, ...] = ()
    """Those of a headband that did not sit well; none in records that do not say."""
    drowsy: bool | None = None
    """As the EEG had it; None: it said nothing, or the record does not."""


class Decision(Message, frozen=True, kw_only=True):
    """One choice of the person: the record that everything later learns from."""

    session: str
    """One run of the deciding process; together with `number` it names the decision for ever."""
    number: Counted
    action: Action
    slot: int
    written: str
    """What this decision added to the text (accepted = 1)."""
    text_before: str
    text_after: str
    offer: int
    shown: tuple[OfferedTile, ...]
    evidence: Evidence
    language: str = "en"
    model: str = ""
    said: str = ""
    """What was given to the voice: the text before, with a full stop if no mark ended it."""
    learn: bool = True
    """Whether anything may be learned, noted or handed on from this. Of a private text nothing but the text itself
    is recorded, so that it comes back after a restart."""
    incognito: bool = False
    """Whether nothing is learned from here on."""
    mode: Mode | None = None
    """The page that the choice was made on; None in records that do not say (nor the three below)."""
    prefix: str = ""
    """Letters that were spelled of the next word before this choice…"""
    looks: tuple[str, ...] = ()
    """…and groups of letters that were chosen for it."""
    propensity: float = 1.0
    """In how large a part of the sentences the kit offers as it did here: 1 where nothing is tried out."""
    took_ms: float = 0.0
    """How long the model took for what it offered here; 0 without one."""
    was_ahead: bool = False
    """That had been worked out before it was asked for."""
    words: str = ""
    """Which word list the instant tier had; empty: none, or the record does not say."""
    zones: int = 0
    """How many zones the layout had; 0 in records that do not say."""
    context: Context | None = None
    """None of a private text, and in records that do not say."""
    quality: Quality | None = None
    signs: tuple[SignMade, ...] = ()
    """The last ones since the choice before; none of a private text, and in records that do not say."""


# --- what leaves the kit: for one workstation, once the wearer agreed -------------------------------------------


class ShareWish(StrEnum):
    """What the wearer or carer wants of what leaves."""

    TELL = "tell"
    AGREE = "agree"
    """What is written may go to the workstation…"""
    TAKE_BACK = "take_back"
    """…and from now on it may not."""
    PAIR = "pair"
    """For three minutes a workstation may pair itself."""
    YES = "yes"
    """The digits are the same there…"""
    NO = "no"
    """…or they are not, or nobody wants to be paired."""
    UNPAIR = "unpair"


class Workstation(Part, frozen=True, kw_only=True):
    """Where what is written goes."""

    name: str
    seals_to: HexKey
    """Its X25519 key, in hex: only it opens what leaves."""
    verifies_with: HexKey
    """Its Ed25519 key, in hex: it signs what it has."""


class Pairing(Part, frozen=True, kw_only=True):
    """The window in which a workstation may pair itself."""

    addresses: tuple[str, ...]
    """Where the kit is found: one of them is typed there."""
    closes_ns: int
    workstation: str = ""
    """Who is there, by its own name; nobody yet where that is empty."""
    digits: str = ""
    """Six, the same on both sides…"""
    words: tuple[str, ...] = ()
    """…and so are these."""
    is_said: bool = False
    """Yes was said here, and not there yet."""


class PairingEnd(StrEnum):
    """Why the last attempt to pair came to nothing."""

    NONE = ""
    DIFFERED = "differed"
    """At the workstation somebody said that the digits are not the same."""
    BROKEN = "broken"
    """Whoever was there hung up, or does not speak as a workstation does."""
    LATE = "late"
    """Its time was over."""


class Sharing(Part, frozen=True, kw_only=True):
    """How what leaves stands."""

    workstation: str = ""
    """The one that this kit is paired with, by its name; none where that is empty."""
    agreed: bool = False
    """Whether the wearer agreed that what they write goes there."""
    rows: int = 0
    """So many rows of the record are to go there, those that stay on the kit not counted…"""
    unsealed: int = 0
    """…so many of them in no sealed segment yet; at most, before the wearer agreed or of more than a thousand…"""
    segments: int = 0
    """…and the others in so many."""
    synced_at: str = ""
    """When the workstation last said what it has: UTC in ISO 8601, for people."""
    pairing: Pairing | None = None
    pairing_ended: PairingEnd = PairingEnd.NONE


class SyncStatus(Message, frozen=True, kw_only=True):
    """What leaves the kit, as the screen shows it."""

    sharing: Sharing


class PanelStatus(Message, frozen=True, kw_only=True):
    """Who wants to see the carer's page, as the screen shows it: who reads the PIN there is with the wearer."""

    pin: str = ""
    """Six digits, while somebody at a browser is asked for them; empty: nobody is."""
    certificate: str = ""
    """The first 16 hexadecimal digits of the page's certificate (SHA-256): the browser shows the same ones."""


class PowerWish(StrEnum):
    """What is asked for on the carer's page that takes the kit from the wearer for a while, or for good."""

    RESTART = "restart"
    OFF = "off"
    """The machine is switched off."""
    CANCEL = "cancel"
    """What was asked for is not to be done after all."""


class PowerEnd(StrEnum):
    """What came of such a wish."""

    WAITS = "waits"
    """The wearer reads of it, and can stop it."""
    STOPPED = "stopped"
    """They have."""
    CANCELLED = "cancelled"
    """Whoever asked has taken it back."""
    DONE = "done"
    FAILED = "failed"


class Thrift(IntEnum):
    """What the kit does without, to last longer or to cool down; each step has all those before it."""

    NOTHING = 0
    FRAMES = 1
    """The eyes are looked at ten times a second, however often the camera could."""
    CANDIDATES = 2
    """The model says fewer words, and looks ahead of nothing."""
    MODEL = 3
    """It rests: words come from the lists and from what the wearer said before."""
    WORDS = 4
    """On an empty line phrases stand in the place of words: a sentence of them takes two choices."""


class Vitals(Message, frozen=True, kw_only=True):
    """The kit's battery and its heat, as far as the machine tells, and what is saved for their sake."""

    battery_percent: int | None = None
    """None: it has no battery that the kernel knows."""
    is_discharging: bool = False
    """Whether the kit lives on the battery alone."""
    temperature_c: int | None = None
    """Of the hottest sensor; None where there is none."""
    thrift: Thrift = Thrift.NOTHING


class PowerAsked(Message, frozen=True, kw_only=True):
    """What the carer's page has asked for, as the screen tells the wearer and the page who asked."""

    wish: PowerWish | None = None
    """None: nothing, since the deciding process began."""
    processes: tuple[str, ...] = ()
    """Which are to start again; none: all."""
    left_s: int = 0
    """In so many seconds it is done, unless it is stopped; in steps of five, for who counts does not write."""
    end: PowerEnd = PowerEnd.WAITS
    reason: str = ""
    """Why it failed."""


# --- what the workstation sends back: what the model learned from its person, one version after another ---------


class GrownState(StrEnum):
    """How far a version is."""

    TRYING = "trying"
    """It lies on the kit, and is looked at in a process of its own."""
    ON_TRIAL = "on_trial"
    """The model wears it, and it has to show that it is good…"""
    GOOD = "good"
    """…which it has."""
    LEFT = "left"
    """Nothing is wrong with it: another one is worn."""
    ROLLED_BACK = "rolled_back"
    """It was worn, and is no more; the reason says why."""
    REFUSED = "refused"
    """It was never worn."""
    REMOVED = "removed"
    """All that it learned from is deleted, and so is it."""


class Became(Part, frozen=True, kw_only=True):
    """What became of a bundle, as the record keeps it for the workstation: a row of kind `model`."""

    serial: int
    """The bundle's own number; of one that was refused unread, that in the name of its file."""
    state: GrownState
    reason: str = ""
    """A sentence, where something is wrong."""
    growth: int = 0
    """The retraining that it came from, as the workstation counts them."""
    base: str = ""
    """The hash of the weights that it was made for."""
    starts: int = 0
    """So often it was loaded since it was put on…"""
    choices: int = 0
    """…so many of its words were taken since…"""
    undone: int = 0
    """…and so many of them taken back at once."""
    is_stale: bool = False
    """Something that it learned from has been deleted since."""


class Grown(Part, frozen=True, kw_only=True):
    """A version, as `vybor model list` tells it."""

    became: Became
    kind: Learned = Learned.ADAPTER
    at: str = ""
    """When it came, by the kit's calendar: for people."""
    is_worn: bool = False
    whole: str = ""
    """The name of a whole model; empty: it is something that a model wears."""


# --- how each process fares ---------------------------------------------------------------------------------


class Health(Message, frozen=True, kw_only=True):
    """Said by every process, at the rate of the table; silence means that it is gone or stuck."""

    process: str
    pid: int
    troubles: tuple[Notice, ...] = ()


# --- commands and replies -----------------------------------------------------------------------------------


class Record(Command, frozen=True, kw_only=True):
    """To the journal: keep this decision."""

    decision: Decision


class RestoreDraft(Command, frozen=True, kw_only=True):
    """To the journal: tell what was being written."""


class TellSentences(Command, frozen=True, kw_only=True):
    """To the journal: tell what was spoken after this decision (no session: from the beginning)."""

    session: str = ""
    number: int = 0


class TellDecisions(Command, frozen=True, kw_only=True):
    """To the journal: tell what was decided after this decision (no session: from the beginning)."""

    session: str = ""
    number: int = 0


class TellInterest(Command, frozen=True, kw_only=True):
    """To the generator: tell what was learned of the person's interest, and whether it moves words."""


# --- the wearer's rights: to see and to delete what is kept


class Erase(Command, frozen=True, kw_only=True):
    """To core: delete this everywhere. From core to the journal: delete the rows of it."""

    scope: Scope
    day: str = ""
    """Of Scope.DAY: `2026-02-28`, by the kit's own calendar; of TODAY, which day that was when it was wished."""
    session: str = ""
    number: int = 0
    """Of Scope.UTTERANCE: the decision that spoke it."""
    only_find: bool = False
    """To the journal: tell what would be gone, and delete nothing."""


class CountAnew(Command, frozen=True, kw_only=True):
    """To the generator: rows of the record are gone; what was learned of it is forgotten and learned anew."""


class ForgetArrived(Command, frozen=True, kw_only=True):
    """To sync: remove the bundles that the workstation sent."""


class TellPaired(Command, frozen=True, kw_only=True):
    """To the journal, by the generator: tell whose bundles this kit takes, and what of the record is left."""


class KeepBecame(Command, frozen=True, kw_only=True):
    """To the journal, by the generator: keep what became of a bundle; the same `name` twice is kept once."""

    name: str
    became: Became


class TellGrown(Command, frozen=True, kw_only=True):
    """To the generator: tell which versions there are of what the model learned."""


class WearGrown(Command, frozen=True, kw_only=True):
    """To the generator: have the model wear this version, or be this whole one."""

    serial: int = 0
    """0: none, the model as it came…"""
    kind: Learned = Learned.ADAPTER
    """…as far as this kind goes; a serial says by itself of which kind it is."""
    back: bool = False
    """The one before that was good, whichever that is; then the one that is worn counts as rolled back."""


class ForgetLooks(Command, frozen=True, kw_only=True):
    """To gaze: forget the looks that are kept."""


class ForgetUsual(Command, frozen=True, kw_only=True):
    """To the headband: forget how the wearer's EEG usually is."""


class TellRows(Command, frozen=True, kw_only=True):
    """To the journal: tell the rows after this place (0 and 0: from the beginning)."""

    boot: int = 0
    sequence: int = 0


class Say(Command, frozen=True, kw_only=True):
    """To the voice: say this aloud."""

    text: str
    language: str = "en"
    until_ns: int = 0
    """Later than this it is not said any more: it would be the wrong moment. 0: whenever."""
    to_ear: bool = False
    """Said by the player of whispers, for the wearer alone, and never repeated."""


class Hush(Command, frozen=True, kw_only=True):
    """To the voice: stop, forget what is queued, and call nobody any more. To safe: call nobody any more."""

    only: str = ""
    """The request of one sentence: that one is stopped or taken out of the queue, and the others are said."""


class Repeat(Command, frozen=True, kw_only=True):
    """To the voice: say this once more; if it sounds still or waits to, nothing is added."""

    text: str
    language: str = "en"
    until_ns: int = 0


class Whisper(Command, frozen=True, kw_only=True):
    """To the voice: say quietly what is lit, in place of what was whispered before; sentences go first."""

    text: str
    language: str = "en"
    until_ns: int = 0
    """Later than this something else is lit. 0: whenever."""


class Alert(Command, frozen=True, kw_only=True):
    """To the voice: say this for the kit itself, behind the wearer's sentences. It is never repeated."""

    text: str
    language: str = "en"
    until_ns: int = 0


class CallHelp(Command, frozen=True, kw_only=True):
    """To the voice: play the help call now, over everything else. To safe: ring."""

    language: str = "en"
    voice_calls: bool = False
    """To safe: the voice has said that it calls; only if it does not go on, ring."""


class HearPartner(Command, frozen=True, kw_only=True):
    """To core: the other person said this just now; empty: forget what they said."""

    text: str


class TellPhrases(Command, frozen=True, kw_only=True):
    """To core: tell which phrases the person keeps."""


class KeepPhrase(Command, frozen=True, kw_only=True):
    """To core: keep this as a phrase."""

    text: str


class ForgetPhrase(Command, frozen=True, kw_only=True):
    """To core: remove this from the phrases that are kept."""

    text: str


class Gift(StrEnum):
    """What a carer gives the person to say."""

    PHRASES = "phrases"
    WORDS = "words"
    """Names, mostly, that no list has."""


class TellGiven(Command, frozen=True, kw_only=True):
    """To core: tell what carers gave; of what the person keeps themselves, how many alone."""

    what: Gift


class Give(Command, frozen=True, kw_only=True):
    """To core: have these be what carers gave, in this order, where `were` is what it is now.

    Where it is another by then it is refused: nobody overwrites what they have not seen.
    """

    what: Gift
    were: tuple[str, ...]
    texts: tuple[str, ...]


class Practise(Command, frozen=True, kw_only=True):
    """To core: begin practice over what is being written."""


class AskPower(Command, frozen=True, kw_only=True):
    """To core: tell the wearer that this is wished, and have it done unless they stop it (`PowerAsked`)."""

    wish: PowerWish
    processes: tuple[str, ...] = ()
    """Which are to start again; none: all."""


class StartAgain(Command, frozen=True, kw_only=True):
    """To any process, by core: end, so that whoever keeps it running starts it again."""


class ShowCheck(Command, frozen=True, kw_only=True):
    """To core: the screen says that a check is under way, until then or its next word; None: it is over."""

    check: WordCheck | None
    until_ns: int = 0


class Share(Command, frozen=True, kw_only=True):
    """To sync: what the wearer or carer wants of what leaves."""

    wish: ShareWish
    digits: str = ""
    """With YES: those that were read. It holds for no other attempt."""
    until_ns: int = 0
    """Later than this it is not done any more: nobody would expect it then. 0: whenever."""


class Leave(Command, frozen=True, kw_only=True):
    """To the journal, by sync: do this, and tell how what leaves stands."""

    agree: bool | None = None
    pair: Workstation | None = None
    unpair: bool = False
    seal: bool = False
    """Seal what there is, however little."""
    receipt: bytes = b""
    """What the workstation says it has: a file of segments.receipt."""


class Leaving(Reply, frozen=True, kw_only=True):
    """How what leaves the record stands."""

    kit: str
    """The kit's number."""
    verifies_with: str
    """The Ed25519 key, in hex, that what leaves is signed with."""
    sharing: Sharing
    refused: str = ""
    """Why the receipt was none."""


class AskToRead(Command, frozen=True, kw_only=True):
    """To core, by the panel: a browser is there, and asks the wearer for this, or for nothing new.

    What it may read holds as long as this is said again every few seconds.
    """

    browser: str
    """A name that the panel made for it; no other has the same."""
    what: Readable | None = None
    leaves: bool = False
    """It is gone, or wants to read no more."""


class ReadMirror(Command, frozen=True, kw_only=True):
    """To core, by the panel: tell what this browser may see of what is said."""

    browser: str


class ReadRecord(Command, frozen=True, kw_only=True):
    """To core, by the panel: have the journal tell this browser rows, if it may read them."""

    browser: str
    what: Readable
    """LOG or EXPORT."""
    boot: int = 0
    sequence: int = 0
    """As in TellRecord."""


class TellRecord(Command, frozen=True, kw_only=True):
    """To the journal, by core: tell what may be handed on of some rows; of private texts nothing."""

    whole: bool
    """True: rows of every kind after this place, oldest first; False: what was said before it, newest first."""
    boot: int = 0
    sequence: int = 0
    """0 and 0: from the beginning, or from the end."""


class GiveOut(Command, frozen=True, kw_only=True):
    """To the headband: somebody gives these signals to other programs until then, or their next word.

    The wearer is told of it as long; with EEG among them the samples are said on the bus.
    """

    signals: tuple[Signal, ...]
    until_ns: int


class FitWish(StrEnum):
    """What is wanted of the fitting."""

    TELL = "tell"
    START = "start"
    """The whole trial."""
    BEGIN = "begin"
    """The sign that is announced…"""
    SKIP = "skip"
    """…or not that one."""
    STOP = "stop"
    """Back to what was being written."""
    FORGET = "forget"
    """What was accepted on the screen holds no more."""
    PLACES = "places"
    """Where Undo and Speak stand is to be measured anew."""


class Fit(Command, frozen=True, kw_only=True):
    """To core: begin or go on with the trial that finds how the person chooses, or tell of it."""

    wish: FitWish
    only: tuple[Sign, ...] = ()
    """To start: these signs; none: all whose inputs are there."""
    effort: Effort | None = None
    """An answer to how hard the last sign was, heard by who asks."""


class FlickerWish(StrEnum):
    """What is wanted of flicker."""

    TELL = "tell"
    CONFIRM = "confirm"
    """A clinician allows it."""
    FORGET = "forget"
    """No more: neither that, nor what trials found."""


class AskFlicker(Command, frozen=True, kw_only=True):
    """To core: whether tiles may flicker, and if not, why; or a clinician's word."""

    wish: FlickerWish
    role: str = ""
    """Who confirms, by their role, as they typed it."""


class SavePicture(Command, frozen=True, kw_only=True):
    """To the display: write what is on the screen to a PNG file."""

    path: str


class WearTheme(Command, frozen=True, kw_only=True):
    """To the display: show these colours until it starts again; empty: those of the settings."""

    theme: str


class WearNight(Command, frozen=True, kw_only=True):
    """To the display, by the wearer: the colours of the night, or those of the day, over restarts too.

    Once the settings would show the same by themselves, they hold again.
    """

    night: bool


class PutOut(Command, frozen=True, kw_only=True):
    """To the display: copy or type this, once; Done says that it was.

    A display that has started since then refuses it: it cannot know whether it was typed before.
    """

    way: WayOut
    text: str
    session: str
    """The run of the display that it is meant for."""
    until_ns: int
    """Later than this it is not begun any more: the keyboard may write somewhere else by then."""


class Calibrate(Command, frozen=True, kw_only=True):
    """To gaze: show the dots and fit the gaze model anew."""

    brief: bool = False
    """A few dots: where looks fall today, by a model that is there."""
    check: bool = False
    """Three dots: what a model that is there is worth now. By how much looks fall beside as a whole is mended,
    and nothing else."""


class RecordLooks(Command, frozen=True, kw_only=True):
    """To gaze: somebody records where the eyes rest until then, or their next word; the wearer is told as long."""

    until_ns: int
    words: bool = False
    """Whether what stands on the tiles, and what is written, is recorded too."""


class Passage(Part, frozen=True, kw_only=True):
    """A few sentences of a document, and their page or heading."""

    text: str
    place: str = ""


class AddTopic(Command, frozen=True, kw_only=True):
    """To the generator: keep this document, in place of one of the same name."""

    name: str
    passages: tuple[Passage, ...]


class RemoveTopic(Command, frozen=True, kw_only=True):
    """To the generator: forget this document, to its last byte."""

    name: str


class TellTopic(Command, frozen=True, kw_only=True):
    """To the generator: tell what it keeps of this document, which somebody may want back once it is removed."""

    name: str


class ListTopics(Command, frozen=True, kw_only=True):
    """To the generator: tell which documents are kept."""


class SearchTopics(Command, frozen=True, kw_only=True):
    """To the generator: tell what would be found for these words."""

    text: str
    count: int = 5


class Done(Reply, frozen=True, kw_only=True):
    """It is done. From the journal: it is on the disk."""


class Refused(Reply, frozen=True, kw_only=True):
    """It was not done, and why."""

    trouble: Trouble | None = None
    reason: str = ""


class Checked(Part, frozen=True, kw_only=True):
    """What a check by three dots found, in fractions of the screen: right and down are more than 0."""

    beside_x: float
    """So far beside the dots looks fell as a whole, which is mended…"""
    beside_y: float
    left_x: float
    """…and so far from that from dot to dot, which is not: a standard deviation."""
    left_y: float
    promised_x: float
    """What the model said of that before: a standard deviation, too."""
    promised_y: float


class Calibrated(Reply, frozen=True, kw_only=True):
    """The dots were looked at, and this is what looks are worth now; in fractions of the screen."""

    dots: int
    """So many were looked at calmly."""
    error_x: float
    """How far a long look at a place that was no dot falls beside it: a standard deviation."""
    error_y: float
    noise_x: float
    """From picture to picture while the eyes hold still: a standard deviation, too."""
    noise_y: float
    calibrations: int
    """So many are kept, this one counted."""
    away_cm: float | None = None
    """How far the face is from the camera, by its own reckoning."""
    width_cm: float = 0.0
    """Of the screen, as the settings have it; 0: they do not…"""
    height_cm: float = 0.0
    """…and how high it is."""
    checked: Checked | None = None
    """None: it was no check."""


class Draft(Reply, frozen=True, kw_only=True):
    """The text in progress and every text before it, oldest first, so that undo goes on working."""

    text: str
    history: tuple[str, ...] = ()
    resting: bool = False
    """Whether the person was at rest: a kit that starts again must not wake them."""
    spoken: str = ""
    """What was spoken, if nothing was written since: it may turn out not to have been meant."""
    incognito: bool = False
    private: tuple[str, ...] = ()
    """Those of the texts of which nothing may be learned."""
    spoken_session: str = ""
    spoken_number: int = 0
    """The decision that spoke `spoken`."""


class Sentence(Part, frozen=True, kw_only=True):
    """A sentence that was spoken, or one whose speaking was undone."""

    text: str
    spoken: bool = True


class Phrases(Reply, frozen=True, kw_only=True):
    """The phrases that the person keeps, oldest first, each with how often it was said."""

    phrases: tuple[tuple[str, int], ...]


class Given(Reply, frozen=True, kw_only=True):
    """What carers gave, oldest first; and how many phrases the person keeps, none of which is told."""

    what: Gift
    texts: tuple[str, ...]
    own: int = 0
    longest: int = 0
    """Letters of one…"""
    most: int = 0
    """…and so many are taken, the person's own among them."""


class Sentences(Reply, frozen=True, kw_only=True):
    """What was spoken and taken back, oldest first, up to and with the decision `number` of `session`.

    Ask on from here with exactly this `session`: behind the name of the run it may say after which deletion it was
    told, so that whoever counted something that is gone since counts anew.
    """

    sentences: tuple[Sentence, ...]
    session: str
    number: int
    anew: bool = False
    """The record does not know the decision that was asked from: these are the first sentences of all."""
    more: bool = False
    """There are later ones: ask again from here."""


class Decisions(Reply, frozen=True, kw_only=True):
    """Decisions one after another, oldest first; there may be more behind the last one, unless there is none."""

    decisions: tuple[Decision, ...]
    anew: bool = False
    """The record does not know the decision that was asked from: these are the first of all."""
    session: str = ""
    """The session to ask on with, as in `Sentences`."""


class Erased(Reply, frozen=True, kw_only=True):
    """It is gone from the record, and as far as core says so from everywhere."""

    rows: int
    sentences: int
    """So many that were spoken."""
    texts: tuple[str, ...] = ()
    """From the journal to core: whole texts that are gone, for what holds them in memory."""
    aside: tuple[str, ...] = ()
    """Damaged records that were set aside: what they hold nobody can tell."""
    session: str = ""
    number: int = 0
    """Of what was only found, if that is one sentence: the decision that spoke it."""
    left: str = ""
    """From the journal to core: why bytes of it are still in the record's file; empty: none are."""
    is_stale: bool = False
    """The model has learned from it and goes on, until it is trained anew."""


class Forgotten(Reply, frozen=True, kw_only=True):
    """The generator holds no more of what is gone from the record than what its model learned from it."""

    is_stale: bool
    """The model wears something that learned from it."""
    may_have_arrived: bool = False
    """All of it is gone, and bundles that learned from it may lie where they arrive: sync alone removes them."""


class Paired(Reply, frozen=True, kw_only=True):
    """Whose bundles this kit takes, and what of its record is left."""

    kit: str
    """The number of the kit."""
    workstation: Workstation | None
    """None: it is paired with none, and takes no bundles."""
    deletions: int
    """So often something was deleted."""
    oldest: tuple[int, int]
    """Boot and sequence of the first choice that is left; 0 and 0: there is none…"""
    newest: tuple[int, int]
    """…and of the last row of all."""


class GrownTold(Reply, frozen=True, kw_only=True):
    """Every version, oldest first."""

    model: str
    """The model that is loaded, with what it wears; empty: none is."""
    grown: tuple[Grown, ...]
    by_hand: str = ""
    """The path of an adapter that somebody laid there themselves: it is worn before all others."""
    factory: str = ""
    """The hash of the weights that the model as it came was built from."""


class KeptRow(Part, frozen=True, kw_only=True):
    """A row of the record as it is kept."""

    boot: int
    sequence: int
    at: str
    """ISO 8601 with its zone, by the kit's calendar."""
    kind: str
    """One of vybor.segments.rows.Kind."""
    record: bytes
    """MessagePack of a Decision, of an utterance, of a deletion or of a Became."""


class Rows(Reply, frozen=True, kw_only=True):
    """Rows one after another, oldest first; none: there are no later ones."""

    kit: str
    """The number of the kit."""
    rows: tuple[KeptRow, ...]


class ReadTold(Reply, frozen=True, kw_only=True):
    """How it stands with what a browser asks to read."""

    asked: Readable | None = None
    """The wearer is asked for this now."""
    grants: tuple[ReadGrant, ...] = ()
    ended: ReadEnd = ReadEnd.NONE
    """How the last came to its end…"""
    refused: ReadRefusal = ReadRefusal.NONE
    """…and why the wearer was not asked."""


class Mirror(Reply, frozen=True, kw_only=True):
    """What was said since the wearer agreed, oldest first, and not taken back; of private texts nothing."""

    said: tuple[str, ...] = ()
    draft: str | None = None
    """What is being written; None: the wearer did not allow that, or it is private."""


class RecordTold(Reply, frozen=True, kw_only=True):
    """Rows that may be handed on; more may be behind an answer that has none."""

    kit: str
    rows: tuple[KeptRow, ...]
    boot: int
    sequence: int
    """The place to go on from."""
    is_end: bool = False


class InterestTold(Reply, frozen=True, kw_only=True):
    """What was learned of the person's interest, in numbers: what they wrote is theirs.

    Gains are nats a choice, predicted on the person's own record.
    """

    allowed: bool
    """Whether the settings let it be used at all."""
    is_whole: bool
    """Whether all of the record has been read."""
    weight: float
    """Nats for a word that is all of the interest; 0: no word is moved."""
    taken: int
    examined: int
    lingered: int
    days: int
    least_days: int
    choices: int
    least_choices: int
    gain: float
    low: float | None
    """Its lower bound over days; None while too few count."""
    engaged: int = 0
    """Of the long looks so many came with a figure of engagement…"""
    engaged_weight: float = 1.0
    """…and this is the mean of what they were multiplied by for it."""


class Topic(Part, frozen=True, kw_only=True):
    """A document that is kept."""

    name: str
    passages: int
    words: int


class Topics(Reply, frozen=True, kw_only=True):
    """The documents that are kept, by name."""

    topics: tuple[Topic, ...]


class TopicTold(Reply, frozen=True, kw_only=True):
    """What is kept of a document; no passages: there is none of this name."""

    name: str
    passages: tuple[Passage, ...]


class FoundNote(Part, frozen=True, kw_only=True):
    """A passage that was found, and how much of what was asked it answers (0 to 1)."""

    topic: str
    passage: Passage
    score: float
    is_used: bool
    """Whether a text of these words would get it as a note."""


class FoundNotes(Reply, frozen=True, kw_only=True):
    """What was found, best first."""

    found: tuple[FoundNote, ...]


class FitTold(Reply, frozen=True, kw_only=True):
    """How far the fitting is, what came of the last one, and what holds because of one."""

    stage: FitStage | None = None
    """None while none is under way."""
    results: tuple[FitResult, ...] = ()
    proposed: tuple[FitValue, ...] = ()
    fitted: tuple[FitValue, ...] = ()
    """What was accepted on the screen."""
    standing: Standing = Standing()


class FlickerTold(Reply, frozen=True, kw_only=True):
    """How it stands with flicker."""

    off: tuple[str, ...] = ()
    """Why nothing may flicker, a sentence each; empty if it may."""
    confirmed: str = ""
    """Who confirmed, by their role, and on which day."""
    tried: str = ""
    """What trials found, and on which day."""
    unconfirmable: str = ""
    """Why nobody can confirm it now, a sentence; empty if a clinician may."""


AnyMessage = (
    Gaze
    | Tracker
    | Pointer
    | BrowserLook
    | Gesture
    | Worn
    | Flickered
    | Engaged
    | Samples
    | SwitchPress
    | Screen
    | Highlight
    | Fitted
    | SignsWorn
    | CalibrationTarget
    | Shown
    | LookedAt
    | Prompt
    | Ahead
    | Proposals
    | CountsWorn
    | SyncStatus
    | PanelStatus
    | PowerAsked
    | Vitals
    | Health
)
AnyCommand = (
    Record
    | RestoreDraft
    | TellSentences
    | TellDecisions
    | TellInterest
    | Erase
    | CountAnew
    | ForgetArrived
    | TellPaired
    | KeepBecame
    | TellGrown
    | WearGrown
    | ForgetLooks
    | ForgetUsual
    | TellRows
    | Say
    | Hush
    | Repeat
    | Whisper
    | Alert
    | CallHelp
    | HearPartner
    | TellPhrases
    | KeepPhrase
    | ForgetPhrase
    | TellGiven
    | Give
    | Practise
    | AskPower
    | StartAgain
    | ShowCheck
    | GiveOut
    | Fit
    | AskFlicker
    | SavePicture
    | WearTheme
    | WearNight
    | PutOut
    | Calibrate
    | RecordLooks
    | AddTopic
    | RemoveTopic
    | TellTopic
    | ListTopics
    | SearchTopics
    | Share
    | Leave
    | AskToRead
    | ReadMirror
    | ReadRecord
    | TellRecord
)
AnyReply = (
    Done
    | Refused
    | Calibrated
    | Draft
    | Phrases
    | Given
    | Sentences
    | Decisions
    | Erased
    | Rows
    | InterestTold
    | Topics
    | TopicTold
    | FoundNotes
    | FitTold
    | FlickerTold
    | Leaving
    | Forgotten
    | Paired
    | GrownTold
    | ReadTold
    | Mirror
    | RecordTold
)
