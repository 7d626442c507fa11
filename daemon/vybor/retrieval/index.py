"""The index: documents and the person's own texts, found by their stems (BM25 of SQLite's FTS5).

One process owns the file. What is removed is gone: its rows at once, its bytes before `remove` returns, or at the
next opening if the power was cut in between.
"""

import hashlib
from collections.abc import Generator, Iterable, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.foundation import keys
from vybor.foundation.keys import Key
from vybor.retrieval import schema
from vybor.retrieval.passages import Block, passages
from vybor.retrieval.stems import language_of, stems, words

MOST_OWN = 2_000
"""So many of the person's texts are kept, the newest."""
STEMMED_AT_ONCE = 20
"""Passages between two pauses of `adding`: some 20 ms of stemming."""


class Kind(StrEnum):
    """Where a text is from."""

    TOPIC = "topic"
    OWN = "own"


class Found(msgspec.Struct, frozen=True, array_like=True):
    """A passage of the index."""

    id: int
    kind: Kind
    name: str
    """Of the document; of the person's own texts, a hash."""
    text: str
    place: str


_FIELDS = "passage.id, kind, name, text, place"
_JOINED = "passage JOIN document ON document.id = passage.document"
_Row = tuple[str, str, str, str, int]
"""Text, place, language, stems, how many words."""


