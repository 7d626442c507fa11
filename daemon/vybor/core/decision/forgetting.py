"""What the deciding process holds of the person's words, without what is deleted. Pure."""

from collections.abc import Sequence

import msgspec

from vybor.composer import erasing, practice
from vybor.contracts import messages as m
from vybor.core.decision.offering import offer_anew
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding
from vybor.core.decision.talk import Talk
from vybor.utterances.belonging import words_of
from vybor.utterances.hiding import hidden, hiding


def forgotten(state: Deciding, scope: m.Scope, texts: Sequence[str], rules: Rules, at_ns: int) -> Deciding:
    """Text, undo, what was said and the conversation, without what is deleted; the same if none of it is here.

    Nothing that was offered before can be chosen: it may stand on a tile.
    """
    known = practice.real(state.writing)
    if scope not in erasing.DRAFT_TOO and not holds(state, texts):
        return state
    now = erasing.forgotten(known, scope, texts)
    state = msgspec.structs.replace(
        state, writing=practice.over(state.writing, now), talk=Talk(), prompt=None, proposals=None, looked=None
    )
    return offer_anew(state, rules, at_ns, after_choice=True)


def without(decision: m.Decision, texts: Sequence[str]) -> m.Decision:
    """A choice as it is written down while these texts are being deleted: they may still be offered beside it."""
    if not texts:
        return decision
    words = frozenset(word for one in texts for word in words_of(one))
    return hiding(decision, hidden(texts, (), words))


def holds(state: Deciding, texts: Sequence[str]) -> bool:
    """Whether any of the texts is in memory here."""
    known = practice.real(state.writing)
    said = {one.written for one in state.talk.spoken} | {one.text for one in known.lasting.spoken}
    return not {one for one in texts if one}.isdisjoint({known.text, *known.past, *said})
