"""What is read of a machine's battery, heat and voltage."""

from pathlib import Path

import pytest

from vybor.vitals import sysfs
from vybor.vitals.sysfs import Battery, Reading
from world.sysfs import Sysfs


@pytest.fixture
def machine(tmp_path: Path) -> Sysfs:
    return Sysfs(tmp_path / "sys")


def test_a_machine_that_tells_nothing_has_nothing(machine: Sysfs, tmp_path: Path) -> None:
    assert sysfs.read(machine.folder) == sysfs.read(tmp_path / "nowhere") == Reading()


def test_all_that_a_pi_with_a_battery_tells(machine: Sysfs) -> None:
    machine.battery(57)
    machine.heat(48.7)
    machine.heat(61.4, zone=1)
    machine.throttled(0)
    machine.voltage(alarm=False)
    assert sysfs.read(machine.folder) == Reading(Battery(57, is_discharging=True), 61)


@pytest.mark.parametrize(
    ("status", "online", "is_discharging"),
    [
        ("Discharging", None, True),
        ("Discharging", True, True),
        ("Charging", None, False),
        ("Full", None, False),
        ("Not charging", True, False),
        ("Not charging", False, True),
        ("Unknown", True, False),
        ("Unknown", False, True),
        ("Unknown", None, True),
        ("", None, True),
    ],
)
def test_whether_it_is_the_battery_alone(
    machine: Sysfs, status: str, online: bool | None, is_discharging: bool
) -> None:
    machine.battery(40, status)
    if online is not None:
        machine.mains(online=online)
    assert sysfs.battery(machine.folder) == Battery(40, is_discharging)


def test_of_two_batteries_the_emptier_counts_and_a_mouse_s_never(machine: Sysfs) -> None:
    machine.battery(70, name="one")
    machine.battery(30, name="two")
    machine.battery(3, name="hidpp_battery_0")
    machine.put("class/power_supply/hidpp_battery_0/scope", "Device")
    assert sysfs.battery(machine.folder) == Battery(30, is_discharging=True)


@pytest.mark.parametrize("percent", ["", "-3", "many", "4 2", "٤"])
def test_a_gauge_that_says_nothing_that_can_be_read_is_none(machine: Sysfs, percent: str) -> None:
    (machine.folder / "class/power_supply/bat").mkdir(parents=True)
    machine.put("class/power_supply/bat/type", "Battery")
    (machine.folder / "class/power_supply/bat/capacity").write_text(f"{percent}\n", encoding="utf-8")
    assert sysfs.battery(machine.folder) is None


def test_a_battery_that_was_taken_out_is_none(machine: Sysfs) -> None:
    machine.battery(50)
    machine.put("class/power_supply/max170xx_battery/present", "0")
    assert sysfs.battery(machine.folder) is None


def test_a_gauge_that_says_more_than_all_is_full(machine: Sysfs) -> None:
    machine.battery(104)
    assert sysfs.battery(machine.folder) == Battery(100, is_discharging=True)


def test_a_chip_that_does_not_answer_hides_nobody_else(machine: Sysfs) -> None:
    """The kernel gives an error for a file whose chip is silent; a folder in its place does as well."""
    machine.battery(50, name="there")
    (machine.folder / "class/power_supply/silent/type").mkdir(parents=True)
    (machine.folder / "class/thermal/thermal_zone0/temp").mkdir(parents=True)
    machine.heat(40, zone=1)
    assert sysfs.read(machine.folder) == Reading(Battery(50, is_discharging=True), 40)


@pytest.mark.parametrize(
    ("bits", "slowed", "weak"),
    [
        (0x0, False, False),
        (0xF0000, False, False),
        (0x8, True, False),
        (0x4, True, False),
        (0x5, False, True),
        (0x1, False, True),
        (0x9, True, True),
    ],
)
def test_what_the_firmware_says_holds_now(machine: Sysfs, bits: int, slowed: bool, weak: bool) -> None:
    machine.throttled(bits)
    assert sysfs.read(machine.folder) == Reading(is_slowed=slowed, is_weak=weak)


def test_the_voltage_s_own_sensor_alone_says_that_it_is_too_low(machine: Sysfs) -> None:
    machine.voltage(alarm=True)
    assert sysfs.read(machine.folder).is_weak
    machine.put("class/hwmon/hwmon1/name", "nvme")
    assert not sysfs.read(machine.folder).is_weak


def test_frost_is_read_as_well(machine: Sysfs) -> None:
    machine.heat(-7.2)
    assert sysfs.temperature_c(machine.folder) == pytest.approx(-7.2)
