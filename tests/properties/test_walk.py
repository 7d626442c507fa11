"""Every page that there is, reached by choosing every tile of every page: nowhere is a dead end.

States are told apart by what stands on the screen and by what the person is in the middle of: the page, letters
and looks (none, one, more), a text that is empty, begun or ended, and whether there is anything to undo. Breadth
first until no new one appears. Then, from each of them, the text is gone on with, taken back, spoken, and help
is called, by the shortest way that the walk has found, and each within so many choices.

Practice is walked by itself, from its door on: from each of its pages one comes out, to the very state before, and
calls for help. The other walk stops at its door.

With fewer than ten zones every tile is chosen through the folds that hold it, and each fold is one choice more;
who has opened a fold is back on the whole page within so many.
"""

from collections import deque
from collections.abc import Callable, Container, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count

import msgspec
import pytest

from vybor.composer import kit, practice, sharing
from vybor.composer.folding import leaves
from vybor.composer.phrases import Book
from vybor.composer.text import at_sentence_start, ended
from vybor.composer.writing import CLEARED_AT_ONCE, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Arrangement, Exercise, Mode, Role
from vybor.core import calling, deciding
from vybor.core.endings import Endings
from vybor.core.rules import Rules, no_words
from vybor.core.state import Decided, Deciding
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, GazeSettings, GazeSource, Settings
from vybor.generator.pattern import Pattern
from vybor.selector.state import Selection

EVIDENCE = m.Evidence(channel=m.Channelled.SWITCH, posterior=0.99, posterior_without_prior=0.99, gaze_age_ms=0.0)
WORDS = {
    "en": ("the", "at", "would like", "my", "tea", "go"),
    "ru": ("да", "она хочет", "мы", "чай", "вот", "еда"),
}
TEN, MOST_EVER = 10, 40
FORMS = tuple(f"форма{letter}" for letter in "абвгдежзик")
"""More than have places on one page."""
NO_CAMERA = Settings(gaze=GazeSettings(source=GazeSource.NONE))
"""A fitting tries one sign then, the switch: more of them have the same pages."""
WITH_LABEL = (Role.CANDIDATE, Role.SPELLED, Role.SENTENCE)
"""Tiles whose words differ from text to text, and nothing else does."""
SWITCHED = {Role.DAY: Role.NIGHT}
"""The same tile, in other colours."""


def words(prompt: m.Prompt) -> Sequence[m.Candidate]:
    """A few words, and whole sentences where those are asked for."""
    if prompt.anchors:
        return [sentence(f"{start} {' '.join(prompt.anchors)} {end}") for start in "ab" for end in ("now", "then")]
    pattern = Pattern.of(prompt.prefix, prompt.groups)
    fit = [w for w in WORDS[prompt.language] if pattern.fits(w.split()[0]) and w not in prompt.exclude]
    return [m.Candidate(words=tuple(w.split()), p=0.1, p_then=(0.9,), source=m.Source.NGRAM) for w in fit]


def sentence(text: str) -> m.Candidate:
    return m.Candidate(words=tuple(text.split()), p=0.1, source=m.Source.OWN)


def initials(text: str, letters: str) -> Sequence[m.Candidate]:
    return [m.Candidate(words=("how are you",), p=0.1, source=m.Source.NGRAM)] if len(letters) > 1 else []


def rules(language: str, available: str, zones: int = TEN, how: Arrangement = Arrangement.DEFAULT) -> Rules:
    alone = Rules(
        session="walk",
        language=language,
        commit=CommitSettings(),
        instant=no_words,
        count=4,
        settings=NO_CAMERA,
        zones=zones,
        standing=m.Standing(at=how),
    )
    if available in ("few", "letters"):
        return alone
    with_words = msgspec.structs.replace(alone, instant=words)
    if available == "words":
        return with_words
    return msgspec.structs.replace(
        with_words,
        own_words=words,
        book=lambda: Book(own=("Come here.",)),
        anchors=True,
        initials=initials,
        endings=Endings(forms=lambda text: FORMS if text and text[-1].isalpha() else ()),
    )


def kind(state: Deciding) -> tuple[object, ...]:
    """What two states have in common that are one for this walk."""
    tiles = tuple(
        (t.slot, SWITCHED.get(t.role, t.role), "" if t.role in WITH_LABEL else t.label)
        for t in leaves(state.tiles)
    )
    known = state.writing.practice
    practised = known and (known.exercise or "over", min(3, len(state.writing.past)))
    phase = state.fits.told and state.fits.told.phase
    return tiles, form(state.writing), practised, phase


