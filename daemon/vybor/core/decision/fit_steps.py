"""Steps of the decision that a fitting takes by itself: time passes, or somebody at the terminal asks. Pure."""

import msgspec

from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.core.decision.deciding import refreshed
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding
from vybor.core.ways import fits
from vybor.core.ways.fits import Fits


def passed(state: Deciding, rules: Rules, now_ns: int) -> Deciding:
    """Time has passed: a cue is due, was waited for long enough, or nobody answers any more."""
    if state.fits.now is None:
        return state
    fit = fits.passed(state.fits, rules.settings, state.selector.inputs, now_ns)
    return _stands(state, fit, state.writing, rules, now_ns)


def asked(
    state: Deciding, command: m.Fit, rules: Rules, at_ns: int, no_flicker: str = "nothing flickers here"
) -> tuple[Deciding, str]:
    """What somebody at the terminal wants of the fitting is done; or why it cannot be.

    `no_flicker`: why no trial of flicker may be made; empty if one may.
    """
    if command.wish in (m.FitWish.START, m.FitWish.BEGIN) and (reason := _refused(state)):
        return state, reason
    signs = fits.signs_there(rules.settings, state.selector.inputs)
    if m.Sign.FLICKER in command.only:
        if no_flicker:
            return state, f"flicker cannot be tried: {no_flicker}"
        signs = (*signs, m.Sign.FLICKER)
    fit, writing, reason = fits.asked(state.fits, state.writing, command, signs, rules.settings, at_ns)
    return _stands(state, fit, writing, rules, at_ns), reason


def _refused(state: Deciding) -> str:
    """Why no fitting, and no trial of a sign, can begin over what the person does; empty if one can."""
    if state.writing.practice is not None:
        return "the person practises; fit once they have left practice"
    return "the person calls for help; fit when that is over" if state.writing.calling else ""


def _stands(state: Deciding, fit: Fits, writing: Writing, rules: Rules, at_ns: int) -> Deciding:
    """The fitting stands there now; the page is composed anew if it looks different."""
    if state.fits.now is not None and fit.now is None:
        writing = fits.closed(writing)
    fit = fits.staged(fit, writing)
    is_same = fit.told == state.fits.told and writing == state.writing
    state = msgspec.structs.replace(state, fits=fit, writing=writing)
    return state if is_same else refreshed(state, rules, at_ns)
