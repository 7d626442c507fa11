"""Sentences that the model makes around given words: a grid beam search (Hokamp & Liu 2017) behind openings.

A small model writes poor sentences but scores well, so it chooses more than it writes: each opening is read, then
each way on grows by a token of its own or is made to take one of the words. Ways compete only with those that
still lack as many words. A sentence is whole where the model would end it; the likeliest by the token are kept.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from vybor.composer.text import ATTACHED, capitalised, join
from vybor.contracts import messages as m
from vybor.contracts.messages import Intent, Source
from vybor.generator.network.model import TRUNK, Model
from vybor.generator.network.trunk import Floats
from vybor.generator.vocabulary import Vocabulary
from vybor.generator.words import LETTER, Steps, whole
from vybor.instant.anchors import Said, carries, openings, said
from vybor.instant.tokens import END_MARKS

OPENED = 14
"""Openings that are gone on from, the likeliest."""
WIDTH = 8
"""Ways that are followed of those that lack as many words…"""
OF_ONE_OPENING = 3
"""…and of these so many with the same opening."""
FREE = 4
"""Tokens of its own by which a way may go on."""
ROUNDS = 11
"""Steps of the network behind the openings: some eight words."""
MOST_CHARACTERS = 42
"""A small model's longer sentences say more than was meant."""
LENGTH_POWER = 0.7
"""A sentence's log probability is divided by its length to this power (Wu et al. 2016, there 0.6)."""
LEAST_END_P = 0.02
"""Where the model would go on more surely than this, the sentence is not whole."""


class Way(msgspec.Struct, frozen=True):
    """The beginning of a sentence: its tokens, and the words it still lacks."""

    tokens: tuple[int, ...]
    log_p: float
    parent: int
    """The branch behind which its last token belongs."""
    lacks: tuple[str, ...]
    forced: tuple[int, ...] = ()
    """What must come next: the rest of an opening or of a word."""
    opening: int = -1

    @property
    def score(self) -> float:
        """How likely it is, the length taken out."""
        length: float = max(1, len(self.tokens)) ** LENGTH_POWER
        return self.log_p / length


class Read(NamedTuple):
    """A way whose last token the network has read: its branch, and what may follow."""

    way: Way
    branch: int
    log_p: Floats

    def forced(self) -> Way:
        """The way on with what must come next."""
        return self.on_with(self.way.forced[0], self.way.forced[1:])

    def on_with(self, token: int, forced: tuple[int, ...] = ()) -> Way:
        """The way on with this token."""
        return _with(self.way, token, self.log_p, self.branch, forced)


class Whole(NamedTuple):
    """A whole sentence and how likely it is."""

    sentence: Said
    score: float
    token_p: float
    opening: int


def sentences(
    model: Model, vocabulary: Vocabulary, prompt: m.Prompt, *, knows_words: bool = False
) -> Steps[tuple[m.Candidate, ...]]:
    """Whole sentences behind the model's trunk that carry all words of the prompt, the likeliest first.

    A model that has read the words, and knows what they are there for, begins as it likes.
    """
    search = _Search(vocabulary, prompt, knows_words=knows_words)
    is_free = knows_words and not prompt.near
    ways = search.opened_freely(model.end) if is_free else search.opened(model.end)
    opened: list[Read] = []
    while ways:
        read = yield from _branched(model, ways)
        opened += [one for one in read if not one.way.forced]
        ways = [one.forced() for one in read if one.way.forced]
    ways = search.grown(sorted(opened, key=lambda one: -one.way.score)[:OPENED])
    for _ in range(ROUNDS):
        read = yield from _branched(model, ways)
        ways = search.grown(read)
    return search.best()


