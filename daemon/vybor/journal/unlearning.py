"""*Don't learn this* holds for a whole sentence: what was chosen of it before that was said is private, too.

Whoever says so speaks of the text that they see, not of their next choice. So rows of it are written anew as those
that follow are: with the text before and after, and no more. Of a sentence that is at hand still nothing has left,
since it is sealed once it ends; one that undo has brought back may have, and is asked back.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.database import Connection
from vybor.journal.readable import read
from vybor.segments.rows import Kind, Span
from vybor.utterances.belonging import Place, Sentences
from vybor.utterances.following import MOST_STEPS
from vybor.utterances.private import is_private, withheld

KINDS = (Kind.DECISION.value, Kind.UTTERANCE.value)

_encode = msgspec.msgpack.Encoder().encode


class Unlearned(NamedTuple):
    """What follows from a decision."""

    decision: m.Decision
    """As it is kept…"""
    spans: tuple[Span, ...] = ()
    """…and rows before it that become private with it;"""
    was_spoken: bool = False
    """some of them spoke: whoever counts what is said has been told of them."""


class Unlearning:
    """Follows the record, oldest row first; it may begin anywhere.

    Sentences that undo does not reach are forgotten.
    """

    def __init__(self, rows: Iterable[tuple[Place, m.Decision | None]] = ()) -> None:
        """`rows`: places and decisions of the record; None is what stands behind one and says more of it."""
        self._sentences = Sentences()
        for place, decision in rows:
            if decision:
                self.tell(decision, place)
            else:
                self.beside(place)

    @property
    def begin(self) -> Place | None:
        """Where the first row of the text at hand stands; None on an empty line."""
        return self._sentences.begin

    def tell(self, decision: m.Decision, place: Place) -> Unlearned:
        """Take in the next one."""
        letters = self._sentences.letters
        one = self._sentences.tell(decision, place)
        self._sentences.forget_all_but(MOST_STEPS)
        if one is None:  # letters of a first word may wait
            return Unlearned(decision, tuple(letters.spans) if is_private(decision) else ())
        if one.is_private:
            return Unlearned(decision if is_private(decision) else withheld(decision))
        if not is_private(decision):
            return Unlearned(decision)
        one.is_private = True
        return Unlearned(decision, tuple(one.spans), bool(one.spoken))

    def beside(self, place: Place) -> None:
        """A row stands behind the last decision and says more of it."""
        self._sentences.beside(place)


def followed(database: Connection) -> Unlearning:
    """The newest rows of the record are taken in, back to the beginning of a sentence at least. Raises Error."""
    rows = database.execute(
        "SELECT boot, sequence, kind, record FROM row WHERE kind IN (?, ?) ORDER BY boot DESC, sequence DESC",
        KINDS,
    )
    found: list[tuple[Place, m.Decision | None]] = []
    for boot, sequence, kind, record in rows:
        decision = read(record) if kind == Kind.DECISION else None
        if decision or kind == Kind.UTTERANCE:
            found.append(((boot, sequence), decision))
        if len(found) > MOST_STEPS and decision and decision.text_before and not decision.text_after:
            break
    return Unlearning(reversed(found))


def withhold(database: Connection, spans: Iterable[Span]) -> bool:
    """Let nothing be learned from these rows any more; whether anything was to be. Raises Error.

    Within a transaction of the caller's. Whose characters were spoken is nobody's matter then.
    """
    is_open = False
    for span in spans:
        rows = database.execute(
            "SELECT sequence, kind, record FROM row WHERE boot = ? AND sequence BETWEEN ? AND ?"
            " AND kind IN (?, ?)",
            (span.boot, span.first, span.last, *KINDS),
        ).fetchall()
        spoken = [(span.boot, sequence) for sequence, kind, _ in rows if kind == Kind.UTTERANCE]
        database.executemany("DELETE FROM row WHERE boot = ? AND sequence = ?", spoken)
        told = [(sequence, read(record)) for sequence, kind, record in rows if kind == Kind.DECISION]
        opened = [(_encode(withheld(one)), span.boot, sequence) for sequence, one in told if one and one.learn]
        database.executemany("UPDATE row SET record = ? WHERE boot = ? AND sequence = ?", opened)
        is_open |= bool(opened)
    return is_open
