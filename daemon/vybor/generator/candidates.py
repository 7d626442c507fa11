"""From a prompt to candidates: the likeliest next words, and behind each, in grey, how it would go on."""

from collections.abc import Callable
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.settings import Provider
from vybor.generator.adapter import open_adapter
from vybor.generator.bundle import TOKENIZER, Bundle
from vybor.generator.embedding_rows import EmbeddingRows
from vybor.generator.grey import ways_on
from vybor.generator.meaning import Meanings
from vybor.generator.model import Model
from vybor.generator.nearest import nearest
from vybor.generator.opening import Opening
from vybor.generator.sentences import sentences
from vybor.generator.vocabulary import Vocabulary
from vybor.generator.words import Steps, beginning, next_words

STEP_TOKENS = 64
"""Tokens of the text read in one step: 80 ms on two cores. Work can be dropped between steps, never within one."""
BRANCHES = 128
"""Positions of the cache kept free for branches."""


class Proposer:
    """A model and its vocabulary, ready to propose. Raises BundleError where ONNX Runtime fails."""

    def __init__(self, bundle: Bundle, threads: int, provider: Provider = Provider.CPU, style: str = "") -> None:
        self.identity = bundle.identity
        """What the record keeps of it: the model, its weights, and the adapter that it wears."""
        self._bundle = bundle
        self._languages = bundle.manifest.languages
        self._model = Model(bundle, threads, provider)
        self._vocabulary = Vocabulary.open(bundle.folder / TOKENIZER)
        self._opening = Opening(bundle.manifest, self._vocabulary, style)
        self._most = bundle.manifest.shape.context - BRANCHES

    def wear(self, path: Path | None) -> None:
        """Put on an adapter instead of another, or none. Raises AdapterError; then nothing has changed."""
        found = open_adapter(path, self._bundle, self._model.takes) if path else None
        self._model.wear(found.arrays if found else {})
        self.identity = f"{self._bundle.identity}+{found.digest}" if found else self._bundle.identity

    def steps(self, prompt: m.Prompt, notes: str = "") -> Steps[tuple[m.Candidate, ...]]:
        """Candidates for a prompt, most probable first; yields after every step, so it can be dropped there.

        There are none in a language that the model does not know. It reads the notes before the text.
        """
        if prompt.language not in self._languages:
            return ()
        text = prompt.text.rstrip(" ")
        yield from self._read(text, self._opening.tokens(prompt.partner, notes))
        if prompt.anchors:
            return (yield from sentences(self._model, self._vocabulary, prompt))
        begins = beginning(text, prompt.prefix, prompt.groups)
        words = yield from next_words(self._model, self._vocabulary, begins, prompt.exclude, prompt.count)
        behind = yield from ways_on(self._model, self._vocabulary, words)
        return tuple(
            m.Candidate(words=(word.text, *on.words), p=word.p, p_then=on.ps, source=m.Source.MODEL)
            for word, on in zip(words, behind, strict=True)
        )

    def propose(self, prompt: m.Prompt, still_wanted: Callable[[], bool]) -> tuple[m.Candidate, ...] | None:
        """The same in one go; None as soon as it is no longer wanted."""
        steps = self.steps(prompt)
        while still_wanted():
            try:
                next(steps)
            except StopIteration as finished:
                candidates: tuple[m.Candidate, ...] = finished.value
                return candidates
        return None

    def meanings(self, commonness: Callable[[str], float]) -> Meanings:
        """What the model's own embedding says of words. Raises BundleError where it cannot be found."""
        return Meanings(EmbeddingRows(self._bundle), self._vocabulary, commonness)

    @property
    def read(self) -> int:
        """How many tokens of the cache the text and its header take."""
        return len(self._model.trunk)

    @property
    def tokens_read(self) -> int:
        """How many tokens the network has read so far, in vain too."""
        return self._model.tokens_read

    def _read(self, text: str, opening: list[int]) -> Steps[None]:
        """Bring the model's trunk to the end of the text: what stands before it, then the text."""
        most = self._most - len(opening)
        near = nearest(text, lambda part: len(self._vocabulary.encode(part)) <= most)
        tokens = opening + self._vocabulary.encode(near)
        kept = self._model.rewind(tokens)
        for first in range(kept, len(tokens), STEP_TOKENS):
            self._model.append(tokens[first : first + STEP_TOKENS])
            yield
