"""Practice explains by doing, and leaves no trace."""

import itertools
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from unit import practice_steps
from unit.practice_steps import REAL, Learner, pages, steps
from unit.test_calling import held
from unit.test_deciding import RULES, Writer, slot_of
from vybor.composer import practice
from vybor.composer.practice_pages import BEFORE_SPELLED, BY_LETTERS, NAMED, NEXT, SPELLED
from vybor.contracts import messages as m
from vybor.contracts.messages import Choosing, Exercise, Mode, Role
from vybor.core.decision import deciding, practising
from vybor.core.decision.ahead import prompts_ahead
from vybor.display.says.words import words_in
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector.state import Selector
from vybor.selector.ways import Headband, Inputs

LANGUAGES = ("en", "ru")
each_language = pytest.mark.parametrize("language", LANGUAGES)


def learner_at(exercise: Exercise, language: str = "en") -> Learner:
    learner = Learner(language)
    for role, label in steps(language):
        if learner.exercise is exercise:
            break
        learner.take(role, label)
    assert learner.exercise is exercise
    return learner


@each_language
def test_the_exercises_follow_one_another_and_each_is_praised(language: str) -> None:
    learner, seen = Learner(language), [Exercise.LOOK]
    for role, label in steps(language):
        before = learner.exercise
        learner.take(role, label)
        assert learner.told().praised == (learner.exercise is not before)
        if learner.exercise and learner.exercise is not seen[-1]:
            seen.append(learner.exercise)
    assert (seen, learner.exercise) == (list(Exercise), None)
    assert learner.now.mode is Mode.PRACTICE_OVER
    learner.take(Role.LEAVE)
    assert learner.now == REAL


@each_language
def test_what_is_written_stands_beneath_every_exercise_untouched(language: str) -> None:
    for exercise in Exercise:
        learner = learner_at(exercise, language)
        assert practice.real(learner.now) == REAL
        learner.take(Role.MENU)
        learner.take(Role.LEAVE)
        assert learner.now == REAL


@each_language
def test_where_nothing_can_be_undone_the_way_out_stands_in_that_place(language: str) -> None:
    learner = Learner(language)
    assert next(tile.role for tile in learner.tiles if tile.slot == 8) is Role.LEAVE
    learner.take(Role.CANDIDATE, NAMED[language])
    assert next(tile.role for tile in learner.tiles if tile.slot == 8) is Role.UNDO


def test_two_choices_that_lead_nowhere_or_a_long_time_make_it_say_more() -> None:
    learner = Learner("en")
    learner.take(Role.CANDIDATE, "Today")
    assert (learner.exercise, learner.now.text, learner.told().tells_more) == (Exercise.LOOK, "", False)
    learner.take(Role.CANDIDATE, "Today")
    assert learner.told().tells_more
    learner.take(Role.CANDIDATE, "Please")
    assert (learner.exercise, learner.told().tells_more) == (Exercise.TAKE, False)
    learner.wait(seconds(1))
    learner.wait(seconds(1) + practice.SLOW_NS)
    assert not learner.told().tells_more
    learner.wait(seconds(1) + practice.SLOW_NS + 1)
    assert learner.told().tells_more


@pytest.mark.parametrize("exercise", [Exercise.LOOK, Exercise.UNDO, Exercise.LETTERS, Exercise.SPEAK])
@each_language
def test_each_choice_that_leads_nowhere_is_answered_on_the_page(language: str, exercise: Exercise) -> None:
    learner = learner_at(exercise, language)
    other = next(tile for tile in learner.tiles if tile.role is Role.CANDIDATE and tile.label != NAMED[language])
    said = {"en": "That was another tile. ", "ru": "Это была другая плитка. "}[language]
    for _ in range(3):
        learner.take(Role.CANDIDATE, other.label)
        assert learner.exercise is exercise
        shown = practice_steps.screen(learner)
        assert shown.practice
        assert words_in(language).practice(shown, shown.practice).startswith(said)
    learner.take(Role.MENU)
    assert not learner.told().strayed


