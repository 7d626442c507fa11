"""How a command ends: its exit code, and one sentence on stderr where it could not do what it was asked for."""

import os
import sys
from collections.abc import Callable

from vybor.foundation.errors import PlaceError, VyborError

BROKEN_PIPE, INTERRUPTED = 141, 130
"""128 and the number of the signal, as a shell tells it."""


def exit_code(program: str, command: Callable[[], int]) -> int:
    """Run a command of a program; what it printed is out when this returns.

    Raises OSError where the command did not catch its own; that of a full standard output is a sentence.
    """
    try:
        code = command()
        sys.stdout.flush()
    except VyborError as error:
        _say(f"{program}: {error}")
        return error.exit_code
    except BrokenPipeError:
        _write_no_more()
        return BROKEN_PIPE
    except OSError as error:
        if not _is_unwritable():
            raise
        _write_no_more()
        _say(f"{program}: standard output cannot be written ({error.strerror}); make room there")
        return PlaceError.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _is_unwritable() -> bool:
    """Whether standard output takes no byte more."""
    try:
        os.write(sys.stdout.fileno(), b"\n")
    except OSError:
        return True
    return False


def _write_no_more() -> None:
    """Have Python not try it again when it ends, and say so in words of its own."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
