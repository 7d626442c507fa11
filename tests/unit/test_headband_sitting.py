"""How a headband sits reaches status and record, and is said where something can be done about it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from unit.headband_replay import chunk, felt
from unit.headband_told import Told
from unit.test_deciding import Writer
from unit.test_headband_acquisition import HandClock, ScriptedHeadband
from unit.test_status import KIT
from vybor.commands import status
from vybor.contracts import messages as m
from vybor.contracts.messages import Electrode, ElectrodeAt, ElectrodeState, Mode
from vybor.core.decision import record
from vybor.display.pages.notes import is_told
from vybor.headband.boards import BY_NAME
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.devices.auto import AutoHeadband
from vybor.headband.devices.brainflow_headband import BrainFlowHeadband
from vybor.headband.devices.choosing import NoHeadband, driver_of
from vybor.headband.devices.cyton.headband import CytonHeadband
from vybor.headband.devices.lsl.headband import LslHeadband
from vybor.headband.port import Headband
from vybor.selector import ways
from world.cyton_scalp import HZ

LOST = Electrode(at=ElectrodeAt.LEFT_FOREHEAD, state=ElectrodeState.MISSING)


class Charged(ScriptedHeadband):
    def battery(self) -> float:
        return 61.0


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    found = Told(tmp_path, m.Worn, Charged(), "its library loads")
    yield found
    found.close()


def test_every_electrode_is_told_twice_a_second_and_one_that_is_lost_is_a_calm_word(told: Told) -> None:
    skin = felt([], 8)
    skin[0, 2 * HZ :] = np.nan
    for place in range(8):
        told.second(place, skin)
    assert len(told.said) >= 10
    last = told.said[-1].electrodes
    assert [each.at for each in last] == list(ElectrodeAt)
    assert [each for each in last if each.state is not ElectrodeState.GOOD] == [LOST]
    assert [each.trouble for each in told.room.troubles()] == [m.Trouble.HEADBAND_LOOSE]


def test_the_bus_says_what_is_worn_what_speaks_with_it_why_and_its_battery(told: Told) -> None:
    told.second(0, felt([], 1))
    last = told.said[-1]
    assert (last.board, last.driver, last.why) == ("cyton", "the kit's own driver", "its library loads")
    assert last.battery == 61.0
    told.acquisition.found = BY_NAME["muse_2"], "it advertises"
    told.second(1, felt([], 2)[:4])
    last = told.said[-1]
    assert (last.board, last.why) == ("muse_2", "its library loads; it advertises")


def test_each_driver_has_words_and_what_was_not_found_yet_has_none() -> None:
    clock, cyton = HandClock(), BY_NAME["cyton"]

    def told_of(headband: Headband) -> str:
        return driver_of(Acquisition(headband, clock))

    assert told_of(BrainFlowHeadband(cyton, clock, "port", "")) == "BrainFlow's driver"
    assert told_of(LslHeadband(cyton, clock, "*")) == "Lab Streaming Layer"
    assert told_of(CytonHeadband(cyton, clock, "port")) == "the kit's own driver"
    assert told_of(NoHeadband()) == ""
    found = ScriptedHeadband()
    acquisition = Acquisition(AutoHeadband(lambda *_: (found, cyton, "why"), lambda _: (), lambda: "port"), clock)
    assert driver_of(acquisition) == ""
    found.reads.append((chunk(0, np.zeros((8, 10), np.float32)),))
    acquisition.turn()
    assert driver_of(acquisition) == "the kit's own driver"


def test_a_headband_that_sends_nothing_tells_of_no_electrode(told: Told) -> None:
    for place in range(3):
        told.second(place, np.zeros((8, 0), np.float32))
    assert told.said
    assert {each.electrodes for each in told.said} == {()}


def test_status_names_each_electrode() -> None:
    worn = m.Worn(at_ns=1, electrodes=(LOST,))
    lines = list(status.shown(msgspec.structs.replace(KIT, headband=worn)))
    assert "electrodes left forehead: missing" in lines
    assert not any(line.startswith(("worn", "battery")) for line in lines)
    assert not any("electrodes" in line for line in status.shown(KIT))


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (m.Engaged(at_ns=1, z=-1.25), "engagement -1.2 deviations from what is usual of the wearer"),
        (
            m.Engaged(at_ns=1, z=2.0, drowsy=True),
            "engagement +2.0 deviations from what is usual of the wearer; drowsy,",
        ),
        (m.Engaged(at_ns=1), "engagement not known (electrodes, muscle or blinks, or too little was seen"),
    ],
)
def test_status_says_what_the_eeg_says_of_the_wearer(told: m.Engaged, line: str) -> None:
    lines = list(status.shown(msgspec.structs.replace(KIT, engaged=told)))
    assert [each.startswith(line) for each in lines if "engagement" in each] == [True]
    assert not any("engagement" in line for line in status.shown(KIT))


def test_status_says_what_is_worn_what_speaks_with_it_and_why() -> None:
    worn = m.Worn(at_ns=1, board="muse_2", driver="the kit's own driver", why="it is better", battery=79.6)
    lines = list(status.shown(msgspec.structs.replace(KIT, headband=worn)))
    assert "worn       a muse_2, by the kit's own driver (it is better)" in lines
    assert "battery    80 %" in lines


def test_an_electrode_that_is_lost_for_good_is_no_complaint() -> None:
    notice = m.Notice(process="headband", trouble=m.Trouble.HEADBAND_LOOSE)
    assert status.Faring(
        process="headband", answers=True, systemd=None, memory_mb=None, troubles=(notice,)
    ).is_well


@pytest.mark.parametrize(
    ("there", "kept"), [(ways.Headband.THERE, (LOST,)), (ways.Headband.GONE, ()), (ways.Headband.UNSET, ())]
)
def test_what_did_not_sit_well_stands_with_the_choice(there: ways.Headband, kept: tuple[Electrode, ...]) -> None:
    state = Writer().state
    good = Electrode(at=ElectrodeAt.LEFT_JAW, state=ElectrodeState.GOOD)
    inputs = msgspec.structs.replace(state.selector.inputs, headband=there)
    selector = msgspec.structs.replace(state.selector, inputs=inputs)
    worn = m.Worn(at_ns=1, electrodes=(LOST, good))
    state = msgspec.structs.replace(state, selector=selector, worn=worn)
    assert record.quality(state, 1).electrodes == kept


@pytest.mark.parametrize("trouble", [m.Trouble.HEADBAND_LOOSE, m.Trouble.HEADBAND_MAINS])
def test_how_it_sits_is_told_where_something_can_be_done_and_not_while_writing(trouble: m.Trouble) -> None:
    assert [mode for mode in Mode if is_told(trouble, mode)] == [Mode.KIT, Mode.FITTING]
