"""The window and the room behind it, on a screen that nobody sees: keys, mouse, pictures, what is said when."""

import io
import signal
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from unit.display_pages import dot, light, page
from vybor.contracts import messages as m
from vybor.display.drawing.window import Window, open_window, within
from vybor.display.process import FRAME_S, PRESS_SD_NS, UNATTENDED_S, Display
from vybor.foundation.bus import Answered, Asked, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.errors import Missing, SettingsError
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.places import Places
from vybor.foundation.settings import CommitSettings, DisplaySettings, Settings
from vybor.foundation.start import Start

SETTINGS = Settings(display=DisplaySettings(width=800, height=480, switch_key="return"))
LATER_S = 0.05
SESSION = str(seconds(1000) + 1_000_000)
"""The first time that a display here reads."""


class Clock:
    """Stands still until it is moved; between two looks a flip has taken a millisecond."""

    def __init__(self) -> None:
        self.ns = seconds(1000)

    def now_ns(self) -> int:
        self.ns += 1_000_000
        return self.ns


class Bus:
    """Keeps what is said."""

    def __init__(self) -> None:
        self.said: list[m.Message] = []
        self.answers: list[m.Reply] = []
        self.asked: list[tuple[str, m.Command]] = []
        self.taken_back: list[tuple[str, str]] = []
        self.unsaid: list[type] = []

    def reach(self, receiver: str) -> None:
        """Connections are not played here."""

    def new_request(self) -> str:
        return str(len(self.asked))

    def ask(self, receiver: str, command: m.Command) -> None:
        self.asked.append((receiver, command))

    def take_back(self, receiver: str, request: str) -> None:
        self.taken_back.append((receiver, request))

    def publish(self, message: m.Message) -> None:
        self.said.append(message)

    def unsay(self, kind: type) -> None:
        self.unsaid.append(kind)

    def answer(self, asked: Asked, reply: m.Reply) -> None:
        self.answers.append(reply)


class Desk:
    """A display, and hands on everything around it."""

    def __init__(self, window: Window, folder: Path, settings: Settings = SETTINGS) -> None:
        self.clock, self.bus, self.window = Clock(), Bus(), window
        places = Places(runtime=folder, state=folder, share=folder)
        start = Start(places=places, settings=settings, clock=self.clock, heart=NoHeartbeat())
        self.display = Display(start, self.bus, window)

    def hear(self, *messages: m.Message) -> None:
        for message in messages:
            self.display.heard(Heard("core", message, 0), self.clock.ns)

    def turn(self, later_s: float = LATER_S) -> list[m.Message]:
        """One turn of the loop; returns what was said in it."""
        self.clock.ns += seconds(later_s)
        self.bus.said.clear()
        self.wait_s = self.display.turn(self.clock.ns)
        return list(self.bus.said)

    def shown(self, later_s: float = LATER_S) -> m.Shown:
        (said,) = self.turn(later_s)
        assert isinstance(said, m.Shown)
        return said

    def save(self, path: Path | str) -> m.Reply:
        self.display.asked(Asked(b"test", m.SavePicture(request="1", path=str(path))), self.clock.ns)
        return self.bus.answers[-1]


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    for desktop in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(desktop, raising=False)
    opened = open_window(SETTINGS.display, pointer=True)
    list(opened.happenings())
    yield opened
    opened.close()


@pytest.fixture
def desk(window: Window, tmp_path: Path) -> Desk:
    return Desk(window, tmp_path)


def press(key: int) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode="", scancode=0))


def move(x: int, y: int) -> None:
    pygame.event.post(
        pygame.event.Event(pygame.MOUSEMOTION, pos=(x, y), rel=(1, 1), buttons=(0, 0, 0), touch=False)
    )


def test_what_is_shown_is_said_once_with_the_time_of_its_flip(desk: Desk) -> None:
    assert desk.shown() == m.Shown(at_ns=desk.clock.ns, screen=None, session=SESSION)
    desk.hear(page())
    before_ns = desk.clock.ns + seconds(LATER_S)
    shown = desk.shown()
    assert shown == m.Shown(at_ns=desk.clock.ns, screen=page(), session=SESSION)
    assert shown.at_ns > before_ns
    desk.hear(page())
    assert desk.turn() == []


def test_a_highlight_is_said_when_it_looks_different(desk: Desk) -> None:
    desk.hear(page(), light(2))
    assert desk.shown().highlight == light(2)
    desk.hear(m.Highlight(at_ns=99, offer=1, slot=2, captured_ns=98))
    assert desk.turn() == []
    desk.hear(light(2, armed=True))
    assert desk.shown().highlight == light(2, armed=True)


def test_a_new_offer_is_acknowledged_although_no_pixel_changes(desk: Desk) -> None:
    desk.hear(page())
    desk.turn()
    again = m.Screen(at_ns=5, offer=2, mode=m.Mode.WORDS, text=page().text, tiles=page().tiles)
    desk.hear(again)
    assert desk.shown().screen == again


