"""The words of a list in the order of the keypad: which ones fit some looks is a span, found in microseconds.

Each word is written as the keys that its letters stand on ("hello" on three keys is 10111), and the words are
sorted by that; the words behind some looks are then one run of them. Of the words themselves the same question
reads a third, 30 ms. The order is made with the list and stands in its file: to make it at the start took half a
second of a thread, in which the deciding process came to nothing else.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import accumulate
from typing import TypeVar

import msgspec

from vybor.instant.pattern import SKIPPED, Pattern
from vybor.instant.word_list import Word

_LAST = "\U0010ffff"
_NONE = "\x7f"
"""Stands for a letter that is on no key; behind every key's number."""


class Run(msgspec.Struct, frozen=True):
    """Words that fit some looks: places `first` to before `end` of a keypad's order."""

    keypad: "Keypad"
    first: int
    end: int

    @property
    def p(self) -> float:
        """The probability of all of them, whatever stands before."""
        return self.keypad.below[self.end] - self.keypad.below[self.first]

    def __contains__(self, word: int) -> bool:
        return word < len(self.keypad.place_of) and self.first <= self.keypad.place_of[word] < self.end

    def frequent(self, skip: Collection[int], count: int) -> Sequence[int]:
        """The commonest of them, without those in `skip`."""
        listed = self.keypad.commonest(self.first, self.end, count + len(skip))
        return [word for word in listed if word not in skip][:count]


class Order(msgspec.Struct, frozen=True):
    """Words by their keys, as the file has them."""

    keys: tuple[str, ...]
    """The groups of the keypad, folded."""
    written: tuple[str, ...]
    """Each word as its keys, in order."""
    ids: "array[int]"
    ps: "array[float]"

    @classmethod
    def of(cls, keys: Iterable[str], words: Iterable[Word]) -> "Order":
        """`keys` are the groups of the keypad; no letter stands on two of them."""
        folded = Pattern.of("", tuple(keys)).groups
        letters = {letter: number for key, number in _numbered(folded).items() for letter in key}
        skipped = dict.fromkeys(SKIPPED, "")
        table = _Table({ord(letter): number for letter, number in {**letters, **skipped}.items()})
        every = sorted((word.fold.translate(table), word.id, word.p) for word in words)
        written, ids, ps = zip(*every, strict=True) if every else ((), (), ())
        return cls(folded, written, array("I", ids), array("d", ps))

    def packed(self) -> dict[str, bytes]:
        """By name, little-endian: lines of text, ids in 32 bits, probabilities in 64."""
        return {
            "keys": "\n".join(self.keys).encode(),
            "written": "\n".join(self.written).encode(),
            "ids": _little_endian(self.ids).tobytes(),
            "ps": _little_endian(self.ps).tobytes(),
        }

    @classmethod
    def unpacked(cls, parts: Mapping[str, bytes]) -> "Order":
        """What `packed` gave. Raises ValueError for anything else."""
        if lacks := sorted({"keys", "written", "ids", "ps"} - parts.keys()):
            raise ValueError(f"the order by keys lacks {', '.join(lacks)}")
        ids, ps = array("I", parts["ids"]), array("d", parts["ps"])
        written = parts["written"].decode().split("\n") if ids else []
        if not len(written) == len(ids) == len(ps):
            raise ValueError("the order by keys is not of as many words throughout")
        if written != sorted(written):
            raise ValueError("the order by keys is none")
        keys = tuple(parts["keys"].decode().split("\n")) if parts["keys"] else ()
        return cls(keys, tuple(written), _little_endian(ids), _little_endian(ps))


class Keypad:
    """The words of a list by their keys."""

    def __init__(self, order: Order) -> None:
        self._numbers = _numbered(order.keys)
        self._written = order.written
        self._ids, self._ps = order.ids, order.ps
        self.below = array("d", accumulate(self._ps, initial=0.0))
        """The probability of all words before a place."""
        self.place_of = array("l", [-1]) * (max(self._ids, default=-1) + 1)
        """Of each word by its id, where the list has it."""
        for place, word in enumerate(self._ids):
            self.place_of[word] = place
        self.commonest = lru_cache(maxsize=512)(self._commonest)

    def run(self, pattern: Pattern) -> Run | None:
        """The words that fit looks at these keys; None for looks at other groups."""
        try:
            written = "".join(self._numbers[group] for group in pattern.groups)
        except KeyError:
            return None
        first, end = (bisect_left(self._written, bound) for bound in (written, written + _LAST))
        return Run(self, first, end)

    def _commonest(self, first: int, end: int, count: int) -> Sequence[int]:
        ids, ps = self._ids, self._ps
        places = nlargest(count, range(first, end), key=lambda place: (ps[place], -ids[place]))
        return [self._ids[place] for place in places]


_Numbers = TypeVar("_Numbers", "array[int]", "array[float]")


def _little_endian(numbers: _Numbers) -> _Numbers:
    """As the file has them, or out of it."""
    if sys.byteorder == "little":
        return numbers
    turned = numbers[:]
    turned.byteswap()
    return turned


def _numbered(keys: Iterable[str]) -> dict[str, str]:
    return {key: chr(ord("0") + number) for number, key in enumerate(keys)}


class _Table(dict[int, str]):
    """For `str.translate`: letters on no key become one sign."""

    def __missing__(self, letter: int) -> str:
        return _NONE
