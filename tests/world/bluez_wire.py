"""The world's own wire to the stand-in Bluetooth: what happens to devices, radio and adapter."""

import msgspec

from world.bluetooth_air import Weather
from world.line import STARTS_S, Line


class Wish(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something to do to the device at an address (empty: the first one)."""

    address: str = ""


class Tell(Wish, frozen=True, kw_only=True):
    """Only tell how it stands."""


class SwitchOff(Wish, frozen=True, kw_only=True):
    """The device is off or far: the link drops, and it advertises no more."""


class SwitchOn(Wish, frozen=True, kw_only=True):
    """It advertises again."""


class Drop(Wish, frozen=True, kw_only=True):
    """The link drops; the device advertises on."""


class Have(Wish, frozen=True, kw_only=True):
    """Other weather between the device and the adapter."""

    weather: Weather


class Refuse(Wish, frozen=True, kw_only=True):
    """The next attempts to connect fail."""

    times: int


class Become(Wish, frozen=True, kw_only=True):
    """The device differs from now on, in what a stand-in Muse can."""

    presets: tuple[str, ...] | None = None
    firmware: str | None = None
    percent: float | None = None
    sleeps_after_s: float | None = None


class Unplug(Wish, frozen=True, kw_only=True):
    """The adapter is gone."""


class Plug(Wish, frozen=True, kw_only=True):
    """The adapter is there again."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands after that."""

    at_ns: int
    """Now, CLOCK_MONOTONIC."""
    connected: bool
    discovering: bool
    began_ns: int
    """When the first sample was taken that it streams; 0: it does not stream."""
    commands: tuple[str, ...]
    """What the device was told, all of it."""
    lost: int
    """Notifications that did not arrive whole."""


AnyWish = Tell | SwitchOff | SwitchOn | Drop | Have | Refuse | Become | Unplug | Plug
pack = msgspec.msgpack.Encoder().encode
unpack_wish = msgspec.msgpack.Decoder(AnyWish).decode
unpack_told = msgspec.msgpack.Decoder(Told).decode


class Hand(Line):
    """The test's hand in the world of radio. Raises TimeoutError if the stand-in does not answer."""

    def __init__(self, control: str, patience_s: float = STARTS_S) -> None:
        super().__init__(control, "stand-in Bluetooth", patience_s)

    def wish(self, wish: AnyWish) -> Told:
        """Have it done."""
        return unpack_told(self._ask(pack(wish)))
