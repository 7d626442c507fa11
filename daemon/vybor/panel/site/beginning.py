"""What a carer may begin on the wearer's screen."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from vybor.panel import wishes
from vybor.panel.sessions import Session
from vybor.panel.site.site import At, Site, opened, own_form


@opened
async def begin(site: Site, _request: Request, session: Session) -> Response:
    """What may be begun."""
    return _begin(site, session)


@opened
async def begun(site: Site, request: Request, session: Session) -> Response:
    """Begin it."""
    await own_form(request, session)
    asked = wishes.beginning(request.path_params["name"])
    if asked is None:
        raise HTTPException(404)
    return _begin(site, session, await site.done(*asked))


def _begin(site: Site, session: Session, told: str = "") -> Response:
    return site.page("begin.html", session, here="/begin", told=told, names=tuple(wishes.BEGINNINGS))


PLACES = (At("/begin", begin), At("/begin/{name}", begun, "POST"))
