"""The display on the bus: shows the newest screen, says what it has shown, and passes on keys and mouse."""

import logging
import os
import signal
from contextlib import suppress
from pathlib import Path

from vybor.contracts import messages as m
from vybor.display import view, words
from vybor.display.pointing import Mouse
from vybor.display.showing import Heard as Known
from vybor.display.showing import Showing, hear, showing
from vybor.display.window import Closed, Left, Moved, Pressed, Uncovered, Window, open_window
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.loop import run
from vybor.foundation.settings import GazeSource, Settings
from vybor.foundation.start import Start

log = logging.getLogger("vybor.display")

HEARS = (m.Screen, m.Highlight, m.CalibrationTarget)
FRAME_S = 1 / 60
"""Never more pictures a second, and keys are looked at as often while somebody may press them."""
UNATTENDED_S = 0.1
PRESS_SD_NS = seconds(FRAME_S / 12**0.5)
"""A press is seen at the next look at the keys: anywhere in a sixtieth of a second."""


class Display:
    """The room `display`."""

    def __init__(self, settings: Settings, bus: Bus, clock: Clock, window: Window) -> None:
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._window = window
        self._known = Known(clock.now_ns())
        self._shown: Showing | None = None
        self._flipped_ns = 0
        self._uncovered = False
        self._mouse = Mouse()

    def heard(self, heard: Heard, now_ns: int) -> None:
        """A screen, a highlight or a dot."""
        self._known = hear(self._known, heard.message, now_ns)

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Save a picture; nothing else is asked of a display."""
        command = asked.command
        if isinstance(command, m.SavePicture):
            problem = _save(Path(command.path), self._window)
        else:
            problem = f"the display does not know {type(command).__name__}; ask it for SavePicture"
        reply = m.Refused(request=command.request, reason=problem) if problem else m.Done(request=command.request)
        self._bus.answer(asked, reply)

    def answered(self, answered: Answered, now_ns: int) -> None:
        """The display asks nothing."""

    def turn(self, now_ns: int) -> float:
        """Take in keys and mouse, show what has changed, say where the mouse is."""
        self._take_in(now_ns)
        wait_s = self._show(now_ns)
        if self._mouse.place and self._mouse.is_due(now_ns):
            x, y = self._mouse.place
            self._bus.publish(m.Pointer(at_ns=now_ns, x=x, y=y))
            self._mouse = self._mouse.said(now_ns)
        return min(wait_s, FRAME_S if self._window.is_attended else UNATTENDED_S)

    def troubles(self) -> tuple[m.Notice, ...]:
        """A display without a screen does not run, and one with a screen has none."""
        return ()

    def close(self) -> None:
        """Give the screen back."""
        self._window.close()

    def _take_in(self, now_ns: int) -> None:
        for happening in self._window.happenings():
            match happening:
                case Pressed():
                    self._bus.publish(m.SwitchPress(at_ns=now_ns, at_sd_ns=PRESS_SD_NS))
                case Moved(x=x, y=y):
                    self._mouse = self._mouse.at(x, y)
                case Left():
                    self._mouse = self._mouse.gone()
                case Uncovered():
                    self._uncovered = True
                case Closed():
                    log.info("the window was closed")
                    signal.raise_signal(signal.SIGTERM)  # the loop ends as it does when systemd asks

    def _show(self, now_ns: int) -> float:
        """Show what holds now if it looks different; returns for how long there will be nothing to show."""
        now = showing(self._known, now_ns)
        news = self._shown is None or not now.looks_like(self._shown)
        if not news and not self._uncovered:
            return UNATTENDED_S
        if (too_early_ns := self._flipped_ns + seconds(FRAME_S) - now_ns) > 0:
            return too_early_ns / 1e9
        language = now.screen.language if now.screen else self._settings.language
        spoken = words.words_in(language)
        ways = self._settings.commit
        signal = ways.switch or ways.biosignal
        self._window.show(view.scene(now, self._window.sheet, spoken, pad=ways.pad, signal=signal))
        self._flipped_ns = self._clock.now_ns()
        self._uncovered = False
        if news:
            self._shown = now
            self._say_shown(now)
        return UNATTENDED_S

    def _say_shown(self, now: Showing) -> None:
        shown = m.Shown(
            at_ns=self._flipped_ns,
            screen=now.screen,
            highlight=now.highlight,
            target=now.target,
            core_silent=now.core_silent,
        )
        self._bus.publish(shown)


def _save(path: Path, window: Window) -> str:
    """Write the picture, whole or not at all; returns why it could not be written, or nothing."""
    if not path.is_absolute():
        return f"the picture {path} has no folder; name its whole path"
    unfinished = path.with_name(f".{path.name}.{os.getpid()}") if path.name else path
    try:
        unfinished.write_bytes(window.picture())
        unfinished.replace(path)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        with suppress(OSError, ValueError):
            unfinished.unlink()
        reason = error.strerror if isinstance(error, OSError) else error
        return f"the picture {path} cannot be written ({reason}); name a folder that can be written to"
    return ""


def main(start: Start) -> None:
    """Run the display until it is asked to end or its window is closed."""
    bus = Bus("display", start.places.runtime, start.clock, HEARS)
    window = open_window(start.settings.display, pointer=start.settings.gaze.source is GazeSource.POINTER)
    run(Display(start.settings, bus, start.clock, window), bus, start.clock, start.heart)
