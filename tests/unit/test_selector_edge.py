"""The edge of a tile under looks that fall beside, and looks that are none."""

import math

import pytest

from unit.test_selector import RULE, Eyes, body_of, pad_of, tiles
from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.contracts.areas import without_pad
from vybor.foundation.clock import seconds
from vybor.selector import edge
from vybor.selector import step as select


@pytest.mark.parametrize("slot", range(10))
@pytest.mark.parametrize("beside", [(0.0, -0.07), (0.0, 0.06), (0.04, 0.0), (-0.04, 0.03)])
def test_looks_that_fall_beside_as_a_whole_find_the_edge(slot: int, beside: tuple[float, float]) -> None:
    """An offset that stands is the same at the words and at the edge: what counts is how far the eyes moved."""

    def moved(place: tuple[float, float]) -> tuple[float, float]:
        return place[0] + beside[0], place[1] + beside[1]

    eyes = Eyes(sd=0.05, standing=0.05).look(moved(body_of(slot)), 1.2)
    assert eyes.slots() == []
    assert eyes.look(moved(pad_of(slot)), 1.5).slots() == [slot]


def test_words_that_are_read_at_the_edge_do_not_choose_themselves() -> None:
    """Eyes go to and fro over a tile for a minute, as far as its words may stand."""
    zone = TEN.zones[2]
    words = without_pad(zone.area, zone.pad)
    eyes = Eyes(sd=0.05, standing=0.05)
    for step in range(150):
        x = words.left + (words.right - words.left) * (0.1 + 0.8 * (step % 5) / 4)
        eyes.look((x, max(words.top, 0.0) + 0.03 + 0.15 * (step % 3) / 2), 0.4)
    assert eyes.slots() == []


@pytest.mark.parametrize("name", ["sd_x", "sd_y", "standing_x", "standing_y"])
@pytest.mark.parametrize("wrong", [math.nan, math.inf, 1e200, -1.0])
def test_a_look_with_a_wild_error_is_no_look(name: str, wrong: float) -> None:
    eyes = Eyes().look(body_of(2), 0.5)
    point = m.GazePoint(**({"x": 0.3, "y": 0.2, "sd_x": 0.03, "sd_y": 0.03} | {name: wrong}))
    gaze = m.Gaze(at_ns=eyes.now_ns + 1, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point)
    after, chosen = select.look(eyes.state, gaze, RULE)
    assert chosen is None
    assert after.belief.bodies != ()
    assert after.point_ns == eyes.state.point_ns


def test_looks_at_the_edge_say_nothing_of_where_the_words_are_seen() -> None:
    """They would make of the edge what the words look like, and it would never be left."""
    zone = TEN.zones[2]
    tile = m.Tile(slot=2, role=m.Role.CANDIDATE, area=zone.area, pad=zone.pad, label="word")
    (words, pad), at_ns, known = (body_of(2), pad_of(2)), 0, edge.AtEdge()

    def looked(place: tuple[float, float]) -> edge.AtEdge:
        point = m.GazePoint(x=place[0], y=place[1], sd_x=0.02, sd_y=0.02)
        return edge.step(known, tile, point, at_ns, seconds(1 / 15))

    known = looked(words)
    seen = known.words
    while known.log_odds <= 0:
        known = edge.AtEdge(known.slot, known.log_odds, seen)
        known = looked(pad)
    assert known.words == seen
    for _ in range(3):
        at_ns += seconds(1 / 15)
        known = looked(pad)
        assert known.words == seen


AT_EDGE = {2: pad_of(2), 5: pad_of(5), 9: (0.99, 0.5)}


def eyes_on_keys(hz: float, late_s: float = 0.0) -> Eyes:
    """On a page of letters, which open their edges to who only glances at them."""
    eyes = Eyes(tiles(role=m.Role.KEY))
    eyes.frame_s, eyes.late_s = 1 / hz, late_s
    return eyes


@pytest.mark.parametrize("slot", AT_EDGE)
@pytest.mark.parametrize("hz", [10, 15, 30, 60])
@pytest.mark.parametrize("late_s", [0.0, 0.03, 0.055])
def test_eyes_that_stay_at_an_edge_choose_once(slot: int, hz: float, late_s: float) -> None:
    """A choice is known later than its look was taken: the next look covers a moment only, and says little."""
    eyes = eyes_on_keys(hz, late_s).look(body_of(slot), 0.8).look(AT_EDGE[slot], 6)
    assert eyes.slots() == [slot]


@pytest.mark.parametrize("role", [m.Role.KEY, m.Role.MARK])
def test_eyes_that_stay_do_not_choose_what_stands_there_on_the_next_page(role: m.Role) -> None:
    eyes = Eyes(tiles(role=m.Role.MENU))
    eyes.frame_s, eyes.late_s = 1 / 30, 0.035
    eyes.look(body_of(9), 0.8)
    while not eyes.chosen:
        eyes.look(AT_EDGE[9], eyes.frame_s)
    eyes.state = select.shown(eyes.state, 2, tiles("klmnopqrst", role=role), eyes.now_ns + seconds(0.045))
    assert eyes.look(AT_EDGE[9], 6).slots() == [9]


@pytest.mark.parametrize("wild", [(0.5, 0.5), (0.625, 0.2), (0.1, 0.8)])
def test_one_wild_look_is_no_leaving(wild: tuple[float, float]) -> None:
    eyes = eyes_on_keys(15, 0.035).look(body_of(2), 0.8)
    while not eyes.chosen:
        eyes.look(pad_of(2), eyes.frame_s)
    for _ in range(6):
        eyes.look(wild, eyes.frame_s).look(pad_of(2), 1)
    assert eyes.slots() == [2]


@pytest.mark.parametrize("slot", AT_EDGE)
@pytest.mark.parametrize("hz", [10, 15, 30, 60])
def test_who_leaves_an_edge_and_comes_back_chooses_there_again(slot: int, hz: float) -> None:
    def twice(between: tuple[float, float], for_s: float) -> list[int]:
        eyes = eyes_on_keys(hz, 0.035).look(body_of(slot), 0.8).look(AT_EDGE[slot], 1.2)
        return eyes.look(between, for_s).look(AT_EDGE[slot], 1.5).slots()

    assert twice(body_of(slot), 0.4) == [slot, slot]
    assert twice((0.5, 0.5), 0.3) == [slot, slot]
    assert twice(body_of(4), 0.3) == [slot, slot]
