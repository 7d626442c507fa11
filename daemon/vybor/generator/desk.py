"""What the model works on: the prompt at hand first, then, while the person reads, the prompts that may come next.

Work is done in steps of the network. The prompt at hand takes precedence between two of them. Work on a prompt
that is then asked for goes on, unless the model has read something else meanwhile; its answer, if it was finished
before, is there at once. Answers are kept, for undo too. Before it looks ahead it sees to it that a long text need
not be read anew when it outgrows the model. Pure but for the network that it drives.
"""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.generator.candidates import Proposer
from vybor.generator.notes.topical import told
from vybor.generator.words import Steps
from vybor.retrieval.notes import Note

MOST_ANSWERS = 128
"""Some kilobytes each."""
DONE = object()


class Answer(msgspec.Struct, frozen=True):
    """What the network said to a prompt, and how many tokens it read for it."""

    candidates: tuple[m.Candidate, ...]
    tokens: int
    was_ahead: bool = False
    """It was known before it was asked for."""
    context: int = 0
    """Tokens of notes, conversation and text that it was made behind."""


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
    moves: int = 0
    """The proposer's, behind the last step."""


class Desk:
    """The prompt at hand, those that may come, and what is known already."""

    def __init__(self, proposer: Proposer) -> None:
        self._proposer = proposer
        self._answers: OrderedDict[Question, Answer] = OrderedDict()
        self._work: _Work | None = None
        self._reading: Steps[None] | None = None

    def step(self, asked: Question | None, ahead: Sequence[Question]) -> Answer | None:
        """Do one step for the question at hand, else for what may come; returns the answer to the one at hand.

        `asked` is None once it is answered. Raises BundleError where the network fails.
        """
        if asked is None:
            self._look_ahead(ahead)
            return None
        answer = self._known(asked) or self._work_on(asked)
        if answer:
            self._keep(asked, msgspec.structs.replace(answer, tokens=0))  # they are counted when it is given out
            self._begin_reading(asked)
        return answer

    def is_idle(self, asked: Question | None, ahead: Sequence[Question]) -> bool:
        """Whether there is nothing to do."""
        return asked is None and self._reading is None and self._next(ahead) is None

    def _look_ahead(self, ahead: Sequence[Question]) -> None:
        """Read ahead of need to the end, then answer what may come."""
        if self._reading:
            if next(self._reading, DONE) is DONE:
                self._reading = None
        elif (wanted := self._next(ahead)) is None:
            self._work = None
        elif answer := self._work_on(wanted):
            self._keep(wanted, answer)

    def _begin_reading(self, asked: Question) -> None:
        self._reading = self._proposer.read_ahead(asked.prompt, told(asked.notes))
        if self._reading:
            self._work = None  # its branches stand behind another text

    def _known(self, asked: Question) -> Answer | None:
        known = self._answers.pop(asked, None)
        return known and msgspec.structs.replace(known, was_ahead=True)

    def _work_on(self, wanted: Question) -> Answer | None:
        """Do one step; the answer, if that was the last."""
        self._reading = None
        work = self._work
        if work is None or work.question != wanted or work.moves != self._proposer.moves:
            work = self._work = _Work(wanted, self._proposer.steps(wanted.prompt, told(wanted.notes)))
        return self._do(work)

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
            tokens = work.tokens + self._proposer.tokens_read - before
            return Answer(finished.value, tokens, context=self._proposer.read)
        work.tokens += self._proposer.tokens_read - before
        work.moves = self._proposer.moves
        return None

    def _keep(self, question: Question, answer: Answer) -> None:
        self._answers[question] = answer
        if len(self._answers) > MOST_ANSWERS:
            self._answers.popitem(last=False)