def form(now: Writing) -> tuple[object, ...]:
    """What the person is in the middle of."""
    text = bool(now.text), len(now.text.split()) > CLEARED_AT_ONCE, at_sentence_start(now.text)
    past = bool(now.past), now.past[-1:] == (now.text,)
    letters = min(2, len(now.prefix)), min(2, len(now.looks)), now.group, min(2, len(now.looked))
    gathered = now.gathered and (min(2, len(now.gathered.words)), bool(now.gathered.near))
    said = now.saying, bool(now.said), bool(now.lasting.to_mend), now.calling, bool(now.removed)
    private = now.lasting.incognito, now.lasting.is_private(now.text), now.erasing
    private = (*private, now.lasting.kit.armed if now.mode is Mode.KIT else None)  # elsewhere it changes no tile
    under = now.under and form(now.under)
    return now.mode, text, past, letters, gathered, said, private, now.wake_steps, under


class Edge(msgspec.Struct, frozen=True):
    """One choice: what it did, and the kind of state that it led to."""

    slots: tuple[int, ...]
    """The folds that lead to it, and the tile."""
    after: tuple[object, ...]
    goals: frozenset[str]
    keeps_text: bool


Graph = dict[tuple[object, ...], list[Edge]]


def chosen(state: Deciding, slot: int, rule: Rules) -> tuple[Deciding, Decided | None]:
    """After a choice; nothing was decided in practice and in a fitting, and only there."""
    state_after, decided = deciding._decide(state, Selection(state.offer, slot, EVIDENCE), 1, rule)
    assert decided is not None or state.writing.practice is not None or state.writing.mode is Mode.FITTING
    return state_after, decided


def goals_of(before: Deciding, after: Deciding, decided: Decided | None) -> frozenset[str]:
    """What a choice achieved; one of the fitting's own does nothing to the text."""
    if before.writing.mode is Mode.FITTING and decided is None:
        assert after.writing.text == before.writing.text
        return frozenset()
    was, now = before.writing, after.writing
    if decided is None:
        return frozenset() if now.practice else frozenset({"left"})
    is_undo = decided.decision.action is Action.UNDO
    found = {
        "continued": not is_undo and now.text != was.text and now.text.startswith(was.text),
        "undone": bool(was.past) and now.text == was.past[-1] and now.past == was.past[:-1],
        "spoken": bool(was.text) and decided.say == ended(was.text) and now.text == "",
        "helped": decided.call_help,
    }
    return frozenset(goal for goal, holds in found.items() if holds)


def begun(rule: Rules, ways_out: tuple[m.WayOut, ...]) -> Deciding:
    """The first offer, at a display that knows of these ways out, of a kit with a workstation."""
    shown = m.Shown(at_ns=0, screen=None, ways_out=ways_out)
    state = deciding.begin(rule, 0)
    paired = sharing.told(state.writing, m.Sharing(workstation="desk"))
    return msgspec.structs.replace(state, writing=kit.told(paired, shown))


def walk(
    rule: Rules, first: Deciding, passed_by: Container[Role] = ()
) -> tuple[dict[tuple[object, ...], Deciding], Graph]:
    """Every kind of state on this side of practice's door, one of each, and what every choice there leads to.

    But for tiles that are passed by.
    """
    practises = first.writing.practice is not None
    known = {kind(first): first}
    graph: Graph = {}
    waiting = deque(known)
    while waiting:
        here = waiting.popleft()
        state, graph[here] = known[here], []
        for unfolded, slots in unfoldings(state, rule):
            if next(tile.role for tile in unfolded.tiles if tile.slot == slots[-1]) in passed_by:
                continue
            after, decided = chosen(unfolded, slots[-1], rule)
            there = kind(after)
            if there not in known and (after.writing.practice is not None) == practises:
                known[there] = after
                waiting.append(there)
            keeps = text_of(after) == text_of(state)
            graph[here].append(Edge(slots, there, goals_of(state, after, decided), keeps))
    return known, graph


def text_of(state: Deciding) -> str:
    """What is really being written."""
    return practice.real(state.writing).text


def unfoldings(state: Deciding, rule: Rules) -> Iterator[tuple[Deciding, tuple[int, ...]]]:
    """Every tile of a page that is no fold: where it can be chosen, and what is chosen for that, the tile last."""
    waiting: deque[tuple[Deciding, tuple[int, ...]]] = deque([(state, ())])
    while waiting:
        here, slots = waiting.popleft()
        for tile in here.tiles:
            if tile.role is Role.FOLD:
                after, decided = chosen(here, tile.slot, rule)
                assert decided is None or decided.decision.action is Action.PAGE
                assert after.writing == msgspec.structs.replace(
                    here.writing, unfolded=tuple(each.slot for each in tile.members)
                )
                waiting.append((after, (*slots, tile.slot)))
            elif tile.role is not Role.CLOSE:
                yield here, (*slots, tile.slot)


Towards = dict[tuple[object, ...], tuple[int, ...]]


