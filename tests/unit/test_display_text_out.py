"""The programs that copy and type: which ones, what they get, and what is told when they fail."""

import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.display_pages import page
from unit.test_display_window import SESSION as SESSION_OF_DESK
from unit.test_display_window import SETTINGS, Desk, press
from vybor.contracts import messages as m
from vybor.contracts.messages import WayOut
from vybor.display import text_out
from vybor.display.drawing.window import open_window
from vybor.display.text_out import ECHO_NS, ON_WAYLAND, ON_X, OWN_KEYBOARD, STRAYED, TextOut, programs
from vybor.foundation.bus import Asked
from vybor.foundation.clock import seconds
from vybor.foundation.settings import TextOutSettings
from vybor.foundation.typed import on_one_line

SESSION = "run"
LATE_NS = seconds(1000)
TYPED = "I am here. "


class Bus:
    """Keeps the answers."""

    def __init__(self) -> None:
        self.answers: list[m.Reply] = []

    def answer(self, asked: Asked, reply: m.Reply) -> None:
        assert reply.request == asked.command.request
        self.answers.append(reply)


class Room:
    """Ways out that a shell plays, and time that is handed in."""

    def __init__(self, commands: Mapping[WayOut, str]) -> None:
        self.bus, self.now_ns, self.has_keyboard = Bus(), seconds(10), False
        shells = {way: ("sh", "-c", command) for way, command in commands.items()}
        self.out = TextOut(shells, SESSION, self.bus)

    def ask(
        self, text: str = "I am here.", way: WayOut = WayOut.TYPE, session: str = SESSION, until_ns: int = LATE_NS
    ) -> None:
        put = m.PutOut(request=f"{way} {text}", way=way, text=text, session=session, until_ns=until_ns)
        self.out.asked(Asked(b"core", put), put)

    def turn(self) -> None:
        self.out.turn(self.now_ns, has_keyboard=self.has_keyboard)

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + 10
        while not holds():
            assert time.perf_counter() < deadline
            self.turn()
            time.sleep(0.005)

    def answered(self, count: int = 1) -> list[m.Reply]:
        self.until(lambda: len(self.bus.answers) == count)
        return self.bus.answers

    def refused(self) -> str:
        reply = self.answered()[-1]
        assert isinstance(reply, m.Refused)
        return reply.reason


Rooms = Callable[[Mapping[WayOut, str]], Room]


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    made: list[Room] = []

    def make(commands: Mapping[WayOut, str]) -> Room:
        made.append(Room(commands))
        return made[-1]

    yield make
    for room in made:
        room.out.close()


def into(path: Path) -> str:
    return f"cat >> {shlex.quote(str(path))}"


def test_a_sentence_is_typed_with_a_space_behind_it_and_copied_without(rooms: Rooms, tmp_path: Path) -> None:
    room = rooms({WayOut.TYPE: into(tmp_path / "typed"), WayOut.COPY: into(tmp_path / "copied")})
    for way in WayOut:
        room.ask(way=way)
    assert room.answered(2) == [m.Done(request=f"{way} I am here.") for way in WayOut]
    assert (tmp_path / "typed").read_text() == TYPED
    assert (tmp_path / "copied").read_text() == "I am here."


def test_sentences_go_out_one_after_the_other_in_their_order(rooms: Rooms, tmp_path: Path) -> None:
    room = rooms({WayOut.TYPE: f"sleep 0.05; {into(tmp_path / 'typed')}"})
    for text in ("One.", "Two.", "Три."):
        room.ask(text)
    room.answered(3)
    assert (tmp_path / "typed").read_text() == "One. Two. Три. "


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("echo no display >&2; exit 1", "sh: no display"),
        ("exit 3", "sh: ended with code 3"),
        ("kill -9 $$", "sh: ended by signal 9"),
    ],
)
def test_a_program_that_fails_is_told(rooms: Rooms, command: str, reason: str) -> None:
    room = rooms({WayOut.COPY: command})
    room.ask(way=WayOut.COPY)
    assert room.refused() == reason