def _branched(model: Model, ways: Sequence[Way]) -> Steps[list[Read]]:
    """Read the last token of each way, once for ways that are the same so far, while the cache has room."""
    room = model.room
    rows: dict[tuple[int, ...], int] = {}
    for way in ways:
        if way.tokens in rows or len(rows) < room:
            rows.setdefault(way.tokens, len(rows))
    if not rows:
        return []
    first = model.branches
    parents = {way.tokens: way.parent for way in ways}
    logits = model.branch([tokens[-1] for tokens in rows], [parents[tokens] for tokens in rows])
    yield
    log_p = log_probabilities(logits)
    kept = (way for way in ways if way.tokens in rows)
    return [Read(way, first + rows[way.tokens], log_p[rows[way.tokens]]) for way in kept]


class _Search:
    """What has been found so far."""

    def __init__(self, vocabulary: Vocabulary, prompt: m.Prompt, *, knows_words: bool) -> None:
        self._vocabulary = vocabulary
        self._prompt = prompt
        self._knows_words = knows_words
        self._lead = join(prompt.text.rstrip(" "), LETTER)[len(prompt.text.rstrip(" ")) : -len(LETTER)]
        self._anchors = {
            anchor: [vocabulary.encode(f" {form}") for form in sorted({anchor, anchor.lower()})]
            for anchor in prompt.anchors
        }
        self._ends = [vocabulary.marks[mark] for mark in _end_marks(prompt.intent)]
        self._free = np.flatnonzero(vocabulary.goes_on | vocabulary.begins_spaced)
        self._near = said(prompt.near).words
        self._found: dict[tuple[str, ...], Whole] = {}

    def opened(self, logits: Floats) -> list[Way]:
        """The first token of each opening, and of each of the words where it begins the sentence."""
        starts = [*openings(self._prompt), *(capitalised(anchor) for anchor in self._prompt.anchors)]
        log_p = log_probabilities(logits)
        ways = []
        for number, start in enumerate(starts):
            tokens = tuple(self._vocabulary.encode(self._lead + start))
            way = Way((), 0.0, TRUNK, self._left(start), tokens, number)
            ways.append(_with(way, tokens[0], log_p, TRUNK, tokens[1:]))
        return ways

    def opened_freely(self, logits: Floats) -> list[Way]:
        """The likeliest first tokens, each an opening by itself."""
        log_p = log_probabilities(logits)
        begins = self._vocabulary.begins_spaced if self._lead else self._vocabulary.begins_bare
        allowed = np.flatnonzero(begins)
        likeliest = allowed[np.argsort(-log_p[allowed])[:OPENED]]
        lacking = Way((), 0.0, TRUNK, self._prompt.anchors)
        return [
            _with(msgspec.structs.replace(lacking, opening=number), int(token), log_p, TRUNK, ())
            for number, token in enumerate(likeliest)
        ]

    def grown(self, read: Sequence[Read]) -> list[Way]:
        """Go on behind ways that were read, by a token each; what is whole is kept aside."""
        grown: dict[tuple[int, ...], Way] = {}
        for one in read:
            for longer in self._longer(one):
                known = grown.get(longer.tokens)
                if known is None or len(longer.lacks) < len(known.lacks):
                    grown[longer.tokens] = longer
        return _kept(list(grown.values()))

    def best(self) -> tuple[m.Candidate, ...]:
        """The likeliest whole sentences; those with an opening of their own before others."""
        ranked = sorted(self._found.values(), key=lambda one: -one.score)
        seen: set[int] = set()
        firsts: list[Whole] = []
        others: list[Whole] = []
        for one in ranked:
            (others if one.opening in seen else firsts).append(one)
            seen.add(one.opening)
        return tuple(
            m.Candidate(words=tuple(one.sentence.text.split()), p=one.token_p, source=Source.MODEL)
            for one in (*firsts, *others)[: self._prompt.count]
        )

    def _longer(self, read: Read) -> list[Way]:
        way, log_p = read.way, read.log_p
        if way.forced:
            return [read.forced()]
        text = self._text(way.tokens)
        if not way.lacks or self._has_put_all(text):
            self._finish(way, text, log_p)
        if len(text) >= MOST_CHARACTERS:
            return []
        chances = log_p[self._free]
        likeliest = self._free[np.argpartition(-chances, FREE)[:FREE]]
        longer = [read.on_with(int(token)) for token in likeliest]
        for anchor in way.lacks:
            taken = msgspec.structs.replace(way, lacks=tuple(word for word in way.lacks if word != anchor))
            for head, *rest in self._anchors[anchor]:
                longer.append(_with(taken, head, log_p, read.branch, tuple(rest)))
        return longer

    def _finish(self, way: Way, text: str, log_p: Floats) -> None:
        """Keep the sentence if the model could end it here."""
        chances = [float(np.exp(log_p[tokens]).sum()) for tokens in self._ends]
        end_p = sum(chances)
        sentence = said(capitalised(text) + _end_marks(self._prompt.intent)[int(np.argmax(chances))])
        if end_p < LEAST_END_P or not self._is_good(sentence):
            return
        length = len(way.tokens) + 1
        log_whole = way.log_p + float(np.log(end_p))
        found = Whole(sentence, log_whole / length**LENGTH_POWER, float(np.exp(log_whole / length)), way.opening)
        known = self._found.get(sentence.words)
        if known is None or known.score < found.score:
            self._found[sentence.words] = found

    def _has_put_all(self, text: str) -> bool:
        """Whether a model that knows the words has put all of them by itself, in some form."""
        return self._knows_words and carries(said(text), self._prompt.anchors)

    def _is_good(self, sentence: Said) -> bool:
        """Whole words, short enough, carrying all it should, the first of that once, and no word doubled."""
        spelled = [word.strip(ATTACHED) for word in sentence.text.split()]
        first = [word for word in sentence.words if carries(said(word), self._prompt.anchors[:1])]
        doubled = any(one == other for one, other in zip(sentence.words, sentence.words[1:], strict=False))
        return (
            len(sentence.text) <= MOST_CHARACTERS
            and all(map(whole, spelled))
            and len(first) == 1
            and carries(sentence, self._prompt.anchors)
            and not doubled
            and sentence.words != self._near
        )

    def _left(self, start: str) -> tuple[str, ...]:
        begun = said(start)
        return tuple(anchor for anchor in self._prompt.anchors if not carries(begun, (anchor,)))

    def _text(self, tokens: Sequence[int]) -> str:
        return b"".join(self._vocabulary.bytes[token] for token in tokens).decode(errors="replace").strip()


