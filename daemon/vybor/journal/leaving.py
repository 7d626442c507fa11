"""What the journal knows of what leaves: for which workstation, whether the wearer agreed, how far it is sealed.

Rows are sealed in their order; the *mark* is the last one that was, or that never will be. A segment stays until
the workstation's receipt for it is in here.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

from vybor.foundation.clock import wall_time
from vybor.foundation.database import Connection
from vybor.segments.rows import Span


def m004_leaving(database: Connection) -> None:
    """The kit signs what it seals; segments are known until long after they are fetched."""
    database.execute("ALTER TABLE kit ADD COLUMN signing_key BLOB NOT NULL DEFAULT x''")
    database.execute("UPDATE kit SET signing_key = ?", (secrets.token_bytes(32),))
    database.execute(
        "CREATE TABLE segment (name TEXT PRIMARY KEY, workstation TEXT NOT NULL, first_boot INTEGER NOT NULL,"
        " first_sequence INTEGER NOT NULL, last_boot INTEGER NOT NULL, last_sequence INTEGER NOT NULL,"
        " rows INTEGER NOT NULL, bytes INTEGER NOT NULL, sealed_at TEXT NOT NULL, receipt_at TEXT) WITHOUT ROWID"
    )
    database.execute("CREATE INDEX waiting ON segment (workstation) WHERE receipt_at IS NULL")
    database.execute(
        "CREATE TABLE leaving (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), name TEXT NOT NULL,"
        " seals_to TEXT NOT NULL, verifies_with TEXT NOT NULL, paired_at TEXT NOT NULL,"
        " agreed INTEGER NOT NULL DEFAULT 0, boot INTEGER NOT NULL DEFAULT 0, sequence INTEGER NOT NULL DEFAULT 0,"
        " synced_at TEXT NOT NULL DEFAULT '')"
    )


def m005_owed(database: Connection) -> None:
    """Whether the outbox is to be emptied; whether the workstation may have rows, and is to hear of deletions."""
    database.execute("ALTER TABLE kit ADD COLUMN clear INTEGER NOT NULL DEFAULT 0")
    database.execute("ALTER TABLE leaving ADD COLUMN had INTEGER NOT NULL DEFAULT 0")
    fetched = "EXISTS (SELECT 1 FROM segment WHERE workstation = seals_to)"
    database.execute(f"UPDATE leaving SET had = agreed OR {fetched}")


class Place(NamedTuple):
    """Where a row stands."""

    boot: int
    sequence: int


BEFORE_ALL = Place(0, 0)
BEHIND_ALL = Place(2**63 - 1, 0)


class Kept(NamedTuple):
    """A row as it lies in the journal."""

    place: Place
    kind: str
    at: str
    record: bytes


class Paired(NamedTuple):
    """The workstation that this kit is paired with, and how far things are."""

    name: str
    seals_to: str
    """Its X25519 key, in hex: segments are sealed to it…"""
    verifies_with: str
    """…and its Ed25519 key: receipts are signed with it."""
    agreed: bool
    """Whether the wearer agreed on the screen that what they write goes there."""
    had: bool
    """Whether they ever did: then it may have rows, and hears what is to be forgotten of them."""
    mark: Place
    synced_at: str


class Written(NamedTuple):
    """A segment that lies in the outbox."""

    name: str
    first: Place
    last: Place
    rows: int
    size: int


class Leaving:
    """The tables `leaving` and `segment`."""

    def __init__(self, database: Connection, transaction: Callable[[], AbstractContextManager[None]]) -> None:
        self._database = database
        self._transaction = transaction

    def signing_key(self) -> bytes:
        """The seed of the key that this kit signs with."""
        key: bytes = self._database.execute("SELECT signing_key FROM kit").fetchone()[0]
        return key

    def paired(self) -> Paired | None:
        """The workstation, if there is one."""
        told = self._database.execute(
            "SELECT name, seals_to, verifies_with, agreed, had, boot, sequence, synced_at FROM leaving"
        ).fetchone()
        if told is None:
            return None
        name, seals_to, verifies_with, agreed, had, boot, sequence, synced_at = told
        return Paired(name, seals_to, verifies_with, bool(agreed), bool(had), Place(boot, sequence), synced_at)

    def pair(self, name: str, seals_to: str, verifies_with: str) -> None:
        """From now on it is this workstation. Another one than before gets all rows, once the wearer agrees.

        One that was removed has what it fetched, or may have read without a receipt: it hears of deletions,
        whether the wearer agrees again or not.
        """
        known = self.paired()
        with self._transaction():
            if known and (known.seals_to, known.verifies_with) == (seals_to, verifies_with):
                self._database.execute("UPDATE leaving SET name = ?, paired_at = ?", (name, wall_time()))
                return
            self._let_go()
            self._database.execute(
                "INSERT INTO leaving (only_one, name, seals_to, verifies_with, paired_at, had)"
                " VALUES (1, ?, ?, ?, ?, EXISTS (SELECT 1 FROM segment WHERE workstation = ?))",
                (name, seals_to, verifies_with, wall_time(), seals_to),
            )

    def unpair(self) -> None:
        """Nothing leaves any more."""
        with self._transaction():
            self._let_go()
            self._owe_clear()

    def _let_go(self) -> None:
        """Of the workstation only that it may have rows stays known: as a segment of none, which covers no row.

        Segments without a receipt are none any more, though some may have been read: what stands in them of
        deletions is not taken for told.
        """
        now = wall_time()
        self._database.execute("DELETE FROM segment WHERE receipt_at IS NULL")
        self._database.execute(
            "INSERT OR IGNORE INTO segment SELECT 'had by ' || seals_to, seals_to, 0, 0, 0, 0, 0, 0, ?, ?"
            " FROM leaving WHERE had",
            (now, now),
        )
        self._database.execute("DELETE FROM leaving")

    def agree(self, agreed: bool) -> None:
        """The wearer agrees, or takes it back: then what was not fetched yet does not wait any more."""
        with self._transaction():
            self._database.execute("UPDATE leaving SET agreed = ?, had = had OR ?", (int(agreed), int(agreed)))
            if not agreed:
                self._drop_from(BEFORE_ALL)
                self._owe_clear()

    @property
    def owes_clear(self) -> bool:
        """Whether nothing at all may lie in the outbox, nor beside a record that was set aside."""
        found: int = self._database.execute("SELECT clear FROM kit").fetchone()[0]
        return bool(found)

    def owe_clear(self) -> None:
        """From now on, until it is done: whatever ends this process meanwhile."""
        with self._transaction():
            self._owe_clear()

    def cleared(self) -> None:
        """It is done."""
        with self._transaction():
            self._database.execute("UPDATE kit SET clear = 0")

    def _owe_clear(self) -> None:
        self._database.execute("UPDATE kit SET clear = 1")

    def forget(self, spans: Iterable[Span]) -> None:
        """Rows were deleted: segments that have them and wait still are dropped, and the rest is sealed anew."""
        with self._transaction():
            self.drop(spans)

    def drop(self, spans: Iterable[Span]) -> None:
        """The same within a transaction of the caller's: rows and what waits of them go together or not at all."""
        gone = [(Place(span.boot, span.first), Place(span.boot, span.last)) for span in spans]
        if not gone:  # as with nearly every choice: then what waits is not looked at
            return
        hit = [one.first for one in self.unfetched() if any(f <= one.last and one.first <= t for f, t in gone)]
        if hit:
            self._drop_from(min(hit))

    def missing(self, names: Iterable[str]) -> None:
        """These segments are not in the outbox, though nobody said to have them: their rows are sealed anew."""
        lost = set(names)
        hit = [one.first for one in self.unfetched() if one.name in lost]
        if hit:
            with self._transaction():
                self._drop_from(min(hit))

    def _drop_from(self, place: Place) -> None:
        """Unfetched segments from there on are none any more."""
        dropped = [one for one in self.unfetched() if one.first >= place]
        if not dropped:
            return
        self._database.executemany("DELETE FROM segment WHERE name = ?", [(one.name,) for one in dropped])
        first = dropped[0].first
        self._database.execute(
            "UPDATE leaving SET boot = ?, sequence = ? WHERE (boot, sequence) >= (?, ?)",
            (first.boot, first.sequence - 1, *first),
        )

    def after(self, place: Place, count: int, until: Place | None = None) -> list[Kept]:
        """The next rows of the record, `until` and what follows not among them."""
        rows = self._database.execute(
            "SELECT boot, sequence, kind, at, record FROM row WHERE (boot, sequence) > (?, ?)"
            " AND (boot, sequence) < (?, ?) ORDER BY boot, sequence LIMIT ?",
            (*place, *(until or BEHIND_ALL), count),
        )
        return [Kept(Place(boot, sequence), kind, at, record) for boot, sequence, kind, at, record in rows]

    def untold(self, kind: str, count: int) -> list[Kept]:
        """The first rows of a kind that are in no segment for the workstation, fetched or not."""
        rows = self._database.execute(
            "SELECT boot, sequence, kind, at, record FROM row WHERE kind = ? AND NOT EXISTS"
            " (SELECT 1 FROM segment JOIN leaving ON workstation = seals_to"
            " WHERE (first_boot, first_sequence) <= (row.boot, row.sequence)"
            " AND (last_boot, last_sequence) >= (row.boot, row.sequence)) ORDER BY boot, sequence LIMIT ?",
            (kind, count),
        )
        return [Kept(Place(boot, sequence), kind, at, record) for boot, sequence, kind, at, record in rows]

    def passed(self, mark: Place | None, written: Written | None) -> None:
        """Rows up to the mark lie in this segment, which is on the disk; without one, none of them leaves.

        No mark: some that stand behind it do, and those before them will.
        """
        with self._transaction():
            if written:
                self._database.execute(
                    "INSERT INTO segment VALUES (?, (SELECT seals_to FROM leaving), ?, ?, ?, ?, ?, ?, ?, NULL)",
                    (written.name, *written.first, *written.last, written.rows, written.size, wall_time()),
                )
            if mark:
                self._database.execute("UPDATE leaving SET boot = ?, sequence = ?", mark)

    def fetched(self, names: Sequence[str]) -> list[str]:
        """A receipt came for these; on return that is on the disk. The names that this kit had sealed."""
        known = {one.name for one in self.unfetched()}
        mine = [name for name in names if name in known]
        now = wall_time()
        with self._transaction():
            told = [(now, name) for name in mine]
            self._database.executemany("UPDATE segment SET receipt_at = ? WHERE name = ?", told)
            self._database.execute("UPDATE leaving SET synced_at = ?", (now,))
        return mine

    def unfetched(self) -> list[Written]:
        """The segments that wait, in the order of the record."""
        rows = self._database.execute(
            "SELECT name, first_boot, first_sequence, last_boot, last_sequence, rows, bytes FROM segment"
            " WHERE receipt_at IS NULL ORDER BY first_boot, first_sequence"
        )
        return [
            Written(name, Place(fb, fs), Place(lb, ls), count, size) for name, fb, fs, lb, ls, count, size in rows
        ]

    def unsealed(self, mark: Place, until: Place | None = None) -> int:
        """How many rows stand behind the mark and before `until`, at most.

        Which of them stay, or are gone, nobody knows here.
        """
        ends = self._database.execute(
            "SELECT boot, coalesce((SELECT max(sequence) FROM row WHERE row.boot = boot.boot), 0) FROM boot"
            " WHERE boot BETWEEN ? AND ?",
            (mark.boot, (until or BEHIND_ALL).boot),
        )
        return sum(
            max(0, (until.sequence - 1 if until and boot == until.boot else last) - _passed(mark, boot))
            for boot, last in ends
        )

    def may_have(self, spans: Iterable[Span]) -> bool:
        """Whether the workstation may have a row of these: it was sealed, or the mark has passed it."""
        paired = self.paired()
        known = (
            "SELECT EXISTS (SELECT 1 FROM segment WHERE (first_boot, first_sequence) <= (?, ?)"
            " AND (last_boot, last_sequence) >= (?, ?))"
        )
        return any(
            (paired is not None and paired.mark >= (span.boot, span.first))
            or self._database.execute(known, (span.boot, span.last, span.boot, span.first)).fetchone()[0]
            for span in spans
        )


def _passed(mark: Place, boot: int) -> int:
    """Up to which row of a boot all is passed."""
    return mark.sequence if boot == mark.boot else 0
