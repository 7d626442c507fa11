"""What sounds now and what comes next: decided here, done in `process`.

The call for help goes before everything and empties the queue; a silent probe gives way to everything.
"""

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.voice import speech

MOST_WAITING = 20
PROBE_EVERY_NS = seconds(5)
HELP_AGAIN_NS = seconds(1)
HELP_FOR_NS = seconds(60)
"""A call that cannot be heard is tried again for so long; later it would come as a surprise."""


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be heard."""


class Speech(Sound, frozen=True, kw_only=True):
    """A sentence of the wearer."""

    text: str
    language: str


class HelpCall(Sound, frozen=True, kw_only=True):
    """The pre-rendered call."""

    language: str


class Probe(Sound, frozen=True, kw_only=True):
    """Speech at no loudness, to learn whether speech and sound card work."""


class Calling(msgspec.Struct, frozen=True):
    """A call for help that has not been heard to its end."""

    call: HelpCall
    try_ns: int
    until_ns: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The voice's whole state."""

    sounding: Sound | None = None
    queue: tuple[Speech, ...] = ()
    calling: Calling | None = None
    problem: str = ""
    """Why the last sound was not heard."""
    probe_ns: int | None = 0
    """When to probe; None while sound is known to work. A kit that starts does not know."""


def asked(plan: Plan, command: m.AnyCommand, now_ns: int) -> tuple[Plan, m.Done | m.Refused]:
    """One command in, the new plan and the answer out."""
    match command:
        case m.Say(until_ns=until_ns) if until_ns and now_ns > until_ns:
            return plan, m.Refused(request=command.request, reason="it came too late to be said")
        case m.Say():
            return _say(plan, command)
        case m.Hush(request=request):
            return _plan(plan, sounding=None, queue=(), calling=None), m.Done(request=request)
        case m.CallHelp(request=request):
            return _call_help(plan, command, now_ns), m.Done(request=request)
    return plan, m.Refused(request=command.request, reason="the voice only speaks, stops and calls for help")


def chosen(plan: Plan, now_ns: int) -> Plan:
    """The plan with what should sound now."""
    if plan.sounding is not None and not isinstance(plan.sounding, Probe):
        return plan
    if plan.calling is not None:
        return _plan(plan, sounding=plan.calling.call if now_ns >= plan.calling.try_ns else None)
    if plan.queue:
        return _plan(plan, sounding=plan.queue[0], queue=plan.queue[1:])
    if plan.sounding is None and plan.probe_ns is not None and now_ns >= plan.probe_ns:
        return _plan(plan, sounding=Probe(), probe_ns=now_ns + PROBE_EVERY_NS)
    return plan


def finished(plan: Plan, problem: str, now_ns: int) -> Plan:
    """The plan after the sound has ended; `problem` says why it was not heard, if it was not."""
    calling = plan.calling
    if isinstance(plan.sounding, HelpCall) and calling is not None:
        again = Calling(calling.call, now_ns + HELP_AGAIN_NS, calling.until_ns)
        calling = again if problem and again.try_ns < again.until_ns else None
    if problem:
        return _plan(plan, sounding=None, calling=calling, problem=problem, probe_ns=now_ns + PROBE_EVERY_NS)
    if isinstance(plan.sounding, HelpCall):  # it has proved the player, and nothing about speech
        return _plan(plan, sounding=None, calling=calling)
    return _plan(plan, sounding=None, problem="", probe_ns=None)


def _say(plan: Plan, command: m.Say) -> tuple[Plan, m.Done | m.Refused]:
    text = speech.clean(command.text)
    reason = ""
    if not text:
        reason = "there is nothing to say"
    elif len(text) > speech.LONGEST_CHARACTERS:
        reason = f"the text is longer than {speech.LONGEST_CHARACTERS} characters"
    elif command.language not in speech.VOICES:
        reason = f"there is no voice for the language {command.language!r}"
    elif len(plan.queue) >= MOST_WAITING:
        reason = f"{MOST_WAITING} sentences are waiting to be said"
    if reason:
        return plan, m.Refused(request=command.request, reason=reason)
    waiting = (*plan.queue, Speech(text=text, language=command.language))
    return _plan(plan, queue=waiting), m.Done(request=command.request)


def _call_help(plan: Plan, command: m.CallHelp, now_ns: int) -> Plan:
    """A call that sounds already goes on: beginning anew would garble its words."""
    if isinstance(plan.sounding, HelpCall):
        return plan
    language = command.language if command.language in speech.VOICES else "en"
    calling = Calling(HelpCall(language=language), now_ns, now_ns + HELP_FOR_NS)
    return _plan(plan, sounding=None, queue=(), calling=calling)


_plan = msgspec.structs.replace
