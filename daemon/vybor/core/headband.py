"""What the headband says of itself and of its wearer, beside what they do. Pure."""

import msgspec

from vybor.contracts import messages as m
from vybor.core.decision.state import Deciding
from vybor.core.ways import engaging
from vybor.foundation.settings import CommitSettings


def heard(state: Deciding, message: m.Worn | m.Engaged) -> Deciding:
    """It is kept, and decides nothing."""
    if isinstance(message, m.Worn):
        return msgspec.structs.replace(state, worn=message)
    return msgspec.structs.replace(state, engaging=engaging.heard(state.engaging, message))


def told(state: Deciding, rule: CommitSettings, now_ns: int) -> tuple[m.Trouble, ...]:
    """What the screen says of it."""
    waits = engaging.told(state.engaging, rule, now_ns)
    return (waits,) if waits else ()
