"""What is spoken goes to the clipboard or into another program too, while the person has armed that.

`step` decides what of a choice goes out, pure; `TextOut` asks the display for it, and knows what came of it. Only
*Speak* sends anything, each sentence once, and nothing that is private. What has gone out cannot be taken back: of
the step that takes back the speaking, the screen says so, and the same sentence spoken again is there already.
"""

import logging

import msgspec

from vybor.composer.lasting import Lasting
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Trouble, WayOut
from vybor.core.decision.state import Decided
from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds

log = logging.getLogger("vybor.core")

WITHIN_NS = seconds(3)
"""What the display has not begun by then is not sent any more."""
TOLD_FOR_NS = seconds(15)
FAILED = {WayOut.COPY: Trouble.NOT_COPIED, WayOut.TYPE: Trouble.NOT_TYPED}
STAYS = {WayOut.COPY: Trouble.COPIED_STAYS, WayOut.TYPE: Trouble.TYPED_STAYS}


ANEW = (Action.CLEAR, Action.REST, Action.KIT)
"""What is said after one of these is another sentence, though its words may be the same."""


class Gone(msgspec.Struct, frozen=True):
    """A sentence that went out."""

    way: WayOut
    display: str
    """The run of the display that it was armed in."""
    said: str


class Sent(msgspec.Struct, frozen=True):
    """What has gone out."""

    gone: dict[int, Gone] = {}
    """By the depth of the step that spoke it, until that is taken back."""
    back: Gone | None = None
    """What was taken back last, and lies in the other program still."""


class Step(msgspec.Struct, frozen=True):
    """What a choice asks for."""

    sent: Sent
    put: Gone | None = None
    """To be put out now."""
    stays: WayOut | None = None
    """Something was taken back that went out this way."""
    holds: bool = False
    """What had been taken back was spoken again, and is right where it lies."""


def step(sent: Sent, before: Writing, after: Writing, action: Action, said: str) -> Step:
    """What a choice puts out, or takes back without being able to."""
    if action in (Action.UNDO, Action.REPAIR):
        return _taken_back(sent, before.lasting, after.lasting)
    if action in ANEW:
        return Step(Sent(sent.gone))
    if action is not Action.SPEAK:
        return Step(sent)
    depth, kit = after.lasting.depth, before.lasting.kit
    others = {at: one for at, one in sent.gone.items() if at < depth}
    if kit.armed is None or before.lasting.is_private(before.text):
        return Step(Sent(others))
    gone = Gone(kit.armed, kit.display, said)
    is_there = sent.back == gone
    return Step(Sent({**others, depth: gone}), put=None if is_there else gone, holds=is_there)


def _taken_back(sent: Sent, before: Lasting, after: Lasting) -> Step:
    """Speaking is undone or said not to have been meant, or that is; or something else was done."""
    if not before.spoken or before.spoken == after.spoken:
        return Step(sent)
    depth, back = before.spoken[-1].depth, sent.back
    if before.spoken[-1].mended is not None:  # it holds again
        return Step(Sent({**sent.gone, depth: back}) if back else sent, holds=back is not None)
    if (gone := sent.gone.get(depth)) is None:
        return Step(sent)
    left = {at: one for at, one in sent.gone.items() if at != depth}
    return Step(Sent(left, back=gone), stays=gone.way)


def failed(sent: Sent, put: Gone) -> Sent:
    """What could not be put out is nowhere: spoken again it goes out."""
    left = {at: one for at, one in sent.gone.items() if one is not put}
    return Sent(left, back=None if sent.back is put else sent.back)


class TextOut:
    """What goes out, on the bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._sent = Sent()
        self._asked: dict[str, Gone] = {}
        self._told: tuple[m.Notice, int] | None = None
        """What the person should know, and until when."""

    def act(self, before: Writing, after: Writing, decided: Decided, now_ns: int) -> None:
        """After a choice of the person."""
        done = step(self._sent, before, after, decided.decision.action, decided.say)
        self._sent = done.sent
        if done.holds and self._told and self._told[0].trouble in STAYS.values():
            self._told = None
        if done.stays:
            self._tell(STAYS[done.stays], "", now_ns)
        if done.put:
            put = m.PutOut(
                request=self._bus.new_request(),
                way=done.put.way,
                text=done.put.said,
                session=done.put.display,
                until_ns=now_ns + WITHIN_NS,
            )
            self._asked[put.request] = done.put
            self._bus.ask("display", put)

    def answered(self, reply: m.AnyReply, now_ns: int) -> None:
        """The display has put something out, or could not."""
        put = self._asked.pop(reply.request, None)
        if put and isinstance(reply, m.Refused):
            log.warning("not put out: way=%s %s", put.way, reply.reason)
            self._sent = failed(self._sent, put)
            self._tell(FAILED[put.way], reply.reason, now_ns)

    def forget(self) -> None:
        """Of what went out, or is to, nothing is known any more."""
        for request in self._asked:
            self._bus.take_back("display", request)
        self._asked.clear()
        self._sent = Sent()

    def notices(self, now_ns: int) -> tuple[m.Notice, ...]:
        """What the person should know now."""
        if self._told and now_ns > self._told[1]:
            self._told = None
        return (self._told[0],) if self._told else ()

    def _tell(self, trouble: Trouble, detail: str, now_ns: int) -> None:
        notice = m.Notice(process="core", trouble=trouble, detail=detail)
        self._told = notice, now_ns + TOLD_FOR_NS
