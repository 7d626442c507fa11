"""Any sentence can be written by choosing, and undo is exact: the composer walked by the scripted mind."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.composer.text import ended
from vybor.composer.writing import choose
from vybor.contracts import messages as m
from vybor.core.decision import deciding
from vybor.core.decision.rules import Instant, Rules
from vybor.core.decision.state import Deciding
from vybor.foundation.settings import CommitSettings
from vybor.instant.pattern import Pattern
from vybor.selector.state import Selection
from world.mind import wish

EVIDENCE = m.Evidence(channel=m.Channelled.SWITCH, posterior=0.99, posterior_without_prior=0.99, gaze_age_ms=0.0)


def no_words(prompt: m.Prompt) -> Sequence[m.Candidate]:
    return ()


def a_few_words(prompt: m.Prompt) -> Sequence[m.Candidate]:
    known = ("the", "water", "Anna", ".", "would like to", "at", "I")
    pattern = Pattern.of(prompt.prefix, prompt.groups)
    found = [w for w in known if pattern.fits(w.lower()) and w not in prompt.exclude]
    return [m.Candidate(words=tuple(w.split()), p=0.1, source=m.Source.NGRAM) for w in found]


def rules(instant: Instant) -> Rules:
    return Rules(session="test", language="en", commit=CommitSettings(), instant=instant, count=4)


def take(state: Deciding, slot: int, rule: Rules) -> tuple[Deciding, m.Decision | None]:
    """The state after a choice, and its record: a fitting's own choices have none, and leave the text alone."""
    after, decided = deciding._decide(state, Selection(state.offer, slot, EVIDENCE), 1, rule)
    if decided is None:
        assert state.writing.mode is m.Mode.FITTING
        assert (after.writing.text, after.writing.past) == (state.writing.text, state.writing.past)
    return after, decided.decision if decided else None


def write(sentence: str, instant: Instant, limit: int) -> tuple[int, Deciding]:
    """Let the mind write until it speaks; returns how many choices that took."""
    rule = rules(instant)
    state = deciding.begin(rule, 0)
    for choices in range(1, limit):
        screen = deciding.screen(state, 0, m.Saving.SAVED, (), "en")
        chosen = wish(screen, sentence)
        assert chosen.tile, f"stuck at {screen.text!r} {screen.prefix!r} on {screen.mode}: {chosen.why}"
        state, _ = take(state, chosen.tile.slot, rule)
        if chosen.tile.role is m.Role.SPEAK:
            return choices, state
    raise AssertionError(f"not finished after {limit} choices: {state.writing.text!r} {state.writing.prefix!r}")


@pytest.mark.parametrize(
    "sentence",
    [
        "I would like a glass of water, please.",
        "Where is Anna at 3:30 on Tuesday?",
        'She said: "No, thank you!" (twice).',
        "It costs $25, or 10% less; isn't that well-known?",
        "Write to me@example.org about the NASA report.",
        "do you know the time",
        "My e-mail to the U.S. came back. he said so",
        "So do i and I",
    ],
)
@pytest.mark.parametrize("instant", [no_words, a_few_words])
def test_any_sentence_can_be_written_exactly(sentence: str, instant: Instant) -> None:
    _, state = write(sentence, instant, limit=len(sentence) * 8)
    assert state.writing.past[-1] == sentence
    assert state.writing.said == ended(sentence)
    assert state.writing.text == ""


words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=6), st.sampled_from([".", "?", "!", ""]))
def test_any_words_can_be_written(spoken: list[str], end: str) -> None:
    sentence = " ".join(spoken) + end
    _, state = write(sentence, a_few_words, limit=len(sentence) * 8 + 20)
    assert state.writing.past[-1] == sentence
    assert state.writing.said == ended(sentence)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_undo_brings_back_every_text(slots: list[int]) -> None:
    """Random choices, then undo until nothing is left: the texts come back in reverse, exactly.

    Not a call for help: the first undo behind it calls that off. Behind an answer it stops the voice alone.
    """
    rule = rules(a_few_words)
    state = deciding.begin(rule, 0)
    for slot in slots:
        tile = next((tile for tile in state.tiles if tile.slot == slot), None)
        if tile is None or tile.role in (m.Role.UNDO, m.Role.REST, m.Role.HELP):  # undo calls help off first
            continue
        state, _ = take(state, slot, rule)
    past = state.writing.past
    undo = m.Tile(slot=8, role=m.Role.UNDO, area=state.tiles[0].area, pad=state.tiles[0].pad)
    now = state.writing
    if now.saying:
        now = choose(now, undo).writing
        known = state.writing
        assert now == msgspec.structs.replace(known, saying=False, shown=(), lasting=known.lasting.unsaid())
    for text in reversed(past):
        now = choose(now, undo).writing
        assert now.text == text
    assert now.past == ()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_every_page_offers_a_way_on(slots: list[int]) -> None:
    """From wherever random choices lead there is a tile to go on with, and no two tiles share a slot."""
    rule = rules(no_words)
    state = deciding.begin(rule, 0)
    for slot in slots:
        assert len({tile.slot for tile in state.tiles}) == len(state.tiles)
        roles = {tile.role for tile in state.tiles}
        assert roles & {m.Role.BACK, m.Role.UNDO, m.Role.WAKE}
        if any(tile.slot == slot for tile in state.tiles):
            state, decision = take(state, slot, rule)
            assert decision is None or decision.text_after == state.writing.text
