"""The file of a word list: one SQLite database, written once by the workshop and only read on the kit.

    meta      key, value                    schema, language, licence, hashes of what it was made from
    words     id, fold, written, p, below   ids from FIRST_WORD on, in the order of `fold`
    contexts  key, followers                what comes after one word or two
    prefixes  prefix, followers             the commonest words that begin so, where there are many

Because ids follow the alphabet, all words with a prefix are one span of ids, and `below` (the sum of `p` of the
words before) gives the span's probability with two look-ups. Nothing is loaded when the file is opened.
"""

import sqlite3
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from vybor.foundation.errors import VyborError

SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE words (id INTEGER PRIMARY KEY, fold TEXT NOT NULL, written TEXT NOT NULL, p REAL NOT NULL,
                    below REAL NOT NULL);
CREATE UNIQUE INDEX words_by_fold ON words (fold);
CREATE TABLE contexts (key INTEGER PRIMARY KEY, followers BLOB NOT NULL);
CREATE TABLE prefixes (prefix TEXT PRIMARY KEY, followers BLOB NOT NULL) WITHOUT ROWID;
"""

NOTHING = 0
"""In a key: no word, so that the context is one word long."""
BEGIN = 1
"""In a key: the start of a sentence."""
FIRST_WORD = 2
ID_BITS = 20

_MOST_PARAMETERS = 900  # SQLite builds of before 2020 take 999
_LAST_LETTER = "\U0010ffff"


class WordListError(VyborError):
    """A word list is missing or damaged."""

    exit_code = 69  # EX_UNAVAILABLE


class Followers(msgspec.Struct, frozen=True):
    """Words that come next, most probable first; `rest` is the share of what the shorter context expects."""

    rest: float
    ids: tuple[int, ...]
    ps: tuple[float, ...]


class Word(msgspec.Struct, frozen=True):
    """A row of `words`."""

    id: int
    fold: str
    written: str
    p: float
    """Its share of all words, whatever stands before."""


class Span(msgspec.Struct, frozen=True):
    """The ids from `first` to before `end`, and the sum of their words' `p`."""

    first: int
    end: int
    p: float

    def __contains__(self, word: int) -> bool:
        return self.first <= word < self.end


def key(before: int, last: int) -> int:
    """The number of a context of two words (or of one: `before` is NOTHING)."""
    return before << ID_BITS | last


def pack(followers: Followers) -> bytes:
    """Little-endian: `rest` as a float, the ids in 32 bits, the probabilities in 16-bit floats."""
    count = len(followers.ids)
    return struct.pack(f"<f{count}I{count}e", followers.rest, *followers.ids, *followers.ps)


def unpack(blob: bytes) -> Followers:
    """Read what `pack` wrote; raises `struct.error` for other lengths."""
    count = (len(blob) - 4) // 6
    rest, *numbers = struct.unpack(f"<f{count}I{count}e", blob)
    return Followers(rest, tuple(numbers[:count]), tuple(numbers[count:]))


class WordFile:
    """A word list, open for reading."""

    def __init__(self, path: Path) -> None:
        """Open a file; raises WordListError if it is missing, damaged or of another version."""
        self.path = path
        if not path.is_file():
            raise WordListError(f"there is no word list {path}; make it with `vybor-workshop words build`")
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            self._check()
            self.everything = self.span("")
        except (sqlite3.Error, UnicodeDecodeError, ValueError, TypeError):
            self.close()
            raise WordListError(
                f"the word list {path} is damaged or of another version; make it again with "
                "`vybor-workshop words build`"
            ) from None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def meta(self) -> Mapping[str, str]:
        """What the list was made from."""
        return dict(self._connection.execute("SELECT key, value FROM meta"))

    def id_of(self, fold: str) -> int | None:
        """The word's id, or None if the list has no such word."""
        row = self._connection.execute("SELECT id FROM words WHERE fold = ?", (fold,)).fetchone()
        return row[0] if row else None

    def words(self, ids: Iterable[int]) -> Iterator[Word]:
        """The rows of these words, in any order."""
        wanted = tuple(ids)
        for start in range(0, len(wanted), _MOST_PARAMETERS):
            part = wanted[start : start + _MOST_PARAMETERS]
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(f"SELECT id, fold, written, p FROM words WHERE id IN ({marks})", part)
            yield from (Word(*row) for row in rows)

    def word(self, fold: str) -> Word | None:
        """The row of the word with this spelling."""
        row = self._connection.execute("SELECT id, fold, written, p FROM words WHERE fold = ?", (fold,)).fetchone()
        return Word(*row) if row else None

    def followers(self, before: int, last: int) -> Followers | None:
        """What comes after these, or None if they were never seen together."""
        row = self._connection.execute(
            "SELECT followers FROM contexts WHERE key = ?", (key(before, last),)
        ).fetchone()
        return unpack(row[0]) if row else None

    def span(self, prefix: str) -> Span:
        """The words that begin so (folded)."""
        first, below = self._bound(prefix)
        end, below_end = self._bound(prefix + _LAST_LETTER)
        return Span(first, end, below_end - below)

    def frequent(self, prefix: str, span: Span, skip: Collection[int], count: int) -> Sequence[int]:
        """The commonest words that begin so, without those in `skip`."""
        row = self._connection.execute("SELECT followers FROM prefixes WHERE prefix = ?", (prefix,)).fetchone()
        kept = [word for word in unpack(row[0]).ids if word not in skip] if row else []
        if len(kept) < count:
            rows = self._connection.execute(
                "SELECT id FROM words WHERE id >= ? AND id < ? ORDER BY p DESC, id LIMIT ?",
                (span.first, span.end, count + len(skip)),
            )
            kept = [word for (word,) in rows if word not in skip]
        return kept[:count]

    def _bound(self, fold: str) -> tuple[int, float]:
        """The first id whose word is not before `fold`, and the probability of all before it."""
        row = self._connection.execute(
            "SELECT id, below FROM words WHERE fold >= ? ORDER BY fold LIMIT 1", (fold,)
        ).fetchone()
        if row:
            return int(row[0]), float(row[1])
        row = self._connection.execute("SELECT id + 1, below + p FROM words ORDER BY id DESC LIMIT 1").fetchone()
        return int(row[0]), float(row[1])

    def _check(self) -> None:
        """Raise ValueError if this is another kind of file, or a part of one."""
        if self.meta().get("schema_version") != str(SCHEMA_VERSION):
            raise ValueError("another version")
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        (page_size,) = self._connection.execute("PRAGMA page_size").fetchone()
        if pages * page_size != self.path.stat().st_size:
            raise ValueError("cut short")
