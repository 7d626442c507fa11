"""A record without names, numbers and addresses: on the kit, and on the workstation that keeps it. Pure.

What is hidden in a text, and the limits of that: `masking.py`.
"""

from collections.abc import Iterable, Iterator

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.segments import rows
from vybor.utterances.masking import DOCUMENT, Mask


def texts(records: Iterable[msgspec.Struct | None]) -> Iterator[str]:
    """All that may tell what is a name: what was only offered, too."""
    for record in records:
        if isinstance(record, m.Decision):
            yield from (record.text_before, record.text_after, record.said)
            yield from (text for tile in record.shown for text in _offered(tile, record.text_before))
        elif isinstance(record, rows.Utterance):
            yield record.text


def _offered(tile: m.OfferedTile, behind: str) -> Iterator[str]:
    """The text as it would have been: a word goes on with it, all else begins with a capital letter by itself."""
    label = f"{tile.label} {tile.grey}".strip()
    if label:
        yield f"{behind} {label}" if tile.role is Role.CANDIDATE else label
    for each in tile.members:
        yield from _offered(each, behind)


def without_names(record: msgspec.Struct, mask: Mask) -> msgspec.Struct:
    """A record without names, numbers and addresses."""
    if isinstance(record, rows.Utterance):
        text = mask.text(record.text)
        pieces = record.stretches
        if text != record.text:  # a name may be of several pieces: of each its length is left
            pieces = tuple(rows.Stretch(mask.letters(one.text), one.origin) for one in pieces)
        return msgspec.structs.replace(record, text=text, stretches=pieces)
    if not isinstance(record, m.Decision):
        return record
    masked = msgspec.structs.replace(
        record,
        text_before=mask.text(record.text_before),
        text_after=mask.text(record.text_after),
        written=mask.text(record.written),
        said=mask.text(record.said),
        shown=tuple(_tile(tile, record.text_before, mask) for tile in record.shown),
        context=_without_documents(record.context),
    )
    return _without_letters(masked, mask) if _is_letter_by_letter(record) else masked


def _without_documents(context: m.Context | None) -> m.Context | None:
    return context and msgspec.structs.replace(context, notes=(DOCUMENT,) * len(context.notes))


def _is_letter_by_letter(decision: m.Decision) -> bool:
    """Whether a word was being spelled, or a number typed: each choice, and what fits, tells its letters."""
    is_typed = any(letter.isdecimal() for letter in decision.written)
    return bool(decision.prefix or decision.looks or is_typed or decision.action in (Action.SPELL, Action.STEER))


def _without_letters(decision: m.Decision, mask: Mask) -> m.Decision:
    """Not what stood where, nor which place was chosen: letters stand in the same places for everybody."""
    is_letters = decision.action in (Action.SPELL, Action.STEER)
    return msgspec.structs.replace(
        decision,
        slot=-1,
        shown=(),
        written=mask.letters(decision.written) if is_letters else decision.written,
        prefix=mask.letters(decision.prefix),
        looks=tuple(map(mask.letters, decision.looks)),
    )


def _tile(tile: m.OfferedTile, behind: str, mask: Mask) -> m.OfferedTile:
    return msgspec.structs.replace(
        tile,
        label=mask.label(tile.label, behind),
        grey=mask.text(tile.grey),
        origin=DOCUMENT if tile.origin else "",
        members=tuple(_tile(each, behind, mask) for each in tile.members),
    )
