"""Headbands, cameras and supplies that the kit knows: what they carry, their traps, what they need."""

import tomllib
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import msgspec

from vybor.firmware import fragments
from vybor.firmware.fragments import Wanted
from vybor.foundation.errors import Missing, SettingsError
from vybor.foundation.settings import Settings

Sentence = Annotated[str, msgspec.Meta(min_length=3)]


class Kind(StrEnum):
    """What a profile is about."""

    HEADBAND = "headband"
    CAMERA = "camera"
    POWER = "power"


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of `firmware_config/profiles/`."""

    title: Sentence
    kind: Kind
    connection: Sentence
    carries: Annotated[tuple[Sentence, ...], msgspec.Meta(min_length=1)]
    traps: Annotated[tuple[Sentence, ...], msgspec.Meta(min_length=1)]
    boot: tuple[str, ...] = ()
    """Lines of config.txt, as in a fragment."""
    settings: dict[str, dict[str, str | int | float | bool]] = {}
    """Lines for vybor.toml."""

    @property
    def wants(self) -> tuple[Wanted, ...]:
        """What it needs in config.txt."""
        return fragments.parse("\n".join(self.boot), why=f"{self.title} needs it.")

    @property
    def settings_lines(self) -> tuple[str, ...]:
        """Its lines of vybor.toml."""
        lines: list[str] = []
        for section, keys in self.settings.items():
            lines += [f"[{section}]", *(f"{key} = {msgspec.json.encode(v).decode()}" for key, v in keys.items())]
        return tuple(lines)


def names() -> tuple[str, ...]:
    """Every profile. Raises Missing."""
    return tuple(sorted(path.stem for path in (fragments.folder() / "profiles").glob("*.toml")))


def load(name: str) -> Profile:
    """Read a profile by its name. Raises Missing and SettingsError."""
    known = names()
    if name not in known:
        raise Missing(f"there is no profile {name!r}; there is {', '.join(known)}")
    try:
        profile = msgspec.convert(tomllib.loads(fragments.read(f"profiles/{name}.toml")), Profile)
        msgspec.convert(profile.settings, Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"the profile {name} cannot be understood: {error}") from None
    return profile


def needing_boot(chosen: Iterable[str]) -> tuple[str, ...]:
    """Those that want something in config.txt, each once, in order. Raises Missing and SettingsError."""
    return tuple(sorted({name for name in chosen if load(name).boot}))


def together(wants: tuple[Wanted, ...], chosen: Iterable[Profile]) -> tuple[Wanted, ...]:
    """The wants of a fragment and of profiles; a profile has the last word on a property."""
    for profile in chosen:
        for want in profile.wants:
            wants = (*(other for other in wants if _property(other) != _property(want)), want)
    return wants


def _property(want: Wanted) -> tuple[str, str, bool]:
    """What a line is about: an overlay by its name, a property whatever its value."""
    key = want.line.partition("=")[0]
    about = want.line if key in ("dtoverlay", "dtparam") else key
    return want.section, about, want.unwanted
