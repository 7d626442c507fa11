"""The room `eyetracker` where the settings have looks come from elsewhere: nothing heavy is loaded for it."""

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard


class IdleRoom:
    """The room where the settings have looks come from elsewhere: it opens nothing and publishes nothing."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def heard(self, heard: Heard, now_ns: int) -> None:
        """Nothing is listened to."""

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Nothing is asked of a tracker."""
        self._bus.answer(asked, refused(asked))

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


def refused(asked: Asked) -> m.Refused:
    """The answer to whatever is asked."""
    reason = "eyetracker takes no commands: its own program calibrates a tracker"
    return m.Refused(request=asked.command.request, reason=reason)
