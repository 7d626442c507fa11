"""Deleting by choosing: what is asked, what is forgotten here, and that nothing goes by one choice."""

import pytest

from unit.test_deciding import MENU, UNDO, Writer, slot_of
from unit.test_kit_page import TOOLS
from vybor.composer import erasing
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role, Scope
from vybor.core.decision import deciding
from vybor.core.decision.forgetting import forgotten, holds, without


def to_page(writer: Writer) -> None:
    writer.choose(MENU)
    for role in (*TOOLS, Role.ERASE):
        writer.choose(slot_of(writer, role))
    assert writer.state.writing.mode is Mode.ERASING


def ask(writer: Writer, scope: Scope) -> None:
    to_page(writer)
    writer.choose(next(tile.slot for tile in writer.state.tiles if tile.label == scope))


def speak(writer: Writer) -> None:
    writer.choose(0)
    writer.choose(slot_of(writer, Role.SPEAK))


def test_it_is_asked_first_and_says_what_would_be_gone() -> None:
    writer = Writer()
    speak(writer)
    ask(writer, Scope.LAST)
    screen = writer.screen()
    assert (screen.mode, screen.erasing, screen.erased) == (Mode.ERASE_SURE, Scope.LAST, "I")
    assert all(decided.erase is None for decided in writer.decided)
    writer.choose(slot_of(writer, Role.BACK))
    assert (writer.state.writing.mode, writer.screen().erasing) == (Mode.WORDS, None)
    writer.choose(UNDO)
    assert writer.state.writing.text == "I"


def test_what_was_said_last_is_forgotten_and_undo_does_not_bring_it_back() -> None:
    writer = Writer()
    speak(writer)
    writer.choose(1)
    text = writer.state.writing.text
    ask(writer, Scope.LAST)
    writer.choose(slot_of(writer, Role.ERASE))
    decided = writer.decided[-1]
    spoken = next(one.decision for one in writer.decided if one.decision.action is Action.SPEAK)
    named = m.Erase(request="", scope=Scope.UTTERANCE, session=spoken.session, number=spoken.number)
    assert (decided.erase, decided.decision.action) == (named, Action.ERASE)
    now = writer.state.writing
    assert (now.mode, now.text, now.said, now.lasting.spoken) == (Mode.WORDS, text, "", ())
    assert writer.state.talk.spoken == ()
    for _ in range(3):
        writer.choose(UNDO) if any(t.role is Role.UNDO for t in writer.state.tiles) else None
    assert writer.state.writing.text == ""


@pytest.mark.parametrize("scope", [Scope.TODAY, Scope.EVERYTHING])
def test_with_a_day_and_with_everything_goes_what_is_being_written(scope: Scope) -> None:
    writer = Writer()
    speak(writer)
    writer.choose(0)
    ask(writer, scope)
    writer.choose(slot_of(writer, Role.ERASE))
    now = writer.state.writing
    assert (now.text, now.past, now.said, now.lasting.spoken) == ("", (), "", ())
    assert writer.decided[-1].decision.text_after == ""


def test_incognito_outlives_it() -> None:
    kept = Writing(text="I am", lasting=Writing().lasting)
    now = erasing.forgotten(kept, Scope.EVERYTHING)
    assert now.lasting.incognito == kept.lasting.incognito


def test_a_text_that_came_back_is_forgotten_where_somebody_else_deletes_it() -> None:
    writer = Writer()
    speak(writer)
    writer.choose(UNDO)
    assert writer.state.writing.text == "I"
    assert holds(writer.state, ("I",))
    writer.state = forgotten(writer.state, Scope.UTTERANCE, ("I",), writer.rules, writer.now_ns)
    assert (writer.state.writing.text, writer.state.writing.past) == ("", ())
    assert not holds(writer.state, ("I",))


def test_another_text_stays_and_so_do_the_tiles() -> None:
    writer = Writer()
    writer.choose(0)
    before = writer.state
    assert forgotten(before, Scope.UTTERANCE, ("We",), writer.rules, writer.now_ns) is before


