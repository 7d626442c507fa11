"""`vybor-workshop kit …` and `vybor-workshop sync`: their grammar, and what they print."""
# ruff: noqa: PLC0415, T201  (each command loads what it needs, and no other's)

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.foundation.errors import Missing, VyborError
from vybor.foundation.progress import on_stderr
from vybor_workshop import meant
from vybor_workshop.said import without_password

if TYPE_CHECKING:
    from vybor_workshop.kits.adding import Host
    from vybor_workshop.kits.home import Home, Kit
    from vybor_workshop.kits.syncing import Synced, TakeIn, Transfer

Parsed = argparse.Namespace
Row = tuple[tuple[str, ...], str, Callable[[Parsed], int], Callable[[argparse.ArgumentParser], None]]
EVERY_S = 300
SET_ASIDE = 65
"""EX_DATAERR: something came that could not be taken in."""
OWED = 73
"""EX_CANTCREAT: a data set could not be told what to delete."""


def _home_arguments(parser: argparse.ArgumentParser) -> None:
    meant.home_argument(parser, "keys and of its kits")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "host",
        metavar="HOST",
        nargs="?",
        help="the address that stands on the kit's screen; HOST:PORT too; left out: the only kit that is heard",
    )
    parser.add_argument(
        "--name", default="", metavar="NAME", help="what to call it here; else what it calls itself"
    )
    _home_arguments(parser)


def _find_arguments(parser: argparse.ArgumentParser) -> None:
    from vybor_workshop.kits.finding import LISTEN_S

    parser.add_argument(
        "--seconds", type=_seconds, default=LISTEN_S, metavar="SECONDS", help="how long it listens (%(default)s)"
    )


def _remove_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kit", metavar="KIT", help="its name, address or number, as `kit list` has them")
    _home_arguments(parser)


def _change_arguments(parser: argparse.ArgumentParser) -> None:
    from vybor_workshop.kits import changing

    changing.arguments(parser)


