"""How what leaves the kit stands comes to the page that shows it. Pure."""

import msgspec

from vybor.composer import practice, sharing
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, ShareWish
from vybor.core.decision.offering import offer_anew
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding
from vybor.foundation.clock import seconds

WITHIN_NS = seconds(10)


def wished(request: str, wish: ShareWish, digits: str, now_ns: int) -> m.Share:
    """What sync is asked for."""
    until_ns = now_ns + WITHIN_NS if wish in sharing.OPENING else 0
    return m.Share(request=request, wish=wish, digits=digits, until_ns=until_ns)


def shown(now: Writing) -> m.Sharing | None:
    """What the pages of it show; the others do not."""
    return now.lasting.kit.sharing if now.mode in sharing.PAGES else None


def told(state: Deciding, status: m.SyncStatus, rules: Rules, now_ns: int) -> Deciding:
    """Sync says it, often: only on its own page it changes a tile."""
    real = practice.real(state.writing)
    if real.lasting.kit.sharing == status.sharing:
        return state
    now = practice.over(state.writing, sharing.told(real, status.sharing))
    state = msgspec.structs.replace(state, writing=now)
    return offer_anew(state, rules, now_ns, after_choice=False) if now.mode is Mode.SHARING else state
