"""Bundles on their way from a workstation to a kit beside it; also killed on that way, as often as is wished.

Who kills: the workstation while it makes one, its rsync while it sends, and the kit's sync while it carries.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from vybor.bundles import bundle
from vybor.bundles.manifest import FILE_NAME, Kind, Manifest
from vybor.bundles.refusals import Refused
from vybor.foundation.errors import PlaceError
from vybor_workshop.kits import fetching, syncing, ways
from vybor_workshop.kits.fetching import NotReached
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.publish import sending
from vybor_workshop.publish.queue import Queue
from vybor_workshop.publish.record import Published
from world.beside import Beside

BASE = "b" * 64
SIZE = 3_000_000
"""Of an adapter, in bytes."""
ARRIVES_S = 30.0
WHO = ("publish", "rsync", "sync")
MAKING = """
import os, sys
from pathlib import Path
from vybor.bundles.manifest import Kind, Manifest
from vybor_workshop.kits.home import Home
from vybor_workshop.publish.queue import Queue
home = Home(Path(sys.argv[1]))
(kit,) = home.kits()
queue = Queue(home.folder, kit, home.workstation())
files = {"adapter_config.json": b"{}", "adapter_model.safetensors": os.urandom(int(sys.argv[2]))}
with queue.alone():
    queue.settled()
    serial = queue.serial({})
    told = Manifest(kind=Kind.ADAPTER, kit=kit.card.kit, serial=serial, base="b" * 64, growth=1)
    print("begins", flush=True)
    queue.put(told, files)
"""


class Way:
    """From the queue to where the generator looks."""

    def __init__(self, desk: Beside) -> None:
        self.desk = desk

    @property
    def queue(self) -> Queue:
        return Queue(self.desk.home.folder, self.desk.paired, self.desk.home.workstation())

    @property
    def data(self) -> DataSet:
        return DataSet(self.desk.home.data_url, self.desk.home.folder / "locks")

    def publish(self, size: int = SIZE) -> Published:
        """Sign something of so many bytes that cannot be packed."""
        files = {"adapter_config.json": b"{}", "adapter_model.safetensors": os.urandom(size)}
        queue = self.queue
        with queue.alone():
            told = Manifest(kind=Kind.ADAPTER, kit=self.number, serial=queue.serial({}), base=BASE, growth=1)
            return queue.put(told, files)

    @property
    def number(self) -> str:
        return self.desk.paired.card.kit

    def send(self, by: syncing.Transfer | None = None) -> list[Published]:
        push = (by or ways.Rsync()).push
        went = sending.send(self.desk.home, self.desk.paired, self.data, push, self.desk.said.append)
        return list(went.sent)

    def is_sent(self) -> bool:
        """Whether the door was open."""
        try:
            self.send()
        except NotReached:
            return False
        return True

    def arrived(self, serial: int) -> Path:
        return self.desk.places.arrived / f"{serial:06}.bundle"

    def has_arrived(self, serial: int) -> bool:
        """It is there; and if so, then to the last byte. Raises Refused."""
        if not self.arrived(serial).exists():
            return False
        return self.opened(self.arrived(serial)).manifest.serial == serial

    def opened(self, path: Path) -> bundle.Opened:
        """Raises Refused."""
        return bundle.opened(path, self.desk.home.workstation().signs.verify_key, self.number)


def killed(way: Way, chance: random.Random, count: int) -> dict[str, int]:
    """Kill so often somewhere on the way; what was killed, halves that had a whole one's name, what was lost.

    Whoever had ended before the signal came was not killed: that is counted as `.missed`.
    """
    told: Counter[str] = Counter(halves=0, lost=0)
    told.update({f"killed.{who}{how}": 0 for who in WHO for how in ("", ".missed")})
    for path in way.desk.paired.outgoing.glob("*.bundle"):  # sent before
        path.unlink()
    for turn in range(count):
        who = WHO[turn % len(WHO)]
        ended = _kill_making(way, chance) if who == "publish" else _kill_sending(way, chance, who)
        told[counted_as(who, ended)] += 1
        told["halves"] += halves(way)
        way.desk.wearer.until(way.is_sent, ARRIVES_S)
        for path in way.desk.paired.outgoing.glob("*.bundle"):
            serial = way.opened(path).manifest.serial
            try:
                way.desk.wearer.until(lambda serial=serial: way.has_arrived(serial), ARRIVES_S)  # type: ignore[misc]
            except AssertionError:
                told["lost"] += 1
            path.unlink()  # as if the kit had told of it
    return dict(told)


def counted_as(who: str, ended: int) -> str:
    """The count for a process that ended so, as its exit code tells."""
    return f"killed.{who}" if ended == -signal.SIGKILL else f"killed.{who}.missed"


def halves(way: Way) -> int:
    """How many have the name of a whole one and are none, on either side."""
    count = 0
    inbox = way.desk.kit.state / "sync" / "inbox"
    here = [*way.desk.paired.outgoing.glob("*.bundle"), *way.desk.places.arrived.glob("[0-9]*.bundle")]
    there = [path for path in inbox.glob("*.bundle") if (named := FILE_NAME.fullmatch(path.name))]
    for path in (*here, *there):
        try:
            named = FILE_NAME.fullmatch(path.name)
            if path in there and named and path.stat().st_size != int(named["size"]):
                continue  # its name says so
            way.opened(path)
        except (FileNotFoundError, PlaceError):  # it has gone on meanwhile
            continue
        except Refused:
            count += 1
    return count


def _kill_making(way: Way, chance: random.Random) -> int:
    """How it ended."""
    command = [sys.executable, "-c", MAKING, str(way.desk.home.folder), str(SIZE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as making:
        assert making.stdout
        assert making.stdout.readline() == "begins\n"
        time.sleep(chance.uniform(0, 0.08))  # making one takes as long
        making.kill()
    return making.returncode


def _kill_sending(way: Way, chance: random.Random, who: str) -> int:
    """How whoever was struck ended."""
    one = way.publish()
    command = fetching.push_command(way.desk.paired, way.queue.path(one))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as pushing:
        time.sleep(chance.uniform(0.1, 0.5))
        if who == "rsync":
            pushing.kill()
            return pushing.wait()
        ended = way.desk.kit.kill("sync")
        way.desk.kit.start("sync")
    return ended
