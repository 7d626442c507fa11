"""What somebody asks of the journal, each thing once at a time, and again if no answer comes."""

from collections.abc import Callable

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds

AGAIN_NS = seconds(5)
"""After a refusal, or an answer that never came."""


class Errands:
    """Questions that are on their way, by a name of the asker's."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._asked: dict[str, tuple[str, int]] = {}

    def ask(self, what: str, command: Callable[[str], m.AnyCommand], now_ns: int) -> None:
        """Ask, unless it is being asked or was refused just now; `command` is given the name of its request."""
        request, again_ns = self._asked.get(what, ("", now_ns))
        if now_ns < again_ns:
            return
        self.forget(what)
        request = self._bus.new_request()
        self._asked[what] = request, now_ns + AGAIN_NS
        self._bus.ask("journal", command(request))

    def forget(self, what: str) -> None:
        """Whatever is answered to this is no use any more."""
        request, _ = self._asked.pop(what, ("", 0))
        if request:
            self._bus.take_back("journal", request)

    def answered(self, reply: m.AnyReply) -> str:
        """What this answers; empty: nothing of it, or it is a refusal, and will be asked again."""
        what = next((what for what, (request, _) in self._asked.items() if request == reply.request), "")
        if not what:
            return ""
        if isinstance(reply, m.Refused):
            self._asked[what] = "", self._asked[what][1]
            return ""
        del self._asked[what]
        return what
