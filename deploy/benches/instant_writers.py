"""What a person's own counts and what they said lately are worth, on writers who were kept out of the word list.

The constants of instant/recent.py are tuned on the first 24 of these writers; `check` are the others.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from math import exp
from pathlib import Path

import wordfreq

from benches.instant_figures import log_loss
from vybor.composer.text import join
from vybor.instant.counts import Change
from vybor.instant.recent import Recent
from vybor.instant.tier import Personal, WordList
from vybor.instant.tokens import PAUSE, fold
from vybor_workshop import materials, words, words_corpus

LEAST_MESSAGES, MOST_MESSAGES = 150, 400
WRITERS, TUNED_ON = 36, 24
SEED = 7
WORDS = 400
"""Of each writer, after the half that was learned."""
TIERS = ("base", "own", "recent")


class Timeless(Personal):
    """The same person without what was said lately."""

    def recent(self, text: str) -> Recent:
        """Nothing."""
        return Recent.of(())


def writers(cache: Path, scratch: Path, say: materials.Say) -> dict[str, float]:
    """Perplexities. Raises VyborError."""
    messages = list(words_corpus.read_chitchat(materials.fetch(words.CHITCHAT, cache, say)))
    held = held_out(messages)
    path = scratch / "without-writers.sqlite"
    others = [message for message in messages if message[0] not in held]
    words.make(path, words.origin_of("en"), others, wordfreq.get_frequency_dict("en", "best"), say)
    opened = WordList.open(path)
    found: dict[str, list[float]] = {}
    for number, said in enumerate(held.values()):
        part = "tuned_on" if number < TUNED_ON else "check"
        for tier, ps in along(opened, sentences_of(said)).items():
            found.setdefault(f"writers.{part}.{tier}.perplexity", []).extend(ps)
    opened.close()
    sizes = {
        f"writers.{part}.words": float(len(found[f"writers.{part}.base.perplexity"]))
        for part in ("tuned_on", "check")
    }
    return {**sizes, **{name: exp(log_loss(ps)) for name, ps in found.items()}}


def held_out(messages: Sequence[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    """Writers of many messages, and the last of these."""
    said: dict[str, list[str]] = {}
    for writer, text in messages:
        said.setdefault(writer, []).append(text)
    many = sorted(writer for writer, texts in said.items() if len(texts) >= LEAST_MESSAGES)
    random.Random(SEED).shuffle(many)
    return {writer: said[writer][-MOST_MESSAGES:] for writer in many[:WRITERS]}


def sentences_of(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Clean sentences, as words and marks."""
    cleaned = words_corpus.clean((("", text) for text in texts), "en")
    return [tuple(token for token in sentence.tokens if token != PAUSE) for sentence in cleaned]


def along(opened: WordList, sentences: Sequence[tuple[str, ...]]) -> Mapping[str, list[float]]:
    """The probability of each word of the later half by each tier; what was said before is learned."""
    half = len(sentences) // 2
    people = (Timeless(), Timeless(), Personal())
    for person in people[1:]:
        person.file.change(Change(" ".join(sentence)) for sentence in sentences[:half])
    ps: dict[str, list[float]] = {tier: [] for tier in TIERS}
    for sentence in sentences[half:]:
        for text, word in places(sentence):
            for tier, person in zip(TIERS, people, strict=True):
                ps[tier].append(opened.ps(text, (word,), personal=person).get(fold(word), 0.0))
        for person in people[1:]:
            person.learn(" ".join(sentence))
        if len(ps["base"]) >= WORDS:
            break
    return ps


def places(sentence: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(text so far, next word or mark)."""
    text = ""
    for word in sentence:
        yield text, word
        text = join(text, word)
