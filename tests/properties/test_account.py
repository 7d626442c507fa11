"""Whatever is chosen, in whatever order, the ledger has every choice once and every character once."""

from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.account_person import Scribe
from vybor.accounting.account import Fate, Utterance, ledger
from vybor.contracts.messages import Role
from vybor.utterances.provenance import Origin


def wandered(places: list[int]) -> Scribe:
    """Somebody who chooses the tile in this place, whatever it is; practice and fitting are in no record."""
    scribe = Scribe()
    for place in places:
        tile = scribe.state.tiles[place % len(scribe.state.tiles)]
        if tile.role in {Role.PRACTICE, Role.FIT}:
            continue
        before = len(scribe.decided)
        scribe.choose(tile.slot)
        assert len(scribe.decided) == before + 1
    return scribe


def holds(one: Utterance) -> None:
    """What is true of any utterance."""
    assert len(one.origins) == len(one.said)
    assert Origin.UNKNOWN not in one.origins
    assert all(step.surprise >= 0 and step.bits in {0, step.surprise} for step in one.steps)
    text = sum(step.bits for step in one.steps if step.fate is Fate.TEXT)
    assert one.person_bits == pytest.approx(text)
    assert one.undone_bits == pytest.approx(sum(step.bits for step in one.steps if step.fate is Fate.UNDONE))
    assert -1e-9 <= one.kit_bits <= one.letters_bits + 1e-9
    assert one.share is None or 0 <= one.share <= 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from((0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 8, 8, 9)), max_size=40))
def test_every_choice_is_somewhere_once_and_every_character_has_an_origin(places: list[int]) -> None:
    scribe = wandered(places)
    for record in (scribe.record, [msgspec.structs.replace(one, mode=None) for one in scribe.record]):
        told = ledger(record)
        draft = told.draft()
        assert draft.text == scribe.text
        standing = [one for one in told.spoken if not one.taken_back]
        for one in (*told.spoken, draft):
            holds(one)
        counted = Counter(step.decision.number for one in (*standing, draft) for step in one.steps)
        assert counted == Counter(one.number for one in record)
