"""The room of a process that the settings leave nothing to do: it opens nothing, and loads nothing heavy."""

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard


class IdleRoom:
    """It publishes nothing, and refuses whatever is asked."""

    def __init__(self, bus: Bus, reason: str) -> None:
        """`reason`: why it does nothing of what is asked."""
        self._bus = bus
        self._reason = reason

    def heard(self, heard: Heard, now_ns: int) -> None:
        """Nothing is listened to."""

    def asked(self, asked: Asked, now_ns: int) -> None:
        """It says why not."""
        self._bus.answer(asked, m.Refused(request=asked.command.request, reason=self._reason))

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
