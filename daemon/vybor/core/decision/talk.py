"""What was said around the text: by the other person, and by this one in the minutes before. Pure.

It stays in memory, where nothing but the prompts takes it from; the record has only what the person wrote.
"""

from typing import TypeVar

import msgspec

from vybor.composer.lasting import Lasting
from vybor.composer.writing import Outcome, Writing
from vybor.contracts.messages import Action
from vybor.foundation.clock import seconds
from vybor.foundation.typed import on_one_line

MOST_CHARACTERS = 200
"""Of the other person's turn: three lines of the band; some 50 tokens, which is what the model reads of it."""
MOST_LATELY = 3
"""Sentences: what `deploy/bench context` measures."""
LATELY_NS = seconds(300)
"""What was spoken longer ago was spoken in another conversation, maybe with somebody else."""


class Spoken(msgspec.Struct, frozen=True):
    """A text that was spoken, and how it had been written."""

    said: str
    written: str
    at_ns: int


class Answered(msgspec.Struct, frozen=True):
    """A turn of the other person that a text answered; empty if there was none."""

    partner: str
    written: str
    at_ns: int


class Talk(msgspec.Struct, frozen=True):
    """The conversation that the text belongs to."""

    partner: str = ""
    """What the other person just said, until it is answered."""
    partner_ns: int = 0
    """When they said it, or when the person began to rest after that."""
    since: int = 0
    """The last decision before they said it: what was said until then answers something else."""
    answered: tuple[Answered, ...] = ()
    """Lately, oldest first: who takes the answer back is asked again."""
    spoken: tuple[Spoken, ...] = ()
    """What this person spoke lately, oldest first."""

    @property
    def lately(self) -> tuple[str, ...]:
        """The texts alone, as they were said."""
        return tuple(one.said for one in self.spoken)


def heard(typed: str) -> tuple[str, str]:
    """The other person's turn on one line, or why it cannot be taken; empty is a turn too: there is none."""
    whole = on_one_line(typed)
    if len(whole) > MOST_CHARACTERS:
        reason = f"what the partner said has {len(whole)} letters, of which {MOST_CHARACTERS} fit; type it shorter"
        return "", reason
    return whole, ""


def asked(talk: Talk, partner: str, at_ns: int, since: int) -> Talk:
    """The other person said something, after so many decisions; empty: what they said holds no more."""
    return msgspec.structs.replace(talk, partner=partner, partner_ns=at_ns, since=since)


def is_answered(talk: Talk, lasting: Lasting) -> bool:
    """Whether anything that stands was said since."""
    return any(one.number > talk.since for one in lasting.stands)


def after(talk: Talk, before: Writing, outcome: Outcome, at_ns: int) -> Talk:
    """The conversation after a choice: what is spoken joins it, what is taken back leaves it, rest ends it.

    What has become old leaves it between two texts, so that no offer changes in the middle of one.
    """
    match outcome.action:
        case Action.SPEAK:
            return _spoke(talk, before, outcome.say, at_ns)
        case Action.REPAIR | Action.UNDO:
            return _taken_back(talk, before, outcome, at_ns)
        case Action.ERASE:
            return Talk()
        case Action.REST:
            return msgspec.structs.replace(talk, spoken=(), answered=(), partner_ns=at_ns)
        case Action.WAKE if at_ns - talk.partner_ns > LATELY_NS:  # after a long rest nobody waits for an answer
            return Talk()
    return talk if before.text else aged(talk, at_ns)


def _spoke(talk: Talk, before: Writing, say: str, at_ns: int) -> Talk:
    """What they said is answered; a private text answers it too, and leaves nothing for the prompts."""
    answered = (*_fresh(talk.answered, at_ns), Answered(talk.partner, before.text, at_ns))[-MOST_LATELY:]
    spoken = _fresh(talk.spoken, at_ns)
    if not before.lasting.is_private(before.text):
        spoken = (*spoken, Spoken(say, before.text, at_ns))[-MOST_LATELY:]
    return Talk(since=talk.since, spoken=spoken, answered=answered)


def _taken_back(talk: Talk, before: Writing, outcome: Outcome, at_ns: int) -> Talk:
    """The last *Speak* is undone, or said not to have been meant: what it answered waits again."""
    text, kept = outcome.writing.text, talk
    if before.text:
        return talk
    if talk.spoken and text == talk.spoken[-1].written:
        kept = msgspec.structs.replace(kept, spoken=talk.spoken[:-1])
    if talk.answered and text == talk.answered[-1].written:
        last = talk.answered[-1]
        kept = msgspec.structs.replace(kept, answered=talk.answered[:-1])
        if last.partner and not talk.partner and at_ns - last.at_ns <= LATELY_NS:
            kept = msgspec.structs.replace(kept, partner=last.partner, partner_ns=last.at_ns)
    return kept if kept is not talk else aged(talk, at_ns)


def unlearned(talk: Talk) -> Talk:
    """It turned out that nothing was to be learned: what was spoken leaves nothing for the prompts."""
    return msgspec.structs.replace(talk, spoken=())


def aged(talk: Talk, at_ns: int) -> Talk:
    """The conversation without what was spoken too long ago; the very same if nothing was."""
    fresh = _fresh(talk.spoken, at_ns)
    return talk if fresh == talk.spoken else msgspec.structs.replace(talk, spoken=fresh)


Dated = TypeVar("Dated", Spoken, Answered)


def _fresh(dated: tuple[Dated, ...], at_ns: int) -> tuple[Dated, ...]:
    return tuple(one for one in dated if at_ns - one.at_ns <= LATELY_NS)
