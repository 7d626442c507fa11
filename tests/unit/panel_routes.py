"""Every route of the pages, from the app itself: whoever adds a page has it tested as all others are.

They are asked as the server would ask, with bytes that no browser lets through.
"""

import asyncio
import contextlib
import re
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import msgspec
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from unit.panel_browser import BASE, Browser
from vybor.contracts import messages as m
from vybor.panel.faring import Faring
from vybor.panel.gathering import Gathering
from vybor.panel.site.site import COOKIE

PUBLIC = {("GET", "/enter"), ("POST", "/enter"), ("POST", "/enter/ask"), ("GET", "/static/{name}")}
"""What is for whoever comes: the way in."""
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*\sname="([^"]+)"')


class Answer(msgspec.Struct):
    """What came back."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = []
    body: bytes = b""

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.decode().lower() == name]
        assert len(found) <= 1, (name, found)
        return found[0].decode() if found else None

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Asker:
    """Asks any route, inside or outside, and plays the kit that answers wishes."""

    def __init__(self, faring: Faring | None = None, *, inside: bool = True) -> None:
        self.browser = Browser(faring=faring)
        self.browser.site.gathering = Gathering(["printf", r"\037\213small"], Path("/nowhere"))
        self.token = self.mark = ""
        self.wished: list[m.AnyCommand] = []
        if inside:
            self.browser.come_in()
            self.token = self.browser.client.cookies[COOKIE]
            self.mark = self.browser.csrf()

    def ask(
        self,
        method: str,
        path: bytes | str,
        fields: list[tuple[str, str]] | bytes = b"",
        headers: dict[str, bytes] | None = None,
    ) -> Answer:
        """One request, as uvicorn hands it on, of a browser that goes at once: so no answer is without an end."""
        raw = path.encode() if isinstance(path, str) else path
        raw_path, _, query = raw.partition(b"?")
        body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
        heads = {"host": b"localhost:8443", "origin": BASE.encode()}
        if self.token:
            heads["cookie"] = f"{COOKIE}={self.token}".encode()
        if method != "GET":
            heads["content-length"] = str(len(body)).encode()
        heads |= headers or {}
        scope: dict[str, object] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": unquote(raw_path.decode("latin-1")),
            "raw_path": raw_path,
            "query_string": query,
            "root_path": "",
            "headers": [(name.encode(), value) for name, value in heads.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8443),
        }
        answer = Answer()
        asyncio.run(self._asked(self.browser.app, scope, body, answer))
        assert answer.status, (method, path)
        return answer

    async def _asked(self, app: ASGIApp, scope: dict[str, object], body: bytes, answer: Answer) -> None:
        told = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            return told.pop() if told else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], list(message["headers"])
            else:
                answer.body += message.get("body", b"")

        kit = asyncio.ensure_future(self._answered())
        try:
            await app(scope, receive, send)
        finally:
            kit.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await kit

    async def _answered(self) -> None:
        while True:
            for wish in self.browser.desk.wishes():
                self.wished.append(wish.command)
                wish.reply.set_result(m.Refused(request="", reason="the wearer <rests>"))
            await asyncio.sleep(0.001)


def routes() -> list[tuple[str, str]]:
    """Every method and path of the app, those that only read first."""
    pages = Browser().site_app
    assert isinstance(pages, Starlette)
    found: list[tuple[str, str]] = []
    for route in pages.routes:
        assert isinstance(route, Route), f"{route} is no page: have the tests of routes know it"
        found += [(method, route.path) for method in sorted(route.methods or ()) if method != "HEAD"]
    return sorted(found)


def filled(path: str, value: str = "x") -> str:
    """A path with something in the place of each of its parameters, as a link has it."""
    return PARAMETER.sub(lambda _: quote(value, safe="/.%"), path)


def fields(asker: Asker) -> list[str]:
    """What the forms of all pages are filled in with."""
    texts = [asker.ask("GET", filled(path)).text for method, path in routes() if method == "GET"]
    return sorted({name for text in texts for name in FIELD.findall(text)} | {"pin", "csrf", "version"})
