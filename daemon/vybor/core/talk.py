"""What was said around the text: by the other person, and by this one in the minutes before. Pure.

It stays in memory, where nothing but the prompts takes it from; the record has only what the person wrote.
"""

import msgspec

from vybor.composer.writing import Outcome, Writing
from vybor.contracts.messages import Action
from vybor.foundation.clock import seconds

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


class Talk(msgspec.Struct, frozen=True):
    """The conversation that the text belongs to."""

    partner: str = ""
    """What the other person just said, until it is answered."""
    spoken: tuple[Spoken, ...] = ()
    """What this person spoke lately, oldest first."""

    @property
    def lately(self) -> tuple[str, ...]:
        """The texts alone, as they were said."""
        return tuple(one.said for one in self.spoken)


def heard(typed: str) -> tuple[str, str]:
    """The other person's turn on one line, or why it cannot be taken; empty is a turn too: there is none."""
    whole = " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())
    if len(whole) > MOST_CHARACTERS:
        reason = f"what the partner said has {len(whole)} letters, of which {MOST_CHARACTERS} fit; type it shorter"
        return "", reason
    return whole, ""


def after(talk: Talk, before: Writing, outcome: Outcome, at_ns: int) -> Talk:
    """The conversation after a choice: what is spoken joins it, what is taken back leaves it, rest ends it.

    What has become old leaves it between two texts, so that no offer changes in the middle of one.
    """
    match outcome.action:
        case Action.SPEAK if before.lasting.is_private(before.text):
            return Talk(spoken=_fresh(talk.spoken, at_ns))
        case Action.SPEAK:
            spoken = (*_fresh(talk.spoken, at_ns), Spoken(outcome.say, before.text, at_ns))[-MOST_LATELY:]
            return Talk(spoken=spoken)
        case Action.REPAIR if _brings_back(talk, before, outcome):
            return msgspec.structs.replace(talk, spoken=talk.spoken[:-1])
        case Action.UNDO if _brings_back(talk, before, outcome):
            return msgspec.structs.replace(talk, spoken=talk.spoken[:-1])
        case Action.ERASE:
            return Talk()
        case Action.REST:
            return msgspec.structs.replace(talk, spoken=())
    return talk if before.text else aged(talk, at_ns)


def aged(talk: Talk, at_ns: int) -> Talk:
    """The conversation without what was spoken too long ago; the very same if nothing was."""
    fresh = _fresh(talk.spoken, at_ns)
    return talk if fresh == talk.spoken else msgspec.structs.replace(talk, spoken=fresh)


def _fresh(spoken: tuple[Spoken, ...], at_ns: int) -> tuple[Spoken, ...]:
    return tuple(one for one in spoken if at_ns - one.at_ns <= LATELY_NS)


def _brings_back(talk: Talk, before: Writing, outcome: Outcome) -> bool:
    """Whether it is the last *Speak* that is undone, or said not to have been meant."""
    return bool(talk.spoken) and not before.text and outcome.writing.text == talk.spoken[-1].written
