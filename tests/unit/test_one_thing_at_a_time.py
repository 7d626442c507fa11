"""A fitting, practice and a call for help do not begin over one another: what is really being written stays."""

import msgspec
import pytest

from vybor.composer import practice
from vybor.composer.lasting import Lasting
from vybor.composer.writing import Writing, help_called
from vybor.contracts import messages as m
from vybor.core.decision import deciding, fit_steps, practising
from vybor.core.decision.rules import Rules, no_words
from vybor.core.decision.state import Deciding
from vybor.foundation.settings import CommitSettings

RULES = Rules(session="s", language="en", commit=CommitSettings(), instant=no_words, count=4)
OWN = Writing(text="My own", past=("", "My"), lasting=Lasting(incognito=True))


def writing(now: Writing = OWN) -> Deciding:
    return deciding.refreshed(msgspec.structs.replace(deciding.begin(RULES, 0), writing=now), RULES, 0)


def start(state: Deciding, wish: m.FitWish = m.FitWish.START) -> tuple[Deciding, str]:
    return fit_steps.asked(state, m.Fit(request="r", wish=wish), RULES, 1)


def test_a_fitting_does_not_begin_over_practice() -> None:
    practises = practising.begun(writing(), RULES, 0)
    after, reason = start(practises)
    assert "practises" in reason
    assert after is practises
    assert practice.real(after.writing) == msgspec.structs.replace(OWN, saying=False)


def test_a_fitting_does_not_begin_over_a_call_for_help() -> None:
    calls = writing(msgspec.structs.replace(OWN, calling=True))
    after, reason = start(calls)
    assert "calls for help" in reason
    assert after.writing.calling


def test_practice_does_not_begin_over_a_fitting() -> None:
    fits, reason = start(writing())
    assert reason == ""
    assert "fitting" in practising.refused(fits)
    assert practising.refused(writing()) == ""


def test_no_trial_begins_over_what_the_person_does_while_the_fitting_waits() -> None:
    waits, _ = start(writing())
    assert waits.fits.now is not None
    calls = deciding.refreshed(
        msgspec.structs.replace(waits, writing=help_called(waits.writing).writing), RULES, 1
    )
    practises = practising.begun(msgspec.structs.replace(waits, writing=OWN), RULES, 1)
    rests = msgspec.structs.replace(waits, writing=msgspec.structs.replace(OWN, mode=m.Mode.REST))
    for state, why in ((calls, "calls for help"), (practises, "practises"), (rests, "rests")):
        after, reason = start(state, m.FitWish.BEGIN)
        assert why in reason
        assert (after.writing, after.fits.now) == (state.writing, waits.fits.now)
    begun, reason = start(waits, m.FitWish.BEGIN)
    assert (reason, begun.fits.now == waits.fits.now) == ("", False)


@pytest.mark.parametrize("wish", [m.FitWish.TELL, m.FitWish.FORGET])
def test_what_is_only_told_or_forgotten_is_never_refused(wish: m.FitWish) -> None:
    calls = writing(msgspec.structs.replace(OWN, calling=True))
    assert fit_steps.asked(calls, m.Fit(request="r", wish=wish), RULES, 1)[1] == ""
