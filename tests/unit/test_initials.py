"""Initials: the letters spelled may be the first ones of words."""

from collections.abc import Sequence

import msgspec
import pytest

from unit.test_deciding import RULES
from vybor.composer.text import join
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.instant.initials import MOST, WAYS, Initials
from world.desk import Desk

FOLLOW = {
    ("", "h"): {"How": 0.5, "Hello": 0.3},
    ("How", "a"): {"are": 0.8, "about": 0.2},
    ("Hello", "a"): {"and": 1.0},
    ("How are", "y"): {"you": 0.9},
    ("How about", "y"): {"you": 0.5},
}


class Following:
    """Knows a few words, and how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, text: str, letter: str) -> Sequence[m.Candidate]:
        self.asked.append((text, letter))
        known = FOLLOW.get((text, letter), {})
        return [m.Candidate(words=(word,), p=p, source=m.Source.NGRAM) for word, p in known.items()]


def test_letters_expand_to_the_likeliest_words_one_each() -> None:
    found = Initials(Following(), join).words("", "hay")
    assert [(one.words[0], one.p) for one in found] == [
        ("How are you", pytest.approx(0.36)),
        ("How about you", pytest.approx(0.05)),
    ]


def test_each_letter_more_asks_only_for_itself_and_back_asks_nothing() -> None:
    following = Following()
    initials = Initials(following, join)
    initials.words("", "ha")
    before = len(following.asked)
    initials.words("", "hay")
    assert 0 < len(following.asked) - before <= WAYS
    before = len(following.asked)
    assert initials.words("", "ha")
    assert len(following.asked) == before


def test_another_text_begins_anew() -> None:
    initials = Initials(Following(), join)
    assert initials.words("", "ha")
    assert initials.words("Well", "ha") == ()


@pytest.mark.parametrize("letters", ["", "h", "h4", "3:30", "x" * (MOST + 1), "zz"])
def test_one_letter_signs_and_what_nobody_says_expand_to_nothing(letters: str) -> None:
    assert Initials(Following(), join).words("", letters) == ()


def test_the_words_stand_on_the_page_of_letters_and_are_taken_whole() -> None:
    initials = Initials(Following(), join)
    desk = Desk(msgspec.structs.replace(RULES, instant=lambda prompt: (), initials=initials.words))

    def take(role: Role, label: str = "") -> None:
        fitting = [t for t in desk.state.tiles if t.role is role and label in ("", t.label)]
        desk.choose(fitting[0].slot)

    take(Role.MENU)
    take(Role.TOOLS)
    take(Role.LETTERS)
    for letter in "hay":
        take(Role.GROUP, next(t.label for t in desk.state.tiles if t.role is Role.GROUP and letter in t.label))
        take(Role.LETTER, letter)
    assert desk.state.writing.mode is Mode.LETTERS
    take(Role.CANDIDATE, "How are you")
    assert (desk.state.writing.text, desk.state.writing.prefix) == ("How are you", "")
    take(Role.UNDO)
    assert desk.state.writing.text == ""


def test_a_run_with_a_word_that_is_not_offered_unasked_does_not_come() -> None:
    rules = msgspec.structs.replace(
        RULES,
        instant=lambda prompt: (),
        initials=Initials(Following(), join).words,
        allowed=lambda word: word != "are",
    )
    desk = Desk(rules)
    for role in (Role.MENU, Role.TOOLS, Role.LETTERS):
        desk.choose(next(tile.slot for tile in desk.state.tiles if tile.role is role))
    for letter in "ha":
        for role in (Role.GROUP, Role.LETTER):
            desk.choose(next(t.slot for t in desk.state.tiles if t.role is role and letter in t.label.split()))
    assert [tile.label for tile in desk.state.tiles if tile.role is Role.CANDIDATE] == ["Hello and", "How about"]
