"""Coming in by the PIN on the kit's screen, and leaving."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vybor.panel.door import Answer
from vybor.panel.sessions import Session
from vybor.panel.site.site import COOKIE, At, Site, form, opened, own_form, token
from vybor.panel.texts import Text


async def enter(site: Site, request: Request) -> Response:
    """Where a PIN is asked for and typed."""
    if site.desk.session(token(request), use=False):
        return RedirectResponse("/", 303)
    left = request.query_params.get("left") == "1"
    return _enter(site, site.words.text(Text.LEFT) if left else "")


async def ask(site: Site, _request: Request) -> Response:
    """Have a PIN on the kit's screen."""
    site.desk.ask_pin()
    return RedirectResponse("/enter", 303)


async def come_in(site: Site, request: Request) -> Response:
    """Whether what was typed stands on the screen."""
    fields = await form(request)
    answer, fresh = site.desk.come_in(fields.get("pin", ""))
    if answer is not Answer.IN:
        return _enter(site, site.words.answer(answer), status=403)
    reply = RedirectResponse("/", 303)
    reply.set_cookie(COOKIE, fresh, path="/", secure=True, httponly=True, samesite="strict")
    return reply


@opened
async def leave(site: Site, request: Request, session: Session) -> Response:
    """From now on the browser has to ask for a PIN again."""
    await own_form(request, session)
    site.desk.leave(token(request))
    reply = RedirectResponse("/enter?left=1", 303)
    reply.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return reply


def _enter(site: Site, told: str, status: int = 200) -> Response:
    stands, wait_s = site.desk.stands()
    return site.page("enter.html", None, status, told=told, stands=stands, wait_s=wait_s)


PLACES = (
    At("/enter", enter),
    At("/enter", come_in, "POST"),
    At("/enter/ask", ask, "POST"),
    At("/leave", leave, "POST"),
)
