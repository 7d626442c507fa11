"""A browser before the pages, with the kit's real desk behind them and a clock that a test turns."""

import re
from pathlib import Path

from starlette.testclient import TestClient

from vybor.foundation.clock import seconds
from vybor.pages.guard import Guard
from vybor.panel.desk import Desk
from vybor.panel.faring import Faring
from vybor.panel.site.app import app
from vybor.panel.site.site import Site
from vybor.panel.words import Words

BASE = "https://localhost:8443"


class HandClock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.ns = seconds(1000)

    def now_ns(self) -> int:
        return self.ns

    def turn(self, by_s: float) -> None:
        self.ns += seconds(by_s)


class Browser:
    """Keeps cookies, follows no redirects, and says where its forms come from as browsers do."""

    def __init__(self, language: str = "en", faring: Faring | None = None, file: Path | None = None) -> None:
        self.clock = HandClock()
        self.desk = Desk(self.clock, faring or Faring())
        self.site = Site(self.desk, Words(language), "0.1.0")
        self.site.file = file
        self.site_app = app(self.site)
        self.app = Guard(self.site_app, "kitchen")
        self.client = self.another()

    def another(self) -> TestClient:
        """Another browser before the same kit."""
        return TestClient(self.app, base_url=BASE, follow_redirects=False, headers={"origin": BASE})

    def come_in(self, client: TestClient | None = None) -> TestClient:
        """Ask for a PIN, read it off the kit's screen and type it."""
        client = client or self.client
        client.post("/enter/ask", content=b"")
        reply = client.post("/enter", data={"pin": self.desk.pin()})
        assert (reply.status_code, reply.headers["location"]) == (303, "/")
        return client

    def csrf(self) -> str:
        """What stands in the forms of this browser's pages."""
        return str(re.findall(r'name="csrf" value="([^"]+)"', self.client.get("/").text)[0])
