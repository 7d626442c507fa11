"""Undo and Speak in opposite places, under every arrangement and on every layout."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.test_deciding import RULES, instant
from vybor.composer.arranging import arranged, order, stood
from vybor.composer.folding import PLANS, leaves
from vybor.composer.layout import LAYOUTS, TEN
from vybor.composer.placing import CORNER, IN_ROWS, LEFT, RIGHT, Choice, in_a_row, tiles_of
from vybor.contracts import messages as m
from vybor.contracts.areas import Edge, edge_of
from vybor.contracts.messages import Arrangement, Role
from vybor.core.decision import deciding
from vybor.core.decision.state import Deciding
from world.desk import Desk
from world.mind import wish

each = pytest.mark.parametrize("how", Arrangement)
each_layout = pytest.mark.parametrize("zones", LAYOUTS)
SENTENCE = "I see 2 boats"
WHERE = {
    Arrangement.DEFAULT: (Edge.LEFT, Edge.TOP, "right"),
    Arrangement.MIRRORED: (Edge.RIGHT, Edge.TOP, "left"),
    Arrangement.LOWERED: (Edge.LEFT, Edge.BOTTOM, "right"),
    Arrangement.TURNED: (Edge.RIGHT, Edge.BOTTOM, "left"),
}
"""On ten zones: Undo's edge, Speak's edge and side."""


def desk(how: Arrangement, zones: int = 10) -> Desk:
    standing = m.Standing(at=how)
    return Desk(msgspec.structs.replace(RULES, zones=zones, standing=standing, instant=instant))


def middle(tile: m.Tile) -> tuple[float, float]:
    shown = tile.area
    return (max(0, shown.left) + min(1, shown.right)) / 2, (max(0, shown.top) + min(1, shown.bottom)) / 2


def holder(state: Deciding, role: Role) -> m.Tile:
    return next(tile for tile in state.tiles if role in {part.role for part in leaves([tile])})


@each
@each_layout
def test_every_zone_is_taken_once(how: Arrangement, zones: int) -> None:
    assert sorted(order(zones, how)) == list(range(zones))
    here, as_ever = arranged(LAYOUTS[zones], how), LAYOUTS[zones]
    assert {zone.area.left for zone in here.zones} == {zone.area.left for zone in as_ever.zones}
    assert here.band == as_ever.band


@each
@each_layout
def test_every_pad_lies_at_the_screens_edge(how: Arrangement, zones: int) -> None:
    for zone in arranged(LAYOUTS[zones], how).zones:
        outer = {
            Edge.TOP: zone.pad.top < 0,
            Edge.BOTTOM: zone.pad.bottom > 1,
            Edge.LEFT: zone.pad.left < 0,
            Edge.RIGHT: zone.pad.right > 1,
        }
        assert outer[edge_of(zone.area, zone.pad)]


@each
def test_on_ten_zones_undo_and_speak_stand_where_the_arrangement_says(how: Arrangement) -> None:
    one = desk(how)
    one.choose(0)
    undo, speak = (holder(one.state, role) for role in (Role.UNDO, Role.SPEAK))
    side = "left" if middle(speak)[0] < 0.5 else "right"
    assert (edge_of(undo.area, undo.pad), edge_of(speak.area, speak.pad), side) == WHERE[how]


@each
@pytest.mark.parametrize("zones", [10, 8, 6])
def test_undo_and_speak_stand_on_opposite_sides_and_undo_on_the_same_on_every_layout(
    how: Arrangement, zones: int
) -> None:
    one = desk(how, zones)
    one.choose(0)
    undo, speak = (middle(holder(one.state, role))[0] for role in (Role.UNDO, Role.SPEAK))
    assert (undo < 0.3, speak > 0.7) in ((True, True), (False, False))
    assert (undo < 0.3) == (how in (Arrangement.DEFAULT, Arrangement.LOWERED))


@each
@pytest.mark.parametrize("zones", [10, 8, 6])
def test_speak_stands_in_the_same_corner_wherever_it_has_a_zone_of_its_own(how: Arrangement, zones: int) -> None:
    one = desk(how, zones)
    one.choose(0)
    upper = middle(holder(one.state, Role.SPEAK))[1] < 0.5
    assert upper == (how in (Arrangement.DEFAULT, Arrangement.MIRRORED))


@each
def test_a_row_is_read_from_the_left_on_ten_zones(how: Arrangement) -> None:
    page = tiles_of({slot: Choice(role=Role.KEY, label=str(slot)) for slot in (*IN_ROWS, LEFT, RIGHT)})
    here = {tile.slot: middle(tile) for tile in stood(page, how)}
    for row in ((0, 1, 2), (4, 5, 6)):
        lefts = [here[slot][0] for slot in row]
        assert lefts == sorted(lefts)
        assert len({here[slot][1] for slot in row}) == 1


sentences = st.lists(st.sampled_from(["short", "one that is too long for a single tile"]), min_size=1, max_size=4)


@given(sentences, st.sampled_from(Arrangement), st.sampled_from([(0, 1, 2), (0, 1, 2, 3)]))
def test_wide_tiles_stay_wide_and_nothing_overlaps(
    labels: list[str], how: Arrangement, places: tuple[int, ...]
) -> None:
    placed = in_a_row((Choice(role=Role.SENTENCE, label=label) for label in labels), places)
    if CORNER not in places:
        placed[CORNER] = Choice(role=Role.SPEAK)
    page = tiles_of(placed | {LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.MENU)})
    here = stood(page, how)
    for before, after in zip(page, here, strict=True):
        assert (after.slot, after.label, after.role) == (before.slot, before.label, before.role)
        assert width(after) == pytest.approx(width(before))
    spans = [tile.area for tile in here]
    for at, one in enumerate(spans):
        for other in spans[at + 1 :]:
            apart = one.right <= other.left or other.right <= one.left
            assert apart or one.bottom <= other.top or other.bottom <= one.top


def width(tile: m.Tile) -> float:
    return min(1.0, tile.area.right) - max(0.0, tile.area.left)


@pytest.mark.parametrize("how", [how for how in Arrangement if how is not Arrangement.DEFAULT])
@each_layout
def test_a_sentence_is_written_by_the_same_choices(how: Arrangement, zones: int) -> None:
    here, as_ever = desk(how, zones), desk(Arrangement.DEFAULT, zones)
    while not (as_ever.decided and as_ever.decided[-1].say):
        wished = wish(as_ever.screen(), SENTENCE)
        assert wished.tile, wished.why
        as_ever.choose(wished.tile.slot)
        here.choose(wished.tile.slot)
        assert here.state.writing == as_ever.state.writing
        assert here.state.page == as_ever.state.page
        assert [tile.slot for tile in here.state.tiles] == [tile.slot for tile in as_ever.state.tiles]
        assert (here.state.tiles == as_ever.state.tiles) == (order(zones, how) == tuple(range(zones)))
    assert here.decided[-1].say == f"{SENTENCE}."


@each
@pytest.mark.parametrize("zones", PLANS)
def test_what_the_eyes_are_on_is_joined_by_nothing(how: Arrangement, zones: int) -> None:
    """Words that come late change no fold that is looked at, wherever it stands."""
    one = desk(how, zones)
    one.choose(0)
    one.show()
    fold = next((tile for tile in one.state.tiles if tile.members), one.state.tiles[0])
    one.look(fold.slot, 0.6)
    assert one.state.prompt
    one.answer([m.Candidate(words=("zebra",), p=0.9, source=m.Source.MODEL)], one.state.prompt.number, "any")
    after = next(tile for tile in one.state.tiles if tile.area == fold.area)
    assert {part.slot for part in leaves([after])} <= {part.slot for part in leaves([fold])}


@each
def test_the_whole_page_stands_the_same_after_a_restart(how: Arrangement) -> None:
    rules = msgspec.structs.replace(RULES, standing=m.Standing(at=how))
    begun = deciding.begin(rules, 1)
    draft = deciding.restored(deciding.first(1), m.Draft(request="", text="I "), rules, 1)
    assert begun.standing.at is how
    assert draft.standing.at is how
    assert holder(draft, Role.UNDO).area == holder(begun, Role.UNDO).area
    assert TEN.zones[LEFT].area in [tile.area for tile in draft.tiles]