def log_probabilities(logits: Floats) -> Floats:
    """Log of softmax, row by row."""
    lowered = logits - logits.max(axis=-1, keepdims=True)
    found: Floats = lowered - np.log(np.exp(lowered).sum(axis=-1, keepdims=True))
    return found


def _end_marks(intent: Intent | None) -> tuple[str, ...]:
    """What such a sentence may end with: a wish may be a question (*Can I have…*)."""
    if intent in (None, Intent.WANT):
        return END_MARKS
    return ("?",) if intent is Intent.ASK else (".", "!")


def _with(way: Way, token: int, log_p: Floats, parent: int, forced: tuple[int, ...]) -> Way:
    return msgspec.structs.replace(
        way,
        tokens=(*way.tokens, token),
        log_p=way.log_p + float(log_p[token]),
        parent=parent,
        forced=forced,
    )


def _kept(ways: Sequence[Way]) -> list[Way]:
    """Of the ways that lack as many words, the likeliest; only so many with one opening."""
    kept: list[Way] = []
    counts: dict[object, int] = {}
    for way in sorted(ways, key=lambda way: -way.score):
        bank = len(way.lacks)
        same = (bank, way.opening)
        if counts.get(bank, 0) < WIDTH and counts.get(same, 0) < OF_ONE_OPENING:
            kept.append(way)
            counts[bank] = counts.get(bank, 0) + 1
            counts[same] = counts.get(same, 0) + 1
    return kept
