"""Tiles that light up in turn, row by row and then one by one, for whoever has a switch or a gesture alone. Pure.

The round begins at the same place every time. A press belongs to what the display said it had lit
`scan_reaction_s` before; one that falls between two turns is nobody's. What is lit is never changed under the
person: whoever fills the tiles asks `held`.
"""

import math
from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import weigh
from vybor.selector.state import REMEMBERED_NS, Act, Lit, Scan, Selection, Selector, same

PRESS_SD_NS = seconds(0.05)
"""How exactly display and person keep time: closer to the change of two turns a press is doubtful."""
SAME_ROW = 0.1
"""Tiles whose middles lie within such a part of the screen's height stand in one row."""
ROUNDS_IN_ROW = 2
"""After so many rounds over the tiles of a row, it was not meant: the rows light up again."""
MOST_LIT = 12
"""So many turns are remembered: more than those in which a late gesture may lie."""


class Turn(msgspec.Struct, frozen=True):
    """Whose turn it is."""

    slots: tuple[int, ...] = ()
    """A whole row, or one tile; nothing between rounds of a page with one tile, and while the scan waits."""
    passes: int = 0
    """Rounds before this one."""
    still: bool = False
    """All rounds are done."""


def rows(tiles: Sequence[m.Tile]) -> tuple[tuple[int, ...], ...]:
    """Slots from the top and from the left; a page of one tile has an empty turn, or any press would choose it."""
    found: list[list[m.Tile]] = []
    for tile in sorted(tiles, key=_height):
        if found and _height(tile) - _height(found[-1][0]) < SAME_ROW:
            found[-1].append(tile)
        else:
            found.append([tile])
    told = tuple(tuple(tile.slot for tile in sorted(row, key=lambda tile: tile.area.left)) for row in found)
    return (*told, ()) if len(tiles) == 1 else told


def turn(selector: Selector, at_ns: int, rule: CommitSettings) -> Turn:
    """What should be lit at a time."""
    scan = selector.scan
    if scan is None or not selector.tiles or at_ns < scan.began_ns:
        return Turn()
    order = tuple((slot,) for slot in scan.row) or rows(selector.tiles)
    steps = (at_ns - scan.began_ns) // seconds(rule.scan_step_s)
    passes, place = divmod(max(0, steps - _read_first(scan)), len(order))
    still = passes >= (ROUNDS_IN_ROW if scan.row else rule.scan_passes)
    return Turn(() if still else order[place], passes, still)


