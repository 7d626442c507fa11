"""A mark that a setting was changed on which flicker hangs: the running kit must not wait for its next start.

Empty files; whoever changes a setting leaves them, the deciding process looks for them at every turn, and takes
them away as it starts, when it reads the settings anew. They need no kit that runs: an answer that was changed
and changed back meanwhile ends what was confirmed upon it too.
"""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from vybor.foundation.errors import PlaceError
from vybor.foundation.places import Places

ANSWER = "flicker.seizures"
HANGS_ON = (ANSWER, "flicker.on", "display.reduced_motion")
ANSWERED, CHANGED = "flicker.answered", "flicker.changed"
"""Their names: the answer on seizures was given, perhaps anew; something else was changed."""


def leave(places: Places, keys: Iterable[str]) -> None:
    """Mark that these keys were changed, if flicker hangs on any. Raises PlaceError if a kit cannot be told."""
    changed = set(keys)
    if changed.isdisjoint(HANGS_ON):
        return
    _touch(places.runtime / CHANGED)
    if ANSWER in changed:
        for folder in (places.runtime, places.state, places.state / "core"):  # the last: systemd's kit
            _touch(folder / ANSWERED)


def found(places: Places) -> tuple[bool, bool]:
    """Whether the answer was given since, and whether anything was changed."""
    folders = (places.runtime, places.state)
    answered = any((folder / ANSWERED).exists() for folder in folders)
    return answered, answered or (places.runtime / CHANGED).exists()


def take_away(places: Places) -> None:
    """The settings are read anew. Raises OSError."""
    for mark in (places.runtime / CHANGED, places.runtime / ANSWERED, places.state / ANSWERED):
        mark.unlink(missing_ok=True)


def _touch(mark: Path) -> None:
    """Where the folder is not there, no kit was ever either."""
    try:
        with contextlib.suppress(FileNotFoundError, FileExistsError):
            os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644))
    except OSError as error:
        raise PlaceError(
            f"the setting is changed, but the kit cannot be told ({mark}: {error.strerror}), and may flicker on: "
            "start core again now"
        ) from None
