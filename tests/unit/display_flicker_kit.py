"""A display on a panel that is waited for, and what it says, for tests of what flickers."""

from pathlib import Path

from unit.display_pages import page
from unit.test_display_window import Bus
from vybor.contracts import messages as m
from vybor.display.drawing.window import Window
from vybor.display.process import Display
from vybor.foundation.bus import Heard
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.foundation.flicker_settings import FlickerSettings
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.places import Places
from vybor.foundation.settings import DisplaySettings, Settings
from vybor.foundation.start import Start

PERIOD_NS = SECOND_NS / 60


class Panel:
    """A screen that is refreshed sixty times a second, and a clock that goes on while it is waited for."""

    def __init__(self) -> None:
        self.ns = float(seconds(1000))
        self.late_ns = 0.0
        self.period_ns = PERIOD_NS

    def now_ns(self) -> int:
        return round(self.ns)

    def flip(self) -> None:
        frame = (self.ns + self.late_ns + 1) // self.period_ns + 1
        self.ns = frame * self.period_ns


class Kit:
    """A display on a panel, and what it says."""

    def __init__(self, folder: Path, window: Window, panel: Panel, settings: Settings) -> None:
        self.panel, self.window, self.bus = panel, window, Bus()
        places = Places(runtime=folder, state=folder, share=folder)
        start = Start(places=places, settings=settings, clock=panel, heart=NoHeartbeat())
        self.display = Display(start, self.bus, window)  # type: ignore[arg-type]
        self.said: m.Screen | None = None

    def hear(self, message: m.Message) -> None:
        self.said = message if isinstance(message, m.Screen) else self.said
        self.display.heard(Heard("core", message, 0), self.panel.now_ns())  # type: ignore[arg-type]

    def turn(self, *, is_silent: bool = False) -> float:
        """One turn; the core says again what it last said, unless it is silent."""
        if self.said and not is_silent:
            self.hear(self.said)
        return self.display.turn(self.panel.now_ns())

    def shown(self) -> m.Shown:
        return [said for said in self.bus.said if isinstance(said, m.Shown)][-1]


SETTINGS = Settings(
    display=DisplaySettings(width=800, height=480, switch_key="return"), flicker=FlickerSettings(on=True)
)
FLICKERING = page(flicker=(0, 1, 2))
