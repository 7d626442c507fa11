"""How the journal's file came to its present form, step by step: a step that was released never changes."""

import secrets
from collections.abc import Callable, Sequence

from vybor.foundation.database import Connection
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
