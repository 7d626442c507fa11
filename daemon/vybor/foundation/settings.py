"""The settings of the kit: one TOML file, every key typed, with its default here and nowhere else.

The words under each key are what `vybor config show` prints above it: they are for the carer.
"""

import difflib
import re
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import msgspec.inspect

from vybor.foundation.errors import SettingsError

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=60)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class Language(StrEnum):
    """Languages of the display and of the word lists."""

    ENGLISH = "en"
    RUSSIAN = "ru"


class GazeSource(StrEnum):
    """Where gaze comes from."""

    CAMERA = "camera"
    POINTER = "pointer"
    NONE = "none"


class Provider(StrEnum):
    """What the language model is reckoned on."""

    CPU = "cpu"
    CUDA = "cuda"


class GazeSettings(Section, frozen=True, kw_only=True):
    """`[gaze]`."""

    source: GazeSource = GazeSource.CAMERA
    """Where gaze comes from: a camera, a pointer (mouse, head mouse, an eye tracker's pointer) or nowhere."""
    camera: str = "auto"
    """`auto`, `rpicam`, `picamera2`, `v4l2:/dev/video0`, or the path of a folder of pictures or a video."""
    rpicam_program: str = "rpicam-vid"
    """The program that brings a Raspberry Pi camera's pictures."""
    width: Annotated[int, msgspec.Meta(ge=160, le=4096)] = 640
    """Width of the camera's pictures, in pixels."""
    height: Annotated[int, msgspec.Meta(ge=120, le=4096)] = 480
    """Height of the camera's pictures, in pixels."""
    hz: Annotated[float, msgspec.Meta(ge=1, le=60)] = 15.0
    """Pictures a second."""
    pointer_sd: Fraction = 0.01
    """How exact a pointer is taken to be, in fractions of the screen."""


class HeadbandSettings(Section, frozen=True, kw_only=True):
    """`[headband]`."""

    board: str = "none"
    """`none`, a headband such as `muse_2`, `muse_s` or `cyton` (a wrong name lists all), or `recording`."""
    serial_port: str = ""
    """Where a headband on a cable or dongle is, such as `/dev/ttyUSB0`."""
    recording: str = ""
    """A BrainFlow CSV, or a text file of OpenBCI's GUI, to play back instead of a headband."""
    double_blink_gap_s: Seconds = 0.7
    """The longest time between the onsets of the two blinks of a double blink."""


class CommitSettings(Section, frozen=True, kw_only=True):
    """`[commit]`: how a choice is confirmed."""

    pad: bool = True
    """Look at the tile, then at its edge."""
    biosignal: bool = True
    """Look at the tile, then blink twice or clench."""
    switch: bool = True
    """Look at the tile, then press."""
    arm_s: Seconds = 0.25
    """A look shorter than this arms nothing."""
    pad_s: Seconds = 0.45
    """How long to look at the edge."""
    read_s: Seconds = 0.4
    """The edge of a tile listens after this much looking at the tile, and read_s_per_word more for each word."""
    read_s_per_word: Seconds = 0.25
    """How much more looking each word on a tile asks for."""
    refractory_s: Seconds = 0.5
    """After a choice nothing is chosen for so long."""
    certainty: Annotated[float, msgspec.Meta(ge=0.5, lt=1)] = 0.9
    """How probable it must be that a tile was meant, before it is chosen."""


class GeneratorSettings(Section, frozen=True, kw_only=True):
    """`[generator]`."""

    candidates: Annotated[int, msgspec.Meta(ge=3, le=5)] = 4
    """How many words are offered at a time."""
    look_ahead: Annotated[int, msgspec.Meta(ge=0, le=12)] = 6
    """How many of the next offers the language model prepares while the person reads; 0 saves power."""
    threads: Annotated[int, msgspec.Meta(ge=1, le=16)] = 2
    """How many cores the language model may use."""
    provider: Provider = Provider.CPU
    """What the language model is reckoned on: the processor, or an NVIDIA graphics card (CUDA)."""


class DisplaySettings(Section, frozen=True, kw_only=True):
    """`[display]`."""

    width: Annotated[int, msgspec.Meta(ge=320, le=7680)] = 1280
    """Width of the window, in pixels; a panel without a desktop is always filled."""
    height: Annotated[int, msgspec.Meta(ge=240, le=4320)] = 720
    """Height of the window, in pixels."""
    fullscreen: bool = False
    """Whether the window fills a desktop's screen."""
    switch_key: str = "space"
    """The key that confirms, by pygame's name (space, return, f1, …)."""


class VoiceSettings(Section, frozen=True, kw_only=True):
    """`[voice]`."""

    words_per_minute: Annotated[int, msgspec.Meta(ge=80, le=450)] = 160
    """How fast the kit speaks."""
    player: Annotated[tuple[Annotated[str, msgspec.Meta(min_length=1)], ...], msgspec.Meta(min_length=1)] = (
        "aplay",
        "-q",
        "-",
    )
    """The program that plays a WAV file from its standard input, and its arguments."""