def ways(graph: Graph, goal: str) -> Towards:
    """What to choose in each kind of state that is on the shortest way to a goal, the text being kept."""
    towards: Towards = {}
    before: dict[tuple[object, ...], list[tuple[tuple[object, ...], Edge]]] = {}
    waiting: list[tuple[int, int, tuple[object, ...], tuple[int, ...]]] = []
    order = count()
    for here, edges in graph.items():
        for edge in edges:
            if goal in edge.goals:
                heappush(waiting, (len(edge.slots), next(order), here, edge.slots))
            elif edge.keeps_text:
                before.setdefault(edge.after, []).append((here, edge))
    while waiting:
        choices, _, there, slots = heappop(waiting)
        if there not in towards:
            towards[there] = slots
            for here, edge in before.get(there, []):
                heappush(waiting, (choices + len(edge.slots), next(order), here, edge.slots))
    return towards


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
WHERE = [
    *((language, "letters", TEN) for language in ("en", "ru")),
    *(("en", "few", zones) for zones in (4, 2)),
    *(
        pytest.param(language, available, zones, marks=pytest.mark.slow)
        for zones in MOST
        for available in ("letters", "words", "everything")
        for language in ("en", "ru")
        if (available, zones) != ("letters", TEN)
    ),
]
PASSED_BY = frozenset(
    {
        *(Role.UNLEARN, Role.INCOGNITO, Role.LEARNING, Role.CAPITAL, Role.MARK),
        *(Role.ANSWER, Role.REPEAT, Role.NOT_MEANT, Role.FIT, Role.NIGHT),
    }
)
"""Where few are walked over: what doubles the pages and leads nowhere else."""


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
    assert {state.writing.lasting.kit.armed for state in known.values()} == {None, *ways_out}
    assert modes >= set(Mode) - MODES_WITHOUT[available], set(Mode) - modes
    assert {state.writing.mode for state in known.values() if not called_by_the_jaw(state, rule)} == {Mode.REST}
    for goal, is_wanted in GOALS.items():
        towards = ways(graph, goal)
        longest = max(length(state, goal, towards, rule) for state in known.values() if is_wanted(state))
        assert longest <= MOST[zones][goal], (goal, longest)


MOST_IN_PRACTICE = {"left": 4, "helped": MOST[TEN]["helped"] + 1}
"""Choices, from anywhere in practice: two wake who practises to rest, then the menu and what stands on it."""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_from_everywhere_in_practice_there_is_a_way_out_and_to_help(language: str) -> None:
    rule = rules(language, "words")
    state, text = entered(rule)
    known, graph = walk(rule, state)
    assert {s.writing.practice.exercise for s in known.values() if s.writing.practice} == {*Exercise, None}
    for goal, most in MOST_IN_PRACTICE.items():
        towards = ways(graph, goal)
        assert max(length(state, goal, towards, rule) for state in known.values()) <= most, goal
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
MODES_WITHOUT = {
    "few": {*PRACTICE, *SENTENCES, Mode.ENDINGS, Mode.FORGETTING, Mode.MENDING, Mode.FITTING},
    "letters": {*PRACTICE, *SENTENCES, Mode.ENDINGS, Mode.FORGETTING},
    "words": {*PRACTICE, *SENTENCES, Mode.ENDINGS, Mode.FORGETTING},
    "everything": PRACTICE,
}


@pytest.mark.parametrize("zones", [4, 2, *(pytest.param(zones, marks=pytest.mark.slow) for zones in (8, 6))])
def test_whoever_opens_a_fold_finds_back(zones: int) -> None:
    rule = rules("en", "letters", zones)
    for state in walk(rule, deciding.begin(rule, 0), PASSED_BY)[0].values():
        for within, _ in unfoldings(state, rule):
            assert not within.writing.unfolded or to_close(within, rule) <= MOST_TO_CLOSE[zones]


def called_by_the_jaw(state: Deciding, rule: Rules) -> bool:
    """Whether a held clench calls for help here, however the person chooses; the text and its letters stay."""
    at_ns = seconds(10)
    held = m.Gesture(
        at_ns=at_ns, at_sd_ns=0, ended_ns=at_ns, kind=m.GestureKind.LONG_CLENCH, log_odds=calling.LEAST_LOG_ODDS
    )
    after, decided = deciding.heard(state, held, rule, at_ns)
    assert (after.writing.text, after.writing.prefix) == (state.writing.text, state.writing.prefix)
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


def length(state: Deciding, goal: str, towards: Towards, rule: Rules) -> int:
    """Choices until the goal is reached, by really choosing; the text stands until then."""
    text, made = text_of(state), 0
    while made < MOST_EVER:
        slots = towards.get(kind(state))
        assert slots is not None, f"no way to be {goal} from {state.writing.mode} with {state.writing.text!r}"
        for slot in slots:
            before = state
            state, decided = chosen(state, slot, rule)
            made += 1
        if goal in goals_of(before, state, decided):
            return made
        assert text_of(state) == text
    raise AssertionError(f"{goal}: still not after {made} choices, on {state.writing.mode}")
