"""What stands before the text, and what it is worth: what both said before, notes of one's own, a style.

Log loss of what people then wrote, in nats a token, on conversations of chitchat-dataset; less is better. A gain
is the difference to nothing but the header, with the 95 % interval of a paired bootstrap over messages. Forms were
chosen on conversations before the last 500; those confirm it.
"""

import argparse
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from benches import options, report
from vybor.composer.text import ended
from vybor.contracts import messages as m
from vybor.core.decision.talk import MOST_LATELY
from vybor.generator.network.bundle import TOKENIZER, open_bundle
from vybor.generator.network.model import UNSEEN, Model
from vybor.generator.notes.topical import told
from vybor.generator.notes.topics import Commonness
from vybor.generator.opening import Opening
from vybor.generator.vocabulary import Vocabulary
from vybor.generator.words import probabilities
from vybor.retrieval import notes
from vybor.retrieval.index import Index
from vybor_workshop import materials, words, words_corpus

LAST = 500
"""Conversations that nothing was chosen on."""
LEAST_WORDS = 3
ANSWER_TOKENS = 30
STEP_TOKENS = 64
PEOPLE = 30
"""Of the 60 who wrote most, every second one: nothing was chosen on their messages."""
LEARNED = 1_500
"""Messages of one person that count as said before."""
HALF_WRITTEN = 5
"""Words of a message of which the first half is written already."""
STYLE = "Short, friendly sentences."
LEAST = 1e-12

Losses = dict[str, float]
"""Nats of one message behind each opening."""


class Read(msgspec.Struct, frozen=True):
    """A message behind each opening, and how many tokens it has."""

    losses: Losses
    tokens: int
    is_noted: bool = False


class Reader:
    """The model, and what it makes of a text behind an opening."""

    def __init__(self, share: Path, threads: int) -> None:
        bundle = open_bundle(share / "model")
        self.vocabulary = Vocabulary.open(bundle.folder / TOKENIZER)
        self._manifest = bundle.manifest
        self._model = Model(bundle, threads)

    def opening(self, *, turn: bool = True, style: str = "") -> Opening:
        """What the kit puts before a text; without `turn`, the partner's words are a line, not their turn."""
        answering = self._manifest.answering if turn else ""
        return Opening(msgspec.structs.replace(self._manifest, answering=answering), self.vocabulary, style)

    def nats(self, before: Sequence[int], text: Sequence[int]) -> float:
        """How little the model expected these tokens behind those; the text is read in one step."""
        kept = self._model.rewind([*before])
        for first in range(kept, len(before), STEP_TOKENS):
            self._model.append([*before[first : first + STEP_TOKENS]])
        begun, count = len(before), len(text) - 1
        mask = np.zeros((count, begun + count), np.float32)
        mask[:, begun:] = np.triu(np.full((count, count), UNSEEN), k=1)
        behind = self._model._step(text[:-1], range(begun, begun + count), mask, range(count)) if count else ()
        expected = (probabilities(logits) for logits in (self._model.end, *behind))
        return -sum(float(np.log(max(p[token], LEAST))) for p, token in zip(expected, text, strict=True))


def main() -> None:
    """Measure, print, and write the figures."""
    parser = argparse.ArgumentParser(prog="deploy/bench context", description=__doc__)
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parser.add_argument(
        "--messages", type=options.positive, default=200, help="how many of each kind (default: %(default)s)"
    )
    parser.add_argument("--threads", type=options.positive, default=2, help="cores (default: %(default)s)")
    parsed = parser.parse_args()
    whole = conversations(parsed.share.parent)
    reader = Reader(parsed.share, parsed.threads)
    figures = compared("partner", list(answers(reader, whole[-LAST:], parsed.messages)))
    figures |= compared("lately", list(going_on(reader, whole[-LAST:], parsed.messages)))
    read = list(own(reader, whole, parsed.share, parsed.messages))
    figures |= compared("own", read) | compared("noted", [one for one in read if one.is_noted])
    report.write("context", figures, parsed.json)


def conversations(cache: Path) -> list[words_corpus._Conversation]:
    """All of them, in the order of the file."""
    path = materials.fetch(words.CHITCHAT, cache, print)
    return list(msgspec.json.decode(path.read_bytes(), type=dict[str, words_corpus._Conversation]).values())


def answers(reader: Reader, whole: Sequence[words_corpus._Conversation], count: int) -> Iterator[Read]:
    """What was answered to the turn before: without it, with it as a turn, with it as a line."""
    pairs = [pair for one in whole for pair in asked_and_answered(one) if is_long_enough(*pair)]
    random.Random(1).shuffle(pairs)
    as_turn, as_line = reader.opening(), reader.opening(turn=False)
    for turn, answer in pairs[:count]:
        text = reader.vocabulary.encode(answer)[:ANSWER_TOKENS]
        openings = {
            "without": as_turn.tokens("", ""),
            "turn": as_turn.tokens(turn, ""),
            "line": as_line.tokens(turn, ""),
        }
        yield Read({name: reader.nats(before, text) for name, before in openings.items()}, len(text))


def asked_and_answered(conversation: words_corpus._Conversation) -> Iterator[tuple[str, str]]:
    """Each turn, and the first message of the other person's next."""
    for asked, answered in pairwise(turn for turn in conversation.messages if turn):
        if asked[0].sender != answered[0].sender:
            yield tidy(" ".join(said.text for said in asked)), tidy(answered[0].text)


def is_long_enough(*texts: str) -> bool:
    """Whether there is anything to answer, and anything answered."""
    return all(text.count(" ") >= LEAST_WORDS - 1 for text in texts)


