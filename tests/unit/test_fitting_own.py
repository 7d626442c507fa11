"""What a fitting finds of a person's own blinks and clenches, and what the headband makes of it."""

import argparse

import msgspec
import pytest

from unit.fitting_person import SETTINGS, Body, Fitter
from vybor import cli
from vybor.commands.fits import fitting as grammar
from vybor.contracts import messages as m
from vybor.contracts.closing import Closing
from vybor.contracts.messages import Sign
from vybor.fitting import noticing
from vybor.foundation import fitted
from vybor.headband.detecting.template import Own
from vybor.headband.process import own

BLINKS, CLENCHES = Sign.DOUBLE_BLINK, Sign.CLENCH


def test_heights_rhythm_and_strength_are_proposed_kept_and_forgotten() -> None:
    person = Fitter(Body(gap_s=0.35, blink_microvolts=180.0, clench_times=6.5)).start(BLINKS, CLENCHES).run()
    proposed = person.proposed()
    assert proposed["headband.blink_microvolts"] == pytest.approx(180)
    assert proposed["headband.blink_rhythm_s"] == pytest.approx(0.35, abs=0.03)
    assert proposed["headband.clench_times"] == pytest.approx(6.5)
    values = [m.FitValue(key=key, value=value, was=0.0) for key, value in proposed.items() if "blink_m" in key]
    assert own(fitted.over(SETTINGS, values).headband) == Own(blink_microvolts=180.0)
    assert own(fitted.over(SETTINGS, ()).headband) == Own()


def test_a_headband_that_tells_no_heights_changes_nothing() -> None:
    proposed = Fitter(Body()).start(BLINKS, CLENCHES).run().proposed()
    assert not {"headband.blink_microvolts", "headband.clench_times"} & set(proposed)


def test_signs_that_cannot_be_relied_on_are_no_model_of_a_persons_own() -> None:
    body = Body(blink_microvolts=180.0, clench_times=6.5, misses=lambda sign, cue: cue % 2 == 0)
    proposed = Fitter(body).start(BLINKS, CLENCHES).run().proposed()
    assert not {"headband.blink_microvolts", "headband.clench_times"} & set(proposed)


def test_much_the_same_stays_as_it_was() -> None:
    known = msgspec.structs.replace(SETTINGS.headband, blink_microvolts=170.0, clench_times=6.0)
    settings = msgspec.structs.replace(SETTINGS, headband=known)
    person = Fitter(Body(blink_microvolts=180.0, clench_times=6.5), settings).start(BLINKS, CLENCHES).run()
    assert not {"headband.blink_microvolts", "headband.clench_times"} & set(person.proposed())


def test_of_a_headband_its_two_signs_alone_are_tried() -> None:
    top = argparse.ArgumentParser()
    grammar.add_to_headband(top.add_subparsers(), cli._command)
    parsed = top.parse_args(["fit", "--accept"])
    assert [Sign(name) for name in parsed.only] == [BLINKS, CLENCHES]
    assert (parsed.accept, parsed.forget, parsed.places, parsed.json) == (True, False, False, False)


def test_brows_by_a_headbands_muscle_are_not_those_that_the_camera_tries() -> None:
    made = m.Gesture(at_ns=5, at_sd_ns=0, ended_ns=9, kind=m.GestureKind.BROW, log_odds=2.0, height=3.0)
    assert noticing.hear(Closing(), made) == (Closing(), None)
