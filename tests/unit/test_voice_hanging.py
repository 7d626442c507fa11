"""A player that hangs in its driver, where no signal reaches it, and ends when that lets it go."""

import os
import signal
from collections.abc import Iterator

import msgspec
import pytest

from vybor.contracts import messages as m
from vybor.foundation.bus import Asked
from vybor.foundation.clock import SECOND_NS
from vybor.foundation.settings import VoiceSettings
from vybor.sound import alarm
from vybor.sound.chain import Chain, Program
from vybor.voice.loudness import Loudness
from vybor.voice.process import KILLED_FOR_NS, Voice

LONGEST_WAIT_S = 20.0


class Bus:
    """As much of a bus as the voice needs."""

    def watch(self, descriptor: int) -> None:
        assert descriptor >= 0

    def answer(self, asked: Asked, reply: m.AnyReply) -> None:
        assert isinstance(reply, m.Done), asked


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Voice]:
    monkeypatch.setattr(Loudness, "look", lambda *_: None)
    call = alarm.wav_of(bytes(2000), 22_050)
    made = Voice(VoiceSettings(player=("sleep", "1000")), {"en": call}, Bus())  # type: ignore[arg-type]
    yield made
    made.close()


def sounding(room: Voice) -> int | None:
    """The process that plays; None: nothing sounds."""
    chain = room._performance._chain if room._performance else None
    return chain._programs[0].pid if chain else None


def ask(room: Voice, command: m.AnyCommand, now_ns: int) -> None:
    room.asked(Asked(b"", command), now_ns)
    room.turn(now_ns)


def hang(room: Voice, monkeypatch: pytest.MonkeyPatch, now_ns: int) -> int:
    """Have a call begun and taken back, which its player does not hear; returns its process."""
    ask(room, m.CallHelp(request=f"call {now_ns}"), now_ns)
    hung = sounding(room)
    assert hung is not None
    with monkeypatch.context() as patched:
        patched.setattr(Program, "kill", lambda _: None)
        ask(room, m.Hush(request=f"hush {now_ns}"), now_ns)
    return hung


def test_what_hangs_holds_the_next_sound_up_for_a_moment_and_its_end_is_taken_in_whenever_it_comes(
    room: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung = hang(room, monkeypatch, 0)
    ask(room, m.CallHelp(request="again"), KILLED_FOR_NS - 1)
    assert sounding(room) is None
    room.turn(KILLED_FOR_NS)
    assert sounding(room) not in (None, hung)
    for later_s in (10, 20):  # still hanging
        room.turn(later_s * SECOND_NS)
        assert room._ends.poll(0) == []
    os.kill(hung, signal.SIGKILL)
    assert room._ends.poll(LONGEST_WAIT_S), "no end was signalled"
    room.turn(21 * SECOND_NS)
    assert room._ends.poll(0) == []


def test_it_is_told_for_a_while_that_sentences_were_dropped_behind_a_card_that_was_stuck(room: Voice) -> None:
    assert room.troubles() == ()
    room._plan = msgspec.structs.replace(room._plan, dropped_until_ns=SECOND_NS, probe_ns=None)
    assert [notice.trouble for notice in room.troubles()] == [m.Trouble.NOT_SPOKEN]
    room.turn(2 * SECOND_NS)
    assert room.troubles() == ()


def test_what_is_closed_waits_for_nothing_that_hangs(room: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has five seconds until systemd kills it, and each of them would take one."""
    waited: list[Chain] = []
    real = Chain.wait
    monkeypatch.setattr(Chain, "wait", lambda chain, longest_s: waited.append(chain) or real(chain, longest_s))
    hung = hang(room, monkeypatch, 0)
    ask(room, m.CallHelp(request="again"), 0)
    room.turn(KILLED_FOR_NS)
    last = sounding(room)
    room.close()
    os.kill(hung, signal.SIGKILL)
    (hanging,) = room._hanging
    real(hanging, LONGEST_WAIT_S)
    assert [chain._programs[0].pid for chain in waited] == [last]
