"""What the person said before, from the record to the index: asked of the journal, as the counts of words are.

The index keeps how far it has been told, so a restart asks from there, and a lost index is filled again. An undo
of *Speak* is told like everything else. Nothing tells the generator that something was spoken: it sees that the
text begins anew, and asks when the record has had time to take it in.
"""

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds
from vybor.foundation.question import Question

SOON_NS = seconds(1)
"""The journal has a decision on the disk long before, unless the disk hangs."""
EAGER_NS = seconds(10)
"""For so long it is asked again and again after a text began anew."""
SELDOM_NS = seconds(300)
"""What was missed all the same, or an answer that never came."""


class History:
    """When to ask, and what came."""

    def __init__(self, bus: Bus) -> None:
        self._question = Question(bus, "journal")
        self._ask_ns = 0
        self._eager_until_ns = 0
        self._text = ""

    def heard(self, prompt: m.Prompt, now_ns: int) -> None:
        """A text is at hand; where it does not go on from the last, something may have been spoken or undone."""
        if prompt.text == self._text:
            return
        goes_on = prompt.text.startswith(self._text) and self._text != ""
        self._text = prompt.text
        if not goes_on:
            self._eager_until_ns = now_ns + EAGER_NS
            self._ask_ns = min(self._ask_ns, now_ns + SOON_NS)

    def forget(self) -> None:
        """The record has changed, and the index holds nothing of it: ask from its beginning, now."""
        self._question.take_back()
        self._ask_ns = 0

    def answered(self, reply: m.AnyReply, now_ns: int) -> m.Sentences | None:
        """What the journal tells, if this is its answer and there is anything new in it."""
        if not self._question.is_answered_by(reply):
            return None
        if not isinstance(reply, m.Sentences):
            self._ask_ns = now_ns + SOON_NS
            return None
        wait_ns = SOON_NS if now_ns < self._eager_until_ns else SELDOM_NS
        self._ask_ns = now_ns if reply.more else now_ns + wait_ns
        return reply if reply.sentences or reply.more or reply.anew else None

    def turn(self, now_ns: int, learned: tuple[str, int] | None) -> None:
        """Ask if it is time; None: what was told before is not in the index yet, or there is no index."""
        if learned is None or now_ns < self._ask_ns:
            return
        session, number = learned
        self._ask_ns = now_ns + EAGER_NS
        self._question.ask(lambda request: m.TellSentences(request=request, session=session, number=number))
