"""The bus: states conflate and come again, events are counted, commands are done once and answered always."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest
import zmq
from hypothesis import given
from hypothesis import strategies as st

from vybor.contracts import messages as m
from vybor.contracts import wire
from vybor.foundation import names
from vybor.foundation.bus import REMEMBERED_TELLING_BYTES, Answered, Arrival, Asked, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import AddressInUse, PlaceError


@contextmanager
def bus(name: str, folder: Path, *hears: type[m.Message]) -> Iterator[Bus]:
    opened = Bus(name, folder, SystemClock(), hears)
    try:
        yield opened
    finally:
        opened.close()


def until(receiver: Bus, kind: type[Arrival], *others: Bus) -> Arrival:
    """The first arrival of a kind; the other ends are kept going meanwhile."""
    for _ in range(200):
        for other in others:
            other.receive(0.005)
            other.tend()
        receiver.tend()
        for arrival in receiver.receive(0.02):
            if isinstance(arrival, kind):
                return arrival
    raise AssertionError(f"no {kind.__name__} arrived")


def blink(at_ns: int) -> m.Gesture:
    return m.Gesture(at_ns=at_ns, at_sd_ns=0, ended_ns=at_ns, kind=m.GestureKind.BLINK, log_odds=0.0)


def screen(text: str) -> m.Screen:
    return m.Screen(at_ns=1, offer=1, mode=m.Mode.WORDS, text=text, tiles=())


def test_a_late_reader_hears_the_last_state(tmp_path: Path) -> None:
    with bus("core", tmp_path) as core:
        core.publish(screen("before"))
        core.publish(screen("hello"))
        with bus("display", tmp_path, m.Screen) as display:
            heard = until(display, Heard, core)
            assert isinstance(heard, Heard)
            assert heard.message == screen("hello")


class HandClock:
    def __init__(self) -> None:
        self.at_ns = seconds(100)

    def now_ns(self) -> int:
        return self.at_ns


def test_a_state_is_said_as_often_as_the_table_says_whatever_the_pace_of_the_loop(tmp_path: Path) -> None:
    """A loop at 15 Hz is a little late for each of five in a second: that must not add up to four."""
    clock, context = HandClock(), zmq.Context()
    core, reader = Bus("core", tmp_path, clock), context.socket(zmq.SUB)
    reader.setsockopt(zmq.SUBSCRIBE, wire.topic_of(m.Screen))
    reader.connect(f"ipc://{tmp_path / 'core'}")
    core.publish(screen("hello"))
    core.receive(5.0)
    assert reader.recv(), "as a late reader"
    for _ in range(20 * 15):
        clock.at_ns += seconds(1 / 15)
        core.tend()
    core.publish(screen("the end"))
    said = 0
    while wire.unpack(reader.recv()).message == screen("hello"):
        said += 1
    core.close()
    context.destroy(linger=0)
    assert said == pytest.approx(100, abs=1)


def test_a_slow_reader_hears_the_newest_state_only(tmp_path: Path) -> None:
    with bus("core", tmp_path) as core, bus("display", tmp_path, m.Screen) as display:
        core.publish(screen("first"))
        until(display, Heard, core)
        for number in range(100):
            core.publish(screen(str(number)))
        heard = [until(display, Heard, core)]
        while more := [a for a in display.receive(0.1) if isinstance(a, Heard)]:
            heard += more
        assert heard[-1].message == screen("99")
        assert len(heard) < 20


def test_events_come_all_in_order_and_a_gap_is_noticed(tmp_path: Path) -> None:
    with ExitStack() as stack:
        headband = stack.enter_context(bus("headband", tmp_path))
        core = stack.enter_context(bus("core", tmp_path, m.Gesture))
        for _ in range(20):  # let the subscription arrive
            headband.receive(0.01)
        for number in range(50):
            headband.publish(blink(number))
        heard: list[Heard] = []
        while len(heard) < 50:
            heard += [a for a in core.receive(1.0) if isinstance(a, Heard)]
        assert [one.message.at_ns for one in heard] == list(range(50))
        assert all(one.missed == 0 for one in heard)
        headband._numbers[m.Gesture] += 3  # three are lost on the way
        headband.publish(blink(99))
        last = until(core, Heard, headband)
        assert isinstance(last, Heard)
        assert last.missed == 3


def test_a_restarted_publisher_is_no_gap(tmp_path: Path) -> None:
    with bus("core", tmp_path, m.Gesture) as core:
        for at_ns in (1, 2):
            with bus("headband", tmp_path) as headband:
                subscribed = False
                while not subscribed:  # an event before the reader has found the new publisher is nobody's
                    core.receive(0.01)  # ZeroMQ subscribes anew in the reader's own thread
                    subscribed = bool(headband._publishing.poll(10))
                    headband.receive(0)
                headband.publish(blink(at_ns))
                heard = until(core, Heard, headband)
                assert isinstance(heard, Heard)
                assert (heard.message.at_ns, heard.missed) == (at_ns, 0)


def test_only_the_owner_of_a_channel_speaks_on_it(tmp_path: Path) -> None:
    with bus("voice", tmp_path) as voice, pytest.raises(ValueError, match="voice may not publish Screen"):
        voice.publish(screen("hello"))


def test_a_command_waits_for_its_receiver_is_done_once_and_answered(tmp_path: Path) -> None:
    with bus("core", tmp_path) as core:
        said = m.Say(request=core.new_request(), text="hello")
        core.ask("voice", said)
        with bus("voice", tmp_path) as voice:
            asked = until(voice, Asked, core)
            assert isinstance(asked, Asked)
            assert asked.command == said
            # The answer is slow: the command is sent again meanwhile, and must not arrive again.
            again: list[Arrival] = []
            for _ in range(80):
                core.tend()
                again += voice.receive(0.01)
            assert not [a for a in again if isinstance(a, Asked)]
            voice.answer(asked, m.Done(request=said.request))
            answered = until(core, Answered, voice)
            assert answered == Answered("voice", m.Done(request=said.request))


def test_commands_come_to_a_late_receiver_in_the_order_they_were_asked(tmp_path: Path) -> None:
    """Even where the last is asked as soon as the receiver is there, before the others are due again."""
    with bus("core", tmp_path) as core:
        for text in ("one", "two"):
            core.ask("voice", m.Say(request=text, text=text))
        with bus("voice", tmp_path) as voice:
            core.receive(0.3)  # long enough to be connected, and not to send anything again
            core.ask("voice", m.Say(request="three", text="three"))
            heard: list[str] = []
            for _ in range(200):
                heard += [one.command.request for one in voice.receive(0.02) if isinstance(one, Asked)]
                if len(heard) == 3:
                    break
                core.tend()
    assert heard == ["one", "two", "three"]


def test_a_command_taken_back_is_not_sent_to_a_late_receiver(tmp_path: Path) -> None:
    with bus("core", tmp_path) as core:
        said = m.Say(request=core.new_request(), text="too late")
        core.ask("voice", said)
        core.take_back("voice", said.request)
        with bus("voice", tmp_path) as voice:
            arrivals: list[Arrival] = []
            for _ in range(60):
                core.tend()
                arrivals += voice.receive(0.01)
            assert not [a for a in arrivals if isinstance(a, Asked)]


def test_a_second_process_of_the_same_name_is_refused(tmp_path: Path) -> None:
    with bus("core", tmp_path), pytest.raises(AddressInUse, match=r"core already runs in .*--runtime"):
        Bus("core", tmp_path, SystemClock())
    with bus("core", tmp_path):  # the name is free again
        pass


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_the_lock_is_the_group_s_whoever_made_it(tmp_path: Path, umask: int) -> None:
    """Made by root for a moment, it would else keep the process of that name from starting until the next boot."""
    before = os.umask(umask)
    try:
        os.close(names.take("core", tmp_path))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "core.lock").stat().st_mode) == 0o660


def test_a_lock_that_is_there_is_not_made_again_nor_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel refuses O_CREAT for a file of somebody else's in a sticky folder (fs.protected_regular)."""
    os.close(names.take("core", tmp_path))
    opens, real = [], os.open

    def opened(path: Path, how: int, mode: int = 0o777) -> int:
        opens.append(how)
        return real(path, how, mode)

    monkeypatch.setattr(os, "open", opened)
    os.close(names.take("core", tmp_path))
    assert [how & (os.O_CREAT | os.O_ACCMODE) for how in opens] == [os.O_RDONLY]


