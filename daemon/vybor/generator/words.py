"""Which words come next, and how likely each is: a search over the tokens that words are spelled with.

The probability of a word is that of its tokens times that of its end: the share of what may follow that does not
go on with the word. So `un` + `likely` competes with `the`, and neither `un` nor `unlike` stands in its way. All
of it is given that a word begins here, and with the letters already spelled, or with letters of the groups that
were looked at.
"""

from collections.abc import Generator, Sequence
from typing import TypeVar

import msgspec
import numpy as np

from vybor.composer.text import join
from vybor.generator.looks import Ids
from vybor.generator.network.model import TRUNK, Model
from vybor.generator.network.trunk import Floats
from vybor.generator.vocabulary import Vocabulary
from vybor.instant.pattern import Pattern
from vybor.instant.tokens import fold

Result = TypeVar("Result")
Steps = Generator[None, None, Result]
"""Work that can be dropped: it yields after every step of the network and returns its result at the end."""

FIRST_ROUND, LATER_ROUNDS = 8, (10, 6, 4)
"""Tokens looked behind at a time: in the first round so many more than words are wanted, then at most so many."""
WIDEST_ROUND = 64
"""However many words were passed over."""
CHILDREN = 4
"""Ways to go on with a word that are followed, the likeliest."""
PARTIAL = 8
"""The same where groups of letters are known and the token holds a part of them: rare words begin so."""
LEAST_P = 0.003
"""Words less likely than this are mostly misspellings of others."""
LEAST_SEEN_P = 1e-9
"""The same before the letters spelled are given: `xqz` begins no word, `Svetlana` has ten times as much."""
LETTER = "a"
CLOSING = '")%'
"""Marks behind which another mark may stand, as behind a letter."""
INNER = "'’-"
"""Marks that stand inside words."""
YO = {"е": "ё", "Е": "Ё"}
"""Who spells Russian leaves the dots out or not, and means the same word."""


class Beginning(msgspec.Struct, frozen=True):
    """How the next word begins, in bytes: the space before it and the letters spelled, each spelling of them."""

    lead: bytes
    spellings: tuple[bytes, ...]
    marks: bool
    """Whether a mark may come instead of a word."""
    groups: tuple[str, ...] = ()
    """Of the first letters only the group that each stands in, folded; then no letters are spelled."""

    @property
    def is_open(self) -> bool:
        """Whether nothing is known of the word's letters."""
        return self.spellings == (self.lead,) and not self.groups

    def lacks(self, written: bytes) -> list[bytes]:
        """The rest of each spelling that these bytes agree with: nothing (b"") of one that they cover."""
        return [wanted[len(written) :] for wanted in self.spellings if _agree(written, wanted)]


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """A whole word or a mark, and where the network stands behind it."""

    text: str
    p: float
    parent: int
    """The branch to go on from."""
    next: int
    """The likeliest token to go on with…"""
    p_next: float = 0.0
    """…and its probability among those that end the word."""


class _Part(msgspec.Struct, frozen=True):
    """The beginning of a word: its bytes, its probability, and its last token with the branch before that."""

    written: bytes
    p: float
    token: int
    parent: int
    letters: int = 0
    """How many letters of the groups it holds."""


def beginning(text: str, prefix: str, groups: tuple[str, ...] = ()) -> Beginning:
    """How the next word begins behind this text, with these letters spelled, or one of each of these groups.

    Letters spelled small fit capitals too; letters spelled large fit themselves only. ё and е fit each other.
    """
    lead = join(text, LETTER)[len(text) : -len(LETTER)].encode()
    spelled = yo_spellings(prefix)
    if prefix == prefix.lower():
        spelled |= {cased for small in spelled for cased in (small[:1].upper() + small[1:], small.upper())}
    known = Pattern.of(prefix, groups)
    marks = bool(lead) and known.is_open and (text[-1].isalnum() or text[-1] in CLOSING)
    spellings = tuple(lead + spelling.encode() for spelling in sorted(spelled))
    return Beginning(lead, spellings, marks, known.groups)


def yo_spellings(prefix: str) -> set[str]:
    """The prefix, and as it would be with е for every ё, and with ё for one е: a word hardly ever has two."""
    plain = prefix.replace("ё", "е").replace("Ё", "Е")
    places = (place for place, letter in enumerate(plain) if letter in YO)
    return {prefix, plain, *(plain[:place] + YO[plain[place]] + plain[place + 1 :] for place in places)}


def next_words(
    model: Model, vocabulary: Vocabulary, begins: Beginning, exclude: Sequence[str], count: int
) -> Steps[list[Word]]:
    """The likeliest words behind the model's trunk, most probable first."""
    search = _Search(vocabulary, begins, exclude, count)
    search.begin(model.end)
    for width in (search.width, *LATER_ROUNDS):
        parts = search.worth_a_look(width)
        if not parts:
            break
        first = model.branches
        logits = model.branch([part.token for part in parts], [part.parent for part in parts])
        yield
        for number, part in enumerate(parts):
            search.look_behind(part, first + number, logits[number])
    return search.best()


