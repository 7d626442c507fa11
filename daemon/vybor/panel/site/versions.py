"""The versions of the model that the workstation sent, and which of them is in use."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from vybor.panel import wishes
from vybor.panel.sessions import Session
from vybor.panel.site.site import At, Site, opened, own_form


@opened
async def model(site: Site, _request: Request, session: Session) -> Response:
    """Which there are."""
    return _model(site, session)


@opened
async def wear(site: Site, request: Request, session: Session) -> Response:
    """Have the model use another version, or the one before."""
    fields = await own_form(request, session)
    command = wishes.of_model(fields.get("version", ""))
    if command is None:
        raise HTTPException(400)
    return _model(site, session, await site.done("generator", command))


def _model(site: Site, session: Session, told: str = "") -> Response:
    return site.page("model.html", session, here="/model", told=told, faring=site.desk.faring)


PLACES = (At("/model", model), At("/model", wear, "POST"))