@each_language
def test_who_is_to_confirm_is_told_how_they_do_that(language: str) -> None:
    press = {"en": "press the switch", "ru": "нажмите кнопку"}[language]
    learner = Learner(language)
    for way in (Choosing.SIGN, Choosing.EITHER, Choosing.SCAN):
        shown = practice_steps.screen(
            learner, way, practice=msgspec.structs.replace(learner.told(way), sign=m.Sign.SWITCH)
        )
        assert shown.practice
        assert press in words_in(language).practice(shown, shown.practice)


@pytest.mark.parametrize("exercise", list(Exercise))
def test_the_next_exercise_is_there_for_who_cannot_do_this_one(exercise: Exercise) -> None:
    learner = learner_at(exercise)
    learner.take(Role.MENU)
    learner.take(Role.SKIP)
    assert learner.exercise is next(iter(practice.ORDER[practice.ORDER.index(exercise) + 1 :]), None)
    assert not learner.told().praised


@pytest.mark.parametrize("exercise", list(Exercise))
def test_help_in_practice_rings_only_where_it_is_asked_for_once_more(exercise: Exercise) -> None:
    learner = learner_at(exercise)
    learner.take(Role.MENU)
    learner.take(Role.HELP)
    assert learner.now.mode is Mode.PRACTICE_CALL
    real = next(tile for tile in learner.tiles if tile.role is Role.HELP)
    outcome = practice.choose(learner.now, real, "en")
    assert outcome.call_help
    assert not practice.is_kept_back(learner.now, outcome)
    assert (outcome.writing.text, outcome.writing.calling, outcome.writing.practice) == (REAL.text, True, None)
    learner.take(Role.UNDO)
    ended = exercise is Exercise.HELP
    assert (learner.exercise is None) == ended
    assert learner.told().praised == ended


@each_language
def test_the_word_to_be_spelled_comes_with_its_second_letter_and_hardly_before(language: str) -> None:
    learner = learner_at(Exercise.LETTERS, language)
    word = SPELLED[language]
    assert not any(word in tile.label.split() for tile in learner.tiles)
    assert (learner.told().letter, learner.told().is_near) == (word[0], False)
    learner.take(Role.KEY, word[0])
    assert (learner.told().letter, learner.told().is_near) == (word[1], False)
    learner.take(Role.KEY, word[1])
    assert learner.told().is_near
    assert learner.told().is_near


def test_letters_that_cannot_lead_to_the_word_are_said_to_and_taken_back() -> None:
    learner = learner_at(Exercise.LETTERS)
    learner.take(Role.KEY, "a")
    assert (learner.told().letter, learner.told().is_near) == ("", False)
    learner.take(Role.BACK)
    assert learner.told().letter == "m"
    assert not learner.told().tells_more


@each_language
def test_the_word_can_be_spelled_letter_by_letter(language: str) -> None:
    learner = learner_at(Exercise.LETTERS, language)
    word = SPELLED[language]
    learner.take(Role.KEY, word[0])
    learner.take(Role.LETTERS)
    if not any(tile.label == word[0] for tile in learner.tiles):  # a long group has a second page
        learner.take(Role.GROUP, word[0])
    learner.take(Role.LETTER, word[0])
    for letter in word[1:]:
        assert practice.told(learner.now, learner.tiles, Choosing.PAD, language)
        learner.take(Role.GROUP, letter)
        learner.take(Role.LETTER, letter)
    learner.take(Role.SPELLED)
    assert (learner.exercise, learner.now.text) == (Exercise.SPEAK, f"{BEFORE_SPELLED[language]} {word}")


@each_language
def test_words_of_practice_can_all_be_written_and_none_is_there_twice(language: str) -> None:
    assert SPELLED[language] in BY_LETTERS[language]
    assert NAMED[language] in NEXT[language][""]
    for said in NEXT[language].values():
        assert len(set(said)) == len(said)


def everybody() -> Iterator[tuple[str, m.Screen]]:
    for language in LANGUAGES:
        yield from pages(language)