def test_a_program_that_is_not_there_is_told() -> None:
    room = Room({})
    room.out = TextOut({WayOut.COPY: ("no-such-program",)}, SESSION, room.bus)
    room.ask(way=WayOut.COPY)
    assert room.refused() == "no-such-program cannot be started (No such file or directory); install it"
    room.out.close()


def test_a_program_that_hangs_is_ended_and_the_next_sentence_goes_out(rooms: Rooms, tmp_path: Path) -> None:
    mark = shlex.quote(str(tmp_path / "hung"))
    room = rooms(
        {WayOut.TYPE: f"test -e {mark} || {{ touch {mark}; exec sleep 60; }}; {into(tmp_path / 'typed')}"}
    )
    room.ask("One.")
    room.ask("Two.")
    room.until((tmp_path / "hung").exists)
    room.now_ns += seconds(7)
    first, second = room.answered(2)
    assert (first, second) == (
        m.Refused(request="type One.", reason="it took too long; perhaps not all of it arrived"),
        m.Done(request="type Two."),
    )
    assert (tmp_path / "typed").read_text() == "Two. "


def test_what_comes_too_late_is_not_begun(rooms: Rooms, tmp_path: Path) -> None:
    room = rooms({WayOut.TYPE: into(tmp_path / "typed")})
    room.ask(until_ns=room.now_ns - 1)
    assert room.refused() == text_out.TOO_LATE
    assert not (tmp_path / "typed").exists()


def test_what_an_earlier_run_was_asked_for_is_never_done_again(rooms: Rooms, tmp_path: Path) -> None:
    room = rooms({WayOut.TYPE: into(tmp_path / "typed")})
    room.ask(session="the run before")
    assert room.refused() == text_out.OTHER_RUN
    assert not (tmp_path / "typed").exists()


def test_a_way_that_is_not_there_is_refused(rooms: Rooms) -> None:
    room = rooms({WayOut.COPY: "cat"})
    room.ask()
    assert room.refused() == text_out.NO_WAY


@pytest.mark.parametrize("text", ["", " \n", "a" * 2001])
def test_what_is_no_sentence_is_refused(rooms: Rooms, text: str) -> None:
    room = rooms({WayOut.TYPE: "cat"})
    room.ask(text)
    assert "it is empty, or longer than 2000 characters" in room.refused()


def test_no_more_than_a_few_wait(rooms: Rooms) -> None:
    room = rooms({WayOut.COPY: "exec sleep 60"})
    for number in range(7):
        room.ask(f"{number}.", WayOut.COPY)
    assert isinstance(room.bus.answers[-1], m.Refused)
    assert len(room.bus.answers) == 2


def test_a_display_that_ends_lets_a_sentence_be_typed_to_its_end(rooms: Rooms, tmp_path: Path) -> None:
    room = rooms({WayOut.TYPE: f"sleep 0.2; {into(tmp_path / 'typed')}"})
    room.ask()
    room.turn()
    room.out.close()
    assert (tmp_path / "typed").read_text() == TYPED


def test_nothing_is_typed_into_the_kits_own_window_but_it_may_be_copied(rooms: Rooms, tmp_path: Path) -> None:
    room = rooms({way: into(tmp_path / way) for way in WayOut})
    room.has_keyboard = True
    room.ask()
    assert room.refused() == OWN_KEYBOARD
    room.ask(way=WayOut.COPY)
    assert isinstance(room.answered(2)[-1], m.Done)
    assert not (tmp_path / "type").exists()


def test_a_window_that_takes_the_keyboard_while_it_is_typed_makes_it_fail_but_ends_no_program(
    rooms: Rooms, tmp_path: Path
) -> None:
    room = rooms({WayOut.TYPE: f"sleep 0.2; {into(tmp_path / 'typed')}"})
    room.ask()
    room.turn()
    room.has_keyboard = True
    room.turn()
    room.has_keyboard = False
    assert room.refused() == STRAYED
    assert (tmp_path / "typed").read_text() == TYPED


