"""A page of ten places on fewer zones: all of it can be reached, nothing twice, and what stands fast stays."""

from collections import deque
from collections.abc import Iterator

import msgspec
import pytest

from unit.display_pages import on_zones, page
from vybor.composer.folding import CLOSE, FIRST_FOLD, PLANS, Fold, folded, leaves
from vybor.composer.lasting import Kit, Lasting
from vybor.composer.layout import LAYOUTS
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role

each_layout = pytest.mark.parametrize("zones", PLANS)
UNDO, SPEAK = 8, 3
STEADY = (Mode.WORDS, Mode.MORE, Mode.KEYPAD, Mode.LETTERS)


def opened(screen: m.Screen, zones: int) -> Iterator[tuple[m.Screen, tuple[int, ...], int]]:
    """The page, and what each fold of it holds, and so on: the screen, the fold and how many choices away."""
    waiting: deque[tuple[tuple[int, ...], int]] = deque([((), 0)])
    while waiting:
        slots, choices = waiting.popleft()
        here = on_zones(screen, zones, slots)
        yield here, slots, choices
        folds = (tile for tile in here.tiles if tile.role is Role.FOLD)
        waiting.extend((tuple(each.slot for each in tile.members), choices + 1) for tile in folds)


def test_ten_zones_are_the_page_itself() -> None:
    tiles = page().tiles
    assert folded(tiles, Fold(10, Mode.WORDS)) == tiles


@each_layout
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_tile_of_every_page_is_reached_and_no_zone_is_taken_twice(
    zones: int, mode: Mode, language: str
) -> None:
    whole = page(mode, language=language)
    areas = [zone.area for zone in LAYOUTS[zones].zones]
    found: set[int] = set()
    for here, slots, choices in opened(whole, zones):
        assert choices <= {8: 1, 6: 1, 4: 1, 2: 5}[zones]
        assert 0 < len(here.tiles) <= zones
        lie = [areas.index(tile.area) for tile in here.tiles]
        assert len(set(lie)) == len(lie)
        assert all(
            tile.slot == FIRST_FOLD + lies for tile, lies in zip(here.tiles, lie, strict=True) if tile.members
        )
        inside = {each.slot for each in leaves(here.tiles)}
        assert len(inside) == len(leaves(here.tiles))
        assert inside - {CLOSE} == (set(slots) - {CLOSE} or inside)
        found |= {tile.slot for tile in here.tiles if not tile.members}
    several = {tile.slot for tile in whole.tiles if tile.role is Role.BACK and tile.slot != UNDO}
    assert found - {CLOSE} == {tile.slot for tile in whole.tiles} - several


@each_layout
def test_from_every_fold_there_is_a_way_back(zones: int) -> None:
    for mode in Mode:
        for here, slots, _ in opened(page(mode), zones):
            assert not slots or {Role.CLOSE, Role.BACK} & {tile.role for tile in leaves(here.tiles)}


@pytest.mark.parametrize("zones", [8, 6])
def test_undo_and_speak_have_zones_of_their_own_that_lie_far_apart(zones: int) -> None:
    tiles = {tile.slot: tile for tile in on_zones(page(), zones).tiles}
    undo, speak = tiles[UNDO], tiles[SPEAK]
    assert (undo.role, speak.role) == (Role.UNDO, Role.SPEAK)
    assert undo.area.left < 0
    assert speak.area.right > 1
    inside = {tile.role: tile for tile in on_zones(page(), zones, (1, 2, 9)).tiles}
    assert inside[Role.CLOSE].area == undo.area


@each_layout
def test_yes_and_no_cost_the_same_and_help_is_near(zones: int) -> None:
    cost = {
        tile.label or tile.role: choices
        for here, _, choices in reversed(list(opened(page(Mode.MENU), zones)))
        for tile in here.tiles
        if not tile.members
    }
    assert abs(cost["Yes."] - cost["No."]) <= (zones == 2)
    assert cost[Role.HELP] <= {8: 0, 6: 1, 4: 1, 2: 3}[zones]


