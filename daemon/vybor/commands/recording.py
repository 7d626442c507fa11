"""What every recording has: a new file that its owner alone may read, and an end by Ctrl-C."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from vybor.foundation.errors import PlaceError


def created(path: Path) -> BinaryIO:
    """A new file that only its owner may read; what is written is out at once. Raises PlaceError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise PlaceError(f"{path} is there already; name another file, or remove it") from None
    except OSError as error:
        raise PlaceError(f"{path} cannot be written ({error.strerror}); name another place") from None
    return os.fdopen(descriptor, "wb", buffering=0)  # what is written is out, whatever happens to this program


def full(path: Path, error: OSError) -> PlaceError:
    """What is said where a recording cannot go on."""
    return PlaceError(f"{path} cannot be written on ({error.strerror}); what came until now is in it")


def ended_by_signals(end: Callable[[], None]) -> None:
    """Have Ctrl-C, or a polite kill, end a recording with a whole file."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        end()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
