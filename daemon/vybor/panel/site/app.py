"""All pages, each with its place, and what is said where there is none."""

from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vybor.panel.own_texts import OwnText
from vybor.panel.settings_texts import Told
from vybor.panel.site import (
    beginning,
    bundling,
    entering,
    given,
    home,
    own,
    power,
    reading,
    setting,
    syncing,
    topics,
    versions,
)
from vybor.panel.site.site import HERE, At, Group, Site, token
from vybor.panel.texts import Text
from vybor.panel.texts_given import PhraseText, TopicText, WordText
from vybor.panel.texts_leaving import Leaving

PLACES: tuple[At, ...] = (
    *home.PLACES,
    *entering.PLACES,
    *beginning.PLACES,
    *versions.PLACES,
    *given.PLACES,
    *topics.PLACES,
    *own.PLACES,
    *setting.PLACES,
    *syncing.PLACES,
    *bundling.PLACES,
    *power.PLACES,
    *reading.PLACES,
)
LISTED: tuple[Group, ...] = (
    Group(Text.NOW, (("/", Text.HOME), ("/begin", Text.BEGIN))),
    Group(
        Text.WRITING,
        (
            ("/phrases", PhraseText.TITLE),
            ("/words", WordText.TITLE),
            ("/topics", TopicText.TITLE),
            ("/own", OwnText.OWN),
        ),
    ),
    Group(
        Text.KIT,
        (
            ("/settings", Told.SETTINGS),
            ("/model", Text.VERSIONS),
            ("/sync", Text.WORKSTATION),
            ("/bundle", Leaving.BUNDLE),
            ("/power", Told.POWER),
        ),
    ),
    Group(Text.DOCUMENTS, (("/documents", Text.DOCUMENTS),)),
)
"""Those that are in the list on top."""
STATIC = {
    "panel.css": "text/css",
    "live.js": "text/javascript",
    "own.js": "text/javascript",
    "power.js": "text/javascript",
}
REFUSALS = {404: Text.MISSING, 405: Text.MISSING, 403: Text.OLD_FORM}


def app(site: Site) -> Starlette:
    """What the server runs."""
    site.listed = LISTED
    served = Starlette(
        routes=[
            *(Route(each.path, partial(each.page, site), methods=[each.method]) for each in PLACES),
            Route("/static/{name}", partial(_static, _read()), methods=["GET"]),
        ],
        exception_handlers={HTTPException: partial(_refused, site)},
    )
    served.router.redirect_slashes = False
    return served


def _read() -> dict[str, bytes]:
    """Style and scripts: read when the process begins."""
    return {name: (HERE / "static" / name).read_bytes() for name in STATIC}


async def _static(files: dict[str, bytes], request: Request) -> Response:
    name = request.path_params["name"]
    if name not in files:
        raise HTTPException(404)
    return Response(files[name], media_type=STATIC[name])


async def _refused(site: Site, request: Request, error: Exception) -> Response:
    """There is no such page, a form was not of this session, or something else was not right."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    told = site.words.text(REFUSALS.get(status, Text.REFUSED))
    return site.page("refused.html", site.desk.session(token(request), use=False), status, told=told)