@each_layout
@pytest.mark.parametrize("mode", STEADY)
def test_words_that_come_and_go_move_nothing_else(zones: int, mode: Mode) -> None:
    """Neither a tile from its zone, nor a member from its fold."""
    many, none = on_zones(page(mode), zones), on_zones(page(mode, candidates=()), zones)
    lies = {each.slot: tile.area for tile in many.tiles for each in leaves([tile])}
    assert all(lies[each.slot] == tile.area for tile in none.tiles for each in leaves([tile]))


def test_nothing_joins_a_tile_that_the_eyes_are_on() -> None:
    before = on_zones(page(candidates=()), 8).tiles
    menu = next(tile for tile in before if tile.role is Role.MENU)
    how = Fold(8, Mode.WORDS, (), before, frozenset({menu.slot}))
    assert menu in folded(page().tiles, how)
    assert menu not in folded(page().tiles, msgspec.structs.replace(how, held=frozenset()))


def test_a_fold_is_as_likely_as_its_words_and_of_letters_nobody_knows() -> None:
    tiles = on_zones(page(), 2).tiles
    assert [tile.p for tile in tiles] == [None, None]
    words = next(tile for tile in on_zones(page(), 2, (0, 1, 2)).tiles if tile.slot == 0)
    assert words.p == pytest.approx(0.2)
    pair = next(tile for tile in on_zones(page(), 2, (0, 1, 10)).tiles if tile.members)
    assert pair.p is None


@each_layout
@pytest.mark.parametrize("mode", [Mode.TOOLS, Mode.MENDING])
@pytest.mark.parametrize("without", [(), (7,), (4, 7)])
def test_that_all_is_to_be_cleared_is_answered_elsewhere_than_it_is_asked(
    zones: int, mode: Mode, without: tuple[int, ...]
) -> None:
    whole = page(mode)
    whole = msgspec.structs.replace(whole, tiles=tuple(tile for tile in whole.tiles if tile.slot not in without))
    asked = {tile.area for here, _, _ in opened(whole, zones) for tile in here.tiles if tile.role is Role.CLEAR}
    answers = {tile.area for tile in on_zones(page(Mode.CLEARING), zones).tiles if tile.role is Role.CLEAR}
    assert len(answers) == 1
    assert asked
    assert not asked & answers


@each_layout
def test_that_something_is_to_be_deleted_is_answered_elsewhere_than_it_is_asked(zones: int) -> None:
    asked = {
        tile.area
        for here, _, _ in opened(page(Mode.ERASING), zones)
        for tile in here.tiles
        if tile.role is Role.ERASE
    }
    answers = {tile.area for tile in on_zones(page(Mode.ERASE_SURE), zones).tiles if tile.role is Role.ERASE}
    assert len(answers) == 1
    assert asked
    assert not asked & answers


@each_layout
def test_that_the_workstation_is_to_be_removed_is_answered_elsewhere_than_it_is_asked(zones: int) -> None:
    whole = page(Mode.SHARING, lasting=Lasting(kit=Kit(sharing=m.Sharing(workstation="desk", agreed=True))))
    asked = {tile.area for here, _, _ in opened(whole, zones) for tile in here.tiles if tile.role is Role.UNPAIR}
    answers = {tile.area for tile in on_zones(page(Mode.UNPAIR_SURE), zones).tiles if tile.role is Role.UNPAIR}
    assert len(answers) == 1
    assert asked
    assert not asked & answers


@each_layout
def test_that_another_workstation_takes_its_place_is_answered_elsewhere_than_it_is_asked(zones: int) -> None:
    whole = page(Mode.SHARING, lasting=Lasting(kit=Kit(sharing=m.Sharing(workstation="desk", agreed=True))))
    asked = {tile.area for here, _, _ in opened(whole, zones) for tile in here.tiles if tile.role is Role.PAIR}
    answers = {tile.area for tile in on_zones(page(Mode.PAIR_SURE), zones).tiles if tile.role is Role.PAIR}
    assert len(answers) == 1
    assert asked
    assert not asked & answers


@each_layout
def test_to_wake_the_two_tiles_lie_on_opposite_sides(zones: int) -> None:
    whole = page(Mode.REST)
    first = on_zones(whole, zones).tiles[0]
    (tile,) = whole.tiles
    second = folded([msgspec.structs.replace(tile, slot=SPEAK)], Fold(zones, Mode.REST))[0]
    assert first.area != second.area
    assert (first.area.left < 0) != (second.area.left < 0)
