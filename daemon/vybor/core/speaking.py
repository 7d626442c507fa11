"""What the voice is asked for, and what became of it: a sentence too late is not said, a call for help goes on."""

import logging

import msgspec

from vybor.contracts import messages as m
from vybor.core.state import Decided
from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds

log = logging.getLogger("vybor.core")

HELP_WITHIN_NS = seconds(60)
HELP_ALONE_NS = seconds(2)
"""A voice that has not answered for so long may be gone: the safe room rings as well."""
SAID_FOR_NS = seconds(15)
WITHIN_NS = seconds(5)
"""A sentence that the voice did not take in time is not said: later it would be the wrong moment."""

ToVoice = m.Say | m.Repeat | m.Hush | m.CallHelp | m.Alert


class Speaking:
    """The commands that wait for the voice's answer."""

    def __init__(self, bus: Bus, language: str) -> None:
        self._bus = bus
        self._language = language
        for calls in ("voice", "safe"):
            bus.reach(calls)  # a call for help must not wait for a connection
        self._waiting: dict[str, ToVoice] = {}
        self._asked_ns: dict[str, int] = {}
        self._said_last = ""
        """The request of the sentence that was given to the voice last."""
        self._said_again = ""
        self._called_safe: set[str] = set()
        """Calls for help that the voice did not answer in time."""
        self._alert = ""
        """The request of what the kit itself says, while that may still be said."""
        self._unspoken: tuple[str, int] | None = None
        """Why the last sentence was not spoken, and until when that is shown."""

    def act(self, decided: Decided, now_ns: int) -> None:
        """What a choice asks of the voice."""
        if decided.hush:
            self._hush(decided, now_ns)
        if decided.repeat:
            self._said_again = self._ask_for(m.Repeat, decided.repeat, now_ns)
        if decided.say:
            self._said_last = self._ask_for(m.Say, decided.say, now_ns)
        if decided.call_help:
            self._ask(m.CallHelp(request=self._bus.new_request(), language=self._language), now_ns)

    def alert(self, text: str, now_ns: int) -> None:
        """The kit says something in its own name."""
        self._alert = self._ask_for(m.Alert, text, now_ns)

    def forget(self, now_ns: int) -> None:
        """The voice is to know nothing any more of what it said, nor to go on saying it."""
        self._ask(m.Hush(request=self._bus.new_request()), now_ns)
        self._said_last = self._said_again = ""

    def end_alert(self, now_ns: int) -> None:
        """What the kit said itself is over, and need not be said to its end."""
        if not self._alert:
            return
        if self._waiting.pop(self._alert, None):
            self._bus.take_back("voice", self._alert)
        self._ask(m.Hush(request=self._bus.new_request(), only=self._alert), now_ns)
        self._alert = ""

    def answered(self, reply: m.AnyReply, now_ns: int) -> None:
        """The voice accepts something, or refuses it."""
        asked = self._waiting.pop(reply.request, None)
        if isinstance(reply, m.Refused) and isinstance(asked, m.Say | m.Repeat):
            self._not_spoken(reply.reason, now_ns)

    def turn(self, now_ns: int) -> None:
        """Stop asking a voice that does not answer; a call for help is asked for longer, and of others."""
        for request, command in list(self._waiting.items()):
            waited_ns = now_ns - self._asked_ns[request]
            if isinstance(command, m.CallHelp) and waited_ns > HELP_ALONE_NS and request not in self._called_safe:
                self._called_safe.add(request)
                self._bus.ask("safe", msgspec.structs.replace(command, request=self._bus.new_request()))
            limit_ns = HELP_WITHIN_NS if isinstance(command, m.CallHelp) else WITHIN_NS
            if waited_ns > limit_ns:
                del self._waiting[request]
                self._bus.take_back("voice", request)
                if isinstance(command, m.Say | m.Repeat):
                    self._not_spoken("the voice does not answer", now_ns)
        if self._unspoken and now_ns > self._unspoken[1]:
            self._unspoken = None

    def troubles(self) -> tuple[m.Notice, ...]:
        """A call for help that waits, and a sentence that was not spoken."""
        found: list[m.Notice] = []
        if any(isinstance(command, m.CallHelp) for command in self._waiting.values()):
            found.append(m.Notice(process="core", trouble=m.Trouble.CALLING_HELP))
        if self._unspoken:
            found.append(m.Notice(process="core", trouble=m.Trouble.NOT_SPOKEN, detail=self._unspoken[0]))
        return tuple(found)

    def _ask_for(self, kind: type[m.Say | m.Repeat | m.Alert], text: str, now_ns: int) -> str:
        """Have a text spoken, soon or not at all; the request that it is known by."""
        request = self._bus.new_request()
        self._ask(kind(request=request, text=text, language=self._language, until_ns=now_ns + WITHIN_NS), now_ns)
        return request

    def _hush(self, decided: Decided, now_ns: int) -> None:
        """Take back the call for help, or the sentence said last; one before it was meant, and goes on.

        What is repeated has the name that it was first said by, unless the voice has started again since.
        """
        names = ("",) if decided.was_calling else (self._said_last, self._said_again)
        for only in dict.fromkeys(names):
            if self._waiting.pop(only, None):
                self._bus.take_back("voice", only)
            if only or decided.was_calling:
                self._ask(m.Hush(request=self._bus.new_request(), only=only), now_ns)
        self._said_again = ""

    def _ask(self, command: ToVoice, now_ns: int) -> None:
        self._bus.ask("voice", command)
        self._waiting[command.request] = command
        self._asked_ns[command.request] = now_ns

    def _not_spoken(self, reason: str, now_ns: int) -> None:
        log.warning("not spoken: %s", reason)
        self._unspoken = (reason, now_ns + SAID_FOR_NS)
