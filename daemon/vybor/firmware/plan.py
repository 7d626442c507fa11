"""Which files of a machine the kit cares for, and what each of them should say. Reads, and writes nothing."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from vybor.firmware import cmdline, config_txt, files, fragments, main_conf, profiles
from vybor.firmware.boards import Board, board_of
from vybor.firmware.fragments import Edit, FileDamaged, Finding, State, Wanted
from vybor.foundation.errors import Missing

MOVED = b"moved to /boot/firmware"
"""Stands in the /boot/config.txt of newer systems, which nobody reads."""


NONE = "none"
"""Instead of a profile: forget those of the last apply."""


class UnknownBoard(Missing):
    """Nothing says which board it is."""


class Kind(StrEnum):
    """How a file is treated."""

    CONFIG = "config.txt"
    CMDLINE = "cmdline.txt"
    KEYS = "keys in sections"
    WHOLE = "a file of the kit's own"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the machine."""

    fragment: str
    kind: Kind
    place: str = ""
    """Below the root; the two boot files are looked for instead."""
    packaged: str = ""
    """Where a package of the distribution's own brings the same file."""
    pi_only: bool = False


TARGETS = (
    Target(fragment="pi/config.txt", kind=Kind.CONFIG, pi_only=True),
    Target(fragment="pi/cmdline.txt", kind=Kind.CMDLINE, pi_only=True),
    Target(fragment="bluez/main.conf", kind=Kind.KEYS, place="etc/bluetooth/main.conf"),
    Target(
        fragment="systemd/70-vybor.conf",
        kind=Kind.WHOLE,
        place="etc/systemd/system.conf.d/70-vybor.conf",
        packaged="usr/lib/systemd/system.conf.d/70-vybor.conf",
        pi_only=True,
    ),
    Target(
        fragment="udev/70-vybor.rules",
        kind=Kind.WHOLE,
        place="etc/udev/rules.d/70-vybor.rules",
        packaged="usr/lib/udev/rules.d/70-vybor.rules",
    ),
)


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The machine that is treated: the one at hand, a card in a reader, a copy."""

    board: Board
    root: Path | None
    """None: the boot folder alone."""
    boot: Path | None
    """None: a board without boot files of this kind."""

    def path(self, target: Target) -> Path | None:
        """Where a file is on this machine; None if it is none of its files. Raises Missing and PlaceError."""
        if target.pi_only and not self.board.is_pi:
            return None
        if target.kind in (Kind.CONFIG, Kind.CMDLINE):
            if self.boot is None:
                return None
            name = "config.txt" if target.kind is Kind.CONFIG else self._cmdline_name(self.boot)
            return files.inside(self.boot / name, self.boot)
        return files.inside(self.root / target.place, self.root) if self.root else None

    def _cmdline_name(self, boot: Path) -> str:
        """config.txt may name another file, or put a folder before its name."""
        text = files.text(boot / "config.txt") or ""
        prefix = config_txt.value_of(text, "os_prefix", self.board)
        return prefix + (config_txt.value_of(text, "cmdline", self.board) or "cmdline.txt")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One file: what it says, what it should say, and the lines that make the difference."""

    path: Path
    before: str | None
    """None: it is not there."""
    after: str | None
    """None: it is not there, and should not be made."""
    findings: tuple[Finding, ...] = ()
    note: str = ""
    lost: tuple[str, ...] = ()
    """Lines inside the kit's own block that go with it."""

    @property
    def needed(self) -> bool:
        """Whether there is something to do."""
        return self.after != self.before


class _Wish(msgspec.Struct, frozen=True):
    """What one file should say, and the profiles that had a part in it."""

    wants: tuple[Wanted, ...]
    profiles: tuple[str, ...]


def site(board: Board | None, root: Path | None, boot: Path | None) -> Site:
    """The machine that is meant. Raises Missing if its board or its boot files cannot be found."""
    if boot is None:
        root = root or Path("/")
    if root is not None and not (root / "etc").is_dir():
        raise Missing(f"{root} is no system: it has no folder etc; name one with --root, or a card's with --boot")
    board = board or _board_at(root)
    if boot is None and board.is_pi and root is not None:
        boot = _boot_below(root)
    if boot is not None and not (boot / "config.txt").exists():
        raise Missing(
            f"there is no config.txt in {boot}; mount the boot partition, or name its folder with --boot"
        )
    return Site(board=board, root=root, boot=boot if board.is_pi else None)