def test_a_dot_is_said_and_so_is_its_end(desk: Desk) -> None:
    desk.hear(page(), dot())
    assert desk.shown().target == dot()
    desk.hear(m.CalibrationTarget(at_ns=2, dot=None, dots=9))
    assert desk.shown().target is None


def test_silence_of_the_deciding_process_is_said_and_its_return(desk: Desk) -> None:
    desk.hear(page())
    desk.turn()
    assert desk.turn(later_s=0.8) == []
    assert desk.shown(later_s=0.1).core_silent
    desk.hear(page())
    assert not desk.shown().core_silent


def test_no_more_than_sixty_pictures_a_second(desk: Desk) -> None:
    desk.hear(page())
    desk.turn()
    desk.hear(page(text="Good"))
    assert desk.turn(later_s=0.005) == []
    assert desk.wait_s == pytest.approx(FRAME_S - 0.005, abs=1e-3)
    assert desk.shown(later_s=desk.wait_s).screen == page(text="Good")


def test_with_nothing_to_do_the_display_sleeps(desk: Desk) -> None:
    desk.hear(page())
    desk.turn()
    desk.turn()
    assert desk.wait_s == UNATTENDED_S


def test_the_switchs_key_is_a_press_and_no_other_is(desk: Desk) -> None:
    desk.hear(page())
    desk.turn()
    press(pygame.K_SPACE)
    press(pygame.K_RETURN)
    assert desk.turn() == [m.SwitchPress(at_ns=desk.clock.ns, at_sd_ns=PRESS_SD_NS)]
    assert desk.turn() == []


def silent_for_long(desk: Desk) -> None:
    """The deciding process has spoken, and then not any more."""
    desk.hear(page())
    desk.turn()
    desk.turn(later_s=5)


def test_while_nothing_can_be_chosen_the_switch_calls_for_help(desk: Desk) -> None:
    silent_for_long(desk)
    press(pygame.K_RETURN)
    assert desk.turn(later_s=0.5) == []
    assert desk.bus.asked == [], "nobody can have read the page yet"
    press(pygame.K_RETURN)
    assert not [said for said in desk.turn(later_s=0.5) if isinstance(said, m.SwitchPress)]
    assert desk.bus.asked == [("voice", m.CallHelp(request="0"))]


def test_a_press_in_the_first_seconds_of_a_silence_calls_nobody(desk: Desk) -> None:
    desk.hear(page())
    desk.turn()
    desk.turn(later_s=2)
    desk.turn(later_s=1)
    press(pygame.K_RETURN)
    (said,) = desk.turn()
    assert isinstance(said, m.SwitchPress)
    assert desk.bus.asked == []


def test_if_the_voice_does_not_answer_safe_is_asked_to_ring(desk: Desk) -> None:
    silent_for_long(desk)
    desk.turn(later_s=1)
    press(pygame.K_RETURN)
    desk.turn()
    desk.turn(later_s=2.5)
    assert desk.bus.asked == [("voice", m.CallHelp(request="0")), ("safe", m.CallHelp(request="1"))]
    assert desk.bus.taken_back == [("voice", "0")]
    desk.display.answered(Answered("safe", m.Done(request="1")), desk.clock.ns)
    desk.turn(later_s=2.5)
    assert len(desk.bus.asked) == 2


def test_when_the_deciding_process_is_back_the_switch_chooses_again(desk: Desk) -> None:
    silent_for_long(desk)
    desk.hear(page())
    desk.turn()
    press(pygame.K_RETURN)
    assert [type(said) for said in desk.turn()] == [m.SwitchPress]
    assert desk.bus.asked == []


def test_at_a_first_start_no_tile_is_shown_until_the_switch_asks_for_them(desk: Desk) -> None:
    desk.hear(page(text=""))
    assert desk.shown().screen is None
    press(pygame.K_RETURN)
    desk.turn(later_s=0.5)
    desk.hear(page(text=""))
    press(pygame.K_RETURN)
    assert desk.shown(later_s=0.5).screen == page(text="")


def test_the_mouse_is_a_pointer_that_goes_on_looking_until_it_leaves(desk: Desk) -> None:
    desk.turn()
    assert desk.turn(1) == []
    move(199, 119)
    move(399, 239)
    (pointer,) = desk.turn()
    assert isinstance(pointer, m.Pointer)
    assert (pointer.x, pointer.y) == pytest.approx((0.499375, 0.4989583))
    assert desk.turn(0.02) == []
    (again,) = desk.turn(0.05)
    assert again == m.Pointer(at_ns=desk.clock.ns, x=pointer.x, y=pointer.y)
    pygame.event.post(pygame.event.Event(pygame.WINDOWLEAVE))
    assert desk.turn(1) == []


