"""Whether the words of what is worn are taken back more often than those before were: by the record. Pure.

Counted are the model's words that were taken, and those of them that the next choice took back at once, since a
version is worn and before. A text of which nothing is learned counts nowhere.
"""

from collections.abc import Callable, Iterable
from enum import Enum

import msgspec

from vybor.contracts.messages import Action, Channelled, Decision, Source
from vybor.foundation.clock import seconds

FRAMES = "+frames-"
"""In what the record calls a model that made a sentence from key words."""
TAKES_BACK = (Action.UNDO, Action.DELETE)
WORDS = "words"
"""What is counted, for people."""
BY_SIGNS = (Channelled.DOUBLE_BLINK, Channelled.CLENCH)
IN_VAIN_NS = seconds(5)
"""So long before a choice a sign at its tile was one for it."""
LEAST_JUDGED = 30
"""Choices, on each side: fewer say nothing."""
SURE = 3.0
"""Standard errors between the two. It is looked at again and again: of persons who take back 8 % as before (500
choices before, 200 since), 2 % would lose a version; 15 % instead are noticed in 58 % of cases, 20 % in 96 %."""
MOST_BEFORE = 1000
"""From then on both counts of before are halved: what was long ago counts little."""


class Counts(msgspec.Struct, frozen=True):
    """Words of the model."""

    choices: int = 0
    undone: int = 0


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How far the record was read, and what was in it."""

    session: str = ""
    """Where to read on, as the journal told it…"""
    number: int = 0
    """…and with which number; none: from the beginning."""
    before: Counts = Counts()
    since: Counts = Counts()
    last: tuple[str, int] = ("", 0)
    """The choice that the next one may take back…"""
    last_is_since: bool = False
    """…and which of both it was counted among."""
    is_past: bool = False
    """Something was deleted, and the record is read from its beginning: up to its end all of it was counted."""


class Verdict(Enum):
    """What the counts say."""

    GOES_ON = "goes_on"
    GOOD = "good"
    WORSE = "worse"


IsOne = Callable[[Decision], bool]


def counted(known: Counted, decisions: Iterable[Decision], identity: str) -> Counted:
    """With these decisions, which follow; `identity` is what the record calls the model that wears the version."""

    def is_since(decision: Decision) -> bool:
        return bool(identity) and decision.model.partition("~")[0] == identity

    return counted_by(known, decisions, is_since, is_of_the_model)


def counted_by(
    known: Counted,
    decisions: Iterable[Decision],
    is_since_of: IsOne,
    is_one: IsOne,
    was_in_vain: IsOne = lambda _: False,
) -> Counted:
    """The same, where something else says which of them count, and which were made since the version is worn.

    One that was in vain at first counts as one that was taken back.
    """
    if known.is_past:
        return known
    for decision in decisions:
        known = _taken_back(known, decision)
        known = msgspec.structs.replace(known, last=("", 0))
        if not is_one(decision):
            continue
        is_since = is_since_of(decision)
        known = _more(known, since=is_since, undone=False)
        if was_in_vain(decision):
            known = _more(known, since=is_since, undone=True)
            continue
        known = msgspec.structs.replace(known, last=(decision.session, decision.number), last_is_since=is_since)
    return known


def of_purpose(decisions: Iterable[Decision], *, of_frames: bool) -> list[Decision]:
    """Without those that took what the model proposed for something else: words, or sentences from key words."""
    return [one for one in decisions if not is_of_the_model(one) or (FRAMES in one.model) is of_frames]


def told_anew(known: Counted) -> Counted:
    """The record is told from its beginning, since some of it is gone: what was counted of it stays counted."""
    return msgspec.structs.replace(known, last=("", 0), is_past=True)


def begun_anew(known: Counted) -> Counted:
    """Another version is worn from here on, or the same once more: what was counted of one before is past."""
    return msgspec.structs.replace(known, since=Counts(), last=("", 0), last_is_since=False)


def become_usual(known: Counted) -> Counted:
    """What was counted of a version that is good is what later ones are held against."""
    before = Counts(known.before.choices + known.since.choices, known.before.undone + known.since.undone)
    return begun_anew(msgspec.structs.replace(known, before=before))


def is_of_the_model(decision: Decision) -> bool:
    """Whether a word was taken that the model had proposed."""
    return bool(decision.model) and _source_of(decision) is Source.MODEL


def is_of_an_offer(decision: Decision) -> bool:
    """Whether a word was taken that the model or the list had proposed."""
    return _source_of(decision) in (Source.MODEL, Source.NGRAM)


def is_by_a_sign(decision: Decision) -> bool:
    """Whether a headband's sign was made for this choice, and it is none that only takes back."""
    chose = decision.evidence.channel in BY_SIGNS or any(sign.chose for sign in decision.signs)
    return (chose or is_sign_in_vain(decision)) and decision.learn and decision.action not in TAKES_BACK


def is_sign_in_vain(decision: Decision) -> bool:
    """Whether a sign at the tile that was chosen chose nothing just before."""
    return any(
        not sign.chose and sign.slot == decision.slot and decision.at_ns - sign.at_ns <= IN_VAIN_NS
        for sign in decision.signs
    )


def _source_of(decision: Decision) -> Source | None:
    """Who had proposed what was taken; None where nothing was, or nothing may be learned of it."""
    taken = next((tile for tile in decision.shown if tile.slot == decision.slot), None)
    is_taken = decision.action is Action.TAKE and decision.learn
    return taken.source if is_taken and taken is not None else None


def verdict(counts: Counted, starts: int, least_choices: int, least_starts: int) -> Verdict:
    """Worse as soon as that is clear; good after enough choices and starts."""
    if is_worse(counts.since, counts.before):
        return Verdict.WORSE
    if counts.since.choices >= least_choices and starts >= least_starts:
        return Verdict.GOOD
    return Verdict.GOES_ON


def reason(counts: Counted, what: str = WORDS) -> str:
    """Why a version is worse, in figures."""
    since, before = counts.since, counts.before
    how = "taken back at once" if what == WORDS else "taken back at once, or in vain at first"
    return (
        f"{since.undone} of {since.choices} of its {what} were {how}, and of those before it "
        f"{before.undone} of {before.choices}"
    )


def is_worse(since: Counts, before: Counts) -> bool:
    """Whether clearly more is taken back than before; where there is no before, whether most of it is."""
    if since.choices < LEAST_JUDGED:
        return False
    if before.choices < LEAST_JUDGED:
        return since.undone > since.choices / 2
    pooled = (since.undone + before.undone) / (since.choices + before.choices)
    error: float = (pooled * (1 - pooled) * (1 / since.choices + 1 / before.choices)) ** 0.5
    return since.undone / since.choices - before.undone / before.choices > SURE * error


def _taken_back(known: Counted, decision: Decision) -> Counted:
    follows = known.last == (decision.session, decision.number - 1)
    if not follows or decision.action not in TAKES_BACK:
        return known
    return _more(known, since=known.last_is_since, undone=True)


def _more(known: Counted, *, since: bool, undone: bool) -> Counted:
    counts = known.since if since else known.before
    counts = Counts(counts.choices + (not undone), counts.undone + undone)
    if since:
        return msgspec.structs.replace(known, since=counts)
    if counts.choices >= MOST_BEFORE:
        counts = Counts(counts.choices // 2, counts.undone // 2)
    return msgspec.structs.replace(known, before=counts)
