"""From sentences to an interpolated Kneser-Ney trigram, with only what is worth its place. Pure.

Chen and Goodman 1998, modified Kneser-Ney: after two words, what was seen less a discount; after one, in how many
different contexts it was seen; and below that the share of each word, mixed from the corpus and the language.
"""

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import msgspec

from vybor.instant.tokens import ends_sentence
from vybor.instant.word_list import BEGIN, FIRST_WORD, ID_BITS, NOTHING, Followers, key
from vybor_workshop.words_corpus import Sentence
from vybor_workshop.words_lexicon import Lexicon

LANGUAGE_SHARE = 0.3
"""The frequency list's part of a word's share; .1 to .6 are equally good on other people's text."""
MOST_FOLLOWERS = 1000
"""Of one context; beyond them the shorter context knows as much."""
LEAST_BEGINNINGS = 3
"""A sentence must have begun so often with a word for it to be offered on an empty line."""
MANY_WORDS = 300
"""Prefixes of more words than this get a list of their own…"""
MOST_LISTED = 128
"""…of so many."""

_END = NOTHING
"""As a follower: the text ended without a mark."""
_ID = (1 << ID_BITS) - 1

Counts = Mapping[int, int]
"""`key(context, word)` → how often."""


class Trigram(msgspec.Struct, frozen=True):
    """What the file holds: words in the order of their ids (from FIRST_WORD), and the contexts."""

    words: tuple[str, ...]
    ps: tuple[float, ...]
    contexts: Mapping[int, Followers]


def trigram(sentences: Iterable[Sentence], lexicon: Lexicon) -> Trigram:
    """Count and smooth."""
    words = tuple(lexicon.written)
    ids = {word: number for number, word in enumerate(words, start=FIRST_WORD)}
    pairs, triples = _count(sentences, ids)
    continued = _in_how_many_contexts(pairs, triples)
    contexts = {**dict(_smoothed(continued)), **dict(_smoothed(triples))}
    return Trigram(words, _shares(words, ids, pairs, lexicon), contexts)


def prefixes(words: Sequence[str], ps: Sequence[float]) -> Iterator[tuple[str, Followers]]:
    """For every beginning that many words share, the commonest of them."""
    longest = max(map(len, words), default=0)
    for length in range(longest + 1):
        numbers = (number for number, word in enumerate(words) if len(word) >= length)
        for prefix, group in groupby(numbers, key=lambda number: words[number][:length]):
            members = list(group)
            if len(members) > MANY_WORDS:
                commonest = sorted(members, key=lambda number: (-ps[number], number))[:MOST_LISTED]
                listed = tuple(number + FIRST_WORD for number in commonest)
                yield prefix, Followers(0.0, listed, tuple(ps[number] for number in commonest))


def _count(sentences: Iterable[Sentence], ids: Mapping[str, int]) -> tuple[Counts, Counts]:
    """How often each pair (last, next) and triple (before, last, next) was seen, as whole numbers."""
    pairs: Counter[int] = Counter()
    triples: Counter[int] = Counter()
    for sentence in sentences:
        before, last = NOTHING, BEGIN
        for following in _ids(sentence, ids):
            if following is None:
                before = last = NOTHING
                continue
            pairs[key(last, following)] += 1
            if before != NOTHING:
                triples[key(key(before, last), following)] += 1
            before, last = last, following
    return pairs, triples


def _ids(sentence: Sentence, ids: Mapping[str, int]) -> Iterator[int | None]:
    """The words' ids, None for a word that the list has not; at the end _END, if no mark stands there."""
    for word in sentence.folds:
        yield _END if ends_sentence(word) and word not in ids else ids.get(word)
    if not ends_sentence(sentence.tokens[-1]):
        yield _END


def _in_how_many_contexts(pairs: Counts, triples: Counts) -> Counts:
    """Each pair, with how many different words stood before it; at the start of a sentence nothing can."""
    befores = Counter(triple & (1 << 2 * ID_BITS) - 1 for triple in triples)
    return {
        pair: count if pair >> ID_BITS == BEGIN else befores.get(pair, 1)
        for pair, count in pairs.items()
        if pair >> ID_BITS != NOTHING
    }


def _shares(words: Sequence[str], ids: Mapping[str, int], pairs: Counts, lexicon: Lexicon) -> tuple[float, ...]:
    """Each word's share: behind how many different words it was seen, and how frequent it is in the language."""
    befores = Counter(pair & _ID for pair in pairs)
    total = max(befores.total(), 1)
    share = LANGUAGE_SHARE if pairs and lexicon.p else float(bool(lexicon.p))
    return tuple((1 - share) * befores[ids[word]] / total + share * lexicon.p.get(word, 0.0) for word in words)


def _smoothed(counts: Counts) -> Iterator[tuple[int, Followers]]:
    """The contexts in order of their keys, each with its discounted probabilities."""
    discounts = _discounts(counts)
    for context, group in groupby(sorted(counts), key=lambda number: number >> ID_BITS):
        seen = {number & _ID: counts[number] for number in group}
        followers = _followers(seen, discounts, LEAST_BEGINNINGS if context == BEGIN else 1)
        if followers.ids:
            yield context, followers


def _followers(seen: Counts, discounts: Sequence[float], least: int) -> Followers:
    total = sum(seen.values())
    ps = {word: (count - discounts[min(count, 3)]) / total for word, count in seen.items()}
    kept = sorted((-ps[word], word) for word, count in seen.items() if count >= least and word != _END)
    kept = kept[:MOST_FOLLOWERS]
    rounded = struct.unpack(f"<{len(kept)}e", struct.pack(f"<{len(kept)}e", *(-p for p, _ in kept)))
    rest = max(1 - ps.get(_END, 0.0) - sum(rounded), 0.0)
    return Followers(rest, tuple(word for _, word in kept), rounded)


def _discounts(counts: Counts) -> tuple[float, float, float, float]:
    """What is taken off a count of none, one, two, and three or more; Chen and Goodman's estimate."""
    times = Counter(count for count in counts.values() if count <= 4)
    if not all(times[count] for count in (1, 2, 3, 4)):
        return 0.0, 0.5, 0.75, 0.75  # too little text to estimate from
    share = times[1] / (times[1] + 2 * times[2])
    one, two, three = (count - (count + 1) * share * times[count + 1] / times[count] for count in (1, 2, 3))
    return 0.0, one, two, three
