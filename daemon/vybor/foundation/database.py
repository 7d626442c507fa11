"""The one place that opens databases: SQLite in SQLCipher's build, with a key and without one.

The first 16 bytes tell what a file is. SQLite's own words: it is bare, and whoever has the file can read it.
SEALED and the mark of a key: it is encrypted (AES-256, a checksum a page), and with which key. SQLCipher has its
salt there and takes ours: with a key that was not made from a passphrase, it only varies the key of the checksums.
So a missing or a wrong key is never taken for damage, and nothing is done to a file that cannot be read for it.

A bare file is encrypted before it is opened with a key (see `resealed`).
"""

import contextlib
import logging
import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.foundation import keys, small_files
from vybor.foundation.keys import SEALED, Key, how_to_unlock
from vybor.foundation.small_files import overwrite, sync_folder

if TYPE_CHECKING:
    import sqlite3 as engine  # SQLCipher's module has the same names, and no types
else:
    from sqlcipher3 import dbapi2 as engine

Connection = engine.Connection
Error = engine.Error
DatabaseError = engine.DatabaseError
OperationalError = engine.OperationalError
DAMAGED = frozenset({engine.SQLITE_CORRUPT, engine.SQLITE_NOTADB})
FULL = engine.SQLITE_FULL
OF_THE_DISK = engine.SQLITE_IOERR
NO_TEXT = "what it says of itself is no text"
OF_ITS_CONTENT = frozenset({engine.SQLITE_ERROR, engine.SQLITE_FORMAT})
"""What the statements that open a file are refused with if the file is not as they left it."""

log = logging.getLogger("vybor.store")

BARE = b"SQLite format 3\0"
HEAD_BYTES, WAYS = 20, slice(18, 20)
"""Where a bare file says in which way it is written, and read: 1, or 2 with a log beside it."""
MEMORY = Path(":memory:")
BUSY_S = 5.0
FRESH, FORMER = ".fresh", ".former"
"""Behind a file's name: it, written with the new key; and it, as it was before."""
WORN = 1
"""So many bytes of a mark may be damaged; a key of another kit has all of them others, but for chance."""
PARTS = ("", "-wal", "-shm", FRESH, FORMER)
"""Behind a file's name: all that belongs to it."""


class Locked(OperationalError):
    """A store cannot be read or begun, because the key is missing or is another one. It is left as it is."""


class State(StrEnum):
    """What a file is, by its first bytes."""

    ABSENT = "absent"
    BARE = "bare"
    SEALED = "sealed"
    UNKNOWN = "unknown"


