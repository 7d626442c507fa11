"""What the brain's answer to flicker does to a choice: it adds to looks, and does nothing by itself."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.test_deciding import Writer
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import flicker, step
from vybor.selector.belief import Belief


def flickered(writer: Writer, *odds: tuple[int, float], from_s: float = -2.5) -> m.Flickered:
    state = writer.state
    return m.Flickered(
        at_ns=writer.now_ns, from_ns=writer.now_ns + seconds(from_s), offer=state.selector.offer, log_odds=odds
    )


def fresh() -> Writer:
    """Somebody before whom tiles have stood for seconds."""
    found = Writer()
    for _ in range(6):
        found.show()
        found.now_ns += seconds(1)
    return found


def stood(writer: Writer) -> dict[int, int]:
    return dict(writer.state.selector.stood_ns)


@pytest.fixture
def writer() -> Writer:
    return fresh()


def test_it_is_heard_once_a_window_and_the_newest_stands_for_all(writer: Writer) -> None:
    for _ in range(10):
        writer.hear(flickered(writer, (0, 1.0), (1, -1.0)))
    known = writer.state.selector
    assert flicker.added(known.flicker, known.offer, stood(writer), writer.now_ns)[:2] == (1.0, -1.0)


def test_it_lights_nothing_and_chooses_nothing_without_a_look(writer: Writer) -> None:
    writer.hear(flickered(writer, (0, 3.0), (1, -3.0), (2, -3.0)))
    writer.press()
    assert writer.state.selector.slot is None
    assert writer.decided == []


def test_with_a_look_that_is_not_sure_it_tells_which_tile_is_meant() -> None:
    def posterior(*odds: tuple[int, float]) -> tuple[float, float]:
        desk = fresh()
        desk.hear(flickered(desk, *odds))
        area = desk.state.tiles[0].area
        point = m.GazePoint(x=area.right, y=(max(0, area.top) + area.bottom) / 2, sd_x=0.08, sd_y=0.08)
        for _ in range(4):
            desk.now_ns += seconds(1 / 15)
            desk.hear(m.Gaze(at_ns=desk.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point))
        look = desk.state.selector.looks[-1]
        return look.posterior_without_prior, look.flicker

    without, nothing = posterior()
    with_it, said = posterior((0, 3.0), (1, -3.0))
    assert with_it > without
    assert (nothing, said) == (0.0, flicker.CAP)


def test_a_window_that_began_before_the_last_choice_says_nothing(writer: Writer) -> None:
    writer.choose(0)
    assert len(writer.decided) == 1
    writer.now_ns += seconds(1)
    writer.hear(flickered(writer, (0, 3.0)))
    assert writer.state.selector.flicker is None
    for _ in range(4):
        writer.show()
        writer.now_ns += seconds(1)
    writer.hear(flickered(writer, (0, 3.0)))
    assert writer.state.selector.flicker is not None


def test_it_is_of_one_offer_and_soon_too_old(writer: Writer) -> None:
    known = flicker.heard(flickered(writer, (0, 1.0)))
    tiles = stood(writer)
    nothing = (0.0,) * len(tiles)
    assert flicker.added(known, known.offer, tiles, writer.now_ns)[0] == 1.0
    assert flicker.added(known, known.offer + 1, tiles, writer.now_ns) == nothing
    assert flicker.added(known, known.offer, tiles, writer.now_ns + seconds(0.79))[0] == 1.0
    assert flicker.added(known, known.offer, tiles, writer.now_ns + seconds(0.81)) == nothing
    assert flicker.added(known, known.offer, tiles, writer.now_ns - 1) == nothing
    assert flicker.added(None, known.offer, tiles, writer.now_ns) == nothing


def relabelled(writer: Writer, slot: int) -> tuple[m.Tile, ...]:
    tiles = writer.state.selector.tiles
    return tuple(msgspec.structs.replace(tile, label="coffin") if tile.slot == slot else tile for tile in tiles)


@pytest.mark.parametrize("comes_first", ["the words", "the window"])
@pytest.mark.parametrize("from_s", [-2.5, -0.1, 0.0])
def test_a_window_says_nothing_of_a_word_that_came_after_it_began(
    writer: Writer, comes_first: str, from_s: float
) -> None:
    """Whichever is heard first: what the headband saw by the newest offer's name, or that this is shown."""
    known, came_ns, rule = writer.state.selector, writer.now_ns, CommitSettings()
    offer = known.offer + 1
    at_ns = came_ns + seconds(0.3)
    window = m.Flickered(
        at_ns=at_ns, from_ns=came_ns + seconds(from_s), offer=offer, log_odds=((0, -2.0), (1, 2.5), (2, -1.0))
    )
    for news in sorted(["the words", "the window"], key=lambda each: each != comes_first):
        if news == "the words":
            known = step.shown(known, offer, relabelled(writer, 1), came_ns)
        else:
            known, _ = step.sensed(known, window, rule)
    said = {}
    for slot in range(3):
        area = next(tile.area for tile in known.tiles if tile.slot == slot)
        point = m.GazePoint(x=(area.left + area.right) / 2, y=(area.top + area.bottom) / 2, sd_x=0.02, sd_y=0.02)
        look = m.Gaze(at_ns=at_ns + seconds(0.1), at_sd_ns=0, eyes=m.Eyes.OPEN, point=point)
        said[slot] = step.look(known, look, rule)[0].looks[-1].flicker
    assert said == {0: -1.5, 1: 1.5 if from_s == 0.0 else 0.0, 2: -1.0}