def test_a_lock_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "core.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PlaceError, match="cannot be used"):
        names.take("core", tmp_path)


def test_of_large_answers_only_the_newest_are_remembered_and_of_small_ones_all(tmp_path: Path) -> None:
    """A record of months is told page by page to whoever asks: it must not stay in memory."""
    with bus("core", tmp_path) as core, bus("voice", tmp_path) as voice:
        small = answered(core, voice, "small")
        first = answered(core, voice, "f" * 220_000)
        others = [answered(core, voice, "o" * 220_000) for _ in range(2)]
        held = sum(len(frame) for frame in voice._answers.values() if frame)
        assert held < REMEMBERED_TELLING_BYTES
        arrives = [again(core, voice, command) for command in (small, *others, first)]
        assert arrives == [False, False, False, True]


def test_what_is_still_being_done_is_not_begun_again_however_much_is_answered_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vybor.foundation.bus.REMEMBERED_ANSWERS", 3)
    with bus("core", tmp_path) as core, bus("voice", tmp_path) as voice:
        slow = m.Say(request=core.new_request(), text="hello")
        core.ask("voice", slow)
        asked = until(voice, Asked, core)
        assert isinstance(asked, Asked)
        first, *_ = [answered(core, voice, "done") for _ in range(8)]
        core.ask("voice", slow)
        assert not any(isinstance(arrival, Asked) for _ in range(5) for arrival in voice.receive(0.01))
        voice.answer(asked, m.Done(request=slow.request))
        assert until(core, Answered, voice)
        answered(core, voice, "done")
        assert not again(core, voice, slow), "it was answered just now"
        assert again(core, voice, first), "the oldest of those that are done is forgotten"


