"""What is recorded of a choice from which nothing may be learned. Pure.

An answer that is said beside the text tells nothing of how the person writes: it is recorded whole, and marked. Of
private text the record has the text before and after, without which nothing would come back after a restart, and
not what was offered, said or looked at.
"""

import itertools
from collections.abc import Sequence

import msgspec

from vybor.composer.lasting import Lasting
from vybor.contracts import messages as m
from vybor.utterances.private import withheld


def recorded(decision: m.Decision, before: Lasting, after: Lasting) -> m.Decision:
    """The decision as the journal keeps it."""
    is_private = before.is_private(decision.text_before) or after.is_private(decision.text_after)
    if is_private:
        decision = withheld(decision)
    learn = not is_private and decision.action not in m.ASIDE
    return msgspec.structs.replace(decision, learn=learn, incognito=after.incognito)


def found(decisions: Sequence[m.Decision]) -> list[m.Decision]:
    """Decisions since the start, once it turns out that nothing was to be learned when the first was made.

    From where the person switched that themselves it is as they said.
    """
    unaware = list(itertools.takewhile(lambda one: not one.incognito, decisions))
    nothing = Lasting(incognito=True)
    return [*(recorded(one, nothing, nothing) for one in unaware), *decisions[len(unaware) :]]