@pytest.mark.parametrize("by_ear", [True, False])
def test_what_is_lit_in_turn_is_whispered_as_it_is_shown_and_only_the_newest(
    window: Window, tmp_path: Path, by_ear: bool
) -> None:
    desk = Desk(window, tmp_path, Settings(display=SETTINGS.display, commit=CommitSettings(scan_by_ear=by_ear)))
    desk.hear(page(), m.Highlight(at_ns=1, offer=1, slot=None, scan=(8, 9)))
    until_ns = desk.shown().at_ns + seconds(CommitSettings().scan_step_s)
    row = ("voice", m.Whisper(request="0", text="Undo, Menu", until_ns=until_ns))
    assert desk.bus.asked == ([row] if by_ear else [])
    desk.hear(m.Highlight(at_ns=2, offer=1, slot=None, scan=(9,)))
    desk.turn()
    assert [command.text for _, command in desk.bus.asked[1:] if isinstance(command, m.Whisper)] == [
        "Menu"
    ] * by_ear
    assert desk.bus.taken_back == [("voice", "0")] * by_ear


def test_closing_the_window_asks_the_process_to_end(desk: Desk) -> None:
    asked: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    try:
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        desk.turn()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert asked == [signal.SIGTERM]


def test_a_window_that_was_covered_is_drawn_again_and_nothing_new_is_said(desk: Desk) -> None:
    desk.hear(page())
    desk.turn()
    surface = pygame.display.get_surface()
    assert surface is not None
    before = pygame.image.tobytes(surface, "RGB")
    surface.fill("black")
    pygame.event.post(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert desk.turn() == []
    assert pygame.image.tobytes(surface, "RGB") == before


@pytest.mark.parametrize("size", [(1, 1), (60, 40), (480, 800), (2560, 300)])
def test_a_window_of_any_size_shows_something(desk: Desk, size: tuple[int, int]) -> None:
    pygame.display.set_mode(size)
    desk.hear(page(), light(0, armed=True, pad_progress=0.5))
    assert desk.shown().screen == page()


def test_a_picture_of_the_screen_is_saved_whole(desk: Desk, tmp_path: Path) -> None:
    desk.hear(page())
    desk.turn()
    path = tmp_path / "screen.png"
    assert desk.save(path) == m.Done(request="1")
    assert list(tmp_path.iterdir()) == [path]
    saved = pygame.image.load(io.BytesIO(path.read_bytes()))
    surface = pygame.display.get_surface()
    assert surface is not None
    assert pygame.image.tobytes(saved, "RGB") == pygame.image.tobytes(surface, "RGB")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("screen.png", "the picture screen.png has no folder; name its whole path"),
        ("/proc/nowhere/screen.png", "(No such file or directory); name a folder that can be written to"),
        ("/dev/null/screen.png", "(Not a directory); name a folder that can be written to"),
        ("/", "cannot be written (Is a directory)"),
        ("/dev/a\0b.png", "cannot be written (embedded null byte)"),
    ],
)
def test_a_picture_that_cannot_be_written_is_refused_in_a_sentence(desk: Desk, path: str, reason: str) -> None:
    refusal = desk.save(path)
    assert isinstance(refusal, m.Refused)
    assert reason in refusal.reason
    assert desk.turn()


def test_an_existing_picture_stays_whole_when_the_new_one_cannot_be_written(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "screen.png"
    folder.mkdir()
    assert isinstance(desk.save(folder), m.Refused)
    assert list(tmp_path.iterdir()) == [folder]


def test_other_commands_are_refused(desk: Desk) -> None:
    desk.display.asked(Asked(b"test", m.Hush(request="2")), desk.clock.ns)
    assert desk.bus.answers == [
        m.Refused(request="2", reason="the display does not know Hush; ask it for SavePicture or WearTheme")
    ]


def test_a_switch_key_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with pytest.raises(SettingsError, match='there is no key "spaec"'):
        open_window(DisplaySettings(switch_key="spaec"), pointer=False)
    pygame.quit()


def test_a_machine_without_a_screen_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")
    with pytest.raises(Missing, match=r"no screen can be opened .*; connect one"):
        open_window(DisplaySettings(), pointer=False)
    pygame.quit()


def test_a_screen_that_sdl_makes_up_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a screen SDL draws into memory: everything would be well, and nobody would see it."""
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    monkeypatch.setattr("pygame.display.get_driver", lambda: "offscreen")
    with pytest.raises(Missing, match="no screen can be opened"):
        open_window(DisplaySettings(), pointer=False)


def test_a_window_is_no_larger_than_the_desktop_that_it_opens_on() -> None:
    assert within((1280, 720), (1024, 600)) == (1024, 600)
    assert within((1280, 720), (1920, 1080)) == (1280, 720)
    assert within((720, 1280), (1920, 1080)) == (720, 1080)
