"""What the model works on: the prompt at hand first, then, while the person reads, the prompts that may come next.

Work is done in steps of the network. The prompt at hand takes precedence between two of them. Work on a prompt
that is then asked for goes on, and its answer, if it was finished before, is there at once. Answers are kept, for
undo too. Pure but for the network that it drives.
"""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.generator.candidates import Proposer
from vybor.generator.topical import told
from vybor.generator.words import Steps
from vybor.retrieval.notes import Note

MOST_ANSWERS = 128
"""Some kilobytes each."""


class Answer(msgspec.Struct, frozen=True):
    """What the network said to a prompt, and how many tokens it read for it."""

    candidates: tuple[m.Candidate, ...]
    tokens: int
    was_ahead: bool = False
    """It was known before it was asked for."""


class Question(msgspec.Struct, frozen=True):
    """A prompt without what differs each time it is asked, and the notes that the model reads with it."""

    prompt: m.Prompt
    notes: tuple[Note, ...] = ()

    @classmethod
    def of(cls, prompt: m.Prompt, notes: tuple[Note, ...] = ()) -> "Question":
        """The question that a prompt asks."""
        return cls(msgspec.structs.replace(prompt, at_ns=0, number=0), notes)


class _Work(msgspec.Struct):
    """A question that is being worked on."""

    question: Question
    steps: Steps[tuple[m.Candidate, ...]]
    tokens: int = 0


class Desk:
    """The prompt at hand, those that may come, and what is known already."""

    def __init__(self, proposer: Proposer) -> None:
        self._proposer = proposer
        self._answers: OrderedDict[Question, Answer] = OrderedDict()
        self._work: _Work | None = None

    def step(self, asked: Question | None, ahead: Sequence[Question]) -> Answer | None:
        """Do one step for the question at hand, else for what may come; returns the answer to the one at hand.

        `asked` is None once it is answered. Raises BundleError where the network fails.
        """
        wanted = asked or self._next(ahead)
        if wanted is None:
            self._work = None
            return None
        if asked and wanted in self._answers:
            known = self._answers.pop(wanted)
            self._answers[wanted] = msgspec.structs.replace(
                known, tokens=0
            )  # they are counted when it is given out
            return msgspec.structs.replace(known, was_ahead=True)
        if self._work is None or self._work.question != wanted:
            self._work = _Work(wanted, self._proposer.steps(wanted.prompt, told(wanted.notes)))
        answer = self._do(self._work)
        if answer is None:
            return None
        self._keep(wanted, msgspec.structs.replace(answer, tokens=0) if asked else answer)
        return answer if asked else None

    def is_idle(self, asked: Question | None, ahead: Sequence[Question]) -> bool:
        """Whether there is nothing to do."""
        return asked is None and self._next(ahead) is None

    def _next(self, ahead: Sequence[Question]) -> Question | None:
        """What is begun goes on while it may still come; then the likeliest that is not known."""
        if self._work and self._work.question in ahead:
            return self._work.question
        return next((question for question in ahead if question not in self._answers), None)

    def _do(self, work: _Work) -> Answer | None:
        before = self._proposer.tokens_read
        try:
            next(work.steps)
        except StopIteration as finished:
            self._work = None
            return Answer(finished.value, work.tokens + self._proposer.tokens_read - before)
        work.tokens += self._proposer.tokens_read - before
        return None

    def _keep(self, question: Question, answer: Answer) -> None:
        self._answers[question] = answer
        if len(self._answers) > MOST_ANSWERS:
            self._answers.popitem(last=False)
