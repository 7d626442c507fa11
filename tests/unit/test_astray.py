"""When looks fall beside what is meant, dots are shown; who reads, or chooses, is left in peace."""

import msgspec
import pytest

from unit.scanner import TICK_S, UPPER, Scanner, tiles
from unit.test_selector import Eyes, body_of, pad_of
from vybor.composer.layout import TEN
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode
from vybor.core.aiming import astray
from vybor.core.aiming.astray import (
    AGAIN_NS,
    EDGES,
    FORGOTTEN_NS,
    STARED_ALONE_NS,
    STARED_NS,
    VAIN_NS,
    Astray,
)
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector import step as select
from vybor.selector.state import Selector

BETWEEN = (0.25, 0.2)
"""On the line between the first two tiles."""


def watched(*places: tuple[tuple[float, float], float], sd: float = 0.03) -> tuple[Eyes, Astray]:
    """Look at one place after the other, each for so many seconds."""
    eyes, known = Eyes(sd=sd), Astray()
    for place, for_s in places:
        for _ in range(round(for_s * 15)):
            before, chosen = eyes.state, len(eyes.chosen)
            eyes.look(place, 1 / 15)
            known = astray.looked(known, before, eyes.state)
            if len(eyes.chosen) > chosen:
                known = astray.chosen(known)
    return eyes, known


RULE = CommitSettings()
NO_HAND = Selector()
"""Of somebody who has never pressed or blinked."""


def due(known: Astray, now_ns: int, mode: Mode = Mode.WORDS) -> bool:
    return astray.is_due(known, NO_HAND, Writing(mode=mode), RULE, now_ns)


def is_due(*places: tuple[tuple[float, float], float], mode: Mode = Mode.WORDS) -> bool:
    eyes, known = watched(*places)
    return due(known, eyes.now_ns, mode)


def test_looks_between_two_tiles_are_astray_after_some_seconds() -> None:
    assert not is_due((BETWEEN, 2.0))
    assert is_due((BETWEEN, 6.0))


def test_at_rest_no_dots_come() -> None:
    assert not is_due((BETWEEN, 30.0), mode=Mode.REST)


def test_who_reads_every_tile_and_the_text_for_minutes_is_left_in_peace() -> None:
    middle = ((TEN.band.left + TEN.band.right) / 2, 0.5)
    page = [(body_of(slot), 0.8) for slot in range(10)] + [(middle, 3.0)]
    assert not is_due(*page * 10)


def test_an_edge_that_leads_to_nothing_is_a_try() -> None:
    glimpse = ((body_of(2), 1.2), (pad_of(2), 0.3))
    assert not is_due(*glimpse, (body_of(2), 1.0))
    eyes, known = watched(*glimpse * 2, (body_of(2), 1.0))
    assert eyes.chosen == []
    assert known.edges == 2
    assert due(known, eyes.now_ns)


def test_an_edge_that_is_taken_for_the_words_is_a_try() -> None:
    """The first looks after the camera was gone were on their way: what they were off is taken for their error."""
    x, y = body_of(2)
    on_their_way, words, edge = ((x, 0.09), 0.5), ((x, y), 0.3), ((x, 0.02), 2.0)
    eyes, known = watched(on_their_way, words, edge, words, sd=0.1)
    assert not due(known, eyes.now_ns), "once is no try"
    eyes, known = watched(on_their_way, words, edge, words, edge, words, sd=0.1)
    assert eyes.chosen == []
    assert due(known, eyes.now_ns)


def test_who_stays_with_a_tile_for_long_and_cannot_take_it_is_shown_dots_each_time_later() -> None:
    """Its edge may be out of reach: the words are seen wherever in it they look."""
    words_and_edge = ((body_of(2), 1.5), ((body_of(2)[0], 0.16), 1.0))
    eyes, known = watched(*words_and_edge * 7)
    assert not due(known, eyes.now_ns), "nobody is interrupted at once"
    eyes, known = watched(*words_and_edge * 9)
    assert eyes.chosen == []
    assert known.stared_ns >= STARED_ALONE_NS
    assert due(known, eyes.now_ns)
    assert not due(astray.asked(known, eyes.now_ns), eyes.now_ns + AGAIN_NS)
    assert not due(known, eyes.now_ns, Mode.REST)