def files_of(board: Board | None, root: Path | None, boot: Path | None) -> list[Path]:
    """Every file that an apply may have changed; of a card in a reader also without knowing its board."""
    try:
        sites = [site(board, root, boot)]
    except UnknownBoard:
        if boot is None:
            raise
        sites = [site(pi, root, boot) for pi in Board if pi.is_pi]
    found = (each.path(target) for each in sites for target in TARGETS)
    return list(dict.fromkeys(path for path in found if path is not None))


def changes(where: Site, chosen: Sequence[str] = ()) -> Iterator[Change]:
    """Every file of the machine, changed or not; profiles of the last apply hold on.

    Raises VyborError; nothing is written.
    """
    names = profiles.needing_boot(_meant(where, chosen))
    for target in TARGETS:
        path = where.path(target)
        if path is None:
            continue
        wants = fragments.parse(fragments.read(target.fragment))
        if target.kind is Kind.CONFIG:
            wants = profiles.together(wants, map(profiles.load, names))
        yield _change(where, target, path, _Wish(wants, names))


def _meant(where: Site, chosen: Sequence[str]) -> Sequence[str]:
    """The profiles named now, and those of the last apply that are about something else."""
    if NONE in chosen or where.boot is None:
        return [name for name in chosen if name != NONE]
    kinds = {profiles.load(name).kind for name in chosen}
    before = config_txt.remembered(files.text(where.boot / "config.txt") or "")
    return [*(name for name in before if profiles.load(name).kind not in kinds), *chosen]


def _change(where: Site, target: Target, path: Path, wish: _Wish) -> Change:
    before = files.text(path)
    if target.kind is Kind.WHOLE:
        return _whole(where, target, path, before)
    if before is None and target.kind is Kind.KEYS:
        note = "it is not there; install bluez if the headband comes over Bluetooth"
        return Change(path=path, before=None, after=None, note=note)
    if before is None:
        raise Missing(f"there is no {path}; without it this is no boot folder of a Raspberry Pi")
    try:
        edit = _edit(target.kind, before, wish, where.board)
    except FileDamaged as error:
        raise FileDamaged(f"{path.parent}: {error}") from None
    change = Change(path=path, before=before, after=edit.text, findings=edit.findings)
    if target.kind is not Kind.CONFIG:
        return change
    others = config_txt.included(before)
    note = f"what it includes is not looked into: {', '.join(others)}" if others else ""
    return msgspec.structs.replace(change, note=note, lost=config_txt.lost(before, edit.text))


def _edit(kind: Kind, text: str, wish: _Wish, board: Board) -> Edit:
    if kind is Kind.CONFIG:
        return config_txt.plan(text, wish.wants, board, wish.profiles)
    if kind is Kind.CMDLINE:
        return cmdline.plan(text, wish.wants)
    return main_conf.plan(text, wish.wants)


def _whole(where: Site, target: Target, path: Path, before: str | None) -> Change:
    """A file that is the kit's own; the package may have brought it."""
    assert where.root is not None
    wanted = fragments.read(target.fragment)
    if before is None and files.text(where.root / target.packaged) == wanted:
        path, before = where.root / target.packaged, wanted
    state = State.THERE if before == wanted else State.MISSING if before is None else State.CONTRADICTED
    why = wanted.partition("\n")[0].lstrip("# ")
    finding = Finding(wanted=Wanted(line="the whole file", why=why), state=state)
    return Change(path=path, before=before, after=wanted, findings=(finding,))


def _board_at(root: Path | None) -> Board:
    model = "" if root is None else files.model(root)
    if board := board_of(model):
        return board
    seen = f"this board calls itself {model!r}" if model else "which board this is cannot be seen"
    raise UnknownBoard(f"{seen}; name it with --board ({', '.join(Board)})")


def _boot_below(root: Path) -> Path:
    for folder in (root / "boot/firmware", root / "boot"):
        if (folder / "config.txt").exists():
            if MOVED in (files.read(folder / "config.txt") or b""):
                raise Missing(f"{folder}/config.txt only says that it has moved; mount {root / 'boot/firmware'}")
            return files.inside(folder, root)
    raise Missing(
        f"there is no config.txt in {root / 'boot/firmware'} or {root / 'boot'}; mount the boot partition, or "
        "name its folder with --boot"
    )
