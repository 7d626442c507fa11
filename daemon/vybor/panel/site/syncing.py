"""What leaves the kit and to whom; the window for pairing. Digits and yes are on the kit's own screen."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vybor.contracts import messages as m
from vybor.panel import wishes
from vybor.panel.sessions import Session
from vybor.panel.site.site import At, Site, opened, own_form
from vybor.panel.texts import Text
from vybor.panel.texts_leaving import Leaving

SETTLES_S = 1.0
"""What was done is heard of within so long, and stands on the page that tells of it."""
LOOKS_S = 0.1


@opened
async def sync(site: Site, _request: Request, session: Session) -> Response:
    """How it stands."""
    return _sync(site, session)


@opened
async def ask(site: Site, _request: Request, session: Session) -> Response:
    """Whether it is meant that the workstation is forgotten."""
    sharing = site.desk.faring.sharing
    if not sharing or not sharing.workstation:
        return RedirectResponse("/sync", 303)
    return site.page("forget.html", session, here="/sync", Leaving=Leaving, name=sharing.workstation)


@opened
async def wished(site: Site, request: Request, session: Session) -> Response:
    """Open or close the window, share no more, forget."""
    await own_form(request, session)
    command = wishes.of_sync(request.path_params["name"], site.desk.now_ns())
    if command is None:
        raise HTTPException(404)
    before = site.desk.faring.sharing
    match await site.asked("sync", command):
        case None:
            told = site.words.text(Text.UNANSWERED)
        case m.Refused(reason=reason):
            told = site.words.text(Text.SAYS_NO, reason=reason)
        case _:
            told = site.words.text(Leaving.OPENED if command.wish is m.ShareWish.PAIR else Leaving.DONE)
            await _settled(site, before)
    return _sync(site, session, told)


async def _settled(site: Site, before: m.Sharing | None) -> None:
    """Wait until what was done is heard of."""
    for _ in range(round(SETTLES_S / LOOKS_S)):
        if site.desk.faring.sharing != before:
            return
        await asyncio.sleep(LOOKS_S)


def _sync(site: Site, session: Session, told: str = "") -> Response:
    sharing = site.desk.faring.sharing
    return site.page("sync.html", session, here="/sync", Leaving=Leaving, told=told, sharing=sharing)


PLACES = (
    At("/sync", sync),
    At("/sync/forget", ask),
    At("/sync/{name}", wished, "POST"),
)
