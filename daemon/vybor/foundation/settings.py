"""The settings of the kit: one TOML file, every key typed, with its default here and nowhere else.

The words under each key are what `vybor config show` prints above it: they are for the carer.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from vybor.foundation.eyetracker_settings import EyetrackerSettings
from vybor.foundation.flicker_settings import FlickerSettings
from vybor.foundation.gaze_settings import GazeSettings, Program
from vybor.foundation.headband_settings import HeadbandSettings, Seconds
from vybor.foundation.key_names import NAMES
from vybor.foundation.kinds import MUST_BE
from vybor.foundation.vitals_settings import VitalsSettings

Centimetres = Annotated[float, msgspec.Meta(ge=0, le=500)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class Language(StrEnum):
    """Languages of the display and of the word lists."""

    ENGLISH = "en"
    RUSSIAN = "ru"


class Gender(StrEnum):
    """The grammatical gender in which the wearer speaks of themselves."""

    UNSAID = ""
    FEMININE = "feminine"
    MASCULINE = "masculine"


class Address(StrEnum):
    """How the one who listens is addressed."""

    UNSAID = ""
    TY = "ty"
    VY = "vy"


class Provider(StrEnum):
    """What the language model is reckoned on."""

    CPU = "cpu"
    CUDA = "cuda"


class InterestUse(StrEnum):
    """Whether what the person takes and looks at may move words."""

    AUTO = "auto"
    OFF = "off"


class ScanUse(StrEnum):
    """When tiles are lit in turn."""

    AUTO = "auto"
    ALWAYS = "always"
    OFF = "off"


class Engine(StrEnum):
    """Who speaks."""

    AUTO = "auto"
    ESPEAK = "espeak"
    PIPER = "piper"


class PanelUse(StrEnum):
    """Who can open a page of the kit."""

    OFF = "off"
    HERE = "here"
    NETWORK = "network"


class Theme(StrEnum):
    """The colours of the screen."""

    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"
    NIGHT = "night"


class TextSize(StrEnum):
    """How large letters are."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"


Key = Annotated[
    str,
    msgspec.Meta(
        pattern=f"(?i)^({'|'.join(map(re.escape, NAMES))})$",
        extra={MUST_BE: "the name of a key, such as space, return, f5 or a letter"},
    ),
]
Line = Annotated[
    str, msgspec.Meta(pattern=r"^[^\n\r]{0,200}$", extra={MUST_BE: "one line of at most 200 letters"})
]
Hours = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?\Z",
        extra={MUST_BE: "two times of day such as 22:00-07:00, or empty"},
    ),
]
Zones = Literal["auto", 10, 8, 6, 4, 2]
Places = Literal["auto", "default", "mirrored", "lowered", "turned"]
QuarterTurns = Annotated[int, msgspec.Meta(ge=0, le=270, multiple_of=90, extra={MUST_BE: "0, 90, 180 or 270"})]
Port = Annotated[int, msgspec.Meta(ge=1024, le=65535)]
NetworkAddress = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9A-Fa-f.:]{0,45}\Z", extra={MUST_BE: "an address in numbers, or empty"})
]
Certainty = Annotated[float, msgspec.Meta(ge=0.5, le=0.96)]
"""Beyond that the surest sign of a headband soon chooses nothing any more, and then no press does."""
Word = Annotated[str, msgspec.Meta(min_length=1)]
WordsPerMinute = Annotated[int, msgspec.Meta(ge=80, le=450)]


class CommitSettings(Section, frozen=True, kw_only=True):
    """`[commit]`: how a choice is confirmed."""

    pad: bool = True
    """Look at the tile, then at its edge."""
    biosignal: bool = True
    """Look at the tile, then blink twice or clench."""
    switch: bool = True
    """Look at the tile, then press."""
    long_blink: bool = False
    """Look at the tile, then close the eyes for half a second to two, and open them; the camera sees it."""
    brow: bool = False
    """Look at the tile, then raise the brows and let go; the camera sees it."""
    cheek: bool = False
    """Look at the tile, then draw up a corner of the mouth and let go; the camera sees it. Not for who speaks."""
    head: bool = False
    """Look at the tile, then nod, tilt or turn the head a little, and back; the camera sees it."""
    arm_s: Seconds = 0.25
    """A look shorter than this arms nothing."""
    pad_s: Seconds = 0.35
    """How long to look at the edge."""
    read_s: Seconds = 0.2
    """The edge of a tile listens after this much looking at the tile, and read_s_per_word more for each word."""
    read_s_per_word: Seconds = 0.25
    """How much more looking each word on a tile asks for."""
    drowsy_times: Annotated[float, msgspec.Meta(ge=1, le=1.5)] = 1.0
    """While a headband finds the wearer drowsy, edges listen after so many times as much looking; 1: as always."""
    refractory_s: Seconds = 0.5
    """After a choice nothing is chosen for so long."""
    certainty: Certainty = 0.9
    """How probable it must be that a tile was meant, before it is chosen."""
    lost_s: Seconds = 6.0
    """After so long without steady looks the eyes count as lost."""
    alarm_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 60.0
    """When no way to choose is left for so long, the kit asks aloud for somebody, again and again; 0: never."""
    scan: ScanUse = ScanUse.AUTO
    """When tiles light up in turn, for a press, double blink or clench: if the eyes are lost, always or never."""
    scan_step_s: Annotated[float, msgspec.Meta(ge=0.1, le=60)] = 1.2
    """How long a row, then a tile, is lit."""
    scan_reaction_s: Seconds = 0.2
    """A press means what was lit so long before it: the fastest that this person can react."""
    scan_passes: Annotated[int, msgspec.Meta(ge=1, le=100)] = 8
    """After so many rounds without a press nothing is lit until the next one, which only begins anew."""
    scan_by_ear: bool = False
    """Whether what is lit is also whispered."""


