"""The screen of last resort: real processes, a pseudo-terminal as console, a player that keeps what it plays."""

import io
import os
import pty
import re
import termios
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from processes.stage import BRISK, Hands, Kit
from vybor.contracts import messages as m
from vybor.foundation import last_words
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.loop import deliver
from vybor.foundation.places import Places
from vybor.foundation.settings import Language, Settings, VoiceSettings
from vybor.foundation.start import Start
from vybor.safe.page import END
from vybor.safe.process import CONSOLE, Safe

PATIENCE_S = 60.0
PLAYER = """\
[display]
width = 320
height = 240
[voice]
player = ["sh", "-c", "cat > $0/part.$$ && mv $0/part.$$ $0/$PPID.$$ && exec sleep 1.2", "{sounds}"]
"""
SETTINGS = BRISK + PLAYER


def call_of(level: int) -> bytes:
    """A call for help that can be told from everything else."""
    written = io.BytesIO()
    with wave.open(written, "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(8000)
        opened.writeframes(level.to_bytes(2, "little") * 8000)
    return written.getvalue()


CALL = call_of(12_345)


class Terminal:
    """A pseudo-terminal: the end with the keys and the screen is the test's."""

    def __init__(self) -> None:
        self._mine, self._theirs = pty.openpty()
        self.path = Path(os.ttyname(self._theirs))
        termios.tcsetwinsize(self._mine, (30, 100))
        os.set_blocking(self._mine, False)
        self.told = ""

    def look(self) -> str:
        """All that was written since the last clearing of the screen, without colours."""
        try:
            while some := os.read(self._mine, 4096):
                self.told += some.decode(errors="replace")
        except BlockingIOError:
            pass
        page = self.told.rpartition("\x1b[2J\x1b[H")[2]
        return " ".join(re.sub(r"\x1b\[[?0-9;]*[a-z]", "", page).split())

    def press(self, key: bytes = b" ") -> None:
        os.write(self._mine, key)

    def is_raw(self) -> bool:
        return not termios.tcgetattr(self._theirs)[3] & termios.ICANON

    def close(self) -> None:
        os.close(self._mine)
        os.close(self._theirs)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.close()


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    folder = tmp_path / "sounds"
    folder.mkdir()
    return folder


def calls_by(sounds: Path, pid: int) -> int:
    """How many calls for help a process has had played to their end."""
    return sum(path.read_bytes() == CALL for path in sounds.glob(f"{pid}.*"))


def until(holds: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + PATIENCE_S
    while not holds():
        assert time.perf_counter() < deadline, "it did not come"
        time.sleep(0.05)


def test_when_the_display_dies_the_console_has_words_and_a_key_calls_for_help_even_without_the_voice(
    tmp_path: Path, terminal: Terminal, sounds: Path
) -> None:
    kit = Kit(tmp_path, settings=SETTINGS.format(sounds=sounds))
    kit.share.mkdir()
    (kit.share / "help-en.wav").write_bytes(CALL)
    try:
        kit.start("voice")
        kit.start("display", SDL_VIDEODRIVER="dummy")
        kit.start("safe", **{CONSOLE: str(terminal.path)})
        until_heard(kit.runtime, {"voice", "display", "safe"})
        kit.kill("display")
        until(lambda: "Press the switch or any key to call for help." in terminal.look())
        assert "The screen does not start. Vybor restarts it by itself." in terminal.look()
        until(lambda: _pressed(terminal) and calls_by(sounds, kit.pid("voice")) >= 1)
        until(lambda: "Help was called." in terminal.look())
        assert calls_by(sounds, kit.pid("safe")) == 0

        kit.kill("voice")
        until(lambda: _pressed(terminal) and calls_by(sounds, kit.pid("safe")) >= 1)

        kit.start("display", SDL_VIDEODRIVER="dummy")
        until(lambda: terminal.look() == "" and terminal.told.endswith(END))
        until(lambda: not terminal.is_raw())  # its keys are given back after its last page
        assert kit.log("safe").count("the display is silent") == 1
        assert kit.log("safe").count("the display is there again") == 1
    finally:
        kit.stop()


def test_the_help_tile_calls_even_without_the_voice(tmp_path: Path, sounds: Path) -> None:
    kit = Kit(tmp_path, settings=SETTINGS.format(sounds=sounds))
    kit.share.mkdir()
    (kit.share / "help-en.wav").write_bytes(CALL)
    kit.start("core", "safe")
    person = Hands(kit.runtime)
    try:
        person.choose(m.Role.MENU)
        person.choose(m.Role.HELP)
        until(lambda: calls_by(sounds, kit.pid("safe")) >= 1)
    finally:
        person.close()
        kit.stop()


def until_heard(runtime: Path, names: set[str]) -> None:
    """Wait until all of them have said how they fare."""
    bus, said = Bus("watch", runtime, SystemClock(), [m.Health]), set[str]()

    def all_spoke() -> bool:
        for arrival in bus.receive(0):
            match arrival:
                case Heard(message=m.Health() as health):
                    said.add(health.process)
        return names <= said

    until(all_spoke)
    bus.close()


def _pressed(terminal: Terminal) -> bool:
    terminal.press()
    return True


class Room:
    """The room `safe` on a real bus with its time in the test's hand, and one who plays the others."""

    def __init__(self, folder: Path, settings: Settings, console: Path | None) -> None:
        runtime = folder / "run"
        runtime.mkdir()
        self.runtime = runtime
        self.clock = SystemClock()
        self.passed_s = 0.0
        self.bus = Bus("safe", runtime, self.clock, [m.Health])
        self.display = Bus("display", runtime, self.clock)
        places = Places(runtime=runtime, state=folder, share=folder)
        start = Start(places=places, settings=settings, clock=self.clock, heart=NoHeartbeat())
        self.room = Safe(start, console, dict.fromkeys(Language, CALL), self.bus)
        self.answers: list[m.AnyReply] = []

    def turn(self) -> None:
        deliver(self.room, self.bus, 0.02, self.clock)
        self.room.turn(self.clock.now_ns() + seconds(self.passed_s))
        self.bus.tend()
        self.display.tend()
        self.answers += [a.reply for a in self.display.receive(0) if isinstance(a, Answered)]

    def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(500):
            if holds():
                return
            self.turn()
        pytest.fail("it never came to that")

    def display_speaks(self) -> None:
        at_ns = self.clock.now_ns() + seconds(self.passed_s)
        self.display.publish(m.Health(at_ns=at_ns, process="display", pid=1))

    def close(self) -> None:
        self.room.close()
        self.bus.close()
        self.display.close()


def settings_of(sounds: Path, language: Language = Language.ENGLISH) -> Settings:
    player = ("sh", "-c", "cat > $0/part.$$ && mv $0/part.$$ $0/$PPID.$$ && exec sleep 0.6", str(sounds))
    return Settings(language=language, voice=VoiceSettings(player=player))


@pytest.fixture
def room(tmp_path: Path, sounds: Path, terminal: Terminal) -> Iterator[Room]:
    made = Room(tmp_path, settings_of(sounds, Language.RUSSIAN), terminal.path)
    yield made
    made.close()


def test_a_display_that_never_came_is_told_of_in_the_language_of_the_kit_and_why(
    room: Room, terminal: Terminal
) -> None:
    last_words.leave(room.runtime, "display", "no screen can be opened (no card); connect one")
    for _ in range(5):
        room.turn()
    assert terminal.look() == ""
    room.passed_s = 31
    room.until(lambda: "Нажмите переключатель или любую клавишу" in terminal.look())
    assert "Почему: no screen can be opened (no card); connect one" in terminal.look()
    assert "Последние слова, возможно, не сохранены." in terminal.look()


def test_the_words_are_written_once_while_nothing_changes(room: Room, terminal: Terminal) -> None:
    room.passed_s = 31
    room.until(lambda: "Нажмите" in terminal.look())
    terminal.told = ""
    for _ in range(20):
        room.turn()
        terminal.look()
    assert terminal.told == ""


def test_a_key_that_was_pressed_before_the_words_came_calls_nobody(
    room: Room, terminal: Terminal, sounds: Path
) -> None:
    terminal.press(b"\r\r\r")
    room.passed_s = 31
    room.until(lambda: "Нажмите" in terminal.look())
    terminal.press()
    for _ in range(20):
        room.turn()
    assert "Зову на помощь" not in terminal.look()
    room.passed_s += 2
    terminal.press()
    room.until(lambda: "Зову на помощь." in terminal.look())
    assert room.room.troubles() == (m.Notice(process="safe", trouble=m.Trouble.CALLING_HELP),)
    room.passed_s += 3
    room.until(lambda: calls_by(sounds, os.getpid()) == 1)
    room.until(lambda: "Помощь позвали." in terminal.look())
    assert room.room.troubles() == ()


def test_who_asked_the_voice_in_vain_is_rung_for_while_the_display_lives(
    room: Room, terminal: Terminal, sounds: Path
) -> None:
    room.display_speaks()
    room.display.ask("safe", m.CallHelp(request="1", language="ru"))
    room.until(lambda: calls_by(sounds, os.getpid()) == 1)
    room.until(lambda: room.answers == [m.Done(request="1")])
    assert terminal.told == ""


def test_a_voice_that_forgets_the_call_that_it_took_from_another_process_is_stood_in_for(
    room: Room, sounds: Path
) -> None:
    def voice_speaks(pid: int, *troubles: m.Notice) -> None:
        at_ns = room.clock.now_ns() + seconds(room.passed_s)
        room.display.publish(m.Health(at_ns=at_ns, process="voice", pid=pid, troubles=troubles))

    calls = m.Notice(process="voice", trouble=m.Trouble.CALLING_HELP)
    voice_speaks(1)
    room.display.ask("safe", m.CallHelp(request="1", language="ru", voice_calls=True))
    room.until(lambda: room.answers == [m.Done(request="1")])
    for _ in range(20):
        voice_speaks(1, calls)
        room.turn()
    assert not list(sounds.iterdir())
    assert room.room.troubles() == (), "the voice says it itself"
    voice_speaks(2)
    room.until(lambda: calls_by(sounds, os.getpid()) == 1)


def test_other_commands_are_refused(room: Room) -> None:
    room.display.ask("safe", m.Say(request="1", text="Hello."))
    room.display.ask("safe", m.Hush(request="2", only="a sentence"))
    room.until(lambda: len(room.answers) == 2)
    reason = "safe only calls for help"
    assert room.answers == [m.Refused(request=request, reason=reason) for request in ("1", "2")]


def test_a_missing_player_is_told_on_the_console(tmp_path: Path, terminal: Terminal) -> None:
    made = Room(tmp_path, Settings(voice=VoiceSettings(player=("no-such-player",))), terminal.path)
    try:
        made.passed_s = 31
        made.until(lambda: "Press the switch" in terminal.look())
        made.passed_s += 2
        terminal.press()
        made.until(lambda: "Calling for help now." in terminal.look())
        made.passed_s += 3
        made.until(
            lambda: "The call for help cannot be heard: no-such-player cannot be started" in terminal.look()
        )
    finally:
        made.close()


def test_a_console_that_is_hung_up_is_taken_again(tmp_path: Path, sounds: Path, terminal: Terminal) -> None:
    first, link = Terminal(), tmp_path / "console"
    link.symlink_to(first.path)
    made = Room(tmp_path, settings_of(sounds), link)
    try:
        made.passed_s = 31
        made.until(lambda: "Press the switch" in first.look())
        first.close()
        link.unlink()
        link.symlink_to(terminal.path)
        made.turn()
        made.passed_s += 6
        made.until(lambda: "Press the switch" in terminal.look())
    finally:
        made.close()


def test_on_a_console_that_may_only_be_written_to_nobody_is_told_to_press_a_key(
    room: Room, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_open = os.open

    def refusing(path: os.PathLike[str] | str, flags: int, mode: int = 0o777) -> int:
        if Path(path) == terminal.path and flags & os.O_RDWR:
            raise PermissionError(13, "Permission denied", str(path))
        return really_open(path, flags, mode)

    monkeypatch.setattr(os, "open", refusing)
    room.passed_s = 31
    room.until(lambda: "Клавиши здесь не читаются" in terminal.look())
    assert "Нажмите" not in terminal.look()


@pytest.mark.parametrize("name", ["none", "file"])
def test_without_a_console_it_goes_on_and_says_so_once_in_a_while(
    tmp_path: Path, sounds: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    made = Room(tmp_path, settings_of(sounds), tmp_path / name)
    try:
        made.passed_s = 31
        for _ in range(5):
            made.turn()
        assert caplog.text.count("no words on the console") == 1
        assert str(tmp_path / name) in caplog.text
    finally:
        made.close()


def test_a_kit_that_somebody_started_by_hand_takes_no_console(tmp_path: Path, sounds: Path) -> None:
    made = Room(tmp_path, settings_of(sounds), None)
    try:
        made.passed_s = 31
        made.turn()
        assert made.room.troubles() == ()
    finally:
        made.close()
