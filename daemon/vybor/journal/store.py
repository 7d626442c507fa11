"""The journal's file: SQLite in WAL mode, synchronous=FULL, so that what was acknowledged outlives a power cut.

Order is (boot, sequence): the boot counter rises when the machine's boot id changes, the sequence with every row.
Wall time is kept for people only.
"""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.foundation import database as databases
from vybor.foundation import keys
from vybor.foundation.clock import local_time, wall_time
from vybor.foundation.database import Connection, DatabaseError, Error
from vybor.foundation.keys import Key
from vybor.journal import space, unlearning
from vybor.journal.leaving import Leaving
from vybor.journal.migrations import migrate
from vybor.journal.readable import latest, readable
from vybor.journal.unlearning import Unlearning
from vybor.segments.rows import Deletion, Kind, Span, Stretch, Utterance
from vybor.utterances.belonging import Place
from vybor.utterances.following import Following

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
DRAFT_LOOKS_BACK = 500
"""So many decisions are read to know what undo would bring back."""
DECISION, UTTERANCE, DELETION = Kind.DECISION.value, Kind.UTTERANCE.value, Kind.DELETION.value
MODEL = Kind.MODEL.value
STAYING = (DELETION, MODEL)
"""No text of the person's is in them, and they have to travel: they stay, whatever is deleted."""
IN_MEMORY_BYTES = 32 * 1024 * 1024
"""A larger file is written anew beside it on the disk: so much memory the journal does not have."""

MOST_COUNTED = 2**63 - 1
"""SQLite counts no further."""
CACHE_KIB = 512
"""What is read here is read once, at the file's end mostly: SQLite's usual 2 MB of old pages serve nobody."""
WAIT_MS, SWEEP_WAIT_MS = 5000, 50
"""For somebody else who holds the file; nobody waits for a sweep, which is tried again."""

_encode = msgspec.msgpack.Encoder().encode


