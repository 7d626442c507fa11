"""What a stand-in Bluetooth device is, whatever it measures."""

from typing import Protocol

import msgspec

Notified = tuple[str, bytes]
"""A characteristic's UUID, and what it says."""


class Characteristic(msgspec.Struct, frozen=True):
    """One thing that can be written to, read or listened to."""

    uuid: str
    flags: tuple[str, ...]


class Device(Protocol):
    """A device that advertises, is connected to, hears and says something."""

    name: str
    address: str
    service: str
    """UUID of its one service, which it advertises."""
    characteristics: tuple[Characteristic, ...]
    commands: list[str]
    """What it was told since it was switched on."""
    began_ns: int
    """When its first sample was taken, since it was last told to stream; 0: it does not stream."""

    def written(self, uuid: str, value: bytes, now_ns: int) -> list[Notified]:
        """Obey; returns what it answers at once."""
        ...

    def read(self, uuid: str) -> bytes:
        """The value of a characteristic that can be read."""
        ...

    def due(self, now_ns: int) -> list[Notified]:
        """What it has measured since the last call, whole packets only."""
        ...

    def left(self) -> None:
        """The connection is gone: it stops."""
        ...
