"""What a Muse of one kind says and wants to hear: the part of a driver that knows no radio."""

from typing import Protocol

from vybor.headband.port import Chunk


class Language(Protocol):
    """Of one session: packets in, chunks out."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Characteristics without which it is another kind of headband."""
        ...

    @property
    def listens(self) -> tuple[str, ...]:
        """Those that are listened to where they are there, beside the control's."""
        ...

    @property
    def version(self) -> str:
        """What it is asked for its firmware."""
        ...

    @property
    def preset(self) -> str:
        """Which of its sensors are on."""
        ...

    @property
    def begins(self) -> tuple[str, ...]:
        """What it is told after the preset, so that it streams."""
        ...

    @property
    def battery(self) -> float | None:
        """How full it is, in percent; None while it has not said so."""
        ...

    def take(self, uuid: str, packet: bytes, at_ns: int) -> bool:
        """Take in a packet that came at a time; whether there may be samples to give. Nothing raises."""
        ...

    def give(self, now_ns: int) -> tuple[Chunk, ...]:
        """The samples that are complete."""
        ...