class _Search:
    """What has been found so far: whole words, and parts of words still to look behind."""

    def __init__(self, vocabulary: Vocabulary, begins: Beginning, exclude: Sequence[str], count: int) -> None:
        self._vocabulary = vocabulary
        self._begins = begins
        self._excluded = set(map(fold, exclude))
        self._count = count
        self.width = min(FIRST_ROUND + count + len(exclude), WIDEST_ROUND)
        self._total = 0.0
        self._parts: list[_Part] = []
        self._words: dict[str, Word] = {}

    def begin(self, logits: Floats) -> None:
        """Take in what may follow the trunk."""
        p = probabilities(logits)
        before = _Part(b"", 1.0, -1, TRUNK)
        if self._begins.groups:
            self._narrow(before, TRUNK, p)
        elif self._begins.is_open:
            allowed = self._vocabulary.begins_spaced if self._begins.lead else self._vocabulary.begins_bare
            self._total = float(p[allowed].sum())
            self._add_parts(before, TRUNK, np.flatnonzero(allowed), p, self.width)
        else:
            self._spell(before, TRUNK, p)
        if self._begins.marks:
            self._add_marks(p)

    def worth_a_look(self, width: int) -> list[_Part]:
        """The likeliest parts, but none that can no longer make a word worth offering."""
        best = self.best()
        least = best[-1].p * self._total if len(best) == self._count else self._least()
        self._parts.sort(key=lambda part: -part.p)
        chosen = [part for part in self._parts[:width] if part.p > least]
        self._parts = self._parts[len(chosen) :]
        return chosen

    def look_behind(self, part: _Part, branch: int, logits: Floats) -> None:
        """Take in what may follow a part: the end of the word, or more of it."""
        p = probabilities(logits)
        if part.letters < len(self._begins.groups):
            self._narrow(part, branch, p)
            return
        if self._unspelled(part):
            self._spell(part, branch, p)
            return
        goes_on = self._vocabulary.goes_on
        word = whole(part.written[len(self._begins.lead) :].decode(errors="replace"))
        if word:
            next_token = int(np.where(goes_on, -1, p).argmax())
            ends = float(p[~goes_on].sum())
            p_next = float(p[next_token]) / ends if ends > 0 else 0.0
            self._add_word(Word(text=word, p=part.p * ends, parent=branch, next=next_token, p_next=p_next))
        self._add_parts(part, branch, self._vocabulary.going_on, p, CHILDREN)

    def best(self) -> list[Word]:
        """The likeliest words, with their probabilities."""
        fit = (word for key, word in self._words.items() if key not in self._excluded)
        first = sorted(fit, key=lambda word: -word.p)[: self._count]
        least = self._least()
        return [
            msgspec.structs.replace(word, p=min(1.0, word.p / self._total)) for word in first if word.p >= least
        ]

    def _least(self) -> float:
        return max(LEAST_SEEN_P, LEAST_P * self._total)

    def _unspelled(self, part: _Part) -> bool:
        return not self._begins.groups and b"" not in self._begins.lacks(part.written)

    def _spell(self, part: _Part, branch: int, p: Floats) -> None:
        """Follow the letters that were spelled."""
        rests = self._begins.lacks(part.written)
        covering = np.unique(np.concatenate([self._vocabulary.beginning_with(rest) for rest in rests]))
        partial = np.unique(np.concatenate([self._vocabulary.within(rest) for rest in rests]))
        self._total += part.p * float(p[covering].sum())
        self._add_parts(part, branch, covering, p, self.width)
        self._add_parts(part, branch, partial, p, CHILDREN)

    def _narrow(self, part: _Part, branch: int, p: Floats) -> None:
        """Follow the letters of which the groups are known."""
        spaced = bool(self._begins.lead) and not part.written
        covering, partial = self._vocabulary.looks.fitting(self._begins.groups[part.letters :], spaced=spaced)
        self._total += part.p * float(p[covering].sum())
        self._add_parts(part, branch, covering, p, self.width)
        self._add_parts(part, branch, partial, p, PARTIAL)

    def _add_parts(self, part: _Part, branch: int, tokens: Ids, p: Floats, most: int) -> None:
        chances = p[tokens]
        if len(tokens) > most:
            likeliest = np.argpartition(-chances, most)[:most]
            tokens, chances = tokens[likeliest], chances[likeliest]
        for token, chance in zip(tokens.tolist(), chances.tolist(), strict=True):
            written = part.written + self._vocabulary.bytes[token]
            letters = part.letters + self._letters_of(token)
            self._parts.append(_Part(written, part.p * chance, token, branch, letters))

    def _letters_of(self, token: int) -> int:
        return int(self._vocabulary.looks.lengths[token]) if self._begins.groups else 0

    def _add_marks(self, p: Floats) -> None:
        """The likeliest mark competes with the words; the others stand behind *more*."""
        chances = {mark: float(p[tokens].sum()) for mark, tokens in self._vocabulary.marks.items()}
        self._total += sum(chances.values())
        left = [mark for mark in chances if mark not in self._excluded]
        if left:
            mark = max(left, key=chances.__getitem__)
            token = int(self._vocabulary.beginning_with(mark.encode())[0])
            self._words[mark] = Word(text=mark, p=chances[mark], parent=TRUNK, next=token)

    def _add_word(self, word: Word) -> None:
        """Spellings of one word count together; the likelier one is shown."""
        key = fold(word.text)
        known = self._words.get(key)
        if known is None:
            self._words[key] = word
            return
        shown = known if known.p >= word.p else word
        self._words[key] = msgspec.structs.replace(shown, p=known.p + word.p)


def probabilities(logits: Floats) -> Floats:
    """Softmax."""
    raised = np.exp(logits - logits.max())
    shares: Floats = raised / raised.sum()
    return shares


def whole(letters: str) -> str:
    """The letters if they are a word, else nothing: words begin and end with a letter or digit."""
    if not (letters[:1].isalnum() and letters[-1:].isalnum()):
        return ""
    return letters if all(letter.isalnum() or letter in INNER for letter in letters) else ""


def _agree(written: bytes, wanted: bytes) -> bool:
    return written.startswith(wanted) or wanted.startswith(written)