def going_on(reader: Reader, whole: Sequence[words_corpus._Conversation], count: int) -> Iterator[Read]:
    """What a person said next: after what they had said, what was said to them, both; and somebody else's.

    The first word is written already: on an empty line the kit tells the model nothing of it.
    """
    turns = [three for one in whole for three in said_heard_said(one)]
    random.Random(4).shuffle(turns)
    opening = reader.opening()
    for (before, partner, said), (other, _, _) in zip(turns[:count], turns[-count:], strict=True):
        begun = reader.vocabulary.encode(said.split(" ")[0])
        text = reader.vocabulary.encode(said[said.index(" ") :])[:ANSWER_TOKENS]
        openings = {
            "without": opening.tokens("", ""),
            "lately": opening.tokens("", "", before),
            "another_s": opening.tokens("", "", other),
            "turn": opening.tokens(partner, ""),
            "turn_and_lately": opening.tokens(partner, "", before),
        }
        losses = {name: reader.nats([*tokens, *begun], text) for name, tokens in openings.items()}
        yield Read(losses, len(text))


def said_heard_said(conversation: words_corpus._Conversation) -> Iterator[tuple[list[str], str, str]]:
    """The end of a turn as the kit would have spoken it, the other person's turn, and how the first went on."""
    turns = [turn for turn in conversation.messages if turn]
    for first, heard, then in zip(turns, turns[1:], turns[2:], strict=False):
        said = tidy(then[0].text)
        if first[0].sender == then[0].sender != heard[0].sender and is_long_enough(said):
            before = [ended(tidy(one.text)) for one in first][-MOST_LATELY:]
            yield before, tidy(" ".join(one.text for one in heard)), said


def own(reader: Reader, whole: Sequence[words_corpus._Conversation], share: Path, count: int) -> Iterator[Read]:
    """The second half of a message: with notes of what the person wrote before, with a style."""
    commonness = Commonness(lambda language: share / f"words-{language}.sqlite")
    plain, styled = reader.opening(), reader.opening(style=STYLE)
    chance = random.Random(2)
    for messages in people(whole):
        cut = max(len(messages) // 2, len(messages) - LEARNED)
        later = [at for at in range(cut, len(messages)) if messages[at].count(" ") >= HALF_WRITTEN - 1]
        with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
            index = learned(Path(folder) / "own.sqlite", messages[max(0, cut - LEARNED) : cut])
            for at in chance.sample(later, min(len(later), max(1, count // PEOPLE))):
                begun = half_of(messages[at])
                noted = told(found(index, begun, commonness))
                openings = {
                    "without": plain.tokens("", ""),
                    "notes": plain.tokens("", noted),
                    "style": styled.tokens("", ""),
                }
                written = reader.vocabulary.encode(begun)
                rest = reader.vocabulary.encode(messages[at][len(begun) :])[:ANSWER_TOKENS]
                losses = {name: reader.nats([*before, *written], rest) for name, before in openings.items()}
                yield Read(losses, len(rest), is_noted=bool(noted))
            index.close()


def half_of(text: str) -> str:
    """The first half of its words."""
    whole = text.split(" ")
    return " ".join(whole[: len(whole) // 2])


def people(whole: Sequence[words_corpus._Conversation]) -> Iterator[list[str]]:
    """The messages of each person, in order."""
    by_sender: dict[str, list[str]] = defaultdict(list)
    for said in (said for one in whole for turn in one.messages for said in turn):
        by_sender[said.sender].append(tidy(said.text))
    most = sorted(by_sender.values(), key=len, reverse=True)[: 2 * PEOPLE]
    yield from most[1::2]


def learned(path: Path, messages: Sequence[str]) -> Index:
    """An index of what was said."""
    index = Index(path)
    sentences = tuple(m.Sentence(text=text) for text in messages)
    for _ in index.following(m.Sentences(request="", sentences=sentences, session="bench", number=1)):
        pass
    return index


def found(index: Index, text: str, commonness: Commonness) -> tuple[notes.Note, ...]:
    """The notes of a text, found by stems, as the generator does it."""
    query = notes.query_of(text, commonness=commonness)
    if not query.weights:
        return ()
    ranked = [notes.Answer("", one.text, one.place) for one in index.search(query.weights, "en", 10)]
    return notes.notes_for(query, ranked, index.spread(query.weights), index.size)


def tidy(text: str) -> str:
    """On one line, with a capital, as the kit writes."""
    line = " ".join(text.split())
    return line[:1].upper() + line[1:]


def compared(name: str, read: Sequence[Read]) -> dict[str, float]:
    """Nats a token of each opening, its gain over `without`, and the ends of the interval of that."""
    if not read:
        return {f"{name}.messages": 0.0}
    tokens = np.array([one.tokens for one in read], np.float64)
    figures = {f"{name}.messages": float(len(read))}
    chosen = np.random.default_rng(0).integers(0, len(read), (1000, len(read)))
    for form in read[0].losses:
        gains = np.array([one.losses["without"] - one.losses[form] for one in read])
        figures[f"{name}.{form}.nats"] = float(sum(one.losses[form] for one in read) / tokens.sum())
        if form != "without":
            drawn = gains[chosen].sum(axis=1) / tokens[chosen].sum(axis=1)
            figures[f"{name}.{form}.gain"] = float(gains.sum() / tokens.sum())
            figures[f"{name}.{form}.gain_low"] = float(np.quantile(drawn, 0.025))
            figures[f"{name}.{form}.gain_high"] = float(np.quantile(drawn, 0.975))
    return figures


if __name__ == "__main__":
    main()
