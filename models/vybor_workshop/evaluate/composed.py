"""The kit's tiers put together as the kit does it: word list, the person's counts, the model that is measured."""

from collections.abc import Container, Sequence

from vybor.accounting.replay import Propose, Way
from vybor.contracts import messages as m
from vybor.core.decision.rules import Rules
from vybor.foundation.settings import Settings
from vybor.instant.manners import is_rude
from vybor.instant.tier import Personal, WordList
from vybor.instant.tokens import fold
from vybor_workshop.evaluate.offering import OFFERED


class Composed:
    """The tiers, for one model and one person."""

    def __init__(self, words: WordList, propose: Propose, language: str, own: Sequence[str] = ()) -> None:
        """`own` is what the person said before: it is counted as the kit counts it."""
        self._words, self._propose, self._language = words, propose, language
        self.personal = Personal()
        for text in own:
            self.personal.learn(text)

    def instant(self, prompt: m.Prompt) -> tuple[m.Candidate, ...]:
        """What the word list and the person's counts say."""
        return self._words.answer(prompt, self.personal)

    def offer(self, prompt: m.Prompt) -> tuple[m.Candidate, ...]:
        """Both tiers' words as one list, as many as the prompt wants."""
        told = self._words.mix(prompt, self.instant(prompt), self._propose(prompt), self.personal)
        known = self.personal.file.followers(())
        return tuple(one for one in told if self._allowed(one.words[0], known))[: prompt.count]

    def way(self) -> Way:
        """The real decision with these tiers, in the settings that a kit begins with, and five words an offer."""
        settings = Settings()
        rules = Rules(
            session="evaluate",
            language=self._language,
            commit=settings.commit,
            instant=self.instant,
            mix=lambda prompt, instant, model: self._words.mix(prompt, instant, model, self.personal),
            count=OFFERED,
            allowed=lambda word: self._allowed(word, self.personal.file.followers(())),
        )
        return Way(rules, self._propose)

    def _allowed(self, word: str, known: Container[str]) -> bool:
        return not is_rude(word, self._language) or fold(word) in known
