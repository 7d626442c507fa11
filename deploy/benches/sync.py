"""From a kit to a workstation, cut and killed at random bytes: lost, doubled, told early; beside plain rsync."""

import argparse
import os
import random
import signal
import sqlite3  # noqa: TID251  (as a stranger opens it)
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import msgspec
from pyarrow import parquet

from benches import options, report
from benches.sync_events import write_journal
from vybor.foundation.progress import on_stderr
from vybor.segments import rows, segment
from vybor.segments.receipt import ENDING
from vybor_workshop.kits import fetching, home, syncing, ways
from vybor_workshop.kits.keys import Ingested, KitKeys
from world import strangers
from world.beside import Beside, beside
from world.cutting import Wire

EVENTS, CUTS, ROUNDS = 50_000, 100, 6
KILLED = ("wire", "wire", "wire", "workstation", "sync", "journal")
"""What a cut is, each as likely as it stands here: the connection alone, or an end of it."""
LEAST_BYTES = 2_000
ATTEMPT_S = 120.0
MOST_IN_VAIN = 20
"""Attempts in a row that were not cut and brought nothing: then no other one is made."""
Place = tuple[int, int]
ROWS = "SELECT boot, sequence FROM row"
EPILOG = """
A journal of as many full events is sealed by the real journal and fetched by the real `vybor-workshop sync`, with
a real sshd and rsync (or sftp), through a wire that is cut after a random number of bytes: the wire alone, or by
SIGKILL of the workstation's program with its rsync, of the kit's sync with its sshd, or of its journal. What is
cut is gone on with, until everything is there.

Figures: events; cuts (all that were made, by kind in cuts.KIND); lost (events that the journal had before the
first cut, or has at the end, and that are not in the data set then), duplicated (that stand there twice),
early_receipts (segments that the kit, or a receipt on its way, counts as fetched and whose rows are not in the
data set, looked at after each cut); crashed (ends of the kit's journal or sync that nobody killed); refused.NAME
(1: it was); ratio.vs_rsync (median over interleaved rounds of the time that plain rsync takes for the same files
over the same sshd, to that of a sync up to the ingest: fetched and verified), plain_s, sync_s, megabytes.
"""


