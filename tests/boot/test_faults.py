"""Every fault on a real kit, and fifty power cuts: `deploy/test --full tests/boot`; `deploy/bench boot` counts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from boot.packages import LACK, packages, suite
from vybor.foundation.clock import SystemClock
from world import disks, enduring, faults, power, rootfs
from world.appliance import Appliance
from world.camera import Camera
from world.fault import Fault, nothing
from world.person import Person

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(LACK), reason=LACK)]

CLOCK = SystemClock()
CUTS = 50
START_LIMIT_S = 60.0
FLAPS = "etc/systemd/system/vybor-voice.service.d/flaps.conf"


@pytest.fixture(scope="module")
def installed() -> Path:
    return rootfs.installed(suite(), "amd64", packages(), rootfs.CACHE)


@pytest.fixture(scope="module")
def writing(
    installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Appliance, Person, Camera]]:
    folder = tmp_path_factory.mktemp("kit")
    with (
        disks.disk(folder / "disk", folder / "mounted") as disk,
        Appliance(installed, folder / "machine", CLOCK, disk).mounted() as machine,
    ):
        faults.furnish(machine)
        machine.boot()
        with machine.headband(), machine.person() as (person, camera):
            person.wait_for_offer(START_LIMIT_S)
            yield machine, person, camera
        print(machine.run("journalctl", "--no-pager", "-b", "-n", "2000"))


@pytest.mark.parametrize("fault", faults.every_fault(), ids=lambda fault: fault.name)
def test_the_sentence_comes_out_as_meant(fault: Fault, writing: tuple[Appliance, Person, Camera]) -> None:
    machine, person, camera = writing
    outcome = enduring.endure(machine, person, camera, fault)
    assert outcome.survived, outcome.told
    assert outcome.dead_units == 0
    assert machine.dead_units() == []


def test_a_unit_that_dies_every_few_seconds_would_be_noticed(
    writing: tuple[Appliance, Person, Camera], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice: it never settles; and where that is not waited for, its restarts give it away."""
    machine, person, camera = writing
    machine.write(FLAPS, "[Service]\nRuntimeMaxSec=4\n")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "restart", "vybor-voice")
    calm = Fault("nothing", nothing, nothing, lambda machine: True)
    try:
        monkeypatch.setattr(enduring, "BACK_LIMIT_S", 30.0)
        assert "goes on running" in enduring.endure(machine, person, camera, calm).why_not
        monkeypatch.setattr(Appliance, "settle", lambda machine, limit_s: machine.until(machine.is_whole, "all"))
        assert "voice started again" in enduring.endure(machine, person, camera, calm).why_not
    finally:
        (machine.root / FLAPS).unlink()
        machine.run("systemctl", "daemon-reload")
        machine.run("systemctl", "restart", "vybor-voice")
        machine.until(machine.is_whole, "every process")


def test_a_card_that_takes_no_more_writes_loses_nothing_that_was_saved(installed: Path, tmp_path: Path) -> None:
    assert power.card_turns_read_only(installed, tmp_path, CLOCK).told == "survived"


def test_whatever_was_saved_outlives_a_cut_of_the_power(installed: Path, tmp_path: Path) -> None:
    cuts = power.suffer(installed, tmp_path, CLOCK, CUTS, print)
    assert (cuts.made, cuts.lost, cuts.dead_units, cuts.stuck, cuts.misquoted) == (CUTS, [], 0, 0, 0)
