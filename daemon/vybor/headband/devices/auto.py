"""Whichever headband is there: a dongle that is plugged in, else the one that advertises."""

from collections.abc import Callable

from vybor.headband.boards import Board
from vybor.headband.devices.nearby import Heard
from vybor.headband.port import Chunk, Found, Headband, HeadbandAway, HeadbandMissing, OnBattery

LOOK_S = 3.0
Make = Callable[[str, str], tuple[Headband, Board, str]]
"""A headband of a kind (`muse`, `ganglion`, `cyton`) at an address or port, what it is, and why by this driver."""


class AutoHeadband:
    """Looks each time it starts; once one was worn, for that one alone."""

    def __init__(
        self, make: Make, by_radio: Callable[[float], tuple[Heard, ...]], dongle: Callable[[], str | None]
    ) -> None:
        self._make = make
        self._by_radio = by_radio
        self._dongle = dongle
        self._worn: tuple[Headband, Board, str] | None = None
        self._is_kept = False

    @property
    def board(self) -> Board | None:
        """What it is; None before one was found."""
        if self._worn is None:
            return None
        headband, board, _ = self._worn
        return (headband.board or board) if isinstance(headband, Found) else board

    @property
    def worn(self) -> Headband | None:
        """The one that was found."""
        return self._worn[0] if self._worn else None

    @property
    def why(self) -> str:
        """How it was found."""
        return self._worn[2] if self._worn else ""

    def start(self) -> None:
        """Find it and begin to stream. Raises HeadbandAway if none is there, HeadbandMissing if there are two."""
        if self._worn is None:
            self._worn = self._found()
        self._worn[0].start()

    def read(self) -> tuple[Chunk, ...]:
        """As the one that was found."""
        if self._worn is None:
            return ()
        chunks = self._worn[0].read()
        self._is_kept = self._is_kept or bool(chunks)
        return chunks

    def stop(self) -> None:
        """Let go of it; one that never gave a sample is forgotten."""
        if self._worn:
            self._worn[0].stop()
        if not self._is_kept:
            self._worn = None

    def battery(self) -> float | None:
        """As the one that was found."""
        headband = self._worn[0] if self._worn else None
        return headband.battery() if isinstance(headband, OnBattery) else None

    def _found(self) -> tuple[Headband, Board, str]:
        if port := self._dongle():
            headband, board, why = self._make("cyton", port)
            return headband, board, f"a dongle is at {port}; {why}"
        heard = self._by_radio(LOOK_S)
        if not heard:
            raise HeadbandAway(
                "no headband is heard, and no dongle is plugged in; switch one on and bring it near"
            )
        if len(heard) > 1:
            each = ", ".join(f"{one.name} ({one.address})" for one in heard)
            raise HeadbandMissing(
                f"several headbands are near: {each}; name the one that is worn in headband.address"
            )
        (one,) = heard
        headband, board, why = self._make(one.kind, one.address)
        return headband, board, f"{one.name} ({one.address}) is heard; {why}"
