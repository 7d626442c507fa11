"""The file of a word list: one SQLite database, written once by the workshop and only read on the kit.

    meta      key, value                    schema, language, licence, hashes of what it was made from
    words     id, fold, written, p, below   ids from FIRST_WORD on, in the order of `fold`
    contexts  key, followers                what comes after one word or two
    prefixes  prefix, followers             the commonest words that begin so, where there are many
    keypad    name, content                 all words in the order of the keys of the keypad (keys.py)

Because ids follow the alphabet, all words with a prefix are one span of ids, and `below` (the sum of `p` of the
words before) gives the span's probability with two look-ups. Nothing is loaded when the file is opened.
"""

import hashlib
import sqlite3  # noqa: TID251  (nothing personal, read only)
import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import nlargest
from pathlib import Path
from typing import TypeVar

import msgspec

from vybor.foundation.errors import VyborError
from vybor.foundation.places import how_to_get
from vybor.instant.pattern import Pattern

SCHEMA_VERSION = 2
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE words (id INTEGER PRIMARY KEY, fold TEXT NOT NULL, written TEXT NOT NULL, p REAL NOT NULL,
                    below REAL NOT NULL);
CREATE UNIQUE INDEX words_by_fold ON words (fold);
CREATE TABLE contexts (key INTEGER PRIMARY KEY, followers BLOB NOT NULL);
CREATE TABLE prefixes (prefix TEXT PRIMARY KEY, followers BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE keypad (name TEXT PRIMARY KEY, content BLOB NOT NULL);
"""

NOTHING = 0
"""In a key: no word, so that the context is one word long."""
BEGIN = 1
"""In a key: the start of a sentence."""
FIRST_WORD = 2
ID_BITS = 20

_MOST_PARAMETERS = 900  # SQLite libraries from before 2020 take 999
_LAST_LETTER = "\U0010ffff"
_BY_GROUPS = (
    "SELECT id, p FROM words WHERE fold >= ? AND fold < ?"
    " AND replace(replace(fold, char(39), ''), '-', '') GLOB ?"  # without what pattern.SKIPPED leaves out
)
_Rows = TypeVar("_Rows")
USUAL_CACHE_KIB = 2000
"""SQLite's own measure."""


class WordListError(VyborError):
    """A word list is missing or damaged."""

    exit_code = 69  # EX_UNAVAILABLE


class Followers(msgspec.Struct, frozen=True):
    """Words that come next, most probable first; `rest` is the share of what the shorter context expects."""

    rest: float
    ids: tuple[int, ...]
    ps: tuple[float, ...]


class Word(msgspec.Struct, frozen=True, array_like=True):
    """A row of `words`; `p` is its share of all words, whatever stands before."""

    id: int
    fold: str
    written: str
    p: float


class Span(msgspec.Struct, frozen=True):
    """The ids from `first` to before `end`, and the sum of their words' `p`."""

    first: int
    end: int
    p: float

    def __contains__(self, word: int) -> bool:
        return self.first <= word < self.end


class Matching(msgspec.Struct, frozen=True):
    """Words whose letters fit the groups that were looked at, with their `p`."""

    ps: Mapping[int, float]

    @property
    def p(self) -> float:
        """The probability of all of them, whatever stands before."""
        return sum(self.ps.values())

    def __contains__(self, word: int) -> bool:
        return word in self.ps


Fitting = Span | Matching
"""Which words can be meant, and how probable all of them are together."""


class _Bound(msgspec.Struct, frozen=True, array_like=True):
    """An id, and the probability of all words before it."""

    id: int
    below: float


def key(before: int, last: int) -> int:
    """The number of a context of two words (or of one: `before` is NOTHING)."""
    return before << ID_BITS | last


def pack(followers: Followers) -> bytes:
    """Little-endian: `rest` as a float, the ids in 32 bits, the probabilities as 16-bit floats."""
    count = len(followers.ids)
    return struct.pack(f"<f{count}I{count}e", followers.rest, *followers.ids, *followers.ps)


def unpack(blob: bytes) -> Followers:
    """Read what `pack` wrote; raises `struct.error` for other lengths."""
    count = max(len(blob) - 4, 0) // 6
    rest, *numbers = struct.unpack(f"<f{count}I{count}e", blob)
    return Followers(rest, tuple(numbers[:count]), tuple(numbers[count:]))


class WordFile:
    """A word list, open for reading. Every method raises WordListError where the file turns out to be damaged."""

    def __init__(self, path: Path, cache_kib: int = USUAL_CACHE_KIB) -> None:
        """Open a file, of which `cache_kib` are kept as they are read.

        Raises WordListError too if it is missing or of another version.
        """
        self.path = path
        if not path.is_file():
            raise WordListError(f"there is no word list {path}; {how_to_get(path)}")
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            self._read(list[tuple[int]], f"PRAGMA cache_size = -{cache_kib}")
            self._check()
            self.everything = self.span("")
        except WordListError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def meta(self) -> Mapping[str, str]:
        """What the list was made from."""
        return dict(self._read(list[tuple[str, str]], "SELECT key, value FROM meta"))

    @property
    def identity(self) -> str:
        """Its language, and a hash of what it was made from: `en-1a2b3c4d`."""
        about = self.meta()
        made_from = repr(sorted(about.items())).encode()
        return f"{about.get('language', '')}-{hashlib.sha256(made_from).hexdigest()[:8]}"

    def word(self, fold: str) -> Word | None:
        """The word that folds so, or None if the list has no such word."""
        found = self._read(list[Word], "SELECT id, fold, written, p FROM words WHERE fold = ?", fold)
        return found[0] if found else None

    def id_of(self, fold: str) -> int | None:
        """The id of the word that folds so, or None."""
        found = self._read(list[tuple[int]], "SELECT id FROM words WHERE fold = ?", fold)
        return found[0][0] if found else None

    def words(self, ids: Iterable[int]) -> list[Word]:
        """These words, in any order; ids that the list does not have are left out."""
        wanted = tuple(ids)
        found: list[Word] = []
        for start in range(0, len(wanted), _MOST_PARAMETERS):
            part = wanted[start : start + _MOST_PARAMETERS]
            places = ",".join("?" * len(part))
            found += self._read(
                list[Word], f"SELECT id, fold, written, p FROM words WHERE id IN ({places})", *part
            )
        return found

    def followers(self, before: int, last: int) -> Followers | None:
        """What comes after these, or None if they were never seen together."""
        return self._followers("SELECT followers FROM contexts WHERE key = ?", key(before, last))

    def keypad(self) -> Mapping[str, bytes]:
        """The order by keys, as it is written (see keys.Order)."""
        return dict(self._read(list[tuple[str, bytes]], "SELECT name, content FROM keypad"))

    def damaged(self, reason: str) -> WordListError:
        """What is wrong with the file, in a sentence."""
        return WordListError(f"the word list {self.path} is damaged ({reason}); {how_to_get(self.path)}")

    def span(self, prefix: str) -> Span:
        """The words that begin so (folded)."""
        first, end = self._bound(prefix), self._bound(prefix + _LAST_LETTER)
        return Span(first.id, end.id, end.below - first.below)

    def fitting(self, pattern: Pattern) -> Fitting:
        """The words that a pattern allows."""
        if not pattern.groups:
            return self.span(pattern.prefix) if pattern.prefix else self.everything
        first = pattern.groups[0]
        rows = self._read(list[tuple[int, float]], _BY_GROUPS, min(first), max(first) + _LAST_LETTER, pattern.glob)
        return Matching(dict(rows))

    def frequent(self, prefix: str, fitting: Fitting, skip: Collection[int], count: int) -> Sequence[int]:
        """The commonest of the words that fit, without those in `skip`."""
        if isinstance(fitting, Matching):
            kept = ((p, -word) for word, p in fitting.ps.items() if word not in skip)
            return [-word for _, word in nlargest(count, kept)]
        return self._frequent(prefix, fitting, skip, count)

    def _frequent(self, prefix: str, span: Span, skip: Collection[int], count: int) -> Sequence[int]:
        listed = self._followers("SELECT followers FROM prefixes WHERE prefix = ?", prefix)
        kept = [word for word in listed.ids if word not in skip] if listed else []
        if len(kept) < count:
            by_p = "SELECT id FROM words WHERE id >= ? AND id < ? ORDER BY p DESC, id LIMIT ?"
            rows = self._read(list[tuple[int]], by_p, span.first, span.end, count + len(skip))
            kept = [word for (word,) in rows if word not in skip]
        return kept[:count]

    def _bound(self, fold: str) -> _Bound:
        """The first word that is not before `fold`, or the place behind the last one."""
        at_or_after = "SELECT id, below FROM words WHERE fold >= ? ORDER BY fold LIMIT 1"
        behind_all = "SELECT id + 1, below + p FROM words ORDER BY id DESC LIMIT 1"
        found = self._read(list[_Bound], at_or_after, fold) or self._read(list[_Bound], behind_all)
        if not found:
            raise self.damaged("it has no words")
        return found[0]

    def _followers(self, query: str, parameter: int | str) -> Followers | None:
        found = self._read(list[tuple[bytes]], query, parameter)
        try:
            return unpack(found[0][0]) if found else None
        except struct.error as error:
            raise self.damaged(str(error)) from None

    def _read(self, rows: type[_Rows], query: str, *parameters: int | str) -> _Rows:
        """All rows, of these types; whatever else the file holds means that it is damaged."""
        try:
            return msgspec.convert(self._connection.execute(query, parameters).fetchall(), rows)
        except (sqlite3.Error, UnicodeDecodeError, msgspec.ValidationError) as error:
            raise self.damaged(str(error)) from None

    def _check(self) -> None:
        """Raise WordListError if this is another kind of file, or a part of one."""
        version = self.meta().get("schema_version")
        if version != str(SCHEMA_VERSION):
            raise WordListError(
                f"the word list {self.path} is of version {version}, not {SCHEMA_VERSION}; {how_to_get(self.path)}"
            )
        ((pages, page_bytes),) = self._read(
            list[tuple[int, int]], "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size"
        )
        if pages * page_bytes != self.path.stat().st_size:
            raise self.damaged("it is cut short")
