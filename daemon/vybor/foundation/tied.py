"""A child that ends with whoever started it, even if that is killed; run by its file, any program.

util-linux's setpriv does that too (--pdeathsig), but sets capabilities anew by the way, which no unit of the kit
may: there it ends with "activate capabilities: Operation not permitted".
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
"""A number of <sys/prctl.h>; it outlives execve(2)."""


def command(*program: str) -> list[str]:
    """What runs that program tied to this process."""
    return [sys.executable, "-I", "-S", str(Path(__file__)), str(os.getpid()), *program]


def tie(by: signal.Signals) -> None:
    """From here on this process gets that signal when the one that started it ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)


if __name__ == "__main__":
    tie(signal.SIGTERM)
    if os.getppid() == int(sys.argv[1]):  # else it was killed before it could be tied to
        os.execv(sys.argv[2], sys.argv[2:])
