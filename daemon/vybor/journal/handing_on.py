"""What of the record may be handed on to somebody to whom the wearer said yes: of private texts nothing."""

from collections.abc import Iterator

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.journal.finding import read
from vybor.journal.store import DECISION, MOST_COUNTED, STAYING, UTTERANCE, Store
from vybor.segments.rows import Utterance

_encode = msgspec.msgpack.Encoder().encode


def told(store: Store, asked: m.TellRecord, count: int) -> m.RecordTold:
    """So many rows are looked at, and those told that may be. Raises Error."""
    place = (asked.boot, asked.sequence)
    if asked.whole:
        rows = store.rows(place, count)
        kept = tuple(row for row in rows if may_be_told(row))
    else:
        rows = store.rows_before(place if any(place) else (MOST_COUNTED, MOST_COUNTED), count)
        kept = tuple(said(rows))
    end = (rows[-1].boot, rows[-1].sequence) if rows else place
    return m.RecordTold(
        request=asked.request,
        kit=store.kit,
        rows=kept,
        boot=end[0],
        sequence=end[1],
        is_end=len(rows) < count,
    )


def may_be_told(row: m.KeptRow) -> bool:
    """Whether anything may be learned from it; what a newer kit wrote nobody can tell."""
    if row.kind != DECISION:
        return row.kind in (UTTERANCE, *STAYING)
    decision = read(row)
    return decision is not None and decision.learn


def said(rows: list[m.KeptRow]) -> Iterator[m.KeptRow]:
    """The sentences alone that these choices spoke, as rows that say no more."""
    for row in rows:
        decision = read(row) if row.kind == DECISION else None
        if decision is None or decision.action is not Action.SPEAK or not decision.learn:
            continue
        spoken = Utterance(
            session=decision.session,
            number=decision.number,
            text=decision.said or decision.text_before,
            language=decision.language,
            stretches=(),
        )
        yield msgspec.structs.replace(row, kind=UTTERANCE, record=_encode(spoken))
