"""Writes the file of a word list: whole or not at all, and the same bytes from the same contents."""

import os
import sqlite3  # noqa: TID251  (what a kit only reads, and nothing personal)
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import accumulate
from pathlib import Path

from vybor.composer.letters import KEYS
from vybor.foundation.errors import PlaceError
from vybor.instant.keys import Order
from vybor.instant.word_list import FIRST_WORD, SCHEMA, SCHEMA_VERSION, Word, pack
from vybor_workshop.words_counts import Trigram, prefixes

PAGE_BYTES = 4096


def write(path: Path, trigram: Trigram, written: Mapping[str, str], meta: Mapping[str, str]) -> None:
    """Write the list, in the place of an old one; raises PlaceError if that cannot be done."""
    with in_place_of(path) as unfinished, closing(sqlite3.connect(unfinished, isolation_level=None)) as connection:
        connection.executescript(f"PRAGMA page_size = {PAGE_BYTES}; PRAGMA journal_mode = OFF; {SCHEMA}")
        connection.execute("BEGIN")
        _fill(connection, trigram, written, {"schema_version": str(SCHEMA_VERSION), **meta})
        connection.execute("COMMIT")
        connection.execute("VACUUM")


@contextmanager
def in_place_of(path: Path) -> Iterator[Path]:
    """A path to write to; what stands there in the end takes the place of `path`, and an error leaves no trace.

    Raises PlaceError for what the file system refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            unfinished = Path(scratch) / path.name
            yield unfinished
            with unfinished.open("rb") as finished:
                os.fsync(finished.fileno())
            os.replace(unfinished, path)  # noqa: PTH105  (says that it takes the old file's place)
    except (OSError, sqlite3.OperationalError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise PlaceError(f"the word list {path} cannot be written ({reason}); name another place") from None


def _fill(
    connection: sqlite3.Connection, trigram: Trigram, written: Mapping[str, str], meta: Mapping[str, str]
) -> None:
    connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
    below = accumulate(trigram.ps, initial=0.0)
    connection.executemany(
        "INSERT INTO words VALUES (?, ?, ?, ?, ?)",
        (
            (number, word, written[word], p, before)
            for number, (word, p, before) in enumerate(
                zip(trigram.words, trigram.ps, below, strict=False), start=FIRST_WORD
            )
        ),
    )
    connection.executemany(
        "INSERT INTO contexts VALUES (?, ?)",
        ((number, pack(followers)) for number, followers in sorted(trigram.contexts.items())),
    )
    connection.executemany(
        "INSERT INTO prefixes VALUES (?, ?)",
        ((prefix, pack(followers)) for prefix, followers in sorted(prefixes(trigram.words, trigram.ps))),
    )
    words = (
        Word(number, word, written[word], p)
        for number, (word, p) in enumerate(zip(trigram.words, trigram.ps, strict=True), start=FIRST_WORD)
    )
    order = Order.of(KEYS.get(meta.get("language", ""), ()), words)
    connection.executemany("INSERT INTO keypad VALUES (?, ?)", sorted(order.packed().items()))
