"""A mark that a setting was changed on which flicker hangs: the running kit must not wait for its next start.

Whoever changes such a setting makes a small file longer; the deciding process looks at every turn whether it still
is as it was at the start, when the settings were read. In the folder of sockets nobody can remove what another
made, so it stays. Another one in the deciding process's own folder needs no kit that runs: an answer that was
changed and changed back meanwhile ends what was confirmed upon it too.
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
    _lengthen(places.runtime / CHANGED)
    if ANSWER in changed:
        for folder in (places.runtime, places.state, places.state / "core"):  # the last: systemd's kit
            _lengthen(folder / ANSWERED)


Stamps = tuple[tuple[int, int] | None, ...]
"""Which file each mark is and how long; None: there is none."""


def stamps(places: Places) -> Stamps:
    """Of the marks where the kit runs."""
    return tuple(_stamp(places.runtime / name) for name in (ANSWERED, CHANGED))


def is_answered(places: Places) -> bool:
    """Whether the answer was given since the deciding process last started."""
    return (places.state / ANSWERED).exists()


def found(places: Places, at_start: Stamps) -> tuple[bool, bool]:
    """Whether the answer was given since, and whether anything was changed."""
    now = stamps(places)
    return is_answered(places) or now[0] != at_start[0], is_answered(places) or now != at_start


def take_away(places: Places) -> None:
    """The answer is read anew. Raises OSError."""
    (places.state / ANSWERED).unlink(missing_ok=True)


def _stamp(mark: Path) -> tuple[int, int] | None:
    try:
        about = mark.stat()
    except FileNotFoundError:
        return None
    return about.st_ino, about.st_size


def _lengthen(mark: Path) -> None:
    """Where the folder is not there, no kit was ever either."""
    try:
        with contextlib.suppress(FileNotFoundError):
            opened = os.open(mark, os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
            with os.fdopen(opened, "ab") as file:
                file.write(b"\n")
    except OSError as error:
        raise PlaceError(
            f"the setting is changed, but the kit cannot be told ({mark}: {error.strerror}), and may flicker on: "
            "start core again now"
        ) from None
