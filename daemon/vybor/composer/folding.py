"""A page of ten places on fewer zones: neighbours share a zone, and choosing it unfolds them. Pure.

Pages are made for ten places, as ever. Where the layout has fewer zones, a page *folds*: tiles that belong
together become one, a fold, which shows what is in it; choosing that brings its members onto the whole screen, one
a zone, or folded again, with the way back to the whole page. What is chosen there leads on as it would on ten
zones. A tile keeps its slot, which is its place among the ten, wherever it lies.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

import msgspec

from vybor.composer.arranging import arranged, stood
from vybor.composer.layout import LAYOUTS, TEN, Layout, Zone
from vybor.composer.placing import LEFT
from vybor.contracts import messages as m
from vybor.contracts.messages import Arrangement, Mode, Role

CLOSE, FIRST_FOLD = 10, 11
"""Slots of the way back to the whole page, and of the fold in the first zone."""
Homes = tuple[tuple[int, ...], ...]
"""By zone: the places that share it."""


class Plan(msgspec.Struct, frozen=True):
    """How pages lie on a layout."""

    homes: Homes
    back: int
    """The zone of the way back from a fold's members; Undo has it too where that has a zone of its own."""
    apart: tuple[int, ...]
    """The other zones, in the order in which members take them: so few as there are lie far from each other."""
    of_mode: Mapping[Mode, Homes] = {}
    """Homes of pages that ask for others."""


PLANS: dict[int, Plan] = {
    8: Plan(
        ((8,), (0,), (1, 2, 9), (3,), (4,), (5,), (6,), (7,)),
        0,
        (3, 7, 4, 2, 5, 6, 1),
        {Mode.MENU: ((8,), (0,), (1,), (2,), (3,), (4,), (5, 7, 9), (6,))},
    ),
    6: Plan(
        ((8,), (0,), (3,), (4, 5, 6, 7), (2, 9), (1,)),
        0,
        (2, 3, 5, 1, 4),
        {
            Mode.MENU: ((8,), (0,), (1,), (2,), (3, 4), (5, 6, 7, 9)),
            Mode.CLEARING: ((8,), (), (), (9,), (), (3,)),
            Mode.ERASING: ((8,), (0,), (1,), (9,), (), (2,)),
            Mode.ERASE_SURE: ((8,), (), (), (9,), (7,), ()),
            Mode.UNPAIR_SURE: ((8,), (), (), (9,), (7,), ()),
            Mode.PAIR_SURE: ((8,), (), (), (9,), (7,), ()),
        },
    ),
    4: Plan(
        ((0,), (3, 8, 9), (1, 4, 5), (2, 6, 7)),
        1,
        (2, 0, 3),
        {
            Mode.MENU: ((0, 1, 2), (3, 8, 9), (4, 5), (6, 7)),
            Mode.CLEARING: ((3,), (8,), (9,), ()),
            Mode.ERASING: ((0,), (8, 9), (1, 2), ()),
            Mode.ERASE_SURE: ((9,), (8,), (), (7,)),
            Mode.UNPAIR_SURE: ((9,), (8,), (), (7,)),
            Mode.PAIR_SURE: ((9,), (8,), (), (7,)),
            Mode.READ_ASKED: ((4,), (8, 9), (3,), (0,)),
        },
    ),
    2: Plan(
        ((0, 1, 2, 3), (4, 5, 6, 7, 8, 9)),
        1,
        (0,),
        {
            Mode.KIT: ((0, 1, 2, 4, 5, 6, 7), (3, 8, 9)),
            Mode.CLEARING: ((8, 9), (3,)),
            Mode.ERASE_SURE: ((8, 9), (7,)),
            Mode.UNPAIR_SURE: ((8, 9), (7,)),
            Mode.PAIR_SURE: ((8, 9), (7,)),
            Mode.READ_ASKED: ((3, 8, 9), (0, 4)),
        },
    ),
}
"""Six zones and more: Undo and Speak have zones of their own, at the left and in the upper right corner. On four,
each group of letters lies beside a word, so that no fold has more than three and all unfold at once. Whether all
is meant to be cleared or deleted is answered in another zone than it is asked from. On two, the ways back from the
page of the kit stand apart from its seldom things: they lie no deeper than on other pages."""
ALWAYS_HOME = (Mode.WORDS, Mode.MORE, Mode.KEYPAD, Mode.LETTERS, Mode.GROUP)
"""Pages on which words come and go: nothing else may move when they do."""
FIRST_WORD = 6.0
WEIGHTS = {Role.CANDIDATE: 3.0, Role.KEY: 3.0, Role.HELP: 4.0, Role.CLOSE: 0.5}
USUAL_WEIGHT = 1.0
"""How often a tile is chosen, about, where two zones halve them: what is wanted more is found in fewer choices."""
FEWEST = 2


class Fold(msgspec.Struct, frozen=True):
    """How a page is to lie, and what stands there now."""

    zones: int
    mode: Mode
    unfolded: tuple[int, ...] = ()
    """The slots of the fold that is open; none: the whole page."""
    before: tuple[m.Tile, ...] = ()
    held: frozenset[int] = frozenset()
    """Slots of tiles, among those before, that must not change now."""
    places: Arrangement = Arrangement.DEFAULT
    """Where Undo and Speak stand."""