class Store:
    """The open journal. One writer, this process."""

    def __init__(self, database: Connection, folder: Path, boot: int) -> None:
        self._database = database
        self._folder = folder
        self.boot = boot
        found = database.execute("SELECT max(sequence) FROM row WHERE boot = ?", (boot,)).fetchone()
        self._sequence: int = found[0] or 0
        self.kit: str = database.execute("SELECT number FROM kit").fetchone()[0]
        """The kit's number: 32 hex digits, made once."""
        self.leaving = Leaving(database, self._transaction)
        self._is_anew = False
        """Whether the file was written anew since the last deletion: then only its log is left to be emptied."""
        self._follow()

    def _follow(self) -> Unlearning:
        """Take in what the record says of the text at hand and of those before it."""
        self._following = Following()
        for decision in self.latest(DRAFT_LOOKS_BACK):
            self._following.tell(decision)
        self._unlearning: Unlearning | None = unlearning.followed(self._database)
        return self._unlearning

    def keep(self, decision: m.Decision) -> bool:
        """Write a decision; on return it is on the disk. The same decision again changes nothing.

        With one that spoke, whose characters it spoke is written; of a private text that is nobody's matter. What
        was chosen of a text before it became private is private from then on; whether there was such is returned.
        Raises Error if it could not be written; then nothing of it was.
        """
        if self._place(decision.session, decision.number):
            return False
        told, self._unlearning = self._unlearning or self._follow(), None  # what fails here is read anew
        decision, spans, was_spoken = told.tell(decision, (self.boot, self._sequence + 1))
        following = self._following.copy()
        spoken = following.tell(decision)
        rows = [(DECISION, decision.session, decision.number, _encode(decision))]
        if spoken and decision.learn:
            stretches = tuple(Stretch(one.text, one.origin) for one in spoken)
            said = Utterance(
                session=decision.session,
                number=decision.number,
                text=decision.said or decision.text_before,
                language=decision.language,
                stretches=stretches,
            )
            rows.append((UTTERANCE, f"{UTTERANCE} {decision.session}", decision.number, _encode(said)))
            told.beside((self.boot, self._sequence + 2))
        with self._transaction():
            is_open = unlearning.withhold(self._database, spans)
            if is_open and (was_spoken or self.leaving.may_have(spans)):
                rows.append(
                    (DELETION, f"{DELETION} {decision.session}", decision.number, _encode(Deletion(spans)))
                )
                self._database.execute("UPDATE kit SET epoch = epoch + 1")
            self._insert(rows)
            self.leaving.drop(spans)
        self._sequence += len(rows)
        self._following, self._unlearning = following, told
        return is_open

    @property
    def begin(self) -> Place | None:
        """Where the text at hand begins; None on an empty line. Raises Error."""
        return (self._unlearning or self._follow()).begin

    def keep_became(self, name: str, became: m.Became) -> None:
        """Write down what became of a bundle; the same name again changes nothing. Raises Error."""
        session = f"{MODEL} {name}"
        if self._place(session, 0):
            return
        with self._transaction():
            self._insert([(MODEL, session, 0, _encode(became))])
        self._sequence += 1

    def _insert(self, rows: Iterable[tuple[str, str, int, bytes]]) -> None:
        """Rows behind the last one: kind, session, number, record."""
        at = local_time()
        self._database.executemany(
            "INSERT INTO row (boot, sequence, kind, at, session, number, record) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (self.boot, self._sequence + 1 + place, kind, at, session, number, record)
                for place, (kind, session, number, record) in enumerate(rows)
            ),
        )

    def latest(self, count: int) -> list[m.Decision]:
        """The newest decisions, oldest first."""
        return latest(self._database, count)

    def after(
        self, session: str, number: int, count: int
    ) -> tuple[Iterator[m.Decision], Iterator[m.Decision]] | None:
        """Decisions before and with one, and at most `count` after it, each oldest first, read as they are taken.

        The earlier ones tell what an undo undoes. None if that decision is not there. No session: from the
        beginning. Raises Error, and so does each step.
        """
        place = self._place(session, number)
        if place is None:
            return None
        return self._earlier(place), self._records("(boot, sequence) > (?, ?)", place, count)

    def later(self, session: str, number: int, count: int) -> list[m.Decision] | None:
        """The same without the earlier ones."""
        place = self._place(session, number)
        if place is None:
            return None
        return list(self._records("(boot, sequence) > (?, ?)", place, count))

    def _place(self, session: str, number: int) -> tuple[int, int] | None:
        """Where a decision stands, before the first one if no session is named; None if it is not there."""
        if not session:
            return 0, 0
        if not -MOST_COUNTED <= number <= MOST_COUNTED:
            return None
        known = "SELECT boot, sequence FROM row WHERE session = ? AND number = ?"
        found: tuple[int, int] | None = self._database.execute(known, (session, number)).fetchone()
        return found

    def _earlier(self, place: Place) -> Iterator[m.Decision]:
        """The last ones up to a place; so many that an undo is understood."""
        first = (
            "SELECT boot, sequence FROM row WHERE kind = ? AND (boot, sequence) <= (?, ?)"
            " ORDER BY boot DESC, sequence DESC LIMIT 1 OFFSET ?"
        )
        asked = (DECISION, *place, DRAFT_LOOKS_BACK - 1)
        begin = self._database.execute(first, asked).fetchone() or (0, 0)
        return self._records(
            "(boot, sequence) >= (?, ?) AND (boot, sequence) <= (?, ?)", (*begin, *place), DRAFT_LOOKS_BACK
        )

    def _records(self, which: str, places: tuple[int, ...], count: int) -> Iterator[m.Decision]:
        told = f"SELECT record FROM row WHERE kind = ? AND {which} ORDER BY boot, sequence"
        return readable(self._database.execute(told, (DECISION, *places)), count)

    # --- all of it, and what is to be gone ----------------------------------------------------------------

    @property
    def epoch(self) -> int:
        """How often something was deleted."""
        found: int = self._database.execute("SELECT epoch FROM kit").fetchone()[0]
        return found

    @property
    def oldest(self) -> Place:
        """The place of the first decision; 0 and 0 where there is none."""
        first = "SELECT boot, sequence FROM row WHERE kind = ? ORDER BY boot, sequence LIMIT 1"
        found: Place | None = self._database.execute(first, (DECISION,)).fetchone()
        return found or (0, 0)

    @property
    def newest(self) -> Place:
        """The place of the last row; 0 and 0 where there is none."""
        newest = "SELECT boot, sequence FROM row ORDER BY boot DESC, sequence DESC LIMIT 1"
        found: Place | None = self._database.execute(newest).fetchone()
        return found or (0, 0)

    def rows(self, after: Place, count: int) -> list[m.KeptRow]:
        """The rows of every kind after a place, oldest first."""
        told = (
            "SELECT boot, sequence, at, kind, record FROM row WHERE (boot, sequence) > (?, ?)"
            " ORDER BY boot, sequence LIMIT ?"
        )
        return self._kept(told, after, count)

    def rows_before(self, before: Place, count: int) -> list[m.KeptRow]:
        """The rows of every kind before a place, newest first."""
        told = (
            "SELECT boot, sequence, at, kind, record FROM row WHERE (boot, sequence) < (?, ?)"
            " ORDER BY boot DESC, sequence DESC LIMIT ?"
        )
        return self._kept(told, before, count)

    def _kept(self, told: str, place: Place, count: int) -> list[m.KeptRow]:
        boot, sequence = (max(-MOST_COUNTED, min(MOST_COUNTED, number)) for number in place)
        return [
            m.KeptRow(boot=boot, sequence=sequence, at=at, kind=kind, record=record)
            for boot, sequence, at, kind, record in self._database.execute(told, (boot, sequence, count))
        ]

    def deletion_of(self, request: str) -> Deletion | None:
        """What was deleted for this request, if that was done: the same wish may come again after a restart."""
        place = self._place(f"{DELETION} {request}", 0)
        if place is None:
            return None
        told = "SELECT record FROM row WHERE boot = ? AND sequence = ?"
        record: bytes = self._database.execute(told, place).fetchone()[0]
        return msgspec.msgpack.decode(record, type=Deletion)

    def erase(self, deletion: Deletion, changed: Iterable[tuple[Place, bytes]], request: str) -> None:
        """Delete rows, put others in place of theirs, and write down that it was done: all of it, or nothing.

        That nothing is to be learned outlives what said so. Bytes of what goes are in the file until `sweep` has
        been done. Raises Error.
        """
        latest = self.latest(1)
        kept: list[tuple[str, str, int, bytes]] = []
        with self._transaction():
            self._delete(deletion.spans)
            if latest and latest[0].incognito and self._place(latest[0].session, latest[0].number) is None:
                bare = bare_of(latest[0])
                kept = [(DECISION, bare.session, bare.number, _encode(bare))]
            self._database.executemany(
                "UPDATE row SET record = ? WHERE boot = ? AND sequence = ?",
                ((record, *place) for place, record in changed),
            )
            self._insert([(DELETION, f"{DELETION} {request}", 0, _encode(deletion)), *kept])
            self.leaving.drop((*deletion.spans, *deletion.offers))
            self._database.execute("UPDATE kit SET epoch = epoch + 1, sweep = 1")
        self._is_anew = False
        self._sequence += 1 + len(kept)
        self._follow()

    def _delete(self, spans: Iterable[Span]) -> None:
        """Some kinds of rows stay."""
        self._database.executemany(
            "DELETE FROM row WHERE boot = ? AND sequence BETWEEN ? AND ? AND kind NOT IN (?, ?)",
            ((span.boot, span.first, span.last, *STAYING) for span in spans),
        )

    @property
    def owes_sweep(self) -> bool:
        """Whether bytes of what was deleted may still be there."""
        return bool(self._database.execute("SELECT sweep FROM kit").fetchone()[0])

    def sweep(self) -> bool:
        """Write the file anew without what was deleted, and empty its log; False: another one reads it.

        Then no byte of it is left in the file or in its log. What the disk keeps below its file system is out of
        reach. A year's record takes its time. Raises Error, NoRoom among them; what was begun takes no room then.
        """
        self._database.execute(f"PRAGMA busy_timeout = {SWEEP_WAIT_MS}")
        try:
            if not self._is_anew:
                self._empty_log()  # what an end has left there of an earlier attempt is room
                space.check(self._database, self._folder, IN_MEMORY_BYTES)
                self._write_anew()
            is_swept = self._empty_log()
        finally:
            self._database.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
        if is_swept:
            self._database.execute("UPDATE kit SET sweep = 0")
        return is_swept

    def _write_anew(self) -> None:
        try:
            self._database.execute("VACUUM")
        except Error:
            with contextlib.suppress(Error):
                self._empty_log()  # it keeps its size otherwise, and the disk stays full
            raise
        self._is_anew = True

    def _empty_log(self) -> bool:
        """Whether that could be done: nobody else reads it."""
        busy, _, _ = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

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
        finally:
            if self._database.in_transaction:  # a full disk may have rolled back by itself
                with contextlib.suppress(Error):
                    self._database.execute("ROLLBACK")


