"""The file of topics: one SQLite database in WAL mode, written by one process. Opened whole, or not at all.

document  id, kind, name, words          `topic`: somebody added it; `own`: the person wrote it
passage   id, document, text, place, language, vector
stemmed   rowid = passage.id, stems      FTS5
sweeping  due                            1: something was removed, and its bytes may still be in the file
learned   session, number                the decision of the record up to which `own` holds what was spoken
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from vybor.foundation import database as databases
from vybor.foundation import keys
from vybor.foundation.database import Connection, DatabaseError, Error, Locked, OperationalError, State
from vybor.foundation.errors import VyborError
from vybor.foundation.keys import Key

APPLICATION = 0x56594252
"""`VYBR`: in the file's head, so that another program's database is never taken for this one."""
VERSION = 1
SCHEMA = (
    "CREATE TABLE document (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,"
    " words INTEGER NOT NULL, UNIQUE (kind, name))",
    "CREATE TABLE passage (id INTEGER PRIMARY KEY, document INTEGER NOT NULL, text TEXT NOT NULL,"
    " place TEXT NOT NULL, language TEXT NOT NULL, vector BLOB)",
    "CREATE INDEX passage_of ON passage (document)",
    "CREATE VIRTUAL TABLE stemmed USING fts5 (stems, tokenize = 'unicode61 remove_diacritics 0')",
    "CREATE TABLE sweeping (due INTEGER NOT NULL)",
    "INSERT INTO sweeping VALUES (0)",
)
LEARNED = "CREATE TABLE IF NOT EXISTS learned (session TEXT NOT NULL, number INTEGER NOT NULL)"
"""Files that were made before there was such a table get it too; an older kit does not look at it."""
REMEDY = "move the file away and add the documents again with `vybor topic add`"


class TopicsError(VyborError):
    """The file of topics is damaged, of another version, or cannot be written."""

    exit_code = 74  # EX_IOERR


def opened(path: Path, key: Key = keys.NONE) -> Connection:
    """Open the file, making it if there is none. Raises TopicsError."""
    with said(path):
        if databases.state_of(path) is State.BARE:
            with databases.reading(path) as bare:  # nothing is changed in a file that is another program's
                _check(bare, path)
        database = databases.opened(path, key)
        try:
            _prepare(database, path)
        except (Error, TopicsError):
            database.close()
            raise
        return database


@contextlib.contextmanager
def said(path: Path) -> Iterator[None]:
    """Say SQLite's errors in a sentence."""
    try:
        yield
    except Locked as error:
        raise TopicsError(f"the file of topics {path} cannot be used: {error}") from None
    except OperationalError as error:
        raise TopicsError(
            f"the file of topics {path} cannot be used ({error}); make room, mend its rights"
        ) from None
    except (Error, UnicodeDecodeError) as error:
        raise TopicsError(f"the file of topics {path} is damaged ({error}); {REMEDY}") from None


@contextlib.contextmanager
def transaction(database: Connection) -> Iterator[None]:
    """All of it, or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    finally:
        if database.in_transaction:  # something was raised; a full disk has rolled back by itself
            database.execute("ROLLBACK")


def swept(database: Connection) -> bool:
    """Leave no byte of what was removed, in the database or its log; False: somebody else reads, try again later.

    `optimize` merges FTS5's segments, which drops the removed stems; VACUUM writes the file anew; the checkpoint
    empties the log.
    """
    (due,) = database.execute("SELECT due FROM sweeping").fetchone()
    if not due:
        return True
    database.execute("INSERT INTO stemmed (stemmed) VALUES ('optimize')")
    database.execute("VACUUM")
    busy, _, _ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if not busy:
        database.execute("UPDATE sweeping SET due = 0")
    return not busy


def _check(database: Connection, path: Path) -> bool:
    """Whether there is anything in it; raises TopicsError for another program's file, or of another version."""
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    (tables,) = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables and (application, version) != (APPLICATION, VERSION):
        found = f"version {version}" if application == APPLICATION else "another program's"
        raise TopicsError(f"the file of topics {path} is {found}, not version {VERSION}; {REMEDY}")
    return bool(tables)


def _prepare(database: Connection, path: Path) -> None:
    if not _check(database, path):
        _make(database)
    # What was being written when the power went lies in the log.
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute(LEARNED)
    if (verdict := database.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise DatabaseError(verdict)
    database.execute("INSERT INTO stemmed (stemmed) VALUES ('integrity-check')")
    database.execute("CREATE VIRTUAL TABLE temp.spread USING fts5vocab (main, stemmed, row)")


def _make(database: Connection) -> None:
    with transaction(database):
        for statement in SCHEMA:
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION}")
        database.execute(f"PRAGMA user_version = {VERSION}")
