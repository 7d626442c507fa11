"""What the record says of the time before joins what is written, also where the person has begun since. Pure."""

import itertools

import msgspec

from vybor.composer.lasting import Lasting, Spoken
from vybor.composer.writing import MOST_PAST, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode
from vybor.core.decision.wishes import Wishes

NOBODY = m.Evidence(channel=m.Channelled.PAD, posterior=0.0, posterior_without_prior=0.0, gaze_age_ms=0.0)
"""Of what no eyes and no signal chose just now."""


def as_it_was(now: Writing, draft: m.Draft, known: Wishes) -> Writing:
    """The text of the time before, where nothing was chosen since; what was known to be on stays on."""
    rests = draft.resting or now.mode is Mode.REST
    by = draft.spoken_session, draft.spoken_number
    lasting = Lasting(
        spoken=(Spoken(draft.spoken, 0, None, *by),) if draft.spoken else (),
        incognito=draft.incognito or now.lasting.incognito,
        private=frozenset(draft.private) | _private(draft, known),
        kit=now.lasting.kit,
    )
    mode = Mode.REST if rests else Mode.WORDS
    return Writing(text=draft.text, past=draft.history[-MOST_PAST:], mode=mode, lasting=lasting)


def behind(begun: Writing, draft: m.Draft, known: Wishes) -> Writing:
    """What the person has begun since, and the text of the time before behind it, for undo.

    Where only now it turns out that nothing was to be learned, what was begun is private as if that had been
    known; what the person has said of it since the start holds.
    """
    lasting, private = begun.lasting, set(draft.private) | _private(draft, known)
    if draft.incognito and not known.incognito:
        private |= {text for text in (*begun.past, *(() if lasting.is_told else (begun.text,))) if text}
    lasting = msgspec.structs.replace(
        lasting,
        private=lasting.private | private,
        incognito=lasting.incognito or (draft.incognito and not lasting.is_told),
    )
    past = (*draft.history, draft.text, *begun.past)[-MOST_PAST:]
    under = begun.under and msgspec.structs.replace(begun.under, past=past)
    return msgspec.structs.replace(begun, past=past, under=under, lasting=lasting)


def _private(draft: m.Draft, known: Wishes) -> set[str]:
    """What of the text of the time before must not be learned, as the file alone may know; what it spoke, too."""
    if not known.private:
        return set()
    line = itertools.takewhile(bool, reversed((*draft.history, draft.text)))
    return {*line, *([draft.spoken] if draft.spoken else [])}


def unlearned(draft: m.Draft, known: Wishes, session: str, at_ns: int) -> m.Decision | None:
    """*Don't learn this* of the text of the time before, for a record that has not heard of it; else None.

    Nobody chose it now: it says nothing but that, and stays on the kit.
    """
    if not known.private or not draft.text or draft.text in draft.private:
        return None
    return m.Decision(
        at_ns=at_ns,
        session=session,
        number=0,
        action=m.Action.PRIVACY,
        slot=-1,
        written="",
        text_before=draft.text,
        text_after=draft.text,
        offer=0,
        shown=(),
        evidence=NOBODY,
        learn=False,
    )
