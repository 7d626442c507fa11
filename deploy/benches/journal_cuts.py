"""Power cuts: a journal on a disk of its own, and at any moment that disk is all that is left.

The disk is an ext4 image on a loop device. The writer is stopped, the image copied, the copy mounted as the
machine would after a cut: what was only in memory is not in it. Without loop devices (no root) the writer is
killed, and its log cut at a random byte behind what it had said was on the disk.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benches.journal_writer import decision
from vybor.foundation import database, keys
from vybor.foundation.database import State
from vybor.foundation.keys import Key
from vybor.journal import store

IMAGE_BYTES = 96 << 20
"""Of a quiet machine the writer fills 48 MB before its disk is changed (AT_ONCE)."""
FIRST_CUT_S, LAST_CUT_S = 0.01, 0.6
AT_ONCE = 25
"""Cuts of one writer, before a new one begins on a new disk."""
ROWS_BEFORE = 400
"""In a bare journal that is encrypted while it is cut off."""
OPENING_S = 0.12


class Found(msgspec.Struct, frozen=True):
    """What was left after a cut."""

    lost: int = 0
    """Decisions that had been said to be on the disk and are not there."""
    duplicated: int = 0
    """Decisions that are there twice, at once or after the last ones were sent again."""
    unopenable: str = ""
    """Why the journal could not be opened."""
    bare: bool = False
    """Whether it was still not encrypted."""


def judged(acknowledged: int, kept: Sequence[int]) -> Found:
    """What the numbers that are there say; those up to `acknowledged` were said to be on the disk."""
    counted = Counter(kept)
    lost = sum(number not in counted for number in range(1, acknowledged + 1))
    return Found(lost=lost, duplicated=sum(times - 1 for times in counted.values()))


def examined(path: Path, key: Key, acknowledged: int) -> Found:
    """Open what is left as the next start does, send the last decisions again, and count."""
    try:
        is_bare = database.state_of(path) is State.BARE
        opened = store.open_store(path, "boot-after-the-cut", key)
        try:
            first = judged(acknowledged, numbers(opened))
            for number in range(max(1, acknowledged - 2), acknowledged + 2):
                opened.keep(decision(number))
            again = judged(acknowledged + 1, numbers(opened))
        finally:
            opened.close()
    except database.Error as error:
        return Found(unopenable=str(error) or type(error).__name__)
    return Found(lost=max(first.lost, again.lost), duplicated=first.duplicated + again.duplicated, bare=is_bare)


def numbers(opened: store.Store) -> list[int]:
    """Of every decision, in the order of the record."""
    return [one.number for one in opened.later("", 0, 1 << 30) or []]


class Writer:
    """A process that writes, and what it has said."""

    def __init__(self, path: Path, key: Key, first: int = 1) -> None:
        command = [sys.executable, "-m", "benches.journal_writer", str(path), key.secret.hex(), str(first)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}  # it finds what this process finds
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment
        )
        assert self._child.stdout is not None
        os.set_blocking(self._child.stdout.fileno(), False)
        self._said = b""
        self.acknowledged = first - 1

    def begin(self) -> None:
        """Have it open the journal."""
        assert self._child.stdin is not None
        self._child.stdin.write(b"\n")

    def wait_until_open(self) -> None:
        """Wait until it writes. Raises TimeoutError."""
        self._wait_for(b"open\n")

    def wait_until_ready(self) -> None:
        """Wait until it waits for its line. Raises TimeoutError."""
        self._wait_for(b"ready\n")

    def _wait_for(self, word: bytes, limit_s: float = 30.0) -> None:
        end_s = time.perf_counter() + limit_s
        while word not in self._said:
            if time.perf_counter() > end_s or self._child.poll() is not None:
                raise TimeoutError("the writer did not begin")
            time.sleep(0.01)
            self.listen()

    def listen(self) -> None:
        """Take in what it has said."""
        assert self._child.stdout is not None
        while part := self._child.stdout.read():
            self._said += part
        whole = self._said[: self._said.rfind(b"\n") + 1].split()
        told = [int(word) for word in whole if word.isdigit()]
        self.acknowledged = max(told, default=self.acknowledged)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """It does nothing meanwhile; what it had said is taken in."""
        self._child.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._child.pid, os.WSTOPPED)
        self.listen()
        try:
            yield
        finally:
            self._child.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Kill it, and take in what it had said."""
        self._child.kill()
        self._child.wait()
        self.listen()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()


# --- disks ------------------------------------------------------------------------------------------------------


def has_loop_devices() -> bool:
    """Whether this user may mount an image."""
    return os.geteuid() == 0 and Path("/dev/loop-control").exists() and bool(shutil.which("mkfs.ext4"))


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    """A disk, made if it is not there."""
    if not image.exists():
        with image.open("wb") as opened:
            opened.truncate(IMAGE_BYTES)
        _run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)
    folder.mkdir(exist_ok=True)
    _run("mount", "-o", "loop", image, folder)
    try:
        yield folder
    finally:
        _run("umount", folder)


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


# --- the cuts ---------------------------------------------------------------------------------------------------


