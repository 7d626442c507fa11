"""Every page that there is, reached by choosing every tile of every page: nowhere is a dead end.

From each kind of state that the walk has found (walking.py) the text is gone on with, taken back, spoken, and help
is called, by the shortest way that the walk has found, and each within so many choices.

Practice is walked by itself, from its door on: from each of its pages one comes out, to the very state before, and
calls for help. The other walk stops at its door.

With fewer than ten zones every tile is chosen through the folds that hold it, and each fold is one choice more;
who has opened a fold is back on the whole page within so many.
"""

import gc
from collections import deque
from collections.abc import Callable, Iterator

import pytest

from properties.walking import TEN, begun, chosen, longest_of, rules, text_of, unfoldings, walk
from vybor.composer.folding import leaves
from vybor.contracts import messages as m
from vybor.contracts.messages import Arrangement, Exercise, Mode, Role
from vybor.core.decision import calling, deciding
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding
from vybor.foundation.clock import seconds

GOALS: dict[str, Callable[[Deciding], bool]] = {
    "continued": lambda state: True,
    "undone": lambda state: bool(state.writing.past),
    "spoken": lambda state: bool(state.writing.text),
    "helped": lambda state: True,
}
"""Where each is wanted: nothing can be taken back before anything was written, nor an empty text spoken."""
MOST = {
    10: {"continued": 5, "undone": 6, "spoken": 6, "helped": 4},
    8: {"continued": 5, "undone": 6, "spoken": 6, "helped": 5},
    6: {"continued": 6, "undone": 7, "spoken": 7, "helped": 6},
    4: {"continued": 8, "undone": 10, "spoken": 10, "helped": 6},
    2: {"continued": 12, "undone": 20, "spoken": 20, "helped": 12},
}
"""By zones: choices, from any page. Two wake who rests, letters are taken back one by one (two at most here)."""
MOST_TO_CLOSE = {8: 1, 6: 1, 4: 1, 2: 4}
"""Choices from within a fold back to the whole page, or with the page's own *Back* to the one before it."""
QUICK = [("en", "few", TEN), ("ru", "few", 4)]
WHERE = [
    *QUICK,
    pytest.param("en", "few", 4, marks=pytest.mark.slow),
    pytest.param("en", "few", 2, marks=pytest.mark.slow),
    *(
        pytest.param(language, available, zones, marks=pytest.mark.slow)
        for zones in MOST
        for available in ("letters", "words", "everything")
        for language in ("en", "ru")
        if (language, available, zones) not in QUICK
    ),
]
PASSED_BY = frozenset(
    {
        *(Role.UNLEARN, Role.INCOGNITO, Role.LEARNING, Role.CAPITAL),
        *(Role.ANSWER, Role.REPEAT, Role.NOT_MEANT, Role.FIT, Role.NIGHT),
    }
)
"""Where few are walked over: what doubles the pages and leads nowhere else."""


@pytest.fixture(autouse=True)
def without_collector() -> Iterator[None]:
    """A walk keeps hundreds of thousands of states, none of them garbage."""
    gc.disable()
    yield
    gc.enable()


ELSEWHERE = [how for how in Arrangement if how is not Arrangement.DEFAULT]


OWN_ZONES = (10, 8, 6)
"""Layouts on which Undo and Speak have zones of their own."""


@pytest.mark.slow
@pytest.mark.parametrize("zones", MOST)
@pytest.mark.parametrize("how", ELSEWHERE)
def test_wherever_undo_and_speak_stand_they_stand_there_on_every_page_and_all_ways_are_as_ever(
    zones: int, how: Arrangement
) -> None:
    rule = rules("en", "few", zones, how)
    known, graph = walk(rule, begun(rule, ()), PASSED_BY)
    as_ever = rules("en", "few", zones)
    assert graph == walk(as_ever, begun(as_ever, ()), PASSED_BY)[1]
    for role in (Role.UNDO, Role.SPEAK):
        alone = [tile for state in known.values() for tile in state.tiles if tile.role is role]
        assert zones not in OWN_ZONES or len({tile.area for tile in alone}) == 1


