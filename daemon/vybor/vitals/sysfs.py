"""What the kernel tells of battery, voltage and heat, read from its files. Nothing is written.

Batteries: `Documentation/ABI/testing/sysfs-class-power` of Linux; the fuel gauges of UPS HATs have drivers there
(MAX17040 and its kin, CW2015). Heat: thermal zones. Voltage and throttling: the Raspberry Pi's own drivers.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

THROTTLED = re.compile(r"(0x)?[0-9a-fA-F]+")
HOLDS = ("Battery", "UPS")
"""Types of supplies that have something left."""
UNDER_VOLTAGE, CAPPED, SLOWED, HOT = 0, 1, 2, 3
"""Bits of the Raspberry Pi firmware's `get_throttled`, of what holds now."""


class Battery(msgspec.Struct, frozen=True):
    """What the kit lives on where it is plugged in nowhere."""

    percent: int
    """0 to 100."""
    is_discharging: bool


class Reading(msgspec.Struct, frozen=True):
    """All that was read at one time; None and False where the machine does not tell."""

    battery: Battery | None = None
    temperature_c: int | None = None
    is_slowed: bool = False
    """Whether the firmware slows the processor down for its heat."""
    is_weak: bool = False
    """Whether the board's voltage is too low."""


def read(sysfs: Path) -> Reading:
    """Read all of it; a chip on a bus that hangs may keep this waiting for as long as its driver does."""
    bits = throttled(sysfs) or 0
    degrees = temperature_c(sysfs)
    return Reading(
        battery=battery(sysfs),
        temperature_c=None if degrees is None else round(degrees),
        is_slowed=bool(bits >> HOT & 1 or (bits >> SLOWED & 1 and not bits >> UNDER_VOLTAGE & 1)),
        is_weak=bool(bits >> UNDER_VOLTAGE & 1) or _has_alarm(sysfs),
    )


def battery(sysfs: Path) -> Battery | None:
    """The kit's battery; of several the one that has least. A mouse's or a headband's is none of them.

    A gauge that cannot tell whether it is charged counts as being emptied, unless a supply says that it is there.
    """
    supplies = [supply for supply in _folders(sysfs / "class/power_supply") if _text(supply / "scope") != "Device"]
    mains = [supply for supply in supplies if _text(supply / "type") not in HOLDS]
    plugged = any(_text(supply / "online") in ("1", "2") for supply in mains)
    told = [(percent, _text(each / "status")) for each, percent in _batteries(supplies)]
    if not told:
        return None
    percent, status = min(told)
    is_discharging = status == "Discharging" or (status not in ("Charging", "Full") and not plugged)
    return Battery(percent, is_discharging)


def _batteries(supplies: list[Path]) -> Iterator[tuple[Path, int]]:
    for supply in supplies:
        if _text(supply / "type") not in HOLDS or _text(supply / "present") == "0":
            continue
        percent = _text(supply / "capacity")
        if percent.isascii() and percent.isdecimal():
            yield supply, min(100, int(percent))


def throttled(sysfs: Path) -> int | None:
    """The firmware's bits of power and heat, those since the start 16 higher; None where there are none."""
    for file in sorted((sysfs / "devices/platform").glob("soc*/*/get_throttled")):
        text = _text(file)
        if THROTTLED.fullmatch(text):
            return int(text, 16)
    return None


def temperature_c(sysfs: Path) -> float | None:
    """The hottest of the board's sensors; None where there is none."""
    read = [
        _text(zone / "temp") for zone in _folders(sysfs / "class/thermal") if zone.name.startswith("thermal_zone")
    ]
    return max((int(text) / 1000 for text in read if re.fullmatch(r"-?\d+", text, re.ASCII)), default=None)


def _has_alarm(sysfs: Path) -> bool:
    """Whether the Pi's voltage sensor says that its limit is crossed now."""
    sensors = (each for each in _folders(sysfs / "class/hwmon") if _text(each / "name") == "rpi_volt")
    return any(_text(sensor / "in0_lcrit_alarm") == "1" for sensor in sensors)


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(place.iterdir())
    except OSError:
        return []


def _text(file: Path) -> str:
    """What stands in a file; empty if it cannot be read, as where a chip does not answer."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
