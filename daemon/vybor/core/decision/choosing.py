"""What choosing a tile leads to, with what the tiles beside it say of the wishes of who chose. Pure."""

from collections.abc import Sequence

import msgspec

from vybor.composer import practice
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role


def chosen_from(tiles: Sequence[m.Tile], tile: m.Tile, writing: Writing, language: str) -> Outcome:
    """What choosing one of the tiles of a page leads to.

    A fold opens, and any other choice closes it. *More*, and the menu that leads there, pass over the words among
    them; who looks at a group of letters instead has seen them, and most likely means another.
    """
    if tile.role in (Role.FOLD, Role.CLOSE):
        members = tuple(each.slot for each in tile.members)
        return Outcome(msgspec.structs.replace(writing, unfolded=members), Action.PAGE)
    writing = msgspec.structs.replace(writing, shown=_beside(tiles, writing), unfolded=())
    outcome = practice.choose(writing, tile, language)
    words = tuple(tile.label.split()[0] for tile in tiles if tile.role is Role.CANDIDATE)
    match tile.role:
        case Role.MORE | Role.MENU:
            after = msgspec.structs.replace(outcome.writing, passed=(*writing.passed, *words))
        case Role.KEY:
            after = msgspec.structs.replace(outcome.writing, seen_by_look=(*writing.seen_by_look, words))
        case _:
            return outcome
    return msgspec.structs.replace(outcome, writing=after)


def _beside(tiles: Sequence[m.Tile], writing: Writing) -> tuple[m.Tile, ...]:
    """What would be written behind the text; forms of its last word would be written in place of that."""
    if writing.mode is Mode.ENDINGS:
        return ()
    return tuple(tile for tile in tiles if tile.role in (Role.CANDIDATE, Role.SENTENCE))
