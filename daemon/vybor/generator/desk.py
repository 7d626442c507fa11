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
from vybor.generator.words import Steps

MOST_ANSWERS = 128
"""Some kilobytes each."""


class Answer(msgspec.Struct, frozen=True):
    """What the network said to a prompt, and how many tokens it read for it."""

    candidates: tuple[m.Candidate, ...]
    tokens: int
    was_ahead: bool = False
    """It was known before it was asked for."""


class _Work(msgspec.Struct):
    """A prompt that is being worked on."""

    prompt: m.Prompt
    steps: Steps[tuple[m.Candidate, ...]]
    tokens: int = 0


class Desk:
    """The prompt at hand, those that may come, and what is known already."""

    def __init__(self, proposer: Proposer) -> None:
        self._proposer = proposer
        self._answers: OrderedDict[m.Prompt, Answer] = OrderedDict()
        self._work: _Work | None = None

    def step(self, prompt: m.Prompt | None, ahead: Sequence[m.Prompt]) -> Answer | None:
        """Do one step for the prompt at hand, else for what may come; returns the answer to the prompt at hand.

        `prompt` is None once it is answered. Raises BundleError where the network fails.
        """
        wanted = _unnumbered(prompt) if prompt else self._next(ahead)
        if wanted is None:
            self._work = None
            return None
        if prompt and wanted in self._answers:
            known = self._answers.pop(wanted)
            self._answers[wanted] = msgspec.structs.replace(
                known, tokens=0
            )  # they are counted when it is given out
            return msgspec.structs.replace(known, was_ahead=True)
        if self._work is None or self._work.prompt != wanted:
            self._work = _Work(wanted, self._proposer.steps(wanted))
        answer = self._do(self._work)
        if answer is None:
            return None
        self._keep(wanted, msgspec.structs.replace(answer, tokens=0) if prompt else answer)
        return answer if prompt else None

    def is_idle(self, prompt: m.Prompt | None, ahead: Sequence[m.Prompt]) -> bool:
        """Whether there is nothing to do."""
        return prompt is None and self._next(ahead) is None

    def _next(self, ahead: Sequence[m.Prompt]) -> m.Prompt | None:
        """What is begun goes on while it may still come; then the likeliest that is not known."""
        wanted = [_unnumbered(prompt) for prompt in ahead]
        if self._work and self._work.prompt in wanted:
            return self._work.prompt
        return next((prompt for prompt in wanted if prompt not in self._answers), None)

    def _do(self, work: _Work) -> Answer | None:
        before = self._proposer.tokens_read
        try:
            next(work.steps)
        except StopIteration as finished:
            self._work = None
            return Answer(finished.value, work.tokens + self._proposer.tokens_read - before)
        work.tokens += self._proposer.tokens_read - before
        return None

    def _keep(self, prompt: m.Prompt, answer: Answer) -> None:
        self._answers[prompt] = answer
        if len(self._answers) > MOST_ANSWERS:
            self._answers.popitem(last=False)


def _unnumbered(prompt: m.Prompt) -> m.Prompt:
    """The prompt without what differs each time it is asked."""
    return msgspec.structs.replace(prompt, at_ns=0, number=0)
