"""What others ask of the decision itself: practice, and what the other person said. Pure."""

from vybor.contracts import messages as m
from vybor.core.decision import deciding, practising, talk
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding


def practised(state: Deciding, rules: Rules, now_ns: int) -> tuple[Deciding, str]:
    """Practice begins for the person, or why it cannot: they rest or call."""
    if reason := practising.refused(state):
        return state, reason
    return practising.begun(state, rules, now_ns), ""


def partnered(state: Deciding, told: m.HearPartner, rules: Rules, now_ns: int) -> tuple[Deciding, str]:
    """The other person's turn is taken, or why it is not."""
    turn, reason = talk.heard(told.text)
    if not state.tiles:
        reason = "the kit is only starting; say it again in a moment"
    return (state, reason) if reason else (deciding.partnered(state, turn, rules, now_ns), "")
