"""What the voice is asked for, and what became of it: a sentence too late is not said, a call for help goes on."""

import logging
from collections.abc import Collection
from typing import NamedTuple

import msgspec

from vybor.composer.text import ended
from vybor.contracts import messages as m
from vybor.core.decision.state import Decided
from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds

log = logging.getLogger("vybor.core")

HELP_WITHIN_NS = seconds(60)
HELP_ALONE_NS = seconds(2)
"""A voice that has not answered for so long may be gone: the safe room rings as well."""
SAID_FOR_NS = seconds(15)
WITHIN_NS = seconds(5)
"""A sentence that the voice did not take in time is not said: later it would be the wrong moment."""

MOST_SAID = 40
"""So much of what was said can be taken back by name."""

ToVoice = m.Say | m.Repeat | m.Hush | m.CallHelp | m.Alert


class _Said(NamedTuple):
    """Something that the voice was asked to say."""

    request: str
    text: str
    is_again: bool
    """Whether it was said before."""


class _Waits(NamedTuple):
    """A command that the voice has not answered."""

    command: ToVoice
    since_ns: int
    is_with_safe: bool = False
    """Whether it is a call for help that the voice did not answer in time."""


class Speaking:
    """The commands that wait for the voice's answer."""

    def __init__(self, bus: Bus, language: str) -> None:
        self._bus = bus
        self._language = language
        for calls in ("voice", "safe"):
            bus.reach(calls)  # a call for help must not wait for a connection
        self._waiting: dict[str, _Waits] = {}
        self._said: list[_Said] = []
        """What was given to the voice and not taken back, the newest last."""
        self._safe: dict[str, int] = {}
        """What safe was asked for, and when: to ring, or to be silent again."""
        self._alert = ""
        """The request of what the kit itself says, while that may still be said."""
        self._unspoken: tuple[str, int] | None = None
        """Why the last sentence was not spoken, and until when that is shown."""

    def act(self, decided: Decided, now_ns: int) -> None:
        """What a choice asks of the voice."""
        if decided.hush and decided.was_calling:
            self._end_call(now_ns)
        elif decided.hush:
            self._hush(decided.unsaid, now_ns)
        if decided.repeat:
            self._say(m.Repeat, decided.repeat, self._bus.new_request(), now_ns)
        if decided.say:
            self._say(m.Say, decided.say, said_by(decided.decision.session, decided.decision.number), now_ns)
        if decided.call_help:
            self._take_back_calls()  # one that was to end another call would end this one
            self._ask(m.CallHelp(request=self._bus.new_request(), language=self._language), now_ns)

    def alert(self, text: str, now_ns: int) -> None:
        """The kit says something in its own name."""
        self._alert = self._bus.new_request()
        self._ask_for(m.Alert, text, self._alert, now_ns)

    def restored(self, draft: m.Draft) -> None:
        """What was spoken before a restart may sound still: it can be taken back by name."""
        if draft.spoken and draft.spoken_session:
            request = said_by(draft.spoken_session, draft.spoken_number)
            self._said.insert(0, _Said(request, ended(draft.spoken), is_again=False))

    def keep(self, left: Collection[str], now_ns: int) -> None:
        """Of what was given to the voice only this goes on being said, or is begun; a call for help does go on."""
        for one in self._said:
            if one.text not in left:
                self._silence(one, now_ns)
        self._said = [one for one in self._said if one.text in left]

    def end_alert(self, now_ns: int) -> None:
        """What the kit said itself is over, and need not be said to its end."""
        if not self._alert:
            return
        if self._waiting.pop(self._alert, None):
            self._bus.take_back("voice", self._alert)
        self._ask(m.Hush(request=self._bus.new_request(), only=self._alert), now_ns)
        self._alert = ""

    def answered(self, reply: m.AnyReply, now_ns: int) -> None:
        """The voice or safe accepts something, or refuses it."""
        self._safe.pop(reply.request, None)
        waits = self._waiting.pop(reply.request, None)
        if waits and isinstance(reply, m.Refused) and isinstance(waits.command, m.Say | m.Repeat):
            self._not_spoken(reply.reason, now_ns)
        if waits and isinstance(waits.command, m.CallHelp) and not waits.is_with_safe:
            self._stand_by(waits.command, now_ns, voice_calls=isinstance(reply, m.Done))

    def turn(self, now_ns: int) -> None:
        """Stop asking a voice that does not answer; a call for help is asked for longer, and of others."""
        for request, waits in list(self._waiting.items()):
            command, waited_ns = waits.command, now_ns - waits.since_ns
            if isinstance(command, m.CallHelp) and waited_ns > HELP_ALONE_NS and not waits.is_with_safe:
                self._waiting[request] = waits._replace(is_with_safe=True)
                self._stand_by(command, now_ns, voice_calls=False)
            if waited_ns > (HELP_WITHIN_NS if _is_of_a_call(command) else WITHIN_NS):
                del self._waiting[request]
                self._bus.take_back("voice", request)
                if isinstance(command, m.Say | m.Repeat):
                    self._not_spoken("the voice does not answer", now_ns)
        for request, asked_ns in list(self._safe.items()):
            if now_ns - asked_ns > HELP_WITHIN_NS:  # later it would come as a surprise
                del self._safe[request]
                self._bus.take_back("safe", request)
        if self._unspoken and now_ns > self._unspoken[1]:
            self._unspoken = None

    def troubles(self) -> tuple[m.Notice, ...]:
        """A call for help that waits, and a sentence that was not spoken."""
        found: list[m.Notice] = []
        if any(isinstance(waits.command, m.CallHelp) for waits in self._waiting.values()):
            found.append(m.Notice(process="core", trouble=m.Trouble.CALLING_HELP))
        if self._unspoken:
            found.append(m.Notice(process="core", trouble=m.Trouble.NOT_SPOKEN, detail=self._unspoken[0]))
        return tuple(found)

    def _ask_for(self, kind: type[m.Say | m.Repeat | m.Alert], text: str, request: str, now_ns: int) -> None:
        """Have a text spoken, soon or not at all."""
        self._ask(kind(request=request, text=text, language=self._language, until_ns=now_ns + WITHIN_NS), now_ns)

    def _say(self, kind: type[m.Say | m.Repeat], text: str, request: str, now_ns: int) -> None:
        self._ask_for(kind, text, request, now_ns)
        self._said = [*self._said, _Said(request, text, is_again=kind is m.Repeat)][-MOST_SAID:]

    def _hush(self, text: str, now_ns: int) -> None:
        """Take back what was said by these words last, and its repetitions; all else was meant, and goes on."""
        found: list[_Said] = []
        for one in reversed([one for one in self._said if one.text == text]):
            found.append(one)
            if not one.is_again:
                break
        for one in reversed(found):
            self._said.remove(one)
            self._silence(one, now_ns)

    def _silence(self, said: _Said, now_ns: int) -> None:
        if self._waiting.pop(said.request, None):
            self._bus.take_back("voice", said.request)
        self._ask(m.Hush(request=self._bus.new_request(), only=said.request), now_ns)

    def _end_call(self, now_ns: int) -> None:
        """Nobody is called any more, by the voice or by safe; nor by one of them that only hears of it later."""
        self._take_back_calls()
        self._ask(m.Hush(request=self._bus.new_request()), now_ns)
        self._ask_safe(m.Hush(request=self._bus.new_request()), now_ns)

    def _take_back_calls(self) -> None:
        """Stop asking for a call for help, and for an end of one."""
        for request in [request for request, waits in self._waiting.items() if _is_of_a_call(waits.command)]:
            del self._waiting[request]
            self._bus.take_back("voice", request)
        for request in self._safe:
            self._bus.take_back("safe", request)
        self._safe.clear()

    def _stand_by(self, call: m.CallHelp, now_ns: int, *, voice_calls: bool) -> None:
        """Have safe ring, at once or if a voice that has only said that it calls does not: it may die of it."""
        request = self._bus.new_request()
        self._ask_safe(msgspec.structs.replace(call, request=request, voice_calls=voice_calls), now_ns)

    def _ask_safe(self, command: m.CallHelp | m.Hush, now_ns: int) -> None:
        self._bus.ask("safe", command)
        self._safe[command.request] = now_ns

    def _ask(self, command: ToVoice, now_ns: int) -> None:
        self._bus.ask("voice", command)
        self._waiting[command.request] = _Waits(command, now_ns)

    def _not_spoken(self, reason: str, now_ns: int) -> None:
        log.warning("not spoken: %s", reason)
        self._unspoken = (reason, now_ns + SAID_FOR_NS)


def said_by(session: str, number: int) -> str:
    """The request by which what a decision says is known, to a core that starts again too."""
    return f"say-{session}-{number}"


def _is_of_a_call(command: ToVoice) -> bool:
    """Whether somebody is called by it, or is not called any more."""
    return isinstance(command, m.CallHelp) or (isinstance(command, m.Hush) and not command.only)
