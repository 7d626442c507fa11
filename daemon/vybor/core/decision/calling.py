"""Whether a held clench calls for help, and what is recorded of it. Pure.

It needs nothing but the headband: no eyes, no tile, no screen. What a tile is chosen with is far too little here:
nobody looks at a tile of help first, and a call that nobody meant tires those who come.
"""

import msgspec

from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.selector import weigh

LEAST_LOG_ODDS = 3.0
"""As sure as a detector of the headband ever is: a jaw that is twice as loud as a clench, all the time."""
LATEST_NS = seconds(5)
"""What is known later than this was an act of another moment."""
LASTS_NS = seconds(90)
"""A call that cannot be heard is tried again for a minute, and safe may ring for half a minute more."""
NO_OFFER, NO_TILE = 0, -1
"""It answers nothing that stood on the screen, and says nothing of that."""


def asks(made: m.Gesture, now_ns: int) -> bool:
    """Whether this gesture is to be answered by a call for help."""
    is_held = made.kind is m.GestureKind.LONG_CLENCH
    return is_held and made.log_odds >= LEAST_LOG_ODDS and now_ns - made.ended_ns <= LATEST_NS


def passed(writing: Writing, called_ns: int, now_ns: int) -> Writing:
    """Time has passed: what kept still for a call that was made then need not keep still for ever."""
    if not writing.calling or now_ns - called_ns <= LASTS_NS:
        return writing
    return msgspec.structs.replace(writing, calling=False)


def evidence(made: m.Gesture) -> m.Evidence:
    """What spoke for it: the headband alone."""
    certainty = round(weigh.probability(made.log_odds), 4)
    return m.Evidence(
        channel=m.Channelled.CLENCH,
        posterior=certainty,
        posterior_without_prior=certainty,
        gaze_age_ms=0.0,
        log_odds=m.LogOdds(signal=round(made.log_odds, 3)),
    )
