"""`vybor log waits` and `vybor log eject`: their grammar."""
# ruff: noqa: PLC0415  (the command loads what it needs, and no other's)

import argparse
from pathlib import Path

from vybor.commands.surroundings import Make, places_of
from vybor.foundation.clock import SystemClock
from vybor.foundation.progress import on_stderr

MORE = """\
For a kit without a network. The workstation must be paired, and the wearer must have agreed on the screen. There,
`vybor-workshop sync --from DIR` takes everything in, and lays receipts on the stick, and what was published for
this kit; bring it back and eject again: what the workstation has is then removed from the kit, and what it has
published is tried (vybor model list)."""


def add_to(parts: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    """Teach `vybor log` what concerns the workstation."""
    make(
        parts,
        "waits",
        _waits,
        "say what of the record waits for the workstation, in a kit that runs",
        uses=("runtime", "state"),
        example="log waits",
    )
    eject = make(
        parts,
        "eject",
        _eject,
        "lay what waits for the workstation on a USB stick, sealed, and take what it laid there",
        uses=("runtime", "state"),
        example="log eject --to /media/stick",
        more=MORE,
    )
    eject.add_argument(
        "--to",
        type=Path,
        metavar="DIR",
        help="the folder where the stick is mounted; without it, the only disk that can be taken out",
    )


def _waits(parsed: argparse.Namespace) -> int:
    from vybor.commands.records import eject

    print("\n".join(eject.standing(places_of(parsed).runtime, SystemClock())))
    return 0


def _eject(parsed: argparse.Namespace) -> int:
    from vybor.commands.records import eject

    places = places_of(parsed)
    stick = parsed.to or eject.only_stick()
    for line in eject.ejected(places, stick, SystemClock(), on_stderr):
        print(line)
    return 0
