"""`vybor firmware check | apply | undo`: what it prints, and its grammar."""

import argparse
import contextlib
import difflib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from vybor.firmware import files, plan, profiles
from vybor.firmware.boards import Board
from vybor.firmware.fragments import Finding, State
from vybor.firmware.plan import Change, Site

Say = Callable[[str], object]
EXPLAINED = "check or set what this machine is told before the kit runs: boot files, BlueZ, systemd, udev"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line this command."""
    firmware = commands.add_parser(
        "firmware",
        help=EXPLAINED,
        description=f"{EXPLAINED[:1].upper()}{EXPLAINED[1:]}.",
        epilog="example:\n  vybor firmware apply --dry-run --with muse-2",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    deeds = firmware.add_subparsers(required=True, metavar="check|apply|undo", help="what to do")
    _deed(deeds, "check", _check, "say which lines are there and which are missing; 1 if something is to be done")
    apply = _deed(deeds, "apply", _apply, "add what is missing; what was there before is kept beside each file")
    apply.add_argument("--dry-run", action="store_true", help="show the changes, make none")
    _deed(deeds, "undo", _undo, "take the newest apply back, byte for byte")


def _deed(
    deeds: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    does: Callable[[argparse.Namespace], int],
    explained: str,
) -> argparse.ArgumentParser:
    made = deeds.add_parser(
        name,
        help=explained,
        description=f"{explained[:1].upper()}{explained[1:]}.",
        epilog=f"example:\n  vybor firmware {name}{' --dry-run' if name == 'apply' else ''} --board pi5",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.set_defaults(command=does)
    boards = [board.value for board in Board]
    made.add_argument("--board", choices=boards, help="which board; otherwise the one at hand")
    made.add_argument("--root", type=Path, metavar="DIR", help="another system's root; otherwise this one's")
    made.add_argument(
        "--boot", type=Path, metavar="DIR", help="a folder with config.txt; without --root it alone is treated"
    )
    if name != "undo":
        made.add_argument(
            "--with",
            dest="profiles",
            action="append",
            default=[],
            metavar="PROFILE",
            help="take in what muse-2, camera-module-2, supply-5a… needs, from now on; a wrong name lists all, "
            "and `none` takes them out again",
        )
    return made


def check(where: Site, chosen: Sequence[str], say: Say) -> int:
    """Say how every line stands; 1 if something is to be done, else 0."""
    to_do = 0
    for change in plan.changes(where, chosen):
        say(f"{change.path}{': ' + change.note if change.note else ''}")
        for finding in change.findings:
            to_do += finding.state is not State.THERE
            if sentence := _told(finding):
                say(f"  {sentence}")
        if change.needed and all(finding.state is State.THERE for finding in change.findings):
            to_do += 1
            say("  OUT OF DATE   lines of another Vybor or another profile stand in its block")
        for line in change.lost:
            say(f"  {_gone(line)}")
    say("")
    say(f"{to_do} to do; see `vybor firmware apply --dry-run`" if to_do else "nothing to do")
    return 1 if to_do else 0


def apply(where: Site, chosen: Sequence[str], *, dry_run: bool, say: Say) -> int:
    """Make the changes, or show them as a diff."""
    known = _known(where)
    with contextlib.nullcontext() if dry_run else files.alone(known):
        found = list(plan.changes(where, chosen))
        needed = [change for change in found if change.needed]
        for line in _notes(found):
            say(line)
        for line in _shown(needed) if dry_run else _made(needed, known):
            say(line)
    if not needed:
        say("nothing to do")
    elif not dry_run:
        say(_afterwards(where.root))
    if where.root is None:
        say("of BlueZ, udev and the watchdog nothing was done: run `sudo vybor firmware apply` on the kit itself")
    for name in chosen:
        for line in _advice(name):
            say(line)
    return 0


def _notes(found: Sequence[Change]) -> Iterator[str]:
    for change in found:
        if change.note:
            yield f"{change.path}: {change.note}"
        yield from (f"{change.path}: {_gone(line)}" for line in change.lost)


def _shown(needed: Sequence[Change]) -> Iterator[str]:
    return (line for change in needed for line in difference(change))


def _made(needed: Sequence[Change], known: Sequence[Path]) -> Iterator[str]:
    contents = [(change.path, (change.after or "").encode()) for change in needed]
    for written in files.apply(contents, known):
        before = "it was not there before" if written.deed is files.Deed.WROTE else f"kept {written.kept}"
        yield f"{written.deed} {written.path}; {before}"


def undo(known: Sequence[Path], root: Path | None, say: Say) -> int:
    """Take the newest apply back; `root` is None for a card in a reader."""
    with files.alone(known):
        for written in files.undo(known):
            say(f"{written.deed} {written.path}; kept {written.kept or 'nothing'}")
    say(_afterwards(root))
    return 0


def difference(change: Change) -> Iterator[str]:
    """A unified diff, a line at a time; carriage returns are left out."""
    before = (change.before or "").replace("\r", "").splitlines()
    after = (change.after or "").replace("\r", "").splitlines()
    old = str(change.path) if change.before is not None else "/dev/null"
    yield from difflib.unified_diff(before, after, old, str(change.path), lineterm="")


def _gone(line: str) -> str:
    return (
        f"{'REMOVED':13} {line}: it stands in Vybor's block, which is replaced as a whole; put it above or below"
    )


def _afterwards(root: Path | None) -> str:
    if root is None:
        return "put the card back into its board and start that: boot files are read then"
    return "restart the machine: boot files, BlueZ and udev are read then"


def _told(finding: Finding) -> str:
    want = finding.wanted
    if finding.state is State.THERE:
        return "" if want.unwanted else f"{State.THERE:13} {want.line}"
    mark = finding.state.upper()
    wanted = f"not {want.line}" if want.unwanted else want.line
    instead = f" (it says {finding.instead!r})" if finding.instead else ""
    return f"{mark:13} {wanted}{instead}: {want.why}"


def _advice(name: str) -> Iterator[str]:
    if name == plan.NONE:
        return
    profile = profiles.load(name)
    yield ""
    yield f"{profile.title}, over {profile.connection}. Never tried on hardware."
    yield from (f"  - {trap}" for trap in profile.traps)
    if profile.settings:
        yield "In vybor.toml:"
        yield from (f"    {line}" for line in profile.settings_lines)


def _known(where: Site) -> list[Path]:
    return [path for target in plan.TARGETS if (path := where.path(target)) is not None]


def _site(parsed: argparse.Namespace) -> Site:
    board = Board(parsed.board) if parsed.board else None
    return plan.site(board, parsed.root, parsed.boot)


def _check(parsed: argparse.Namespace) -> int:
    return check(_site(parsed), parsed.profiles, print)


def _apply(parsed: argparse.Namespace) -> int:
    return apply(_site(parsed), parsed.profiles, dry_run=parsed.dry_run, say=print)


def _undo(parsed: argparse.Namespace) -> int:
    board = Board(parsed.board) if parsed.board else None
    card_alone = parsed.boot is not None and parsed.root is None
    root = None if card_alone else parsed.root or Path("/")
    return undo(plan.files_of(board, parsed.root, parsed.boot), root, print)
