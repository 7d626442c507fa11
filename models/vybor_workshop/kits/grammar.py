"""`vybor-workshop kit …` and `vybor-workshop sync`: their grammar, and what they print."""
# ruff: noqa: PLC0415, T201  (each command loads what it needs, and no other's)

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.foundation.errors import VyborError

if TYPE_CHECKING:
    from vybor_workshop.kits.home import Home, Kit
    from vybor_workshop.kits.syncing import Synced, TakeIn

Parsed = argparse.Namespace
Row = tuple[tuple[str, ...], str, Callable[[Parsed], int], Callable[[argparse.ArgumentParser], None]]
EVERY_S = 300
SET_ASIDE = 65
"""EX_DATAERR: something came that could not be taken in."""


def _home_arguments(parser: argparse.ArgumentParser) -> None:
    from vybor_workshop.kits.places import default_home

    parser.add_argument(
        "--home",
        type=Path,
        default=default_home(os.environ),
        metavar="DIR",
        help="folder of the workstation's keys and of its kits (%(default)s)",
    )


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("host", metavar="HOST", help="the address that stands on the kit's screen; HOST:PORT too")
    parser.add_argument(
        "--name", default="", metavar="NAME", help="what to call it here; else what it calls itself"
    )
    _home_arguments(parser)


def _remove_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kit", metavar="KIT", help="its name, address or number, as `kit list` has them")
    _home_arguments(parser)


def _sync_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kits", nargs="*", metavar="KIT", help="which kits, by name, address or number; else all")
    parser.add_argument(
        "--data",
        default="",
        metavar="URL",
        help="the data set: a folder, or s3://… and the like (data, in --home)",
    )
    parser.add_argument(
        "--from",
        dest="stick",
        type=Path,
        metavar="DIR",
        help="take in what `vybor log eject` laid on the stick that is mounted there; receipts, and what was "
        "published for the kit, are laid beside it",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--watch", action="store_true", help="go on, again and again, until it is ended")
    how.add_argument(
        "--install-timer", action="store_true", help="have systemd do it for this user, again and again"
    )
    parser.add_argument(
        "--every", type=_seconds, default=EVERY_S, metavar="SECONDS", help="how often, of those two (%(default)s)"
    )
    _home_arguments(parser)


def _seconds(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds")
    return int(text)


def _add(parsed: Parsed) -> int:
    from vybor_workshop.kits.adding import add, host_of
    from vybor_workshop.kits.owner import Terminal

    kit = add(_home(parsed), host_of(parsed.host), parsed.name, Terminal(), _say)
    print(f"{kit.card.name} is paired; once its wearer agrees on its screen, `vybor-workshop sync` fetches")
    return 0


def _list(parsed: Parsed) -> int:
    kits = _home(parsed).kits()
    if not kits:
        print("no kit is paired with this workstation; pair one with `vybor-workshop kit add HOST`")
    for kit in kits:
        card = kit.card
        synced = f"synced {card.synced_at}" if card.synced_at else "never synced"
        print(f"{card.name}  {card.host}:{card.port}  {card.kit}  paired {card.paired_at}  {synced}")
    return 0


def _remove(parsed: Parsed) -> int:
    home = _home(parsed)
    (kit,) = home.named([parsed.kit])
    home.remove(kit)
    print(
        f"{kit.card.name} is forgotten here, and its data stay; take this workstation off on the kit's screen, too"
    )
    return 0


def _sync(parsed: Parsed) -> int:
    from vybor_workshop.kits import timer

    if parsed.install_timer:
        for line in timer.installed(parsed):
            print(line)
        return 0
    home, take_in = _home(parsed), _take_in(parsed)
    if parsed.stick:
        return _from_stick(home, parsed.stick, take_in)
    if parsed.watch:
        return _watched(parsed, home, take_in)
    code = 0
    for kit in home.named(parsed.kits):
        code = _one(home, kit, take_in, _say) or code
    return code


def _one(
    home: "Home", kit: "Kit", take_in: "TakeIn", say: Callable[[str], None], *, tells_nothing: bool = True
) -> int:
    """Sync one kit; an error of one is no reason to leave the others out."""
    from vybor_workshop.kits.home import alone
    from vybor_workshop.kits.syncing import Rsync, sync

    try:
        with alone(kit):
            synced = sync(kit, home.workstation(), take_in, Rsync(), say)
    except VyborError as error:
        say(f"vybor-workshop: {error}")
        return error.exit_code
    sent = _send(home, kit, say)
    if not synced.segments and not tells_nothing:
        return SET_ASIDE if synced.quarantined else sent
    return _told(kit, synced) or sent


def _send(home: "Home", kit: "Kit", say: Callable[[str], None], stick: Path | None = None) -> int:
    """What was published for it goes to the kit, or onto the stick."""
    if not kit.outgoing.is_dir():
        return 0
    from vybor_workshop.log.data_set import DataSet
    from vybor_workshop.publish import sending

    try:
        data = DataSet(home.data_url, home.folder / "locks")
        if stick:
            went = sending.lay(home, kit, data, stick / f"vybor-{kit.card.kit}" / "inbox")
        else:
            went = sending.send(home, kit, data, sending.by_rsync, say)
    except VyborError as error:
        say(f"vybor-workshop: {error}")
        return error.exit_code
    for one in went.sent:
        how = "laid on the stick" if stick else "sent"
        print(f"{kit.card.name}: {how} as number {one.serial}: {one.name}", flush=True)
    for one in went.withdrawn:
        print(f"{kit.card.name}: number {one.serial} is not sent: {one.withdrawn}", flush=True)
    return 0


def _told(kit: "Kit", synced: "Synced") -> int:
    aside = f", {len(synced.quarantined)} set aside" if synced.quarantined else ""
    print(f"{kit.card.name}: segments that came: {synced.segments}{aside}", flush=True)
    return SET_ASIDE if synced.quarantined else 0


def _watched(parsed: Parsed, home: "Home", take_in: "TakeIn") -> int:
    """Until it is ended. The same trouble is said once."""
    from threading import Event

    said: dict[str, str] = {}
    while True:
        for kit in home.named(parsed.kits):
            heard: list[str] = []
            code = _one(home, kit, take_in, heard.append, tells_nothing=False)
            told = "\n".join(heard) if code else ""
            if told and told != said.get(kit.card.kit):
                _say(told)
            said[kit.card.kit] = told
        Event().wait(parsed.every)


def _from_stick(home: "Home", stick: Path, take_in: "TakeIn") -> int:
    from vybor_workshop.kits.stick import brought

    code = 0
    for kit, synced in brought(home, stick, take_in, _say):
        code = _told(kit, synced) or _send(home, kit, _say, stick) or code
    return code


def _take_in(parsed: Parsed) -> "TakeIn":
    from vybor_workshop.kits.taking_in import into

    return into(_home(parsed).data_url, parsed.home, _say)


def _home(parsed: Parsed) -> "Home":
    from vybor_workshop.kits.home import Home

    return Home(parsed.home.absolute(), getattr(parsed, "data", ""))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


ROWS: tuple[Row, ...] = (
    (
        ("kit", "add"),
        "pair this workstation with a kit: six digits and five words, the same here and on its screen",
        _add,
        _add_arguments,
    ),
    (("kit", "list"), "list the paired kits", _list, _home_arguments),
    (("kit", "remove"), "forget a kit and its keys; its data stay", _remove, _remove_arguments),
    (
        ("sync",),
        "fetch what kits have written, take it into the data set, tell them so, and send what was published",
        _sync,
        _sync_arguments,
    ),
)
"""Words, what it does, the function, the grammar."""
