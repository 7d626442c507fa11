"""Has a setting changed: this process may write none.

On an installed kit a socket of systemd's (VYBOR_SETTINGS), which this process alone may open, starts `vybor
config take` with the right to write the settings and nothing else. Under `vybor up` whoever started the page owns
them, and the same command is a child of it. Both check what may be changed; the page's word for it counts
nothing.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vybor.commands.settings.carer_asks import LARGEST_BYTES, Came, Wish

DOOR = "VYBOR_SETTINGS"
LIMIT_S = 35.0
"""A small board takes two seconds to start Python; one that is busy, ten."""
LARGEST_ANSWER = 16 * LARGEST_BYTES
NO_FILE = "nobody knows where the settings stand; see `vybor doctor`"
LATE = "nobody changed the settings in time; see `vybor doctor`, and load the page again to see what holds"
BROKEN = "whoever changes the settings has ended without a word; see the log of vybor-settings"


def done(file: Path | None, wish: Wish, environ: Mapping[str, str] = os.environ) -> Came:
    """Have it done, and wait for what comes of it: not in the loop of the pages."""
    content = msgspec.json.encode(wish)
    if len(content) > LARGEST_BYTES:
        return Came(refused=f"a setting has at most {LARGEST_BYTES // 2} letters")
    try:
        answer = _through(environ[DOOR], content) if DOOR in environ else _by_child(file, content)
    except (TimeoutError, subprocess.TimeoutExpired):
        return Came(refused=LATE)
    except OSError as error:
        return Came(refused=f"the settings cannot be changed from here ({error.strerror}); see `vybor doctor`")
    try:
        return msgspec.json.decode(answer, type=Came)
    except msgspec.MsgspecError:
        return Came(refused=BROKEN if file or DOOR in environ else NO_FILE)


def _through(door: str, content: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(LIMIT_S)
        asking.connect(door)
        asking.sendall(content)
        asking.shutdown(socket.SHUT_WR)
        with asking.makefile("rb") as answering:
            return answering.read(LARGEST_ANSWER)


def _by_child(file: Path | None, content: bytes) -> bytes:
    if file is None:
        return b""
    command = [sys.executable, "-m", "vybor", "config", "take", "--config", str(file)]
    ended = subprocess.run(command, input=content, stdout=subprocess.PIPE, timeout=LIMIT_S, check=False)
    return ended.stdout
