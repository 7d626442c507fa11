"""The page and what belongs to it, read when the process begins: there is nothing to ask for but these files."""

import html
from collections.abc import Mapping
from pathlib import Path
from string import Template

from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from vybor.browser import gazing
from vybor.browser.words import words

STATIC = Path(__file__).with_name("static")
FILES: Mapping[str, tuple[str, str]] = {
    "/browser.css": ("browser.css", "text/css"),
    "/display.js": ("display.js", "text/javascript"),
    "/drawing.js": ("drawing.js", "text/javascript"),
    "/looking.js": ("looking.js", "text/javascript"),
}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
CAMERA = "camera=(self), geolocation=(), microphone=()"
EYES_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; connect-src 'self'; worker-src 'self' blob:; "
    "img-src 'self' blob: data:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""MediaPipe's bindings make functions out of text: in a document of their own, which has no key and no line."""


class Site:
    """Serves them; the guard stands before it."""

    def __init__(self, language: str, webgazer: Path | None = None) -> None:
        """`webgazer`: the folder of what follows the eyes, if anything is to."""
        self._files = {path: ((STATIC / name).read_bytes(), kind) for path, (name, kind) in FILES.items()}
        page = Template((STATIC / "page.html").read_text(encoding="utf-8"))
        said = {name: html.escape(text) for name, text in words(language).items()}
        self._files["/"] = (
            page.substitute(said, language=language, follows="yes" if webgazer else "").encode(),
            "text/html",
        )
        self._fetched = gazing.served(webgazer) if webgazer else {}
        if webgazer:
            eyes = Template((STATIC / "eyes.html").read_text(encoding="utf-8"))
            self._files["/eyes"] = eyes.substitute(title=said["eyes"], language=language).encode(), "text/html"
            self._files["/eyes.js"] = (STATIC / "eyes.js").read_bytes(), "text/javascript"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One file, or that there is none."""
        path = scope["path"]
        answer: Response = PlainTextResponse("there is no such page; the display is at /\n", 404)
        if fetched := self._fetched.get(path):
            answer = FileResponse(fetched[0], media_type=fetched[1])
        elif found := self._files.get(path):
            answer = Response(found[0], media_type=found[1], headers=_headers(path, follows=bool(self._fetched)))
        await answer(scope, receive, send)


def _headers(path: str, *, follows: bool) -> dict[str, str]:
    """What a page may do beside what the guard says of all: have the camera, where eyes are followed."""
    if path == "/eyes":
        return {
            "content-security-policy": EYES_POLICY,
            "permissions-policy": CAMERA,
            "x-frame-options": "SAMEORIGIN",
        }
    return {"content-security-policy": POLICY, **({"permissions-policy": CAMERA} if follows else {})}
