"""What is made of a fault: a sentence, what the screen said was saved of it, and what the record has."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest

from unit.test_kills import record
from vybor.contracts import messages as m
from world import enduring, power
from world.appliance import Appliance, NotThere, Unit
from world.camera import Camera
from world.enduring import SENTENCE, Outcome, Seen, endure, judged
from world.fault import Fault
from world.person import Person, Stuck

TEXTS = ("I", "I am", SENTENCE)


def spoken(*texts: str) -> list[m.Decision]:
    """A record that ends with the last of these texts being said."""
    kept = record(*texts, "")
    return [*kept[:-1], msgspec.structs.replace(kept[-1], said=texts[-1])]


def seen(*saved: str, said: str = SENTENCE) -> Seen:
    return Seen(["", *saved], said)


def test_a_sentence_that_came_out_and_is_in_the_record_was_not_harmed() -> None:
    assert judged("x", seen(*TEXTS, ""), spoken(*TEXTS), []) == Outcome("x")
    assert Outcome("x").survived
    assert Outcome("x").told == "survived"


def test_what_was_said_to_be_saved_and_is_not_in_the_record_is_lost_though_the_sentence_came_out() -> None:
    came = judged("x", seen(*TEXTS, ""), spoken("I", SENTENCE), [])
    assert (len(came.lost), came.misquoted, came.survived) == (1, False, False)
    assert "'I am' was said to be saved" in came.told


def test_a_sentence_that_was_spoken_and_is_not_in_the_record_is_lost() -> None:
    assert len(judged("x", seen(*TEXTS), record(*TEXTS), []).lost) == 1
    assert len(judged("x", seen(), [], []).lost) == 1


def test_a_sentence_of_other_words_is_misquoted_and_not_lost_as_well() -> None:
    came = judged("x", seen("You", "", said="You"), spoken("You"), [])
    assert (came.misquoted, came.lost, came.survived) == (True, (), False)


def test_choices_that_are_there_twice_and_units_that_fell_are_not_survived() -> None:
    kept = spoken(*TEXTS)
    assert "is there twice" in judged("x", seen(*TEXTS, ""), [*kept[:3], kept[2], kept[3]], []).why_not
    came = judged("x", seen(*TEXTS, ""), kept, ["voice is failed"])
    assert (came.why_not, came.dead_units) == ("voice is failed", 1)


def test_who_cannot_go_on_may_have_lost_something_too() -> None:
    stuck = Seen(["", "I", "I am"], error=Stuck("no tile"))
    came = judged("x", stuck, record("I"), ["voice"])
    assert (came.why_not, came.stuck, came.dead_units, len(came.lost)) == ("no tile", True, 1, 1)
    assert not judged("x", Seen([""], error=NotThere("late")), [], []).stuck


def test_who_cannot_go_on_may_have_got_what_they_did_not_mean() -> None:
    stuck = Seen(["", "I"], unmeant=["meant 'I am', got 'You'"], error=Stuck("no tile"))
    for came in (judged("x", stuck, record("I"), []), power.worn_out(stuck, "I", was_told=True)):
        assert (came.stuck, came.misquoted) == (True, True)
        assert "got 'You'" in came.why_not
    late = Seen(["", "You"], said="You.", error=NotThere("late"))
    assert judged("x", late, record("You"), []).misquoted
    assert not judged("x", Seen(["", *TEXTS], SENTENCE, error=NotThere("late")), spoken(*TEXTS), []).misquoted


def test_what_was_saved_on_a_worn_card_is_there_again() -> None:
    assert power.worn_out(seen("I"), "I", was_told=True).survived
    lost = power.worn_out(seen("I"), "", was_told=True)
    assert (len(lost.lost), lost.misquoted, lost.survived) == (1, False, False)
    assert len(power.worn_out(seen("I", "I am"), "I", was_told=True).lost) == 1
    assert "nothing is saved" in power.worn_out(seen("I"), "I", was_told=False).why_not
    assert "nothing had been saved" in power.worn_out(seen(), "", was_told=True).why_not
    assert power.worn_out(seen("I", said="You"), "I", was_told=True).misquoted
    assert power.worn_out(Seen(["", "I"], error=Stuck("x")), "I", was_told=True).stuck


class Desk:
    """A person before a machine that both do what they are told; the record has what is put into it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.record: list[m.Decision] = []
        self.comes = spoken(*TEXTS)
        self.text = ""
        self.unmeant: list[str] = []
        self.when_lit: Callable[[int], None] = lambda act: None
        self.while_waiting: Callable[[m.Shown | None], None] = lambda shown: None
        self.acts = 4
        self.state = Path()
        self.units = lambda: {"core": Unit("active", "running", 1, 0)}
        self.settle = lambda limit_s: None
        self.dead_units = lambda: ["voice"]
        self.see = lambda: None
        monkeypatch.setattr(enduring, "decisions", lambda state: list(self.record))

    def write(self, sentence: str) -> SimpleNamespace:
        for act in range(1, self.acts + 1):
            self.when_lit(act)
            text = (*TEXTS, "")[act - 1]
            screen = m.Screen(at_ns=1, offer=act, mode=m.Mode.WORDS, text=text, tiles=())
            self.while_waiting(m.Shown(at_ns=1, screen=screen))
        self.record += self.comes
        return SimpleNamespace(said=sentence)

    def until(self, holds: Callable[[], bool], what: str, limit_s: float) -> None:
        if not holds():
            raise NotThere(what)

    def endure(self, fault: Fault) -> Outcome:
        return endure(cast(Appliance, self), cast(Person, self), cast(Camera, None), fault)


def calm(struck: list[str]) -> Fault:
    return Fault("calm", lambda *_: struck.append("does"), lambda *_: struck.append("ends"), lambda _: True)


def test_a_fault_is_held_against_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, struck = Desk(monkeypatch), list[str]()
    assert desk.endure(calm(struck)) == Outcome("calm")
    assert struck == ["does", "ends"]
    desk.comes = spoken("I", SENTENCE)
    assert len(desk.endure(calm(struck)).lost) == 1
    desk.comes = []
    assert "was spoken, and the record ends with None" in desk.endure(calm(struck)).told


def test_a_fault_that_never_came_was_not_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, struck = Desk(monkeypatch), list[str]()
    desk.acts, desk.comes = 1, spoken("I")
    came = desk.endure(calm(struck))
    assert (came.why_not, came.survived, struck) == ("it never came", False, [])
    desk = Desk(monkeypatch)
    unfelt = replace(calm(struck), came=lambda machine: False)
    assert desk.endure(unfelt).why_not == "it never came"


def test_who_was_spared_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(monkeypatch)
    told = [desk.endure(replace(calm([]), hit=lambda machine, was=was: was)) for was in (True, False)]  # type: ignore[misc]
    assert [outcome.hit for outcome in told] == [True, False]
    assert [outcome.told for outcome in told] == ["survived, and it was hit", "survived, and nobody saw it hit"]
    assert desk.endure(calm([])).hit is None


def test_a_fault_ends_though_the_person_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, struck = Desk(monkeypatch), list[str]()
    write = desk.write

    def writes(sentence: str) -> SimpleNamespace:
        write(sentence)
        raise Stuck("no tile")

    monkeypatch.setattr(desk, "write", writes)
    came = desk.endure(calm(struck))
    assert (struck, came.stuck, came.why_not, came.dead_units) == (["does", "ends"], True, "no tile", 1)