def test_keys_that_come_while_it_is_typed_and_just_after_are_not_the_persons(rooms: Rooms) -> None:
    room = rooms({WayOut.TYPE: "exec sleep 0.1", WayOut.COPY: "exec sleep 0.1"})
    assert not room.out.may_be_typed(room.now_ns)
    room.ask(way=WayOut.COPY)
    room.turn()
    assert not room.out.may_be_typed(room.now_ns)
    room.answered()
    room.ask()
    room.turn()
    assert room.out.may_be_typed(room.now_ns)
    room.answered(2)
    assert room.out.may_be_typed(room.now_ns)
    assert not room.out.may_be_typed(room.now_ns + ECHO_NS)


@given(st.text())
def test_no_sentence_has_a_lines_end_or_a_control_character(text: str) -> None:
    line = on_one_line(text)
    assert line.isprintable()
    assert line == line.strip()
    assert "".join(line.split()) == "".join(letter for letter in text if letter.isprintable() and letter != " ")


NOTHING = TextOutSettings()
OWN = TextOutSettings(copy=("my-copy", "-x"), type=("my-type",))


@pytest.mark.parametrize(
    ("settings", "environment", "missing", "found"),
    [
        (NOTHING, {}, (), {}),
        (NOTHING, {"DISPLAY": ":0"}, (), ON_X),
        (NOTHING, {"WAYLAND_DISPLAY": "wayland-0"}, (), ON_WAYLAND),
        (NOTHING, {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, (), ON_WAYLAND),
        (
            NOTHING,
            {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"},
            ("wtype",),
            {WayOut.COPY: ON_WAYLAND[WayOut.COPY], WayOut.TYPE: ON_X[WayOut.TYPE]},
        ),
        (NOTHING, {"DISPLAY": ":0"}, ("xdotool",), {WayOut.COPY: ON_X[WayOut.COPY]}),
        (NOTHING, {"DISPLAY": ""}, (), {}),
        (OWN, {}, ("my-copy", "my-type"), {WayOut.COPY: ("my-copy", "-x"), WayOut.TYPE: ("my-type",)}),
        (OWN, {"DISPLAY": ":0"}, (), {WayOut.COPY: ("my-copy", "-x"), WayOut.TYPE: ("my-type",)}),
    ],
)
def test_programs_are_chosen_by_what_is_there(
    settings: TextOutSettings,
    environment: dict[str, str],
    missing: tuple[str, ...],
    found: dict[WayOut, tuple[str, ...]],
) -> None:
    assert programs(settings, environment, lambda name: None if name in missing else f"/usr/bin/{name}") == found


def test_a_press_while_a_sentence_is_typed_chooses_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    for desktop in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(desktop, raising=False)
    settings = msgspec.structs.replace(SETTINGS, text_out=TextOutSettings(type=("sleep", "0.1")))
    window = open_window(settings.display, pointer=False)
    desk = Desk(window, tmp_path, settings)
    desk.hear(page())
    assert desk.shown().ways_out == (WayOut.TYPE,)
    put = m.PutOut(request="1", way=WayOut.TYPE, text="Yes.", session=SESSION_OF_DESK, until_ns=desk.clock.ns * 2)
    desk.display.asked(Asked(b"core", put), desk.clock.ns)
    said: list[m.Message] = []
    for _ in range(100):
        press(pygame.K_RETURN)
        desk.hear(page())
        said += desk.turn(later_s=0.02)
        if desk.bus.answers:
            break
        time.sleep(0.01)
    assert desk.bus.answers == [m.Done(request="1")]
    before, last = len(said), desk.turn(later_s=0.1)
    desk.hear(page())
    press(pygame.K_RETURN)
    later = desk.turn(later_s=0.5)
    assert m.SwitchPress not in {type(message) for message in (*said[1:before], *last)}
    assert [type(message) for message in later] == [m.SwitchPress]
    window.close()