def bare_of(decision: m.Decision) -> m.Decision:
    """A decision that says nothing but that nothing is learned from here on."""
    return m.Decision(
        at_ns=decision.at_ns,
        session=decision.session,
        number=decision.number,
        action=m.Action.PRIVACY,
        slot=-1,
        written="",
        text_before="",
        text_after="",
        offer=0,
        shown=(),
        evidence=decision.evidence,
        language=decision.language,
        learn=False,
        incognito=decision.incognito,
    )


def open_store(path: Path, machine: str, key: Key = keys.NONE) -> Store:
    """Open the journal, making it if there is none; `machine` is the boot id.

    Raises DatabaseError for a damaged file and OperationalError where it cannot be opened, Locked among them.
    """
    database = databases.opened(path, key)
    database.text_factory = lambda text: text.decode(errors="replace")  # one bad letter hides no row
    try:
        with databases.telling_damage():
            if (verdict := database.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise DatabaseError(verdict)
            migrate(database)
            database.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            return Store(database, path.parent, _boot(database, machine))
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


def _boot(database: Connection, machine: str) -> int:
    newest = database.execute("SELECT boot, machine FROM boot ORDER BY boot DESC LIMIT 1").fetchone()
    if newest and newest[1] == machine:
        same: int = newest[0]
        return same
    number = (newest[0] if newest else 0) + 1
    database.execute("INSERT INTO boot VALUES (?, ?, ?)", (number, machine, wall_time()))
    return number
