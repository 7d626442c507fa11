"""The page of the kit itself: what is done seldom, behind the tools. Pure."""

from collections.abc import Callable, Sequence

from vybor.composer import writing
from vybor.composer.placing import CORNER, LEFT, RIGHT, Choice, Placed
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role


def kit_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """Practice in the corner; the ways back."""
    return {
        CORNER: Choice(role=Role.PRACTICE),
        LEFT: Choice(role=Role.BACK),
        RIGHT: Choice(role=Role.MENU),
    }


PAGES: dict[Mode, Callable[[Writing, Sequence[m.Candidate], str], Placed]] = {Mode.KIT: kit_page}


def _kit(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(writing.turn(now, Mode.KIT, under=now.under), Action.PAGE)


RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {Role.KIT: _kit}
