"""Says to core, again and again, which browsers are there that asked to read something of the wearer's.

Without that, what they may read is over: a panel that died, or a browser that left, reads nothing any more.
"""

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds
from vybor.panel.desk import Desk

AGAIN_NS = seconds(1)
ANSWERED_NS = seconds(3)
"""After that another try is made in place of one that nobody answered."""


class Lending:
    """The loop's side of it."""

    def __init__(self, bus: Bus, desk: Desk) -> None:
        self._bus = bus
        self._desk = desk
        self._said_ns = -AGAIN_NS
        self._waiting: dict[str, tuple[str, int]] = {}
        """By request: the browser that was spoken of, and when."""
        self._may_read: dict[str, bool] = {}

    @property
    def is_lent(self) -> bool:
        """Whether any browser may read something: core's own sign stands on the screen then."""
        return any(self._may_read.values())

    def turn(self, now_ns: int) -> None:
        """Say who is there and who has gone."""
        if now_ns - self._said_ns < AGAIN_NS:
            return
        self._said_ns = now_ns
        for request, (_, asked_ns) in list(self._waiting.items()):
            if now_ns - asked_ns >= ANSWERED_NS:
                del self._waiting[request]
                self._bus.take_back("core", request)
        here, gone = self._desk.readers()
        for browser in gone:
            self._may_read.pop(browser, None)
            self._say(browser, now_ns, leaves=True)
        for browser in here:
            self._say(browser, now_ns, leaves=False)

    def answered(self, reply: m.AnyReply) -> None:
        """Core tells how it stands with one of them."""
        browser, _ = self._waiting.pop(reply.request, ("", 0))
        if browser and isinstance(reply, m.ReadTold):
            self._may_read[browser] = bool(reply.grants)

    def _say(self, browser: str, now_ns: int, *, leaves: bool) -> None:
        if not leaves and any(browser == waiting for waiting, _ in self._waiting.values()):
            return
        request = self._bus.new_request()
        if not leaves:
            self._waiting[request] = browser, now_ns
        self._bus.ask("core", m.AskToRead(request=request, browser=browser, leaves=leaves))
