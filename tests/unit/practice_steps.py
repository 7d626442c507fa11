"""Somebody who practises, choice by choice, for the tests of practice and of what it looks like."""

from collections.abc import Iterator

import msgspec

from vybor.composer import practice
from vybor.composer.lasting import Lasting
from vybor.composer.practice_pages import SPELLED
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.display.says import practice_words

WAY = m.Choosing.PAD
REAL = Writing(text="Good morning. I", past=("", "Good", "Good morning."), lasting=Lasting().said_aside("Yes."))


class Learner:
    """On the pages of practice, over a text that is really being written."""

    def __init__(self, language: str, beneath: Writing = REAL) -> None:
        self.language = language
        self.now = practice.begun(beneath, language)
        self.tiles: tuple[m.Tile, ...] = ()
        self._offer()

    @property
    def exercise(self) -> m.Exercise | None:
        assert self.now.practice
        return self.now.practice.exercise

    def told(self, way: m.Choosing = WAY) -> m.Practising:
        found = practice.told(self.now, self.tiles, way, self.language)
        assert found
        return found

    def take(self, role: Role, label: str = "") -> None:
        """Choose a tile of this role; with a label, the one that has it, or letters that hold it."""
        fits = (t for t in self.tiles if t.role is role and (not label or label in (t.label, *t.label.split())))
        self.now = practice.choose(self.now, next(fits), self.language).writing
        if self.now.practice:
            self._offer()

    def wait(self, now_ns: int) -> None:
        self.now = practice.passed(self.now, now_ns)

    def _offer(self) -> None:
        self.tiles = practice.tiles_for(self.now, self.language, self.tiles, (), 4)


def steps(language: str) -> Iterator[tuple[Role, str]]:
    """Every choice that the exercises ask for, the shortest way."""
    word = SPELLED[language]
    named = Learner(language).told().word
    yield from ((Role.CANDIDATE, named), (Role.CANDIDATE, ""), (Role.UNDO, ""))
    yield from ((Role.KEY, word[0]), (Role.KEY, word[1]), (Role.CANDIDATE, word), (Role.SPEAK, ""))
    yield from (
        (Role.MENU, ""),
        (Role.ANSWER, ""),
        (Role.MENU, ""),
        (Role.REST, ""),
        (Role.WAKE, ""),
        (Role.WAKE, ""),
    )
    yield from ((Role.MENU, ""), (Role.HELP, ""), (Role.UNDO, ""))


def screen(learner: Learner, way: m.Choosing = WAY, **about: object) -> m.Screen:
    """What stands before them."""
    now = learner.now
    shown = m.Screen(
        at_ns=1,
        offer=1,
        mode=now.mode,
        text=now.text,
        prefix=now.prefix or "\N{BULLET}" * len(now.looks),
        tiles=learner.tiles,
        said=now.said,
        saying=now.saying,
        language=learner.language,
        practice=learner.told(way),
    )
    return msgspec.structs.replace(shown, **about)


LOOKED_AT = (
    *("practice by pad", "practice by scan", "practice slowly by pad", "practice slowly by either"),
    *("practice 01", "practice 02 slowly", "practice 04", "practice 05", "practice 06", "practice 09"),
    *(
        "practice 02 astray",
        "practice slowly by either with switch",
        "practice 11",
        "practice 14",
        "practice 15",
        "practice 16",
    ),
)
"""Those of which pictures are kept."""


def pages(language: str) -> Iterator[tuple[str, m.Screen]]:
    """Something of each exercise and each page: before every choice of the shortest way, and after failing."""
    for way in m.Choosing:
        learner = Learner(language)
        yield f"practice by {way}", screen(learner, way)
        learner.wait(1)
        learner.wait(2 * practice.SLOW_NS)
        yield f"practice slowly by {way}", screen(learner, way)
        for sign in practice_words.CONFIRM_BY:
            by = msgspec.structs.replace(learner.told(way), sign=sign)
            yield f"practice slowly by {way} with {sign}", screen(learner, way, practice=by)
    learner = Learner(language)
    for number, (role, label) in enumerate(steps(language), start=1):
        learner.take(role, label)
        yield f"practice {number:02}", screen(learner)
        elsewhere = msgspec.structs.replace(learner.told(m.Choosing.EITHER), strayed=True, sign=m.Sign.LONG_BLINK)
        yield f"practice {number:02} astray", screen(learner, m.Choosing.EITHER, practice=elsewhere)
        slow = Learner(language)
        slow.now, slow.tiles = learner.now, learner.tiles
        slow.wait(1)
        slow.wait(2 * practice.SLOW_NS)
        if learner.exercise:
            yield f"practice {number:02} slowly", screen(slow, m.Choosing.EITHER)