class Settings(Section, frozen=True, kw_only=True):
    """The whole file."""

    language: Language = Language.ENGLISH
    """The language of the display, the words and the voice."""
    gaze: GazeSettings = GazeSettings()
    headband: HeadbandSettings = HeadbandSettings()
    commit: CommitSettings = CommitSettings()
    generator: GeneratorSettings = GeneratorSettings()
    display: DisplaySettings = DisplaySettings()
    voice: VoiceSettings = VoiceSettings()


def load(path: Path | None) -> Settings:
    """Read settings; without a path, the defaults.

    Raises SettingsError with the file, the line and what would be right.
    """
    if path is None:
        return Settings()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"the settings {path} cannot be read ({reason})") from None
    return parse(text, str(path))


def parse(text: str, name: str) -> Settings:
    """Read settings from TOML text; `name` stands in errors. Raises SettingsError."""
    table = _table(text, name)
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(explain(str(error), text, name)) from None
    return _checked(settings, text, name)


def problems(text: str, name: str) -> tuple[str, ...]:
    """Every sentence that `parse` would say if each line were mended after the other; none: all is understood."""
    found: list[str] = []
    try:
        table: dict[str, object] = _table(text, name)
        while True:
            try:
                _checked(msgspec.convert(table, Settings), text, name)
                return tuple(found)
            except msgspec.ValidationError as error:
                found.append(explain(str(error), text, name))
                if not _without(table, _blamed(str(error))[0]):
                    return tuple(found)
    except SettingsError as error:
        return (*found, str(error))


def _table(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name} is not valid TOML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{name} is not valid TOML: it is nested too deeply") from None


def _without(table: dict[str, object], keys: Sequence[str]) -> bool:
    """Take out what is to blame, or the list that holds it; False if it is not there."""
    for key in keys[:-1]:
        inner = table.get(key)
        if not isinstance(inner, dict):
            return table.pop(key, None) is not None
        table = inner
    return bool(keys) and table.pop(keys[-1], None) is not None


def _checked(settings: Settings, text: str, name: str) -> Settings:
    """Refuse settings with which nothing could ever be chosen."""
    ways = settings.commit
    headband = ways.biosignal and settings.headband.board != "none"
    if not (ways.pad or ways.switch or headband):
        raise SettingsError(
            f"{_place(('commit', 'pad'), text, name)}: commit: nothing could be chosen with pad and switch off "
            "and no headband; leave one on"
        )
    return settings


def explain(problem: str, text: str, name: str) -> str:
    """Turn msgspec's words (`… - at `$.gaze.hz``) into a sentence that names the line and what would be right."""
    keys, what = _blamed(problem)
    known = type_of(keys[:-1])
    if what.startswith("Object contains unknown field"):
        what = f"there is no such setting; {_nearest(keys[-1], [field.name for field in _fields(known)])}"
    elif isinstance(wanted := type_of(keys), msgspec.inspect.EnumType):
        what = f"{what}; choose {_either([str(member.value) for member in wanted.cls])}"
    return f"{_place(keys, text, name)}: {'.'.join(keys) or 'the file'}: {what}"


def type_of(keys: Sequence[str]) -> msgspec.inspect.Type | None:
    """What stands at a key (`("gaze", "hz")`), or the table of some keys; None if there is no such setting."""
    here: msgspec.inspect.Type | None = msgspec.inspect.type_info(Settings)
    for key in keys:
        here = next((field.type for field in _fields(here) if field.name == key), None)
    return here


def _fields(table: msgspec.inspect.Type | None) -> Sequence[msgspec.inspect.Field]:
    return table.fields if isinstance(table, msgspec.inspect.StructType) else ()


def _blamed(problem: str) -> tuple[list[str], str]:
    """The key that msgspec's words are about, and the words."""
    what, _, where = problem.partition(" - at ")
    keys = re.findall(r"[\w-]+", where)
    if unknown := re.search(r"unknown field `([^`]*)`", what):
        keys.append(unknown.group(1))
    return keys, what


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"


def _either(values: Sequence[str]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}" if len(values) > 1 else "".join(values)


def _place(keys: Sequence[str], text: str, name: str) -> str:
    line = _line_of(tuple(keys), text)
    return f"{name}, line {line}" if line else name


def _line_of(keys: tuple[str, ...], text: str) -> int | None:
    """The line on which a key stands: under its table's heading, dotted, or inside the table or list of a line."""
    section: tuple[str, ...] = ()
    nearest, depth = None, 0
    for number, line in enumerate(text.splitlines(), start=1):
        heading = re.match(r"\s*\[\s*([\w.\s-]+?)\s*\]", line)
        assigned = re.match(r"\s*([\w.\s\"'-]+?)\s*=", line)
        if heading:
            path = section = _parts(heading.group(1))
        elif assigned:
            path = section + _parts(assigned.group(1))
        else:
            continue
        if path == keys:
            return number
        if len(path) > depth and path == keys[: len(path)]:
            nearest, depth = number, len(path)
    return nearest


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"' \t") for part in dotted.split("."))
