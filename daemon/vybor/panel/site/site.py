"""What every page is made with: who may have it, what a form must bring, and the templates.

All of it runs in the server's thread.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import wraps
from hmac import compare_digest
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import parse_qsl

import jinja2
import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from vybor.contracts import messages as m
from vybor.pages.guard import LARGEST_BYTES
from vybor.panel.desk import Desk
from vybor.panel.gathering import Gathering
from vybor.panel.sessions import Session
from vybor.panel.texts import Text
from vybor.panel.undo import Undo
from vybor.panel.wishes import PATIENCE_S
from vybor.panel.words import Words

HERE = Path(__file__).parents[1]
TEMPORARY = Path(gettempdir())
COOKIE = "__Host-vybor"
"""By this name browsers take it over TLS alone, for all of this address and for no other."""
MOST_FIELDS = 20

Page = Callable[["Site", Request], Awaitable[Response]]
Own = Callable[["Site", Request, Session], Awaitable[Response]]


class At(msgspec.Struct, frozen=True):
    """Where a page is, and how it is asked for."""

    path: str
    page: Page
    method: str = "GET"


class Group(msgspec.Struct, frozen=True):
    """Pages that belong together in the list on top: a phone has no room for the names of all."""

    title: StrEnum
    pages: tuple[tuple[str, StrEnum], ...]

    def holds(self, path: str) -> bool:
        """Whether that page is one of them."""
        return any(path == each for each, _ in self.pages)


def opened(page: Own) -> Page:
    """A page for whoever came in; others are shown the way."""

    @wraps(page)
    async def guarded(site: "Site", request: Request) -> Response:
        session = site.desk.session(token(request), use=True)
        if session is None:
            return RedirectResponse("/enter", 303)
        return await page(site, request, session)

    return guarded


def token(request: Request) -> str:
    """What the browser's cookie says."""
    return request.cookies.get(COOKIE, "")


async def form(request: Request) -> dict[str, str]:
    """The fields of a plain form; of one that comes twice, the last. Raises HTTPException (413, 400)."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BYTES:
            raise HTTPException(413)
    try:
        return dict(
            parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        )
    except ValueError:
        raise HTTPException(400) from None


async def own_form(request: Request, session: Session) -> dict[str, str]:
    """The fields of a form that one of this session's pages made. Raises HTTPException (403) for any other."""
    fields = await form(request)
    if not compare_digest(fields.get("csrf", "").encode(), session.csrf.encode()):
        raise HTTPException(403)
    return fields


class Site:
    """What the pages have in common, in one language."""

    def __init__(self, desk: Desk, words: Words, version: str, uploads: Path = TEMPORARY) -> None:
        self.desk = desk
        self.words = words
        self.file: Path | None = None
        """Where the settings stand."""
        self.listed: tuple[Group, ...] = ()
        """Those pages that are in the list on top."""
        self.undo = Undo()
        self.uploads = uploads
        """Where on the disk files wait, under a key, until they are read…"""
        self.reads = False
        """…which those of one upload at a time are."""
        self.gathering: Gathering | None = None
        """Whence a log bundle comes."""
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"words": words, "say": words.text, "Text": Text, "version": version}

    def page(self, template: str, session: Session | None, status: int = 200, **filled: object) -> Response:
        """A whole page; `here` is its place in the list on top."""
        around = {"session": session, "groups": self.listed, "here": filled.pop("here", "")}
        return HTMLResponse(self.render(template, **around, **filled), status)

    def render(self, template: str, **filled: object) -> str:
        """A template, filled."""
        return self._templates.get_template(template).render(filled)

    async def asked(
        self, receiver: str, command: m.AnyCommand, patience_s: float = PATIENCE_S
    ) -> m.AnyReply | None:
        """What a process answers to a wish; None: nobody did in time."""
        return await asyncio.wrap_future(self.desk.wish(receiver, command, patience_s))

    def no(self, reason: str) -> str:
        """That a process did not do it, and what it says of that."""
        return self.words.text(Text.SAYS_NO, reason=reason)

    async def done(self, receiver: str, command: m.AnyCommand) -> str:
        """What came of a wish, in a sentence."""
        match await self.asked(receiver, command):
            case None:
                return self.words.text(Text.UNANSWERED)
            case m.Refused(reason=reason, trouble=trouble):
                return self.no(reason or trouble or "")
            case _:
                return self.words.text(Text.BEGUN)
