"""The room `display` where a page in a browser stands in its place: no screen is opened, and nothing said."""

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard


class IdleRoom:
    """It opens nothing and publishes nothing."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def heard(self, heard: Heard, now_ns: int) -> None:
        """Nothing is listened to."""

    def asked(self, asked: Asked, now_ns: int) -> None:
        """It has no screen."""
        reason = "a page in a browser is the display (browser.listen): ask the process browser"
        self._bus.answer(asked, m.Refused(request=asked.command.request, reason=reason))

    def answered(self, answered: Answered, now_ns: int) -> None:
        """Nothing is asked of anybody."""

    def turn(self, now_ns: int) -> float:
        """Nothing is ever due."""
        return 1.0

    def troubles(self) -> tuple[m.Notice, ...]:
        """Nothing can go wrong."""
        return ()

    def close(self) -> None:
        """Nothing is held."""
