"""Wherever somebody goes among the pages of whole sentences: nothing is written unasked, and back leads back."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role
from vybor.core.decision import deciding
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding
from vybor.foundation.settings import CommitSettings
from vybor.instant.anchors import sentences_in, there_already
from vybor.instant.pattern import Pattern
from vybor.selector.state import Selection

EVIDENCE = m.Evidence(channel=m.Channelled.SWITCH, posterior=0.99, posterior_without_prior=0.99, gaze_age_ms=0.0)
MINE = sentences_in("Where is the doctor? My doctor is late. I want soup. No, no soup today.")
MOST_BACK = 60


def instant(prompt: m.Prompt) -> Sequence[m.Candidate]:
    if prompt.anchors:
        return there_already(prompt, MINE)
    pattern = Pattern.of(prompt.prefix, prompt.groups)
    fitting = [word for word in ("doctor", "soup", "garden") if pattern.fits(word) and word not in prompt.exclude]
    return [m.Candidate(words=(word,), p=0.1, source=m.Source.NGRAM) for word in fitting]


RULES = Rules(session="test", language="en", commit=CommitSettings(), instant=instant, count=4, anchors=True)


def choose(state: Deciding, tile: m.Tile) -> tuple[Deciding, m.Decision]:
    state, decided = deciding._decide(state, Selection(state.offer, tile.slot, EVIDENCE), 1, RULES)
    assert decided is not None
    return state, decided.decision


def only(state: Deciding, role: Role) -> m.Tile | None:
    return next((tile for tile in state.tiles if tile.role is role), None)


@settings(max_examples=150, deadline=None)
@given(picks=st.lists(st.integers(0, 7), max_size=25))
def test_nothing_is_written_unasked_and_back_leads_to_the_words(picks: list[int]) -> None:
    state = deciding.begin(RULES, 0)
    for role in (Role.MENU, Role.TOOLS, Role.ANCHORS):
        tile = only(state, role)
        assert tile
        state, _ = choose(state, tile)
    for pick in picks:
        tile = state.tiles[pick % len(state.tiles)]
        before = state.writing
        state, decision = choose(state, tile)
        assert state.tiles
        assert len({each.slot for each in state.tiles}) == len(state.tiles)
        if decision.action in (Action.PAGE, Action.STEER, Action.SPELL, Action.MORE):
            assert state.writing.text == before.text
        if state.writing.gathered is None:
            break
        assert state.writing.mode not in (Mode.WORDS, Mode.MARKS)
        assert only(state, Role.BACK)
    for _ in range(MOST_BACK):
        if state.writing.gathered is None:
            break
        back = only(state, Role.BACK)
        assert back
        state, _ = choose(state, back)
    assert state.writing.gathered is None
