"""Any process ends when it is to start again, if somebody starts it; else it goes on and says why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.test_headband_acquisition import HandClock
from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.heartbeat import is_kept
from vybor.foundation.loop import ALONE, deliver


class Room:
    """Is asked nothing that the loop answers itself."""

    def __init__(self) -> None:
        self.asked_of: list[Asked] = []

    def heard(self, heard: Heard, now_ns: int) -> None:
        raise AssertionError

    def asked(self, asked: Asked, now_ns: int) -> None:
        self.asked_of.append(asked)

    def answered(self, answered: Answered, now_ns: int) -> None:
        raise AssertionError

    def turn(self, now_ns: int) -> float:
        return 0.0

    def troubles(self) -> tuple[m.Notice, ...]:
        return ()

    def close(self) -> None:
        pass


@pytest.fixture
def buses(tmp_path: Path) -> Iterator[tuple[Bus, Bus, HandClock]]:
    clock = HandClock()
    voice, core = Bus("voice", tmp_path, clock), Bus("core", tmp_path, clock)
    yield voice, core, clock
    voice.close()
    core.close()


@pytest.mark.parametrize("kept", [True, False])
def test_it_ends_only_where_somebody_starts_it(kept: bool, buses: tuple[Bus, Bus, HandClock]) -> None:
    voice, core, clock = buses
    room, ends, told = Room(), False, None
    core.ask("voice", m.StartAgain(request=core.new_request()))
    for _ in range(200):
        ends |= deliver(room, voice, 0.01, clock, is_kept=kept)
        clock.at_ns += seconds(0.1)
        core.tend()
        for arrival in core.receive(0.01):
            assert isinstance(arrival, Answered)
            told = arrival.reply
        if told:
            break
    assert (ends, room.asked_of) == (kept, [])
    assert isinstance(told, m.Done if kept else m.Refused)
    assert getattr(told, "reason", ALONE) == ALONE


def test_systemd_and_supervisor_start_again_and_a_terminal_does_not() -> None:
    assert is_kept({"NOTIFY_SOCKET": "/run/systemd/notify"})
    assert is_kept({"SUPERVISOR_ENABLED": "1"})
    assert not is_kept({"HOME": "/root", "INVOCATION_ID": "a desktop's own"})
