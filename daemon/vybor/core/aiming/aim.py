"""What a choice says about where the eyes were: for the gaze room, which learns from it how far looks fall beside.

Only a choice that the looks made by themselves says anything, without the language model's prior, and only once
the next choice has not taken it back.
"""

import msgspec

from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.areas import on_screen, without_pad
from vybor.selector import gestures
from vybor.selector.edge import FIRST_NS, LEAST_LOOKS
from vybor.selector.state import Selection, Selector

BY_LOOKS = (m.Channelled.PAD, m.Channelled.SWITCH, *gestures.CHANNELS.values())
EVIDENT = 0.9
"""So probable the tile must have been by the looks alone."""
TAKES_BACK = (m.Action.UNDO, m.Action.REPAIR, m.Action.DELETE, m.Action.CLEAR)


def of_choice(known: Selector, chosen: Selection, tile: m.Tile, at_ns: int) -> m.LookedAt | None:
    """The first looks at the words of the tile that is being chosen; None where nothing is known of them.

    The first ones only: later some are on their way to the edge already, and would be taken for an error.
    """
    evidence = chosen.evidence
    by_looks = evidence.channel in BY_LOOKS and evidence.slot_without_prior == tile.slot
    by_looks = by_looks and not evidence.log_odds.flicker  # which said where the eyes were, too
    if not by_looks or evidence.posterior_without_prior < EVIDENT:
        return None
    words, looks = known.at_edge.words, known.looks
    if known.at_edge.slot != tile.slot or words is None:
        return None
    at_words = [look.at_ns for look in looks if words.from_ns <= look.at_ns <= words.from_ns + FIRST_NS]
    if len(at_words) < LEAST_LOOKS:
        return None
    return m.LookedAt(
        at_ns=at_ns,
        area=on_screen(without_pad(tile.area, tile.pad)),
        from_ns=at_words[0],
        until_ns=at_words[-1],
        certainty=evidence.posterior_without_prior,
    )


def holds(action: m.Action, role: m.Role) -> bool:
    """Whether a choice leaves the one before it as it is."""
    return action not in TAKES_BACK and role not in (m.Role.BACK, m.Role.CLOSE)


def told(held: m.LookedAt | None, *texts: Writing) -> m.LookedAt | None:
    """What is told of the choice before, now that it holds; if one of the texts is private, none of it is kept."""
    if held is None:
        return None
    is_private = any(now.lasting.is_private(now.text) for now in texts)
    return msgspec.structs.replace(held, is_private=is_private)
