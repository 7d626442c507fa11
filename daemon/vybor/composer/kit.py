"""The page of the kit: what is switched on the kit itself, and seldom. Pure.

It lies behind the tools. Choosing leaves the page where it is: each tile says what it does next, so what was
switched is seen there, and switched back by the same tile.
"""

from collections.abc import Callable, Sequence

import msgspec

from vybor.composer import erasing, fitting, reading, sharing, writing
from vybor.composer.lasting import Kit
from vybor.composer.placing import CORNER, LEFT, LOWER, RIGHT, UPPER, Choice, Placed
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role, WayOut

NIGHT, COPY, TYPE = UPPER
FIT, SHARING, ERASE = LOWER[0], LOWER[1], LOWER[3]
WAYS_OUT: dict[Role, WayOut] = {
    Role.COPY: WayOut.COPY,
    Role.NO_COPY: WayOut.COPY,
    Role.TYPE: WayOut.TYPE,
    Role.NO_TYPE: WayOut.TYPE,
}


def kit_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """Colours, practice, the fitting, what is deleted; and, where there is a way, where what is spoken goes."""
    kit = now.lasting.kit
    out = {
        COPY: Choice(role=Role.NO_COPY if kit.armed is WayOut.COPY else Role.COPY),
        TYPE: Choice(role=Role.NO_TYPE if kit.armed is WayOut.TYPE else Role.TYPE),
    }
    there = {slot: choice for slot, choice in out.items() if WAYS_OUT[choice.role] in kit.ways_out}
    return {
        NIGHT: Choice(role=Role.DAY if kit.is_night else Role.NIGHT),
        **there,
        CORNER: Choice(role=Role.PRACTICE),
        FIT: Choice(role=Role.FIT),
        SHARING: Choice(role=Role.SHARING),
        **reading.end_on_kit(now),
        ERASE: Choice(role=Role.ERASE),
        LEFT: Choice(role=Role.BACK),
        RIGHT: Choice(role=Role.MENU),
    }


def told(now: Writing, shown: m.Shown) -> Writing:
    """The display says how it fares; the same writing where nothing is new.

    Another run of it disarms, and so does a way that is gone: what was armed may write somewhere else now.
    """
    known = now.lasting.kit
    goes_on = known.display in ("", shown.session) and known.armed in shown.ways_out
    return _with(
        now,
        is_night=shown.is_night,
        display=shown.session,
        ways_out=shown.ways_out,
        armed=known.armed if goes_on else None,
    )


def _kit(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(_here(now), Action.PAGE)


def _colours(now: Writing, tile: m.Tile) -> Outcome:
    """The tile changes once the display says that it wears them."""
    night = tile.role is Role.NIGHT
    return Outcome(_here(now), Action.KIT, night=night)


def _arm(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(_here(_with(now, armed=WAYS_OUT[tile.role])), Action.KIT)


def _disarm(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(_here(_with(now, armed=None)), Action.KIT)


def _here(now: Writing) -> Writing:
    """The page, over what the tools lie over."""
    return writing.turn(now, Mode.KIT, passed=now.passed, under=now.under)


def _with(now: Writing, **changes: object) -> Writing:
    kit: Kit = msgspec.structs.replace(now.lasting.kit, **changes)
    if kit == now.lasting.kit:
        return now
    return msgspec.structs.replace(now, lasting=msgspec.structs.replace(now.lasting, kit=kit))


PAGES: dict[Mode, Callable[[Writing, Sequence[m.Candidate], str], Placed]] = {
    Mode.KIT: kit_page,
    Mode.FITTING: fitting.first_page,
    **reading.PAGES,
    **sharing.PAGES,
    **erasing.PAGES,
}
RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {
    Role.KIT: _kit,
    Role.NIGHT: _colours,
    Role.DAY: _colours,
    Role.COPY: _arm,
    Role.TYPE: _arm,
    Role.NO_COPY: _disarm,
    Role.NO_TYPE: _disarm,
    Role.FIT: fitting.opened,
    **fitting.RULES,
    **reading.RULES,
    **sharing.RULES,
    **erasing.RULES,
}
