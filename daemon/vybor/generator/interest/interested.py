"""The generator's interest: it reads the record once it has a model, and then each choice after the next one.

There is one way in, as for the instant tier (deploy/decisions/0012): the journal tells what was decided after the
decision that was read last. So an undo takes back what it undoes, and a start builds up the same again; nothing is
kept in a file. While the weight is zero, or where the settings say off, offers are what they would be without.
"""

import logging
from collections import deque
from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.numbers import InterestNumbers
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import seconds
from vybor.foundation.question import Question
from vybor.generator.interest.judging import (
    LEAST_CHOICES,
    LEAST_DAYS,
    Choice,
    Days,
    gain_of,
    judge,
)
from vybor.generator.interest.profile import USUAL, Interest, with_interest
from vybor.generator.meaning import Meanings
from vybor.generator.notes.topics import Commonness

ASK_AGAIN_NS = seconds(5)
"""After a refusal, or an answer that never came."""
RECORDED_NS = seconds(0.3)
"""The journal has a choice so long after the next prompt, or at the prompt after that."""
AT_A_TIME = 8
"""Decisions read in one turn: some milliseconds."""
MORE_OFFERED = 4
"""So many more words are asked of the model, for the interest to choose from."""
UNMOVED = 4
"""Every so many sentences one is offered as without the interest: it goes on being judged by those."""

log = logging.getLogger("vybor.generator")


