"""What a choice says about where the eyes were: for the gaze room, which learns from it how far looks fall beside.

Only a choice that the looks made by themselves says anything, without the language model's prior, and only once
the next choice has not taken it back.
"""

from collections.abc import Sequence
from itertools import dropwhile, takewhile

from vybor.contracts import messages as m
from vybor.contracts.areas import on_screen, without_pad
from vybor.selector.state import Look, Selection, Selector

BY_LOOKS = (m.Channelled.PAD, m.Channelled.DOUBLE_BLINK, m.Channelled.CLENCH, m.Channelled.SWITCH)
EVIDENT = 0.9
"""So probable the tile must have been by the looks alone."""
TAKES_BACK = (m.Action.UNDO, m.Action.REPAIR, m.Action.DELETE, m.Action.CLEAR)


def of_choice(known: Selector, chosen: Selection, tile: m.Tile, at_ns: int) -> m.LookedAt | None:
    """The looks at the words of the tile that is being chosen; None where nothing is known of them."""
    evidence = chosen.evidence
    by_looks = evidence.channel in BY_LOOKS and evidence.slot_without_prior == tile.slot
    if not by_looks or evidence.posterior_without_prior < EVIDENT:
        return None
    at_words = _last_at(known.looks, tile.slot)
    if not at_words:
        return None
    words = on_screen(without_pad(tile.area, tile.pad))
    return m.LookedAt(at_ns=at_ns, area=words, from_ns=at_words[-1], until_ns=at_words[0])


def _last_at(looks: Sequence[Look], slot: int) -> list[int]:
    """When the words of a tile were looked at without a break, the last time, from the last look on."""
    at_it = takewhile(lambda look: look.slot == slot, dropwhile(lambda look: look.slot != slot, reversed(looks)))
    return [look.at_ns for look in takewhile(lambda look: not look.on_pad, dropwhile(lambda k: k.on_pad, at_it))]


def holds(action: m.Action, role: m.Role) -> bool:
    """Whether a choice leaves the one before it as it is."""
    return action not in TAKES_BACK and role is not m.Role.BACK
