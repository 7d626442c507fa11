"""Practice and checks around the decision: who may begin one, and how the person chooses meanwhile. Pure."""

import msgspec

from vybor.composer import practice
from vybor.composer.writing import is_begun
from vybor.contracts import messages as m
from vybor.contracts.messages import Choosing, Sign
from vybor.core.decision import deciding
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding, resting
from vybor.foundation.settings import CommitSettings
from vybor.selector import gestures
from vybor.selector.state import Selector
from vybor.selector.ways import Headband, Way, wanted


def begun(state: Deciding, rules: Rules, at_ns: int) -> Deciding:
    """Somebody begins practice for the person, over the page at hand."""
    now = practice.begun(state.writing, rules.language)
    return deciding.refreshed(msgspec.structs.replace(state, writing=now), rules, at_ns)


def refused(state: Deciding) -> str:
    """Why nobody can begin it for the person now; empty if they can."""
    if not state.tiles:
        return "the kit is only starting; try again in a moment"
    if resting(state):
        return "the person rests; practice can begin when they have chosen Wake"
    if state.fits.told is not None:
        return "a fitting is under way; practice can begin when it is over"
    return "the person calls for help; practice can begin when that is over" if state.writing.calling else ""


def settled(request: str, reason: str) -> m.Done | m.Refused:
    """The answer to who asked: done, or why not."""
    return m.Refused(request=request, reason=reason) if reason else m.Done(request=request)


def check_refused(state: Deciding, asked: m.ShowCheck) -> str:
    """Why a check of words cannot begin now; empty if it can. One that has begun goes on whatever is written."""
    if asked.check is None or asked.check.number:
        return ""
    if state.writing.practice:
        return "the person practises; a check can begin when that is over"
    if is_begun(state.writing.under or state.writing):
        return "something is being written; the check begins on an empty line: let it be spoken, or cleared"
    return refused(state).replace("practice", "a check")


def with_sign(screen: m.Screen, known: Selector, rule: CommitSettings) -> m.Screen:
    """The screen, where practice names what this person confirms with."""
    if screen.practice is None:
        return screen
    now = msgspec.structs.replace(screen.practice, sign=sign(known, rule))
    return msgspec.structs.replace(screen, practice=now)


def sign(known: Selector, rule: CommitSettings) -> Sign | None:
    """What was seen of this person, or is there; else what the settings count on."""
    seen = known.inputs
    found = (
        (Sign.SWITCH, rule.switch and bool(seen.pressed)),
        (Sign.DOUBLE_BLINK, rule.biosignal and seen.headband is Headband.THERE),
        (Sign.LONG_BLINK, rule.long_blink),
        (Sign.BROW, rule.brow),
        (Sign.CHEEK, rule.cheek),
        (Sign.HEAD, rule.head),
        (Sign.SWITCH, rule.switch),
        (Sign.DOUBLE_BLINK, rule.biosignal),
    )
    return next((each for each, is_so in found if is_so), None)


def way(known: Selector, rule: CommitSettings) -> Choosing:
    """The way that is open; beside the edge a sign is named only to who has one."""
    opened = known.ways or wanted(rule)
    if Way.SCAN in opened:
        return Choosing.SCAN
    if Way.SIGN not in opened:
        return Choosing.PAD
    if Way.PAD not in opened:
        return Choosing.SIGN
    seen = known.inputs
    has_sign = seen.pressed or seen.signalled or seen.headband is Headband.THERE or gestures.by_face(rule)
    return Choosing.EITHER if has_sign else Choosing.PAD
