"""What the wearer says: as it is said, as it was said, and as a copy; each once they said yes on the kit."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import groupby

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Send

from vybor.commands.records import rows as log_rows
from vybor.contracts import messages as m
from vybor.contracts.messages import Readable
from vybor.foundation.clock import on_the_wall
from vybor.panel import own_texts
from vybor.panel.own_texts import OwnText
from vybor.panel.sessions import Session
from vybor.panel.site.site import At, Site, opened, own_form, token
from vybor.segments.rows import Utterance

STREAM_S = 0.5
BREATH_S = 15.0
"""As on the page of how the kit is."""
ON_A_PAGE = 50
"""Sentences, and what more the day of the last of them has…"""
MOST_ANSWERS = 40
"""…as far as so many answers of the record go, each of some hundred choices."""


class Stands(msgspec.Struct, frozen=True):
    """How it stands with a browser, as far as core tells it."""

    told: m.ReadTold | None = None
    mirror: m.Mirror | None = None

    def may(self, what: Readable) -> bool:
        """Whether it may read that."""
        return self.told is not None and any(grant.what is what for grant in self.told.grants)

    @property
    def said(self) -> OwnText | None:
        """Why it may not, or no more."""
        if self.told is None:
            return OwnText.NOT_TOLD
        return own_texts.REFUSALS.get(self.told.refused) or own_texts.ENDS.get(self.told.ended)


class Spoken(msgspec.Struct, frozen=True):
    """A sentence and when it was said."""

    day: str
    time: str
    text: str


# --- what may be asked for, and as it is said -----------------------------------------------------------------


@opened
async def own(site: Site, request: Request, session: Session) -> Response:
    """What may be asked for, and how that stands."""
    return _own(site, session, await _stands(site, token(request)))


@opened
async def ask(site: Site, request: Request, session: Session) -> Response:
    """Have the wearer asked."""
    fields = await own_form(request, session)
    if fields.get("what") not in list(Readable):
        raise HTTPException(400)
    return _own(site, session, await _stands(site, token(request), Readable(fields["what"])))


@opened
async def stop(site: Site, request: Request, session: Session) -> Response:
    """Read no more."""
    await own_form(request, session)
    browser = site.desk.reads_no_more(token(request))
    await site.asked("core", m.AskToRead(request="", browser=browser, leaves=True))
    return RedirectResponse("/own", 303)


async def live(site: Site, request: Request) -> Response:
    """The same as it changes; looking on does nothing, and keeps no session open."""
    if request.method != "GET":
        raise HTTPException(405)
    session = site.desk.session(token(request), use=False)
    if session is None:
        raise HTTPException(403)
    if not site.desk.has_room():
        raise HTTPException(503)
    return StreamingResponse(_changes(site, token(request), session), media_type="text/event-stream")


async def _changes(site: Site, key: str, session: Session) -> AsyncIterator[str]:
    with site.desk.stream():
        shown, silent_s = {"stands": "", "mirror": ""}, 0.0
        while site.desk.session(key, use=False):
            stands = await _stands(site, key)
            for part, before in list(shown.items()):
                now = _part(site, part, stands, session)
                if now != before:
                    shown[part], silent_s = now, 0.0
                    lines = now.splitlines() or [""]  # what is gone has to be told, too
                    yield f"event: {part}\n" + "".join(f"data: {line}\n" for line in lines) + "\n"
            if silent_s >= BREATH_S:
                silent_s = 0.0
                yield ":\n\n"
            await asyncio.sleep(STREAM_S)
            silent_s += STREAM_S
        yield "event: over\ndata:\n\n"


def _part(site: Site, part: str, stands: Stands, session: Session) -> str:
    return site.render(f"own_{part}.html", stands=stands, session=session, OwnText=OwnText, items=own_texts.ITEMS)


async def _stands(site: Site, key: str, what: Readable | None = None) -> Stands:
    """Ask core; nothing else is ever asked before it has said that the wearer agreed."""
    browser = site.desk.reads(key)
    told = await site.asked("core", m.AskToRead(request="", browser=browser, what=what))
    if not isinstance(told, m.ReadTold):
        return Stands()
    stands = Stands(told)
    if not stands.may(Readable.MIRROR):
        return stands
    seen = await site.asked("core", m.ReadMirror(request="", browser=browser))
    return Stands(told, seen if isinstance(seen, m.Mirror) else None)


def _own(site: Site, session: Session, stands: Stands) -> Response:
    items = own_texts.ITEMS
    return site.page("own.html", session, here="/own", stands=stands, OwnText=OwnText, items=items)


# --- as it was said -------------------------------------------------------------------------------------------


@opened
async def log(site: Site, request: Request, session: Session) -> Response:
    """What was said, the newest day first."""
    place = _place(request.query_params.get("before", "0.0"))
    if place is None:
        raise HTTPException(400)
    found: list[Spoken] = []
    earlier: tuple[int, int] | None = place
    for _ in range(MOST_ANSWERS):
        told = await _rows(site, request, Readable.LOG, place)
        if told is None:
            return _refused(site, session)
        found += [spoken for row in told.rows if (spoken := _spoken(row))]
        place = (told.boot, told.sequence)
        earlier = None if told.is_end else place
        if told.is_end or len(found) >= ON_A_PAGE:
            break
    days = [(day, list(those)) for day, those in groupby(found, key=lambda each: each.day)]
    return site.page("own_log.html", session, here="/own", OwnText=OwnText, days=days, earlier=earlier)


def _place(told: str) -> tuple[int, int] | None:
    """A place in the record: two numbers; None for what is none."""
    boot, dot, sequence = told.partition(".")
    if not dot or not all(each.isascii() and each.isdecimal() and len(each) <= 18 for each in (boot, sequence)):
        return None
    return int(boot), int(sequence)


def _spoken(row: m.KeptRow) -> Spoken | None:
    try:
        said = msgspec.msgpack.decode(row.record, type=Utterance)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    day, _, time = on_the_wall(row.at).partition(" ")
    return Spoken(day, time, said.text)


# --- as a copy --------------------------------------------------------------------------------------------------


class Copy(StreamingResponse):
    """A file as it comes; where it cannot go on the connection ends, so that nobody takes a part for all of it."""

    async def stream_response(self, send: Send) -> None:
        """Send it; an empty piece means that there is no more to be had."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for piece in self.body_iterator:
            if not piece:
                return
            await send({"type": "http.response.body", "body": bytes(piece), "more_body": True})  # type: ignore[arg-type]
        await send({"type": "http.response.body", "body": b"", "more_body": False})


