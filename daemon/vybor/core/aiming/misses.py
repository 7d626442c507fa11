"""How many signs lead to nothing, against how many did right after the fitting. Pure.

Acts are counted: a choice, a press or gesture where tiles stood that chose nothing, and a look at an edge that
filled half of it and chose nothing. A choice that is undone at once was in vain too. No word is needed for that.
"""

import msgspec

from vybor.contracts import messages as m
from vybor.fitting.shares import at_least, at_most
from vybor.foundation.clock import seconds
from vybor.foundation.fitted import Since
from vybor.foundation.settings import CommitSettings
from vybor.selector import gestures
from vybor.selector.state import Selector

BLOCK = 100
"""Acts: the first ones after a fitting, and as many of later ones at a time."""
UNDONE_WITHIN_NS = seconds(5)
WORSE_BY = 0.1
SURE, SURE_OF_FIRST = 2.576, 1.2816
"""A block's lower bound (99.5 %) must lie above the upper one (90 %) of the first. At an unchanged rate less than
one block in a hundred is taken for worse; at .3 after .1 four in five are, at .35 19 of 20."""
HALF = 0.5


class Misses(msgspec.Struct, frozen=True):
    """Acts of the block at hand."""

    made: int = 0
    in_vain: int = 0
    choice_ns: int = 0
    """When the last choice was made, if that is not known to have been in vain."""


class Act(msgspec.Struct, frozen=True):
    """One message, and what the selector made of it."""

    message: m.AnyMessage
    before: Selector
    after: Selector
    action: m.Action | None = None
    """What was decided; None: nothing."""


def saw(misses: Misses, act: Act, rule: CommitSettings) -> Misses:
    """Take in a message while tiles can be chosen."""
    at_ns = act.message.at_ns
    if act.action is m.Action.UNDO:
        undone = bool(misses.choice_ns) and at_ns - misses.choice_ns <= UNDONE_WITHIN_NS
        return msgspec.structs.replace(misses, in_vain=misses.in_vain + undone, choice_ns=0)
    if act.action is not None:
        return Misses(misses.made + 1, misses.in_vain, at_ns)
    return _more(misses) if is_in_vain(act, rule) else misses


def is_whole(misses: Misses) -> bool:
    """Whether the block can be judged."""
    return misses.made >= BLOCK


def first(since: Since, misses: Misses) -> Since:
    """What later blocks are held against."""
    return msgspec.structs.replace(since, made=misses.made, in_vain=misses.in_vain)


def is_worse(since: Since, misses: Misses) -> bool:
    """Whether clearly more is in vain than right after the fitting."""
    if not since.made or not misses.made:
        return False
    surely = at_least(misses.in_vain, misses.made, SURE) > at_most(since.in_vain, since.made, SURE_OF_FIRST)
    return surely and misses.in_vain / misses.made - since.in_vain / since.made >= WORSE_BY


def is_in_vain(act: Act, rule: CommitSettings) -> bool:
    """Whether it was a sign that led to nothing."""
    before, after = act.before, act.after
    if not before.tiles or act.message.at_ns < before.quiet_until_ns:
        return False
    match act.message:
        case m.SwitchPress():
            is_sign = rule.switch
        case m.Gesture(kind=kind, log_odds=log_odds):
            is_sign = gestures.is_on(kind, rule) and log_odds > 0
        case m.Gaze():
            half_ns = seconds(rule.pad_s) * HALF
            return before.pad_ns is not None and before.pad_ns >= half_ns and after.pad_ns is None
        case _:
            return False
    helped = after.signal != before.signal or after.scan != before.scan  # a weak one, or a row that was taken
    return is_sign and not helped


def _more(misses: Misses) -> Misses:
    return Misses(misses.made + 1, misses.in_vain + 1, misses.choice_ns)
