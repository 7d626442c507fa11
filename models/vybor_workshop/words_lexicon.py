"""Which words a list has, and how each is written inside a sentence. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from vybor.instant.tokens import MARKS, PAUSE, tokens
from vybor_workshop.words_corpus import REPAIRS, Sentence, fold, is_laughter, is_stretched

ENOUGH_TIMES, ENOUGH_SPEAKERS = 5, 3
"""A word that the frequency list does not know enters if it is used so often, by so many."""
CAPITALS = {
    "en": (
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        *("January", "February", "April", "June", "July", "August"),
        *("September", "October", "November", "December"),
        *("I", "I'd", "I'll", "I'm", "I've", "Mr", "Mrs", "Ms", "Dr"),
    ),
}
"""Always written so, however little the corpus has of them."""
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


def lexicon(language: str, sentences: Sequence[Sentence], frequencies: Mapping[str, float]) -> Lexicon:
    """The words that may be offered: the commonest of the language, and what the corpus uses often enough."""
    alphabet = ALPHABETS[language]
    known = _known(language, alphabet, frequencies)
    common = dict(sorted(known.items(), key=lambda item: (-item[1][1], item[0]))[: alphabet.most])
    used = _used(sentences, known, alphabet)
    natural = {**_natural(sentences), **{fold(word): word for word in CAPITALS.get(language, ())}}
    words = sorted({*common, *used})
    total = sum(p for _, p in common.values())
    return Lexicon(
        written={word: natural.get(word) or (common[word][0] if word in common else word) for word in words},
        p={word: p / total for word, (_, p) in common.items()},
    )


def _known(language: str, alphabet: Alphabet, frequencies: Mapping[str, float]) -> dict[str, tuple[str, float]]:
    """Folded word → its commonest spelling and its frequency, all spellings together."""
    spellings: dict[str, list[tuple[float, str]]] = defaultdict(list)
    repairs = REPAIRS.get(language, {})
    for listed, p in frequencies.items():
        word = repairs.get(listed, listed)
        folded = fold(word)
        if _is_word(folded, alphabet) and tokens(word) == (word,):
            spellings[folded].append((p, word))
    return {folded: (max(found)[1], sum(p for p, _ in found)) for folded, found in spellings.items()}


def _is_word(folded: str, alphabet: Alphabet) -> bool:
    if is_laughter(folded) or is_stretched(folded) or _is_stray_letter(folded, alphabet):
        return False
    return alphabet.words.fullmatch(folded) is not None


def _used(sentences: Iterable[Sentence], known: Mapping[str, tuple[str, float]], alphabet: Alphabet) -> set[str]:
    """Words of the corpus that the language knows or that many use, and the marks."""
    times: Counter[str] = Counter()
    speakers: dict[str, set[str]] = defaultdict(set)
    for sentence in sentences:
        times.update(sentence.folds)
        for word in sentence.folds:
            speakers[word].add(sentence.speaker)
    times.pop(PAUSE, None)
    often = {word for word in times if times[word] >= ENOUGH_TIMES and len(speakers[word]) >= ENOUGH_SPEAKERS}
    return {
        word
        for word in times
        if word in MARKS
        or (word in known and known[word][1] >= RARE_P)
        or (word in often and not is_stretched(word) and not _is_stray_letter(word, alphabet))
    }


def _is_stray_letter(word: str, alphabet: Alphabet) -> bool:
    return len(word) == 1 and word.isalpha() and word not in alphabet.single


def _natural(sentences: Iterable[Sentence]) -> dict[str, str]:
    """How each word is mostly written where no sentence begins, by those who mind their capitals."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        if sentence.minds_capitals:
            for token, word in zip(sentence.tokens[1:], sentence.folds[1:], strict=True):
                forms[word][token] += 1
    return {word: min(seen, key=lambda form: (-seen[form], form.swapcase())) for word, seen in forms.items()}
