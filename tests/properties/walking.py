"""A walk through every page that there is, by choosing every tile of every page, and the ways that it has found.

States are told apart by what stands on the screen and by what the person is in the middle of: the page, letters
and looks (none, one, more), a text that is empty, begun or ended, and whether there is anything to undo. Breadth
first until no new one appears.
"""

from collections import deque
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count

import msgspec

from vybor.composer import kit, practice, sharing
from vybor.composer.folding import leaves
from vybor.composer.phrases import Book
from vybor.composer.text import at_sentence_start, ended
from vybor.composer.writing import CLEARED_AT_ONCE, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Arrangement, Mode, Role
from vybor.core.decision import deciding
from vybor.core.decision.endings import Endings
from vybor.core.decision.rules import Rules, no_words
from vybor.core.decision.state import Decided, Deciding
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.settings import CommitSettings, Settings
from vybor.instant.pattern import Pattern
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
    names = {here: here for here in known}
    waiting = deque(known)
    while waiting:
        here = waiting.popleft()
        state, graph[here] = known[here], []
        for unfolded, slots in unfoldings(state, rule):
            if next(tile.role for tile in unfolded.tiles if tile.slot == slots[-1]) in passed_by:
                continue
            after, decided = chosen(unfolded, slots[-1], rule)
            there = kind(after)
            there = names.setdefault(there, there)
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


Tried = dict[tuple[int, int], tuple[Deciding, tuple[Deciding, Decided | None]]]
"""What came of each choice, by the identity of the state, which is kept, and the tile."""


def longest_of(
    states: Collection[Deciding], graph: Graph, goals: Mapping[str, Callable[[Deciding], bool]], rule: Rules
) -> dict[str, int]:
    """The most choices to each goal, from every state in which it is wanted."""
    towards = {goal: ways(graph, goal) for goal in goals}
    longest = dict.fromkeys(goals, 0)
    for state in states:
        tried: Tried = {}  # ways to several goals begin alike
        for goal, is_wanted in goals.items():
            if is_wanted(state):
                longest[goal] = max(longest[goal], length(state, goal, towards[goal], rule, tried))
    assert all(longest.values())
    return longest


def length(state: Deciding, goal: str, towards: Towards, rule: Rules, tried: Tried) -> int:
    """Choices until the goal is reached, by really choosing; the text stands until then."""
    text, made = text_of(state), 0
    while made < MOST_EVER:
        slots = towards.get(kind(state))
        assert slots is not None, f"no way to be {goal} from {state.writing.mode} with {state.writing.text!r}"
        for slot in slots:
            before = state
            if (id(state), slot) not in tried:
                tried[id(state), slot] = state, chosen(state, slot, rule)
            state, decided = tried[id(state), slot][1]
            made += 1
        if goal in goals_of(before, state, decided):
            return made
        assert text_of(state) == text
    raise AssertionError(f"{goal}: still not after {made} choices, on {state.writing.mode}")
