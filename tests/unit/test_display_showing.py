"""What holds now, from what was heard and how long ago."""

import msgspec

from unit.display_pages import dot, light, page
from vybor.contracts import messages as m
from vybor.contracts import pursuit
from vybor.display import starting
from vybor.display.helping import Helping, Stage
from vybor.display.showing import MOVES_EVERY_NS, Heard, Showing, changes_in_ns, hear, showing
from vybor.display.starting import Kit, Progress
from vybor.foundation.clock import seconds

BEGAN_NS = seconds(100)
NEWCOMER = page(text="")


def heard(*messages: m.AnyMessage, at_s: float = 0.0, calibrated: bool = True) -> Heard:
    known = Heard(Progress(began_ns=BEGAN_NS, kit=Kit(calibrated=calibrated)))
    for message in messages:
        known = hear(known, message, BEGAN_NS + seconds(at_s))
    return known


def after(known: Heard, seconds_later: float) -> Showing:
    return showing(known, BEGAN_NS + seconds(seconds_later))


def test_before_the_first_screen_the_kit_is_starting() -> None:
    now = after(heard(), 14)
    assert now == Showing(starting=starting.starting(heard().progress, BEGAN_NS + seconds(14)))
    assert now.starting is not None


def test_a_deciding_process_that_never_speaks_is_silent_in_the_end() -> None:
    now = after(heard(), 15.1)
    assert (now.core_silent, now.help, now.starting is not None) == (True, None, True)
    assert after(heard(), 18.1).help is Stage.NONE


def test_at_a_first_start_the_page_stays_and_no_tile_counts_as_shown() -> None:
    known = heard(NEWCOMER, light(2), calibrated=False)
    now = after(known, 0.5)
    assert (now.screen, now.highlight, now.starting is not None) == (None, None, True)
    assert after(hear(known, dot(), BEGAN_NS), 0.5) == Showing(NEWCOMER, target=dot())
    ended = m.CalibrationTarget(at_ns=2, dot=None, dots=9)
    assert after(hear(hear(known, dot(), BEGAN_NS), ended, BEGAN_NS), 0.5) == Showing(NEWCOMER, light(2))


def test_a_screen_is_shown_as_it_came() -> None:
    assert after(heard(page()), 0) == Showing(page())


def test_silence_is_told_within_a_second_and_not_at_once() -> None:
    known = heard(page(), light(2))
    assert after(known, 0.9) == Showing(page(), light(2))
    assert after(known, 0.901) == Showing(page(), core_silent=True)


def test_help_is_offered_only_after_a_silence_that_a_new_start_would_have_ended() -> None:
    known = heard(page())
    assert after(known, 3.9).help is None
    assert after(known, 3.901) == Showing(page(), core_silent=True, help=Stage.NONE)
    assert after(hear(known, page(), BEGAN_NS + seconds(5)), 5.1) == Showing(page())


def test_how_far_the_call_is_stands_on_the_page() -> None:
    called = msgspec.structs.replace(heard(page()), help=Helping(Stage.CALLED, BEGAN_NS))
    assert after(called, 5).help is Stage.CALLED
    assert after(called, 0.5).help is None


def test_dots_give_way_to_the_call_for_help() -> None:
    known = hear(heard(page()), dot(), BEGAN_NS + seconds(5))
    assert after(known, 5) == Showing(page(), core_silent=True, help=Stage.NONE)
    assert after(hear(heard(page()), dot(), BEGAN_NS + seconds(2)), 2) == Showing(
        page(), target=dot(), core_silent=True
    )


def test_a_repeated_screen_is_a_sign_of_life() -> None:
    known = hear(heard(page()), page(), BEGAN_NS + seconds(0.8))
    assert not after(known, 1.6).core_silent
    assert after(known, 1.8).core_silent


def test_a_highlight_of_an_offer_that_is_gone_lights_nothing() -> None:
    old = m.Highlight(at_ns=1, offer=0, slot=2)
    assert after(heard(page(), old), 0).highlight is None
    assert after(heard(page(), m.Highlight(at_ns=1, offer=1, slot=None)), 0).highlight is None


def test_a_dot_stands_over_everything_and_nothing_is_lit_behind_it() -> None:
    assert after(heard(page(), light(2), dot()), 0.5) == Showing(page(), target=dot())


def test_a_calibration_that_ended_gives_the_screen_back() -> None:
    ended = m.CalibrationTarget(at_ns=2, dot=None, dots=9)
    assert after(heard(page(), dot(), ended), 0) == Showing(page())


def test_a_calibration_that_ended_without_a_word_gives_the_screen_back() -> None:
    known = hear(heard(dot()), page(), BEGAN_NS + seconds(1))
    assert after(known, 1.5) == Showing(page())


def test_other_messages_change_nothing() -> None:
    assert hear(heard(page()), m.Pointer(at_ns=1, x=0, y=0), BEGAN_NS) == heard(page())


