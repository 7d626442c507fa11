"""Tiles that light up in turn: how they are drawn, and what is whispered of them."""

import msgspec

from unit.display_pages import light, page, sheet
from unit.practice_steps import Learner, screen
from vybor.contracts import messages as m
from vybor.contracts.messages import FitPhase, FitStage, Mode, Role, Sign
from vybor.display.drawing.scene import Patch, Text
from vybor.display.says.words import words_in
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.display.whispering import explained, takes_s, whispered

EN = words_in("en")


def lit(*slots: int, mode: Mode = Mode.WORDS, language: str = "en") -> Showing:
    light = m.Highlight(at_ns=1, offer=1, slot=None, scan=slots)
    return Showing(page(mode, language=language), light)


def patches(showing: Showing, *, pad: bool = True) -> tuple[Patch, ...]:
    """One for each tile, in the order of slots."""
    return scene(showing, sheet(1280, 720), EN, Ways(pad=pad)).patches[1:]


def test_tiles_whose_turn_it_is_are_lit_and_ask_for_no_look() -> None:
    """Lit is more than a colour: their border is as thick as that of a tile that is looked at."""
    drawn, dark = patches(lit(4, 5, 6, 7)), patches(Showing(page()))
    looked_at = patches(Showing(page(), m.Highlight(at_ns=1, offer=1, slot=5)))
    assert drawn[5] == looked_at[5] != dark[5]
    assert [slot for slot in range(10) if drawn[slot] != dark[slot]] == [4, 5, 6, 7]


def test_a_pad_that_stands_in_for_a_headband_that_is_gone_asks_for_the_look() -> None:
    armed = patches(Showing(page(), light(0, armed=True)), pad=False)[0]
    assert "look here" in " ".join(thing.text for thing in armed.things if isinstance(thing, Text))


def test_the_words_of_a_row_then_of_a_tile_in_the_wearers_language() -> None:
    tiles = {tile.slot: tile for tile in page().tiles}
    assert whispered(lit(0, 1), None, EN) == f"{tiles[0].label}, {tiles[1].label}"
    assert whispered(lit(1), lit(0, 1), EN) == tiles[1].label
    assert whispered(lit(8), None, EN) == "Undo"
    assert whispered(lit(8, language="ru"), None, words_in("ru")) == "Отмена"


def test_what_stays_lit_is_not_whispered_again() -> None:
    assert whispered(lit(0, 1), lit(0, 1), EN) == ""
    assert whispered(Showing(page()), lit(0, 1), EN) == ""


def test_at_rest_the_way_out_is_whispered() -> None:
    slots = tuple(tile.slot for tile in page(Mode.REST).tiles)
    assert whispered(lit(*slots, mode=Mode.REST), None, EN) == "Wake"


def test_what_practice_says_is_whispered_once_and_leaves_the_labels_their_turn() -> None:
    learner = Learner("en")
    first = Showing(screen(learner, m.Choosing.SCAN))
    told = explained(first, Showing(page()), EN)
    assert told.startswith("When the row with “Please” is lit")
    assert explained(first, None, EN) == told
    assert explained(Showing(screen(learner, m.Choosing.SCAN), lit(0, 1).highlight), first, EN) == ""
    learner.take(Role.CANDIDATE, "Please")
    assert explained(Showing(screen(learner, m.Choosing.SCAN)), first, EN).startswith("Good. Take any word")
    assert explained(Showing(page()), first, EN) == ""
    assert explained(Showing(page()), Showing(page()), EN) == ""


def test_a_longer_text_takes_longer_to_be_whispered() -> None:
    assert takes_s("one two", 120) == 3.0
    assert takes_s("one two three", 120) > takes_s("one two", 120) > takes_s("one two", 240)


def test_who_chooses_by_ear_hears_what_a_fitting_asks_for_and_each_cue_once() -> None:
    def at(phase: FitPhase) -> Showing:
        stage = FitStage(phase=phase, sign=Sign.SWITCH)
        return Showing(msgspec.structs.replace(page(Mode.FITTING), fitting=stage))

    assert whispered(at(FitPhase.CUE), at(FitPhase.PAUSE), EN) == "Press now"
    assert whispered(at(FitPhase.CUE), at(FitPhase.CUE), EN) == ""
    assert whispered(at(FitPhase.PAUSE), at(FitPhase.CUE), EN) == "Wait"
    assert whispered(at(FitPhase.EFFORT), at(FitPhase.PAUSE), EN) == ""


def test_who_chooses_by_ear_hears_once_what_can_be_stopped() -> None:
    asked = m.PowerAsked(at_ns=1, wish=m.PowerWish.OFF, left_s=30)
    now, later = Showing(page(), power=asked), Showing(page(), power=msgspec.structs.replace(asked, left_s=25))
    assert explained(now, Showing(page()), EN) == (
        "The carer’s page switches the kit off in 30 s. Choose anything to stop it."
    )
    assert explained(now, None, EN) == explained(now, Showing(page()), EN)
    assert explained(later, now, EN) == ""
