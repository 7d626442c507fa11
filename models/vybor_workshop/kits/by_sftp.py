"""OpenSSH's sftp, started from here: what it is told, and what it says. For workstations without rsync.

What was begun lies in `incoming/.partial`, and on the kit under its own name, where rsync has it too: either goes
on with what the other began.
"""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from vybor.foundation.errors import Missing, PlaceError
from vybor.segments.receipt import ENDING
from vybor.segments.segment import LARGEST_BYTES, NAME
from vybor_workshop.kits import fetching
from vybor_workshop.kits.home import Kit
from vybor_workshop.kits.syncing import Say

LOOK_S = 0.5
"""So often it is looked how far sftp is: without a terminal it does not say."""
TRIES = 3
"""How often it is begun anew where a segment was pruned between listing and reading it."""
GONE = ("not found", "No such file")


class Sftp:
    """In the place of rsync."""

    def fetch(self, kit: Kit, without: Path, say: Say) -> None:
        """Raises NotReached, Missing, PlaceError."""
        folder = kit.incoming / fetching.PARTIAL
        with _writable(folder):
            left_out = {line.removeprefix("/") for line in without.read_text(encoding="ascii").splitlines()}
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _fetch(kit, folder, left_out, say)

    def deliver(self, kit: Kit, say: Say) -> None:
        """Raises NotReached, Missing, PlaceError."""
        names = sorted(path.name for path in kit.receipts.glob(f"*{ENDING}"))
        with _writable(kit.receipts):
            told, code = _run(kit, "write_key", [f"put {name} /{name}" for name in names], kit.receipts)
        if code:
            raise fetching.NotReached(fetching.reason(kit, told))

    def push(self, kit: Kit, bundle: Path, say: Say) -> None:
        """Raises NotReached, Missing, PlaceError."""
        with _writable(bundle.parent):
            _push(kit, bundle, say)


@contextlib.contextmanager
def _writable(folder: Path) -> Iterator[None]:
    """What the disk refuses is told with the folder's name. Raises PlaceError."""
    try:
        yield
    except OSError as error:
        raise PlaceError(f"{folder} cannot be used ({error.strerror})") from None


def _fetch(kit: Kit, folder: Path, left_out: Collection[str], say: Say) -> None:
    """Raises NotReached, Missing, OSError."""
    for left in reversed(range(TRIES)):
        told, code = _run(kit, "read_key", ["ls -ln"], folder)
        if not code:
            there = listed(told)
            _clear(folder, there)
            _clear(kit.incoming, there)
            wanted = {name: size for name, size in there.items() if name not in left_out}
            told, code = _run(
                kit, "read_key", [f"reget {name} {name}" for name in wanted], folder, _Told(kit, wanted, say)
            )
            _take(folder, kit.incoming, wanted)
        if not code:
            return
        if not left or not any(word in told for word in GONE):
            raise fetching.NotReached(fetching.reason(kit, told))


def _push(kit: Kit, bundle: Path, say: Say) -> None:
    """Raises NotReached, Missing, OSError."""
    told, code = _run(kit, "write_key", [f"ls -ln /{bundle.name}"], bundle.parent)
    if code and not any(word in told for word in GONE):
        raise fetching.NotReached(fetching.reason(kit, told))
    size, there = bundle.stat().st_size, 0 if code else listed_size(told, bundle.name)
    if there == size:  # the last time its end was not heard of
        return
    how = "reput" if 0 < there < size else "put"
    told, code = _run(
        kit, "write_key", [f"{how} {bundle.name} /{bundle.name}"], bundle.parent, _Sending(kit, bundle, say)
    )
    if code:
        raise fetching.NotReached(refused(kit, told))


def refused(kit: Kit, told: str) -> str:
    """Why a kit took no bundle: one that lets somebody in and then takes nothing has an earlier Vybor. Pure."""
    if "Permission denied" in told and "publickey" not in told:
        return (
            f"{kit.card.name} takes nothing by SFTP; update Vybor there, or install rsync here, or carry it on a "
            "stick (vybor-workshop sync --from DIR)"
        )
    if "Failure" in told:
        return f"{kit.card.name} has no room for it now; make some there, and the next sync goes on"
    return fetching.reason(kit, told)


def command(kit: Kit, key: str) -> list[str]:
    """Sftp that reads what to do from its standard input, and ends where that fails. Pure."""
    return ["sftp", "-F", "none", "-P", str(kit.card.port), *fetching.only(kit, key), "-b", "-", fetching.at(kit)]


