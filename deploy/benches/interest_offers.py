"""Places in conversations of chitchat-dataset, and what the language model offers there, reckoned once for all."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import SystemClock
from vybor.generator.candidates import Proposer
from vybor.generator.network.bundle import TOKENIZER, open_bundle
from vybor.generator.network.model import Model
from vybor.generator.vocabulary import Vocabulary
from vybor.generator.words import Steps, Word, beginning, next_words
from vybor.instant.tokens import is_mark
from vybor.retrieval.stems import content, is_content
from vybor_workshop import materials, words, words_corpus

LEAST_SENTENCES, MOST_SENTENCES = 8, 12
LEAST_CONTENT = 25
"""Words that say something, of all that a speaker says: shorter ones have no topic."""
LONGEST = 16
"""Words of a sentence that are asked for."""
COSTED = 40
"""Places at which the cost is measured."""
CLOCK = SystemClock()
EARLIER_TOKENS = 200
"""Of what was said before, where the model reads it."""


class Place(msgspec.Struct, frozen=True):
    """The beginning of a word that somebody means to write."""

    conversation: int
    sentence: int
    text: str
    target: str
    to_come: tuple[str, ...]
    """Words that say something, from here to the end of what this speaker says."""
    offered: tuple[tuple[str, float], ...] = ()
    """The model's words, most probable first."""


def speakers(cache: Path, development: bool, count: int) -> list[list[list[str]]]:
    """What one speaker of a conversation says, sentence by sentence: the longer half of `count` conversations.

    The constants of the kit were chosen on the first ones (`development`), the figures are of the last ones.
    """
    path = materials.fetch(words.CHITCHAT, cache, print)
    read = msgspec.json.decode(path.read_bytes(), type=dict[str, words_corpus._Conversation])
    fit = [said for one in read.values() if (said := _said(one)) and _has_a_topic(said)]
    return fit[:count] if development else fit[-count:]


def places(conversation: int, sentences: Sequence[Sequence[str]]) -> Iterator[Place]:
    """Every word of every sentence."""
    for number, sentence in enumerate(sentences[:MOST_SENTENCES]):
        later = [word for other in sentences[number + 1 : MOST_SENTENCES] for word in other]
        for place, target in enumerate(sentence[:LONGEST]):
            to_come = tuple(dict.fromkeys(word for word in (*sentence[place:], *later) if is_content(word)))
            yield Place(conversation, number, " ".join(sentence[:place]), target, to_come)


class Asked(msgspec.Struct, frozen=True):
    """One conversation with the model's words: a line of the file of offers."""

    model: str
    earlier: bool
    """Whether the model read what the speaker had said before, too."""
    places: tuple[Place, ...]

    def answers(self, model: str, earlier: bool, wanted: Sequence[Place]) -> bool:
        """Whether this was asked in the same way."""
        same = tuple(msgspec.structs.replace(place, offered=()) for place in self.places) == tuple(wanted)
        return same and (self.model, self.earlier) == (model, earlier)


class Offers:
    """The model, and the file of what it was asked already: a run that is ended goes on from there."""

    def __init__(self, share: Path, count: int, file: Path | None, *, known_only: bool = False) -> None:
        self._bundle = open_bundle(share / "model")
        self._vocabulary = Vocabulary.open(self._bundle.folder / TOKENIZER)
        self._header = self._vocabulary.encode_header(self._bundle.manifest.header)
        self._identity = f"{self._bundle.identity}, {count} words"
        self._count = count
        self._file = file
        self._known_only = known_only
        lines = file.read_bytes().splitlines() if file and file.exists() else []
        self._known = [msgspec.json.decode(line, type=Asked) for line in lines]

    def of(self, conversation: int, sentences: Sequence[Sequence[str]], *, earlier: bool) -> tuple[Place, ...]:
        """Every place of a conversation with the model's words; with `earlier` it reads the sentences before.

        None where it was not asked yet and nothing new is to be asked.
        """
        wanted = list(places(conversation, sentences))
        if known := next((each for each in self._known if each.answers(self._identity, earlier, wanted)), None):
            return known.places
        if self._known_only:
            return ()
        before = [_before(sentences[:number]) if earlier else "" for number in range(len(sentences))]
        answered = tuple(
            msgspec.structs.replace(place, offered=self._offered(before[place.sentence], place.text))
            for place in wanted
        )
        print(f"conversation {conversation}: {len(answered)} places", flush=True)
        if self._file:
            with self._file.open("ab") as opened:
                opened.write(msgspec.json.encode(Asked(self._identity, earlier, answered)) + b"\n")
        return answered

    @cached_property
    def _model(self) -> Model:
        """Loaded only where there is something to ask."""
        return Model(self._bundle, 2)

    def _offered(self, before: str, text: str) -> tuple[tuple[str, float], ...]:
        said = self._vocabulary.encode(before)[-EARLIER_TOKENS:]
        tokens = self._header + said + self._vocabulary.encode(text)
        kept = self._model.rewind(tokens)
        if kept < len(tokens):
            self._model.append(tokens[kept:])
        steps = next_words(self._model, self._vocabulary, beginning(text, ""), (), self._count)
        return tuple((word.text, word.p) for word in _finished(steps))


def cost(share: Path, found: Sequence[Place], counts: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Tokens read and milliseconds taken, on average, for so many words and what stands behind them in grey."""
    proposer = Proposer(open_bundle(share / "model"), 2)
    spent = dict.fromkeys(counts, (0.0, 0.0))
    some = found[:: max(1, len(found) // COSTED)]
    for place in some:
        for count in counts:  # by turns: what else the machine does falls on each of them
            proposer.propose(m.Prompt(at_ns=0, number=0, text="", count=count), lambda: True)
            tokens, began_ns = proposer.tokens_read, CLOCK.now_ns()
            proposer.propose(m.Prompt(at_ns=0, number=0, text=place.text, count=count), lambda: True)
            known = spent[count]
            spent[count] = known[0] + proposer.tokens_read - tokens, known[1] + (CLOCK.now_ns() - began_ns) / 1e6
    return {count: (tokens / len(some), ms / len(some)) for count, (tokens, ms) in spent.items()}


def _finished(steps: Steps[list[Word]]) -> list[Word]:
    while True:
        try:
            next(steps)
        except StopIteration as stopped:
            found: list[Word] = stopped.value
            return found


def _before(sentences: Sequence[Sequence[str]]) -> str:
    return "".join(f"{' '.join(sentence)}.\n" for sentence in sentences)


def _said(one: words_corpus._Conversation) -> list[list[str]]:
    """The sentences of whoever says more, as words without marks."""
    turns = [utterance for turn in one.messages for utterance in turn]
    if not turns:
        return []
    speaker = Counter(utterance.sender for utterance in turns).most_common(1)[0][0]
    messages = ((each.sender, each.text) for each in turns if each.sender == speaker)
    kept = ([word for word in clean.tokens if not is_mark(word)] for clean in words_corpus.clean(messages, "en"))
    return [sentence for sentence in kept if len(sentence) > 1]


def _has_a_topic(sentences: Sequence[Sequence[str]]) -> bool:
    said = " ".join(word for sentence in sentences[:MOST_SENTENCES] for word in sentence)
    return len(sentences) >= LEAST_SENTENCES and len(content(said)) >= LEAST_CONTENT
