"""Decisions of the record, as far as this version can read them."""

import itertools
import logging
from collections.abc import Iterable, Iterator

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.database import Connection
from vybor.segments.rows import Kind

log = logging.getLogger("vybor.journal")

_decision = msgspec.msgpack.Decoder(m.Decision)


def readable(rows: Iterable[tuple[bytes]], count: int) -> Iterator[m.Decision]:
    """So many decisions, as far as there are: those that cannot be read hide none behind them.

    One is in memory at a time: a decision takes far more room there than in the record.
    """
    return itertools.islice((decision for row in rows if (decision := read(row[0]))), count)


def latest(database: Connection, count: int) -> list[m.Decision]:
    """The newest decisions of a file, oldest first; it may be one that is only read. Raises Error."""
    newest = "SELECT record FROM row WHERE kind = ? ORDER BY boot DESC, sequence DESC"
    rows = database.execute(newest, (Kind.DECISION.value,))
    return list(readable(rows, count))[::-1]


def read(record: bytes) -> m.Decision | None:
    """A decision, or None for what this version cannot read: a newer kit may have written it."""
    try:
        return _decision.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        log.warning("a record is left out: %s", error)
        return None
