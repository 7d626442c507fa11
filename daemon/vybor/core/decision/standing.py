"""Which opposite places Undo and Speak take: by what is measured of the eyes, for a clear gain only. Pure.

Of the arrangements that there are, the one is wanted whose worse place is measured best. It is decided once, when
there is enough to decide by; then it stays. What the eyes rest on never moves: only on an empty line, between two
looks.
"""

import msgspec

from vybor.composer.arranging import arranged
from vybor.composer.folding import PLANS
from vybor.composer.layout import LAYOUTS, TEN
from vybor.composer.placing import CORNER, LEFT
from vybor.composer.writing import is_begun
from vybor.contracts import messages as m
from vybor.contracts.messages import Arrangement, Mode
from vybor.core.aiming.quarters import WITHIN, Measured, Quarter, of_area
from vybor.core.decision.offering import laid
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding

ENOUGH = 30
"""Signs in each quarter, about 150 choices in all: before that nothing is decided."""
CLEARLY = 1.7
"""So many times smaller must the squared distance be at the worse place of another arrangement. Of a thousand
whose eyes are measured alike everywhere one is moved then on ten zones, 15 to 37 on four; of those with an error
twice as large where Speak stands, 800 (deploy/decisions/0034)."""
LEAST_SQUARE = WITHIN / 4
"""Below that, distances are those of chance."""


def verdict(measured: Measured, zones: int, at: Arrangement) -> m.Standing | None:
    """Where Undo and Speak are to stand on such a layout, from where they stand; None: too little is known."""
    if min(quarter.signs for quarter in measured.quarters) < ENOUGH:
        return None
    squares = {how: worse(measured, zones, how) for how in (at, *Arrangement)}
    best = min(squares, key=lambda how: squares[how])
    return m.Standing(
        at=best if squares[at] >= CLEARLY * squares[best] else at,
        is_decided=True,
        errors=tuple(round(quarter.error, 3) for quarter in measured.quarters),
    )


def worse(measured: Measured, zones: int, how: Arrangement) -> float:
    """The mean squared distance at the worse one of the two places."""
    quarters = measured.quarters
    return max(_pooled([quarters[at] for at in place]) for place in places(zones, how))


def places(zones: int, how: Arrangement) -> tuple[tuple[int, ...], ...]:
    """The quarters in which Undo stands, and those of Speak."""
    lies = arranged(LAYOUTS[zones], how).zones
    return tuple(of_area(lies[_home(zones, slot)].visible) for slot in (LEFT, CORNER))


def passed(state: Deciding, rules: Rules) -> Deciding:
    """Let Undo and Speak stand where they are to, if now is the time."""
    if state.standing == rules.standing:
        return state
    after = msgspec.structs.replace(state, standing=rules.standing)
    if state.standing.at is rules.standing.at:
        return after
    return laid(after, after.page, after_choice=False) if _is_calm(state) else state


def _is_calm(state: Deciding) -> bool:
    """Nothing is being written, and nothing is looked at or lit."""
    now, eyes = state.writing, state.selector
    is_empty = now.mode is Mode.WORDS and not is_begun(now) and now.practice is None and not now.unfolded
    return bool(state.tiles) and is_empty and eyes.slot is None and eyes.scan is None


def _home(zones: int, slot: int) -> int:
    """The zone of a layout in which a place of the ten lies."""
    if zones == len(TEN.zones):
        return slot
    return next(zone for zone, home in enumerate(PLANS[zones].homes) if slot in home)


def _pooled(quarters: list[Quarter]) -> float:
    signs = sum(quarter.signs for quarter in quarters)
    return max(LEAST_SQUARE, sum(quarter.signs * quarter.square for quarter in quarters) / signs)
