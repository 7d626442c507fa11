"""The room `browser`: the room `display` before a page, and the server of that page."""

import socket
from contextlib import suppress
from pathlib import Path

import msgspec

from vybor.browser import gazing, keeping
from vybor.browser import socket as lines
from vybor.browser.desk import Desk
from vybor.browser.page import Page
from vybor.browser.site import Site
from vybor.contracts import messages as m
from vybor.display import process as display
from vybor.display.drawing.surface import TEXT
from vybor.foundation import small_files
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import wall_time
from vybor.foundation.displays import Opening
from vybor.foundation.eyetracker_settings import TrackerKind
from vybor.foundation.gaze_settings import GazeSource
from vybor.foundation.settings import PanelUse, Settings
from vybor.foundation.start import Start
from vybor.pages import certificate
from vybor.pages.guard import Guard, machine_name
from vybor.pages.serving import KeptOpen, Serving, listeners


class Browser(display.Display):
    """The display, in a browser. Nothing of this machine's desktop is reached from it."""

    def __init__(self, start: Start, bus: Bus, page: Page, desk: Desk, key: str) -> None:
        super().__init__(start, bus, page, environment={})
        self._page = page
        self._desk = desk
        self._key = key
        self._listens = start.settings.browser
        self._places = start.places
        self._blind = ""
        """Why the page cannot follow the eyes."""
        self._pages = Site(start.settings.language, self._eyes(start.settings))
        self._server = KeptOpen("browser", start.settings.browser.port, self._serving)
        bus.watch(desk.news)

    def _eyes(self, settings: Settings) -> Path | None:
        """The folder of what follows the eyes, where that is wanted and there."""
        if (
            settings.gaze.source is not GazeSource.EYETRACKER
            or settings.eyetracker.kind is not TrackerKind.WEBGAZER
        ):
            return None
        folder = Path(settings.browser.webgazer)
        self._blind = gazing.problem(folder)
        return None if self._blind else folder

    def heard(self, heard: Heard, now_ns: int) -> None:
        """What a display hears; what is spoken is said on the page too, for who does not see it."""
        super().heard(heard, now_ns)
        if isinstance(heard.message, m.Screen):
            self._page.speak(heard.message.said, heard.message.language)

    def turn(self, now_ns: int) -> float:
        """Serve the page, and be the display on it."""
        self._server.turn(now_ns)
        wait_s = super().turn(now_ns)
        for look in self._page.looks():
            self._bus.publish(look)
        return wait_s

    def troubles(self) -> tuple[m.Notice, ...]:
        """That no page can be opened, or that none is."""
        if why := self._server.trouble:
            return (m.Notice(process="browser", trouble=m.Trouble.BROWSER_FAILED, detail=why),)
        if self._blind:
            return (m.Notice(process="browser", trouble=m.Trouble.TRACKER_MISSING, detail=self._blind),)
        if not self._page.is_there:
            detail = "open the link that `vybor browser` says"
            return (m.Notice(process="browser", trouble=m.Trouble.BROWSER_AWAY, detail=detail),)
        return ()

    def close(self) -> None:
        """Let go of the page."""
        with suppress(OSError):
            self._places.browser_link.unlink(missing_ok=True)
        self._server.close()
        super().close()
        self._desk.close()

    def _serving(self) -> Serving:
        """On the machine itself in plain HTTP, which is safe there to browsers; in the network over TLS alone."""
        name = machine_name(socket.gethostname())
        is_network = self._listens.listen is PanelUse.NETWORK
        held = certificate.ready(self._places.browser, name, wall_time()) if is_network else None
        sockets = listeners(self._listens)
        line = lines.of(self._desk, name)
        serving = Serving(Guard(self._pages, name), held.path if held else None, sockets, line)
        opening = Opening(
            port=self._listens.port,
            key=self._key,
            address=self._listens.address,
            certificate=certificate.whole(held.fingerprint) if held else "",
        )
        try:
            small_files.write_bytes(self._places.browser_link, msgspec.json.encode(opening), 0o640)
        except OSError:
            serving.close()  # nobody would know of it, and no other could listen there
            raise
        return serving


def on_a_page(settings: Settings) -> Settings:
    """What of the settings holds in a browser: it runs no programs of this desktop."""
    return msgspec.structs.replace(settings, text_out=type(settings.text_out)())


def made(start: Start) -> tuple[Browser, Bus]:
    """The room, and the bus that it is on."""
    bus = Bus("browser", start.places.runtime, start.clock, display.HEARS)
    start = msgspec.structs.replace(start, settings=on_a_page(start.settings))
    key = keeping.key(start.places.browser)
    desk = Desk(start.clock, key)
    shown = start.settings.display
    page = Page(desk, start.clock, shown, TEXT[shown.text_size])
    return Browser(start, bus, page, desk, key), bus