def listed(told: str) -> dict[str, int]:
    """Segments and their sizes, as `ls -ln` has them; those that are too large are left out. Pure."""
    rows = [line.split() for line in told.splitlines() if line.startswith("-")]
    sizes = {
        row[-1]: int(row[4]) for row in rows if len(row) == 9 and NAME.fullmatch(row[-1]) and row[4].isdecimal()
    }
    return {name: size for name, size in sizes.items() if size <= LARGEST_BYTES}


def listed_size(told: str, name: str) -> int:
    """The size of one file, as `ls -ln` has it; 0: it does not say. Pure."""
    rows = [line.split() for line in told.splitlines() if line.startswith("-")]
    found = [row[4] for row in rows if len(row) == 9 and row[-1].removeprefix("/") == name and row[4].isdecimal()]
    return int(found[0]) if found else 0


class Progress(Protocol):
    """How far a transfer is."""

    def now(self, child: int, folder: Path) -> int | None:
        """So many bytes, of this process, in that folder; None: nobody knows."""
        ...


class _Sending:
    """How far sftp has read in what it sends: Linux tells, and elsewhere ssh alone notices a kit that is gone."""

    def __init__(self, kit: Kit, bundle: Path, say: Say) -> None:
        self._kit, self._bundle, self._say = kit, bundle, say
        self._size = bundle.stat().st_size
        self._last = 0

    def now(self, child: int, _folder: Path) -> int | None:
        """Where it is in the file."""
        if (here := position(child, self._bundle)) is None:
            return None
        tenths = 10 * here // self._size
        if tenths > self._last:
            self._last = tenths
            self._say(f"{self._kit.card.name}: {here / 1e6:.1f} MB sent ({10 * tenths} %)")
        return here


def position(process: int, file: Path) -> int | None:
    """Where a process is in a file that it has open; None: it has not, or nobody says."""
    opened = Path(f"/proc/{process}/fd")
    with contextlib.suppress(OSError):
        for one in opened.iterdir():
            with contextlib.suppress(OSError):
                if one.samefile(file):
                    told = (opened.parent / "fdinfo" / one.name).read_text(encoding="ascii")
                    return int(told.split(maxsplit=2)[1])
    return None


class _Told:
    """Says how far it is, whenever that is ten per cent further."""

    def __init__(self, kit: Kit, wanted: Mapping[str, int], say: Say) -> None:
        self._kit, self._wanted, self._say = kit, wanted, say
        self._last = -1

    def now(self, _child: int, folder: Path) -> int:
        """How many bytes are here."""
        here = sum(sizes(folder, self._wanted).values())
        tenths = 10 * here // max(1, sum(self._wanted.values()))
        if here and tenths > self._last:
            self._last = tenths
            self._say(f"{self._kit.card.name}: {here / 1e6:.1f} MB fetched ({10 * tenths} %)")
        return here


def sizes(folder: Path, names: Collection[str]) -> dict[str, int]:
    """Of those of these files that are here."""
    found = {}
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            found[name] = (folder / name).lstat().st_size
    return found


def _clear(folder: Path, there: Mapping[str, int]) -> None:
    """Remove what was begun and is no more on the kit, or is longer here than there. Raises OSError."""
    for path in folder.iterdir():
        if not path.is_dir() and path.lstat().st_size > there.get(path.name, -1):
            path.unlink()


def _take(folder: Path, incoming: Path, wanted: Mapping[str, int]) -> None:
    """What is here in full goes where it is verified. Raises OSError."""
    for name, size in sizes(folder, wanted).items():
        if size == wanted[name]:
            (folder / name).replace(incoming / name)


def _run(
    kit: Kit, key: str, lines: Sequence[str], folder: Path, progress: Progress | None = None
) -> tuple[str, int]:
    """Have sftp do it in a folder; what it said, and its exit code. Raises Missing, NotReached, OSError."""
    if not lines:
        return "", 0
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as asked,
        tempfile.TemporaryFile("w+", errors="replace") as said,
    ):
        asked.write("\n".join(lines) + "\n")
        asked.seek(0)
        try:
            child = subprocess.Popen(
                command(kit, key),
                stdin=asked,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={**os.environ, "LC_ALL": "C"},
            )
        except FileNotFoundError:
            raise Missing("sftp is missing; install openssh-client") from None
        with child:
            code = _waited(child, folder, progress)
        said.seek(0)
        return said.read(), code


def _waited(child: "subprocess.Popen[bytes]", folder: Path, progress: Progress | None) -> int:
    """Until it has ended; it is ended where nothing comes or goes any more."""
    before, looks = -1, 0
    while True:
        try:
            return child.wait(LOOK_S)
        except subprocess.TimeoutExpired:
            now = progress.now(child.pid, folder) if progress else 0
            before, looks = now or 0, looks + 1 if now == before else 0
            if looks * LOOK_S >= fetching.PATIENCE_S:
                child.terminate()
