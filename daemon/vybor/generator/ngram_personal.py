"""What this person has said, as an expectation of the next word: the part of the instant tier that learns."""

from vybor.generator.ngram_counts import BEGIN, Change, Context, CountsFile, Sentence, folded
from vybor.generator.ngram_expectation import Expectation, Level
from vybor.generator.ngram_recent import Recent
from vybor.generator.pattern import EVERY_WORD, Pattern

# Tuned on 24 writers of the conversation corpus who were kept out of the base list: perplexity 143 without
# their counts, 131 with them. The optimum is flat.
SHARES = (0.10, 0.15, 0.30)
"""The personal share of the mixture after a context of which no, one or two words were seen before…"""
HALF_GROWN = 200.0
"""…once much was learned; at so many words it is half of that."""


class Personal:
    """What a person's own counts say of the next word."""

    def __init__(self, file: CountsFile | None = None) -> None:
        """Over a file, or in memory alone."""
        self.file = file or CountsFile()
        self._recent: tuple[tuple[str, tuple[Sentence, ...]], Recent] | None = None

    def learn(self, text: str) -> None:
        """Count a text."""
        self.file.change([Change(text)])

    def forget(self, text: str) -> bool:
        """Take a text out again, exactly as it was learned; False if it is not among those counted."""
        return bool(self.file.change([Change(text, said=False)]))

    def expectation(self, context: Context, pattern: Pattern = EVERY_WORD, least: int = 1) -> Expectation:
        """What to expect after the folded words of this sentence: words that fit and were seen so often there.

        Witten-Bell: a context hands on T / (N + T) to the next shorter one, where N words of T kinds were seen
        behind it.
        """
        self.file.take_in_changes()
        padded = (BEGIN, *context)
        levels: list[Level] = []
        weight = 1.0
        for after in dict.fromkeys((padded[-2:], padded[-1:])):
            if total := self.file.seen(after).total:
                kinds = len(self.file.seen(after).counts)
                fitting = self.file.seen(after, pattern, least)
                levels.append(Level(weight * total / (total + kinds), total, fitting))
                weight *= kinds / (total + kinds)
        words = self.file.seen(()).total
        share = SHARES[len(levels)] * words / (words + HALF_GROWN)
        levels.append(Level(weight, max(words, 1), self.file.seen((), pattern, least)))
        return Expectation(share, tuple(levels))

    def recent(self, text: str) -> Recent:
        """The words of the text being written, and of what was said last."""
        said = (text, self.file.recent())
        if self._recent is None or self._recent[0] != said:
            self._recent = said, Recent.of((*reversed(folded(text)), *reversed(self.file.recent())))
        return self._recent[1]

    def said(self, word: str) -> float:
        """How often a folded word was said."""
        return self.file.seen(()).counts.get(word, 0)

    def written(self, word: str, *, inside: bool, least: int) -> str | None:
        """How the person writes this word inside a sentence, or at its start; None if seen less than `least`."""
        trusted = [(-seen, form) for form, seen in self.file.forms(word, inside=inside).items() if seen >= least]
        return min(trusted)[1] if trusted else None
