"""How what leaves the kit stands comes to the page that shows it. Pure."""

import msgspec

from vybor.composer import practice, sharing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode
from vybor.core.offering import offer_anew
from vybor.core.rules import Rules
from vybor.core.state import Deciding


def told(state: Deciding, status: m.SyncStatus, rules: Rules, now_ns: int) -> Deciding:
    """Sync says it, often: only on its own page it changes a tile."""
    real = practice.real(state.writing)
    if real.lasting.kit.sharing == status.sharing:
        return state
    now = practice.over(state.writing, sharing.told(real, status.sharing))
    state = msgspec.structs.replace(state, writing=now)
    return offer_anew(state, rules, now_ns, after_choice=False) if now.mode is Mode.SHARING else state
