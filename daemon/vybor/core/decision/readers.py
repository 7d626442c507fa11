"""Who at a browser may read what of the wearer's own: asked, answered on the kit, and over soon. Pure.

A browser asks; the wearer says yes on the kit, or nothing comes of it. A yes holds for one question, one browser
and an hour at most. It ends when the wearer ends it or rests, when the browser leaves, and when nobody says any
more that it is there: what is known of it is in memory alone, so a process that dies takes it along.

What is private is in no answer, agreed or not. What the other person said is not taken in at all.
"""

import msgspec

from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Readable, ReadAnswer, ReadEnd, ReadRefusal
from vybor.core.decision.state import Decided, Deciding, resting
from vybor.foundation.clock import seconds

ASKED_NS = seconds(180)
"""A question stands so long; without an answer it was a no."""
HOLDS_NS = seconds(3600)
UNUSED_NS = seconds(600)
"""What nobody has read for so long is over: somebody closed the page."""
LEASE_NS = seconds(6)
"""So long after the panel last said that a browser is there, it is not."""
QUIET_NS = seconds(60)
"""After a question that ended in no yes, whoever ended it, nobody is asked for so long: a wearer is not to be worn
down."""
MOST_LINES = 20
MOST_ENDED = 16
"""So many browsers are told why they may not read."""


class Question(msgspec.Struct, frozen=True):
    """What the wearer is asked."""

    number: int
    what: Readable
    browser: str
    until_ns: int
    seen_ns: int


class Grant(msgspec.Struct, frozen=True):
    """What a browser may read."""

    what: Readable
    browser: str
    drafts: bool
    until_ns: int
    seen_ns: int
    """When the panel last said that the browser is there…"""
    used_ns: int
    """…and when it last read of it."""
    said: tuple[tuple[int, str], ...] = ()
    """Of a mirror: what was said since the yes, and by which decision; it shows of that what stands."""


class Reading(msgspec.Struct, frozen=True):
    """All that is known of it."""

    numbers: int = 0
    question: Question | None = None
    grants: tuple[Grant, ...] = ()
    ended: tuple[tuple[str, ReadEnd], ...] = ()
    """By browser, the newest last."""
    quiet_until_ns: int = 0

    def grant(self, browser: str, what: Readable) -> Grant | None:
        """What this browser may read of that; None: nothing."""
        return next((grant for grant in self.grants if (grant.browser, grant.what) == (browser, what)), None)


def refusal(reading: Reading, browser: str, what: Readable, state: Deciding, now_ns: int) -> ReadRefusal:
    """Why the wearer cannot be asked for that now."""
    if not state.tiles:
        return ReadRefusal.STARTING
    if resting(state):
        return ReadRefusal.RESTS
    if state.writing.practice or state.writing.calling or state.fits.told is not None:
        return ReadRefusal.BUSY
    if question := reading.question:
        if question.browser != browser:
            return ReadRefusal.OTHER
        return ReadRefusal.NONE if question.what is what else ReadRefusal.JUST_ASKED
    return ReadRefusal.JUST_ASKED if now_ns < reading.quiet_until_ns else ReadRefusal.NONE


def asked(reading: Reading, browser: str, what: Readable, now_ns: int) -> Reading:
    """The wearer is asked; not again for what stands there or holds already."""
    same = reading.question and (reading.question.browser, reading.question.what) == (browser, what)
    if same or reading.grant(browser, what):
        return reading
    number = reading.numbers + 1
    question = Question(number, what, browser, now_ns + ASKED_NS, now_ns)
    ended = tuple(pair for pair in reading.ended if pair[0] != browser)
    return msgspec.structs.replace(reading, numbers=number, question=question, ended=ended)


def seen(reading: Reading, browser: str, now_ns: int) -> Reading:
    """The panel says that a browser is there."""
    question = reading.question
    if question and question.browser == browser:
        question = msgspec.structs.replace(question, seen_ns=now_ns)
    grants = tuple(
        msgspec.structs.replace(grant, seen_ns=now_ns) if grant.browser == browser else grant
        for grant in reading.grants
    )
    return msgspec.structs.replace(reading, question=question, grants=grants)


def used(reading: Reading, browser: str, what: Readable, now_ns: int) -> Reading:
    """It reads."""
    grants = tuple(
        msgspec.structs.replace(grant, used_ns=now_ns) if (grant.browser, grant.what) == (browser, what) else grant
        for grant in reading.grants
    )
    return msgspec.structs.replace(reading, grants=grants)


def left(reading: Reading, browser: str, now_ns: int) -> Reading:
    """A browser has gone: what it asked and what it may read go with it."""
    if reading.question and reading.question.browser == browser:
        reading = _taken_back(reading, now_ns)
    ended = tuple(pair for pair in reading.ended if pair[0] != browser)
    grants = tuple(grant for grant in reading.grants if grant.browser != browser)
    return msgspec.structs.replace(reading, grants=grants, ended=ended)


