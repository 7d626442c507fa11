"""What the brain's answer to flicker adds to the looks: which of the tiles that flicker is meant. Pure.

It is one more voice about where the eyes are, and less than they are: it adds up to `CAP` to a tile that they may
be on and lights none alone, for it counts only together with a look, and nothing is chosen without what confirms.
Windows overlap by most of their length: they are one sample, so the newest stands in place of the one before, and
is never added to it. It says nothing of a word that came into its place after the window began: where one looked
then, another word stood.
"""

from collections.abc import Mapping, Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.selector.belief import Belief

CAP = 1.5
"""Half of what a headband is ever believed (`evidence.CAP`): its log-odds hold if one of these tiles is looked at;
where none is, something is claimed for one of them all the same (decision 54)."""
HOLDS_NS = seconds(0.8)
"""A window that ended longer ago says where the eyes were then."""


class Heard(msgspec.Struct, frozen=True):
    """The newest window."""

    offer: int
    from_ns: int
    until_ns: int
    log_odds: tuple[tuple[int, float], ...]


def heard(message: m.Flickered) -> Heard:
    """The newest in place of the one before."""
    return Heard(message.offer, message.from_ns, message.at_ns, message.log_odds)


def added(known: Heard | None, offer: int, stood_ns: Mapping[int, int], at_ns: int) -> tuple[float, ...]:
    """What it says of each slot at the time of a look, by since when what is there has stood.

    Nothing of another offer, of what came later than the window began, or if it is too old.
    """
    if known is None or known.offer != offer or not 0 <= at_ns - known.until_ns <= HOLDS_NS:
        return (0.0,) * len(stood_ns)
    said = dict(known.log_odds)
    return tuple(
        _capped(said.get(slot, 0.0)) if since_ns <= known.from_ns else 0.0 for slot, since_ns in stood_ns.items()
    )


def with_it(belief: Belief, said: Sequence[float]) -> Belief:
    """The belief of one moment with what it says; what the looks say stays as it is for the next."""
    if not any(said):
        return belief
    return msgspec.structs.replace(
        belief,
        bodies=tuple(known + more for known, more in zip(belief.bodies, said, strict=True)),
        pads=tuple(known + more for known, more in zip(belief.pads, said, strict=True)),
    )


def _capped(log_odds: float) -> float:
    """Within the cap; what is no number says nothing."""
    return max(-CAP, min(CAP, log_odds)) if log_odds == log_odds else 0.0  # noqa: PLR0124