def next_turn_ns(selector: Selector, now_ns: int, rule: CommitSettings) -> int | None:
    """When something else is to be lit; None if that is not known to come."""
    scan = selector.scan
    if scan is None or not selector.tiles or turn(selector, now_ns, rule).still:
        return None
    if now_ns < scan.began_ns:
        return scan.began_ns
    step_ns = seconds(rule.scan_step_s)
    return scan.began_ns + max((now_ns - scan.began_ns) // step_ns, _read_first(scan)) * step_ns + step_ns


def ticked(selector: Selector, now_ns: int, rule: CommitSettings) -> Selector:
    """Leave a row that nobody wanted."""
    scan = selector.scan
    if scan is None or not scan.row or not turn(selector, now_ns, rule).still:
        return selector
    return msgspec.structs.replace(selector, scan=Scan(now_ns, lit=scan.lit))


def begun(selector: Selector, at_ns: int) -> Selector:
    """Begin anew, at the fixed place."""
    return msgspec.structs.replace(selector, scan=Scan(max(at_ns, selector.quiet_until_ns)))


def lit(selector: Selector, highlight: m.Highlight | None, at_ns: int) -> Selector:
    """The display said what it has lit, and since when."""
    scan = selector.scan
    if scan is None:
        return selector
    known = {tile.slot for tile in selector.tiles}
    slots = highlight.scan if highlight and highlight.offer == selector.offer else ()
    now = Lit(max(at_ns, scan.began_ns), slots if known.issuperset(slots) else ())
    if scan.lit and (scan.lit[-1].slots == now.slots or scan.lit[-1].at_ns > now.at_ns):
        return selector
    return msgspec.structs.replace(selector, scan=msgspec.structs.replace(scan, lit=(*scan.lit, now)[-MOST_LIT:]))


def held(selector: Selector) -> tuple[int, ...]:
    """Slots whose tiles must stay as they are: the row that was taken, or what is lit."""
    if selector.scan is None:
        return ()
    return selector.scan.row or (selector.scan.lit[-1].slots if selector.scan.lit else ())


def renewed(selector: Selector, before: Sequence[m.Tile], at_ns: int) -> Selector:
    """Other tiles are shown: the scan goes on if they stand in the same places and what is lit has not changed."""
    scan = selector.scan
    if scan is None:
        return selector
    after = {tile.slot: same(tile) for tile in selector.tiles}
    changed = {tile.slot for tile in before if after.get(tile.slot) != same(tile)}
    if after.keys() != {tile.slot for tile in before} or changed.intersection(held(selector)):
        return begun(selector, at_ns)
    told = tuple(Lit(each.at_ns, () if changed.intersection(each.slots) else each.slots) for each in scan.lit)
    return msgspec.structs.replace(selector, scan=msgspec.structs.replace(scan, lit=told))


def press(selector: Selector, act: Act, rule: CommitSettings) -> tuple[Selector, Selection | None]:
    """A press takes the row, or the tile, that was lit; after all rounds it begins them again.

    A row's first tile is lit after the pause that follows a choice: a hand that trembles presses twice.
    """
    scan = selector.scan
    if scan is None or act.at_ns < selector.quiet_until_ns or not weigh.is_meant(1.0, act.log_odds, rule):
        return selector, None
    if scan.lit and act.at_ns < scan.lit[-1].at_ns - REMEMBERED_NS:
        return selector, None
    if turn(selector, act.known_ns, rule).still and not scan.row:
        return begun(selector, act.known_ns), None
    meant_ns = act.at_ns - seconds(rule.scan_reaction_s)
    slots, chance = _lit_at(scan.lit, meant_ns, math.hypot(act.at_sd_ns, PRESS_SD_NS))
    posterior = chance * scan.row_posterior
    if not slots or not weigh.is_meant(posterior, act.log_odds, rule):
        return selector, None
    passes = scan.passes + turn(selector, meant_ns, rule).passes
    if len(slots) > 1:
        began_ns = act.known_ns + seconds(rule.refractory_s)
        taken = Scan(began_ns, slots, chance, passes, (Lit(act.known_ns, ()),))
        return msgspec.structs.replace(selector, scan=taken), None
    return selector, Selection(selector.offer, slots[0], weigh.of_scan(act, slots[0], posterior, passes))


def _read_first(scan: Scan) -> int:
    """How many turns longer the first of all is lit: a new page has to be read."""
    return 0 if scan.row else 1


def _lit_at(told: Sequence[Lit], at_ns: float, sd_ns: float) -> tuple[tuple[int, ...], float]:
    """What was lit at a time, and how certain that is, as neither clock nor person is exact."""
    place = max((place for place, each in enumerate(told) if each.at_ns <= at_ns), default=None)
    if place is None:
        return (), 0.0
    until_ns = told[place + 1].at_ns if place + 1 < len(told) else math.inf
    scale = sd_ns * math.sqrt(2)
    chance = 0.5 * (math.erf((until_ns - at_ns) / scale) - math.erf((told[place].at_ns - at_ns) / scale))
    return told[place].slots, chance


def _height(tile: m.Tile) -> float:
    """The middle of what is visible of a tile, as a part of the screen's height."""
    return (max(0.0, tile.area.top) + min(1.0, tile.area.bottom)) / 2
