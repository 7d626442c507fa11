"""What is whispered of the tiles that light up in turn."""

from unit.display_pages import page
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode
from vybor.display.showing import Showing
from vybor.display.whispering import whispered
from vybor.display.words import words_in

EN = words_in("en")


def lit(*slots: int, mode: Mode = Mode.WORDS, language: str = "en") -> Showing:
    light = m.Highlight(at_ns=1, offer=1, slot=None, scan=slots)
    return Showing(page(mode, language=language), light)


def test_the_words_of_a_row_then_of_a_tile_in_the_wearers_language() -> None:
    tiles = {tile.slot: tile for tile in page().tiles}
    assert whispered(lit(0, 1), None, EN) == f"{tiles[0].label}, {tiles[1].label}"
    assert whispered(lit(1), lit(0, 1), EN) == tiles[1].label
    assert whispered(lit(8), None, EN) == "Undo"
    assert whispered(lit(8, language="ru"), None, words_in("ru")) == "Отмена"


def test_what_stays_lit_is_not_whispered_again() -> None:
    assert whispered(lit(0, 1), lit(0, 1), EN) == ""
    assert whispered(Showing(page()), lit(0, 1), EN) == ""


def test_at_rest_nothing_is_whispered() -> None:
    slots = tuple(tile.slot for tile in page(Mode.REST).tiles)
    assert whispered(lit(*slots, mode=Mode.REST), None, EN) == ""
