"""The settings, each with what it is; those that a carer may change, and the changes that can be taken back."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from vybor.commands.settings.carer_asks import Came, Do, Wish
from vybor.panel import keeper, settled
from vybor.panel.sessions import Session
from vybor.panel.settings_texts import Told
from vybor.panel.settings_words import SettingsWords
from vybor.panel.settled import Setting
from vybor.panel.site.site import At, Site, opened, own_form

HERE = "/settings"
LONGEST_SEARCH = 100


@opened
async def settings(site: Site, request: Request, session: Session) -> Response:
    """All of them by room, or those in which what is searched for stands."""
    searched = request.query_params.get("q", "")[:LONGEST_SEARCH].strip()
    say, held = SettingsWords(site.words), settled.read(site.file)
    only = "only" in request.query_params
    found = [each for each in held.settings if _is_meant(each, searched, say) and not (only and each.why_not)]
    rooms: dict[str, list[Setting]] = {}
    for each in found:
        rooms.setdefault(each.section, []).append(each)
    return site.page(
        "settings.html",
        session,
        here=HERE,
        of=say,
        rooms=rooms,
        searched=searched,
        only=only,
        count=len(found),
        problems=held.problems,
        Told=Told,
    )


@opened
async def setting(site: Site, request: Request, session: Session) -> Response:
    """One of them."""
    return _setting(site, request, session, None)


@opened
async def set_it(site: Site, request: Request, session: Session) -> Response:
    """Have it changed, or let the usual value hold again."""
    fields = await own_form(request, session)
    name = request.path_params["name"]
    found = settled.named(settled.read(None), name)
    if found is None:
        raise HTTPException(404)
    typed = fields.get("value", "").strip()
    value = typed.replace(",", ".") if found.choice.is_number else typed  # half of Europe writes 0,5
    wish = Wish(do=Do.BACK, key=name) if "usual" in fields else Wish(do=Do.SET, key=name, value=value)
    return _setting(site, request, session, await _done(site, wish), typed)


@opened
async def changes(site: Site, _request: Request, session: Session) -> Response:
    """What was changed."""
    return _changes(site, session, None)


@opened
async def undo(site: Site, request: Request, session: Session) -> Response:
    """Have the newest change taken back."""
    fields = await own_form(request, session)
    return _changes(site, session, await _done(site, Wish(do=Do.UNDO, value=fields.get("version", ""))))


async def _done(site: Site, wish: Wish) -> Came:
    return await asyncio.to_thread(keeper.done, site.file, wish)


def _setting(site: Site, request: Request, session: Session, came: Came | None, typed: str = "") -> Response:
    found = settled.named(settled.read(site.file), request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    refused = came is not None and bool(came.refused)
    return site.page(
        "setting.html",
        session,
        400 if refused else 200,
        here=HERE,
        of=SettingsWords(site.words),
        setting=found,
        came=came,
        told=_told(site, came, Told.SET_NOW),
        value=typed if refused else found.value,
        Told=Told,
    )


def _changes(site: Site, session: Session, came: Came | None) -> Response:
    return site.page(
        "changes.html",
        session,
        400 if came and came.refused else 200,
        here=HERE,
        of=SettingsWords(site.words),
        changes=settled.read(site.file).changes,
        came=came,
        told=_told(site, came, Told.TAKEN_BACK),
        Told=Told,
    )


def _told(site: Site, came: Came | None, text: Told) -> str:
    """What came of it, in a sentence."""
    if came is None:
        return ""
    if came.refused:
        return site.words.text(Told.REFUSED_SO)
    return site.words.text(text, line="; ".join(came.lines)) if came.lines else site.words.text(Told.NOTHING_NEW)


def _is_meant(each: Setting, searched: str, say: SettingsWords) -> bool:
    """Whether all words of the search stand in its name, in what it is, or in the name of its room."""
    about = " ".join((each.name, say.about(each), each.english, say.room(each.section))).casefold()
    return all(word in about for word in searched.casefold().split())


PLACES = (
    At(HERE, settings),
    At("/settings/changes", changes),
    At("/settings/changes", undo, "POST"),
    At("/settings/{name}", setting),
    At("/settings/{name}", set_it, "POST"),
)
