"""What radio and drivers do to notifications: lost, repeated, cut short, out of order, silent. Pure, seeded."""

import random

import msgspec

from world.bluetooth_device import Notified


class Weather(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of the notifications, 0 to 1."""

    lose: float = 0.0
    repeat: float = 0.0
    truncate: float = 0.0
    swap: float = 0.0
    """One comes after the next one."""
    mute: bool = False
    """Nothing comes, and the link is up."""


class Air:
    """Between one device and its listener."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._held: Notified | None = None
        self.weather = Weather()
        self.lost = 0
        """Notifications that did not arrive whole."""

    def through(self, notified: list[Notified]) -> list[Notified]:
        """What of it arrives, in the order in which it does."""
        if self.weather.mute:
            self.lost += len(notified)
            return []
        arrived: list[Notified] = []
        for one in notified:
            arrived.extend(self._one(one))
        return arrived

    def clear(self) -> None:
        """The link is gone, and what was still under way with it."""
        self._held = None

    def _one(self, one: Notified) -> list[Notified]:
        drawn = self._random.random
        weather = self.weather
        uuid, value = one
        if drawn() < weather.lose:
            self.lost += 1
            return self._released([])
        if drawn() < weather.truncate:
            self.lost += 1
            return self._released([(uuid, value[: self._random.randrange(len(value))])])
        if drawn() < weather.repeat:
            return self._released([one, one])
        if self._held is None and drawn() < weather.swap:
            self._held = one
            return []
        return self._released([one])

    def _released(self, now: list[Notified]) -> list[Notified]:
        held, self._held = self._held, None
        return [*now, held] if held else now
