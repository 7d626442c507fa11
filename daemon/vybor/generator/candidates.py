"""From a prompt to candidates: the likeliest next words, and behind each, in grey, how it would go on."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from vybor.contracts import messages as m
from vybor.contracts.messages import Trouble
from vybor.foundation.settings import Provider
from vybor.generator.frames import Frames, line
from vybor.generator.grey import ways_on
from vybor.generator.meaning import Meanings
from vybor.generator.network.adapter import open_adapter
from vybor.generator.network.bundle import TOKENIZER, Bundle, BundleError
from vybor.generator.network.embedding_rows import EmbeddingRows
from vybor.generator.network.model import Model, Outfit
from vybor.generator.notes.nearest import nearest
from vybor.generator.opening import NOTE_TOKENS, Opening
from vybor.generator.sentences import sentences
from vybor.generator.vocabulary import Vocabulary
from vybor.generator.words import Steps, beginning, next_words

STEP_TOKENS = 64
"""Tokens of the text read in one step: 80 ms on two cores. Work can be dropped between steps, never within one."""
AHEAD_TOKENS = 16
"""The same while nobody waits for it: a choice that comes meanwhile waits a third as long (TinyLlama's shape:
.19 s, not .65), and all of it takes a quarter longer."""
BRANCHES = 128
"""Positions of the cache kept free for branches."""

FULL = 0.75
"""Of the window. From then on what the model will read next is read ahead: a quarter is about 140 words, in which
there are pauses enough."""
PIECES = 1024
"""Pieces of a text of which the length in tokens is kept: 200,000 characters."""


class Proposer:
    """A model and its vocabulary, ready to propose. Raises BundleError where ONNX Runtime fails."""

    def __init__(self, bundle: Bundle, threads: int, provider: Provider = Provider.CPU, style: str = "") -> None:
        self.identity = bundle.identity
        """What the record keeps of it: the model, its weights, and the adapter that it wears."""
        self._bundle = bundle
        self._languages = bundle.manifest.languages
        self._vocabulary = _vocabulary(bundle)
        self._model = Model(bundle, threads, provider)
        self.frames = Frames(bundle, self._model)
        """What it wears for whole sentences from words alone."""
        self._opening = Opening(bundle.manifest, self._vocabulary, style)
        self._most = bundle.manifest.shape.context - BRANCHES
        alone = len(self._opening.tokens("", ""))
        self._stride = (self._most - alone - NOTE_TOKENS) // 2
        """Tokens by which the window moves: seldom, since what is then in it is read anew. Turns take its rest."""
        if self._most <= alone:
            raise _unfit(bundle, f"has {bundle.manifest.shape.context} positions, too few for a text")
        encode = self._vocabulary.encode  # not of itself: it would stay in memory after it was let go
        self._length = lru_cache(PIECES)(lambda piece: len(encode(piece)))

    def wear(self, path: Path | None) -> None:
        """Put on an adapter instead of another, or none. Raises AdapterError; then nothing has changed."""
        found = open_adapter(path, self._bundle, self._model.takes()) if path else None
        self._model.wear(found.arrays if found else {})
        self.identity = f"{self._bundle.identity}+{found.digest}" if found else self._bundle.identity

    def steps(self, prompt: m.Prompt, notes: str = "") -> Steps[tuple[m.Candidate, ...]]:
        """Candidates for a prompt, most probable first; yields after every step, so it can be dropped there.

        There are none in a language that the model does not know. It reads the notes before the text.
        """
        if prompt.language not in self._languages:
            return ()
        text, lead = prompt.text.rstrip(" "), self._opening.tokens(prompt.partner, notes, prompt.lately)
        if prompt.anchors:
            return (yield from self._sentences(prompt, text, lead))
        self._model.change(Outfit.OWN)
        yield from self._read(text, lead)
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

    def read_ahead(self, prompt: m.Prompt, notes: str = "") -> Steps[None] | None:
        """Steps that read what the window will hold when it moves next; None while that is far off.

        It moves with a choice that makes the text too long; thanks to this hardly anything is left to read between
        that choice and its offer. What it holds now stays read. Nothing else may be worked on between the steps.
        """
        if prompt.language not in self._languages:
            return None
        text, lead = prompt.text.rstrip(" "), self._opening.tokens(prompt.partner, notes, prompt.lately)
        self._model.change(Outfit.OWN)
        coming = self._near(text, lead, FULL)
        if coming == self._near(text, lead):
            return None
        return self._bring(lead + self._vocabulary.encode(coming), AHEAD_TOKENS)

    def surprise(self, text: str) -> float:
        """How unlikely a text is to the model on an empty line, in nats a token. It is read token by token."""
        lead, tokens = self._opening.tokens("", ""), self._vocabulary.encode(text)
        self._model.change(Outfit.OWN)
        self._model.rewind([])
        self._model.append(lead)
        nats = 0.0
        for token in tokens:
            logits = self._model.end - self._model.end.max()
            nats += float(np.log(np.exp(logits).sum()) - logits[token])
            self._model.append([token])
        return nats / len(tokens)

    def tokens_of(self, text: str) -> int:
        """Into how many tokens a text is cut."""
        return len(self._vocabulary.encode(text))

    def identity_for(self, prompt: m.Prompt) -> str:
        """What the record keeps of the model that answers this."""
        return self.frames.identity if prompt.anchors and self.frames.is_worn else self.identity

    def read_anew(self) -> None:
        """Nothing that was read stays read: the next answer takes as long as one to a new text."""
        self._model.forget()

    @property
    def base(self) -> str:
        """The hash of the weights that the model was built from."""
        return self._bundle.manifest.base

    @property
    def languages(self) -> tuple[str, ...]:
        """In which it proposes."""
        return self._languages

    @property
    def read(self) -> int:
        """How many tokens of the cache the text and its header take."""
        return len(self._model.trunk)

    @property
    def moves(self) -> int:
        """Rises whenever the text that is read moves: whatever was under way behind it before is stale."""
        return self._model.moves

    @property
    def tokens_read(self) -> int:
        """How many tokens the network has read so far, in vain too."""
        return self._model.tokens_read

    def _read(self, text: str, lead: list[int]) -> Steps[None]:
        """Bring the model's trunk to the end of the text: what leads to it, then the text or the end of it."""
        yield from self._bring(lead + self._vocabulary.encode(self._near(text, lead)))

    def _sentences(self, prompt: m.Prompt, text: str, lead: list[int]) -> Steps[tuple[m.Candidate, ...]]:
        """Whole sentences: by the adapter that was taught to make them, else by the model as it is."""
        self._model.change(Outfit.FRAMES if self.frames.is_worn else Outfit.OWN)
        if self.frames.is_worn:
            lead = lead + self._vocabulary.encode(line(prompt.anchors, prompt.intent))
        yield from self._read(text, lead)
        return (yield from sentences(self._model, self._vocabulary, prompt, knows_words=self.frames.is_worn))

    def _near(self, text: str, lead: Sequence[int], share: float = 1.0) -> str:
        """The end of the text that the window holds, or that a smaller one would."""
        return nearest(text, self._length, self._stride, int(share * (self._most - len(lead))))

    def _bring(self, tokens: Sequence[int], at_a_time: int = STEP_TOKENS) -> Steps[None]:
        """Bring the trunk to these tokens, or to the last of them if there were too many."""
        tokens = tokens[-self._most :]
        for first in range(self._model.rewind(tokens), len(tokens), at_a_time):
            self._model.append(tokens[first : first + at_a_time])
            yield


def _vocabulary(bundle: Bundle) -> Vocabulary:
    """The bundle's tokenizer, as large as its graph. Raises BundleError."""
    try:
        found = Vocabulary.open(bundle.folder / TOKENIZER)
    except Exception as error:  # noqa: BLE001  (tokenizers raises nothing narrower for a file that is none)
        raise _unfit(bundle, f"has a tokenizer that cannot be read ({error})") from None
    if found.size > bundle.manifest.shape.vocabulary:
        size = bundle.manifest.shape.vocabulary
        raise _unfit(bundle, f"has a tokenizer of {found.size} tokens for a graph of {size}")
    return found


def _unfit(bundle: Bundle, why: str) -> BundleError:
    return BundleError(Trouble.MODEL_FAILED, f"the model in {bundle.folder} {why}; build it anew")