def primary_code(error: Error) -> int:
    """SQLite's result code without its extension; 0 where Python raised the error itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextlib.contextmanager
def telling_damage() -> Iterator[None]:
    """Around the first statements on a file: what its own content makes of them is damage, a DatabaseError.

    SQLite quotes what it finds in a damaged schema, which Python may not be able to read; and a byte that is
    another one in a column's name is to SQLite but a column that is not there.
    """
    try:
        yield
    except UnicodeDecodeError:
        raise _damaged(NO_TEXT) from None
    except OperationalError as error:
        if primary_code(error) in OF_ITS_CONTENT:
            raise _damaged(str(error)) from None
        raise


def _damaged(why: str) -> DatabaseError:
    error = DatabaseError(why)
    error.sqlite_errorcode = engine.SQLITE_CORRUPT
    return error


def opened(
    path: Path, key: Key = keys.NONE, *, durable: bool = True, wait_s: float = BUSY_S, one_thread: bool = True
) -> Connection:
    """Open a database, made if there is none, encrypted if there is a key.

    It is in WAL mode, and what is deleted is overwritten; `durable`: what was committed outlives a power cut.
    Raises Locked, another OperationalError where it cannot be opened, and DatabaseError for a damaged file.
    """
    if path != MEMORY:
        check_key(path, key)
        if key.secret and state_of(path) is State.BARE:
            key = _encrypted(path, key)
    database = _connected(path, key, timeout=wait_s, check_same_thread=one_thread)
    try:
        # temp_store: VACUUM leaves nothing of the person's in a folder of others.
        level = "FULL" if durable else "NORMAL"
        with telling_damage():
            _check_head(path)
            for pragma in ("journal_mode=WAL", f"synchronous={level}", "secure_delete=ON", "temp_store=MEMORY"):
                database.execute(f"PRAGMA {pragma}")
            database.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # its tables are understood now
        if path != MEMORY:
            _clear(path)
    except OSError as error:
        database.close()
        raise OperationalError(f"its folder cannot be written to ({error.strerror})") from None
    except Error:
        database.close()
        raise
    return database


@contextlib.contextmanager
def reading(path: Path, key: Key = keys.NONE, *, alone: bool = False) -> Iterator[Connection]:
    """A database that is only read, and not even encrypted. Raises Locked and Error.

    `alone`: nobody else has it open; then it is read on a full disk too, with what is only in its log: the index
    of that is kept in memory, not in a file beside it (sqlite.org/wal.html, *Use of WAL Without Shared-Memory*).
    """
    if state_of(path) is State.SEALED:
        check_key(path, key)
    else:
        key = keys.NONE
    # Without its log SQLite opens no file in a folder that it may not write to.
    how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
    alone = alone and os.access(path.parent, os.W_OK)  # not on a card that is mounted read-only
    database = _connected(f"{path.absolute().as_uri()}?{'mode=rw' if alone else how}", key, uri=True)
    try:
        if alone:
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
        yield database
    finally:
        database.close()


def check_key(path: Path, key: Key) -> None:
    """Raise Locked if this key is not the one of the file, or if there should be one and is none."""
    if key.locked:
        raise Locked(f"it is locked: {key.locked}; {how_to_unlock(path)}")
    start = _start(path)
    if not start.startswith(SEALED):
        return
    if not key.secret:
        raise Locked(f"it is encrypted, and there is no key; {how_to_unlock(path)}")
    if sum(a != b for a, b in zip(start, SEALED + key.mark, strict=False)) > WORN:
        raise Locked(
            "it is encrypted with another key than the kit has; give the right one, or move the file away"
        )


def _check_head(path: Path) -> None:
    """Of a bare file: SQLite only reads what says that it was written in a way of a later day."""
    head = small_files.start(path, HEAD_BYTES) if path != MEMORY and path.exists() else b""
    if head.startswith(BARE) and not {*head[WAYS]} <= {1, 2}:
        raise _damaged(f"it says that it was written in the ways {list(head[WAYS])}")


def state_of(path: Path) -> State:
    """What a file is. Raises OperationalError if it cannot be read."""
    start = _start(path)
    if not start:
        return State.ABSENT
    if start == BARE:
        return State.BARE
    return State.SEALED if start.startswith(SEALED) else State.UNKNOWN


def resealed(path: Path, old: Key, new: Key) -> None:
    """Write a database anew with another key, or without one; the one before is overwritten and removed.

    At any moment the path holds the old one or the new one, whole, and no log beside it that belongs to the other.
    A cut leaves at most a file of another name, which the next opening clears away. Raises Error.
    """
    try:
        _reseal(path, old, new)
    except UnicodeDecodeError:
        raise _damaged(NO_TEXT) from None
    except OSError as error:
        raise OperationalError(f"it cannot be written anew ({error.strerror})") from None


def _encrypted(path: Path, key: Key) -> Key:
    """The key that a bare file has now: none, if it could not be encrypted. Raises DatabaseError if it is damaged.

    On a full disk, say, what is kept goes on being kept, and is encrypted at another start.
    """
    try:
        resealed(path, keys.NONE, key)
    except OperationalError as error:
        log.warning("not encrypted, or not cleared up behind it: %s: %s", path, error)
    return key if state_of(path) is State.SEALED else keys.NONE


def _reseal(path: Path, old: Key, new: Key) -> None:
    fresh, former = _beside(path, FRESH), _beside(path, FORMER)
    _remove(fresh)
    with contextlib.closing(_connected(path, old)) as database:
        if database.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":  # folds in the log
            raise OperationalError("somebody else has it open; try again later")
        _export(database, fresh, new)
    with contextlib.closing(_connected(fresh, new)) as written:
        if (verdict := written.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise OperationalError(f"what was written anew cannot be read ({verdict})")
    with fresh.open("rb") as file:
        small_files.give_as(path, file.fileno())
        os.fsync(file.fileno())
    sync_folder(path.parent)
    _remove_former(path, former)
    os.link(path, former)
    fresh.replace(path)
    sync_folder(path.parent)
    _clear(path)


def _connected(path: Path | str, key: Key, **how: object) -> Connection:
    database = engine.connect(path, isolation_level=None, **how)  # type: ignore[call-overload]
    connection: Connection = database
    connection.execute("PRAGMA cipher_log_level = NONE")  # errors are raised; it would say them on stderr too
    if key.secret:
        connection.execute(f'PRAGMA key = "{_literal(key)}"')
    return connection


def _literal(key: Key) -> str:
    """A key and a salt as SQLCipher takes them: nothing is made of them first."""
    return f"x'{key.secret.hex()}{(SEALED + key.mark).hex()}'"


def _export(database: Connection, fresh: Path, key: Key) -> None:
    as_key = _literal(key) if key.secret else ""
    database.execute("ATTACH ? AS fresh KEY ?", (str(fresh), as_key))
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "secure_delete = ON"):
        database.execute(f"PRAGMA fresh.{pragma}")
    database.execute("SELECT sqlcipher_export('fresh')")
    for name in ("user_version", "application_id"):
        (number,) = database.execute(f"PRAGMA main.{name}").fetchone()
        database.execute(f"PRAGMA fresh.{name} = {number}")
    database.execute("DETACH fresh")


def _clear(path: Path) -> None:
    """Take away what an encryption that was cut off left behind, once the file itself could be read."""
    _remove(_beside(path, FRESH))
    _remove_former(path, _beside(path, FORMER))


def _remove_former(path: Path, former: Path) -> None:
    """Overwritten, unless it is but another name of the file."""
    if not former.exists():
        return
    if not former.samefile(path):
        with former.open("r+b") as file:
            overwrite(file)
    former.unlink()
    sync_folder(path.parent)


def _remove(fresh: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        _beside(fresh, ending).unlink(missing_ok=True)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _start(path: Path) -> bytes:
    try:
        return small_files.start(path, len(BARE))
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise OperationalError(f"unable to open database file ({error.strerror})") from None
