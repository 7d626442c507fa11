"""Where nothing is to flicker, and how the screen is opened where something may."""

import os
from pathlib import Path

import msgspec
import pytest

from unit.display_flicker_kit import FLICKERING, SETTINGS, Panel
from unit.test_display_window import Bus
from vybor.display import flickers, process
from vybor.display.drawing import window
from vybor.display.drawing.window import Window
from vybor.display.helping import Stage
from vybor.display.showing import Showing
from vybor.display.starting import Starting
from vybor.foundation.errors import Missing
from vybor.foundation.flicker_settings import FlickerSettings
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.places import Places
from vybor.foundation.settings import DisplaySettings
from vybor.foundation.start import Start


@pytest.mark.parametrize("is_on", [True, False])
def test_where_it_may_flicker_the_screen_is_opened_to_be_waited_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_on: bool,
) -> None:
    waits: list[str | None] = []

    def no_screen(_settings: DisplaySettings, *, pointer: bool) -> Window:
        waits.append(os.environ.get("SDL_RENDER_VSYNC"))
        raise Missing(f"no screen can be opened; pointer={pointer}")

    monkeypatch.setitem(os.environ, "SDL_RENDER_VSYNC", "")
    del os.environ["SDL_RENDER_VSYNC"]
    monkeypatch.setattr(window, "open_window", no_screen)
    monkeypatch.setattr(process, "Bus", lambda *_about: Bus())
    settings = msgspec.structs.replace(SETTINGS, flicker=FlickerSettings(on=is_on))
    places = Places(runtime=tmp_path, state=tmp_path, share=tmp_path)
    with pytest.raises(Missing):
        process.main(Start(places=places, settings=settings, clock=Panel(), heart=NoHeartbeat()))
    assert waits == ["1" if is_on else None]


def test_a_page_that_starts_or_calls_for_help_does_not_flicker() -> None:
    assert flickers.wanted(Showing(screen=FLICKERING)) == (0, 1, 2)
    assert flickers.wanted(Showing(screen=FLICKERING, help=Stage.ASKED_VOICE)) == ()
    starting = Starting(rows=())
    assert flickers.wanted(Showing(screen=FLICKERING, starting=starting)) == ()
    assert flickers.wanted(Showing(screen=FLICKERING, core_silent=True)) == ()
    assert flickers.wanted(None) == ()