def test_every_hint_is_short_and_filled_in_and_names_what_stands_there() -> None:
    for name, screen in everybody():
        assert screen.practice
        told = words_in(screen.language).practice(screen, screen.practice)
        assert bool(told) == (screen.mode is not Mode.REST), name
        assert "{" not in told
        assert "“”" not in told
        assert "«»" not in told
        assert len(told) <= 115, (name, told)


def test_no_hint_scolds() -> None:
    scolding = ("wrong", "fail", "mistake", "error", "не так", "ошиб", "неверн", "неправильн")
    for _, screen in everybody():
        assert screen.practice
        told = words_in(screen.language).practice(screen, screen.practice).casefold()
        assert not any(word in told for word in scolding), told


# --- around the decision ----------------------------------------------------------------------------------


class Practiser(Writer):
    """Goes from a text to practice as the wearer does."""

    def enter(self) -> None:
        for role in (Role.MENU, Role.TOOLS, Role.KIT, Role.PRACTICE):
            self.choose(slot_of(self, role))

    def do(self, role: Role, label: str = "") -> None:
        fits = (
            t for t in self.state.tiles if t.role is role and (not label or label in (t.label, *t.label.split()))
        )
        self.choose(next(fits).slot)


def test_no_choice_of_practice_leaves_the_page() -> None:
    person = Practiser()
    person.choose(0)
    person.choose(0)
    talk = person.state.talk
    person.enter()
    prompt = person.state.prompt
    assert prompt
    assert prompt.text == "I I"
    entered, before = len(person.decided), person.state.decisions
    for role, label in steps("en"):
        person.do(role, label)
        assert person.state.prompt == prompt
        assert prompts_ahead(person.state, msgspec.structs.replace(RULES, look_ahead=9), person.now_ns) == ()
        assert not person.screen().is_writing
    person.do(Role.LEAVE)
    assert len(person.decided) == entered
    assert person.state.decisions == before
    assert person.state.talk == talk
    assert (person.state.writing.text, person.screen().practice) == ("I I", None)
    person.choose(0)
    assert person.decided[-1].decision.number == before + 1
    last = person.decided[-1].decision
    assert (last.text_before, last.text_after) == ("I I", "I I I")


def test_to_enter_is_a_choice_that_changes_no_text() -> None:
    person = Practiser()
    person.choose(0)
    person.enter()
    decision = person.decided[-1].decision
    assert (decision.action, decision.text_before, decision.text_after) == (m.Action.PAGE, "I", "I")
    assert (decision.written, decision.said) == ("", "")


def test_a_true_call_out_of_practice_is_recorded_with_the_true_text() -> None:
    person = Practiser()
    person.choose(0)
    person.enter()
    person.do(Role.CANDIDATE, "Please")
    for role in (Role.MENU, Role.HELP, Role.HELP):
        person.do(role)
    last = person.decided[-1]
    assert last.call_help
    assert (last.decision.action, last.decision.text_before, last.decision.text_after) == (m.Action.HELP, "I", "I")
    assert person.screen().practice is None
    person.do(Role.UNDO)
    assert (person.decided[-1].hush, person.decided[-1].was_calling) == (True, True)


def test_a_held_clench_calls_out_of_practised_rest_too() -> None:
    person = Practiser()
    person.choose(0)
    person.enter()
    person.do(Role.MENU)
    person.do(Role.REST)
    assert person.state.writing.mode is Mode.REST
    person.hear(held(person.now_ns))
    assert person.decided[-1].call_help
    assert (person.state.writing.practice, person.state.writing.text) == (None, "I")


def test_a_draft_that_comes_in_practice_waits_behind_the_true_text() -> None:
    person = Practiser()
    person.choose(0)
    person.enter()
    draft = m.Draft(request="1", text="Good day", history=("", "Good"))
    person.state = deciding.restored(person.state, draft, person.rules, person.now_ns)
    assert person.screen().text == ""
    person.do(Role.LEAVE)
    assert person.state.writing.text == "I"
    assert person.state.writing.past == ("", "Good", "Good day", "")


def test_what_the_other_person_says_is_seen_in_practice() -> None:
    person = Practiser()
    person.enter()
    person.state = deciding.partnered(person.state, "Are you there?", person.rules, person.now_ns)
    assert person.screen().partner == "Are you there?"


