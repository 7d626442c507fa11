"""The documents, to be read where there is no internet."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from vybor.panel import documents
from vybor.panel.sessions import Session
from vybor.panel.site.site import At, Site, opened


@opened
async def titles(site: Site, _request: Request, session: Session) -> Response:
    """Which there are."""
    return site.page("documents.html", session, here="/documents", titles=documents.titles())


@opened
async def document(site: Site, request: Request, session: Session) -> Response:
    """One of them."""
    found = documents.read(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return site.page("document.html", session, here="/documents", document=found)


PLACES = (At("/documents", titles), At("/documents/{name}", document))
