"""A screen that is pulled out: what the kernel says of a card's connectors, and what the display says then."""

from collections.abc import Mapping
from pathlib import Path

import pygame
import pytest

from unit.display_pages import page
from unit.test_display_window import Desk
from vybor.contracts import messages as m
from vybor.display.drawing import connectors
from vybor.display.drawing.connectors import card_with_screen, is_pulled_out
from vybor.display.drawing.window import open_window
from vybor.foundation.settings import DisplaySettings


def put(cards: Path, states: Mapping[str, str]) -> Path:
    for name, status in states.items():
        (cards / name).mkdir(exist_ok=True)
        (cards / name / "status").write_text(status + "\n")
    return cards


def test_the_card_with_a_screen_is_found(tmp_path: Path) -> None:
    states = {"card0-HDMI-A-1": "disconnected", "card1-DSI-2": "connected", "card1-Writeback-1": "unknown"}
    (tmp_path / "card1").mkdir()
    assert card_with_screen(put(tmp_path, states)) == "1"


def test_without_a_connected_screen_no_card_is_preferred(tmp_path: Path) -> None:
    assert card_with_screen(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("states", "pulled_out"),
    [
        ({"card1-HDMI-A-1": "connected", "card1-HDMI-A-2": "disconnected"}, False),
        ({"card1-HDMI-A-1": "disconnected", "card1-HDMI-A-2": "disconnected"}, True),
        ({"card1-HDMI-A-1": "disconnected", "card1-Writeback-1": "unknown"}, True),
        ({"card1-HDMI-A-1": "disconnected", "card0-HDMI-A-1": "connected"}, True),
        ({"card1-HDMI-A-1": "disconnected", "card11-HDMI-A-1": "connected"}, True),
        ({"card1-DPI-1": "unknown"}, False),
        ({}, False),
    ],
    ids=[
        "one of two",
        "none of two",
        "a writeback",
        "another card's",
        "of a longer name",
        "cannot tell",
        "nothing",
    ],
)
def test_a_screen_is_pulled_out_where_no_connector_of_its_card_has_one(
    tmp_path: Path, states: dict[str, str], pulled_out: bool
) -> None:
    assert is_pulled_out(put(tmp_path, states), "1") is pulled_out


def test_a_connector_that_cannot_be_read_hides_nothing(tmp_path: Path) -> None:
    put(tmp_path, {"card1-HDMI-A-1": "disconnected"})
    (tmp_path / "card1-HDMI-A-2" / "status").mkdir(parents=True)
    assert not is_pulled_out(tmp_path, "1")


def test_what_stands_on_a_screen_that_is_pulled_out_is_said_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(connectors, "CARDS", put(cards, {"card1-HDMI-A-1": "connected"}))
    monkeypatch.setattr("pygame.display.get_driver", lambda: "KMSDRM")
    window = open_window(DisplaySettings(), pointer=False)
    try:
        list(window.happenings())
        desk = Desk(window, tmp_path)
        desk.hear(page())
        assert desk.shown().screen == page()
        put(cards, {"card1-HDMI-A-1": "disconnected"})
        assert desk.turn() == []
        assert desk.bus.unsaid == [m.Shown]
        assert [notice.trouble for notice in desk.display.troubles()] == [m.Trouble.SCREEN_AWAY]
        put(cards, {"card1-HDMI-A-1": "connected"})
        assert desk.shown().screen == page()
        assert desk.display.troubles() == ()
    finally:
        pygame.quit()
