"""What a text adds to a person's counts. Pure."""

from collections import Counter

from vybor.instant.tokens import PAUSE, fold, is_mark, sentences, without_runs

Context = tuple[str, ...]
Sentence = tuple[str, ...]
"""Folded words and marks."""
BEGIN = "^"
"""What stands before the first word of a sentence."""


def folded(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text as they are counted: folded, without trailing off."""
    kept = map(without_runs, sentences(text))
    found = (tuple(fold(token) for token in sentence if token != PAUSE) for sentence in kept)
    return tuple(sentence for sentence in found if sentence)


def counted(text: str) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, bool, str]]]:
    """What a text adds: (words before, word) and (word, inside a sentence, as written), each with its number."""
    followers: Counter[tuple[str, str]] = Counter()
    written: Counter[tuple[str, bool, str]] = Counter()
    for sentence in map(without_runs, sentences(text)):
        before: Context = (BEGIN,)
        for place, token in enumerate(sentence):
            if token == PAUSE:
                continue
            word = fold(token)
            for after in {(), before[-1:], before[-2:]}:
                followers[key_of(after), word] += 1
            if not is_mark(token):
                written[word, place > 0, token] += 1
            before = (*before[-1:], word)
    return followers, written


def key_of(before: Context) -> str:
    """How the file has some words that stand before another."""
    return " ".join(before)
