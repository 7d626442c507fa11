"""What the person accepted on the screen after a fitting: a small file beside the record, over the settings.

Only the deciding process writes it, and only a few keys are fitted. A value holds as long as the settings say what
they said when it was accepted: whoever changes such a key in the settings later has the last word.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from vybor.contracts.messages import FitValue, Standing
from vybor.foundation import settings_reading, small_files
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.gaze_settings import GazeSettings
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.foundation.settings import CommitSettings, Settings

KEYS = (
    *("commit.pad", "commit.biosignal", "commit.switch", "commit.long_blink"),
    *("commit.brow", "commit.cheek", "commit.head"),
    *("commit.arm_s", "commit.pad_s", "commit.certainty", "commit.scan_step_s", "commit.scan_reaction_s"),
    *("gaze.brow_least", "gaze.cheek_least", "gaze.head_least_deg"),
    *(
        "headband.double_blink_gap_s",
        "headband.blink_microvolts",
        "headband.blink_rhythm_s",
        "headband.clench_times",
    ),
)
LARGEST_BYTES = 20_000

Kind = TypeVar("Kind", bound=msgspec.Struct)


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """How often signs led to nothing since the fitting; vybor.core.aiming.misses counts them."""

    made: int = 0
    in_vain: int = 0
    """Of the first ones: what later ones are held against."""
    told: str = ""
    """The day on which the person was last told that it has become worse."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    values: tuple[FitValue, ...] = ()
    is_fitted: bool = False
    """Whether there was a fitting, whatever came of it."""
    since: Since = Since()
    standing: Standing = Standing()
    """Where Undo and Speak stand."""
    fittings: int = 0
    """How often the person accepted a fitting of a headband's signs, or had one forgotten: what was learned of
    those before holds no more."""


UNREADABLE = (OSError, *NOT_UNDERSTOOD)
"""What a file raises that is damaged, or another one."""


def read(path: Path) -> Kept:
    """What is kept; nothing if there is no such file. Raises one of UNREADABLE."""
    try:
        return msgspec.json.decode(small_files.read(path, LARGEST_BYTES), type=Kept)
    except FileNotFoundError:
        return Kept()


def write(path: Path, kept: Kept) -> None:
    """Keep it. Raises OSError."""
    small_files.write(path, msgspec.json.format(msgspec.json.encode(kept)).decode() + "\n")


def holding(values: Iterable[FitValue], settings: Settings) -> tuple[FitValue, ...]:
    """Those that still hold: the settings say what they said, and all of them together leave a way to choose."""
    known = tuple(value for value in values if value.key in KEYS and _at(settings, value.key) == value.was)
    return known if _over(settings, known) is not None else ()


def over(settings: Settings, values: Iterable[FitValue]) -> Settings:
    """The settings with what was fitted in place of what they say; as they are if that cannot be."""
    return _over(settings, holding(values, settings)) or settings


def _over(settings: Settings, values: Iterable[FitValue]) -> Settings | None:
    sections: dict[str, dict[str, object]] = {"commit": {}, "gaze": {}, "headband": {}}
    for value in values:
        section, _, name = value.key.partition(".")
        sections[section][name] = value.value
    try:
        commit = _with(settings.commit, sections["commit"], CommitSettings)
        gaze = _with(settings.gaze, sections["gaze"], GazeSettings)
        headband = _with(settings.headband, sections["headband"], HeadbandSettings)
    except msgspec.ValidationError:
        return None
    new = msgspec.structs.replace(settings, commit=commit, gaze=gaze, headband=headband)
    return None if any(settings_reading.no_way_to_choose(new)) else new


def _with(part: Kind, changes: dict[str, object], kind: type[Kind]) -> Kind:
    return msgspec.convert({**msgspec.to_builtins(part), **changes}, kind)


def _at(settings: Settings, key: str) -> object:
    section, _, name = key.partition(".")
    return getattr(getattr(settings, section), name)
