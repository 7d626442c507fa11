"""Which serial ports there are, and which of them a Cyton's dongle may be. Asks nothing of any device."""

from collections.abc import Iterable

import msgspec
from serial.tools import list_ports

from vybor.headband.port import HeadbandMissing

AUTO = "auto"
FTDI = (0x0403, 0x6015)
"""USB's vendor and product of the FT231X that the dongle has, and other adapters too."""


class Found(msgspec.Struct, frozen=True):
    """A serial port that the machine has."""

    path: str
    about: str
    """What its adapter calls itself."""
    may_be_dongle: bool


def ports() -> tuple[Found, ...]:
    """Every serial port on USB, those that may be a dongle first."""
    there = (
        Found(port.device, port.description or "", (port.vid, port.pid) == FTDI)
        for port in list_ports.comports()
        if port.vid is not None
    )
    return tuple(sorted(there, key=lambda found: (not found.may_be_dongle, found.path)))


def path_of(named: str) -> str:
    """The port that the settings mean; `auto`: the only one that may be a dongle. Raises HeadbandMissing."""
    return named if named != AUTO else only_dongle(ports())


def only_dongle(there: Iterable[Found]) -> str:
    """Raises HeadbandMissing if there is none, or if it is not clear which."""
    dongles = [found.path for found in there if found.may_be_dongle]
    if len(dongles) == 1:
        return dongles[0]
    if not dongles:
        raise HeadbandMissing("no dongle of OpenBCI is plugged in; plug it in, or name its headband.serial_port")
    raise HeadbandMissing(
        f"{' and '.join(dongles)} may both be a dongle of OpenBCI; name the right one in headband.serial_port"
    )
