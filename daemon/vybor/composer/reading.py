"""The page that asks whether somebody at a browser may read something of the wearer's own. Pure.

The question takes no page away: it stands at the foot, and the menu has the way to it while it does. Yes stands
far from where it was asked, drafts far from yes. Each answer carries the number of its question and holds for no
other. What was granted is ended on the page of the kit; rest ends it, too.
"""

from collections.abc import Callable, Sequence

import msgspec

from vybor.composer import writing
from vybor.composer.placing import CORNER, LEFT, LOWER, RIGHT, UPPER, Choice, Placed
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, ReadAnswer, Role

YES, DRAFTS, NO = LOWER[0], UPPER[0], CORNER
END = LOWER[2]
"""On the page of the kit."""
ANSWERS: dict[Role, ReadAnswer] = {
    Role.READ_YES: ReadAnswer.YES,
    Role.READ_DRAFTS: ReadAnswer.DRAFTS,
    Role.READ_NO: ReadAnswer.NO,
    Role.READ_END: ReadAnswer.END,
}


def asked_on_menu(now: Writing) -> Placed:
    """The way to the question, while one stands there."""
    readers = now.lasting.kit.readers
    return {RIGHT: _choice(Role.READ_ASKED, readers)} if readers and readers.asked else {}


def end_on_kit(now: Writing) -> Placed:
    """The way to end what was granted."""
    readers = now.lasting.kit.readers
    return {END: Choice(role=Role.READ_END)} if readers and readers.grants else {}


def page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """The answers; of a mirror two kinds of yes."""
    readers, ways_out = now.lasting.kit.readers, {LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.MENU)}
    if readers is None or readers.asked is None:
        return ways_out
    drafts = {DRAFTS: _choice(Role.READ_DRAFTS, readers)} if readers.asked is m.Readable.MIRROR else {}
    return {YES: _choice(Role.READ_YES, readers), NO: _choice(Role.READ_NO, readers), **drafts, **ways_out}


def told(now: Writing, readers: m.Readers | None) -> Writing:
    """Who reads and who asks is another; where a question stood that is over, its page goes."""
    kit = msgspec.structs.replace(now.lasting.kit, readers=readers)
    fresh = msgspec.structs.replace(now, lasting=msgspec.structs.replace(now.lasting, kit=kit))
    is_over = now.mode is Mode.READ_ASKED and (readers is None or readers.asked is None)
    return writing.beneath(fresh) if is_over else fresh


def _choice(role: Role, readers: m.Readers) -> Choice:
    return Choice(role=role, label=str(readers.number))


def _opened(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(writing.turn(now, Mode.READ_ASKED, passed=now.passed, under=now.under), Action.PAGE)


def _answered(now: Writing, tile: m.Tile) -> Outcome:
    """Back to what was being written; to end it leaves the page of the kit where it is, as all there do."""
    answer = ANSWERS[tile.role]
    number = int(tile.label or 0)
    if answer is ReadAnswer.END:
        here = writing.turn(now, Mode.KIT, passed=now.passed, under=now.under)
        return Outcome(here, Action.KIT, read=(answer, number))
    return Outcome(writing.beneath(now), Action.KIT, read=(answer, number))


PAGES: dict[Mode, Callable[[Writing, Sequence[m.Candidate], str], Placed]] = {Mode.READ_ASKED: page}
RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {
    Role.READ_ASKED: _opened,
    **dict.fromkeys(ANSWERS, _answered),
}