class Interested:
    """What was learned of the interest, how far the record has been read, and what it may move."""

    def __init__(self, bus: Bus, commonness: Commonness | None) -> None:
        """Without `commonness` nothing is learned and nothing moved: the settings say so."""
        self._bus = bus
        self.commonness = commonness
        self._numbers = USUAL
        """By which words are moved; whether they are is judged by those of everybody."""
        self._interest = Interest(self._share_of)
        self._meanings: Meanings | None = None
        self._days = Days()
        self._choices: list[Choice] = []
        self._judged_day = 0
        self.weight = 0.0
        """Nats of everybody's numbers; 0 until the record has shown that they help."""
        self._waiting: deque[m.Decision] = deque()
        self._last = ("", 0)
        self._question = Question(bus, "journal")
        self._ask_ns = 0
        self._is_behind = True
        self._is_whole = False

    def take(self, meanings: Meanings | None) -> None:
        """The model is loaded, and with it what words mean; None where that is not wanted or cannot be read."""
        self._meanings = meanings

    def wear(self, numbers: InterestNumbers) -> None:
        """Move words so from now on, where they are moved at all.

        That still hangs on what everybody's numbers would have gained: these may be fitted to the same days.
        """
        self._numbers = numbers

    def chose(self, now_ns: int) -> None:
        """There is a new prompt: the person has chosen something."""
        self._is_behind = True
        self._ask_ns = max(self._ask_ns, now_ns + RECORDED_NS)

    def answered(self, reply: m.AnyReply, now_ns: int) -> None:
        """Take in a page of the record."""
        if not self._question.is_answered_by(reply):
            return
        if not isinstance(reply, m.Decisions):
            self._ask_ns = now_ns + ASK_AGAIN_NS
            return
        if reply.anew:
            self._begin_anew()
        self._ask_ns = 0
        self._waiting.extend(reply.decisions)
        if reply.decisions:
            self._last = (reply.session or reply.decisions[-1].session, reply.decisions[-1].number)
        elif reply.anew:
            self._last = (reply.session, 0)
        if not reply.decisions:
            self._is_behind = False
            self._is_whole = True

    def forget(self) -> None:
        """Rows of the record are gone: read it again from its beginning."""
        self._question.take_back()
        self._begin_anew()
        self._ask_ns, self._last, self._is_behind = 0, ("", 0), True

    def asked(self, asked: Asked) -> bool:
        """Tell what was learned; False if this asks for something else."""
        if not isinstance(asked.command, m.TellInterest):
            return False
        self._bus.answer(asked, self._told(asked.command.request))
        return True

    def turn(self, now_ns: int) -> bool:
        """Read on; False: there is nothing to read now."""
        if self._meanings is None:
            return False
        for _ in range(min(AT_A_TIME, len(self._waiting))):
            self._read(self._waiting.popleft(), self._meanings)
        if self._waiting:
            return True
        self._judge()
        self._ask(now_ns)
        return False

    def asks(self, prompt: m.Prompt) -> m.Prompt:
        """The prompt as the model is asked: for more words, where the interest may choose among them."""
        if not self._moves:
            return prompt
        return msgspec.structs.replace(prompt, count=prompt.count + MORE_OFFERED)

    def moved(
        self, proposed: Sequence[m.Candidate], prompt: m.Prompt
    ) -> tuple[tuple[m.Candidate, ...], tuple[m.Candidate, ...]]:
        """The words to offer; and if the interest moved them, those that would be offered otherwise, else none."""
        as_they_are = tuple(proposed[: prompt.count])
        if not self._moves or self._meanings is None or prompt.anchors:
            return as_they_are, ()
        vector = self._interest.vector(self._meanings, self._numbers)
        moved = with_interest(proposed, vector, self._meanings, self._numbers.weight)[: prompt.count]
        return (moved, as_they_are) if moved != as_they_are else (as_they_are, ())

    @property
    def propensity(self) -> float:
        """In how large a part of the sentences words are offered as they are now: moved, or left as they were."""
        if self.weight <= 0:
            return 1.0
        return 1 - 1 / UNMOVED if self._moves else 1 / UNMOVED

    def close(self) -> None:
        """Let go of the word lists."""
        if self.commonness:
            self.commonness.close()

    def _share_of(self, word: str) -> float:
        return self.commonness(word) if self.commonness else 0.0

    @property
    def _moves(self) -> bool:
        return self.weight > 0 and self._interest.sentences % UNMOVED != 0

    def _read(self, decision: m.Decision, meanings: Meanings) -> None:
        """Predict it, then learn from it."""
        day = self._days.tell(decision.at_ns)
        gain = gain_of(decision, self._interest.vector(meanings), meanings)
        if gain is not None:
            self._choices.append(Choice(day, gain))
        self._interest.tell(decision)

    def _judge(self) -> None:
        """Once a day: whether the days so far show a gain."""
        if not self._is_whole or self._judged_day == self._days.day:
            return
        self._judged_day = self._days.day
        weight = USUAL.weight if judge(self._choices).helps else 0.0
        if weight != self.weight:
            log.info("interest: weight=%.1f days=%d", weight, self._days.day)
        self.weight = weight

    def _ask(self, now_ns: int) -> None:
        if now_ns < self._ask_ns or not (self._is_behind or self._question.is_open):
            return
        session, number = self._last
        self._question.ask(lambda request: m.TellDecisions(request=request, session=session, number=number))
        self._ask_ns = now_ns + ASK_AGAIN_NS

    def _begin_anew(self) -> None:
        """The journal is another one than before."""
        self._interest, self._days, self._choices = Interest(self._share_of), Days(), []
        self._waiting.clear()
        self._is_whole, self._judged_day, self.weight = False, 0, 0.0

    def _told(self, request: str) -> m.InterestTold:
        found = judge(self._choices)
        return m.InterestTold(
            request=request,
            allowed=self.commonness is not None,
            is_whole=self._is_whole and not self._waiting,
            weight=self.weight,
            taken=self._interest.taken,
            examined=self._interest.attention.looks,
            lingered=self._interest.lingered,
            days=found.days,
            least_days=LEAST_DAYS,
            choices=found.choices,
            least_choices=LEAST_CHOICES,
            gain=found.gain,
            low=found.low,
            engaged=self._interest.engaged,
            engaged_weight=self._interest.engaged_weights / (self._interest.engaged or 1) or 1.0,
        )