def cuts(folder: Path, key: Key, count: int, chance: random.Random, say: Callable[[str], None]) -> list[Found]:
    """So many cuts while decisions are kept, on disks that are mounted."""
    found: list[Found] = []
    while len(found) < count:
        image = folder / f"disk-{len(found)}"
        with mounted(image, folder / "now") as disk:
            writer = Writer(disk / "journal.sqlite", key)
            try:
                writer.begin()
                writer.wait_until_open()
                for _ in range(min(AT_ONCE, count - len(found))):
                    time.sleep(chance.uniform(FIRST_CUT_S, LAST_CUT_S))
                    copy = folder / f"copy-{len(found)}"
                    with writer.stopped():
                        _copy(image, copy)
                    found.append(_on_the_copy(copy, key, writer.acknowledged))
            finally:
                writer.end()
        image.unlink()
        say(f"{len(found)} of {count} cuts{' with a key' if key.secret else ''}")
    return found


def cuts_of_encryption(folder: Path, key: Key, count: int, chance: random.Random) -> list[Found]:
    """So many cuts while a bare journal is encrypted in place."""
    found: list[Found] = []
    master = folder / "bare"
    with mounted(master, folder / "now") as disk:
        filled = store.open_store(disk / "journal.sqlite", "boot-before")
        for number in range(1, ROWS_BEFORE + 1):
            filled.keep(decision(number))
        filled.close()
    for number in range(count):
        image, copy = folder / f"encrypting-{number}", folder / f"copy-{number}"
        _copy(master, image)
        with mounted(image, folder / "now") as disk:
            writer = Writer(disk / "journal.sqlite", key, ROWS_BEFORE + 1)
            try:
                writer.wait_until_ready()
                writer.begin()
                time.sleep(chance.uniform(0, OPENING_S))
                with writer.stopped():
                    _copy(image, copy)
                found.append(_on_the_copy(copy, key, writer.acknowledged))
            finally:
                writer.end()
        image.unlink()
    return found


def cuts_of_the_log(folder: Path, key: Key, count: int, chance: random.Random) -> list[Found]:
    """Without disks to mount: killed, and the log cut at a random byte behind what was said to be on the disk."""
    found: list[Found] = []
    for number in range(count):
        path = folder / f"{number}" / "journal.sqlite"
        path.parent.mkdir()
        writer = Writer(path, key)
        writer.begin()
        writer.wait_until_open()
        time.sleep(chance.uniform(FIRST_CUT_S, LAST_CUT_S))
        log = path.with_name(f"{path.name}-wal")
        with writer.stopped():
            said, safe = writer.acknowledged, log.stat().st_size
        writer.end()
        if writer.acknowledged == said and log.stat().st_size > safe:
            os.truncate(log, chance.randint(safe, log.stat().st_size))
        found.append(examined(path, key, writer.acknowledged))
        shutil.rmtree(path.parent)
    return found


def _on_the_copy(copy: Path, key: Key, acknowledged: int) -> Found:
    """The copy, mounted: ext4 plays its own log back first, as after a true cut.

    Each has a name of its own: a loop device that is let go late must not be taken for that of the next one.
    """
    try:
        with mounted(copy, copy.with_name("after")) as disk:
            return examined(disk / "journal.sqlite", key, acknowledged)
    except subprocess.CalledProcessError as error:
        return Found(unopenable=f"the disk: {error}")
    finally:
        copy.unlink()


def _copy(image: Path, place: Path) -> None:
    _run("cp", "--sparse=always", image, place)


def figures(found: dict[str, list[Found]]) -> dict[str, float]:
    """All cuts as one, and how many there were of each kind."""
    every = [one for of_kind in found.values() for one in of_kind]
    encrypting = found.get("encrypting", [])
    return {
        "cuts": float(len(every)),
        **{f"cuts.{kind}": float(len(of_kind)) for kind, of_kind in found.items()},
        "cuts.found_bare": float(sum(one.bare for one in encrypting)),
        "lost": float(sum(one.lost for one in every)),
        "duplicated": float(sum(one.duplicated for one in every)),
        "unopenable": float(sum(bool(one.unopenable) for one in every)),
    }


def all_of_them(folder: Path, count: int, chance: random.Random, say: Callable[[str], None]) -> dict[str, float]:
    """Cuts without a key, with one, and while one appears (a fifth)."""
    key = keys.derived(Key(bytes(range(32))), "journal")
    some = count // 5
    parts = {"bare": (count - some + 1) // 2, "sealed": (count - some) // 2}
    on_disks = has_loop_devices()
    found: dict[str, list[Found]] = {}
    for kind, how_many in parts.items():
        used = key if kind == "sealed" else keys.NONE
        found[kind] = (
            cuts(folder, used, how_many, chance, say)
            if on_disks
            else cuts_of_the_log(folder, used, how_many, chance)
        )
    if on_disks:
        found["encrypting"] = cuts_of_encryption(folder, key, some, chance)
    else:
        found["bare"] += cuts_of_the_log(folder, keys.NONE, some, chance)
    for one in (one for of_kind in found.values() for one in of_kind):
        if one.lost or one.duplicated or one.unopenable:
            say(f"fault: {one}")
    return {**figures(found), "cuts.on_disks": float(on_disks)}
