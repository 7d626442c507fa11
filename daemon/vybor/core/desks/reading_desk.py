"""What a browser may read goes by here: asked by the panel, allowed by the wearer, told by the journal or at hand.

The panel is told nothing by anybody else, and nothing before the wearer agreed. Rows of the record are asked for
here and handed on only if what allowed them holds still once they come.
"""

import logging

import msgspec

from vybor.composer import practice, reading
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Readable, ReadRefusal
from vybor.core.decision import readers
from vybor.core.decision.offering import offer_anew
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Decided, Deciding
from vybor.foundation.bus import Answered, Asked, Bus
from vybor.foundation.clock import seconds

log = logging.getLogger("vybor.core")

WITHIN_NS = seconds(3)
"""So long the journal may take for a page of rows."""
MOST_PAGES = 4
"""On their way at a time."""
PAGES = (Mode.MENU, Mode.KIT, Mode.READ_ASKED)
"""Where a tile is another when something of it is."""
NOT_ALLOWED = "the wearer has not agreed to that, or does no more; ask them on the page"
NO_ROOM = "too much is read at once; try again in a moment"
NO_RECORD = "the record does not answer; try again in a moment"


class ReadingDesk:
    """The state, and rows that are waited for."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.known = readers.Reading()
        self._waiting: dict[str, tuple[Asked, m.ReadRecord, int]] = {}
        """By the request to the journal: who asked for what, and until when they wait."""

    def asked(self, asked: Asked, state: Deciding, now_ns: int) -> bool:
        """Take what a panel asks; False: it asks nothing of this."""
        match asked.command:
            case m.AskToRead() as command:
                self._bus.answer(asked, self._stands(command, state, now_ns))
            case m.ReadMirror(request=request, browser=browser):
                self.known = readers.used(self.known, browser, Readable.MIRROR, now_ns)
                seen = readers.mirror(self.known, browser, practice.real(state.writing), request)
                self._bus.answer(asked, seen or m.Refused(request=request, reason=NOT_ALLOWED))
            case m.ReadRecord() as command:
                self._read(asked, command, now_ns)
            case m.Erase():
                self.known = readers.forgotten(self.known)
                return False
            case _:
                return False
        return True

    def answered(self, answered: Answered) -> bool:
        """Hand on what the journal tells, if it may be read still; False: it is no answer to this."""
        waited = self._waiting.pop(answered.reply.request, None)
        if waited is None:
            return False
        asked, command, _ = waited
        if self.known.grant(command.browser, command.what) is None:
            self._refuse(asked, NOT_ALLOWED)
        elif isinstance(answered.reply, m.RecordTold):
            self._bus.answer(asked, msgspec.structs.replace(answered.reply, request=command.request))
        else:
            self._refuse(asked, NO_RECORD)
        return True

    def chose(self, state: Deciding, decided: Decided, rules: Rules, now_ns: int) -> Deciding:
        """Take in an answer, what is said and what is taken back; the screen says at once how it is."""
        if decided.read:
            self.known = readers.answered(self.known, *decided.read, now_ns)
            log.info("about what is read in a browser, the wearer said: %s", decided.read[0])
        self.known = readers.chose(self.known, decided, now_ns)
        return self.turn(state, rules, now_ns)

    def turn(self, state: Deciding, rules: Rules, now_ns: int) -> Deciding:
        """Let run out what has; the page of the wearer says how it stands."""
        self.known = readers.passed(self.known, now_ns)
        for request, (asked, _, until_ns) in list(self._waiting.items()):
            if now_ns >= until_ns:
                del self._waiting[request]
                self._bus.take_back("journal", request)
                self._refuse(asked, NO_RECORD)
        real, on_screen = practice.real(state.writing), readers.on_screen(self.known)
        if real.lasting.kit.readers == on_screen:
            return state
        is_shown = state.writing.mode in PAGES
        now = practice.over(state.writing, reading.told(real, on_screen))
        state = msgspec.structs.replace(state, writing=now)
        return offer_anew(state, rules, now_ns, after_choice=False) if is_shown and state.tiles else state

    def _stands(self, command: m.AskToRead, state: Deciding, now_ns: int) -> m.ReadTold:
        browser, refused = command.browser, ReadRefusal.NONE
        self.known = readers.seen(readers.passed(self.known, now_ns), browser, now_ns)
        if command.leaves:
            self.known = readers.left(self.known, browser, now_ns)
        elif command.what:
            refused = readers.refusal(self.known, browser, command.what, state, now_ns)
            if not refused:
                self.known = readers.asked(self.known, browser, command.what, now_ns)
        return readers.told(self.known, browser, refused, command.request)

    def _read(self, asked: Asked, command: m.ReadRecord, now_ns: int) -> None:
        if command.what is Readable.MIRROR or self.known.grant(command.browser, command.what) is None:
            self._refuse(asked, NOT_ALLOWED)
            return
        if len(self._waiting) >= MOST_PAGES:
            self._refuse(asked, NO_ROOM)
            return
        self.known = readers.used(self.known, command.browser, command.what, now_ns)
        request = self._bus.new_request()
        self._waiting[request] = asked, command, now_ns + WITHIN_NS
        whole = command.what is Readable.EXPORT
        tell = m.TellRecord(request=request, whole=whole, boot=command.boot, sequence=command.sequence)
        self._bus.ask("journal", tell)

    def _refuse(self, asked: Asked, reason: str) -> None:
        self._bus.answer(asked, m.Refused(request=asked.command.request, reason=reason))