def answered(core: Bus, voice: Bus, reason: str) -> m.Say:
    """A command of core's that the voice has answered at such a length."""
    command = m.Say(request=core.new_request(), text="hello")
    core.ask("voice", command)
    asked = until(voice, Asked, core)
    assert isinstance(asked, Asked)
    voice.answer(asked, m.Refused(request=command.request, reason=reason))
    assert until(core, Answered, voice)
    return command


def again(core: Bus, voice: Bus, command: m.Say) -> bool:
    """Whether a command that was answered arrives once more when it is sent again; it is answered all the same."""
    core.ask("voice", command)
    for _ in range(200):
        for arrival in voice.receive(0.01):
            if isinstance(arrival, Asked):
                core.take_back("voice", command.request)
                return True
        if any(isinstance(arrival, Answered) for arrival in core.receive(0.01)):
            return False
        core.tend()
    raise AssertionError("neither came")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match="gone"):
        Bus("core", tmp_path / "gone", SystemClock())


DEEP = b"\x91" * 5000 + b"\xc0"
"""A list in a list in a list…"""


def as_it_is(frame: bytes) -> bytes:
    return frame


@pytest.mark.parametrize("sealed", [as_it_is, wire._summed], ids=["noise", "noise with a checksum"])
@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x94\xa8headband\x01\x01\x82\xa4type\xa7Gesture\xa1z" + DEEP,
        b"Gesture ",
        b"\x94\xa2\xff\xfe\x01\x01\x80",
        b"Gesture \xc1",
        b"Gesture \x94\xa1x\x01\x01\x80",
        b"\xff" * 100,
    ],
)
def test_noise_on_the_wire_is_dropped_and_the_rest_arrives(
    tmp_path: Path, frame: bytes, sealed: Callable[[bytes], bytes]
) -> None:
    with bus("headband", tmp_path) as headband, bus("core", tmp_path, m.Gesture) as core:
        for _ in range(20):
            headband.receive(0.01)
        headband._publishing.send(b"Gesture " + sealed(frame))
        headband.publish(blink(7))
        heard = until(core, Heard, headband)
        assert isinstance(heard, Heard)
        assert heard.message.at_ns == 7


def test_noise_as_a_command_is_dropped(tmp_path: Path) -> None:
    context = zmq.Context()
    with bus("voice", tmp_path) as voice, bus("core", tmp_path) as core:
        stranger = context.socket(zmq.DEALER)
        stranger.connect(f"ipc://{tmp_path / 'voice.commands'}")
        stranger.send(b"\x00garbage")
        stranger.send(wire._summed(b"\x00garbage"))
        stranger.send(wire._summed(b"\x83\xa4type\xa4Hush\xa7request\xa1x\xa1z" + DEEP))
        stranger.send_multipart([b"a", b"b"])
        said = m.Say(request="one", text="hello")
        core.ask("voice", said)
        asked = until(voice, Asked, core)
        assert isinstance(asked, Asked)
        assert asked.command == said
    context.destroy(linger=0)


def test_an_event_that_comes_again_or_is_overtaken_is_heard_once(tmp_path: Path) -> None:
    with bus("headband", tmp_path) as headband, bus("core", tmp_path, m.Gesture) as core:
        for _ in range(20):
            headband.receive(0.01)
        frames = [wire.pack(wire.Envelope("headband", 5, number, blink(number))) for number in (1, 2, 2, 4, 3, 5)]
        for frame in frames:
            headband._publishing.send(frame)
        heard: list[Heard] = []
        while len(heard) < 4:
            heard += [arrival for arrival in core.receive(0.5) if isinstance(arrival, Heard)]
        assert [(each.message.at_ns, each.missed) for each in heard] == [(1, 0), (2, 0), (4, 1), (5, 0)]
        assert core.receive(0.1) == []


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_one_bit_that_was_turned_over_is_noticed(text: bytes, place: int) -> None:
    said = m.Say(request="1", text=text.decode("latin-1"))
    frame = wire.pack_command(said)
    bit = place % (8 * len(frame))
    damaged = bytearray(frame)
    damaged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(msgspec.DecodeError):
        wire.unpack_command(bytes(damaged))
    assert wire.unpack_command(frame) == said


def test_every_message_survives_its_bytes() -> None:
    envelope = wire.Envelope("core", 5, 1, screen("Привет"))
    assert wire.unpack(wire.pack(envelope)) == envelope
