"""One question to another process, of which the newest answer alone is of use."""

from collections.abc import Callable

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus


class Question:
    """Asked anew, it stops being asked as before, and what is answered to that is passed over."""

    def __init__(self, bus: Bus, receiver: str) -> None:
        """`receiver`: the process that it goes to."""
        self._bus = bus
        self._receiver = receiver
        self._request = ""

    @property
    def is_open(self) -> bool:
        """Whether it is asked and not answered yet."""
        return bool(self._request)

    def ask(self, command: Callable[[str], m.AnyCommand]) -> None:
        """Ask, from now on this; `command` is given the name of its request."""
        self.take_back()
        self._request = self._bus.new_request()
        self._bus.ask(self._receiver, command(self._request))

    def take_back(self) -> None:
        """Whatever is answered to it is of no use any more."""
        if self._request:
            self._bus.take_back(self._receiver, self._request)
        self._request = ""

    def is_answered_by(self, reply: m.AnyReply) -> bool:
        """Whether it was open and this is its answer; then it is open no more."""
        if not self._request or reply.request != self._request:
            return False
        self._request = ""
        return True