def test_a_helper_begins_it_over_any_page_and_not_over_rest_or_a_call() -> None:
    person = Practiser()
    person.choose(0)
    before = person.state.writing
    assert practising.refused(person.state) == ""
    person.state = practising.begun(person.state, person.rules, person.now_ns)
    again = practising.begun(person.state, person.rules, person.now_ns)
    assert again.writing == person.state.writing
    person.do(Role.LEAVE)
    assert person.state.writing == msgspec.structs.replace(before, shown=())
    person.do(Role.MENU)
    person.do(Role.REST)
    assert "rests" in practising.refused(person.state)
    for role in (Role.WAKE, Role.WAKE, Role.MENU, Role.HELP):
        person.do(role)
    assert "calls for help" in practising.refused(person.state)
    assert "starting" in practising.refused(deciding.first(0))


@pytest.mark.parametrize(
    ("settings", "pressed", "headband", "way"),
    [
        ({}, False, Headband.UNSET, Choosing.PAD),
        ({}, True, Headband.UNSET, Choosing.EITHER),
        ({}, False, Headband.THERE, Choosing.EITHER),
        ({"pad": False}, False, Headband.UNSET, Choosing.SIGN),
        ({"switch": False, "biosignal": False}, False, Headband.UNSET, Choosing.PAD),
        ({"scan": ScanUse.ALWAYS}, False, Headband.UNSET, Choosing.SCAN),
    ],
)
def test_the_way_that_is_open_is_the_one_that_is_explained(
    settings: dict[str, Any], pressed: bool, headband: Headband, way: Choosing
) -> None:
    rule = CommitSettings(**settings)
    person = Writer()
    person.rules = msgspec.structs.replace(RULES, commit=rule)
    person.show()
    if pressed:
        person.press()
    person.state = deciding.passed(person.state, person.rules, person.now_ns, headband)
    assert practising.way(person.state.selector, rule) is way


def test_time_makes_the_screen_say_more() -> None:
    person = Practiser()
    person.enter()
    for _ in range(3):
        person.now_ns += practice.SLOW_NS
        person.state = deciding.passed(person.state, person.rules, person.now_ns, Headband.UNSET)
    told = person.screen().practice
    assert told
    assert told.tells_more


@each_language
def test_whatever_is_chosen_in_practice_one_comes_out_of_it(language: str) -> None:
    """Every tile of every page of it, two choices deep, from every exercise."""
    for exercise in Exercise:
        start = learner_at(exercise, language)
        for first, second in itertools.product(range(10), repeat=2):
            now, tiles = start.now, start.tiles
            for slot in (first, second):
                tile = next((tile for tile in tiles if tile.slot == slot), None)
                if tile is None or now.practice is None:
                    continue
                outcome = practice.choose(now, tile, language)
                assert practice.is_kept_back(now, outcome) or outcome.call_help
                now = outcome.writing
                tiles = practice.tiles_for(now, language, tiles, (), 4)
            assert practice.real(now).text == REAL.text


@pytest.mark.parametrize(
    ("inputs", "rule", "sign"),
    [
        (Inputs(), CommitSettings(), m.Sign.SWITCH),
        (Inputs(headband=Headband.THERE), CommitSettings(), m.Sign.DOUBLE_BLINK),
        (Inputs(headband=Headband.THERE, pressed=True), CommitSettings(), m.Sign.SWITCH),
        (Inputs(), CommitSettings(long_blink=True), m.Sign.LONG_BLINK),
        (Inputs(), CommitSettings(brow=True), m.Sign.BROW),
        (Inputs(), CommitSettings(cheek=True), m.Sign.CHEEK),
        (Inputs(), CommitSettings(head=True), m.Sign.HEAD),
        (Inputs(headband=Headband.THERE), CommitSettings(biosignal=False, switch=False), None),
    ],
)
def test_the_sign_is_what_was_seen_of_the_person(
    inputs: Inputs, rule: CommitSettings, sign: m.Sign | None
) -> None:
    assert practising.sign(Selector(inputs=inputs), rule) is sign
