"""How the journal's file came to its present form, step by step: a step that was released never changes.

The number of the form stands in the file's head twice: as SQLite's user version, and behind SIGN as the number of
the application. Where the two tell different things the first one is damaged, and what the tables are is believed.
"""

import contextlib
import secrets
from collections.abc import Callable, Sequence

from vybor.foundation.database import MEMORY, Connection, DatabaseError, OperationalError, opened
from vybor.journal.leaving import m004_leaving, m005_owed


def m001_decisions(database: Connection) -> None:
    """Decisions in the order of boot and sequence; the machine's boots are counted."""
    database.execute("CREATE TABLE boot (boot INTEGER PRIMARY KEY, machine TEXT NOT NULL, began TEXT NOT NULL)")
    database.execute(
        "CREATE TABLE decision (boot INTEGER NOT NULL, sequence INTEGER NOT NULL, session TEXT NOT NULL,"
        " number INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY (boot, sequence), UNIQUE (session, number))"
        " WITHOUT ROWID"
    )


def m002_rows(database: Connection) -> None:
    """Decisions are one kind of row; each has its time on the wall, and the kit has a number."""
    database.execute("ALTER TABLE decision RENAME TO row")
    database.execute("ALTER TABLE row ADD COLUMN kind TEXT NOT NULL DEFAULT 'decision'")
    database.execute("ALTER TABLE row ADD COLUMN at TEXT NOT NULL DEFAULT ''")
    database.execute("CREATE TABLE kit (number TEXT PRIMARY KEY)")
    database.execute("INSERT INTO kit VALUES (?)", (secrets.token_hex(16),))


def m003_deletions(database: Connection) -> None:
    """Deletions are counted, so that whoever learned of a row hears of it; rows without a time get the boot's."""
    database.execute("ALTER TABLE kit ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0")
    database.execute("ALTER TABLE kit ADD COLUMN sweep INTEGER NOT NULL DEFAULT 0")
    began = "(SELECT began FROM boot WHERE boot.boot = row.boot)"
    database.execute(f"UPDATE row SET at = coalesce({began}, '') WHERE at = ''")


MIGRATIONS: Sequence[Callable[[Connection], None]] = (
    m001_decisions,
    m002_rows,
    m003_deletions,
    m004_leaving,
    m005_owed,
)
SIGN = 0x564A0000
"""`VJ`, and then the number."""

Form = dict[str, list[str]]
"""Tables and their columns, with their types."""


def migrate(database: Connection) -> None:
    """Bring a file to the present form.

    Raises OperationalError for one of a newer version, and DatabaseError for one that has no form there ever was.
    """
    form = _form_of(database)
    for number, migration in enumerate(MIGRATIONS[form:], start=form + 1):
        database.execute("BEGIN IMMEDIATE")
        migration(database)
        _sign(database, number)
        database.execute("COMMIT")
    if _told(database) != (len(MIGRATIONS), SIGN + len(MIGRATIONS)):
        _sign(database, len(MIGRATIONS))


def _form_of(database: Connection) -> int:
    version, signed = _told(database)
    newest = len(MIGRATIONS)
    if version > newest and signed == SIGN + version:
        raise OperationalError(
            f"a newer version wrote it (format {version}, this one knows {newest}); update the kit"
        )
    form = _form(database)
    with contextlib.closing(opened(MEMORY)) as known:
        for number, migration in enumerate((lambda _: None, *MIGRATIONS)):
            migration(known)
            if _form(known) == form:
                return number
    raise DatabaseError(f"it says that it is of format {version}, and is of none")


def _told(database: Connection) -> tuple[int, int]:
    version, signed = (
        database.execute(f"PRAGMA {number}").fetchone()[0] for number in ("user_version", "application_id")
    )
    return version, signed


def _sign(database: Connection, number: int) -> None:
    database.execute(f"PRAGMA user_version = {number}")
    database.execute(f"PRAGMA application_id = {SIGN + number}")


def _form(database: Connection) -> Form:
    tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    columns = "SELECT name || ' ' || type FROM pragma_table_info(?)"
    return {name: [told[0] for told in database.execute(columns, (name,))] for (name,) in tables.fetchall()}
