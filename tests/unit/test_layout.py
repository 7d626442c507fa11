"""Where the zones are: they cover what they should, and nothing twice."""

import pytest

from vybor.composer.layout import PAD_HEIGHT, SIDE_PAD_WIDTH, TEN, Layout, rows
from vybor.contracts.areas import Edge, edge_of, without_pad
from vybor.contracts.messages import Area

EIGHT, SIX = rows(3), rows(2)
each_layout = pytest.mark.parametrize("layout", [TEN, EIGHT, SIX], ids=["ten", "eight", "six"])


def overlap(a: Area, b: Area) -> bool:
    return (
        min(a.right, b.right) - max(a.left, b.left) > 1e-9 and min(a.bottom, b.bottom) - max(a.top, b.top) > 1e-9
    )


def size(area: Area) -> float:
    return (area.right - area.left) * (area.bottom - area.top)


def test_slots_run_from_the_upper_left_to_the_lower_right_and_then_beside_the_text() -> None:
    for layout, columns in ((TEN, 4), (EIGHT, 3), (SIX, 2)):
        assert len(layout.zones) == 2 * columns + 2
        *in_rows, left, right = layout.zones
        assert (left.visible.left, right.visible.right) == (0.0, 1.0)
        assert (left.visible.right, right.visible.left) == (layout.band.left, layout.band.right)
        corners = [(zone.visible.top, zone.visible.left) for zone in in_rows]
        assert corners == sorted(corners)
        assert {top for top, _ in corners} == {0.0, 1 - layout.zones[0].visible.bottom}


@each_layout
def test_the_visible_zones_and_the_band_share_the_screen_out(layout: Layout) -> None:
    parts = [zone.visible for zone in layout.zones] + [layout.band]
    assert sum(size(part) for part in parts) == pytest.approx(1)
    assert not any(overlap(a, b) for i, a in enumerate(parts) for b in parts[:i])


@each_layout
def test_areas_do_not_overlap_and_leave_the_band_alone(layout: Layout) -> None:
    areas = [zone.area for zone in layout.zones] + [layout.band]
    assert not any(overlap(a, b) for i, a in enumerate(areas) for b in areas[:i])


@each_layout
def test_the_rows_reach_past_every_edge_of_the_screen(layout: Layout) -> None:
    areas = [zone.area for zone in layout.zones]
    assert min(area.left for area in areas) == pytest.approx(-0.15)
    assert max(area.right for area in areas) == pytest.approx(1.15)
    assert min(area.top for area in areas) == pytest.approx(-0.35)
    assert max(area.bottom for area in areas) == pytest.approx(1.35)


@each_layout
def test_a_pad_is_the_outermost_part_of_its_area(layout: Layout) -> None:
    *in_rows, left, right = layout.zones
    assert (left.pad.left, left.pad.right) == (left.area.left, SIDE_PAD_WIDTH)
    assert (right.pad.left, right.pad.right) == (1 - SIDE_PAD_WIDTH, right.area.right)
    for zone in (left, right):
        assert (zone.pad.top, zone.pad.bottom) == (zone.area.top, zone.area.bottom)
    for zone in in_rows:
        upper = zone.visible.top == 0
        assert (zone.pad.left, zone.pad.right) == (zone.area.left, zone.area.right)
        outer = (zone.area.top, PAD_HEIGHT) if upper else (1 - PAD_HEIGHT, zone.area.bottom)
        assert (zone.pad.top, zone.pad.bottom) == pytest.approx(outer)
        assert overlap(zone.pad, zone.visible)


def test_most_of_a_tile_is_for_reading() -> None:
    assert TEN.zones[0].visible.bottom > 2 * PAD_HEIGHT
    assert TEN.zones[8].visible.right > 2 * SIDE_PAD_WIDTH


@each_layout
def test_each_tile_knows_the_edge_that_its_pad_lies_at(layout: Layout) -> None:
    *in_rows, left, right = layout.zones
    assert [edge_of(zone.area, zone.pad) for zone in (left, right)] == [Edge.LEFT, Edge.RIGHT]
    for zone in in_rows:
        assert edge_of(zone.area, zone.pad) is (Edge.TOP if zone.visible.top == 0 else Edge.BOTTOM)
    for zone in layout.zones:
        body = without_pad(zone.area, zone.pad)
        assert size(body) + size(zone.pad) == pytest.approx(size(zone.area))
        assert not overlap(body, zone.pad)


def test_the_band_is_the_neutral_middle() -> None:
    assert (TEN.band.top, TEN.band.bottom) == pytest.approx((0.31, 0.69))
    assert TEN.band == EIGHT.band == SIX.band
