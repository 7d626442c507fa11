"""What is streamed waits until the text is known to be open: nothing of a private one slips out."""

import msgspec
import pytest

from unit.headband_listener import GAZE, OPEN, PRIVATE, SHOWN, Listening, sent
from vybor.commands import open_text
from vybor.contracts import messages as m
from vybor.contracts.messages import Signal
from vybor.foundation.clock import seconds
from vybor.headband.devices.lsl.outlets import Look, Sent


def looks(found: list[Sent]) -> int:
    return sum(isinstance(each, Look) for each in found)


def test_a_look_goes_out_once_a_screen_that_came_after_it_is_open() -> None:
    listener = Listening((Signal.GAZE,))
    listener.hear(OPEN)
    assert looks(listener.hear(OPEN, GAZE)) == 0
    assert looks(listener.hear(OPEN, after_ns=seconds(1))) == 0  # it may have been said before the look was read
    assert looks(listener.hear(OPEN)) == 1
    assert looks(listener.hear(OPEN)) == 0


@pytest.mark.parametrize("come", [(PRIVATE, GAZE), (GAZE, PRIVATE), (OPEN, GAZE, OPEN, PRIVATE)])
def test_looks_that_wait_when_the_text_becomes_private_are_not_given(come: tuple[m.AnyMessage, ...]) -> None:
    listener = Listening((Signal.GAZE,))
    for messages in ((OPEN,), (GAZE,), come, (GAZE,), (PRIVATE,), (PRIVATE, GAZE)):
        listener.hear(*messages)
    reopened = msgspec.structs.replace(OPEN, at_ns=20)
    for messages in ((reopened, GAZE), (reopened,), (reopened,), (reopened,)):
        listener.hear(*messages)
    assert looks(listener.found) == 0
    listener.hear(msgspec.structs.replace(GAZE, at_ns=21))
    assert looks([*listener.hear(reopened), *listener.hear(reopened), *listener.hear(reopened)]) == 1


def test_after_a_standstill_open_screens_of_before_say_nothing() -> None:
    """What lay in the queue meanwhile, or found no room in it, is older than it looks."""
    listener = Listening((Signal.GAZE,))
    listener.hear(OPEN)
    listener.hear(OPEN, GAZE, OPEN, after_ns=seconds(5))
    assert [looks(listener.hear(OPEN)) for _ in range(4)] == [0, 0, 0, 0]


def test_while_no_screen_comes_nothing_is_given_and_it_is_not_kept() -> None:
    listener = Listening((Signal.GAZE,))
    listener.hear(OPEN)
    for _ in range(20):
        listener.hear(GAZE)
    assert listener.found == []
    assert len(listener.telling.text.held) <= open_text.SILENT_S / 0.2


def test_a_screen_of_a_private_text_that_still_stands_is_not_told() -> None:
    shown = [
        msgspec.structs.replace(SHOWN, screen=each)
        for each in (PRIVATE, msgspec.structs.replace(OPEN, incognito=True))
    ]
    assert sent(OPEN, *shown, signals=(Signal.SCREENS,)) == []
