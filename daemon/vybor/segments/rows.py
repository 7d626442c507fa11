"""What stands in a segment: one JSON object a line, in the order of the record. Pure.

A line is a `Row`: which kit, where in the record, of which kind, and the record itself. Whoever reads it
takes (kit, boot, sequence) for the name of the row: the same row may come twice, and is the same.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

VERSION = 1
"""Of the lines' form. A reader refuses a higher one in a sentence, and keeps the segment for later."""


class Kind(StrEnum):
    """What a row of the record is."""

    DECISION = "decision"
    """One choice: a `Decision` as it was kept."""
    UTTERANCE = "utterance"
    """A sentence that was spoken, and what of it came from whom; stands behind the choice that spoke it."""
    DELETION = "deletion"
    """Rows that are to be forgotten wherever they are; it has no text itself."""
    MODEL = "model"
    """What became of a bundle that the workstation sent: a `Became`; it has no text of the person's."""


class Span(msgspec.Struct, frozen=True):
    """Rows of one boot, the first and the last of them included."""

    boot: int
    first: int
    last: int


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same rows in as few spans as there can be, in their order."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.boot, span.first)):
        last = found[-1] if found else None
        if last and last.boot == span.boot and span.first <= last.last + 1:
            found[-1] = msgspec.structs.replace(last, last=max(last.last, span.last))
        else:
            found.append(span)
    return tuple(found)


class Deletion(msgspec.Struct, frozen=True):
    """What is to be forgotten."""

    spans: tuple[Span, ...]
    offers: tuple[Span, ...] = ()
    """Rows that stay, and whose offers showed words of it: of these what was offered is to be forgotten."""

    def covers(self, boot: int, sequence: int) -> bool:
        """Whether a row is among it."""
        return any(span.boot == boot and span.first <= sequence <= span.last for span in self.spans)


class Stretch(msgspec.Struct, frozen=True):
    """Characters that follow each other and have one origin."""

    text: str
    origin: str
    """One of vybor.utterances.provenance.Origin."""


class Utterance(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence that was spoken, and who or what brought each character of it."""

    session: str
    number: int
    """The decision that spoke it, by the run of the deciding process and its number there."""
    text: str
    """As it was given to the voice."""
    language: str
    stretches: tuple[Stretch, ...]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line."""

    v: int = VERSION
    kit: str
    """The kit's number: 32 hex digits, made once, at its first start."""
    boot: int
    sequence: int
    at: str
    """When it was written, by the kit's clock on the wall with its zone: `2026-11-27T02:21:00+09:00` (ISO 8601).

    For people and for days, never for order. Rows of kits that told no zone have UTC: `+00:00`.
    """
    kind: Kind
    record: msgspec.Raw
    """JSON of the record."""


_encode = msgspec.json.Encoder().encode
_row = msgspec.json.Decoder(Row)


def written(rows: Iterable[Row]) -> bytes:
    """The lines."""
    return b"".join(_encode(row) + b"\n" for row in rows)


def read(lines: bytes) -> list[Row]:
    """The rows of some lines. Raises ValueError with a sentence for what is none."""
    rows = []
    for number, line in enumerate(lines.splitlines(), start=1):
        try:
            row = _row.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ValueError(f"line {number} is no row of a record: {error}") from error
        if row.v > VERSION:
            raise ValueError(f"line {number} has form {row.v}, this version knows {VERSION}; update the workshop")
        rows.append(row)
    return rows
