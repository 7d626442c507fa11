"""The settings of the kit: one TOML file, every key typed, with its default here and nowhere else."""

import re
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

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


class GazeSettings(Section, frozen=True, kw_only=True):
    """`[gaze]`."""

    source: GazeSource = GazeSource.CAMERA
    camera: str = "auto"
    """`auto`, `rpicam`, `picamera2`, `v4l2:/dev/video0`, or the path of a folder of pictures or a video."""
    rpicam_program: str = "rpicam-vid"
    width: Annotated[int, msgspec.Meta(ge=160, le=4096)] = 640
    height: Annotated[int, msgspec.Meta(ge=120, le=4096)] = 480
    hz: Annotated[float, msgspec.Meta(ge=1, le=60)] = 15.0
    pointer_sd: Fraction = 0.01
    """How exact a pointer is taken to be, in fractions of the screen."""


class HeadbandSettings(Section, frozen=True, kw_only=True):
    """`[headband]`."""

    board: str = "none"
    """`none`, `cyton`, `muse_2`, … as in headband/boards.py, or `recording`."""
    serial_port: str = ""
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
    """The pad of a tile opens after this much looking…"""
    read_s_per_word: Seconds = 0.25
    """…and this much more for each word on it."""
    refractory_s: Seconds = 0.5
    """After a choice nothing is chosen for so long."""
    certainty: Annotated[float, msgspec.Meta(ge=0.5, lt=1)] = 0.9
    """The posterior that a tile needs."""


class GeneratorSettings(Section, frozen=True, kw_only=True):
    """`[generator]`."""

    candidates: Annotated[int, msgspec.Meta(ge=3, le=5)] = 4
    threads: Annotated[int, msgspec.Meta(ge=1, le=16)] = 2


class DisplaySettings(Section, frozen=True, kw_only=True):
    """`[display]`."""

    width: Annotated[int, msgspec.Meta(ge=320, le=7680)] = 1280
    height: Annotated[int, msgspec.Meta(ge=240, le=4320)] = 720
    fullscreen: bool = False
    switch_key: str = "space"
    """The key that confirms, by pygame's name."""


class VoiceSettings(Section, frozen=True, kw_only=True):
    """`[voice]`."""

    words_per_minute: Annotated[int, msgspec.Meta(ge=80, le=450)] = 160
    player: Annotated[tuple[Annotated[str, msgspec.Meta(min_length=1)], ...], msgspec.Meta(min_length=1)] = (
        "aplay",
        "-q",
        "-",
    )
    """The program that plays a WAV file from its standard input, and its arguments."""


class Settings(Section, frozen=True, kw_only=True):
    """The whole file."""

    language: Language = Language.ENGLISH
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
    try:
        settings = msgspec.convert(tomllib.loads(text), Settings)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name} is not valid TOML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{name} is not valid TOML: it is nested too deeply") from None
    except msgspec.ValidationError as error:
        raise SettingsError(explain(str(error), text, name)) from None
    return _checked(settings, name)


def _checked(settings: Settings, name: str) -> Settings:
    """Refuse settings with which nothing could ever be chosen."""
    ways = settings.commit
    headband = ways.biosignal and settings.headband.board != "none"
    if not (ways.pad or ways.switch or headband):
        raise SettingsError(
            f"{name}: commit: nothing could be chosen with pad and switch off and no headband; leave one on"
        )
    return settings


def explain(problem: str, text: str, name: str) -> str:
    """Turn msgspec's words (`… - at `$.gaze.hz``) into a sentence that names the line."""
    what, _, where = problem.partition(" - at ")
    keys = re.findall(r"[\w-]+", where)
    unknown = re.search(r"unknown field `([^`]+)`", what)
    if unknown:
        keys.append(unknown.group(1))
        what = "there is no such setting"
    line = _line_of(keys, text)
    place = f"{name}, line {line}" if line else name
    return f"{place}: {'.'.join(keys) or 'the file'}: {what}"


def _line_of(keys: list[str], text: str) -> int | None:
    """The line on which a key stands, looking under its table's heading first."""
    section, wanted = ".".join(keys[:-1]), keys[-1] if keys else ""
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            current = heading.group(1)
            if current == ".".join(keys):
                return number
        elif current == section and re.match(rf"\s*{re.escape(wanted)}\s*=", line):
            return number
    return None
