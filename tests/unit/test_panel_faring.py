"""How the kit is, from what its processes say; and that nothing is heard of what is written."""

import msgspec
import pytest

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.numbers import Learned
from vybor.foundation.clock import seconds
from vybor.panel import faring
from vybor.panel.faring import Faring, Known, Standing

NOW = seconds(1000)
WORDS = (m.Screen, m.Shown, m.Prompt, m.Ahead, m.Proposals, m.LookedAt, m.Highlight, m.Decision, m.Samples)


def health(process: str, *troubles: m.Trouble, at_ns: int = NOW) -> m.Health:
    notices = tuple(m.Notice(process=process, trouble=trouble) for trouble in troubles)
    return m.Health(at_ns=at_ns, process=process, pid=1, troubles=notices)


def known(*messages: m.AnyMessage, began_ns: int = 0) -> Known:
    found = Known(began_ns)
    for message in messages:
        found = faring.heard(found, message, NOW)
    return found


def all_well() -> list[m.AnyMessage]:
    return [health(name) for name in channels.EVERY_PROCESS]


def told(found: Known, now_ns: int = NOW) -> Faring:
    return faring.told(found, now_ns, 500)


def standing(of: str, found: Faring) -> Standing:
    return next(part.standing for part in found.parts if part.process == of)


def test_it_does_not_hear_what_is_written() -> None:
    assert set(faring.HEARS).isdisjoint(WORDS)


def test_all_is_well_when_every_process_says_so() -> None:
    assert told(known(*all_well())).standing is Standing.WELL
    assert [part.process for part in told(known()).parts] == list(channels.EVERY_PROCESS)


def test_a_trouble_is_one_and_what_is_none_is_not() -> None:
    found = told(known(*all_well(), health("gaze", m.Trouble.CAMERA_MISSING)))
    assert (standing("gaze", found), found.standing, found.troubled) == (Standing.TROUBLE, Standing.TROUBLE, 1)
    calm = told(known(*all_well(), health("panel", m.Trouble.PANEL_WATCHED)))
    assert calm.standing is Standing.WELL
    assert calm.parts[-1].notices


def test_a_process_that_fell_silent_needs_somebody_and_one_that_never_spoke_may_be_starting() -> None:
    late = told(known(*all_well(), health("core", at_ns=NOW - faring.SILENT_NS - 1)))
    assert (standing("core", late), late.troubled) == (Standing.SILENT, 1)
    young = told(known(*all_well()[1:], began_ns=NOW - faring.STARTS_NS))
    assert (standing("headband", young), young.standing) == (Standing.STARTING, Standing.STARTING)
    old = told(known(*all_well()[1:], began_ns=NOW - faring.STARTS_NS - 1))
    assert (standing("headband", old), old.standing) == (Standing.SILENT, Standing.TROUBLE)
    assert told(known()).standing is Standing.SILENT


def test_battery_and_heat_are_as_last_told_while_somebody_watches_them() -> None:
    vitals = m.Vitals(
        at_ns=NOW, battery_percent=18, is_discharging=True, temperature_c=61, thrift=m.Thrift.CANDIDATES
    )
    found = told(known(*all_well(), vitals))
    assert (found.battery_percent, found.is_discharging, found.temperature_c) == (18, True, 61)
    assert found.thrift is m.Thrift.CANDIDATES
    silent = told(known(*all_well(), vitals, health("vitals", at_ns=NOW - faring.SILENT_NS - 1)))
    assert (silent.battery_percent, silent.temperature_c, silent.thrift) == (None, None, m.Thrift.NOTHING)


@pytest.mark.parametrize("eyes", list(m.Eyes))
def test_the_eyes_are_as_the_last_look_saw_them_unless_that_is_old(eyes: m.Eyes) -> None:
    found = known(m.Gaze(at_ns=NOW, at_sd_ns=0, eyes=eyes))
    assert told(found).eyes is eyes
    assert told(found, NOW + faring.LOOKS_OLD_NS).eyes is eyes
    assert told(found, NOW + faring.LOOKS_OLD_NS + 1).eyes is None


def test_a_headband_is_told_with_its_battery_and_electrodes_while_it_speaks() -> None:
    electrode = m.Electrode(at=m.ElectrodeAt.LEFT_JAW, state=m.ElectrodeState.GOOD)
    found = known(m.Worn(at_ns=NOW, electrodes=(electrode,), board="Muse 2", battery=70.6))
    assert told(found).band == faring.Band("Muse 2", 71, (electrode,))
    assert told(found, NOW + faring.LOOKS_OLD_NS + 1).band is None
    assert told(known(m.Worn(at_ns=NOW))).band is None


def test_the_digits_of_a_pairing_stand_on_the_kit_s_screen_alone() -> None:
    pairing = m.Pairing(addresses=("10.0.0.1",), closes_ns=1, workstation="w", digits="123456", words=("a",))
    sharing = m.Sharing(workstation="desk", pairing=pairing, pairing_ended=m.PairingEnd.LATE)
    found = told(known(health("sync"), m.SyncStatus(at_ns=NOW, sharing=sharing)))
    without = m.Pairing(addresses=("10.0.0.1",), closes_ns=1, workstation="w")
    assert found.sharing == m.Sharing(workstation="desk", pairing=without, pairing_ended=m.PairingEnd.LATE)


def test_what_a_silent_process_said_is_not_told_any_more() -> None:
    sharing = m.SyncStatus(at_ns=NOW, sharing=m.Sharing(workstation="desk"))
    model = m.GrownTold(request="1", model="smollm2", grown=())
    found = faring.answered(known(health("sync"), health("generator"), sharing), model)
    assert (told(found).model, told(found).sharing is None) == ("smollm2", False)
    late = told(found, NOW + faring.STARTS_NS)
    assert (late.model, late.sharing) == (None, None)


def grown(serial: int, kind: Learned = Learned.ADAPTER, **about: bool) -> m.Grown:
    return m.Grown(
        became=m.Became(serial=serial, state=m.GrownState.GOOD), kind=kind, at="2026-01-31T10:00", **about
    )


def test_what_the_model_wears_is_told() -> None:
    sent = (
        grown(2),
        grown(3, is_worn=True),
        grown(4, Learned.SIGNS, is_worn=True),
        grown(5, is_worn=True, kind=Learned.FRAMES),
    )
    found = faring.answered(known(health("generator")), m.GrownTold(request="1", model="m", grown=sent))
    assert told(found).worn == faring.Version(3, m.GrownState.GOOD, Learned.ADAPTER, at="2026-01-31", is_worn=True)
    assert [each.serial for each in told(found).versions] == [2, 3, 4]
    assert told(known(health("generator"))).worn is None


def test_repeats_make_no_other_page() -> None:
    found = known(*all_well(), m.Gaze(at_ns=NOW, at_sd_ns=0, eyes=m.Eyes.OPEN), m.Worn(at_ns=NOW, board="x"))
    again = found
    for message in (*all_well(), m.Gaze(at_ns=NOW + 1, at_sd_ns=9, eyes=m.Eyes.OPEN)):
        again = faring.heard(again, msgspec.structs.replace(message, at_ns=NOW + 1), NOW + 1)
    assert told(again, NOW + 1) == told(found)