def passed(reading: Reading, now_ns: int) -> Reading:
    """Time has passed: questions and what was granted run out."""
    question = reading.question
    if question and now_ns >= question.until_ns:
        reading = _over(reading, question, ReadEnd.LATE, now_ns)
    elif question and now_ns - question.seen_ns > LEASE_NS:
        reading = _taken_back(reading, now_ns)
    here = tuple(grant for grant in reading.grants if now_ns - grant.seen_ns <= LEASE_NS)
    hold = tuple(grant for grant in here if now_ns < min(grant.until_ns, grant.used_ns + UNUSED_NS))
    if len(hold) == len(reading.grants):
        return reading
    for grant in here:
        if grant not in hold:
            reading = _told(reading, grant.browser, ReadEnd.OVER)
    return msgspec.structs.replace(reading, grants=hold)


def answered(reading: Reading, answer: ReadAnswer, number: int, now_ns: int) -> Reading:
    """The wearer answers the question of that number, or ends all; an answer to another question is none."""
    if answer is ReadAnswer.END:
        return all_ended(reading, now_ns)
    question = reading.question
    if question is None or question.number != number:
        return reading
    if answer is ReadAnswer.NO:
        return _over(reading, question, ReadEnd.NO, now_ns)
    drafts = answer is ReadAnswer.DRAFTS and question.what is Readable.MIRROR
    grant = Grant(question.what, question.browser, drafts, now_ns + HOLDS_NS, question.seen_ns, now_ns)
    return msgspec.structs.replace(reading, question=None, grants=(*reading.grants, grant))


def all_ended(reading: Reading, now_ns: int) -> Reading:
    """The wearer lets nobody read any more; a question is over, too."""
    browsers = {grant.browser for grant in reading.grants}
    if reading.question:
        browsers.add(reading.question.browser)
    for browser in sorted(browsers):
        reading = _told(reading, browser, ReadEnd.ENDED)
    if reading.question:
        reading = _taken_back(reading, now_ns)
    return msgspec.structs.replace(reading, grants=())


def chose(reading: Reading, decided: Decided, now_ns: int) -> Reading:
    """What a choice says aloud is in the mirror, as long as it stands."""
    decision = decided.decision
    if decision.action is Action.REST:
        return all_ended(reading, now_ns)
    if decision.incognito or decision.action is Action.ERASE:
        return forgotten(reading)
    if not decided.say or not (decision.learn or decision.action is Action.ANSWER):
        return reading
    line = decision.number, decided.say
    grants = tuple(
        msgspec.structs.replace(grant, said=(*grant.said, line)[-MOST_LINES:])
        if grant.what is Readable.MIRROR
        else grant
        for grant in reading.grants
    )
    return msgspec.structs.replace(reading, grants=grants)


def forgotten(reading: Reading) -> Reading:
    """Something is deleted, or nothing is to be learned: what was said before that is in no mirror any more."""
    grants = tuple(msgspec.structs.replace(grant, said=()) for grant in reading.grants)
    return msgspec.structs.replace(reading, grants=grants)


def mirror(reading: Reading, browser: str, now: Writing, request: str) -> m.Mirror | None:
    """What a browser sees now; None: nothing, for nobody said yes. `now` is what is really being written."""
    grant = reading.grant(browser, Readable.MIRROR)
    if grant is None:
        return None
    if now.lasting.incognito:
        return m.Mirror(request=request)
    is_open = grant.drafts and not now.lasting.is_private(now.text)
    stands = {one.number for one in now.lasting.stands}
    said = tuple(text for number, text in grant.said if number in stands)
    return m.Mirror(request=request, said=said, draft=now.text if is_open else None)


def told(reading: Reading, browser: str, refused: ReadRefusal, request: str) -> m.ReadTold:
    """How it stands with a browser."""
    question = reading.question
    return m.ReadTold(
        request=request,
        asked=question.what if question and question.browser == browser else None,
        grants=tuple(_granted(grant) for grant in reading.grants if grant.browser == browser),
        ended=dict(reading.ended).get(browser, ReadEnd.NONE),
        refused=refused,
    )


def on_screen(reading: Reading) -> m.Readers | None:
    """What the wearer's screen says of it."""
    question = reading.question
    if question is None and not reading.grants:
        return None
    return m.Readers(
        asked=question.what if question else None,
        number=question.number if question else 0,
        grants=tuple(dict.fromkeys(_granted(grant) for grant in reading.grants)),
    )


def _granted(grant: Grant) -> m.ReadGrant:
    return m.ReadGrant(what=grant.what, drafts=grant.drafts)


def _over(reading: Reading, question: Question, end: ReadEnd, now_ns: int) -> Reading:
    return _taken_back(_told(reading, question.browser, end), now_ns)


def _taken_back(reading: Reading, now_ns: int) -> Reading:
    return msgspec.structs.replace(reading, question=None, quiet_until_ns=now_ns + QUIET_NS)


def _told(reading: Reading, browser: str, end: ReadEnd) -> Reading:
    others = tuple(pair for pair in reading.ended if pair[0] != browser)
    return msgspec.structs.replace(reading, ended=(*others, (browser, end))[-MOST_ENDED:])
