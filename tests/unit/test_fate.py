"""What became of a sentence stays with it: the sound of now says nothing of what was said before."""

import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import Trouble
from vybor.core import fate
from vybor.core.fate import BEGINS_WITHIN_NS, Fate
from vybor.voice.speech import longest_ns

SECOND_NS = 10**9
LATE_NS = 600 * SECOND_NS


def told(trouble: Trouble, process: str = "voice", detail: str = "") -> tuple[m.Notice, ...]:
    return (m.Notice(process=process, trouble=trouble, detail=detail),)


NONE = Fate()
NO_SOUND = told(Trouble.SOUND_MISSING)


def said(before: Fate = NONE, at_ns: int = 0) -> Fate:
    return fate.said(before, "I am here.", at_ns)


@pytest.mark.parametrize(
    ("notices", "heard"),
    [
        ((), True),
        (told(Trouble.CAMERA_STOPPED, "gaze"), True),
        (told(Trouble.PROCESS_SILENT, "gaze"), True),
        (told(Trouble.PROCESS_SILENT), False),
        (NO_SOUND, False),
        (told(Trouble.SOUND_MUTED), False),
        (told(Trouble.VOICE_PLAIN), True),
    ],
)
def test_it_was_heard_unless_the_voice_had_no_sound(notices: tuple[m.Notice, ...], *, heard: bool) -> None:
    assert fate.passed(said(), notices, 1).is_unheard is not heard


def test_a_sound_that_goes_later_takes_nothing_from_what_was_heard() -> None:
    heard = fate.passed(said(), (), 1)
    assert not fate.passed(heard, NO_SOUND, LATE_NS).is_unheard


def test_a_sentence_that_stuck_in_the_card_is_told_late_and_was_not_heard() -> None:
    stuck_ns = longest_ns("I am here.", 160)
    assert stuck_ns > said().until_ns
    stuck = fate.passed(fate.passed(said(), (), 1), NO_SOUND, stuck_ns + SECOND_NS)
    assert stuck.is_unheard
    muted = fate.passed(fate.passed(said(), (), 1), told(Trouble.SOUND_MUTED), stuck_ns + SECOND_NS)
    assert not muted.is_unheard


def test_of_what_is_dropped_behind_a_stuck_sentence_the_newest_is_one_if_it_waited_for_long() -> None:
    late_ns = longest_ns("I am here.", 160) + SECOND_NS
    waited = fate.passed(said(said(), SECOND_NS), (), 2 * SECOND_NS)
    assert fate.passed(waited, told(Trouble.NOT_SPOKEN), late_ns).is_unheard
    came_in_time = fate.passed(said(waited, late_ns - 2 * SECOND_NS), (), late_ns - SECOND_NS)
    assert not fate.passed(came_in_time, told(Trouble.NOT_SPOKEN), late_ns).is_unheard


def test_a_sound_that_comes_back_does_not_say_what_was_not_heard() -> None:
    unheard = fate.passed(said(), NO_SOUND, 1)
    assert fate.passed(unheard, (), 2 * SECOND_NS).is_unheard
    assert fate.passed(unheard, (), LATE_NS).is_unheard


def test_what_fails_while_it_is_said_is_not_heard() -> None:
    begun = fate.passed(said(), (), 1)
    assert fate.passed(begun, NO_SOUND, 2 * SECOND_NS).is_unheard
    assert fate.passed(begun, told(Trouble.NOT_SPOKEN, "core"), 6 * SECOND_NS).is_unheard


def test_a_voice_that_began_anew_or_calls_for_help_has_forgotten_what_may_still_sound_and_nothing_else() -> None:
    assert fate.forgotten(said(), SECOND_NS).is_unheard
    assert not fate.forgotten(said(), LATE_NS).is_unheard
    unheard = fate.passed(said(), NO_SOUND, 1)
    assert fate.forgotten(unheard, LATE_NS).is_unheard


def test_the_next_sentence_has_a_fate_of_its_own() -> None:
    unheard = fate.passed(said(), told(Trouble.NOT_SPOKEN, "core", "too late"), 6 * SECOND_NS)
    following = fate.passed(said(unheard, 7 * SECOND_NS), (), 7 * SECOND_NS)
    assert not following.is_unheard


def test_a_refusal_that_was_told_before_is_of_the_sentence_before() -> None:
    refused = told(Trouble.NOT_SPOKEN, "core", "too late")
    following = fate.passed(said(at_ns=SECOND_NS), refused, SECOND_NS)
    assert not following.is_unheard
    assert fate.passed(following, told(Trouble.NOT_SPOKEN, "core", "no answer"), 6 * SECOND_NS).is_unheard
    over = fate.passed(following, (), 2 * SECOND_NS)
    assert fate.passed(over, refused, 6 * SECOND_NS).is_unheard


def test_it_may_wait_for_the_sentence_before() -> None:
    first = fate.said(Fate(), "word " * 100, 0)
    second = fate.passed(fate.said(first, "Yes.", SECOND_NS), (), SECOND_NS)
    assert fate.passed(second, NO_SOUND, BEGINS_WITHIN_NS + 30 * SECOND_NS).is_unheard
