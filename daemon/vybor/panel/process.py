"""The process `panel` on the bus: tells the pages how the kit is, and the screen who wants to see them."""

import logging
import shutil
import socket

import msgspec
from starlette.types import ASGIApp

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds, wall_time
from vybor.foundation.loop import run
from vybor.foundation.settings import PanelSettings, PanelUse
from vybor.foundation.start import Start
from vybor.foundation.version import version
from vybor.pages import certificate
from vybor.pages.certificate import Certificate
from vybor.pages.guard import Guard, machine_name
from vybor.pages.serving import KeptOpen, Serving, listeners
from vybor.panel import faring, gathering
from vybor.panel.desk import Desk
from vybor.panel.faring import HEARS, Known
from vybor.panel.lending import Lending
from vybor.panel.site.app import app
from vybor.panel.site.site import Site
from vybor.panel.wishes import Wish
from vybor.panel.words import Words

log = logging.getLogger("vybor.panel")

TURN_S, BUSY_TURN_S = 0.2, 0.02
BUSY_NS = seconds(2)
"""After a page wished something it is looked for the next wish more often: there may be many in a row."""
GROWN_NS = seconds(10)
"""So often the generator is asked what its model is, while somebody may read it."""
DISK_NS = seconds(10)


class Panel:
    """The room `panel`."""

    def __init__(self, start: Start, bus: Bus, desk: Desk, pages: ASGIApp, name: str) -> None:
        self._bus = bus
        self._desk = desk
        self._pages = pages
        self._settings: PanelSettings = start.settings.panel
        self._places = start.places
        self._name = name
        self._known = Known(start.clock.now_ns())
        self._certificate: Certificate | None = None
        self._server = KeptOpen("panel", self._settings.port, self._serving)
        self._asking = ""
        self._asked_ns = -GROWN_NS
        self._free_mb: int | None = None
        self._looked_ns = -DISK_NS
        self._published: tuple[str, str] = ("", "")
        self._lending = Lending(bus, desk)
        self._wished_ns = -BUSY_NS
        self._wishes: dict[str, tuple[Wish, int]] = {}
        """What was asked of others for a page, by its request, and until when the page waits."""

    def heard(self, heard: Heard, now_ns: int) -> None:
        """How a process fares, and what is no word of the wearer's."""
        if isinstance(heard.message, m.PowerAsked):
            self._desk.tell_power(heard.message)
            return
        self._known = faring.heard(self._known, heard.message, now_ns)

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Nothing is asked of it by others."""
        reason = "the panel takes no wishes; it has pages for a browser"
        self._bus.answer(asked, m.Refused(request=asked.command.request, reason=reason))

    def answered(self, answered: Answered, now_ns: int) -> None:
        """The generator tells what its model is."""
        if answered.reply.request == self._asking:
            self._asking = ""
        self._lending.answered(answered.reply)
        if asked := self._wishes.pop(answered.reply.request, None):
            asked[0].reply.set_result(answered.reply)
        self._known = faring.answered(self._known, answered.reply)

    def turn(self, now_ns: int) -> float:
        """Serve, if that is wanted; lay out how the kit is; show the PIN that somebody asks for."""
        self._serve(now_ns)
        if self._server.is_open and self._desk.is_open():
            self._look(now_ns)
        self._fulfil(now_ns)
        self._lending.turn(now_ns)
        self._desk.show(faring.told(self._known, now_ns, self._free_mb))
        self._publish(now_ns)
        return BUSY_TURN_S if now_ns - self._wished_ns < BUSY_NS else TURN_S

    def troubles(self) -> tuple[m.Notice, ...]:
        """That no browser can come; that one is there; that somebody tried."""
        told = {
            m.Trouble.PANEL_FAILED: self._server.trouble,
            m.Trouble.PANEL_WRONG_PINS: "five wrong PINs" if self._desk.is_warned() else "",
            m.Trouble.PANEL_WATCHED: "in a browser"
            if self._desk.is_watched() and not self._lending.is_lent
            else "",
        }
        return tuple(m.Notice(process="panel", trouble=name, detail=why) for name, why in told.items() if why)

    def close(self) -> None:
        """Let go of every browser."""
        for wish, _ in self._wishes.values():
            wish.reply.set_result(None)
        self._server.close()

    def _serve(self, now_ns: int) -> None:
        """Listen where the settings say. Raises VyborError if the server has ended by itself."""
        if self._settings.listen is not PanelUse.OFF:
            self._server.turn(now_ns)

    def _serving(self) -> Serving:
        self._certificate = certificate.ready(self._places.panel, self._name, wall_time())
        serving = Serving(self._pages, self._certificate.path, listeners(self._settings))
        log.info("the page is open: listen=%s port=%d", self._settings.listen, self._settings.port)
        return serving

    def _look(self, now_ns: int) -> None:
        """What nobody says by themselves, while somebody may read it."""
        if now_ns - self._looked_ns >= DISK_NS:
            self._looked_ns = now_ns
            self._free_mb = shutil.disk_usage(self._places.state).free // 1_000_000
        if not self._asking and now_ns - self._asked_ns >= GROWN_NS:
            self._asking, self._asked_ns = self._bus.new_request(), now_ns
            self._bus.ask("generator", m.TellGrown(request=self._asking))

    def _fulfil(self, now_ns: int) -> None:
        """Ask what pages wish; tell them that nobody answers. What is not answered is asked no more."""
        for wish in self._desk.wishes():
            request, self._wished_ns = self._bus.new_request(), now_ns
            self._wishes[request] = wish, now_ns + seconds(wish.patience_s)
            self._bus.ask(wish.receiver, msgspec.structs.replace(wish.command, request=request))
        for request, (wish, until_ns) in list(self._wishes.items()):
            if now_ns >= until_ns:
                del self._wishes[request]
                self._bus.take_back(wish.receiver, request)
                wish.reply.set_result(None)

    def _publish(self, now_ns: int) -> None:
        """Say the PIN that is to stand on the screen, if that is news."""
        pin = self._desk.pin()
        digits = certificate.shown(self._certificate.fingerprint) if self._certificate and pin else ""
        if (pin, digits) != self._published:
            self._published = pin, digits
            self._bus.publish(m.PanelStatus(at_ns=now_ns, pin=pin, certificate=digits))


def main(start: Start) -> None:
    """Run the process `panel` until it is asked to end."""
    bus = Bus("panel", start.places.runtime, start.clock, HEARS)
    desk, name = Desk(start.clock, faring.Faring()), machine_name(socket.gethostname())
    site = Site(desk, Words(start.settings.language), version(), start.places.panel)
    site.gathering, site.file = gathering.of(start), start.file
    pages = Guard(app(site), name)
    run(Panel(start, bus, desk, pages, name), bus, start.clock, start.heart)