def main() -> None:
    """Seal, compare, cut, and say what became of the record."""
    parser = argparse.ArgumentParser(
        prog="deploy/bench sync",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--events", type=options.positive, default=EVENTS, help=f"rows of the record ({EVENTS})")
    parser.add_argument("--cuts", type=options.positive, default=CUTS, help=f"how often it is cut ({CUTS})")
    parser.add_argument(
        "--by", choices=("rsync", "sftp"), default="rsync", help="what it is fetched by (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of when and what (1)")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        figures = measured(Path(folder), parsed.events, parsed.cuts, parsed.by, random.Random(parsed.seed))
    report.write("sync", figures, parsed.json)


def measured(folder: Path, events: int, cuts: int, by: str, chance: random.Random) -> dict[str, float]:
    """All figures."""
    (folder / "state").mkdir()
    write_journal(folder / "state" / "journal.sqlite", events, random.Random(1))
    with beside(folder) as desk:
        desk.pair()
        desk.agree()
        desk.wait_for_door()
        on_stderr("sealing")
        desk.wearer.until(lambda: bool(desk.wearer.sharing and sealed(desk, events)), 60 + events / 500)
        figures = {f"refused.{name}": float(was) for name, was in strangers.refused(desk.paired).items()}
        figures |= speed(desk, by)
        torn = Torn(desk, folder, by, chance)
        torn.tear(cuts)
        return figures | torn.figures(events)


def sealed(desk: Beside, events: int) -> bool:
    """Whether every whole segment of that many events lies in the outbox."""
    sharing = desk.wearer.sharing
    return sharing is not None and sharing.rows - sharing.unsealed >= events - 200


def speed(desk: Beside, by: str) -> dict[str, float]:
    """Plain rsync and a sync up to the ingest, each as often first: the second one finds the files in memory."""
    plain_s: list[float] = []
    sync_s: list[float] = []
    for number in range(ROUNDS):
        on_stderr(f"speed: round {number + 1} of {ROUNDS}")
        turns = [(plain_s, plainly), (sync_s, lambda desk: by_sync(desk, ways.transfer(by)))]
        for took_s, measure in turns if number % 2 == 0 else reversed(turns):
            took_s.append(measure(desk))
    ratios = [plain / ours for plain, ours in zip(plain_s, sync_s, strict=True)]
    return {
        "ratio.vs_rsync": statistics.median(ratios),
        "plain_s": statistics.median(plain_s),
        "sync_s": statistics.median(sync_s),
        "megabytes": sum(path.stat().st_size for path in desk.outbox()) / 1e6,
    }


def plainly(desk: Beside) -> float:
    """Seconds of rsync -a for all that waits, into an empty folder."""
    kit = desk.paired
    with tempfile.TemporaryDirectory() as there:
        command = ["rsync", "-a", "-e", " ".join(fetching.ssh(kit, "read_key")), f"{strangers.at(kit)}:/", there]
        begun_s = time.perf_counter()
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return time.perf_counter() - begun_s


def by_sync(desk: Beside, transfer: syncing.Transfer) -> float:
    """Seconds of a sync into an empty folder whose segments are verified and not taken in: so all stays there."""
    for path in desk.paired.incoming.glob("*.segment"):
        path.unlink()

    def look(segments: object, _keys: KitKeys) -> Ingested:
        return Ingested((), {})

    begun_s = time.perf_counter()
    syncing.sync(desk.paired, desk.home.workstation(), look, transfer, lambda line: None)
    took_s = time.perf_counter() - begun_s
    for path in desk.paired.incoming.glob("*.segment"):
        path.unlink()
    return took_s


class Torn:
    """A sync that is cut again and again."""

    def __init__(self, desk: Beside, folder: Path, by: str, chance: random.Random) -> None:
        self._desk, self._by = desk, by
        self._data = folder / "data"
        self._chance = chance
        self._wire = Wire(desk.port)
        home.note(desk.paired, port=self._wire.port)
        self.cuts = dict.fromkeys(KILLED, 0)
        self.early: set[str] = set()
        self.crashed = 0
        self._killed: set[str] = set()
        """Since they were started last."""
        self._child: subprocess.Popen[bytes] | None = None
        self._spans: dict[str, set[Place]] = {}
        self._had = set(self._asked(ROWS))
        """Before the first cut: of what the journal itself loses later nothing would be missed."""

    def tear(self, cuts: int) -> None:
        """Cut that often, while there is anything left, and then let it come to its end."""
        whole = sum(path.stat().st_size for path in self._desk.outbox())
        left, vain = whole, 0
        while left and (made := sum(self.cuts.values())) < cuts and vain < MOST_IN_VAIN:
            most = max(2 * LEAST_BYTES, 2 * left // (cuts - made + 1))
            kind = self._chance.choice(KILLED)
            self._wire.cut_after(self._chance.randint(1, most), partial(self._strike, kind))
            self._sync()
            self.cuts[kind] += self._wire.is_cut
            self._wire.leave()
            self._look_for_early()
            before, left = left, sum(path.stat().st_size for path in self._desk.outbox())
            vain = vain + 1 if (sum(self.cuts.values()), left) == (made, before) else 0
            on_stderr(f"cuts: {sum(self.cuts.values())}, {left / 1e6:.1f} of {whole / 1e6:.1f} MB wait")
        for _ in range(20):
            self._sync()
            self._look_for_early()
            if not self._desk.outbox() and self._sync() == 0:
                break
        self._wire.close()

    def figures(self, events: int) -> dict[str, float]:
        """What became of the record."""
        there = self._there()
        kept = self._had | set(self._asked(ROWS))
        return {
            "events": float(events),
            "cuts": float(sum(self.cuts.values())),
            **{f"cuts.{kind}": float(count) for kind, count in self.cuts.items()},
            "lost": float(len(kept - set(there))),
            "duplicated": float(len(there) - len(set(there))),
            "early_receipts": float(len(self.early)),
            "crashed": float(self.crashed),
        }

    def _sync(self) -> int:
        """The workstation's own program, through the wire; its exit code."""
        self._read_spans()
        given = ["--home", str(self._desk.home.folder), "--data", str(self._data), "--by", self._by]
        command = [sys.executable, "-m", "vybor_workshop", "sync", *given]
        quiet = subprocess.DEVNULL
        self._child = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        try:
            code = self._child.wait(ATTEMPT_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._child.pid, signal.SIGKILL)
            code = self._child.wait()
        self._start_again()
        self._desk.wait_for_door()
        return code

    def _start_again(self) -> None:
        """What has ended, by a kill or by itself."""
        for name in ("journal", "sync"):
            if not self._desk.kit.is_running(name):
                self.crashed += name not in self._killed
                self._killed.discard(name)
                self._desk.kit.start(name)

    def _strike(self, kind: str) -> None:
        self._killed.add(kind)
        if kind == "workstation" and self._child:
            os.killpg(self._child.pid, signal.SIGKILL)
        elif kind in ("sync", "journal"):
            self._desk.kit.kill(kind)
        if kind != "journal":
            self._wire.tear()

    def _look_for_early(self) -> None:
        """Segments that count as fetched, and are not."""
        told = {str(name) for (name,) in self._asked("SELECT name FROM segment WHERE receipt_at IS NOT NULL")}
        for folder in (self._desk.paired.receipts, self._desk.kit.state / "sync" / "inbox"):
            told |= {name for path in folder.glob(f"*{ENDING}") for name in named(path)}
        there = set(self._there())
        for name in told - self.early:
            if not self._span(name) <= there:
                self.early.add(name)

    def _span(self, name: str) -> set[Place]:
        """The rows of a segment; where it was sealed and fetched within one sync, as the journal counts them."""
        if name not in self._spans:
            ends = "SELECT first_boot, first_sequence, last_boot, last_sequence FROM segment WHERE name = ?"
            between = "(boot, sequence) >= (?1, ?2) AND (boot, sequence) <= (?3, ?4)"
            (told,) = self._asked(ends, name)
            found = self._asked(f"SELECT boot, sequence FROM row WHERE {between}", *told)
            self._spans[name] = {(int(str(boot)), int(str(sequence))) for boot, sequence in found}
        return self._spans[name]

    def _read_spans(self) -> None:
        """Which rows each segment has that waits, as the workstation would read them."""
        desk = self._desk
        keys = home.keys_of(desk.paired, desk.home.workstation())
        for path in desk.outbox():
            if path.name in self._spans:
                continue
            one = segment.Segment(path.name, path.read_bytes())
            lines = segment.opened(one, keys.open_with, keys.verify)
            self._spans[path.name] = {(row.boot, row.sequence) for row in rows.read(lines)}

    def _there(self) -> list[Place]:
        """The places of all rows of the data set."""
        found: list[Place] = []
        for path in sorted(self._data.glob("rows/kit=*/day=*/*.parquet")):
            table = parquet.read_table(path, columns=["boot", "sequence"], partitioning=None)
            found += zip(table["boot"].to_pylist(), table["sequence"].to_pylist(), strict=True)
        return found

    def _asked(self, question: str, *given: object) -> list[tuple[object, ...]]:
        """Ask the kit's journal."""
        database = sqlite3.connect(f"file:{self._desk.kit.state / 'journal.sqlite'}?mode=ro", uri=True)
        try:
            return database.execute(question, given).fetchall()
        finally:
            database.close()


def named(path: Path) -> list[str]:
    """The segments of a receipt, whoever signed it; none of one that is still being written."""
    try:
        told = msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
        return list(msgspec.json.decode(told["receipt"])["segments"])
    except (FileNotFoundError, msgspec.MsgspecError):
        return []


if __name__ == "__main__":
    main()