def test_in_practice_nothing_is_deleted() -> None:
    writer = Writer()
    writer.choose(MENU)
    for role in TOOLS:
        writer.choose(slot_of(writer, role))
    writer.choose(slot_of(writer, Role.PRACTICE))
    writer.choose(MENU)
    for role in TOOLS:
        if any(tile.role is role for tile in writer.state.tiles):
            writer.choose(slot_of(writer, role))
    assert all(decided.erase is None for decided in writer.decided)


def test_what_was_offered_before_cannot_be_chosen_after() -> None:
    writer = Writer()
    speak(writer)
    old = writer.screen()
    writer.state = forgotten(writer.state, Scope.TODAY, (), writer.rules, writer.now_ns)
    decided = len(writer.decided)
    writer.show(old)
    writer.look(0, 2)
    writer.press()
    assert len(writer.decided) == decided


def test_older_screens_are_understood() -> None:
    assert m.Screen(at_ns=1, offer=1, mode=Mode.WORDS, text="", tiles=()).erasing is None


def test_who_rests_goes_on_resting_and_a_call_for_help_can_still_be_taken_back() -> None:
    writer = Writer()
    speak(writer)
    writer.choose(MENU)
    writer.choose(slot_of(writer, Role.REST))
    writer.state = forgotten(writer.state, Scope.EVERYTHING, (), writer.rules, writer.now_ns)
    assert [tile.role for tile in writer.state.tiles] == [Role.WAKE]
    writer = Writer()
    writer.choose(MENU)
    writer.choose(slot_of(writer, Role.HELP))
    writer.state = forgotten(writer.state, Scope.TODAY, (), writer.rules, writer.now_ns)
    writer.choose(UNDO)
    assert writer.decided[-1].hush


def test_letters_that_were_spelled_go_on_being_spelled_when_a_sentence_is_deleted() -> None:
    spelling = Writing(text="I am", prefix="f", past=("",), mode=m.Mode.ERASE_SURE)
    after = erasing.forgotten(spelling, Scope.UTTERANCE, ("another",))
    assert (after.mode, after.text, after.prefix) == (m.Mode.LETTERS, "I am", "f")


def test_what_was_not_meant_is_what_is_named_and_deleted_and_no_sentence_before_it() -> None:
    writer = Writer()
    speak(writer)
    speak(writer)
    writer.choose(MENU)
    writer.choose(slot_of(writer, Role.NOT_MEANT))
    said = [one.decision for one in writer.decided if one.decision.action is Action.SPEAK]
    assert writer.state.writing.text == said[-1].text_before  # it came back, to be mended
    writer.choose(slot_of(writer, Role.BACK))
    ask(writer, Scope.LAST)
    assert writer.screen().erased == said[-1].text_before
    writer.choose(slot_of(writer, Role.ERASE))
    wish = writer.decided[-1].erase
    assert wish
    assert (wish.scope, wish.session, wish.number) == (Scope.UTTERANCE, said[-1].session, said[-1].number)


def test_after_a_restart_the_draft_tells_which_decision_spoke() -> None:
    draft = m.Draft(request="1", text="", history=("I", ""), spoken="I", spoken_session="before", spoken_number=7)
    writer = Writer()
    writer.state = deciding.restored(deciding.first(0), draft, writer.rules, writer.now_ns)
    assert erasing.last_spoken(writer.state.writing) == "I"
    wish = erasing.wished(writer.state.writing, Scope.LAST)
    assert (wish.scope, wish.session, wish.number) == (Scope.UTTERANCE, "before", 7)
    older = deciding.restored(
        deciding.first(0), m.Draft(request="1", text="", history=("I",), spoken="I"), writer.rules, 0
    )
    assert erasing.wished(older.writing, Scope.LAST) == m.Erase(request="", scope=Scope.LAST)


def test_while_it_is_deleted_a_choice_writes_down_nothing_of_it() -> None:
    writer = Writer()
    writer.choose(0)
    decision = writer.decided[-1].decision
    assert without(decision, ()) is decision
    label = decision.shown[1].label
    bare = without(decision, (f"{label} Zelda",))
    assert label not in [tile.label for tile in bare.shown]
    assert (bare.text_after, len(bare.shown)) == (decision.text_after, len(decision.shown))
