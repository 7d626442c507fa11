"""The pages where the person deletes what is kept of them: what, and then whether that is meant. Pure.

Nothing is deleted by one choice: the first one asks, and the answer stands far from where the question came from.
What the person can still see or bring back of it is forgotten with the answer, before the record is.
"""

from collections.abc import Callable, Sequence

import msgspec

from vybor.composer import text, writing
from vybor.composer.placing import CORNER, LEFT, LOWER, RIGHT, UPPER, Choice, Placed
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role, Scope

ON_PAGE = dict(zip(UPPER, (Scope.LAST, Scope.TODAY, Scope.EVERYTHING), strict=True))
"""What can be deleted, by its place; the command deletes other days and sentences."""
DRAFT_TOO = (Scope.TODAY, Scope.EVERYTHING)
"""With these goes what is being written."""


def what_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """What is to be deleted."""
    choices = {slot: Choice(role=Role.ERASE, label=scope) for slot, scope in ON_PAGE.items()}
    return choices | {LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.MENU)}


def sure_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """Whether that is meant."""
    back = Choice(role=Role.BACK)
    yes = Choice(role=Role.ERASE, label=now.erasing or Scope.LAST)
    return {LOWER[3]: yes, CORNER: back, LEFT: back, RIGHT: Choice(role=Role.MENU)}


def _erase(now: Writing, tile: m.Tile) -> Outcome:
    """The way there, what is to be deleted, or that it is."""
    if not tile.label:
        return Outcome(writing.turn(now, Mode.ERASING, under=now.under), Action.PAGE)
    scope = Scope(tile.label)
    if now.mode is not Mode.ERASE_SURE:
        return Outcome(writing.turn(now, Mode.ERASE_SURE, under=now.under, erasing=scope), Action.PAGE)
    texts = (last_spoken(now),) if scope is Scope.LAST else ()
    return Outcome(forgotten(now, scope, texts), Action.ERASE, erase=wished(now, scope))


def wished(now: Writing, scope: Scope) -> m.Erase:
    """What the record is to delete: of what was said last the very sentence that the screen names."""
    last = now.lasting.spoken[-1] if now.lasting.spoken else None
    if scope is Scope.LAST and last and last.session:
        return m.Erase(request="", scope=Scope.UTTERANCE, session=last.session, number=last.number)
    return m.Erase(request="", scope=scope)


def named(outcome: Outcome, session: str, number: int) -> Writing:
    """What was just said is known by the decision that said it, and so is the text that was spoken."""
    now, lasting = outcome.writing, outcome.writing.lasting
    *earlier, said = lasting.said
    lasting = msgspec.structs.replace(lasting, said=(*earlier, msgspec.structs.replace(said, number=number)))
    if outcome.action is Action.SPEAK:
        *before, last = lasting.spoken
        last = msgspec.structs.replace(last, session=session, number=number)
        lasting = msgspec.structs.replace(lasting, spoken=(*before, last))
    return msgspec.structs.replace(now, lasting=lasting)


def last_spoken(now: Writing) -> str:
    """The text that was spoken last, as far as that is known; else empty."""
    return now.lasting.spoken[-1].text if now.lasting.spoken else ""


def forgotten(now: Writing, scope: Scope, texts: Sequence[str] = ()) -> Writing:
    """What is being written without what is deleted, and undo leads back to none of it.

    It comes to lie on the page of words, or of letters in the middle of one; who rests goes on resting, and a call
    for help can still be taken back.

    Of a day and of everything nothing stays; of single texts what came after the newest of them does, and so does
    the text at hand unless it is one of them.
    """
    gone = {one for one in texts if one}
    is_resting = now.mode is Mode.REST
    if scope in DRAFT_TOO:
        lasting = msgspec.structs.replace(
            now.lasting, stood=(), spoken=(), said=(), private=frozenset({""} & now.lasting.private)
        )
        return _lying(Writing(lasting=lasting, calling=now.calling), is_resting)
    if not gone:
        return writing.beneath(now)
    cut = max((place + 1 for place, one in enumerate(now.past) if one in gone), default=0)
    is_gone = now.text in gone
    past, kept = ((), "") if is_gone else (now.past[cut:], now.text)
    spoken = tuple(one for one in now.lasting.spoken if one.text not in gone)
    lasting = msgspec.structs.replace(
        now.lasting,
        stood=now.lasting.stood[len(now.lasting.stood) - min(len(past), len(now.lasting.stood)) :],
        spoken=spoken,
        said=tuple(one for one in now.lasting.said if one.text not in {text.ended(each) for each in gone} | gone),
        private=now.lasting.private & {*past, kept, *(one.text for one in spoken)},
    )
    prefix = "" if is_gone else now.prefix
    return _lying(Writing(kept, prefix, past=past, lasting=lasting, calling=now.calling), is_resting)


def _lying(now: Writing, is_resting: bool) -> Writing:
    """On the page that all lead back to: letters already spelled go on being spelled."""
    return msgspec.structs.replace(now, mode=Mode.REST if is_resting else writing.home(now))


PAGES: dict[Mode, Callable[[Writing, Sequence[m.Candidate], str], Placed]] = {
    Mode.ERASING: what_page,
    Mode.ERASE_SURE: sure_page,
}
RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {Role.ERASE: _erase}
