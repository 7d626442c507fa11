"""The page and what belongs to it, read when the process begins: there is nothing to ask for but these files."""

import html
from collections.abc import Mapping
from pathlib import Path
from string import Template

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from vybor.browser.words import words

STATIC = Path(__file__).with_name("static")
FILES: Mapping[str, tuple[str, str]] = {
    "/browser.css": ("browser.css", "text/css"),
    "/display.js": ("display.js", "text/javascript"),
    "/drawing.js": ("drawing.js", "text/javascript"),
}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Site:
    """Serves them; the guard stands before it."""

    def __init__(self, language: str) -> None:
        self._files = {path: ((STATIC / name).read_bytes(), kind) for path, (name, kind) in FILES.items()}
        page = Template((STATIC / "page.html").read_text(encoding="utf-8"))
        said = {name: html.escape(text) for name, text in words(language).items()}
        self._files["/"] = page.substitute(said, language=language).encode(), "text/html"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One file, or that there is none."""
        found = self._files.get(scope["path"])
        answer: Response = PlainTextResponse("there is no such page; the display is at /\n", 404)
        if found is not None:
            answer = Response(found[0], media_type=found[1], headers={"content-security-policy": POLICY})
        await answer(scope, receive, send)
