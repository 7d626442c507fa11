"""The settings as they stand in the file, and the changes that led there: read, and never written.

What a part of the kit holds by may be older: each reads the file when it starts.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import msgspec.inspect

from vybor.commands.settings import carer_may, configuring, keys
from vybor.commands.settings.carer_may import Bound, Why
from vybor.foundation import clock, settings_reading
from vybor.foundation.errors import SettingsError
from vybor.foundation.settings import Settings
from vybor.processes import PROCESSES

YES_NO = ("true", "false")


class Choice(msgspec.Struct, frozen=True):
    """How a setting is filled in."""

    options: tuple[str, ...] = ()
    """All that it may be; none: it is typed."""
    least: float | None = None
    most: float | None = None
    is_whole: bool = False

    @property
    def is_number(self) -> bool:
        """Whether a number is typed."""
        return self.least is not None


class Setting(msgspec.Struct, frozen=True):
    """One setting as it stands."""

    name: str
    section: str
    english: str
    """What it is, as in the file; vybor.panel.settings_words has it in other languages."""
    value: str
    usual: str
    why_not: Why | None
    readers: tuple[str, ...]
    choice: Choice

    is_shown: bool
    """Whether the value is for the page; else it is not here at all."""
    is_changed: bool
    """Whether it differs from the default."""


class Difference(msgspec.Struct, frozen=True):
    """A setting that a change made another."""

    name: str
    before: str
    after: str


class Change(msgspec.Struct, frozen=True):
    """One change, as the earlier version beside the file tells it."""

    version: str
    """The name of that file."""
    at: str
    """When, by the kit's clock on the wall."""
    differences: tuple[Difference, ...]
    why_not: Why | None = None
    """Why the page does not take it back."""
    keeps_from: str = ""
    """The setting for which it does not."""


class Settled(msgspec.Struct, frozen=True):
    """All of it."""

    settings: tuple[Setting, ...]
    changes: tuple[Change, ...]
    """The newest first."""
    problems: tuple[str, ...] = ()
    """What of the file could not be understood: there the default holds."""


def read(file: Path | None) -> Settled:
    """The file, and what stands beside it; without one, the defaults."""
    if file is None:
        return Settled(_shown(Settings()), ())
    held = settings_reading.understood(file if file.exists() else None)
    try:
        changes = tuple(_changes(file, held.settings))
    except SettingsError as error:
        return Settled(_shown(held.settings), (), (*held.problems, str(error)))
    return Settled(_shown(held.settings), changes, held.problems)


def named(settled: Settled, name: str) -> Setting | None:
    """A setting by its name; None: there is none."""
    return next((setting for setting in settled.settings if setting.name == name), None)


def shown(value: object) -> str:
    """A value as a person reads it: as it stands in the file, without quotation marks."""
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return keys.toml(value) if isinstance(value, bool | int | float) else str(value)


def _shown(held: Settings) -> tuple[Setting, ...]:
    return tuple(_setting(key, held) for key in keys.every_key().values())


def _setting(key: keys.Key, held: Settings) -> Setting:
    order = [process.name for process in PROCESSES]
    is_shown = key.name not in carer_may.NOT_SHOWN
    return Setting(
        name=key.name,
        section=key.section,
        english=key.explained,
        value=shown(keys.value_at(held, key.name)) if is_shown else "",
        usual=shown(key.default),
        why_not=carer_may.why_not(key),
        readers=tuple(sorted(key.readers, key=order.index)),
        choice=_choice(key.kind, carer_may.MAY.get(key.name)),
        is_shown=is_shown,
        is_changed=is_shown and keys.value_at(held, key.name) != key.default,
    )


def _choice(kind: msgspec.inspect.Type, bound: Bound | None) -> Choice:
    match kind:
        case msgspec.inspect.BoolType():
            return Choice(YES_NO)
        case msgspec.inspect.EnumType(cls=cls):
            return Choice(tuple(str(member.value) for member in cls))
        case msgspec.inspect.LiteralType(values=values):
            return Choice(tuple(map(str, values)))
        case msgspec.inspect.IntType(multiple_of=int(step), ge=int(least), le=int(most)):
            return Choice(tuple(map(str, range(least, most + 1, step))))
        case msgspec.inspect.IntType() | msgspec.inspect.FloatType():
            low = kind.ge if kind.ge is not None else kind.gt
            high = kind.le if kind.le is not None else kind.lt
            is_whole = isinstance(kind, msgspec.inspect.IntType)
            return Choice((), bound.least if bound else low, bound.most if bound else high, is_whole)
        case _:
            return Choice()


def _changes(file: Path, now: Settings) -> list[Change]:
    """One for each earlier version that is another; one that cannot be understood ends the row."""
    found: list[Change] = []
    after, content = now, configuring.read(file)
    for earlier in reversed(configuring.earlier_versions(file)):
        before, its = settings_reading.understood(earlier), configuring.read(earlier)
        if before.problems:
            break
        if its != content:  # the same: kept by a change that was cut off
            names = configuring.changed_keys(before.settings, after)
            found.append(_change(earlier, names, before.settings, after))
        after, content = before.settings, its
    return found


def _change(earlier: Path, names: Sequence[str], before: Settings, after: Settings) -> Change:
    differences = tuple(
        Difference(name, shown(keys.value_at(before, name)), shown(keys.value_at(after, name)))
        for name in names
        if name not in carer_may.NOT_SHOWN
    )
    every = keys.every_key()
    kept = [(name, why) for name in names if (why := carer_may.why_not(every[name]))]
    name, why = kept[0] if kept else ("", None)
    return Change(earlier.name, clock.on_the_wall(clock.written_at(earlier)), differences, why, name)
