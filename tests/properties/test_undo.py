"""Undo is exact, to the words that stood on the tiles; what is learned is what was said openly and meant."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from properties.test_writing import a_few_words, rules, take
from vybor.composer.menu import ANSWERS
from vybor.composer.placing import LEFT, RIGHT, UPPER
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.decision import deciding
from vybor.core.decision.state import Deciding
from vybor.journal.story import story_of, told_after

Words = dict[int, str]
RULES = rules(a_few_words)
NO_TEXT = {Role.REST, Role.PRACTICE, Role.FIT}
"""They lead to where nothing is written or recorded."""


def words_on(state: Deciding) -> Words:
    """The words in the places where words stand."""
    return {t.slot: t.label for t in state.tiles if t.role is Role.CANDIDATE and t.slot in UPPER}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
def test_undo_brings_back_the_text_and_the_words_among_which_it_was_chosen_on(slots: list[int]) -> None:
    state = deciding.begin(RULES, 0)
    behind: list[tuple[str, Words]] = []
    for slot in slots:
        tile = next((tile for tile in state.tiles if tile.slot == slot), None)
        if tile is None or tile.role in NO_TEXT:
            continue
        before, stood = state.writing, words_on(state)
        state, _ = take(state, slot, RULES)
        if tile.role is not Role.UNDO:
            if len(state.writing.past) > len(before.past):
                behind.append((before.text, stood))
            continue
        if before.calling or before.saying:
            assert state.writing.text == before.text
        elif behind:
            text, stood = behind.pop()
            assert state.writing.text == text
            assert not stood or words_on(state) == stood


LEARNING = (Role.INCOGNITO, Role.LEARNING, Role.UNLEARN)
PICKS = (Role.CANDIDATE, Role.SPEAK, Role.UNDO, Role.NOT_MEANT, Role.ANSWER, Role.INSTEAD, *LEARNING)
WAYS = {Role.NOT_MEANT: (Role.MENU,), Role.ANSWER: (Role.MENU,)} | dict.fromkeys(LEARNING, (Role.MENU, Role.TOOLS))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=40), st.integers(0, 4))
def test_an_answer_leaves_all_that_is_being_written_as_it_is(slots: list[int], answer: int) -> None:
    state = deciding.begin(RULES, 0)
    for slot in slots:
        if any(tile.slot == slot and tile.role not in NO_TEXT for tile in state.tiles):
            state, _ = take(state, slot, RULES)
    if not any(tile.slot == RIGHT and tile.role is Role.MENU for tile in state.tiles):
        state, _ = take(state, LEFT, RULES)  # from the menu itself
    before = state.writing
    state, _ = take(state, RIGHT, RULES)
    state, decision = take(state, answer, RULES)
    if decision.action is m.Action.REPAIR:
        assert (before.text, before.prefix, before.looks) == ("", "", ())
        return
    assert decision.action is m.Action.ANSWER
    page = before.under or msgspec.structs.replace(before, calling=False)
    assert state.writing.said == ANSWERS["en"][answer]
    silent = msgspec.structs.replace(state.writing, lasting=state.writing.lasting.unsaid(), saying=False)
    assert silent == msgspec.structs.replace(page, saying=False)


SAME_TEXT_TWICE = (Role.CANDIDATE, Role.SPEAK, Role.NOT_MEANT, Role.UNLEARN, Role.SPEAK)
"""Said openly, taken back, and said again not to be learned."""


def walked(state: Deciding, roles: Sequence[Role]) -> tuple[Deciding, list[m.Decision]]:
    """Choose tiles of these roles one after the other, as far as they stand there."""
    made: list[m.Decision] = []
    for role in roles:
        tile = next((tile for tile in state.tiles if tile.role is role), None)
        if tile is None:
            break
        state, decision = take(state, tile.slot, RULES)
        made.append(decision)
    if state.writing.mode in (Mode.MENU, Mode.TOOLS):
        state, decision = take(state, LEFT, RULES)
        made.append(decision)
    return state, made


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PICKS), min_size=1, max_size=40))
@example([*SAME_TEXT_TWICE, Role.CANDIDATE, Role.SPEAK, Role.UNDO, Role.UNDO, Role.NOT_MEANT])
def test_the_record_tells_what_was_said_openly_and_holds(picks: list[Role]) -> None:
    """The composer's own account of what was spoken, and the journal's from the record alone, agree."""
    state, record = deciding.begin(RULES, 0), list[m.Decision]()
    open_at: dict[int, bool] = {}
    for pick in picks:
        private = state.writing.lasting.is_private(state.writing.text)
        state, made = walked(state, (*WAYS.get(pick, ()), pick))
        record += made
        if made and made[-1].action is m.Action.SPEAK:
            open_at[state.writing.lasting.depth] = not private
            assert made[-1].learn is not private
    told = told_after((), record).sentences
    balance = Counter(one.text for one in told if one.spoken)
    balance.subtract(one.text for one in told if not one.spoken)
    holds = (one for one in state.writing.lasting.spoken if one.mended is None and open_at[one.depth])
    assert +balance == Counter(one.text for one in holds)
    assert min(balance.values(), default=0) >= 0


SPOKEN = (Role.CANDIDATE, Role.SPEAK)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PICKS), min_size=1, max_size=40))
@example([*SPOKEN, Role.INCOGNITO, Role.UNDO, Role.SPEAK, Role.LEARNING, Role.NOT_MEANT])
@example([Role.CANDIDATE, Role.INCOGNITO, Role.SPEAK, Role.LEARNING, Role.NOT_MEANT])
@example([Role.CANDIDATE, Role.CANDIDATE, Role.UNLEARN])
@example([Role.CANDIDATE, Role.UNLEARN, Role.UNDO, Role.CANDIDATE])
def test_a_restart_changes_nothing_of_what_may_be_learned(picks: list[Role]) -> None:
    """Of which texts nothing is learned the composer and the record say alike."""
    state, record = deciding.begin(RULES, 0), list[m.Decision]()
    for pick in picks:
        state, made = walked(state, (*WAYS.get(pick, ()), pick))
        record += made
        now, told = state.writing, story_of(record)
        at_hand = {now.text, *now.past} - {""}
        assert now.lasting.private & at_hand == told.private & at_hand
        assert (told.text, told.incognito) == (now.text, now.lasting.incognito)
