"""Initials: the letters spelled may be the first ones of words."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from unit.test_deciding import RULES
from unit.test_headband_acquisition import HandClock
from unit.test_learning import Journal, settled
from unit.test_ngram_propose import write
from vybor.composer.text import join
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.words.vocabulary import Vocabulary
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings
from vybor.foundation.start import Start
from vybor.instant.initials import MOST, WAYS, Initials
from world.desk import Desk

FOLLOW = {
    ("", "h"): {"How": 0.5, "Hello": 0.3},
    ("How", "a"): {"are": 0.8, "about": 0.2},
    ("Hello", "a"): {"and": 1.0},
    ("How are", "y"): {"you": 0.9},
    ("How about", "y"): {"you": 0.5},
}


def same() -> int:
    """What is known does not change."""
    return 0


class Following:
    """Knows a few words, and how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, text: str, letter: str) -> Sequence[m.Candidate]:
        self.asked.append((text, letter))
        known = FOLLOW.get((text, letter), {})
        return [m.Candidate(words=(word,), p=p, source=m.Source.NGRAM) for word, p in known.items()]


def test_letters_expand_to_the_likeliest_words_one_each() -> None:
    found = Initials(Following(), join, same).words("", "hay")
    assert [(one.words[0], one.p) for one in found] == [
        ("How are you", pytest.approx(0.36)),
        ("How about you", pytest.approx(0.05)),
    ]


def test_each_letter_more_asks_only_for_itself_and_back_asks_nothing() -> None:
    following = Following()
    initials = Initials(following, join, same)
    initials.words("", "ha")
    before = len(following.asked)
    initials.words("", "hay")
    assert 0 < len(following.asked) - before <= WAYS
    before = len(following.asked)
    assert initials.words("", "ha")
    assert len(following.asked) == before


def test_another_text_begins_anew() -> None:
    initials = Initials(Following(), join, same)
    assert initials.words("", "ha")
    assert initials.words("Well", "ha") == ()


def test_where_other_words_are_known_it_begins_anew() -> None:
    revisions = [0, 0, 1]
    following = Following()
    initials = Initials(following, join, lambda: revisions.pop(0))
    first = initials.words("", "ha")
    asked = len(following.asked)
    assert initials.words("", "ha") == first
    assert len(following.asked) == asked
    initials.words("", "ha")
    assert len(following.asked) == 2 * asked


def test_what_is_taken_back_or_deleted_comes_back_in_no_run(tmp_path: Path) -> None:
    places = Places(runtime=tmp_path, state=tmp_path, share=tmp_path)
    write(places.words("en"))
    journal = Journal()
    start = Start(places=places, settings=Settings(), clock=HandClock(), heart=NoHeartbeat())
    vocabulary = Vocabulary(start, journal)  # type: ignore[arg-type]  # as much of a bus as it needs
    rules, learning = vocabulary.rules(Settings(), Settings(), m.Standing()), vocabulary.learning

    def runs() -> set[str]:
        return {run.words[0] for run in rules.initials("", "mii")}

    settled(learning)
    for number, is_spoken in enumerate((True, False, True)):
        learning.spoke()
        learning.turn(0)
        journal.tell(learning, m.Sentence(text="Masha is ill.", spoken=is_spoken), number=number)
        assert ("Masha is ill" in runs()) is is_spoken
    learning.forget()
    learning.turn(0)
    assert runs()
    assert "Masha is ill" not in runs()
    vocabulary.close()


@pytest.mark.parametrize("letters", ["", "h", "h4", "3:30", "x" * (MOST + 1), "zz"])
def test_one_letter_signs_and_what_nobody_says_expand_to_nothing(letters: str) -> None:
    assert Initials(Following(), join, same).words("", letters) == ()


def test_the_words_stand_on_the_page_of_letters_and_are_taken_whole() -> None:
    initials = Initials(Following(), join, same)
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
        initials=Initials(Following(), join, same).words,
        allowed=lambda word: word != "are",
    )
    desk = Desk(rules)
    for role in (Role.MENU, Role.TOOLS, Role.LETTERS):
        desk.choose(next(tile.slot for tile in desk.state.tiles if tile.role is role))
    for letter in "ha":
        for role in (Role.GROUP, Role.LETTER):
            desk.choose(next(t.slot for t in desk.state.tiles if t.role is role and letter in t.label.split()))
    assert [tile.label for tile in desk.state.tiles if tile.role is Role.CANDIDATE] == ["Hello and", "How about"]
