"""What the record has of a choice from which nothing may be learned: the text before and after, and no more. Pure.

Without these nothing would come back after a restart.
"""

import msgspec

from vybor.contracts import messages as m


def is_private(decision: m.Decision) -> bool:
    """Whether a choice by itself says so; an answer beside an open text is recorded whole."""
    return not decision.learn and not (decision.action in m.ASIDE and decision.shown)


def withheld(decision: m.Decision) -> m.Decision:
    """The choice without what was written, offered, said and looked at, and marked as private."""
    return msgspec.structs.replace(
        decision,
        written="",
        shown=(),
        said="",
        model="",
        mode=None,
        prefix="",
        looks=(),
        took_ms=0.0,
        words="",
        context=None,
        quality=None,
        signs=(),
        learn=False,
    )
