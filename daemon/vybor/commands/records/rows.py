"""The record as its owner sees it: what was said, row by row, whole or masked."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.foundation.clock import on_the_wall
from vybor.segments import rows
from vybor.segments.rows import Kind
from vybor.utterances.masking import Mask
from vybor.utterances.nameless import texts, without_names

PRIVATE = "(private)"
"""In place of a text from which nothing is learned, noted or handed on."""

_decision = msgspec.msgpack.Decoder(m.Decision)
_KINDS: dict[str, type[msgspec.Struct]] = {
    Kind.UTTERANCE: rows.Utterance,
    Kind.DELETION: rows.Deletion,
    Kind.MODEL: m.Became,
}


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence that was spoken."""

    session: str
    number: int
    at: str
    text: str
    is_private: bool

    @property
    def name(self) -> str:
        """By which it can be deleted."""
        return f"{self.session}:{self.number}"


def kept(journal: asking.Room) -> Iterator[tuple[str, m.KeptRow]]:
    """Every row with the number of the kit, page by page."""
    boot = sequence = 0
    while True:
        reply = journal.told(m.TellRows(request=journal.new_request(), boot=boot, sequence=sequence))
        if not isinstance(reply, m.Rows) or not reply.rows:
            return
        for row in reply.rows:
            yield reply.kit, row
        boot, sequence = reply.rows[-1].boot, reply.rows[-1].sequence


def understood(row: m.KeptRow) -> msgspec.Struct | None:
    """What a row says; None where a newer kit wrote it."""
    try:
        if row.kind == Kind.DECISION:
            return _decision.decode(row.record)
        kind = _KINDS.get(row.kind)
        return msgspec.msgpack.decode(row.record, type=kind) if kind else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def said_in(row: m.KeptRow) -> Said | None:
    """The sentence that a row spoke, if it did."""
    decision = understood(row)
    if not isinstance(decision, m.Decision) or decision.action is not Action.SPEAK:
        return None
    text = decision.said or decision.text_before
    return Said(
        session=decision.session,
        number=decision.number,
        at=row.at,
        text=text if decision.learn else PRIVATE,
        is_private=not decision.learn,
    )


def lines(said: Iterable[Said], day: str = "") -> Iterator[str]:
    """A line for each sentence, of that day if one is named: when, its name, what."""
    for one in said:
        at = on_the_wall(one.at)
        if not day or at.startswith(day):
            yield f"{at or '(no time)':16}  {one.name}  {one.text}"


def masked(said: Sequence[Said]) -> list[Said]:
    """The same without names, numbers and addresses."""
    mask = Mask.of(one.text for one in said)
    return [msgspec.structs.replace(one, text=one.text if one.is_private else mask.text(one.text)) for one in said]


# --- whole rows, as JSON lines --------------------------------------------------------------------------------


def exported(found: Callable[[], Iterable[tuple[str, m.KeptRow]]], *, is_masked: bool) -> Iterator[bytes]:
    """The rows as they would stand in a segment; private ones, and such as cannot be read, are left out.

    The record may be larger than the memory: it is read row by row, twice where names have to be known first.
    """
    mask = Mask.of(texts(understood(row) for _, row in found())) if is_masked else None
    for kit, row in found():
        record = understood(row)
        if record is None or (isinstance(record, m.Decision) and not record.learn):
            continue
        shown = without_names(record, mask) if mask else record
        yield rows.written(
            [
                rows.Row(
                    kit=kit,
                    boot=row.boot,
                    sequence=row.sequence,
                    at=row.at,
                    kind=Kind(row.kind),
                    record=msgspec.Raw(msgspec.json.encode(shown)),
                )
            ]
        )
