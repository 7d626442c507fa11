"""A person's own counts, fitted: what they weigh beside the list, and which of them may be let go.

Sentences are read in their order, each by what was counted before it, by the kit's own mixture. What the counts
weigh is fitted to the earlier ones; how much is let go is chosen on the next, and all of it measured on the last.
"""

import math
from collections.abc import Iterator, Sequence

import msgspec

from vybor.accounting.resampling import Interval
from vybor.contracts.numbers import CountsNumbers
from vybor.instant.personal import USUAL
from vybor.instant.texts import Sentence, folded
from vybor.instant.tier import Personal, WordList
from vybor_workshop.materials import Say
from vybor_workshop.personal.fit import TooLittle, over_days
from vybor_workshop.personal.record import Said

FITTED, TUNED = 0.6, 0.75
"""To here the sentences are fitted to, and to here it is chosen what is let go; the rest is kept back."""
LEAST_SENTENCES = 200
"""Of fewer, the quarter that is kept back is less than the rules ask for (`rules.LEAST_HELD`; a test holds them
together)."""
MOST_FITTED = 600
"""Sentences that are predicted for it, the newest: some seconds a hundred."""
EVERY_TEXTS = 100
"""So often a kit lets go of counts (core/words/pruning.py)."""
LEAST_P = 1e-7
"""Of a word that neither the list nor the person knows."""
LEAST_GAIN = 2.0
"""Nats of all words together that a number must bring to be another than everybody's."""
LEAST_GONE = 100
"""Rows: what fewer of them cost is not to be seen."""
MOST_COST = 1.0005
"""Perplexity that may be paid for letting go, before all is measured on later sentences."""
ROUNDS = 3
SHARES = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
HALF_GROWN = (20.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0, 5000.0)
STRICTNESS = ((1, 2), (1, 3), (2, 2), (2, 3), (3, 3))
"""How often pairs and triples must have been said to be kept, from little that goes to much."""
FRESH = 200
TELL_EVERY = 100
UNMIXED = CountsNumbers(shares=(0.0, 0.0, 0.0))
MIXED = CountsNumbers(shares=(0.5, 0.5, 0.5), half_grown=20.0)


class Word(msgspec.Struct, frozen=True):
    """A word of a sentence: its chance where the person's share is nothing, and how that grows with the share."""

    plain: float
    rise: float
    depth: int
    """So many of the words before it were seen before."""
    words: float
    """Counted until then."""


class Read(msgspec.Struct, frozen=True):
    """A sentence as it was predicted."""

    day: str
    nats: float
    count: int
    """Words and marks."""


class Run(msgspec.Struct, frozen=True):
    """A replay."""

    read: Sequence[Read]
    rows: int
    """Words, pairs and triples that are left at its end."""
    gone: int
    """Those that were let go before the last sentences were predicted: by them it is known what that costs."""


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """What was found."""

    numbers: CountsNumbers
    said: Sequence[Said]
    held: int
    """The first that was kept back."""


def fit(said: Sequence[Said], words: WordList, say: Say) -> Fitted:
    """Numbers for somebody who said this. Raises TooLittle."""
    if len(said) < LEAST_SENTENCES:
        raise TooLittle(
            f"there are {len(said)} sentences to learn from what counts weigh, and {LEAST_SENTENCES} are needed; "
            "wait until the person has written more, and sync again"
        )
    fitted, held = round(len(said) * FITTED), round(len(said) * TUNED)
    numbers = weighed(list(_captured(said[:fitted], words, say)))
    say(f"fitted what counts weigh: {numbers.shares}, half at {numbers.half_grown:g} words")
    return Fitted(numbers=_let_go(said[:held], fitted, numbers, words, say), said=said, held=held)


# --- what counts weigh ------------------------------------------------------------------------------------------


def _captured(said: Sequence[Said], words: WordList, say: Say) -> Iterator[Word]:
    """Every word of the newest of them, as it was to be expected."""
    own = Personal()
    first = max(0, len(said) - MOST_FITTED)
    for number, each in enumerate(said):
        if number >= first:
            for sentence in folded(each.text):
                yield from _words(sentence, words, own)
        own.learn(each.text)
        if number % TELL_EVERY == TELL_EVERY - 1:
            say(f"read {number + 1} of {len(said)} sentences")