class GeneratorSettings(Section, frozen=True, kw_only=True):
    """`[generator]`."""

    candidates: Annotated[int, msgspec.Meta(ge=3, le=5)] = 4
    """How many words are offered at a time."""
    look_ahead: Annotated[int, msgspec.Meta(ge=0, le=12)] = 7
    """How many of the next offers the model prepares while one reads: three words, four groups. 0 saves power."""
    anchors: bool = False
    """Whether the tools offer whole sentences made from a word or two. What the person said before is found so."""
    profanity: bool = False
    """Whether swear words are offered unasked. Spelled, or said once before, they are offered in any case."""
    style: Line = ""
    """How the person writes, as they would write it themselves: the model reads it first. Empty: nothing."""
    remember: bool = True
    """Whether sentences that were spoken before are notes for new ones; off, those kept for that are forgotten."""
    interest: InterestUse = InterestUse.AUTO
    """Whether what was taken and looked at moves words: once the person's record shows that it helps, or never."""
    trial_choices: Annotated[int, msgspec.Meta(ge=10, le=100_000)] = 200
    """So many words of a new version are taken before it counts as good; it is on trial until then."""
    trial_starts: Annotated[int, msgspec.Meta(ge=1, le=100)] = 3
    """So often the kit starts with a new version before it counts as good."""
    threads: Annotated[int, msgspec.Meta(ge=1, le=16)] = 2
    """How many cores the language model may use."""
    provider: Provider = Provider.CPU
    """What the language model is reckoned on: the processor, or an NVIDIA graphics card (CUDA)."""


class DisplaySettings(Section, frozen=True, kw_only=True):
    """`[display]`."""

    width: Annotated[int, msgspec.Meta(ge=320, le=7680)] = 1280
    """Width of the window as it is seen, in pixels; a panel without a desktop is always filled."""
    height: Annotated[int, msgspec.Meta(ge=240, le=4320)] = 720
    """Height of the window as it is seen, in pixels."""
    fullscreen: bool = False
    """Whether the window fills a desktop's screen."""
    width_cm: Centimetres = 0.0
    """How wide the picture is on the screen, in centimetres: errors are told in degrees by it; 0: unknown."""
    height_cm: Centimetres = 0.0
    """How high it is, in centimetres; 0: unknown."""
    switch_key: Key = "space"
    """The key that confirms, and calls for help while nothing can be chosen."""
    zones: Zones = "auto"
    """How many tiles the screen has places for: as many as the eyes can tell apart (auto), or always so many. With
    fewer, tiles are larger, and some stand for several."""
    places: Places = "auto"
    """Where Undo and Speak stand: where the eyes are clearly seen best (auto); always left of the text and upper
    right (default), right and upper left (mirrored), left and lower right (lowered), or right and lower left
    (turned)."""
    theme: Theme = Theme.DARK
    """The colours: dark, light, contrast (yellow on black), or night (dim and warm)."""
    night: Hours = ""
    """Between which times of the kit's clock the colours of the night hold; empty: never."""
    text_size: TextSize = TextSize.NORMAL
    """How large letters are; where large ones have no room, they are as large as they can be."""
    reduced_motion: bool = False
    """Whether what fills while it is looked at does so in four steps; nothing flickers then."""
    rotation: QuarterTurns = 0
    """How far the picture is turned clockwise, for a panel that hangs turned; calibrate again after a change."""
    partner_rotation: QuarterTurns = 0
    """The same for the screen of the other person (`vybor display --partner`)."""
    partner_shows_draft: bool = False
    """Whether the other person sees the text while it is being written."""