def test_words_that_stay_are_told_over_a_change_of_others(writer: Writer) -> None:
    known = writer.state.selector
    before = dict(known.stood_ns)
    known = step.shown(known, known.offer + 1, relabelled(writer, 1), writer.now_ns)
    assert dict(known.stood_ns) == before | {1: writer.now_ns}
    again = step.shown(known, known.offer + 1, known.tiles, writer.now_ns + seconds(1))
    assert again.stood_ns == known.stood_ns


def test_it_speaks_of_a_tile_and_of_its_pad() -> None:
    belief = Belief((0.0, 1.0), (2.0, 3.0), 0)
    found = flicker.with_it(belief, (0.5, -1.5))
    assert (found.bodies, found.pads) == ((0.5, -0.5), (2.5, 1.5))
    assert flicker.with_it(belief, (0.0, 0.0)) is belief


def test_what_it_said_is_forgotten_with_the_looks_that_led_to_a_choice(writer: Writer) -> None:
    writer.hear(flickered(writer, (0, 3.0)))
    assert writer.state.selector.flicker is not None
    writer.choose(0)
    assert len(writer.decided) == 1
    assert writer.state.selector.flicker is None


@given(st.lists(st.tuples(st.integers(-3, 12), st.floats(width=32)), max_size=5))
def test_whatever_is_said_stays_within_the_cap(odds: list[tuple[int, float]]) -> None:
    writer = Writer()
    writer.show()
    known = flicker.heard(flickered(writer, *odds))
    for each in flicker.added(known, known.offer, stood(writer), writer.now_ns):
        assert math.isfinite(each)
        assert abs(each) <= flicker.CAP


def test_a_choice_keeps_what_it_said_and_teaches_the_eyes_nothing() -> None:
    desk = fresh()
    desk.show()
    desk.look(0, 0.5)
    desk.hear(flickered(desk, (0, 2.0), (1, -2.0)))
    desk.look(0, 0.4)
    desk.press()
    (decided,) = desk.decided
    assert decided.decision.slot == 0
    assert decided.decision.evidence.log_odds.flicker == flicker.CAP
    assert desk.state.looked is None
    without = fresh()
    without.choose(0)
    assert without.decided[0].decision.evidence.log_odds.flicker == 0.0
    assert without.state.looked is not None
