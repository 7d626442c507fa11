"""`vybor protect` and `vybor unlock`: their grammar."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
import getpass
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.commands.surroundings import Make, places_of
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import PlaceError

if TYPE_CHECKING:
    from vybor.protection.ways import Ways

SETTINGS = "CONFIGURATION_DIRECTORY"
"""Named by the command of an installed kit (deploy/packaging/vybor.sh) and by its units; a demo names its own."""
REPLACED = "\ufffd"
"""What `vybor` reads in place of bytes that are no text (vybor.cli): many passphrases would be one."""
MORE = """\
Without more, `on` has the machine keep the key (systemd-creds: in a TPM where there is one): the kit opens by
itself. With --passphrase or --stick the machine keeps none, and somebody unlocks the kit each time that it is
turned on. What a thief could read in each case: `vybor protect status`, and deploy/docs/privacy.md."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    """Teach the command line these commands."""
    whole = make(
        commands,
        "protect",
        _status,
        "say which of what the kit keeps is encrypted and what a thief could read; encrypt it",
        uses=("runtime", "state"),
        example="protect on",
        more=MORE,
    )
    parts = whole.add_subparsers(metavar="WHAT", help="what to do; without it, status")
    make(
        parts, "status", _status, "list every store and its protection", uses=("state",), example="protect status"
    )
    on = make(
        parts,
        "on",
        _on,
        "make a key, and encrypt the record, own words, phrases, topics and looks",
        example="protect on --passphrase",
    )
    by = on.add_mutually_exclusive_group()
    by.add_argument("--passphrase", action="store_true", help="ask for a passphrase, which alone opens the kit")
    by.add_argument("--stick", type=Path, metavar="DIR", help="write the key to a USB stick, which alone opens it")
    make(
        parts,
        "off",
        _off,
        "write everything without encryption again, and forget the key; the kit must not run",
        uses=("runtime", "state"),
        example="protect off",
    )
    words = make(
        parts,
        "passphrase",
        _passphrase,
        "have a passphrase open the kit, in place of the one before",
        example="protect passphrase --only",
    )
    words.add_argument("--only", action="store_true", help="the machine opens the kit by itself no more")
    stick = make(
        parts, "stick", _stick, "copy the key to a USB stick, to unlock with", example="protect stick /media/stick"
    )
    stick.add_argument("folder", type=Path, metavar="DIR", help="where the stick is mounted")
    unlock = make(
        commands,
        "unlock",
        _unlock,
        "give the kit its key, from a stick that is plugged in or by the passphrase, until it is turned off",
        uses=("runtime",),
        example="unlock",
    )
    how = unlock.add_mutually_exclusive_group()
    how.add_argument("--file", type=Path, metavar="FILE", help="take the key from this file")
    how.add_argument("--boot", action="store_true", help="ask nobody (the unit of the start of the machine)")


def _status(parsed: argparse.Namespace) -> int:
    from vybor import units
    from vybor.commands.protection import protecting

    places = places_of(parsed)
    is_its = _is_installed() and places.state == Path(units.STATE)
    return _say(protecting.status(places, _ways() if is_its else None))


def _on(parsed: argparse.Namespace) -> int:
    from vybor.commands.protection import protecting

    ways = _ways_of_root()
    typed = _twice() if parsed.passphrase else None
    return _say(protecting.on(ways, typed, parsed.stick))


def _off(parsed: argparse.Namespace) -> int:
    from vybor import units
    from vybor.commands.protection import protecting

    ways, places = _ways_of_root(), places_of(parsed)
    if places.state != Path(units.STATE):
        raise PlaceError(
            f"the key is that of the kit in {units.STATE}, and would be forgotten while that is encrypted; leave"
            " out --state and STATE_DIRECTORY"
        )
    return _say(protecting.off(places, ways, sys.stdin.readline))


def _passphrase(parsed: argparse.Namespace) -> int:
    from vybor.commands.protection import protecting

    ways = _ways_of_root()
    return _say([protecting.passphrase(ways, _twice(), only=parsed.only)])


def _stick(parsed: argparse.Namespace) -> int:
    from vybor.commands.protection import protecting

    return _say([protecting.stick(_ways_of_root(), parsed.folder)])


def _unlock(parsed: argparse.Namespace) -> int:
    from vybor.commands.protection import protecting
    from vybor.protection import unlocking

    ways = _ways_of_root()
    if parsed.boot:
        return _say([unlocking.at_boot(ways)])
    return _say(
        protecting.unlock(places_of(parsed), ways, SystemClock(), lambda: _typed("passphrase: "), parsed.file)
    )


def _say(lines: Iterable[str]) -> int:
    for line in lines:
        print(line, flush=True)
    return 0


def _ways() -> "Ways":
    from vybor import units
    from vybor.protection.ways import Ways

    return Ways(state=Path(units.STATE), pause=time.sleep)


def _is_installed() -> bool:
    """Whether it is the installed kit that is meant, whose key this is."""
    from vybor import units

    return os.environ.get(SETTINGS) == str(Path(units.PROTECTION).parent)


def _ways_of_root() -> "Ways":
    if not _is_installed():
        raise PlaceError(
            "systemd hands the key to an installed kit, and a demo or a kit of `vybor up` is none; install the"
            " packages and say `sudo vybor`, or give `vybor up` a folder with vybor.key in CREDENTIALS_DIRECTORY"
        )
    if os.geteuid():
        raise PlaceError("only root may handle the key; use sudo")
    return _ways()


def _twice() -> str:
    first = _typed("passphrase, 12 letters or more: ")
    if first != _typed("the same again: "):
        raise PlaceError("the two were not the same; nothing was changed, try again")
    return first


def _typed(prompt: str) -> str:
    """What is typed without being shown; of a program, a line. Raises ProtectionError for what is none."""
    from vybor.protection.described import NO_LETTERS, NOT_TYPED, ProtectionError

    try:
        typed = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    except UnicodeDecodeError:
        raise ProtectionError(NO_LETTERS) from None
    except EOFError:
        raise ProtectionError(NOT_TYPED) from None
    if REPLACED in typed:
        raise ProtectionError(NO_LETTERS)
    return typed
