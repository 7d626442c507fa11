"""The world's own wire to the stand-in Cyton: what the scripted person does with face and cable."""

import msgspec

from world.cyton_faults import Fault
from world.line import STARTS_S, Line


class Wish(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something to do now."""


class Blink(Wish, frozen=True, kw_only=True):
    """Close and open the lids once."""

    duration_s: float = 0.28
    microvolts: float = 120.0


class DoubleBlink(Wish, frozen=True, kw_only=True):
    """Blink twice; `gap_s` is the time between the end of the first and the beginning of the second."""

    gap_s: float = 0.2
    duration_s: float = 0.28
    microvolts: float = 120.0


class Clench(Wish, frozen=True, kw_only=True):
    """Set the teeth."""

    duration_s: float = 0.6


class Mute(Wish, frozen=True, kw_only=True):
    """Go out of the dongle's reach: no samples, but the port is still there."""


class Vanish(Wish, frozen=True, kw_only=True):
    """Pull the dongle: the port is gone."""


class Return(Wish, frozen=True, kw_only=True):
    """Plug the dongle in again, and come back into its reach."""


class Spoil(Wish, frozen=True, kw_only=True):
    """From now on do this to a share of the frames; 0: to none."""

    fault: Fault = Fault.LOST
    share: float = 0.0


class Seat(Wish, frozen=True, kw_only=True):
    """Seat an electrode so that it has these ohms."""

    channel: int
    ohms: float


class Acted(msgspec.Struct, frozen=True):
    """When the act begins and ends, in CLOCK_MONOTONIC nanoseconds."""

    began_ns: int
    ended_ns: int


AnyWish = Blink | DoubleBlink | Clench | Mute | Vanish | Return | Spoil | Seat
pack = msgspec.msgpack.Encoder().encode
unpack_wish = msgspec.msgpack.Decoder(AnyWish).decode
unpack_acted = msgspec.msgpack.Decoder(Acted).decode


class Cyton(Line):
    """The scripted person's side. Raises TimeoutError if the stand-in does not answer."""

    def __init__(self, control: str, patience_s: float = STARTS_S) -> None:
        super().__init__(control, "stand-in Cyton", patience_s)

    def blink(self, duration_s: float = 0.28, microvolts: float = 120.0) -> Acted:
        """Blink once."""
        return self._wish(Blink(duration_s=duration_s, microvolts=microvolts))

    def double_blink(self, gap_s: float = 0.2, duration_s: float = 0.28, microvolts: float = 120.0) -> Acted:
        """Blink twice."""
        return self._wish(DoubleBlink(gap_s=gap_s, duration_s=duration_s, microvolts=microvolts))

    def clench(self, duration_s: float = 0.6) -> Acted:
        """Set the teeth."""
        return self._wish(Clench(duration_s=duration_s))

    def mute(self) -> Acted:
        """Go out of reach."""
        return self._wish(Mute())

    def vanish(self) -> Acted:
        """Pull the dongle."""
        return self._wish(Vanish())

    def come_back(self) -> Acted:
        """Undo `mute` and `vanish`."""
        return self._wish(Return())

    def spoil(self, fault: Fault, share: float) -> Acted:
        """Damage frames on their way, from now on."""
        return self._wish(Spoil(fault=fault, share=share))

    def seat(self, channel: int, ohms: float) -> Acted:
        """Seat an electrode."""
        return self._wish(Seat(channel=channel, ohms=ohms))

    def _wish(self, wish: AnyWish) -> Acted:
        return unpack_acted(self._ask(pack(wish)))
