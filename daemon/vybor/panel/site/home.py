"""How the kit is, and how it comes to be."""

import asyncio
from collections.abc import AsyncIterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from vybor.panel.sessions import Session
from vybor.panel.site.site import At, Site, opened, token

STREAM_S = 0.5
"""So often it is looked whether something has changed…"""
BREATH_S = 15.0
"""…and so often something is said though nothing has: else nobody notices that a browser has gone."""


@opened
async def home(site: Site, _request: Request, session: Session) -> Response:
    """How the kit is."""
    return site.page("home.html", session, here="/", faring=site.desk.faring)


async def live(site: Site, request: Request) -> Response:
    """The same as it changes, by server-sent events; looking on does nothing, and keeps no session open."""
    if request.method != "GET":
        raise HTTPException(405)
    if site.desk.session(token(request), use=False) is None:
        raise HTTPException(403)
    if not site.desk.has_room():
        raise HTTPException(503)
    return StreamingResponse(_changes(site, token(request)), media_type="text/event-stream")


async def _changes(site: Site, key: str) -> AsyncIterator[str]:
    """Counted from its first line on: a browser that has gone before that is never counted."""
    with site.desk.stream():
        shown, silent_s = None, 0.0
        while site.desk.session(key, use=False):
            faring = site.desk.faring
            if faring is not shown:
                shown, silent_s = faring, 0.0
                lines = site.render("faring.html", faring=faring).splitlines()
                yield "".join(f"data: {line}\n" for line in lines) + "\n"
            elif silent_s >= BREATH_S:
                silent_s = 0.0
                yield ":\n\n"
            await asyncio.sleep(STREAM_S)
            silent_s += STREAM_S
        yield "event: over\ndata:\n\n"


PLACES = (At("/", home), At("/live", live))