class VoiceSettings(Section, frozen=True, kw_only=True):
    """`[voice]`."""

    engine: Engine = Engine.AUTO
    """Who speaks: Piper where piper_voice names a voice, and espeak-ng where it cannot; or espeak-ng alone."""
    piper_voice: Line = ""
    """Piper's voice: its .onnx file, with the .onnx.json beside it. It speaks the sentences of its language."""
    piper_program: Program = "piper"
    """Piper's program, where the package piper-tts is not installed beside the kit."""
    words_per_minute: WordsPerMinute = 160
    """How fast the kit speaks."""
    volume: Annotated[int, msgspec.Meta(ge=20, le=200)] = 100
    """How loud it speaks, in per cent of the usual; the sound card has a volume of its own."""
    player: Annotated[tuple[Word, ...], msgspec.Meta(min_length=1)] = ("aplay", "-q", "-")
    """The program that plays a WAV file from its standard input, and its arguments."""
    whisper_words_per_minute: WordsPerMinute = 240
    """How fast labels are whispered, for who scans by ear."""
    whisper_volume: Annotated[int, msgspec.Meta(ge=5, le=200)] = 40
    """How loud labels are whispered, in per cent."""
    whisper_player: tuple[Word, ...] = ()
    """The player of whispers and of authorship checks, such as an earphone's; if empty, that for sentences."""


class TextOutSettings(Section, frozen=True, kw_only=True):
    """`[text_out]`: what is spoken, copied or typed into another program as well, while the wearer arms that."""

    copy: tuple[Word, ...] = ()
    """The program that puts its standard input on the clipboard, and its arguments; if empty, wl-copy or xclip."""
    type: tuple[Word, ...] = ()
    """The program that types its standard input, and its arguments; if empty, wtype or xdotool."""


class JournalSettings(Section, frozen=True, kw_only=True):
    """`[journal]`: the record of what was chosen."""

    quota_mb: Annotated[int, msgspec.Meta(ge=50, le=1_000_000)] = 4000
    """How many megabytes the record may take: from nine tenths on the screen says so. It goes on being written."""


class WearerSettings(Section, frozen=True, kw_only=True):
    """`[wearer]`: what the endings of Russian words depend on; English words have none of these."""

    gender: Gender = Gender.UNSAID
    """How the wearer says *I am tired*: я устала (feminine) or я устал (masculine); if empty, both come."""
    address: Address = Address.UNSAID
    """How the wearer addresses the one who listens: ты (ty) or вы (vy); if empty, both are offered."""


class SyncSettings(Section, frozen=True, kw_only=True):
    """`[sync]`: how the workstation reaches the kit, once it is paired."""

    port: Port = 2222
    """Where the workstation fetches what waits for it; nothing listens there before one is paired."""
    pairing_port: Port = 2223
    """Where a workstation pairs itself; something listens there only while the window is open on the screen."""
    address: NetworkAddress = ""
    """Which of the kit's own addresses both listen on, such as 192.168.1.20; if empty, all of them."""


class PanelSettings(Section, frozen=True, kw_only=True):
    """`[panel]`: the carer's page, for a browser."""

    listen: PanelUse = PanelUse.HERE
    """Who can open the page: a browser on the kit itself (here), any in the same network (network), or none (off).
    It always asks for a PIN that stands on the kit's own screen."""
    port: Port = 8443
    """Where the page is: https://ADDRESS:8443."""
    address: NetworkAddress = ""
    """With network: which of the kit's own addresses it has, such as 192.168.1.20; if empty, all of them."""


class BrowserSettings(Section, frozen=True, kw_only=True):
    """`[browser]`: a page in a browser as the display."""

    listen: PanelUse = PanelUse.OFF
    """Whether a page in a browser is the display in place of the kit's own screen, and whose browser: one on the
    kit itself (here), any in the same network (network), or none (off). `vybor browser` says the link to it."""
    port: Port = 8442
    """Where the page is: http://localhost:8442, or with network https://ADDRESS:8442."""
    address: NetworkAddress = ""
    """With network: which of the kit's own addresses it has, such as 192.168.1.20; if empty, all of them."""
    webgazer: Line = ""
    """The folder of WebGazer.js, which you fetch yourself (`vybor browser --webgazer` says how): with
    eyetracker.kind webgazer the page follows the eyes by the camera of its own machine."""


class Settings(Section, frozen=True, kw_only=True):
    """The whole file."""

    language: Language = Language.ENGLISH
    """The language of the display, the words and the voice."""
    gaze: GazeSettings = GazeSettings()
    eyetracker: EyetrackerSettings = EyetrackerSettings()
    headband: HeadbandSettings = HeadbandSettings()
    commit: CommitSettings = CommitSettings()
    generator: GeneratorSettings = GeneratorSettings()
    display: DisplaySettings = DisplaySettings()
    voice: VoiceSettings = VoiceSettings()
    text_out: TextOutSettings = TextOutSettings()
    journal: JournalSettings = JournalSettings()
    wearer: WearerSettings = WearerSettings()
    sync: SyncSettings = SyncSettings()
    panel: PanelSettings = PanelSettings()
    browser: BrowserSettings = BrowserSettings()
    flicker: FlickerSettings = FlickerSettings()
    vitals: VitalsSettings = VitalsSettings()
