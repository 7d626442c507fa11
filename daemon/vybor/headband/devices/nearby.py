"""What there is to wear: headbands that advertise, and a dongle that is plugged in. Whoever asks waits seconds."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vybor.headband.devices.cyton import finding
from vybor.headband.devices.muse import radio

DONGLE = Path("/dev/openbci")
"""Where the kit's udev rule has OpenBCI's dongle."""
NAMES: Mapping[str, str] = {"Muse": "muse", "Ganglion": "ganglion", "Simblee": "ganglion"}
"""What a headband's name begins with, and what it is. Which Muse it is shows once there is a link."""


class Heard(msgspec.Struct, frozen=True):
    """A headband that advertises, or that somebody has a link with."""

    kind: str
    name: str
    address: str
    rssi: int | None
    """How strong it is heard, in dBm; None where it has a link already."""


def by_radio(duration_s: float) -> tuple[Heard, ...]:
    """The headbands that are heard in that time, the nearest first. Raises HeadbandMissing without Bluetooth."""
    with asyncio.Runner() as runner:
        said = runner.run(radio.everything(duration_s))
    heard = [
        Heard(kind, one.name, one.address, one.rssi) for one in said if (kind := kind_of(one.name)) is not None
    ]
    return tuple(sorted(heard, key=lambda one: (-(one.rssi or 0), one.address)))


def kind_of(name: str) -> str | None:
    """What a device of that name is; None if it is no headband."""
    return next((kind for begins, kind in NAMES.items() if name.startswith(begins)), None)


def dongle(named: str, at: Path = DONGLE) -> str | None:
    """The serial port with a dongle: the one that the settings name, or the usual one if it is there."""
    if named == finding.AUTO:
        dongles = [port.path for port in finding.ports() if port.may_be_dongle]
        return dongles[0] if len(dongles) == 1 else None
    port = Path(named) if named else at
    return str(port) if port.exists() else None
