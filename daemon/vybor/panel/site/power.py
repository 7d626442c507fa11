"""A new start of a part or of the kit, and switching off: asked for here, told to the wearer, who can stop it."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.panel.sessions import Session
from vybor.panel.settings_texts import Told
from vybor.panel.settings_words import SettingsWords
from vybor.panel.site.site import At, Site, opened, own_form, token

HERE = "/power"
KIT, OFF, BACK = "kit", "off", "back"
BETWEEN = "+"
TURNS, TURN_S = 15, 0.1


def command(what: str) -> m.AskPower | None:
    """What is asked for under this name: off, the kit, or parts of it with + between; None: nothing is."""
    if what in (KIT, OFF, BACK):
        wishes = {KIT: m.PowerWish.RESTART, OFF: m.PowerWish.OFF, BACK: m.PowerWish.CANCEL}
        return m.AskPower(request="", wish=wishes[what])
    names = tuple(what.split(BETWEEN))
    is_known = len(names) <= len(channels.EVERY_PROCESS) and set(names) <= {*channels.EVERY_PROCESS}
    return m.AskPower(request="", wish=m.PowerWish.RESTART, processes=names) if is_known else None


@opened
async def power(site: Site, _request: Request, session: Session) -> Response:
    """What can be asked for, and what was."""
    return _power(site, session)


@opened
async def sure(site: Site, request: Request, session: Session) -> Response:
    """Whether it is meant."""
    what = request.path_params["what"]
    asked = command(what)
    if asked is None or what == BACK:
        raise HTTPException(404)
    return site.page(
        "power_sure.html",
        session,
        here=HERE,
        of=SettingsWords(site.words),
        what=what,
        asked=asked,
        is_off=what == OFF,
        is_kit=what == KIT,
        Told=Told,
    )


@opened
async def ask(site: Site, request: Request, session: Session) -> Response:
    """Ask for it, or take it back."""
    fields = await own_form(request, session)
    asked = command(fields.get("what", ""))
    if asked is None:
        raise HTTPException(400)
    match await site.asked("core", asked):
        case None:
            return _power(site, session, site.words.text(Told.NOBODY), status=503)
        case m.Refused(reason=reason):
            return _power(site, session, site.words.text(Told.NOT_DONE), reason, 400)
        case _:
            await _until(site, waits=asked.wish is not m.PowerWish.CANCEL)
            return _power(site, session)


async def state(site: Site, request: Request) -> Response:
    """How far it is, for a page that stands already; looking on keeps no session open."""
    session = site.desk.session(token(request), use=False)
    if session is None:
        raise HTTPException(403)
    return HTMLResponse(site.render("power_state.html", session=session, **_known(site)))


async def _until(site: Site, *, waits: bool) -> None:
    """The answer may be here before the word of how far it is."""
    for _ in range(TURNS):
        if _waits(site.desk.power) == waits:
            return
        await asyncio.sleep(TURN_S)


def _waits(known: m.PowerAsked | None) -> bool:
    return known is not None and known.wish is not None and known.end is m.PowerEnd.WAITS


def _known(site: Site) -> dict[str, object]:
    known = site.desk.power
    asked = known if known and known.wish else None
    return {"of": SettingsWords(site.words), "asked": asked, "waits": _waits(known), "Told": Told}


def _power(site: Site, session: Session, told: str = "", reason: str = "", status: int = 200) -> Response:
    around = {"here": HERE, "told": told, "reason": reason, "processes": channels.EVERY_PROCESS}
    return site.page("power.html", session, status, **around, **_known(site))


PLACES = (At(HERE, power), At(HERE, ask, "POST"), At("/power/state", state), At("/power/sure/{what}", sure))
