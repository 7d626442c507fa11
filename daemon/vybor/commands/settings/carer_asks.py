"""`vybor config take`: one change that the carer's page asks for, and no other that the settings could have.

The page's own process may write nothing. systemd starts this for each change, as root without a single right of
root's (vybor-settings@.service), with the page's connection as standard input and output; `vybor up` starts it as
a child of the page. Whatever the page should have asked, the table of carer_may holds here.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import msgspec

from vybor.commands.settings import carer_may, configuring, keys
from vybor.foundation import settings, settings_reading
from vybor.foundation.errors import SettingsError, VyborError

LARGEST_BYTES = 4096
"""Of a wish and of an answer."""
TOO_LONG = "what was asked is too long; a setting has at most 400 letters"
NO_WISH = "what was asked is no change of a setting; load the page again"
CHANGED_SINCE = "the settings have been changed since the page was loaded; load it again and look"
NOTHING_BEFORE = "no earlier version is kept; each change keeps one"


class Do(StrEnum):
    """What is to be done."""

    SET = "set"
    BACK = "back"
    """The default holds again."""
    UNDO = "undo"
    """The last change is taken back."""


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page asks for."""

    do: Do
    key: str = ""
    value: str = ""
    """As it was typed; to undo: the version that is to hold again, by the name of its file."""


class Came(msgspec.Struct, frozen=True):
    """What came of it."""

    lines: tuple[str, ...] = ()
    """The settings that hold now in place of others, each as `section.key = value`."""
    processes: tuple[str, ...] = ()
    """Those that must start again to hear of it."""
    refused: str = ""
    """A sentence; empty: it is done."""


def take(file: Path, asking: BinaryIO, answering: BinaryIO) -> None:
    """Read one wish, do it if it may be done, and say what came of it, each as JSON."""
    try:
        came = done(file, _wish(asking.read(LARGEST_BYTES + 1)))
    except VyborError as error:
        came = Came(refused=str(error))
    answering.write(msgspec.json.encode(came))
    answering.flush()


def _wish(content: bytes) -> Wish:
    if len(content) > LARGEST_BYTES:
        raise SettingsError(TOO_LONG)
    try:
        return msgspec.json.decode(content, type=Wish)
    except msgspec.MsgspecError:
        raise SettingsError(NO_WISH) from None


def done(file: Path, wish: Wish) -> Came:
    """Do it. Raises SettingsError where it may not be done or would not hold, and PlaceError as `config set`."""
    before = _understood(file)
    match wish.do:
        case Do.SET:
            _may_hold(file, wish)
            configuring.put(file, wish.key, [wish.value])
        case Do.BACK:
            _may_change(wish.key)
            configuring.take_out(file, wish.key)
        case Do.UNDO:
            configuring.undo(file, agree=_only_what_may_change(wish.value))
    after = _understood(file)
    lines = (
        f"{name} = {keys.toml(keys.value_at(after, name))}" for name in configuring.changed_keys(before, after)
    )
    return Came(tuple(lines), tuple(configuring.changed(before, after)))


def _understood(file: Path) -> settings.Settings:
    return settings_reading.understood(file if file.exists() else None).settings


def _may_change(name: str) -> keys.Key:
    key = keys.key_named(name)
    if why := carer_may.why_not(key):
        raise SettingsError(f"{name} is not changed from the page: {why[:1].lower()}{why[1:]}")
    return key


def _may_hold(file: Path, wish: Wish) -> None:
    """What `vybor config set` would refuse is refused in its words; then comes what the page alone keeps to."""
    key = _may_change(wish.key)
    value = configuring.tried(file, wish.key, [wish.value])
    bound = carer_may.MAY[key.name]
    if bound and isinstance(value, int | float) and not bound.least <= value <= bound.most:
        raise SettingsError(
            f"{key.name} is from {bound.least:g} to {bound.most:g} on the page, not {keys.toml(value)}; "
            "`vybor config set` beside the wearer takes more"
        )


def _only_what_may_change(version: str) -> Callable[[Path, str | None, str], None]:
    """Whether a version may hold again: the one that the page showed, if only keys that may be changed differ."""

    def agree(earlier: Path, now: str | None, before: str) -> None:
        if earlier.name != version:
            raise SettingsError(CHANGED_SINCE)
        held = settings_reading.understood_text(now or "", earlier.name).settings
        for name in configuring.changed_keys(held, settings_reading.parse(before, earlier.name)):
            _may_change(name)

    return agree