def test_a_highlight_that_is_only_newer_looks_the_same() -> None:
    newer = m.Highlight(at_ns=99, offer=1, slot=2, captured_ns=98)
    assert Showing(page(), newer).looks_like(Showing(page(), light(2)))
    assert not Showing(page(), light(2, armed=True)).looks_like(Showing(page(), light(2)))
    assert not Showing(page(), light(2)).looks_like(Showing(page()))


def test_a_new_offer_of_the_same_words_is_news() -> None:
    again = m.Screen(at_ns=2, offer=2, mode=m.Mode.WORDS, text=page().text, tiles=page().tiles)
    assert not Showing(again).looks_like(Showing(page()))


def offered(number: int, text: str = "Good morning. I", **about: object) -> m.Screen:
    """The page of words as the offer of this number."""
    return msgspec.structs.replace(page(text=text, **about), offer=number)


UNDO, FIRST = 8, 0


def looked_at(slot: int, *then: m.AnyMessage, at_s: float = 0.1) -> Heard:
    """The eyes on a tile of the first offer, and what came after that."""
    known = heard(offered(1), m.Highlight(at_ns=1, offer=1, slot=slot, armed=True))
    for message in then:
        known = hear(known, message, BEGAN_NS + seconds(at_s))
    return known


def test_a_tile_that_is_looked_at_stays_lit_while_the_words_around_it_change() -> None:
    """The model answers: there is a new offer, and the look that names it is still to come."""
    other_words = offered(2, candidates=("hope so", "mean it", "see"))
    known = looked_at(UNDO, other_words)
    for later_s in (0.1, 0.2, 0.4):
        light = after(known, later_s).highlight
        assert (light and light.slot, light and light.armed) == (UNDO, True)
    still = m.Highlight(at_ns=2, offer=1, slot=UNDO, armed=True)
    assert after(hear(known, still, BEGAN_NS + seconds(0.2)), 0.3).highlight == still
    again = looked_at(UNDO, other_words, offered(3))
    assert after(again, 0.2).highlight is not None


def test_a_tile_that_has_changed_under_the_look_goes_dark() -> None:
    known = looked_at(FIRST, offered(2, candidates=("hope so", "mean it", "see")))
    assert after(known, 0.1).highlight is None


def test_nothing_stays_lit_without_a_look_that_says_so() -> None:
    known = looked_at(UNDO, offered(2))
    assert after(hear(known, offered(2), BEGAN_NS + seconds(0.6)), 0.6).highlight is None
    away = m.Highlight(at_ns=2, offer=1, slot=None)
    assert after(looked_at(UNDO, offered(2), away), 0.2).highlight is None
    elsewhere = m.Highlight(at_ns=2, offer=1, slot=FIRST)
    assert after(looked_at(UNDO, offered(2), elsewhere), 0.2).highlight is None


def test_the_display_wakes_when_silence_is_to_be_told() -> None:
    known = heard(page())
    assert changes_in_ns(known, BEGAN_NS + seconds(0.85)) == seconds(0.05) + 1
    told_ns = BEGAN_NS + seconds(0.9) + 1
    assert showing(known, told_ns).core_silent
    assert not showing(known, told_ns - 1).core_silent
    assert changes_in_ns(known, told_ns) == seconds(3)
    assert changes_in_ns(known, BEGAN_NS + seconds(9)) is None


def test_tiles_that_light_up_in_turn_are_shown_and_each_turn_looks_different() -> None:
    row = m.Highlight(at_ns=1, offer=1, slot=None, scan=(0, 1))
    assert after(heard(page(), row), 0).highlight == row
    assert not Showing(page(), row).looks_like(Showing(page(), msgspec.structs.replace(row, scan=(0,))))


def follow(moves_ns: int | None) -> m.CalibrationTarget:
    return m.CalibrationTarget(at_ns=1, dot=0, dots=1, is_followed=True, moves_ns=moves_ns)


def test_a_dot_that_is_followed_stands_until_its_time_and_then_is_where_its_path_says() -> None:
    known = heard(page(), follow(BEGAN_NS + seconds(0.4)))
    assert after(known, 0.3).moved is None
    assert after(known, 1.0).moved == pursuit.place(seconds(0.6))
    assert not after(known, 1.0).looks_like(after(known, 1.1))
    assert after(known, 1.1).is_only_moved(after(known, 1.0))
    assert not after(known, 1.1).is_only_moved(after(heard(page(), dot()), 1.1))
    assert after(heard(page(), follow(None)), 1.0).moved is None


def test_the_display_wakes_in_time_for_a_dot_that_moves() -> None:
    known = heard(page(), follow(BEGAN_NS + seconds(0.4)))
    assert changes_in_ns(known, BEGAN_NS) == seconds(0.4) + 1
    assert changes_in_ns(known, BEGAN_NS + seconds(0.5)) == MOVES_EVERY_NS + 1
