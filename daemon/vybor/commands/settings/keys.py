"""Every key of the settings: what it means, what it may be, and who must start again to hear of a change."""

import ast
import difflib
import inspect
import textwrap
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec
import msgspec.inspect

from vybor.foundation import kinds, settings
from vybor.foundation.errors import SettingsError

WIDTH = 110

READERS: dict[str, tuple[str, ...]] = {
    "language": ("core", "display", "safe", "sync", "generator", "panel", "browser", "vitals"),
    "gaze": ("gaze",),
    "gaze.source": ("gaze", "eyetracker", "display", "browser", "core", "headband"),
    "gaze.calibration": ("gaze", "display", "browser"),
    "gaze.by": ("gaze", "display", "browser"),
    "eyetracker": ("eyetracker",),
    "eyetracker.kind": ("eyetracker", "browser"),
    "gaze.brow_least": ("gaze", "core"),
    "gaze.cheek_least": ("gaze", "core"),
    "gaze.head_least_deg": ("gaze", "core"),
    "headband": ("headband",),
    "headband.board": ("headband", "display", "browser", "core"),
    "headband.double_blink_gap_s": ("headband", "core"),
    "headband.learned": ("headband", "generator"),
    "commit": ("core", "display", "browser"),
    "commit.brow": ("core", "display", "browser", "gaze"),
    "commit.cheek": ("core", "display", "browser", "gaze"),
    "commit.head": ("core", "display", "browser", "gaze"),
    "generator.candidates": ("core",),
    "generator.look_ahead": ("core",),
    "generator.anchors": ("core",),
    "generator.profanity": ("core",),
    "generator.remember": ("core", "generator"),
    "generator": ("generator",),
    "display": ("display", "browser"),
    "display.width_cm": ("gaze",),
    "display.height_cm": ("gaze",),
    "display.zones": ("core",),
    "display.places": ("core",),
    "display.reduced_motion": ("display", "browser", "core"),
    "voice": ("voice",),
    "voice.player": ("voice", "safe"),
    "voice.whisper_words_per_minute": ("voice", "display", "browser"),
    "text_out": ("display", "browser"),
    "journal": ("journal",),
    "wearer": ("core",),
    "sync": ("sync",),
    "panel": ("panel",),
    "browser": ("browser",),
    "browser.listen": ("browser", "display", "core", "safe"),
    "flicker": ("core",),
    "flicker.on": ("core", "display", "browser", "headband"),
    "flicker.contrast": ("display", "browser"),
    "vitals": ("vitals",),
}
"""Which processes read a key, or all keys of a table that are not named themselves."""


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key of the settings."""

    name: str
    """`gaze.hz`; keys above all tables have no point."""
    explained: str
    type: msgspec.inspect.Type
    default: object
    """As plain values, the way they stand in TOML."""

    @property
    def section(self) -> str:
        """The table it stands in; empty above all tables."""
        return self.name.rpartition(".")[0]

    @property
    def kind(self) -> msgspec.inspect.Type:
        """Its type without the words that explain it."""
        return self.type.type if isinstance(self.type, msgspec.inspect.Metadata) else self.type

    @property
    def readers(self) -> tuple[str, ...]:
        """The processes that read it when they start. Raises KeyError for a key that the table has forgotten."""
        return READERS[self.name] if self.name in READERS else READERS[self.section]

    @property
    def may_be(self) -> str:
        """What it may be, in words: `a number from 1 to 60`."""
        return kinds.described(self.type)


def every_key() -> dict[str, Key]:
    """All keys by name, in the order of the file: those above all tables first."""
    return dict(_all())


@cache
def _all() -> dict[str, Key]:
    """Read once: reading the words from the source takes a while."""
    keys = {key.name: key for key in _keys(settings.Settings, "")}
    return dict(sorted(keys.items(), key=lambda item: "." in item[0]))


def key_named(name: str) -> Key:
    """Raises SettingsError, with the nearest name, for one that is not there."""
    keys = every_key()
    if name in keys:
        return keys[name]
    if inside := [key for key in keys if key.startswith(f"{name}.")]:
        raise SettingsError(f"{name} is a table; name one of its keys: {', '.join(inside)}")
    close = [key for key in keys if key.endswith(f".{name}")] or difflib.get_close_matches(name, keys, n=1)
    hint = f"did you mean {close[0]}?" if close else "`vybor config keys` lists them all"
    raise SettingsError(f"there is no setting {name}; {hint}")


def toml(value: object) -> str:
    """A plain value as TOML."""
    return msgspec.json.encode(value).decode().replace('","', '", "')


def documented(
    values: msgspec.Struct, *, changed_only: bool = False, without: Sequence[str] = ()
) -> Iterator[str]:
    """The lines of a settings file, with each key's words above it; what differs from the default says so."""
    current = ""
    for key in every_key().values():
        value = value_at(values, key.name)
        if key.name in without or (changed_only and value == key.default):
            continue
        if key.section != current:
            current = key.section
            yield from ("", f"[{current}]")
        elif not changed_only:
            yield ""
        yield from textwrap.wrap(described(key), WIDTH, initial_indent="# ", subsequent_indent="# ")
        mark = "" if value == key.default else f"  # changed; the default is {toml(key.default)}"
        yield f"{key.name.rpartition('.')[2]} = {toml(value)}{mark}"


def described(key: Key) -> str:
    """What a key means and what it may be, in one or two sentences."""
    return (
        key.explained if key.may_be == kinds.TEXT else f"{key.explained} {key.may_be[:1].upper()}{key.may_be[1:]}."
    )


def value_at(values: msgspec.Struct, name: str) -> object:
    """What a key has there, as a plain value."""
    here: object = values
    for part in name.split("."):
        here = getattr(here, part)
    return msgspec.to_builtins(here)


def _keys(table: type[msgspec.Struct], prefix: str) -> Iterator[Key]:
    words = _words_under(table)
    shape = msgspec.inspect.type_info(table)
    fields = shape.fields if isinstance(shape, msgspec.inspect.StructType) else ()
    for field in fields:
        if isinstance(field.type, msgspec.inspect.StructType):
            yield from _keys(field.type.cls, f"{prefix}{field.name}.")
        else:
            default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
            yield Key(
                name=f"{prefix}{field.name}",
                explained=words.get(field.name, ""),
                type=field.type,
                default=msgspec.to_builtins(default),
            )


def _words_under(table: type[msgspec.Struct]) -> dict[str, str]:
    """The string under each field of a class. Python forgets it, so it is read from the source."""
    body = ast.parse(textwrap.dedent(inspect.getsource(table))).body[0]
    found: dict[str, str] = {}
    name = ""
    for statement in body.body if isinstance(body, ast.ClassDef) else ():
        match statement:
            case ast.AnnAssign(target=ast.Name(id=field)):
                name = field
            case ast.Expr(value=ast.Constant(value=str(words))) if name:
                found[name] = " ".join(words.replace("`", "").split())
                name = ""
            case _:
                name = ""
    return found
