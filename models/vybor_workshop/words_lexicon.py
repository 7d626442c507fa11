"""Which words a list has, and how each is written inside a sentence."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
import wordfreq

from vybor.generator.ngram_tokens import MARKS, PAUSE, fold, is_mark, tokens
from vybor_workshop.words_corpus import REPAIRS, Sentence, is_laughter, is_stretched

ENOUGH_TIMES, ENOUGH_SPEAKERS = 5, 3
"""A word that the frequency list does not know enters if it is used so often, by so many."""
RARE_P = 1e-7
"""A word of the corpus that is rarer than this in the language is taken for a slip (abuot, 6e-8)."""


class Alphabet(msgspec.Struct, frozen=True):
    """What words of a language are made of."""

    words: re.Pattern[str]
    """A folded word."""
    single: frozenset[str]
    """Letters that are words by themselves."""
    most: int
    """So many words are taken from the frequency list."""


ALPHABETS = {
    "en": Alphabet(re.compile(r"[a-z]+(?:['-][a-z]+)*"), frozenset("ai"), 60_000),
    # Every noun has a dozen forms.
    "ru": Alphabet(re.compile(r"[а-я]+(?:-[а-я]+)*"), frozenset("авеикосуя"), 120_000),
}


class Lexicon(msgspec.Struct, frozen=True):
    """The words of a list, folded, with their spelling and the language's own share of each."""

    written: Mapping[str, str]
    p: Mapping[str, float]
    """From the frequency list; sums to one. Words of the corpus alone are not in it."""


def frequency_file(language: str) -> Path:
    """The file with wordfreq's frequencies."""
    return Path(wordfreq.available_languages("best")[language])


def lexicon(language: str, sentences: Sequence[Sentence]) -> Lexicon:
    """The words that may be offered: what the language has, and what the corpus uses often enough."""
    alphabet = ALPHABETS[language]
    known = _known(language, alphabet)
    common = dict(sorted(known.items(), key=lambda item: (-item[1][1], item[0]))[: alphabet.most])
    used = _used(sentences, known)
    natural = _natural(sentences)
    words = sorted({*common, *used})
    total = sum(p for _, p in common.values())
    return Lexicon(
        written={word: natural.get(word) or (common[word][0] if word in common else word) for word in words},
        p={word: p / total for word, (_, p) in common.items()},
    )


def _known(language: str, alphabet: Alphabet) -> dict[str, tuple[str, float]]:
    """Folded word → its commonest spelling and its frequency, all spellings together."""
    spellings: dict[str, list[tuple[float, str]]] = defaultdict(list)
    repairs = REPAIRS.get(language, {})
    for listed, p in wordfreq.get_frequency_dict(language, "best").items():
        word = repairs.get(listed, listed)
        folded = fold(word)
        if _is_word(folded, alphabet) and tokens(word) == (word,):
            spellings[folded].append((p, word))
    return {folded: (max(found)[1], sum(p for p, _ in found)) for folded, found in spellings.items()}


def _is_word(folded: str, alphabet: Alphabet) -> bool:
    if is_laughter(folded) or is_stretched(folded) or not alphabet.words.fullmatch(folded):
        return False
    return len(folded) > 1 or folded in alphabet.single


def _used(sentences: Iterable[Sentence], known: Mapping[str, tuple[str, float]]) -> set[str]:
    """Words of the corpus that the language knows or that many use, and the marks."""
    times: Counter[str] = Counter()
    speakers: dict[str, set[str]] = defaultdict(set)
    for sentence in sentences:
        for word in map(fold, sentence.tokens):
            times[word] += 1
            speakers[word].add(sentence.speaker)
    times.pop(PAUSE, None)
    return {
        word
        for word, count in times.items()
        if word in MARKS
        or (word in known and known[word][1] >= RARE_P)
        or (count >= ENOUGH_TIMES and len(speakers[word]) >= ENOUGH_SPEAKERS and not is_stretched(word))
    }


def _natural(sentences: Iterable[Sentence]) -> dict[str, str]:
    """How each word is mostly written where no sentence begins, by those who mind their capitals."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        if sentence.minds_capitals:
            for token in sentence.tokens[1:]:
                if not is_mark(token):
                    forms[fold(token)][token] += 1
    return {word: min(seen, key=lambda form: (-seen[form], form.swapcase())) for word, seen in forms.items()}
