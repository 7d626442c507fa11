"""Where a command looks: the places named on its line, else those of systemd's or the person's own folders."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from vybor.foundation import places
from vybor.foundation.errors import PlaceError

Make = Callable[..., argparse.ArgumentParser]
"""How the command line makes a command (vybor.cli)."""


def places_of(parsed: argparse.Namespace) -> places.Places:
    """The folders for a command; what it was not told is the default."""
    default = places.default_places(os.environ)

    def named(option: str, otherwise: Path) -> Path:
        path: Path | None = getattr(parsed, option, None)
        return (path or otherwise).absolute()

    return places.Places(
        runtime=named("runtime", default.runtime),
        state=named("state", default.state),
        share=named("share", default.share),
        sysfs=default.sysfs,
        apart=None if getattr(parsed, "state", None) else default.apart,
        came=None if getattr(parsed, "state", None) else default.came,
    )


def settings_file(parsed: argparse.Namespace) -> Path | None:
    """The settings that hold; None: the defaults do. Raises PlaceError if this user may not know."""
    named: Path | None = getattr(parsed, "config", None)
    try:
        return named or places.settings_file(os.environ)
    except PermissionError as error:
        raise PlaceError(
            f"this user may not look at {error.filename}; use sudo, or join the group (sudo adduser $USER vybor)"
        ) from None


def settings_to_write(parsed: argparse.Namespace) -> Path:
    """The file that a change goes to: the one that holds, or a new one where it would be looked for."""
    file = settings_file(parsed) or places.usual_settings(os.environ)
    try:
        return file.resolve()  # a link stays a link
    except (OSError, RuntimeError):
        raise PlaceError(f"{file} leads round in a circle; mend the link, or name another with --config") from None
