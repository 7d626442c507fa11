"""The log bundle, for who helps from afar: what is in it, and the file itself."""

import logging
import os
from collections.abc import AsyncIterator
from typing import IO

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from vybor.panel.gathering import PIECE_BYTES, Ungathered
from vybor.panel.sessions import Session
from vybor.panel.site.site import At, Site, opened, own_form
from vybor.panel.texts_leaving import Leaving

log = logging.getLogger("vybor.panel")

FILE = "vybor-bundle.tar.gz"


@opened
async def bundle(site: Site, _request: Request, session: Session) -> Response:
    """What is in it."""
    return _bundle(site, session)


@opened
async def gathered(site: Site, request: Request, session: Session) -> Response:
    """Gather it, and hand it over."""
    await own_form(request, session)
    if site.gathering is None:
        return _bundle(site, session, Leaving.BUNDLE_FAILED, 503)
    if site.gathering.is_busy:
        return _bundle(site, session, Leaving.BUNDLE_BUSY, 429)
    try:
        whole = await site.gathering.whole()
    except Ungathered as error:
        log.warning("bundle: %s", error)
        return _bundle(site, session, Leaving.BUNDLE_FAILED, 503)
    named = {
        "content-disposition": f'attachment; filename="{FILE}"',
        "content-length": str(os.fstat(whole.fileno()).st_size),
    }
    return StreamingResponse(_pieces(whole), headers=named, media_type="application/gzip")


async def _pieces(whole: IO[bytes]) -> AsyncIterator[bytes]:
    """A file, which goes when it is read or nobody reads on."""
    with whole:
        while piece := whole.read(PIECE_BYTES):
            yield piece


def _bundle(site: Site, session: Session, told: Leaving | None = None, status: int = 200) -> Response:
    words = site.words.text(told) if told else ""
    return site.page("bundle.html", session, status, here="/bundle", Leaving=Leaving, told=words)


PLACES = (At("/bundle", bundle), At("/bundle", gathered, "POST"))