class Index:
    """The open file. Raises TopicsError where it is damaged or cannot be written."""

    def __init__(self, path: Path, key: Key = keys.NONE) -> None:
        self._path = path
        self._database = schema.opened(path, key)
        self.revision = 0
        """Rises with every change: what was found before may be gone."""
        self._sweep()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # --- documents --------------------------------------------------------------------------------------

    def add(self, name: str, given: Sequence[m.Passage]) -> None:
        """Keep a document, in place of one of the same name."""
        for _ in self.adding(name, given):
            pass

    def adding(self, name: str, given: Sequence[m.Passage]) -> Generator[None, None, None]:
        """The same with pauses; before the last step nothing is changed, and that one does all or nothing."""
        rows: list[_Row] = []
        for number, passage in enumerate(given):
            rows.append(_row(passage))
            if number % STEMMED_AT_ONCE == STEMMED_AT_ONCE - 1:
                yield
        if self._kept(Kind.TOPIC, name) == [(text, place) for text, place, *_ in rows]:
            return
        with schema.said(self._path), schema.transaction(self._database):
            self._delete(Kind.TOPIC, name)
            self._insert(Kind.TOPIC, name, rows)
        self._sweep()

    def remove(self, name: str) -> bool:
        """Forget a document to its last byte; False if there is none of this name."""
        return self._remove(Kind.TOPIC, name)

    def passages(self, name: str) -> tuple[m.Passage, ...]:
        """What is kept of a document, as it was given; nothing of one that there is not."""
        return tuple(m.Passage(text=text, place=place) for text, place in self._kept(Kind.TOPIC, name))

    def listed(self) -> tuple[m.Topic, ...]:
        """The documents, by name."""
        counted = f"SELECT name, count(*), words FROM {_JOINED} WHERE kind = ? GROUP BY document.id ORDER BY name"
        return tuple(
            m.Topic(name=name, passages=count, words=length)
            for name, count, length in self._read(counted, Kind.TOPIC)
        )

    # --- what the person wrote --------------------------------------------------------------------------

    def following(self, told: m.Sentences) -> Generator[None, None, None]:
        """Keep what the record says was spoken, and forget what was taken back; with it, how far that goes.

        Goes in steps as `adding` does. Of a text that was spoken twice and taken back once nothing is kept.
        """
        rows: dict[str, list[_Row]] = {}
        for number, text in enumerate(dict.fromkeys(one.text for one in told.sentences if one.spoken)):
            rows[text] = _rows_of(text)
            if number % STEMMED_AT_ONCE == STEMMED_AT_ONCE - 1:
                yield
        with schema.said(self._path), schema.transaction(self._database):
            is_gone = told.anew and self._delete_own()
            for one in told.sentences:
                if one.spoken:
                    self._learn(one.text, rows[one.text])
                else:
                    is_gone |= self._delete(Kind.OWN, _own_name(one.text))
            self._database.execute("DELETE FROM learned")
            self._database.execute("INSERT INTO learned VALUES (?, ?)", (told.session, told.number))
        if is_gone:
            self._sweep()

    @property
    def learned(self) -> tuple[str, int]:
        """The session and number of the last decision that `following` was told of; of none, nothing and 0."""
        rows = self._read("SELECT session, number FROM learned")
        return (rows[0][0], rows[0][1]) if rows else ("", 0)

    def forget_own(self) -> None:
        """Forget all that the person wrote, to its last byte."""
        with schema.said(self._path), schema.transaction(self._database):
            is_gone = self._delete_own()
            self._database.execute("DELETE FROM learned")
        if is_gone:
            self._sweep()

    # --- finding ----------------------------------------------------------------------------------------

    def search(
        self, query: Iterable[str], language: str, count: int, kinds: Sequence[Kind] = tuple(Kind)
    ) -> list[Found]:
        """The passages with any of these stems, best first by BM25; of equal ones the newer first."""
        asked = " OR ".join(f'"{stem}"' for stem in query)
        if not asked:
            return []
        ranked = (
            f"SELECT {_FIELDS} FROM stemmed JOIN {_JOINED} AND passage.id = stemmed.rowid"
            f" WHERE stemmed MATCH ? AND language = ? AND kind IN ({_places(kinds)})"
            " ORDER BY bm25(stemmed), passage.id DESC LIMIT ?"
        )
        return msgspec.convert(self._read(ranked, asked, language, *kinds, count), list[Found])

    def at(self, ids: Sequence[int]) -> list[Found]:
        """These passages, in this order; those that are gone are left out."""
        rows = self._read(f"SELECT {_FIELDS} FROM {_JOINED} WHERE passage.id IN ({_places(ids)})", *ids)
        found = {passage.id: passage for passage in msgspec.convert(rows, list[Found])}
        return [found[number] for number in ids if number in found]

    def spread(self, asked: Iterable[str]) -> dict[str, int]:
        """In how many passages each stem stands; stems that stand in none are left out."""
        wanted = tuple(asked)
        return dict(self._read(f"SELECT term, doc FROM spread WHERE term IN ({_places(wanted)})", *wanted))

    @property
    def size(self) -> int:
        """How many passages there are."""
        counted: int = self._read("SELECT count(*) FROM passage")[0][0]
        return counted

    # --- vectors ----------------------------------------------------------------------------------------

    def without_vector(self, count: int) -> list[tuple[int, str]]:
        """Some passages, by id and text, whose meaning was not reckoned yet."""
        return self._read("SELECT id, text FROM passage WHERE vector IS NULL LIMIT ?", count)

    def keep_vectors(self, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Keep what was reckoned; for a passage that is gone, nothing."""
        with schema.said(self._path), schema.transaction(self._database):
            self._database.executemany(
                "UPDATE passage SET vector = ? WHERE id = ?", ((vector, number) for number, vector in vectors)
            )
        self.revision += 1

    def vectors(self, language: str, kinds: Sequence[Kind] = tuple(Kind)) -> list[tuple[int, bytes]]:
        """The vectors of all passages that have one, by id."""
        query = f"SELECT passage.id, vector FROM {_JOINED} WHERE vector IS NOT NULL AND language = ?"
        return self._read(f"{query} AND kind IN ({_places(kinds)})", language, *kinds)

    # --- inside -----------------------------------------------------------------------------------------

    def _read(self, query: str, *parameters: object) -> list[tuple]:  # type: ignore[type-arg]  # SQLite's rows
        with schema.said(self._path):
            return self._database.execute(query, parameters).fetchall()

    def _kept(self, kind: Kind, name: str) -> list[tuple[str, str]]:
        query = f"SELECT text, place FROM {_JOINED} WHERE kind = ? AND name = ? ORDER BY passage.id"
        return self._read(query, kind, name)

    def _insert(self, kind: Kind, name: str, rows: Iterable[_Row]) -> None:
        rows = list(rows)
        length = sum(count for *_, count in rows)
        document = self._database.execute(
            "INSERT INTO document (kind, name, words) VALUES (?, ?, ?)", (kind, name, length)
        ).lastrowid
        for text, place, language, stemmed, _ in rows:
            number = self._database.execute(
                "INSERT INTO passage (document, text, place, language) VALUES (?, ?, ?, ?)",
                (document, text, place, language),
            ).lastrowid
            self._database.execute("INSERT INTO stemmed (rowid, stems) VALUES (?, ?)", (number, stemmed))
        self.revision += 1

    def _learn(self, text: str, rows: Sequence[_Row]) -> None:
        name = _own_name(text)
        if not rows or self._kept(Kind.OWN, name):
            return
        self._insert(Kind.OWN, name, rows)
        old = "SELECT name FROM document WHERE kind = ? ORDER BY id DESC LIMIT -1 OFFSET ?"
        for (oldest,) in self._database.execute(old, (Kind.OWN, MOST_OWN)).fetchall():
            self._delete(Kind.OWN, oldest)

    def _delete_own(self) -> bool:
        names = self._database.execute("SELECT name FROM document WHERE kind = ?", (Kind.OWN,)).fetchall()
        for (name,) in names:
            self._delete(Kind.OWN, name)
        return bool(names)

    def _delete(self, kind: Kind, name: str) -> bool:
        row = self._database.execute(
            "SELECT id FROM document WHERE kind = ? AND name = ?", (kind, name)
        ).fetchone()
        if row is None:
            return False
        self._database.execute("UPDATE sweeping SET due = 1")
        self._database.execute(
            "DELETE FROM stemmed WHERE rowid IN (SELECT id FROM passage WHERE document = ?)", row
        )
        self._database.execute("DELETE FROM passage WHERE document = ?", row)
        self._database.execute("DELETE FROM document WHERE id = ?", row)
        self.revision += 1
        return True

    def _remove(self, kind: Kind, name: str) -> bool:
        with schema.said(self._path), schema.transaction(self._database):
            was_there = self._delete(kind, name)
        self._sweep()
        return was_there

    def _sweep(self) -> None:
        with schema.said(self._path):
            schema.swept(self._database)


def _row(passage: m.Passage) -> _Row:
    text = passage.text
    return text, passage.place, language_of(text), " ".join(stems(text)), len(words(text))


def _rows_of(text: str) -> list[_Row]:
    return [_row(passage) for passage in passages([Block(text=text)])]


def _own_name(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()


def _places(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
