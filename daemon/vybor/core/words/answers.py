"""What the word list, the person's own counts and their own sentences answer at once, beside the model."""

from collections.abc import Sequence

from vybor.contracts import messages as m
from vybor.core.decision.rules import as_told
from vybor.core.words.given_words import WordBook
from vybor.core.words.learning import Learning
from vybor.core.words.own import OwnSentences
from vybor.instant.anchors import there_already
from vybor.instant.echo import echoed, supplied
from vybor.instant.initials import WAYS
from vybor.instant.manners import is_rude
from vybor.instant.tier import WordList
from vybor.instant.tokens import fold


class Instant:
    """The instant tier; without a word list it has the person's own sentences alone."""

    def __init__(
        self,
        words: WordList | None,
        learning: Learning,
        own: OwnSentences,
        language: str,
        given: WordBook,
    ) -> None:
        """Over what is known; `given` has what a carer gave."""
        self._words = words
        self._learning = learning
        self._own = own
        self._language = language
        self._given = given

    @property
    def identity(self) -> str:
        """Which word list it is; empty without one."""
        return self._words.identity if self._words else ""

    def answer(self, prompt: m.Prompt) -> Sequence[m.Candidate]:
        """What is offered until the model has answered."""
        if prompt.anchors:
            return there_already(prompt, self._own.spoken)
        found: Sequence[m.Candidate] = ()
        if self._words:
            found = echoed(self._words.answer(prompt, self._learning.personal), prompt, self._words.written)
        return supplied(found, prompt, self._given.words)

    def beginning_with(self, text: str, letter: str) -> Sequence[m.Candidate]:
        """Words that begin with a letter and may follow a text."""
        if not self._words:
            return ()
        return self._words.propose(text, letter, count=WAYS, personal=self._learning.personal)

    def mix(
        self, prompt: m.Prompt, instant: Sequence[m.Candidate], model: Sequence[m.Candidate]
    ) -> Sequence[m.Candidate]:
        """Both tiers' answers as one."""
        if not self._words:
            return as_told(prompt, instant, model)
        return self._words.mix(prompt, instant, model, self._learning.personal)

    def is_allowed(self, word: str) -> bool:
        """Swear words only if they are the person's own."""
        return not is_rude(word, self._language) or self._learning.personal.has_said(fold(word))
