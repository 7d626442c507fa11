"""Brows, cheek and head confirm what was looked at before they began, if the settings say so."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.scanner import UPPER, Scanner
from unit.scanner import tiles as scanned
from unit.test_selector import FRAME_S, Eyes, body_of, pad_of
from vybor.contracts import messages as m
from vybor.contracts.messages import Channelled, GestureKind
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector import step as select
from vybor.selector import ways
from vybor.selector.ways import Input, Way

CHANNEL_OF = {
    GestureKind.BROW: Channelled.BROW,
    GestureKind.CHEEK: Channelled.CHEEK,
    GestureKind.HEAD: Channelled.HEAD,
}


def rule_with(kind: GestureKind) -> CommitSettings:
    return msgspec.structs.replace(CommitSettings(), **{kind.value: True})


def sign(eyes: Eyes, kind: GestureKind, onset_ns: int, log_odds: float = 2.5) -> Eyes:
    made = m.Gesture(
        at_ns=onset_ns,
        at_sd_ns=seconds(FRAME_S / 12**0.5),
        ended_ns=eyes.now_ns,
        kind=kind,
        log_odds=log_odds,
        strength=1.7,
    )
    eyes._take(select.gesture(eyes.state, made, eyes.rule))
    return eyes


@pytest.mark.parametrize("kind", CHANNEL_OF)
@pytest.mark.parametrize("slot", [0, 5, 8])
def test_a_look_and_a_sign_choose_the_tile(kind: GestureKind, slot: int) -> None:
    eyes = Eyes(rule=rule_with(kind)).look(body_of(slot), 0.8)
    onset_ns = eyes.now_ns
    eyes.look(None, 0.8, unseen=m.Eyes.OPEN)  # while a sign is made, no place is told
    assert sign(eyes, kind, onset_ns).slots() == [slot]
    assert eyes.chosen[0].evidence.channel is CHANNEL_OF[kind]
    assert eyes.chosen[0].evidence.log_odds.signal == 2.5


@pytest.mark.parametrize("kind", CHANNEL_OF)
@pytest.mark.parametrize("other", [CommitSettings(), *map(rule_with, CHANNEL_OF)])
def test_only_the_sign_that_is_set_chooses(kind: GestureKind, other: CommitSettings) -> None:
    eyes = Eyes(rule=other).look(body_of(2), 0.8)
    assert sign(eyes, kind, eyes.now_ns).slots() == ([2] if getattr(other, kind.value) else [])


def test_a_headband_that_is_off_switches_off_no_brow() -> None:
    rule = msgspec.structs.replace(rule_with(GestureKind.BROW), biosignal=False)
    eyes = Eyes(rule=rule).look(body_of(2), 0.8)
    assert eyes.blink_twice().slots() == []
    assert sign(eyes, GestureKind.BROW, eyes.now_ns).slots() == [2]


@settings(max_examples=80, deadline=None)
@given(meant=st.integers(0, 9), after=st.integers(0, 9), lasts_s=st.floats(0.3, 1.8), dragged=st.booleans())
def test_a_moving_head_drags_the_look_along_and_the_tile_before_is_meant(
    meant: int, after: int, lasts_s: float, dragged: bool
) -> None:
    """Whether or not the camera still tells places meanwhile, none of them is chosen."""
    eyes = Eyes(rule=rule_with(GestureKind.HEAD)).look(body_of(meant), 0.8)
    onset_ns = eyes.now_ns
    eyes.look(body_of(after) if dragged else None, lasts_s, unseen=m.Eyes.OPEN)
    assert sign(eyes, GestureKind.HEAD, onset_ns).slots() == [meant]


def test_a_weak_sign_chooses_nothing_and_shortens_the_look_at_the_edge() -> None:
    eyes = Eyes(rule=rule_with(GestureKind.CHEEK)).look(body_of(2), 0.8)
    sign(eyes, GestureKind.CHEEK, eyes.now_ns, log_odds=1.0)
    assert eyes.slots() == []
    assert eyes.state.signal is not None


def test_a_face_without_looks_can_scan_by_a_sign_and_without_a_face_there_is_none() -> None:
    rule = msgspec.structs.replace(rule_with(GestureKind.BROW), switch=False, biosignal=False)
    person = Scanner(scanned(), rule)
    seen = m.Gesture(at_ns=person.now_ns, at_sd_ns=0, ended_ns=person.now_ns, kind=GestureKind.BROW, log_odds=3.0)
    person._take(select.gesture(person.state, seen, rule))
    for _ in range(200):
        gaze = m.Gaze(at_ns=person.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN)
        person.state, _ = select.look(person.state, gaze, rule)
        person.wait(0.05)
        if person.lit() == UPPER:
            break
    assert person.lit() == UPPER
    person.wait(rule.lost_s + 0.5)
    assert Way.SCAN not in (person.state.ways or ())


def test_a_sign_is_an_input_while_a_face_is_seen() -> None:
    rule = CommitSettings(switch=False, biosignal=False, head=True)
    seen = ways.Inputs(began_ns=0, face_ns=seconds(10))
    assert Input.SIGN in ways.there(seen, rule, seconds(11))
    assert Input.SIGN not in ways.there(seen, rule, seconds(11 + rule.lost_s))
    assert Input.SIGN not in ways.there(seen, CommitSettings(switch=False, biosignal=False), seconds(11))


def most_certain() -> CommitSettings:
    """As much certainty as the settings may ask for."""
    for thousandths in range(999, 500, -1):
        try:
            return msgspec.convert({"certainty": thousandths / 1000}, CommitSettings)
        except msgspec.ValidationError:
            continue
    raise AssertionError("none can be asked for")


def test_however_much_certainty_may_be_asked_for_every_act_still_chooses() -> None:
    rule = most_certain()
    assert Eyes(rule=rule).look(body_of(2), 1.0).press().slots() == [2]
    assert Eyes(rule=rule).look(body_of(2), 1.0).blink_twice(log_odds=3.0).slots() == [2]
    assert Eyes(rule=rule).look(body_of(2), 1.0).look(pad_of(2), 1.0).slots() == [2]
    always = msgspec.structs.replace(rule, scan=ScanUse.ALWAYS)
    assert Scanner(scanned(), always).until(*UPPER).press().until(2).press().slots() == [2]
    hand = Scanner(scanned(), always).until(*UPPER).wait(0.6).blink_twice()
    assert hand.until(2).wait(0.6).blink_twice().slots() == [2]