def folded(page: Sequence[m.Tile], how: Fold) -> tuple[m.Tile, ...]:
    """The tiles of a page as they lie on a layout."""
    if how.zones == len(TEN.zones):
        return stood(page, how.places)
    layout, choices = LAYOUTS[how.zones], _once(page)
    zoned = _unfolded(choices, how) if how.unfolded else _whole(choices, how, layout)
    lies = arranged(layout, how.places).zones
    kept = {zone: _kept(members, lies[zone], how) for zone, members in zoned.items()}
    tiles = (_tile(zone, members, lies[zone]) for zone, members in kept.items() if members)
    return tuple(sorted(tiles, key=lambda tile: tile.slot))


def members_of(tile: m.Tile) -> tuple[m.Tile, ...]:
    """What a tile stands for: itself, if it is no fold."""
    return tile.members or (tile,)


def leaves(tiles: Iterable[m.Tile]) -> tuple[m.Tile, ...]:
    """All that tiles stand for."""
    return tuple(each for tile in tiles for each in members_of(tile))


def places(slots: Iterable[int], tiles: Sequence[m.Tile]) -> tuple[int, ...]:
    """The places of the page that these slots stand for."""
    wanted = set(slots)
    return tuple(each.slot for each in leaves(tile for tile in tiles if tile.slot in wanted))


def _once(page: Sequence[m.Tile]) -> list[m.Tile]:
    """Each choice once: of several ways back, the one that is always there."""
    return [tile for tile in page if tile.role is not Role.BACK or tile.slot == LEFT]


def _whole(choices: Sequence[m.Tile], how: Fold, layout: Layout) -> dict[int, list[m.Tile]]:
    """A whole page: each tile in its home; where there are no more of them than zones, each in a zone alone."""
    plan = PLANS[how.zones]
    homes = plan.of_mode.get(how.mode, plan.homes)
    is_steady = how.mode in ALWAYS_HOME or how.mode in plan.of_mode
    if len(choices) <= how.zones and not is_steady:
        return _nearest(choices, plan, layout)
    return {zone: [tile for tile in choices if tile.slot in home] for zone, home in enumerate(homes)}


def _nearest(choices: Sequence[m.Tile], plan: Plan, layout: Layout) -> dict[int, list[m.Tile]]:
    """Each in the free zone that is nearest to its place among the ten; the way back first, in its own."""
    free = list(range(len(layout.zones)))
    found: dict[int, list[m.Tile]] = {}
    for tile in sorted(choices, key=lambda tile: tile.slot != LEFT):
        here = _middle(TEN.zones[tile.slot])
        zone = min(free, key=lambda zone: math.dist(_middle(layout.zones[zone]), here))
        if tile.slot == LEFT and len(choices) > 1:
            zone = plan.back
        free.remove(zone)
        found[zone] = [tile]
    return found


def _unfolded(choices: Sequence[m.Tile], how: Fold) -> dict[int, list[m.Tile]]:
    """The members of a fold, each in a zone alone or folded again; of more than two zones the way back has one."""
    plan = PLANS[how.zones]
    members = [tile for tile in choices if tile.slot in how.unfolded and tile.role is not Role.BACK]
    back = next((tile for tile in choices if tile.slot in how.unfolded and tile.role is Role.BACK), _CLOSING)
    if how.zones == FEWEST and len(members) >= FEWEST:
        return dict(enumerate(_halved([*members, back])))
    zones = sorted(plan.apart[: len(members)])
    ends = [round(len(members) * (at + 1) / len(zones)) for at in range(len(zones))]
    found = {zone: members[begin:end] for zone, begin, end in zip(zones, [0, *ends], ends, strict=False)}
    return found | {plan.back: [back]}


def _halved(members: Sequence[m.Tile]) -> tuple[list[m.Tile], list[m.Tile]]:
    """Two parts in their order, chosen about equally often."""
    sums = list(accumulate(map(_weight, members)))
    cut = min(range(1, len(members)), key=lambda cut: abs(sums[-1] - 2 * sums[cut - 1]))
    return list(members[:cut]), list(members[cut:])


def _weight(tile: m.Tile) -> float:
    is_first = tile.role is Role.CANDIDATE and tile.slot == 0
    return FIRST_WORD if is_first else WEIGHTS.get(tile.role, USUAL_WEIGHT)


def _kept(members: list[m.Tile], zone: Zone, how: Fold) -> list[m.Tile]:
    """The members of a zone; nothing joins a tile that the eyes are on."""
    stood = next((tile for tile in how.before if tile.area == zone.area and tile.slot in how.held), None)
    if stood is None:
        return members
    known = {one.slot for one in members_of(stood)}
    kept = [tile for tile in members if tile.slot in known]
    return kept if len(kept) == len(known) else members


def _tile(zone: int, members: Sequence[m.Tile], lies: Zone) -> m.Tile:
    if len(members) == 1:
        return msgspec.structs.replace(members[0], area=lies.area, pad=lies.pad)
    rated = [tile.p for tile in members if tile.p is not None]
    return m.Tile(
        slot=FIRST_FOLD + zone,
        role=Role.FOLD,
        area=lies.area,
        pad=lies.pad,
        p=min(1.0, sum(rated)) if len(rated) == len(members) else None,
        members=tuple(members),
    )


_CLOSING = m.Tile(slot=CLOSE, role=Role.CLOSE, area=TEN.zones[LEFT].area, pad=TEN.zones[LEFT].pad)


def _middle(zone: Zone) -> tuple[float, float]:
    seen = zone.visible
    return (seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2
