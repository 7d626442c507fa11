"""The record, read whole by a command: told by the journal of a kit that runs, else read in its file.

On an installed kit only the journal's user may open the file; the journal tells it to whoever may ask.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.doctor import listening
from vybor.foundation import database, keys
from vybor.foundation.clock import Clock
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.places import Places
from vybor.journal import store

JOURNAL = "journal"


def decisions(places: Places, clock: Clock, asker: str) -> list[m.Decision]:
    """Every decision, oldest first. Raises Missing if there is no record, PlaceError if it may not be read."""
    if listening.may_not_enter(places.runtime) or listening.is_answered(places.runtime, JOURNAL):
        with asking.reached(JOURNAL, asker, places.runtime, clock) as journal:
            return list(later(journal))
    return list(_in_file(places))


def later(journal: asking.Room, session: str = "", number: int = 0) -> Iterator[m.Decision]:
    """The decisions after one (from the beginning, if no session is named), page by page."""
    while True:
        asked = m.TellDecisions(request=journal.new_request(), session=session, number=number)
        reply = journal.told(asked)
        if not isinstance(reply, m.Decisions) or not reply.decisions:
            return
        yield from reply.decisions
        session, number = reply.decisions[-1].session, reply.decisions[-1].number


def _in_file(places: Places) -> Iterator[m.Decision]:
    """What a kit that does not run has kept; what this version cannot read is left out."""
    path = _there(places)
    try:
        key = keys.derived(keys.given(os.environ), JOURNAL)
        with database.telling_damage(), database.reading(path, key) as opened:
            rows = store.records(opened)
    except database.Locked as error:
        raise PlaceError(f"the record {path} cannot be read: {error}") from None
    except database.Error as error:
        raise PlaceError(f"the record {path} cannot be read ({error}); see `vybor doctor`") from None
    decoder = msgspec.msgpack.Decoder(m.Decision)
    for record in rows:
        try:
            yield decoder.decode(record)
        except NOT_UNDERSTOOD:
            continue


def _there(places: Places) -> Path:
    """The record's file. Raises Missing if there is none, PlaceError if this user may not look."""
    try:
        folder = places.folder_of(JOURNAL, places.journal.name)
    except PermissionError as error:
        raise PlaceError(
            f"this user may not look at {error.filename}; use sudo, or start the kit and ask it"
        ) from None
    if folder is None:
        raise Missing(f"there is no record in {places.state}; name its folder with --state")
    return folder / places.journal.name
