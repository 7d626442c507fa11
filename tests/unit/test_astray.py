"""When looks fall beside what is meant, dots are shown; who reads, or chooses, is left in peace."""

import msgspec

from unit.scanner import TICK_S, UPPER, Scanner, tiles
from unit.test_selector import Eyes, body_of, pad_of
from vybor.composer.layout import TEN
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode
from vybor.core import astray
from vybor.core.astray import AGAIN_NS, EDGES, FORGOTTEN_NS, VAIN_NS, Astray
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings

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


def is_due(*places: tuple[tuple[float, float], float], mode: Mode = Mode.WORDS) -> bool:
    eyes, known = watched(*places)
    return astray.is_due(known, mode, eyes.now_ns)


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
    assert astray.is_due(known, Mode.WORDS, eyes.now_ns)


def test_a_choice_ends_it_and_after_dots_the_person_tries_first() -> None:
    eyes, known = watched((BETWEEN, 6.0), (body_of(2), 1.2), (pad_of(2), 1.0))
    assert len(eyes.chosen) == 1
    assert not astray.is_due(known, Mode.WORDS, eyes.now_ns)
    eyes, known = watched((BETWEEN, 6.0))
    asked = astray.asked(known, eyes.now_ns)
    assert not astray.is_due(asked, Mode.WORDS, eyes.now_ns)
    again = Astray(unsure_ns=known.unsure_ns, asked_ns=eyes.now_ns)
    assert not astray.is_due(again, Mode.WORDS, eyes.now_ns + AGAIN_NS - 1)
    assert astray.is_due(again, Mode.WORDS, eyes.now_ns + AGAIN_NS)


def test_in_a_fitting_no_dots_come_either_and_in_vain_they_come_ever_later() -> None:
    tried = Astray(edges=2)
    assert astray.is_due(tried, Mode.WORDS, 0)
    assert not astray.is_due(tried, Mode.FITTING, 0)
    known, now_ns, waits = tried, 0, []
    for _ in range(7):
        known, began_ns = astray.asked(known, now_ns), now_ns
        again = msgspec.structs.replace(known, edges=2)
        while not astray.is_due(again, Mode.WORDS, now_ns):
            now_ns += AGAIN_NS
        waits.append((now_ns - began_ns) // AGAIN_NS)
    assert waits == [1, 2, 4, 8, 16, 16, 16]
    after_choice = msgspec.structs.replace(astray.asked(astray.chosen(known), now_ns), edges=2)
    assert not astray.is_due(after_choice, Mode.WORDS, now_ns + AGAIN_NS - 1)
    assert astray.is_due(after_choice, Mode.WORDS, now_ns + AGAIN_NS)


# --- dots did not help ------------------------------------------------------------------------------------

RULE = CommitSettings()
EMPTY, BEGUN = Writing(), Writing(text="I")
TRIED = Astray(edges=EDGES)
NOWHERE = m.GazePoint(x=BETWEEN[0], y=BETWEEN[1], sd_x=0.03, sd_y=0.03)


def scanning(known: Astray, hand: Scanner) -> Astray:
    """Given up, and tiles light up in turn."""
    known, hand.state = astray.passed(known, hand.state, EMPTY, RULE, hand.now_ns)
    hand.wait(TICK_S)
    assert hand.lit() == UPPER
    return known


def hand_that_pressed() -> Scanner:
    return Scanner(tiles(), RULE).press()


def test_eyes_are_given_up_only_soon_behind_dots() -> None:
    hand = hand_that_pressed()
    assert astray.passed(TRIED, hand.state, EMPTY, RULE, hand.now_ns) == (TRIED, hand.state)
    behind = msgspec.structs.replace(astray.asked(TRIED, hand.now_ns), edges=EDGES)
    scanning(behind, hand)
    hand.now_ns += AGAIN_NS
    assert not astray.is_vain(behind, Mode.WORDS, hand.now_ns)
    assert not astray.is_vain(msgspec.structs.replace(behind, asked_ns=hand.now_ns), Mode.REST, hand.now_ns)


def test_presses_that_take_nothing_are_tries_and_those_that_do_are_none() -> None:
    once = astray.pressed(Astray(), in_vain=True)
    assert not astray.is_due(astray.pressed(once, in_vain=False), Mode.WORDS, 0)
    assert astray.is_due(astray.pressed(once, in_vain=True), Mode.WORDS, 0)


def test_each_time_they_are_given_up_for_twice_as_long_and_later_it_is_forgotten() -> None:
    known, now_ns, spans = TRIED, seconds(10), []
    for _ in range(6):
        known, until_ns = astray.given_up(known, now_ns)
        spans.append((until_ns - now_ns) // VAIN_NS)
        now_ns = until_ns
    assert spans == [1, 2, 4, 8, 16, 16]
    assert astray.given_up(known, now_ns + FORGOTTEN_NS + 1)[1] - now_ns - FORGOTTEN_NS - 1 == VAIN_NS
    assert astray.chosen(known).vains == known.vains


def test_eyes_are_tried_again_after_the_text_and_at_once_if_nobody_presses() -> None:
    hand = hand_that_pressed()
    known = scanning(msgspec.structs.replace(astray.asked(TRIED, hand.now_ns), edges=EDGES), hand)
    for _ in range(100):
        hand.wait(1, NOWHERE)
        hand.press(0)  # somebody is there
        known, hand.state = astray.passed(known, hand.state, BEGUN, RULE, hand.now_ns)
    assert hand.state.scan is not None
    known, hand.state = astray.passed(known, hand.state, EMPTY, RULE, hand.now_ns)
    hand.wait(3, NOWHERE)
    assert hand.lit() == ()


def test_a_scan_that_nobody_wants_gives_the_eyes_back() -> None:
    hand = hand_that_pressed()
    known = scanning(msgspec.structs.replace(astray.asked(TRIED, hand.now_ns), edges=EDGES), hand)
    for _ in range(45):
        hand.wait(1, NOWHERE)
        known, hand.state = astray.passed(known, hand.state, BEGUN, RULE, hand.now_ns)
    assert hand.lit() == ()
    assert hand.state.scan is None


def test_while_tiles_light_up_in_turn_no_look_goes_astray() -> None:
    hand = hand_that_pressed()
    known = scanning(msgspec.structs.replace(astray.asked(TRIED, hand.now_ns), edges=EDGES), hand)
    for _ in range(60):
        before = hand.state
        hand.wait(TICK_S, NOWHERE)
        known = astray.looked(known, before, hand.state)
    assert (known.unsure_ns, known.edges) == (0.0, 0)
