"""Writing on every layout, through the decision: what the person of the demo writes on ten zones, on fewer too."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.test_deciding import RULES, Writer
from unit.test_zoning import Seated
from vybor.composer.layout import LAYOUTS
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.core.decision import deciding
from vybor.core.decision.ahead import prompts_ahead
from vybor.core.decision.offering import MOST_ANSWERABLE
from vybor.core.decision.state import Deciding
from vybor.selector.state import Selection
from world.mind import wish

SENTENCE = "I see 2 boats"
BACK = 8
each_layout = pytest.mark.parametrize("zones", LAYOUTS)


@each_layout
def test_a_sentence_is_written_and_spoken(zones: int) -> None:
    desk = Seated(zones=zones)
    choices = 0
    while not (desk.decided and desk.decided[-1].say):
        choices += 1
        assert choices < 300, desk.screen()
        wished = wish(desk.screen(), SENTENCE)
        assert wished.tile, wished.why
        before = len(desk.decided)
        desk.choose(wished.tile.slot)
        assert len(desk.decided) == before + 1
    assert desk.decided[-1].say == f"{SENTENCE}."
    assert choices <= {10: 40, 8: 60, 6: 70, 4: 75, 2: 160}[zones]


@each_layout
def test_undo_brings_back_all_the_words_that_stood_there(zones: int) -> None:
    desk, on_ten = Seated(zones=zones), Writer()
    on_ten.choose(1)
    stood = {tile.slot: tile.label for tile in desk.state.page if tile.role is Role.CANDIDATE}
    while not desk.state.writing.text:
        tile = next(tile for tile in desk.state.tiles if 1 in {tile.slot, *(each.slot for each in tile.members)})
        desk.choose(tile.slot)
    assert desk.state.writing.text == on_ten.state.writing.text
    assert desk.state.page == on_ten.state.page
    desk.open(Role.UNDO)
    assert (desk.state.writing.text, desk.decided[-1].decision.action) == ("", Action.UNDO)
    assert {tile.slot: tile.label for tile in desk.state.page if tile.role is Role.CANDIDATE} == stood


@pytest.mark.parametrize("zones", [8, 6, 4, 2])
def test_a_fold_is_closed_by_its_way_back_and_by_any_choice(zones: int) -> None:
    desk = Seated(zones=zones)
    whole = desk.state.tiles
    desk.open(Role.FOLD)
    assert desk.state.writing.unfolded
    desk.open(Role.CLOSE)
    assert desk.state.tiles == whole
    desk.open(Role.KEY)
    assert not desk.state.writing.unfolded


@each_layout
def test_what_lies_behind_folds_is_looked_at_ahead_as_on_ten_zones(zones: int) -> None:
    rules = msgspec.structs.replace(RULES, look_ahead=12)
    desk, on_ten = Seated(zones=zones), Writer()
    assert prompts_ahead(desk.state, rules, 1) == prompts_ahead(on_ten.state, rules, 1)


@pytest.mark.parametrize("zones", [6, 4])
def test_in_an_open_fold_what_it_holds_is_looked_at_ahead(zones: int) -> None:
    desk = Seated(zones=zones)
    while Role.KEY not in {tile.role for tile in desk.state.tiles}:
        fold = next(tile for tile in desk.state.tiles if Role.KEY in {each.role for each in tile.members})
        desk.choose(fold.slot)
    keys = [tile.label.replace(" ", "") for tile in desk.state.tiles if tile.role is Role.KEY]
    ahead = prompts_ahead(desk.state, msgspec.structs.replace(RULES, look_ahead=12), 1)
    assert {prompt.groups for prompt in ahead if prompt.groups} == {(key,) for key in keys}
    assert all(prompt.exclude == () for prompt in ahead if prompt.groups)


EVIDENCE = m.Evidence(channel=m.Channelled.SWITCH, posterior=0.99, posterior_without_prior=0.99, gaze_age_ms=0.0)


def taken(state: Deciding, slot: int, zones: int) -> Deciding:
    """The state after the tile of this place was chosen, through the folds that hold it."""
    rules = msgspec.structs.replace(RULES, zones=zones)
    while True:
        tile = next(tile for tile in state.tiles if slot in {tile.slot, *(each.slot for each in tile.members)})
        state, decided = deciding._decide(state, Selection(state.offer, tile.slot, EVIDENCE), 1, rules)
        assert decided is not None
        if tile.slot == slot:
            return state


def unnumbered(now: Writing) -> Writing:
    """Without the numbers of choices, also on the page beneath: a fold that is opened is one more."""
    spoken = tuple(msgspec.structs.replace(one, number=0) for one in now.lasting.spoken)
    said = tuple(msgspec.structs.replace(one, number=0) for one in now.lasting.said)
    under = unnumbered(now.under) if now.under else None
    lasting = msgspec.structs.replace(now.lasting, spoken=spoken, said=said)
    return msgspec.structs.replace(now, lasting=lasting, under=under)


@given(st.lists(st.integers(0, 9), max_size=12), st.sampled_from([8, 6, 4, 2]))
def test_whatever_is_chosen_leads_where_it_leads_on_ten_zones(picks: list[int], zones: int) -> None:
    few, ten = deciding.begin(msgspec.structs.replace(RULES, zones=zones), 0), deciding.begin(RULES, 0)
    elsewhere = {Role.BACK, Role.PRACTICE, Role.FIT}  # what is asked for there differs from one time to the next
    for pick in picks:
        once = [tile.slot for tile in ten.page if tile.role not in elsewhere or tile.slot == BACK]
        slot = once[pick % len(once)]
        few, ten = taken(few, slot, zones), taken(ten, slot, 10)
        assert unnumbered(few.writing) == unnumbered(ten.writing)
        assert few.page == ten.page
        assert few.prompt == ten.prompt


def test_offers_that_nobody_answers_are_not_kept_for_ever() -> None:
    """Layouts and words may change all day while somebody only looks."""
    writer = Writer()
    for turn in range(3 * MOST_ANSWERABLE):
        writer.propose("Where is" if turn % 2 else "Can")
    numbers = [number for number, _ in writer.state.answerable]
    assert numbers == list(range(writer.state.offer - MOST_ANSWERABLE + 1, writer.state.offer + 1))
    assert [number for number, _ in writer.state.pages] == numbers
    writer.choose(0)
    assert len(writer.state.answerable) == len(writer.decided) == 1
