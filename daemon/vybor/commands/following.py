"""A kit that is followed while it runs: its wearer is told as long, and its journal is asked for new choices.

Nothing waits for an answer but for the first: what is asked in one turn is taken in a later one.
"""

from collections.abc import Callable, Iterator

import msgspec

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.errors import Missing
from vybor.segments.rows import Kind

RENEWED_S, LASTS_S = 2.0, 6.0
"""Whoever tells the wearer is told so often that it goes on, each time for so long."""
ANSWER_S = 3.0
"""An answer that does not come in so long does not come."""
CHOICES_S = 1.0
"""The journal is asked so often for new choices; their own times are exact all the same."""

Renewal = Callable[[str, int], m.AnyCommand]
"""The command that has the wearer told, by its request, until then; 0: they need not be any more."""


class Wait(msgspec.Struct, frozen=True):
    """A command that is not answered, whom it was for, and when that is given up."""

    room: asking.Room
    until_ns: int


class Following:
    """Has the wearer told, and asks for choices."""

    def __init__(self, teller: asking.Room, name: str, clock: Clock, renewal: Renewal) -> None:
        """`teller`, of that name, is whoever tells the wearer."""
        self._teller = teller
        self._name = name
        self._clock = clock
        self._renewal = renewal
        self._journal = teller.beside("journal")
        self._place: tuple[int, int] | None = None
        """Of the newest row of the record that was looked at; None: nobody tells of choices."""
        self._renew_ns = self._choices_ns = 0
        self._waits: dict[str, Wait] = {}

    def begin(self, *, choices: bool) -> str:
        """Tell the wearer, and find where the record ends. Raises Missing. Returns why there are no choices."""
        self._teller.told(self._renewed(), patience_s=ANSWER_S)
        if not choices:
            return ""
        try:
            reply = self._journal.told(m.TellPaired(request=self._journal.new_request()), patience_s=ANSWER_S)
        except Missing as error:
            return str(error)
        self._place = reply.newest if isinstance(reply, m.Paired) else None
        return ""

    def turn(self) -> Iterator[bytes]:
        """New choices of the record, and what is due. Raises Missing where the wearer cannot be told any more."""
        yield from self._answers()
        now_ns = self._clock.now_ns()
        if now_ns >= self._renew_ns:
            self._ask(self._teller, self._renewed())
        if self._place is not None and now_ns >= self._choices_ns:
            boot, sequence = self._place
            asked = m.TellRows(request=self._journal.new_request(), boot=boot, sequence=sequence)
            self._choices_ns = now_ns + seconds(ANSWER_S)
            self._ask(self._journal, asked)

    def last_choices(self) -> Iterator[bytes]:
        """Those since, waited for at the end; none if the journal does not tell them."""
        if self._place is None:
            return
        boot, sequence = self._place
        asked = m.TellRows(request=self._journal.new_request(), boot=boot, sequence=sequence)
        try:
            reply = self._journal.told(asked, patience_s=ANSWER_S)
        except Missing:
            return
        if isinstance(reply, m.Rows):
            yield from self._choices(reply)

    def end(self) -> None:
        """The wearer need not be told any more. Raises Missing if nobody heard it."""
        self.take_back()
        self._teller.told(self._renewal(self._teller.new_request(), 0), patience_s=ANSWER_S)

    def take_back(self) -> None:
        """Wait for no answer any more."""
        for request, wait in self._waits.items():
            wait.room.take_back(request)
        self._waits.clear()

    def _ask(self, room: asking.Room, command: m.AnyCommand) -> None:
        room.ask(command)
        self._waits[command.request] = Wait(room, self._clock.now_ns() + seconds(ANSWER_S))

    def _answers(self) -> Iterator[bytes]:
        """Take in what was answered; what was not is given up, and of who tells the wearer it is the end."""
        for reply in self._teller.answers():
            wait = self._waits.pop(reply.request, None)
            if isinstance(reply, m.Rows):
                self._choices_ns = self._clock.now_ns() + seconds(CHOICES_S)
                yield from self._choices(reply)
            elif isinstance(reply, m.Refused) and wait and wait.room is self._teller:
                raise Missing(reply.reason)
        now_ns = self._clock.now_ns()
        for request, wait in list(self._waits.items()):
            if now_ns >= wait.until_ns:
                del self._waits[request]
                wait.room.take_back(request)
                if wait.room is self._teller:
                    raise Missing(f"the {self._name} does not answer; see `vybor doctor`")

    def _choices(self, reply: m.Rows) -> Iterator[bytes]:
        for row in reply.rows:
            self._place = row.boot, row.sequence
            if row.kind == Kind.DECISION:
                yield row.record

    def _renewed(self) -> m.AnyCommand:
        now_ns = self._clock.now_ns()
        self._renew_ns = now_ns + seconds(RENEWED_S)
        return self._renewal(self._teller.new_request(), now_ns + seconds(LASTS_S))
