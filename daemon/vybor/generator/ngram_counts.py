"""The file of a person's own counts: words, pairs and triples of what they said, in one SQLite database.

    followers  before, word, seen         what came after no word, one or two ("^" begins a sentence)
    written    word, inside, form, seen   how a word was written inside a sentence, or at its start
    texts      digest, seen               which texts are counted: what was never learned is never forgotten
    recent     place, digest, words       the last texts in their order, folded, a sentence on a line
    meta       key, value                 the version, and the decision of the journal that was counted last

The texts themselves are in the journal, from which all of this can be counted again: so a commit waits for no disk
(WAL, synchronous=NORMAL), and a damaged file is begun anew. Deleted rows are overwritten (secure_delete).
"""

import hashlib
import sqlite3
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import msgspec

from vybor.generator.ngram_expectation import Seen
from vybor.generator.ngram_tokens import PAUSE, fold, is_mark, sentences
from vybor.generator.pattern import EVERY_WORD, Pattern

SCHEMA_VERSION = "2"
SCHEMA = """
CREATE TABLE IF NOT EXISTS followers (before TEXT NOT NULL, word TEXT NOT NULL, seen INTEGER NOT NULL,
                                      PRIMARY KEY (before, word)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS written (word TEXT NOT NULL, inside INTEGER NOT NULL, form TEXT NOT NULL,
                                    seen INTEGER NOT NULL, PRIMARY KEY (word, inside, form)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (digest BLOB PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recent (place INTEGER PRIMARY KEY, digest BLOB NOT NULL, words TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
MEMORY = Path(":memory:")
BEGIN = "^"
BUSY_S = 2.0
NEW = 0
"""The number of a mark before the first decision."""
MOST_RECENT = 100
"""So many of the last texts are told as recent…"""
MOST_KEPT = MOST_RECENT + 200
"""…and so many are kept, since two hundred can be undone: then those before count again."""
MOST_KNOWN = 512
"""So many answers are kept in memory; those of thousands of words are asked for again and again."""

Context = tuple[str, ...]
Sentence = tuple[str, ...]
"""Folded words and marks."""
Row = TypeVar("Row", bound=tuple[object, ...])


class Mark(msgspec.Struct, frozen=True):
    """A decision of the journal: a run of the deciding process, and its number there."""

    session: str = ""
    number: int = NEW


class Change(msgspec.Struct, frozen=True):
    """A text that was said, or that was taken back."""

    text: str
    said: bool = True


class CountsFile:
    """The counts of one person in one language. Raises sqlite3.Error where the disk does."""

    def __init__(self, path: Path = MEMORY) -> None:
        """Open a file, made if it is not there; raises sqlite3.DatabaseError for a damaged or a newer one."""
        self._database = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except sqlite3.Error:
            self._database.close()
            raise
        self._known: OrderedDict[_Lookup, Seen] = OrderedDict()
        self._recent: tuple[Sentence, ...] | None = None
        self._version = -1

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def change(self, changes: Iterable[Change], mark: Mark | None = None) -> int:
        """Count texts in or out in one transaction; returns how many were.

        What is not counted is not taken out.
        """
        done = 0
        self._database.execute("BEGIN IMMEDIATE")
        try:
            for change in changes:
                done += self._change(change)
            if mark:
                self._put("session", mark.session)
                self._put("number", str(mark.number))
            self._database.execute("COMMIT")
        except sqlite3.Error:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise
        finally:
            self._forget_known()
        return done

    def forget_all(self) -> None:
        """Begin anew."""
        self._database.executescript(
            "BEGIN IMMEDIATE; DELETE FROM followers; DELETE FROM written; DELETE FROM texts;"
            " DELETE FROM recent; DELETE FROM meta WHERE key IN ('session', 'number'); COMMIT;"
        )
        self._forget_known()

    def compact(self) -> None:
        """Write the file anew without what was deleted: no byte of it is left, in the WAL neither."""
        self._database.execute("VACUUM")
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def mark(self) -> Mark:
        """The decision up to which everything is counted."""
        found = dict(self._database.execute("SELECT key, value FROM meta"))
        return Mark(found.get("session", ""), int(found.get("number", NEW)))

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
            texts = [words for (words,) in self._database.execute(query, (MOST_RECENT,))]
            lines = [line for words in reversed(texts) for line in words.splitlines()]
            self._recent = tuple(tuple(line.split()) for line in lines)
        return self._recent

    def forms(self, word: str, *, inside: bool) -> Mapping[str, int]:
        """How a folded word was written, and how often."""
        query = "SELECT form, seen FROM written WHERE word = ? AND inside = ?"
        return dict(self._database.execute(query, (word, inside)))

    def _look_up(self, asked: "_Lookup") -> Seen:
        """From the file, or from what fits with a letter less, or was seen less often."""
        if not asked.pattern.is_open:
            return self.seen(asked.before, asked.pattern.wider, asked.least).only(asked.pattern)
        if asked.least > 1:
            return self.seen(asked.before).often(asked.least)
        query = "SELECT word, seen FROM followers WHERE before = ? ORDER BY seen DESC, word"
        counts: dict[str, float] = dict(self._database.execute(query, (_key(asked.before),)))
        return Seen.of(MappingProxyType(counts))

    def _forget_known(self) -> None:
        self._known.clear()
        self._recent = None

    def _prepare(self) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.executescript(SCHEMA)
        self._database.execute("INSERT OR IGNORE INTO meta VALUES ('version', ?)", (SCHEMA_VERSION,))
        (version,) = self._database.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        if version != SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"it is of version {version}, not {SCHEMA_VERSION}")

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

    def _add(self, table: "_Table", counts: Mapping[Row, int], by: int) -> None:
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


_TEXTS = _Table.of("texts", "digest")
_FOLLOWERS = _Table.of("followers", "before", "word")
_WRITTEN = _Table.of("written", "word", "inside", "form")

_REMEMBER = "INSERT INTO recent (digest, words) VALUES (?, ?)"
_LET_GO = "DELETE FROM recent WHERE place <= (SELECT max(place) FROM recent) - ?"
_TAKE_BACK = "DELETE FROM recent WHERE place = (SELECT max(place) FROM recent WHERE digest = ?)"


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:16]


def folded(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text as they are counted: folded, without trailing off."""
    found = (tuple(fold(token) for token in sentence if token != PAUSE) for sentence in sentences(text))
    return tuple(sentence for sentence in found if sentence)


def counted(text: str) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, bool, str]]]:
    """What a text adds: (words before, word) and (word, inside a sentence, as written), each with its number."""
    followers: Counter[tuple[str, str]] = Counter()
    written: Counter[tuple[str, bool, str]] = Counter()
    for sentence in sentences(text):
        before: Context = (BEGIN,)
        for place, token in enumerate(sentence):
            if token == PAUSE:
                continue
            word = fold(token)
            for after in {(), before[-1:], before[-2:]}:
                followers[_key(after), word] += 1
            if not is_mark(token):
                written[word, place > 0, token] += 1
            before = (*before[-1:], word)
    return followers, written


def _key(before: Context) -> str:
    return " ".join(before)
