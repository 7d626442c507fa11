"""What the person said before, sentence by sentence, as the journal tells it: in memory, in no file of its own.

The journal is asked from the beginning at every start, a page at a time, and again after something was spoken.
"""

from collections.abc import Sequence

from vybor.contracts import messages as m
from vybor.core.words.learning import ASK_AGAIN_NS
from vybor.foundation.bus import Bus
from vybor.foundation.question import Question
from vybor.instant.anchors import Said, sentences_in

MOST_SENTENCES = 2_000
"""The newest; as many texts as the index of topics keeps of the person's own."""


class OwnSentences:
    """The person's sentences, oldest first; none unless they are wanted."""

    def __init__(self, bus: Bus, *, wanted: bool) -> None:
        self._question = Question(bus, "journal")
        self._texts: list[tuple[str, tuple[Said, ...]]] = []
        self._ask_ns = 0
        self._session, self._number = "", 0
        self._is_behind = wanted
        self._wanted = wanted

    @property
    def spoken(self) -> Sequence[Said]:
        """Every sentence that was spoken and not taken back, as often as it was."""
        return [sentence for _, sentences in self._texts for sentence in sentences]

    def spoke(self) -> None:
        """Something was spoken or taken back, and the record has it."""
        self._is_behind = self._wanted

    def forget(self) -> None:
        """Rows of the record are gone: everything is asked for again."""
        self._question.take_back()
        self._texts = []
        self._session, self._number, self._ask_ns = "", 0, 0
        self._is_behind = self._wanted

    def answered(self, reply: m.AnyReply) -> bool:
        """Take in the journal's sentences; False if this answers something else."""
        if not self._question.is_answered_by(reply):
            return False
        if isinstance(reply, m.Sentences):
            self._take_in(reply)
        return True

    def turn(self, now_ns: int) -> None:
        """Ask for more if there may be more."""
        if not self._is_behind or now_ns < self._ask_ns:
            return
        session, number = self._session, self._number
        self._question.ask(lambda request: m.TellSentences(request=request, session=session, number=number))
        self._ask_ns = now_ns + ASK_AGAIN_NS

    def _take_in(self, told: m.Sentences) -> None:
        if told.anew:
            self._texts = []
        for one in told.sentences:
            if one.spoken:
                self._texts.append((one.text, sentences_in(one.text)))
            else:
                self._forget(one.text)
        self._texts = self._texts[-MOST_SENTENCES:]
        self._session, self._number = told.session, told.number
        self._is_behind = told.more
        self._ask_ns = 0

    def _forget(self, text: str) -> None:
        """Take back the last time that this was spoken."""
        last = next((at for at in reversed(range(len(self._texts))) if self._texts[at][0] == text), None)
        if last is not None:
            del self._texts[last]
