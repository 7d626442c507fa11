"""The page of what is needed seldom: one choice behind the tools. Pure."""

from collections.abc import Callable, Sequence

from vybor.composer import fitting, writing
from vybor.composer.placing import LEFT, LOWER, RIGHT, Choice, Placed
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role

FIT = LOWER[0]


def kit_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """What changes the kit, not the text."""
    return {FIT: Choice(role=Role.FIT), LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.MENU)}


def _kit(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(writing.turn(now, Mode.KIT, passed=now.passed, under=now.under), Action.PAGE)


PAGES: dict[Mode, Callable[[Writing, Sequence[m.Candidate], str], Placed]] = {
    Mode.KIT: kit_page,
    Mode.FITTING: fitting.first_page,
}
RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {
    Role.KIT: _kit,
    Role.FIT: fitting.opened,
    **fitting.RULES,
}
