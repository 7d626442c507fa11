"""Phrases and words that carers gave; those that the wearer keeps are not told, and cannot be read here."""

from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from vybor.contracts import messages as m
from vybor.contracts.messages import Gift
from vybor.panel import giving
from vybor.panel.giving import After, Limits
from vybor.panel.sessions import Session
from vybor.panel.site.site import At, Site, opened, own_form
from vybor.panel.texts_given import PhraseText, WordText
from vybor.panel.undo import LastGiven

OWN: dict[Gift, type[PhraseText | WordText]] = {Gift.PHRASES: PhraseText, Gift.WORDS: WordText}


async def page(what: Gift, site: Site, _request: Request, session: Session) -> Response:
    """Which there are."""
    return await _page(what, site, session)


async def change(what: Gift, site: Site, request: Request, session: Session) -> Response:
    """Add one, or do something to one that is there."""
    fields = await own_form(request, session)
    do, old, new = fields.get("do", ""), fields.get("old", ""), fields.get("text", "")
    if do not in giving.DOES[what]:
        raise HTTPException(400)
    given = await _given(what, site)
    if given is None:
        return await _page(what, site, session, typed=new)
    after = giving.changed(what, given.texts, do, old, new, Limits(given.longest, given.most - given.own))
    if not isinstance(after, After):
        whole = " ".join(new.split())
        said = site.words.text(OWN[what][after.name], count=len(whole), most=given.longest, phrase=whole)
        return await _page(what, site, session, said, new if do == "add" else "")
    done = site.words.text(OWN[what][after.came.name], phrase=after.text)
    return await _page(what, site, session, await _give(what, site, given.texts, after.texts, done))


async def undo(what: Gift, site: Site, request: Request, session: Session) -> Response:
    """As they were before the last change here, unless they were changed elsewhere since."""
    await own_form(request, session)
    last = site.undo.given.pop(what, None)
    if last is None:
        return await _page(what, site, session, site.words.text(OWN[what]["NOTHING_TO_UNDO"]))
    done = site.words.text(OWN[what]["UNDONE"])
    return await _page(what, site, session, await _give(what, site, last.after, last.before, done, last))


async def _given(what: Gift, site: Site) -> m.Given | None:
    told = await site.asked("core", m.TellGiven(request="", what=what))
    return told if isinstance(told, m.Given) else None


async def _give(
    what: Gift,
    site: Site,
    were: tuple[str, ...],
    wanted: tuple[str, ...],
    done: str,
    undone: LastGiven | None = None,
) -> str:
    """Have the kit change them; what came of it, in a sentence. What nobody heard to undo can be undone still."""
    match await site.asked("core", m.Give(request="", what=what, were=were, texts=wanted)):
        case m.Done():
            site.undo.gave(what, were, wanted)
            return done
        case m.Refused(reason=reason):
            return site.no(reason)
        case _:
            if undone:
                site.undo.given.setdefault(what, undone)
            return site.words.text(OWN[what]["NOT_HEARD"])


async def _page(what: Gift, site: Site, session: Session, told: str = "", typed: str = "") -> Response:
    given = await _given(what, site)
    if given is None:
        told = told or site.words.text(OWN[what]["NOT_HEARD"])
    filled: dict[str, Any] = {
        "told": told,
        "typed": typed,
        "given": given,
        "undo": what in site.undo.given,
        "Own": OWN[what],
    }
    does = giving.DOES[what][1:]
    return site.page("given.html", session, here=f"/{what}", **filled, what=what, does=does)


PLACES = tuple(
    at
    for what in Gift
    for at in (
        At(f"/{what}", opened(partial(page, what))),
        At(f"/{what}", opened(partial(change, what)), "POST"),
        At(f"/{what}/undo", opened(partial(undo, what)), "POST"),
    )
)