def _sync_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kits", nargs="*", metavar="KIT", help="which kits, by name, address or number; else all")
    meant.data_argument(parser)
    parser.add_argument(
        "--from",
        dest="stick",
        type=Path,
        metavar="DIR",
        help="take in what `vybor log eject` laid on the stick that is mounted there; receipts, and what was "
        "published for the kit, are laid beside it",
    )
    parser.add_argument(
        "--by",
        choices=("rsync", "sftp"),
        default="",
        help="the program that it comes by; else rsync if it is here",
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

    host = _heard() if parsed.host is None else host_of(parsed.host)
    kit = add(_home(parsed), host, parsed.name, Terminal(), on_stderr)
    print(f"{kit.card.name} is paired; once its wearer agrees on its screen, `vybor-workshop sync` fetches")
    return 0


def _heard() -> "Host":
    from vybor_workshop.kits import finding

    on_stderr(f"listening for kits for {finding.LISTEN_S} seconds")
    heard = finding.found(finding.LISTEN_S)
    host = finding.only(heard)
    on_stderr(
        f"{heard[0].typed} says that it waits for pairing; whether it is your kit, the digits on its screen tell"
    )
    return host


def _find(parsed: Parsed) -> int:
    from vybor_workshop.kits import finding

    heard = finding.found(parsed.seconds)
    if not heard:
        finding.only(heard)
    for one in heard:
        print(f"{one.typed}  {one.name}")
    return 0


def _list(parsed: Parsed) -> int:
    from vybor_workshop.kits.home import standing

    home = _home(parsed)
    kits, code = home.kits(), _unreadable(home, on_stderr)
    if not kits and not code:
        print("no kit is paired with this workstation; pair one with `vybor-workshop kit add HOST`")
    for kit in kits:
        card = kit.card
        print(f"{card.name}  {card.host}:{card.port}  {card.kit}  paired {card.paired_at}  {standing(card)}")
    return code


def _unreadable(home: "Home", say: Callable[[str], None]) -> int:
    """Say which cards cannot be read; the exit code for that, or 0. The other kits are none the worse for it."""
    code = 0
    for error in home.unreadable():
        say(f"vybor-workshop: {error}")
        code = error.exit_code
    return code


def _change(parsed: Parsed) -> int:
    from vybor_workshop.kits import changing

    return changing.run(parsed)


def _remove(parsed: Parsed) -> int:
    home = _home(parsed)
    (kit,) = home.named([parsed.kit])
    home.remove(kit)
    where = f" in {without_password(', '.join(kit.card.data))}" if kit.card.data else ""
    print(
        f"{kit.card.name} is forgotten here, and its data stay{where}; take this workstation off on the kit's "
        "screen, too"
    )
    return 0


def _sync(parsed: Parsed) -> int:
    from vybor_workshop.kits import timer, ways

    if parsed.install_timer:
        if parsed.stick:
            raise Missing("a timer fetches from kits and from no stick; leave out --from or --install-timer")
        _home(parsed).named(parsed.kits)
        ways.transfer(parsed.by)
        _take_in(parsed)
        for line in timer.installed(parsed):
            print(line)
        return 0
    home, take_in = _home(parsed), _take_in(parsed)
    if parsed.stick:
        return _from_stick(home, parsed.stick, take_in)

    transfer = ways.transfer(parsed.by)
    if parsed.watch:
        return _watched(parsed, home, take_in, transfer)
    kits = home.named(parsed.kits)
    code = _unreadable(home, on_stderr)
    for kit in kits:
        code = _one(home, kit, take_in, transfer, on_stderr) or code
    return code


def _one(
    home: "Home",
    kit: "Kit",
    take_in: "TakeIn",
    transfer: "Transfer",
    say: Callable[[str], None],
    *,
    tells_nothing: bool = True,
) -> int:
    """Sync one kit; an error of one is no reason to leave the others out."""
    from vybor_workshop.kits.home import alone
    from vybor_workshop.kits.syncing import sync

    try:
        with alone(kit):
            synced = sync(kit, home.workstation(), take_in, transfer, say)
    except VyborError as error:
        say(f"vybor-workshop: {error}")
        return error.exit_code
    sent = _send(home, kit, transfer, say)
    if not synced.segments and not tells_nothing:
        return _code(synced) or sent
    return _told(kit, synced) or sent


def _send(home: "Home", kit: "Kit", by: "Transfer | Path", say: Callable[[str], None]) -> int:
    """What was published for it goes to the kit, or onto the stick."""
    if not kit.outgoing.is_dir():
        return 0
    from vybor_workshop.log.data_set import DataSet
    from vybor_workshop.publish import sending

    try:
        data = DataSet(home.data_url, home.folder / "locks")
        if isinstance(by, Path):
            went = sending.lay(home, kit, data, by / f"vybor-{kit.card.kit}" / "inbox")
        else:
            went = sending.send(home, kit, data, by.push, say)
    except VyborError as error:
        say(f"vybor-workshop: {error}")
        return error.exit_code
    for one in went.sent:
        how = "laid on the stick" if isinstance(by, Path) else "sent"
        print(f"{kit.card.name}: {how} as number {one.serial}: {one.name}", flush=True)
    for one in went.withdrawn:
        print(f"{kit.card.name}: number {one.serial} is not sent: {one.withdrawn}", flush=True)
    return 0


def _told(kit: "Kit", synced: "Synced") -> int:
    aside = f", {len(synced.quarantined)} set aside" if synced.quarantined else ""
    owed = f", {synced.owed} to be deleted in another place yet" if synced.owed else ""
    none = "; nothing waits there, or the wearer has not agreed yet"
    none = none if not (synced.segments or synced.quarantined or synced.owed) else ""
    print(f"{kit.card.name}: segments that came: {synced.segments}{aside}{owed}{none}", flush=True)
    return _code(synced)


def _code(synced: "Synced") -> int:
    if synced.owed:
        return OWED
    return SET_ASIDE if synced.quarantined else 0


def _watched(parsed: Parsed, home: "Home", take_in: "TakeIn", transfer: "Transfer") -> int:
    """Until it is ended. The same trouble is said once."""
    from threading import Event

    said: dict[str, str] = {}

    def tell(about: str, told: str) -> None:
        if told and told != said.get(about):
            on_stderr(told)
        said[about] = told

    while True:
        unreadable: list[str] = []
        kits = home.named(parsed.kits)
        _unreadable(home, unreadable.append)
        tell("", "\n".join(unreadable))
        for kit in kits:
            heard: list[str] = []
            code = _one(home, kit, take_in, transfer, heard.append, tells_nothing=False)
            tell(kit.card.kit, "\n".join(heard) if code else "")
        Event().wait(parsed.every)


def _from_stick(home: "Home", stick: Path, take_in: "TakeIn") -> int:
    from vybor_workshop.kits.stick import brought

    code = _unreadable(home, on_stderr)
    for kit, synced in brought(home, stick, take_in, on_stderr):
        told, sent = _told(kit, synced), _send(home, kit, stick, on_stderr)
        code = told or sent or code
    return code


def _take_in(parsed: Parsed) -> "TakeIn":
    from vybor_workshop.kits.taking_in import into

    return into(_home(parsed).data_url, parsed.home, on_stderr)


def _home(parsed: Parsed) -> "Home":
    from vybor_workshop.kits.home import Home

    return Home(parsed.home.absolute(), getattr(parsed, "data", ""))


ROWS: tuple[Row, ...] = (
    (
        ("kit", "add"),
        "pair this workstation with a kit: six digits and five words, the same here and on its screen",
        _add,
        _add_arguments,
    ),
    (
        ("kit", "find"),
        "list the kits whose window for pairing is open, as far as they are heard",
        _find,
        _find_arguments,
    ),
    (("kit", "list"), "list the paired kits", _list, _home_arguments),
    (
        ("kit", "change"),
        "tell a kit's new address or name, or that one of its data sets is gone for good",
        _change,
        _change_arguments,
    ),
    (("kit", "remove"), "forget a kit and its keys; its data stay", _remove, _remove_arguments),
    (
        ("sync",),
        "fetch what kits have written, take it into the data set, tell them so, and send what was published",
        _sync,
        _sync_arguments,
    ),
)
"""Words, what it does, the function, the grammar."""