def test_a_choice_ends_it_and_after_dots_the_person_tries_first() -> None:
    eyes, known = watched((BETWEEN, 6.0), (body_of(2), 1.2), (pad_of(2), 1.0))
    assert len(eyes.chosen) == 1
    assert not due(known, eyes.now_ns)
    eyes, known = watched((BETWEEN, 6.0))
    asked = astray.asked(known, eyes.now_ns)
    assert not due(asked, eyes.now_ns)
    again = Astray(unsure_ns=known.unsure_ns, asked_ns=eyes.now_ns)
    assert not due(again, eyes.now_ns + AGAIN_NS - 1)
    assert due(again, eyes.now_ns + AGAIN_NS)


def test_in_a_fitting_no_dots_come_either_and_in_vain_they_come_ever_later() -> None:
    tried = Astray(edges=2)
    assert due(tried, 0)
    assert not due(tried, 0, Mode.FITTING)
    known, now_ns, waits = tried, 0, []
    for _ in range(7):
        known, began_ns = astray.asked(known, now_ns), now_ns
        again = msgspec.structs.replace(known, edges=2)
        while not due(again, now_ns):
            now_ns += AGAIN_NS
        waits.append((now_ns - began_ns) // AGAIN_NS)
    assert waits == [1, 2, 4, 8, 16, 16, 16]
    after_choice = msgspec.structs.replace(astray.asked(astray.chosen(known), now_ns), edges=2)
    assert not due(after_choice, now_ns + AGAIN_NS - 1)
    assert due(after_choice, now_ns + AGAIN_NS)


# --- who can press ----------------------------------------------------------------------------------------

EMPTY, BEGUN = Writing(), Writing(text="I")
TRIED = Astray(edges=EDGES)
NOWHERE = m.GazePoint(x=BETWEEN[0], y=BETWEEN[1], sd_x=0.03, sd_y=0.03)


def hand_that_pressed(rule: CommitSettings = RULE) -> Scanner:
    return Scanner(tiles(), rule).press().wait(0.5, NOWHERE)


def passes(hand: Scanner, known: Astray, writing: Writing = EMPTY) -> Astray:
    known, hand.state = astray.passed(known, hand.state, writing, hand.rule, hand.now_ns)
    return known


def scanning(hand: Scanner, known: Astray = TRIED) -> Astray:
    """Given up, and tiles light up in turn."""
    known = passes(hand, known)
    hand.wait(TICK_S, NOWHERE)
    assert hand.lit() == UPPER
    return known


def test_who_can_press_is_shown_tiles_in_turn_at_once_and_dots_on_the_next_empty_line() -> None:
    hand = hand_that_pressed()
    assert not astray.is_due(TRIED, hand.state, BEGUN, RULE, hand.now_ns)
    known = scanning(hand)
    assert not astray.is_due(known, hand.state, EMPTY, RULE, hand.now_ns), "tiles light up"
    hand.state = select.in_vain(hand.state, 0)
    hand.wait(0.5, NOWHERE)
    assert hand.state.scan is None
    assert not astray.is_due(known, hand.state, BEGUN, RULE, hand.now_ns)
    assert astray.is_due(known, hand.state, EMPTY, RULE, hand.now_ns)
    shown = astray.asked(known, hand.now_ns)
    assert not astray.is_due(shown, hand.state, EMPTY, RULE, hand.now_ns + AGAIN_NS)


@pytest.mark.parametrize(
    ("hand", "known", "mode"),
    [
        (Scanner(tiles(), RULE).wait(0.5, NOWHERE), TRIED, Mode.WORDS),
        (hand_that_pressed(CommitSettings(scan=ScanUse.OFF)), TRIED, Mode.WORDS),
        (hand_that_pressed(), Astray(edges=EDGES - 1, stared_ns=STARED_NS - 1), Mode.WORDS),
        (hand_that_pressed(), TRIED, Mode.REST),
        (hand_that_pressed(), TRIED, Mode.FITTING),
    ],
    ids=["never pressed", "switched off", "not long yet", "rest", "fitting"],
)
def test_else_the_eyes_are_not_given_up(hand: Scanner, known: Astray, mode: Mode) -> None:
    before = hand.state
    assert passes(hand, known, Writing(mode=mode)) == known
    assert hand.state is before


def test_who_stares_at_one_tile_and_does_not_take_it_means_another_one() -> None:
    eyes, known = watched((body_of(2), 5.0))
    assert 0 < known.stared_ns < STARED_NS
    eyes, known = watched((body_of(2), 7.0))
    assert eyes.state.sure
    assert known.stared_ns >= STARED_NS
    assert not due(known, eyes.now_ns), "who cannot press may stare"
    scanning(hand_that_pressed(), known)
    _, reader = watched(*((body_of(slot), 2.5) for slot in (0, 1, 2, 3, 4, 5)))
    assert reader.stared_ns < STARED_NS / 2
    assert astray.chosen(known).stared_ns == 0


def test_presses_that_take_nothing_are_tries_and_those_that_do_are_none() -> None:
    once = astray.pressed(Astray(), in_vain=True)
    assert not due(astray.pressed(once, in_vain=False), 0)
    assert due(astray.pressed(once, in_vain=True), 0)


def test_each_time_they_are_given_up_for_twice_as_long_and_later_that_is_forgotten() -> None:
    hand, known, spans = hand_that_pressed(), TRIED, []
    for _ in range(6):
        known = msgspec.structs.replace(passes(hand, known), edges=EDGES)
        assert known.vain_until_ns is not None
        spans.append((known.vain_until_ns - hand.now_ns) // VAIN_NS)
        hand.now_ns = known.vain_until_ns
    assert spans == [1, 2, 4, 8, 16, 16]
    hand.now_ns += FORGOTTEN_NS
    assert passes(hand, known).vains == known.vains
    hand = hand_that_pressed()
    assert known.vain_until_ns is not None
    hand.now_ns = known.vain_until_ns + FORGOTTEN_NS + 1
    hand.state = msgspec.structs.replace(
        hand.state, inputs=msgspec.structs.replace(hand.state.inputs, steady_ns=hand.now_ns)
    )
    assert passes(hand, known).vains == 0
    assert astray.chosen(known).vains == known.vains


def test_eyes_are_tried_again_right_behind_a_choice_and_not_within_a_row() -> None:
    hand = hand_that_pressed()
    known = scanning(hand)
    for _ in range(4 * round(VAIN_NS / 1e9) + 20):
        hand.wait(0.25, NOWHERE)
        known = passes(hand, known)
    assert hand.state.scan is not None, "a row is about to be lit"
    chosen = len(hand.chosen)
    hand.until(*UPPER).press(0.4)
    for _ in range(3):
        hand.wait(0.4, NOWHERE)
        known = passes(hand, known)
    assert hand.state.scan is not None, "its row was taken"
    hand.until(0).press(0.4)
    assert len(hand.chosen) == chosen + 1
    hand.state = select.rest_after_choice(hand.state, hand.now_ns, RULE)
    for _ in range(12):
        known = passes(hand, known)
        hand.wait(TICK_S, NOWHERE)
    assert hand.state.scan is None


def test_a_scan_that_nobody_wants_gives_the_eyes_back() -> None:
    hand = hand_that_pressed()
    known = msgspec.structs.replace(scanning(hand), vains=4)
    hand.state = select.in_vain(hand.state, hand.now_ns + 16 * VAIN_NS)
    for _ in range(45):
        hand.wait(1, NOWHERE)
        known = passes(hand, known, BEGUN)
    assert hand.state.scan is None


def test_while_tiles_light_up_in_turn_no_look_goes_astray() -> None:
    hand = hand_that_pressed()
    known = scanning(hand)
    for _ in range(60):
        before = hand.state
        hand.wait(TICK_S, NOWHERE)
        known = astray.looked(known, before, hand.state)
    assert (known.unsure_ns, known.edges, known.stared_ns) == (0.0, 0, 0)


def test_dots_that_came_because_looks_chose_nothing_are_counted_until_something_is_chosen() -> None:
    known = astray.asked(TRIED, 1)
    known = astray.asked(msgspec.structs.replace(known, stared_ns=STARED_ALONE_NS), 2)
    assert (known.times, known.missed) == (2, 1)
    known = astray.asked(msgspec.structs.replace(known, edges=EDGES), 3)
    assert (known.times, known.missed) == (3, 2)
    assert astray.chosen(known).missed == 0
