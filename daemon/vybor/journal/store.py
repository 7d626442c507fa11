"""The journal's file: SQLite in WAL mode, synchronous=FULL, so that what was acknowledged outlives a power cut.

Order is (boot, sequence): the boot counter rises when the machine's boot id changes, the sequence with every row.
Wall time is kept for people only.
"""

import contextlib
import itertools
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.foundation import database as databases
from vybor.foundation import keys
from vybor.foundation.clock import wall_time
from vybor.foundation.database import Connection, DatabaseError, Error, OperationalError
from vybor.foundation.keys import Key
from vybor.journal.leaving import Leaving, m004_leaving

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
DRAFT_LOOKS_BACK = 500
"""So many decisions are read to know what undo would bring back."""
DECISION = "decision"

log = logging.getLogger("vybor.journal")

_encode = msgspec.msgpack.Encoder().encode
_decision = msgspec.msgpack.Decoder(m.Decision)


def _m001_decisions(database: Connection) -> None:
    database.execute("CREATE TABLE boot (boot INTEGER PRIMARY KEY, machine TEXT NOT NULL, began TEXT NOT NULL)")
    database.execute(
        "CREATE TABLE decision (boot INTEGER NOT NULL, sequence INTEGER NOT NULL, session TEXT NOT NULL,"
        " number INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY (boot, sequence), UNIQUE (session, number))"
        " WITHOUT ROWID"
    )


def _m002_rows(database: Connection) -> None:
    """Decisions are one kind of row; each has its time on the wall, and the kit has a number."""
    database.execute("ALTER TABLE decision RENAME TO row")
    database.execute("ALTER TABLE row ADD COLUMN kind TEXT NOT NULL DEFAULT 'decision'")
    database.execute("ALTER TABLE row ADD COLUMN at TEXT NOT NULL DEFAULT ''")
    database.execute("CREATE TABLE kit (number TEXT PRIMARY KEY)")
    database.execute("INSERT INTO kit VALUES (?)", (secrets.token_hex(16),))


MIGRATIONS: Sequence[Callable[[Connection], None]] = (_m001_decisions, _m002_rows, m004_leaving)


class Store:
    """The open journal. One writer, this process."""

    def __init__(self, database: Connection, boot: int) -> None:
        self._database = database
        self.boot = boot
        found = database.execute("SELECT max(sequence) FROM row WHERE boot = ?", (boot,)).fetchone()
        self._sequence: int = found[0] or 0
        self.kit: str = database.execute("SELECT number FROM kit").fetchone()[0]
        """The kit's number: 32 hex digits, made once."""
        self.leaving = Leaving(database, self._transaction)

    def keep(self, decision: m.Decision) -> None:
        """Write a decision; on return it is on the disk. The same decision again changes nothing.

        Raises Error if it could not be written; then nothing of it was.
        """
        record = _encode(decision)
        with self._transaction():
            cursor = self._database.execute(
                "INSERT INTO row (boot, sequence, kind, at, session, number, record) VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (session, number) DO NOTHING",
                (self.boot, self._sequence + 1, DECISION, wall_time(), decision.session, decision.number, record),
            )
        self._sequence += cursor.rowcount

    def latest(self, count: int) -> list[m.Decision]:
        """The newest decisions, oldest first."""
        rows = self._database.execute(
            "SELECT record FROM row WHERE kind = ? ORDER BY boot DESC, sequence DESC", (DECISION,)
        )
        return _readable(rows, count)[::-1]

    def after(self, session: str, number: int, count: int) -> tuple[list[m.Decision], int] | None:
        """The decisions after one, at most `count`, oldest first, and before them earlier ones.

        Those tell what an undo undoes; how many they are is returned too. None if that decision is not there. No
        session: from the beginning.
        """
        place = self._place(session, number)
        if place is None:
            return None
        earlier = self._records(
            "(boot, sequence) <= (?, ?) ORDER BY boot DESC, sequence DESC", place, DRAFT_LOOKS_BACK
        )
        later = self._records("(boot, sequence) > (?, ?) ORDER BY boot, sequence", place, count)
        return [*reversed(earlier), *later], len(earlier)

    def later(self, session: str, number: int, count: int) -> list[m.Decision] | None:
        """The same without the earlier ones."""
        place = self._place(session, number)
        if place is None:
            return None
        return self._records("(boot, sequence) > (?, ?) ORDER BY boot, sequence", place, count)

    def _place(self, session: str, number: int) -> tuple[int, int] | None:
        """Where a decision stands, before the first one if no session is named; None if it is not there."""
        if not session:
            return 0, 0
        known = "SELECT boot, sequence FROM row WHERE session = ? AND number = ?"
        found: tuple[int, int] | None = self._database.execute(known, (session, number)).fetchone()
        return found

    def _records(self, which: str, place: tuple[int, int], count: int) -> list[m.Decision]:
        told = f"SELECT record FROM row WHERE kind = ? AND {which}"
        return _readable(self._database.execute(told, (DECISION, *place)), count)

    def count(self) -> int:
        """How many decisions there are."""
        counted: int = self._database.execute("SELECT count(*) FROM row WHERE kind = ?", (DECISION,)).fetchone()[0]
        return counted

    def close(self) -> None:
        """Close the file; the WAL is folded in."""
        self._database.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except Error:
            with contextlib.suppress(Error):  # a full disk may have rolled back by itself
                self._database.execute("ROLLBACK")
            raise


def open_store(path: Path, machine: str, key: Key = keys.NONE) -> Store:
    """Open the journal, making it if there is none; `machine` is the boot id.

    Raises DatabaseError for a damaged file and OperationalError where it cannot be opened, Locked among them.
    """
    database = databases.opened(path, key)
    try:
        if (verdict := database.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise DatabaseError(verdict)
        _migrate(database)
        return Store(database, _boot(database, machine))
    except Error:
        database.close()
        raise


def records(database: Connection) -> list[bytes]:
    """Every decision's record of a file that this process only reads, oldest first; it may be of an older version.

    Raises Error.
    """
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    told = "FROM decision" if version < 2 else f"FROM row WHERE kind = '{DECISION}'"
    return [row[0] for row in database.execute(f"SELECT record {told} ORDER BY boot, sequence")]


def _readable(rows: Iterable[tuple[bytes]], count: int) -> list[m.Decision]:
    """So many decisions, as far as there are: those that cannot be read hide none behind them."""
    return list(itertools.islice((decision for row in rows if (decision := _read(row[0]))), count))


def _read(record: bytes) -> m.Decision | None:
    """A decision, or None for what this version cannot read: a newer kit may have written it."""
    try:
        return _decision.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        log.warning("a record is left out: %s", error)
        return None


def set_aside(path: Path) -> Path:
    """Move a damaged journal out of the way, with its WAL, and return its new name. Nothing is deleted."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    for ending in databases.PARTS:
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _migrate(database: Connection) -> None:
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise OperationalError(
            f"a newer version wrote it (format {version}, this one knows {len(MIGRATIONS)}); update the kit"
        )
    for number, migration in enumerate(MIGRATIONS[version:], start=version + 1):
        database.execute("BEGIN IMMEDIATE")
        migration(database)
        database.execute(f"PRAGMA user_version = {number}")
        database.execute("COMMIT")


def _boot(database: Connection, machine: str) -> int:
    newest = database.execute("SELECT boot, machine FROM boot ORDER BY boot DESC LIMIT 1").fetchone()
    if newest and newest[1] == machine:
        same: int = newest[0]
        return same
    number = (newest[0] if newest else 0) + 1
    database.execute("INSERT INTO boot VALUES (?, ?, ?)", (number, machine, wall_time()))
    return number