@pytest.mark.parametrize(("language", "available", "zones"), WHERE)
def test_from_everywhere_there_is_a_way_on_back_to_speech_and_to_help(
    language: str, available: str, zones: int
) -> None:
    rule = rules(language, available, zones)
    ways_out = tuple(m.WayOut) if available == "everything" else ()
    known, graph = walk(rule, begun(rule, ways_out), PASSED_BY if available == "few" else ())
    modes = {state.writing.mode for state in known.values()}
    calls = [state for state in known.values() if state.writing.calling]
    assert calls
    assert all(Role.UNDO in {tile.role for tile in leaves(state.tiles)} for state in calls)
    assert {state.writing.lasting.kit.armed for state in known.values()} == {None, *ways_out}
    assert modes >= set(Mode) - MODES_WITHOUT[available], set(Mode) - modes
    assert {state.writing.mode for state in known.values() if not called_by_the_jaw(state, rule)} == {Mode.REST}
    longest = longest_of(known.values(), graph, GOALS, rule)
    assert {goal: made for goal, made in longest.items() if made > MOST[zones][goal]} == {}


MOST_IN_PRACTICE = {"left": 4, "helped": MOST[TEN]["helped"] + 1}
"""Choices, from anywhere in practice: two wake who practises to rest, then the menu and what stands on it."""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_from_everywhere_in_practice_there_is_a_way_out_and_to_help(language: str) -> None:
    rule = rules(language, "words")
    state, text = entered(rule)
    known, graph = walk(rule, state)
    assert {s.writing.practice.exercise for s in known.values() if s.writing.practice} == {*Exercise, None}
    longest = longest_of(known.values(), graph, dict.fromkeys(MOST_IN_PRACTICE, lambda state: True), rule)
    assert {goal: made for goal, made in longest.items() if made > MOST_IN_PRACTICE[goal]} == {}
    assert {text_of(state) for state in known.values()} == {text}


def entered(rule: Rules) -> tuple[Deciding, str]:
    """A text, and practice over it."""
    state = deciding.begin(rule, 0)
    for role in (Role.CANDIDATE, Role.CANDIDATE, Role.MENU, Role.TOOLS, Role.KIT, Role.PRACTICE):
        slot = next(tile.slot for tile in state.tiles if tile.role is role)
        state, _ = chosen(state, slot, rule)
    return state, text_of(state)


PRACTICE = {Mode.PRACTICE_CALL, Mode.PRACTICE_OVER}
SENTENCES = {Mode.INTENT, Mode.SENTENCES, Mode.PART_OF, Mode.PART, Mode.LIKE}
ASKED = {Mode.READ_ASKED}
"""Only while somebody at a browser asks: tests/unit/test_readers.py."""
MODES_WITHOUT = {
    "few": {*PRACTICE, *ASKED, *SENTENCES, Mode.ENDINGS, Mode.FORGETTING, Mode.MENDING, Mode.FITTING},
    "letters": {*PRACTICE, *ASKED, *SENTENCES, Mode.ENDINGS, Mode.FORGETTING},
    "words": {*PRACTICE, *ASKED, *SENTENCES, Mode.ENDINGS, Mode.FORGETTING},
    "everything": {*PRACTICE, *ASKED},
}


@pytest.mark.parametrize("zones", [4, *(pytest.param(zones, marks=pytest.mark.slow) for zones in (8, 6, 2))])
def test_whoever_opens_a_fold_finds_back(zones: int) -> None:
    rule = rules("en", "letters", zones)
    for state in walk(rule, deciding.begin(rule, 0), PASSED_BY)[0].values():
        for within, _ in unfoldings(state, rule):
            assert not within.writing.unfolded or to_close(within, rule) <= MOST_TO_CLOSE[zones]


def called_by_the_jaw(state: Deciding, rule: Rules) -> bool:
    """Whether a held clench calls for help here, however the person chooses; the text and its letters stay.

    Undo, which stops it, stands on the page then.
    """
    at_ns = seconds(10)
    held = m.Gesture(
        at_ns=at_ns, at_sd_ns=0, ended_ns=at_ns, kind=m.GestureKind.LONG_CLENCH, log_odds=calling.LEAST_LOG_ODDS
    )
    after, decided = deciding.heard(state, held, rule, at_ns)
    assert (after.writing.text, after.writing.prefix) == (state.writing.text, state.writing.prefix)
    assert not after.writing.calling or Role.UNDO in {tile.role for tile in leaves(after.tiles)}
    return decided is not None and decided.call_help and after.writing.calling


def to_close(state: Deciding, rule: Rules) -> int:
    """Choices until a fold is closed, or the page is left by its own way back."""
    waiting = deque([(state, 1)])
    while waiting:
        here, choices = waiting.popleft()
        if any(tile.role in (Role.CLOSE, Role.BACK) for tile in here.tiles):
            return choices
        folds = (tile for tile in here.tiles if any(each.role in (Role.CLOSE, Role.BACK) for each in tile.members))
        waiting.extend((chosen(here, tile.slot, rule)[0], choices + 1) for tile in folds)
    raise AssertionError(f"no way back from within a fold of {state.writing.mode}")
