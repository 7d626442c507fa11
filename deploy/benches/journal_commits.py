"""How long a decision takes to be on the disk, beside the same bytes in plain SQLite (WAL, FULL), turn by turn."""

import sqlite3  # noqa: TID251  (what the journal is held against)
import statistics
import time
from pathlib import Path

import msgspec

from benches.journal_writer import decision
from vybor.foundation import keys
from vybor.foundation.keys import Key
from vybor.journal import store

COMMITS = 400
WARM_UP = 20


def commits(folder: Path, count: int = COMMITS) -> dict[str, float]:
    """Medians in milliseconds, and the journal's as multiples of plain SQLite's; without a key, and with one."""
    raw = sqlite3.connect(folder / "raw.sqlite", isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("CREATE TABLE row (number INTEGER PRIMARY KEY, record BLOB NOT NULL)")
    bare = store.open_store(folder / "bare.sqlite", "boot")
    sealed = store.open_store(folder / "sealed.sqlite", "boot", keys.derived(Key(bytes(range(32))), "journal"))
    spent: dict[str, list[float]] = {"raw": [], "bare": [], "sealed": []}
    for number in range(1, count + WARM_UP + 1):
        one = decision(number)
        record = msgspec.msgpack.encode(one)
        began = time.perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT INTO row VALUES (?, ?)", (number, record))
        raw.execute("COMMIT")
        raw_done = time.perf_counter()
        bare.keep(one)
        bare_done = time.perf_counter()
        sealed.keep(one)
        done = time.perf_counter()
        times = (raw_done - began, bare_done - raw_done, done - bare_done)
        for of_kind, took in zip(spent.values(), times, strict=True):
            of_kind.append(1e3 * took)
    for opened in (raw, bare, sealed):
        opened.close()
    middle = {kind: statistics.median(times[WARM_UP:]) for kind, times in spent.items()}
    return {
        **{f"commit_ms.{kind}": took for kind, took in middle.items()},
        "ratio.commit.bare": middle["bare"] / middle["raw"],
        "ratio.commit.sealed": middle["sealed"] / middle["raw"],
        "ratio.commit": max(middle["bare"], middle["sealed"]) / middle["raw"],
    }