@opened
async def as_text(site: Site, request: Request, session: Session) -> Response:
    """What was said, a line for each sentence."""
    return await _copy(site, request, session, "said.txt", _text_lines)


@opened
async def as_lines(site: Site, request: Request, session: Session) -> Response:
    """All rows that are not private."""
    return await _copy(site, request, session, "record.jsonl", _json_lines)


Written = Callable[[m.RecordTold], Iterator[bytes]]


async def _copy(site: Site, request: Request, session: Session, name: str, written: Written) -> Response:
    first = await _rows(site, request, Readable.EXPORT, (0, 0))
    if first is None:
        return _refused(site, session)
    how = {"content-disposition": f'attachment; filename="{name}"'}
    kind = "text/plain; charset=utf-8" if name.endswith(".txt") else "application/jsonl"
    return Copy(_pieces(site, request, first, written), media_type=kind, headers=how)


async def _pieces(site: Site, request: Request, told: m.RecordTold, written: Written) -> AsyncIterator[bytes]:
    """The file page by page, and an empty piece if the wearer ends it, the session is over or nobody answers."""
    while True:
        if piece := b"".join(written(told)):
            yield piece
        if told.is_end:
            return
        further = await _rows(site, request, Readable.EXPORT, (told.boot, told.sequence))
        if further is None or site.desk.session(token(request), use=True) is None:
            yield b""
            return
        told = further


def _text_lines(told: m.RecordTold) -> Iterator[bytes]:
    for row in told.rows:
        if said := log_rows.said_in(row):
            yield f"{on_the_wall(said.at)}  {said.text}\n".encode()


def _json_lines(told: m.RecordTold) -> Iterator[bytes]:
    return log_rows.exported(lambda: ((told.kit, row) for row in told.rows), is_masked=False)


async def _rows(site: Site, request: Request, what: Readable, place: tuple[int, int]) -> m.RecordTold | None:
    """Some rows of the record; None: this browser may not have them, or nobody answered."""
    browser = site.desk.reads(token(request))
    asked = m.ReadRecord(request="", browser=browser, what=what, boot=place[0], sequence=place[1])
    told = await site.asked("core", asked)
    return told if isinstance(told, m.RecordTold) else None


def _refused(site: Site, session: Session) -> Response:
    return site.page("own_refused.html", session, 403, here="/own", OwnText=OwnText)


PLACES = (
    At("/own", own),
    At("/own/ask", ask, "POST"),
    At("/own/stop", stop, "POST"),
    At("/own/live", live),
    At("/own/said", log),
    At("/own/said.txt", as_text),
    At("/own/record.jsonl", as_lines),
)
