"""Topic documents: which there are, adding some, removing one. What a browser sends is read in other processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from hmac import compare_digest
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from vybor.contracts import messages as m
from vybor.pages.heads import WATCHED
from vybor.panel import uploads
from vybor.panel.sessions import Session
from vybor.panel.site.site import At, Site, opened, own_form
from vybor.panel.texts_given import REFUSALS, TopicText
from vybor.panel.uploads import Broken, NoRoom, TooMuch, Upload
from vybor.retrieval import apart
from vybor.retrieval.apart import DOCUMENT, MOST_FILES, Form, Named
from vybor.retrieval.documents import ENDINGS, DocumentError

MOST_DOCUMENTS = 200
"""That a page adds to; a command adds more."""
READ_WITHIN_S = 400.0
"""All of those that came at once."""
KEEPS_WITHIN_S = 45.0
"""A small board indexes the longest document for some seconds."""

Before = dict[str, tuple[m.Passage, ...]]


@opened
async def topics(site: Site, _request: Request, session: Session) -> Response:
    """Which there are."""
    return await _topics(site, session)


@opened
async def remove(site: Site, request: Request, session: Session) -> Response:
    """Forget one; it waits for a while in memory."""
    name = (await own_form(request, session)).get("name", "")
    told = await site.asked("generator", m.TellTopic(request="", name=name))
    if not isinstance(told, m.TopicTold):
        return await _topics(site, session, site.words.text(TopicText.NOT_HEARD))
    if not told.passages:
        return await _topics(site, session, site.words.text(TopicText.GONE, name=name))
    match await site.asked("generator", m.RemoveTopic(request="", name=name), KEEPS_WITHIN_S):
        case m.Done():
            site.undo.topiced({name: told.passages})
            return await _topics(site, session, site.words.text(TopicText.REMOVED, name=name))
        case m.Refused(reason=reason):
            return await _topics(site, session, site.no(reason))
        case _:
            return await _topics(site, session, site.words.text(TopicText.NOT_SURE, name=name))


@opened
async def undo(site: Site, request: Request, session: Session) -> Response:
    """As they were before the last change here."""
    await own_form(request, session)
    last = site.undo.topics
    site.undo.forget_topics()
    if last is None:
        return await _topics(site, session, site.words.text(TopicText.NOTHING_TO_UNDO))
    said: list[str] = []
    left = Before()
    for name, passages in last.before().items():
        back = m.AddTopic(request="", name=name, passages=passages)
        command = back if passages else m.RemoveTopic(request="", name=name)
        match await site.asked("generator", command, KEEPS_WITHIN_S):
            case None:
                left[name] = passages
                said.append(site.words.text(TopicText.NOT_SURE, name=name))
            case m.Refused(reason=reason) if passages:
                left[name] = passages
                said.append(site.no(reason))
            case _:
                pass
    site.undo.not_back(last, left)
    return await _topics(site, session, *(said or [site.words.text(TopicText.UNDONE)]))


@opened
async def add(site: Site, request: Request, session: Session) -> Response:
    """Keep what comes, one upload at a time; each file ends with one sentence."""
    between = uploads.boundary(request.headers.get("content-type", ""))
    if not between:
        raise HTTPException(400)
    if site.reads:
        with suppress(Broken, ClientDisconnect):
            await uploads.passed_over(request.stream())
        return await _topics(site, session, site.words.text(TopicText.BUSY))
    site.reads = True
    request.scope.get(WATCHED, _nobody)()  # from here on `uploads` says how long it may take
    try:
        said = await _taken(site, request, session, between)
    except (Broken, DocumentError, ClientDisconnect):
        said = [site.words.text(TopicText.BROKEN)]
    except TooMuch:
        said = [site.words.text(TopicText.TOO_MUCH, megabytes=uploads.MOST_BYTES // 1_000_000)]
    except NoRoom:
        said = [site.words.text(TopicText.NO_ROOM)]
    finally:
        site.reads = False
    return await _topics(site, session, *said)


def _nobody() -> None:
    """Whoever serves the pages has no time of their own for a form."""


async def _taken(site: Site, request: Request, session: Session, between: str) -> list[str]:
    """What came of each file. Raises HTTPException (403) for a form that is not this session's."""
    length = int(request.headers["content-length"])
    came = await uploads.received(request.stream(), length, site.uploads)
    with came.file:
        form = await apart.form(came.file, between, came.key)
        if not compare_digest(form.fields.get("csrf", "").encode(), session.csrf.encode()):
            raise HTTPException(403)
        return [said async for said in _kept(site, came, form)]


async def _kept(site: Site, came: Upload, form: Form) -> AsyncIterator[str]:
    """Hand what can be read to the generator; a sentence of each."""
    if not form.files:
        yield site.words.text(TopicText.NOTHING_CHOSEN)
        return
    if len(form.files) > MOST_FILES:
        yield site.words.text(TopicText.TOO_MANY_FILES, count=MOST_FILES)
        return
    there = await _listed(site)
    if there is None:
        return  # the page says that nobody answers
    names, before = {topic.name for topic in there}, Before()
    until_s = asyncio.get_running_loop().time() + READ_WITHIN_S
    for file in form.files:
        name = file.name or "?"
        if asyncio.get_running_loop().time() >= until_s:
            yield site.words.text(TopicText.NO_TIME, name=name)
        elif name not in names and len(names) >= MOST_DOCUMENTS:
            yield site.words.text(TopicText.FULL, name=name, count=MOST_DOCUMENTS)
        else:
            yield await _added(site, came, file, names, before)
    if before:
        site.undo.topiced(before)


async def _added(site: Site, came: Upload, file: Named, names: set[str], before: Before) -> str:
    """Read one and hand it over; what came of it."""
    name = file.name or "?"
    try:
        document = await apart.read(came.file, name, file, came.key)
    except DocumentError as error:
        return site.words.text(REFUSALS[error.why], name=name)
    old = await site.asked("generator", m.TellTopic(request="", name=name)) if name in names else None
    if name in names and not isinstance(old, m.TopicTold):
        return site.words.text(TopicText.NOT_HEARD)  # what is not known could not be brought back
    command = m.AddTopic(request="", name=name, passages=document.passages)
    match await site.asked("generator", command, KEEPS_WITHIN_S):
        case m.Done():
            before.setdefault(name, old.passages if isinstance(old, m.TopicTold) else ())
            said = TopicText.REPLACED if name in names else TopicText.ADDED
            names.add(name)
            return site.words.text(said, name=name)
        case m.Refused(reason=reason):
            return site.no(reason)
        case _:
            return site.words.text(TopicText.NOT_SURE, name=name)


async def _listed(site: Site) -> tuple[m.Topic, ...] | None:
    told = await site.asked("generator", m.ListTopics(request=""))
    return told.topics if isinstance(told, m.Topics) else None


async def _topics(site: Site, session: Session, *told: str) -> Response:
    there = await _listed(site)
    if there is None and not told:
        told = (site.words.text(TopicText.NOT_HEARD),)
    megabytes = uploads.MOST_BYTES // 1_000_000
    filled: dict[str, Any] = {
        "told": told,
        "topics": there,
        "undo": site.undo.topics,
        "Own": TopicText,
        "files": MOST_FILES,
    }
    named: dict[str, Any] = {"megabytes": megabytes, "endings": ",".join(ENDINGS), "document": DOCUMENT}
    return site.page("topics.html", session, here="/topics", **filled, **named)


PLACES = (
    At("/topics", topics),
    At("/topics/add", add, "POST"),
    At("/topics/remove", remove, "POST"),
    At("/topics/undo", undo, "POST"),
)