def _words(sentence: Sentence, words: WordList, own: Personal) -> Iterator[Word]:
    for at, word in enumerate(sentence):
        before = " ".join(sentence[:at])
        plain, mixed = (_chance(word, before, words, own, numbers) for numbers in (UNMIXED, MIXED))
        expected = own.expectation(sentence[:at])  # by MIXED, which was worn last
        rise = (mixed - plain) / expected.share if expected.share else 0.0
        yield Word(plain, rise, len(expected.levels) - 1, own.file.seen(()).total)


def _chance(word: str, before: str, words: WordList, own: Personal, numbers: CountsNumbers) -> float:
    own.numbers = numbers
    return words.chances(before, (word,), own)[0]


def weighed(found: Sequence[Word]) -> CountsNumbers:
    """The shares under which these are likeliest; each is changed only for two nats more of all together."""
    numbers, least = USUAL, _nats(found, USUAL)
    for _ in range(ROUNDS):
        before = numbers
        for options in _tries(numbers):
            lowest, its = min(((_nats(found, each), each) for each in options), key=lambda each: each[0])
            if lowest < least - LEAST_GAIN:
                numbers, least = its, lowest
        if numbers == before:
            break
    return numbers


def _tries(numbers: CountsNumbers) -> Iterator[list[CountsNumbers]]:
    """One number after the other, each with all that is tried of it."""
    for depth in range(len(numbers.shares)):
        ways = [(*numbers.shares[:depth], share, *numbers.shares[depth + 1 :]) for share in SHARES]
        yield [msgspec.structs.replace(numbers, shares=way) for way in ways]
    yield [msgspec.structs.replace(numbers, half_grown=half) for half in HALF_GROWN]


def _nats(found: Sequence[Word], numbers: CountsNumbers) -> float:
    """How surprising they are in all, mixed so."""
    return sum(-math.log(max(LEAST_P, each.plain + each.rise * _share(each, numbers))) for each in found)


def _share(word: Word, numbers: CountsNumbers) -> float:
    return numbers.shares[word.depth] * word.words / (word.words + numbers.half_grown)


# --- what is let go ---------------------------------------------------------------------------------------------


def _let_go(said: Sequence[Said], first: int, numbers: CountsNumbers, words: WordList, say: Say) -> CountsNumbers:
    """The strictest way that costs nothing on these sentences, from the first that is to be predicted on."""
    least = perplexity(replayed(said, first, numbers, words, say).read)
    chosen = numbers
    for pair, triple in STRICTNESS:
        tried = msgspec.structs.replace(numbers, least_pair=pair, least_triple=triple, fresh=FRESH)
        run = replayed(said, first, tried, words, say)
        cost = perplexity(run.read) / least
        say(f"pairs kept from {pair} times on, triples from {triple}: {run.gone} rows go, perplexity x {cost:.4f}")
        if run.gone >= LEAST_GONE and cost <= MOST_COST:
            chosen = tried
    return chosen


def replayed(said: Sequence[Said], first: int, numbers: CountsNumbers, words: WordList, say: Say) -> Run:
    """Predict sentences from the first on, by all before each, counted and let go of as a kit does."""
    own, found, gone = Personal(numbers=numbers), [], 0
    for number, each in enumerate(said):
        if numbers.prunes and (number % EVERY_TEXTS == 0 or number == first):
            gone += _pruned(own, numbers)
        if number >= first:
            found.append(_read(each, words, own))
        own.learn(each.text)
        if number >= first and (number - first) % TELL_EVERY == TELL_EVERY - 1:
            say(f"predicted {number - first + 1} of {len(said) - first} sentences")
    if numbers.prunes:
        _pruned(own, numbers)
    return Run(found, own.file.rows, gone)


def _pruned(own: Personal, numbers: CountsNumbers) -> int:
    """How many rows went."""
    return own.file.prune(numbers, own.file.kept((), numbers.fresh), ("", ""), own.file.rows + 1)[1]


def _read(said: Said, words: WordList, own: Personal) -> Read:
    nats = [
        -math.log(max(LEAST_P, words.chances(" ".join(sentence[:at]), (word,), own)[0]))
        for sentence in folded(said.text)
        for at, word in enumerate(sentence)
    ]
    return Read(said.day, sum(nats), len(nats))


def perplexity(read: Sequence[Read]) -> float:
    """Of all words together."""
    return math.exp(sum(each.nats for each in read) / max(1, sum(each.count for each in read)))


def ratio(new: Sequence[Read], old: Sequence[Read]) -> Interval | None:
    """Of the perplexities of the same sentences."""
    units = [(a.day, a.nats - b.nats, float(a.count)) for a, b in zip(new, old, strict=True)]
    return over_days(units, lambda top, bottom: math.exp(top / bottom) if bottom else None)
