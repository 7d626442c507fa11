"""A screen that was unsteady is measured anew after a while, and what flickers then goes by what it is now."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pygame
import pytest

from unit.display_flicker_kit import FLICKERING, PERIOD_NS, SETTINGS, Kit, Panel
from unit.test_display_flickers import pictures, press
from vybor.contracts import messages as m
from vybor.contracts.messages import FlickerStop
from vybor.display import flickers
from vybor.display.drawing.window import open_window
from vybor.foundation.clock import SECOND_NS, seconds


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    panel, window = Panel(), open_window(SETTINGS.display, pointer=False)
    monkeypatch.setattr(window, "flip", panel.flip)
    yield Kit(tmp_path, window, panel, SETTINGS)
    window.close()


def rests(kit: Kit, lasts_ns: int) -> list[m.Shown]:
    """Time goes by, and the core wants what it wanted; what was said meanwhile, the last of before too."""
    before, until_ns = len(kit.bus.said), kit.panel.ns + lasts_ns
    said = [kit.shown()]
    while kit.panel.ns < until_ns:
        if kit.turn() > 0:
            kit.panel.ns += seconds(0.1)
    return said + [one for one in kit.bus.said[before:] if isinstance(one, m.Shown)]


def unsettled(kit: Kit) -> None:
    """What flickers ends, because frames come late for a while."""
    pictures(kit, [FLICKERING])
    kit.panel.late_ns = 2 * PERIOD_NS
    for _ in range(30):
        kit.turn()
    kit.panel.late_ns = 0.0
    assert kit.shown().flicker_stop is FlickerStop.UNSTEADY


@pytest.mark.parametrize(("hz", "rhythms"), [(60, (7.5, 10, 12)), (90, (7.5, 10, 90 / 7))])
def test_a_screen_that_is_steady_again_after_a_while_flickers_in_the_rhythms_that_it_has_now(
    kit: Kit, hz: float, rhythms: tuple[float, ...]
) -> None:
    unsettled(kit)
    kit.panel.period_ns = SECOND_NS / hz
    assert {each.flicker_stop for each in rests(kit, flickers.CALM_NS - seconds(1))} == {FlickerStop.UNSTEADY}
    assert not kit.shown().flicker
    said = rests(kit, seconds(3))
    assert [each.flicker_stop for each in said if not each.flicker] == [FlickerStop.UNSTEADY, None][
        : len(said) - 1
    ]
    assert [each.hz for each in kit.shown().flicker] == pytest.approx(rhythms)


def test_a_screen_that_stays_unsteady_is_measured_ever_more_seldom_and_never_flickers(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsettled(kit)
    flips_ns: list[float] = []

    def uneven() -> None:
        kit.panel.ns += PERIOD_NS * (1 + len(flips_ns) % 2)
        flips_ns.append(kit.panel.ns)

    monkeypatch.setattr(kit.window, "flip", uneven)
    began_ns = kit.panel.ns
    said = rests(kit, seconds(60 * (1 + 2 + 4) + 30))
    assert not any(each.flicker for each in said)
    assert {each.flicker_stop for each in said} == {FlickerStop.UNSTEADY}
    starts_ns = [flips_ns[0], *(after for before, after in pairwise(flips_ns) if after - before > seconds(1))]
    assert [round((at_ns - began_ns) / seconds(60), 1) for at_ns in starts_ns] == pytest.approx([1, 3, 7], abs=0.2)


def test_who_stopped_it_is_asked_by_no_measurement(kit: Kit) -> None:
    pictures(kit, [FLICKERING])
    press(pygame.K_ESCAPE)
    kit.turn()
    assert {each.flicker_stop for each in rests(kit, seconds(300))} == {FlickerStop.UNWANTED}
