"""What the journal has not acknowledged yet: kept here in order and sent one at a time, so that order stays.

Nothing is handed on before the draft has come: it may say that nothing of it is to be learned.
"""

import itertools
from collections import deque

from vybor.contracts import messages as m
from vybor.core.decision.private import found
from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds

LATE_NS = seconds(3)
"""After so long the screen says that nothing is being saved."""
ASK_AGAIN_NS = seconds(2)


class Keeping:
    """The decisions that are on their way to the disk, and the draft that is on its way from there."""

    def __init__(self, bus: Bus, *, was_private: bool = False) -> None:
        """`was_private`: something of the time before must not be learned, and the record may not know that."""
        self._bus = bus
        self._was_private = was_private
        self._unsaved: deque[tuple[m.Decision, int]] = deque()
        self._has_begun = False
        """Whether it is known what the record says of the time before."""
        self._draft_request = ""
        self._record_request = ""
        self._again_ns: int | None = None
        """When to ask again after a refusal; another answer does not clear it: it says nothing of the refused."""
        self._ask_for_draft()

    def keep(self, decision: m.Decision, now_ns: int) -> None:
        """Give a decision to the journal, behind those that wait."""
        self._unsaved.append((decision, now_ns))
        self._send()

    def owes_private(self, chosen: m.Decision | None = None) -> bool:
        """Whether the record has not heard yet of something that must not be learned; `chosen` comes next."""
        if self._was_private and not self._has_begun:
            return True
        waits = itertools.chain([chosen] if chosen else [], (one for one, _ in self._unsaved))
        return any(not one.learn and one.action not in m.ASIDE for one in waits)

    def begin(self, *, was_incognito: bool, first: m.Decision | None = None) -> None:
        """The draft is taken in: from now on decisions are handed on, and one before all others.

        `was_incognito`: it says that nothing was to be learned, which nobody knew when the first of them was made.
        """
        if was_incognito and not self._has_begun:
            private = found([decision for decision, _ in self._unsaved])
            since = [since_ns for _, since_ns in self._unsaved]
            self._unsaved = deque(zip(private, since, strict=True))
        if first and not self._has_begun:
            self._unsaved.appendleft((first, first.at_ns))
        self._has_begun = True
        self._send()

    def answered(self, reply: m.AnyReply, now_ns: int) -> m.Draft | None:
        """Take in the journal's answer; returns the draft if that is what came."""
        if isinstance(reply, m.Refused):
            self._again_ns = now_ns + ASK_AGAIN_NS
            return None
        if reply.request == self._record_request:
            self._unsaved.popleft()
            self._record_request = ""
            self._send()
        if reply.request == self._draft_request:
            self._draft_request = ""
        return reply if isinstance(reply, m.Draft) else None

    def turn(self, now_ns: int) -> None:
        """Ask again what was refused, under a new name, since a name is answered once."""
        if self._again_ns is None or now_ns < self._again_ns:
            return
        self._again_ns = None
        if self._draft_request:
            self._ask_for_draft()
        if self._unsaved:
            self._record_request = ""
            self._send()

    def saving(self, now_ns: int) -> m.Saving:
        """What the screen says of it."""
        if not self._unsaved:
            return m.Saving.SAVED
        _, oldest_ns = self._unsaved[0]
        late = self._again_ns is not None or now_ns - oldest_ns > LATE_NS
        return m.Saving.NOT_SAVING if late else m.Saving.SAVING

    def _send(self) -> None:
        if self._has_begun and self._unsaved and not self._record_request:
            self._record_request = self._bus.new_request()
            self._bus.ask("journal", m.Record(request=self._record_request, decision=self._unsaved[0][0]))

    def _ask_for_draft(self) -> None:
        self._draft_request = self._bus.new_request()
        self._bus.ask("journal", m.RestoreDraft(request=self._draft_request))
