"""The pages: where each is, who may have it, and what it is made of. They run in the server's thread."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import wraps
from hmac import compare_digest
from pathlib import Path
from urllib.parse import parse_qsl

import jinja2
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from vybor.contracts import messages as m
from vybor.panel import documents, wishes
from vybor.panel.desk import Desk
from vybor.panel.door import Answer
from vybor.panel.guard import LARGEST_BYTES
from vybor.panel.sessions import Session
from vybor.panel.texts import Text
from vybor.panel.words import Words

HERE = Path(__file__).parent
COOKIE = "__Host-vybor"
"""By this name browsers take it over TLS alone, for all of this address and for no other."""
STATIC = {"panel.css": "text/css", "live.js": "text/javascript"}
REFUSALS = {404: Text.MISSING, 405: Text.MISSING, 403: Text.OLD_FORM}
MOST_FIELDS = 20
PAGES = (("/", Text.HOME), ("/begin", Text.BEGIN), ("/model", Text.VERSIONS), ("/documents", Text.DOCUMENTS))
"""Those that are in the list on top."""
STREAM_S = 0.5
"""So often it is looked whether something has changed…"""
BREATH_S = 15.0
"""…and so often something is said though nothing has: else nobody notices that a browser has gone."""

Own = Callable[["Pages", Request, Session], Awaitable[Response]]


def opened(page: Own) -> Callable[["Pages", Request], Awaitable[Response]]:
    """A page for whoever came in; others are shown the way, and a form must be of a page of theirs."""

    @wraps(page)
    async def guarded(self: "Pages", request: Request) -> Response:
        session = self.desk.session(token(request), use=True)
        if session is None:
            return RedirectResponse("/enter", 303)
        return await page(self, request, session)

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


class Pages:
    """All of them, in one language."""

    def __init__(self, desk: Desk, words: Words, version: str) -> None:
        self.desk = desk
        self._words = words
        self._version = version
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"words": words, "say": words.text, "Text": Text, "version": version}
        self._static = {name: (HERE / "static" / name).read_bytes() for name in STATIC}

    def app(self) -> Starlette:
        """What the server runs."""
        app = Starlette(
            routes=[
                Route("/", self.home, methods=["GET"]),
                Route("/live", self.live, methods=["GET"]),
                Route("/enter", self.enter, methods=["GET"]),
                Route("/enter", self.come_in, methods=["POST"]),
                Route("/enter/ask", self.ask, methods=["POST"]),
                Route("/leave", self.leave, methods=["POST"]),
                Route("/begin", self.begin, methods=["GET"]),
                Route("/begin/{name}", self.begun, methods=["POST"]),
                Route("/model", self.model, methods=["GET"]),
                Route("/model", self.wear, methods=["POST"]),
                Route("/documents", self.documents, methods=["GET"]),
                Route("/documents/{name}", self.document, methods=["GET"]),
                Route("/static/{name}", self.static, methods=["GET"]),
            ],
            exception_handlers={HTTPException: self.refused},
        )
        app.router.redirect_slashes = False
        return app

    # --- coming in and leaving ------------------------------------------------------------------------------

    async def enter(self, request: Request) -> Response:
        """Where a PIN is asked for and typed."""
        if self.desk.session(token(request), use=False):
            return RedirectResponse("/", 303)
        left = request.query_params.get("left") == "1"
        return self._enter(self._words.text(Text.LEFT) if left else "")

    async def ask(self, _request: Request) -> Response:
        """Have a PIN on the kit's screen."""
        self.desk.ask_pin()
        return RedirectResponse("/enter", 303)

    async def come_in(self, request: Request) -> Response:
        """Whether what was typed stands on the screen."""
        fields = await form(request)
        answer, fresh = self.desk.come_in(fields.get("pin", ""))
        if answer is not Answer.IN:
            return self._enter(self._words.answer(answer), status=403)
        reply = RedirectResponse("/", 303)
        reply.set_cookie(COOKIE, fresh, path="/", secure=True, httponly=True, samesite="strict")
        return reply

    @opened
    async def leave(self, request: Request, session: Session) -> Response:
        """From now on the browser has to ask for a PIN again."""
        await self._own_form(request, session)
        self.desk.leave(token(request))
        reply = RedirectResponse("/enter?left=1", 303)
        reply.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
        return reply

    # --- how the kit is -------------------------------------------------------------------------------------

    @opened
    async def home(self, _request: Request, session: Session) -> Response:
        """How the kit is."""
        return self._page("home.html", session, here="/", faring=self.desk.faring)

    async def live(self, request: Request) -> Response:
        """The same as it changes, by server-sent events; looking on does nothing, and keeps no session open."""
        if request.method != "GET":
            raise HTTPException(405)
        if self.desk.session(token(request), use=False) is None:
            raise HTTPException(403)
        if not self.desk.has_room():
            raise HTTPException(503)
        return StreamingResponse(self._changes(token(request)), media_type="text/event-stream")

    async def _changes(self, key: str) -> AsyncIterator[str]:
        """Counted from its first line on: a browser that has gone before that is never counted."""
        with self.desk.stream():
            shown, silent_s = None, 0.0
            while self.desk.session(key, use=False):
                faring = self.desk.faring
                if faring is not shown:
                    shown, silent_s = faring, 0.0
                    lines = self._render("faring.html", faring=faring).splitlines()
                    yield "".join(f"data: {line}\n" for line in lines) + "\n"
                elif silent_s >= BREATH_S:
                    silent_s = 0.0
                    yield ":\n\n"
                await asyncio.sleep(STREAM_S)
                silent_s += STREAM_S
            yield "event: over\ndata:\n\n"

    # --- what a carer may have the kit do -------------------------------------------------------------------

    @opened
    async def begin(self, _request: Request, session: Session) -> Response:
        """What may be begun on the wearer's screen."""
        return self._begin(session)

    @opened
    async def begun(self, request: Request, session: Session) -> Response:
        """Begin it."""
        await self._own_form(request, session)
        asked = wishes.beginning(request.path_params["name"])
        if asked is None:
            raise HTTPException(404)
        return self._begin(session, await self._done(*asked))

    @opened
    async def model(self, _request: Request, session: Session) -> Response:
        """What the workstation sent, and which of it is in use."""
        return self._model(session)

    @opened
    async def wear(self, request: Request, session: Session) -> Response:
        """Have the model use another version, or the one before."""
        fields = await self._own_form(request, session)
        command = wishes.of_model(fields.get("version", ""))
        if command is None:
            raise HTTPException(400)
        return self._model(session, await self._done("generator", command))

    # --- documents ------------------------------------------------------------------------------------------

    @opened
    async def documents(self, _request: Request, session: Session) -> Response:
        """Which there are."""
        return self._page("documents.html", session, here="/documents", titles=documents.titles())

    @opened
    async def document(self, request: Request, session: Session) -> Response:
        """One of them."""
        document = documents.read(request.path_params["name"])
        if document is None:
            raise HTTPException(404)
        return self._page("document.html", session, document=document)

    # --- what stands around ---------------------------------------------------------------------------------

    async def static(self, request: Request) -> Response:
        """Style and script: two files, which were read when the process began."""
        name = request.path_params["name"]
        if name not in self._static:
            raise HTTPException(404)
        return Response(self._static[name], media_type=STATIC[name])

    async def refused(self, request: Request, error: Exception) -> Response:
        """There is no such page, a form was not of this session, or something else was not right."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        told = self._words.text(REFUSALS.get(status, Text.REFUSED))
        return self._page("refused.html", self.desk.session(token(request), use=False), status, told=told)

    async def _own_form(self, request: Request, session: Session) -> dict[str, str]:
        """The fields of a form that one of this session's pages made. Raises 403 for any other."""
        fields = await form(request)
        if not compare_digest(fields.get("csrf", "").encode(), session.csrf.encode()):
            raise HTTPException(403)
        return fields

    async def _done(self, receiver: str, command: m.AnyCommand) -> str:
        """What came of a wish, in a sentence."""
        reply = await asyncio.wrap_future(self.desk.wish(receiver, command))
        match reply:
            case None:
                return self._words.text(Text.UNANSWERED)
            case m.Refused(reason=reason, trouble=trouble):
                return self._words.text(Text.SAYS_NO, reason=reason or trouble or "")
            case _:
                return self._words.text(Text.BEGUN)

    def _begin(self, session: Session, told: str = "") -> Response:
        return self._page("begin.html", session, here="/begin", told=told, names=tuple(wishes.BEGINNINGS))

    def _model(self, session: Session, told: str = "") -> Response:
        return self._page("model.html", session, here="/model", told=told, faring=self.desk.faring)

    def _enter(self, told: str, status: int = 200) -> Response:
        stands, wait_s = self.desk.stands()
        return self._page("enter.html", None, status, told=told, stands=stands, wait_s=wait_s)

    def _page(self, template: str, session: Session | None, status: int = 200, **filled: object) -> Response:
        around = {"session": session, "pages": PAGES, "here": filled.pop("here", "")}
        return HTMLResponse(self._render(template, **around, **filled), status)

    def _render(self, template: str, **filled: object) -> str:
        return self._templates.get_template(template).render(filled)
