"""Sentences behind key words and what they are to do: what is learned from, and what is kept back. Pure."""

import hashlib
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from vybor.contracts.messages import Intent
from vybor.generator.frames import line
from vybor.instant.anchors import OPENINGS, Said, fits
from vybor_workshop.dataset.base import Base
from vybor_workshop.dataset.examples import Part
from vybor_workshop.frames import rules
from vybor_workshop.retrain.cutting import SHARES, header_tokens, text_tokens
from vybor_workshop.retrain.trainer.given import Share, Text

MOST_WORDS = 3
OF_ONE_SENTENCE = 2
"""Different key words of one sentence that are learned from, if it has as many."""
SAYS_INTENT = 0.75
"""So often it is said what a sentence does, where its form tells that: on the kit it may be left out."""
SHORT_FORMS: Mapping[str, Mapping[Intent, tuple[str, ...]]] = {
    "en": {
        Intent.REFUSE: ("Don't", "I won't"),
        Intent.WANT: ("I'd like", "I'd love"),
        Intent.FEEL: ("I'm",),
    }
}
"""How sentences begin too, beside the kit's own openings."""
TOLD_BY_FORM = (Intent.REFUSE, Intent.WANT, Intent.ASK, Intent.FEEL)
"""What a person may say beforehand, the narrower first."""


class Pair(msgspec.Struct, frozen=True):
    """Key words, an intent where the form tells it and somebody would say it, and the sentence."""

    part: Part
    words: tuple[str, ...]
    """Of what is held back all that somebody might give."""
    intent: Intent | None
    text: str


class Parts(msgspec.Struct, frozen=True):
    """Sentences by what they are for."""

    train: tuple[Said, ...]
    early: tuple[Said, ...]
    """They say when to stop."""
    held: tuple[Said, ...]
    """They are measured, and nothing is learned from them or decided by them."""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Pair)


def parted(sentences: Sequence[Said], early: int, held: int) -> Parts:
    """Share sentences out by their hashes: the same line is always kept back, whatever stands beside it.

    What is nearly one that is kept back is in none of the parts.
    """
    thrown = sorted(sentences, key=lambda one: hashlib.sha256(" ".join(one.words).encode()).digest())
    kept, later, rest = thrown[:held], thrown[held : held + early], thrown[held + early :]
    later = rules.unlike(later, kept)
    return Parts(tuple(rules.unlike(rest, [*kept, *later])), tuple(later), tuple(kept))


def pairs(parts: Parts, language: str, seed: int) -> list[Pair]:
    """What the adapter is trained with, and what it is measured on."""
    learned = ((Part.TRAIN, parts.train), (Part.EARLY, parts.early))
    found = [pair for part, some in learned for one in some for pair in pairs_of(one, part, language, seed)]
    held = (Pair(Part.HELD, tuple(keys_of(one)), intent_of(one, language), one.text) for one in parts.held)
    return [*found, *held]


def pairs_of(sentence: Said, part: Part, language: str, seed: int) -> Iterator[Pair]:
    """Some key words of a sentence, one to three in any order; always the same for the same seed."""
    dice = random.Random(f"{seed} {sentence.text}")
    keys, intent = keys_of(sentence), intent_of(sentence, language)
    seen: set[frozenset[str]] = set()
    for _ in range(OF_ONE_SENTENCE):
        chosen = dice.sample(keys, dice.randint(1, min(MOST_WORDS, len(keys))))
        is_said = dice.random() < SAYS_INTENT
        if frozenset(chosen) not in seen:
            seen.add(frozenset(chosen))
            yield Pair(part, tuple(chosen), intent if is_said else None, sentence.text)


def keys_of(sentence: Said) -> list[str]:
    """The words that somebody may give for a sentence, each once."""
    return [word for word in dict.fromkeys(sentence.words) if rules.is_key(word)]


def intent_of(sentence: Said, language: str) -> Intent | None:
    """What a sentence does, where its form tells it."""
    if sentence.text.endswith("?"):
        return Intent.ASK
    forms = SHORT_FORMS.get(language, {})
    for intent in TOLD_BY_FORM:
        if sentence.text.startswith(tuple(f"{form} " for form in forms.get(intent, ()))):
            return intent
        if language in OPENINGS and fits(sentence, intent, language):
            return intent
    return None


def cut(found: Iterable[Pair], base: Base) -> list[Text]:
    """As the trainer takes them: header and key words teach nothing, the sentence all.

    What is held back is not even cut.
    """
    header = header_tokens(base.header, base)
    return [_text(pair, SHARES[pair.part], header, base) for pair in found if pair.part in SHARES]


def lines(found: Iterable[Pair]) -> bytes:
    """A file of pairs, a JSON line each."""
    return _encoder.encode_lines(list(found))


def read(content: bytes) -> tuple[Pair, ...]:
    """What such a file says. Raises msgspec's errors."""
    return tuple(_decoder.decode_lines(content))


def digest(content: bytes) -> str:
    """The hash of such a file."""
    return hashlib.sha256(content).hexdigest()


def _text(pair: Pair, share: Share, header: Sequence[int], base: Base) -> Text:
    asked, _ = text_tokens(line(pair.words, pair.intent), base)
    told, _ = text_tokens(pair.text, base)
    before = (*header, *asked)
    return Text(share, (*before, *told), (*(0.0 for _ in before), *(1.0 for _ in told)))
