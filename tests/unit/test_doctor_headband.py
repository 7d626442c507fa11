"""What the doctor says of who speaks with the headband."""

from pathlib import Path

import pytest

from vybor.doctor import rooms
from vybor.doctor.findings import Finding, Mark
from vybor.doctor.machine import Machine
from vybor.foundation.headband_settings import Board, Driver, HeadbandSettings
from vybor.headband.devices import brainflow_headband
from world.machine import bare, put


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = bare(tmp_path)
    put(made, "/sys/class/bluetooth/hci0/address")
    return made


def found(machine: Machine, board: Board, driver: Driver = Driver.AUTO) -> Finding:
    (one,) = rooms.headband(HeadbandSettings(board=board, driver=driver), machine)
    return one


def test_a_muse_is_spoken_with_by_the_kit_itself(machine: Machine) -> None:
    said = found(machine, Board.MUSE_2)
    assert said.mark is Mark.OK
    assert said.text.startswith(
        "headband: muse_2 over Bluetooth, by the kit's own driver (BrainFlow's driver shifts"
    )


@pytest.mark.parametrize(
    ("loads", "mark", "told"),
    [
        (True, Mark.OK, "headband: ganglion over Bluetooth, by BrainFlow (there is no other)"),
        (
            False,
            Mark.TROUBLE,
            "headband: a ganglion needs BrainFlow, whose library does not load here; wear another one",
        ),
    ],
)
def test_a_ganglion_needs_a_library_that_loads(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, loads: bool, mark: Mark, told: str
) -> None:
    monkeypatch.setattr(brainflow_headband, "loads", lambda: loads)
    assert found(machine, Board.GANGLION) == Finding(mark, told)


def test_a_driver_that_there_is_not(machine: Machine) -> None:
    told = "headband: headband.driver: a ganglion has no direct driver; use auto or brainflow"
    assert found(machine, Board.GANGLION, Driver.DIRECT) == Finding(Mark.TROUBLE, told)


def test_whichever_is_found_shows_in_the_log(machine: Machine) -> None:
    said = found(machine, Board.AUTO)
    assert said.mark is Mark.NOTE
    assert said.text.endswith("journalctl -u vybor-headband says which")
