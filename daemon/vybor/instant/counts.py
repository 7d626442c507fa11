"""The file of a person's own counts: words, pairs and triples of what they said, in one SQLite database.

    followers  before, word, seen         what came after no word, one or two ("^" begins a sentence)
    written    word, inside, form, seen   how a word was written inside a sentence, or at its start
    texts      digest, seen               which texts are counted: what was never learned is never forgotten
    recent     place, digest, words       the last texts in their order, folded, a sentence on a line
    meta       key, value                 the version, the decision of the journal that was counted last, by
                                          which numbers it was pruned (pruning.py), and whether bytes of
                                          what was taken back may still be there

The texts themselves are in the journal, from which all of this can be counted again: so a commit waits for no disk
(WAL, synchronous=NORMAL), and a damaged file is begun anew. Deleted rows are overwritten (secure_delete).

A page may rot while the kit runs: every reading raises DatabaseError for what this module cannot have
written, so that no noise is offered as a word.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import msgspec

from vybor.contracts.numbers import CountsNumbers
from vybor.foundation import database, keys
from vybor.foundation.database import MEMORY, DatabaseError, Error, OperationalError
from vybor.foundation.keys import Key
from vybor.instant.expectation import Seen
from vybor.instant.pattern import EVERY_WORD, Pattern
from vybor.instant.pruning import Kept, Row, let_go, names_in, rows_of, strictest
from vybor.instant.texts import BEGIN, Context, Sentence, counted, folded, key_of

SCHEMA_VERSION = "3"
SCHEMA = """
CREATE TABLE IF NOT EXISTS followers (before TEXT NOT NULL, word TEXT NOT NULL, seen INTEGER NOT NULL,
                                      PRIMARY KEY (before, word)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS written (word TEXT NOT NULL, inside INTEGER NOT NULL, form TEXT NOT NULL,
                                    seen INTEGER NOT NULL, PRIMARY KEY (word, inside, form)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (digest BLOB PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recent (place INTEGER PRIMARY KEY, digest BLOB NOT NULL, words TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
SWEEP, DUE = "sweep", "1"
"""The row of `meta` that is there as long as a sweep is owed."""
PRUNED = "pruned"
"""The row of `meta` that has the numbers by which rows were let go."""
BUSY_S = 2.0
NEW = 0
"""The number of a mark before the first decision."""
MOST_RECENT = 100
"""So many of the last texts are told as recent…"""
MOST_KEPT = MOST_RECENT + 200
"""…and so many are kept, since two hundred can be undone: then those before count again."""
MOST_KNOWN = 512
"""So many answers are kept in memory; those of thousands of words are asked for again and again."""

NO_TEXT = "Could not decode to UTF-8"
"""What SQLite's OperationalError begins with where the bytes of a row are no text."""
Counts = TypeVar("Counts", bound=tuple[object, ...])
Rows = TypeVar("Rows")


class Mark(msgspec.Struct, frozen=True):
    """A decision of the journal: a run of the deciding process, and its number there."""

    session: str = ""
    number: int = NEW


class Change(msgspec.Struct, frozen=True):
    """A text that was said, or that was taken back."""

    text: str
    said: bool = True


def is_damage(error: Error) -> bool:
    """Whether what is in the file is wrong, and not the place where it lies (a full disk, say)."""
    return not isinstance(error, OperationalError)


class CountsFile:
    """The counts of one person in one language. Raises Error where the disk does (see `is_damage`)."""

    def __init__(self, path: Path = MEMORY, key: Key = keys.NONE) -> None:
        """Open a file, made if it is not there; raises DatabaseError for a damaged or a newer one, and Locked."""
        self._database = database.opened(path, key, durable=False, wait_s=BUSY_S, one_thread=False)
        try:
            with database.telling_damage():
                self._prepare()
        except Error:
            self._database.close()
            raise
        self._known: OrderedDict[_Lookup, Seen] = OrderedDict()
        self._recent: tuple[Sentence, ...] | None = None
        self._version = -1

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def check(self) -> None:
        """Look at every page (21 MB: 0.13 s, from a cold disk 0.3 s); raises DatabaseError if one is bad."""
        (verdict,) = self._database.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise DatabaseError(verdict.splitlines()[-1])

    def change(self, changes: Iterable[Change], mark: Mark | None = None) -> int:
        """Count texts in or out in one transaction; returns how many were.

        What is not counted is not taken out.
        """
        done = 0
        with self._transaction():
            for change in changes:
                done += self._change(change)
                if not change.said:
                    self._put(SWEEP, DUE)
            if mark:
                self._put("session", mark.session)
                self._put("number", str(mark.number))
        return done

    def forget_all(self) -> None:
        """Begin anew."""
        with self._transaction():
            for table in ("followers", "written", "texts", "recent"):
                self._database.execute(f"DELETE FROM {table}")
            self._database.execute("DELETE FROM meta WHERE key IN ('session', 'number', 'pruned')")
            self._put(SWEEP, DUE)

    @property
    def owes_sweep(self) -> bool:
        """Whether bytes of what was taken back may still be there."""
        return bool(self._database.execute("SELECT 1 FROM meta WHERE key = ?", (SWEEP,)).fetchone())

    def compact(self) -> bool:
        """Write the file anew without what was deleted; returns whether the sweep is done.

        Then no byte of it is left in the file, in its WAL or in a folder of passing files. What the disk keeps
        below its file system is out of reach. False: another connection still reads the WAL; it is owed.
        """
        self._database.execute("VACUUM")
        busy, _, _ = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            self._database.execute("DELETE FROM meta WHERE key = ?", (SWEEP,))
        return not busy

    @property
    def pruned(self) -> CountsNumbers | None:
        """By which numbers rows were let go, taken together; None: all are there."""
        found = self._read("SELECT value FROM meta WHERE key = ?", (PRUNED,), list[tuple[str]])
        try:
            return msgspec.json.decode(found[0][0], type=CountsNumbers) if found else None
        except msgspec.MsgspecError as error:
            raise DatabaseError(f"what it was pruned by cannot be understood: {error}") from None

    def kept(self, phrases: Iterable[str], texts: int) -> Kept:
        """What is never let go: of these phrases, of so many texts said last, and names."""
        query = "SELECT words FROM recent ORDER BY place DESC LIMIT ?"
        lately = [words for (words,) in self._read(query, (texts,), list[tuple[str]])]
        said = [tuple(line.split()) for words in lately for line in words.splitlines()]
        rows = set(rows_of((*said, *(sentence for phrase in phrases for sentence in folded(phrase)))))
        written = "SELECT word, form, seen FROM written WHERE inside = 1"
        return Kept(rows, names_in(self._read(written, (), list[tuple[str, str, int]])))

    def prune(self, numbers: CountsNumbers, kept: Kept, behind: Row, most: int) -> tuple[Row | None, int]:
        """Look at so many rows behind this one and let go of some, in one transaction.

        Returns where to go on, None at the end, and how many went.
        """
        query = (
            "SELECT before, word, seen FROM followers WHERE (before, word) > (?, ?) ORDER BY before, word LIMIT ?"
        )
        rows = self._read(query, (*behind, most), list[tuple[str, str, int]])
        if gone := list(let_go(rows, numbers, kept)):
            together = msgspec.json.encode(strictest(numbers, self.pruned)).decode()
            with self._transaction():
                self._database.executemany("DELETE FROM followers WHERE before = ? AND word = ?", gone)
                self._put(PRUNED, together)
                self._put(SWEEP, DUE)
        return (rows[-1][:2] if len(rows) == most else None), len(gone)

    @property
    def rows(self) -> int:
        """Words, pairs and triples there are."""
        return int(self._database.execute("SELECT count(*) FROM followers").fetchone()[0])

    @property
    def mark(self) -> Mark:
        """The decision up to which everything is counted."""
        found = dict(self._read("SELECT key, value FROM meta", (), list[tuple[str, str]]))
        number = found.get("number", str(NEW))
        if not number.isdecimal():
            raise DatabaseError("the mark is no number")
        return Mark(found.get("session", ""), int(number))

    def take_in_changes(self) -> None:
        """Let go of what is in memory if another connection has changed the file."""
        (version,) = self._database.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._forget_known()
            self._version = version

    def followers(self, before: Context) -> Mapping[str, float]:
        """What was seen behind these folded words, and how often; behind none of them: every word."""
        self.take_in_changes()
        return self.seen(before).counts

    def seen(self, before: Context, pattern: Pattern = EVERY_WORD, least: int = 1) -> Seen:
        """The same of words that fit and were seen so often behind them, with the sum, as last taken in."""
        asked = _Lookup(before, pattern, least)
        if asked in self._known:
            self._known.move_to_end(asked)
            return self._known[asked]
        found = self._look_up(asked)
        self._known[asked] = found
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return found

    def times(self, text: str) -> int:
        """How often exactly this was said."""
        found = self._database.execute("SELECT seen FROM texts WHERE digest = ?", (_digest(text),)).fetchone()
        return int(found[0]) if found else 0

    def read_ahead(self) -> None:
        """Read what every offer needs, for `take_over`."""
        self.take_in_changes()
        for before, least in product(((), (BEGIN,)), (1, 2)):  # an empty line wants what was said twice
            self.seen(before, EVERY_WORD, least)
        self.recent()

    def take_over(self, other: "CountsFile") -> None:
        """Have in memory what another connection has, right after it changed the file."""
        self.take_in_changes()
        self._known.update(other._known)
        self._recent = other._recent

    def recent(self) -> tuple[Sentence, ...]:
        """The sentences of the last texts, the newest last."""
        self.take_in_changes()
        if self._recent is None:
            query = "SELECT words FROM recent ORDER BY place DESC LIMIT ?"
            texts = [words for (words,) in self._read(query, (MOST_RECENT,), list[tuple[str]])]
            lines = [line for words in reversed(texts) for line in words.splitlines()]
            self._recent = tuple(tuple(line.split()) for line in lines)
        return self._recent

    def forms(self, word: str, *, inside: bool) -> Mapping[str, int]:
        """How a folded word was written, and how often."""
        query = "SELECT form, seen FROM written WHERE word = ? AND inside = ?"
        return dict(self._read(query, (word, inside), list[tuple[str, int]]))

    def _look_up(self, asked: "_Lookup") -> Seen:
        """From the file, or from what fits with a letter less, or was seen less often."""
        if not asked.pattern.is_open:
            return self.seen(asked.before, asked.pattern.wider, asked.least).only(asked.pattern)
        if asked.least > 1:
            return self.seen(asked.before).often(asked.least)
        query = "SELECT word, seen FROM followers WHERE before = ? ORDER BY seen DESC, word"
        counts: dict[str, float] = dict(self._read(query, (key_of(asked.before),), list[tuple[str, int]]))
        return Seen.of(MappingProxyType(counts))

    def _read(self, query: str, parameters: tuple[object, ...], kind: type[Rows]) -> Rows:
        """The rows, which are of this kind. What SQLite cannot decode is not repeated: it is the person's."""
        try:
            return msgspec.convert(self._database.execute(query, parameters).fetchall(), kind)
        except msgspec.ValidationError as error:
            raise DatabaseError(f"a row of another kind: {error}") from None
        except OperationalError as error:
            if NO_TEXT not in str(error):
                raise
            raise DatabaseError("a row that is no text") from None

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it, or nothing."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        finally:
            if self._database.in_transaction:  # something was raised; a full disk has rolled back by itself
                self._database.execute("ROLLBACK")
            self._forget_known()

    def _forget_known(self) -> None:
        self._known.clear()
        self._recent = None

    def _prepare(self) -> None:
        self._database.executescript(SCHEMA)
        for columns in _COLUMNS:
            self._database.execute(f"SELECT {columns} LIMIT 0")
        self._database.execute("INSERT OR IGNORE INTO meta VALUES ('version', ?)", (SCHEMA_VERSION,))
        (version,) = self._database.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        if version != SCHEMA_VERSION:
            raise DatabaseError(f"it is of version {version}, not {SCHEMA_VERSION}")

    def _put(self, key: str, value: str) -> None:
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def _change(self, change: Change) -> int:
        digest = _digest(change.text)
        known = "SELECT 1 FROM texts WHERE digest = ?"
        if not change.said and not self._database.execute(known, (digest,)).fetchone():
            return 0
        by = 1 if change.said else -1
        followers, written = counted(change.text)
        self._add(_TEXTS, {(digest,): 1}, by)
        self._add(_FOLLOWERS, followers, by)
        self._add(_WRITTEN, written, by)
        if change.said:
            self._database.execute(_REMEMBER, (digest, "\n".join(map(" ".join, folded(change.text)))))
            self._database.execute(_LET_GO, (MOST_KEPT,))
        else:
            self._database.execute(_TAKE_BACK, (digest,))
        return 1

    def _add(self, table: "_Table", counts: Mapping[Counts, int], by: int) -> None:
        """Count up or down; what falls to zero leaves no row."""
        self._database.executemany(table.add, [(*row, by * seen) for row, seen in counts.items()])
        if by < 0:
            self._database.executemany(table.prune, list(counts))


class _Lookup(msgspec.Struct, frozen=True):
    before: Context
    pattern: Pattern
    least: int


class _Table(msgspec.Struct, frozen=True):
    """How rows of a table are counted."""

    add: str
    prune: str

    @classmethod
    def of(cls, name: str, *key: str) -> "_Table":
        """The statements for a table with this key and `seen`."""
        columns, places = ", ".join(key), ", ".join("?" for _ in (*key, "seen"))
        same = " AND ".join(f"{column} = ?" for column in key)
        return cls(
            f"INSERT INTO {name} VALUES ({places})"
            f" ON CONFLICT ({columns}) DO UPDATE SET seen = seen + excluded.seen",
            f"DELETE FROM {name} WHERE {same} AND seen <= 0",
        )


_COLUMNS = (
    "before, word, seen FROM followers",
    "word, inside, form, seen FROM written",
    "digest, seen FROM texts",
    "place, digest, words FROM recent",
    "key, value FROM meta",
)
"""Asked for once at the opening: a file in which one of them is called otherwise is damaged."""
_TEXTS = _Table.of("texts", "digest")
_FOLLOWERS = _Table.of("followers", "before", "word")
_WRITTEN = _Table.of("written", "word", "inside", "form")

_REMEMBER = "INSERT INTO recent (digest, words) VALUES (?, ?)"
_LET_GO = "DELETE FROM recent WHERE place <= (SELECT max(place) FROM recent) - ?"
_TAKE_BACK = "DELETE FROM recent WHERE place = (SELECT max(place) FROM recent WHERE digest = ?)"


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:16]
