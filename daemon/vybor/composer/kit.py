"""The page of the kit: what is switched on the kit itself, and seldom. Pure.

It lies behind the tools. Choosing leaves the page where it is: each tile says what it does next, so what was
switched is seen there, and switched back by the same tile.
"""

from collections.abc import Callable, Sequence

import msgspec

from vybor.composer import writing
from vybor.composer.lasting import Kit
from vybor.composer.placing import LEFT, RIGHT, UPPER, Choice, Placed
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role

NIGHT, COPY, TYPE = UPPER


def kit_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """The colours of the screen."""
    return {
        NIGHT: Choice(role=Role.DAY if now.lasting.kit.is_night else Role.NIGHT),
        LEFT: Choice(role=Role.BACK),
        RIGHT: Choice(role=Role.MENU),
    }


def told(now: Writing, shown: m.Shown) -> Writing:
    """The display says how it fares; the same writing where nothing is new."""
    return _with(now, is_night=shown.is_night)


def _kit(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(_here(now), Action.PAGE)


def _colours(now: Writing, tile: m.Tile) -> Outcome:
    night = tile.role is Role.NIGHT
    return Outcome(_here(_with(now, is_night=night)), Action.KIT, night=night)


def _here(now: Writing) -> Writing:
    """The page, over what the tools lie over."""
    return writing.turn(now, Mode.KIT, passed=now.passed, under=now.under)


def _with(now: Writing, **changes: object) -> Writing:
    kit: Kit = msgspec.structs.replace(now.lasting.kit, **changes)
    if kit == now.lasting.kit:
        return now
    return msgspec.structs.replace(now, lasting=msgspec.structs.replace(now.lasting, kit=kit))


RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {
    Role.KIT: _kit,
    Role.NIGHT: _colours,
    Role.DAY: _colours,
}
