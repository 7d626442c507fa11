"""What somebody asks of the journal, each thing once at a time, and again if no answer comes."""

from collections.abc import Callable

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds
from vybor.foundation.question import Question

AGAIN_NS = seconds(5)
"""After a refusal, or an answer that never came."""


class Errands:
    """Questions that are on their way, by a name of the asker's."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._asked: dict[str, tuple[Question, int]] = {}

    def ask(self, what: str, command: Callable[[str], m.AnyCommand], now_ns: int) -> None:
        """Ask, unless it is being asked or was refused just now; `command` is given the name of its request."""
        question, again_ns = self._asked.get(what) or (Question(self._bus, "journal"), now_ns)
        if now_ns < again_ns:
            return
        self._asked[what] = question, now_ns + AGAIN_NS
        question.ask(command)

    def forget(self, what: str) -> None:
        """Whatever is answered to this is no use any more."""
        if what in self._asked:
            self._asked.pop(what)[0].take_back()

    def answered(self, reply: m.AnyReply) -> str:
        """What this answers; empty: nothing of it, or it is a refusal, and will be asked again."""
        what = next((what for what, (question, _) in self._asked.items() if question.is_answered_by(reply)), "")
        if not what or isinstance(reply, m.Refused):
            return ""
        del self._asked[what]
        return what
