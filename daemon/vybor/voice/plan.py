"""What sounds now and what comes next: decided here, done in `process`.

The call for help goes before everything and empties the queue; sentences wait for one another; what the kit itself
has to say waits for them; a whisper gives way to all and to the next whisper; a silent probe to everything.
"""

from typing import TypeGuard

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.voice import speech

MOST_WAITING = 20
PROBE_EVERY_NS = seconds(5)
HELP_AGAIN_NS = seconds(1)
HELP_FOR_NS = seconds(60)
"""A call that cannot be heard is tried again for so long; later it would come as a surprise."""
LATE_NS = seconds(5)
"""Behind a sound that failed, what waits for so long has missed its moment."""
USUAL_NS, USUAL_NS_A_LETTER = seconds(5), seconds(0.2)
"""What sounds longer than so has failed, though nothing has said so yet."""
TOLD_FOR_NS = seconds(15)
TOO_LATE = "it came too late to be said"


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be heard."""


class Speech(Sound, frozen=True, kw_only=True):
    """A sentence of the wearer."""

    text: str
    language: str
    request: str = ""
    """The command that asked for it first: with it, it is taken back."""
    to_ear: bool = False
    """For the wearer alone: their earphone says it, and nothing repeats it."""
    accepted_ns: int = 0


class Alert(Speech, frozen=True, kw_only=True):
    """A sentence of the kit's own."""


class Whisper(Sound, frozen=True, kw_only=True):
    """The label of a tile, for who scans by ear."""

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


class Heard(msgspec.Struct, frozen=True):
    """How a sound came to its end."""

    problem: str = ""
    """Why it was not heard, if it was not."""
    again: bool = True
    """Whether it may help to try once more."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The voice's whole state."""

    sounding: Sound | None = None
    since_ns: int = 0
    """When it began, of a sentence."""
    queue: tuple[Speech, ...] = ()
    alert: Alert | None = None
    """What the kit wants to say itself, until the wearer's sentences are said."""
    whisper: Whisper | None = None
    """The newest label, until it begins or something goes before it."""
    calling: Calling | None = None
    problem: str = ""
    """Why the last sound was not heard."""
    dropped_until_ns: int = 0
    """So long it is told that sentences were dropped; 0: none were."""
    whisper_problem: str = ""
    """Why the last whisper was not heard: it may have a player of its own."""
    probe_ns: int | None = 0
    """When to probe; None while sound is known to work. A kit that starts does not know."""


def asked(plan: Plan, command: m.AnyCommand, now_ns: int) -> tuple[Plan, m.Done | m.Refused]:
    """One command in, the new plan and the answer out."""
    if isinstance(command, m.Say | m.Repeat | m.Whisper | m.Alert) and 0 < command.until_ns < now_ns:
        return plan, m.Refused(request=command.request, reason=TOO_LATE)
    match command:
        case m.Say():
            return _say(plan, command, now_ns)
        case m.Repeat():
            return _repeat(plan, command, now_ns)
        case m.Whisper() | m.Alert():
            return _whisper(plan, command) if isinstance(command, m.Whisper) else _alert(plan, command)
        case m.Hush(request=request, only=only):
            return _without(plan, only, now_ns) if only else _silent(plan), m.Done(request=request)
        case m.CallHelp(request=request):
            return _call_help(plan, command, now_ns), m.Done(request=request)
    return plan, m.Refused(request=command.request, reason="the voice only speaks, stops and calls for help")


def chosen(plan: Plan, now_ns: int) -> Plan:
    """The plan with what should sound now."""
    if 0 < plan.dropped_until_ns < now_ns:
        plan = _plan(plan, dropped_until_ns=0)
    if isinstance(plan.sounding, Speech | HelpCall):
        return _plan(plan, whisper=None)
    if plan.calling is not None:
        return _plan(plan, sounding=plan.calling.call if now_ns >= plan.calling.try_ns else None, whisper=None)
    if plan.queue:
        return _plan(plan, sounding=plan.queue[0], since_ns=now_ns, queue=plan.queue[1:], whisper=None)
    if plan.alert is not None:
        return _plan(plan, sounding=plan.alert, since_ns=now_ns, alert=None, whisper=None)
    if plan.whisper is not None:
        return _plan(plan, sounding=plan.whisper, whisper=None)
    if plan.sounding is None and plan.probe_ns is not None and now_ns >= plan.probe_ns:
        return _plan(plan, sounding=Probe(), probe_ns=now_ns + PROBE_EVERY_NS)
    return plan


def finished(plan: Plan, heard: Heard, now_ns: int) -> Plan:
    """The plan after the sound has ended."""
    if isinstance(plan.sounding, Whisper) or (isinstance(plan.sounding, Speech) and plan.sounding.to_ear):
        return _plan(plan, sounding=None, whisper_problem=heard.problem)
    calling = plan.calling
    if isinstance(plan.sounding, HelpCall) and calling is not None:
        again = Calling(calling.call, now_ns + HELP_AGAIN_NS, calling.until_ns)
        calling = again if heard.problem and heard.again and again.try_ns < again.until_ns else None
    if heard.problem:
        probe_ns = now_ns + PROBE_EVERY_NS
        plan = _without_late(plan, now_ns)
        return _plan(plan, sounding=None, calling=calling, problem=heard.problem, probe_ns=probe_ns)
    if isinstance(plan.sounding, HelpCall):  # it has proved the player, and nothing about speech
        return _plan(plan, sounding=None, calling=calling)
    return _plan(plan, sounding=None, problem="", probe_ns=None)


def _without_late(plan: Plan, now_ns: int) -> Plan:
    """A card that is stuck holds one sentence for its whole length: the next would answer what was long ago."""
    queue = tuple(waiting for waiting in plan.queue if now_ns - waiting.accepted_ns <= LATE_NS)
    if len(queue) == len(plan.queue):
        return plan
    return _plan(plan, queue=queue, dropped_until_ns=now_ns + TOLD_FOR_NS)


def _say(plan: Plan, command: m.Say, now_ns: int) -> tuple[Plan, m.Done | m.Refused]:
    text = speech.clean(command.text)
    reason = _unspeakable(text, command.language)
    if not reason and len(plan.queue) >= MOST_WAITING:
        reason = f"{MOST_WAITING} sentences are waiting to be said"
    if reason:
        return plan, m.Refused(request=command.request, reason=reason)
    waiting = Speech(
        text=text,
        language=command.language,
        request=command.request,
        to_ear=command.to_ear,
        accepted_ns=now_ns,
    )
    return _plan(plan, queue=(*plan.queue, waiting)), m.Done(request=command.request)


def _repeat(plan: Plan, command: m.Repeat, now_ns: int) -> tuple[Plan, m.Done | m.Refused]:
    """What is on its way already is not said twice for it.

    It is the words of the command that are said, never what sounded last here: others have the voice speak
    too, and what came too late was never said.
    """
    text = speech.clean(command.text)

    def is_it(sound: Sound | None) -> bool:
        return type(sound) is Speech and sound.text == text and not sound.to_ear

    if any(map(is_it, plan.queue)):  # it was asked for just now, too: it is not too late for it
        renewed = (msgspec.structs.replace(one, accepted_ns=now_ns) if is_it(one) else one for one in plan.queue)
        return _plan(plan, queue=tuple(renewed)), m.Done(request=command.request)
    if is_it(plan.sounding):
        return plan, m.Done(request=command.request)
    return _say(plan, m.Say(request=command.request, text=text, language=command.language), now_ns)


def _whisper(plan: Plan, command: m.Whisper) -> tuple[Plan, m.Done | m.Refused]:
    """A label that cannot begin at once is never whispered: by then another one is lit."""
    text = speech.clean(command.text)
    reason = _unspeakable(text, command.language)
    if plan.queue or plan.calling is not None or isinstance(plan.sounding, Speech):
        reason = "a sentence or the call for help goes before a whisper"
    if reason:
        return plan, m.Refused(request=command.request, reason=reason)
    return _plan(plan, whisper=Whisper(text=text, language=command.language)), m.Done(request=command.request)


def _alert(plan: Plan, command: m.Alert) -> tuple[Plan, m.Done | m.Refused]:
    """The newest one; while help is called it has nothing to add."""
    text = speech.clean(command.text)
    reason = _unspeakable(text, command.language)
    if plan.calling is not None:
        reason = "the call for help goes before it"
    if reason:
        return plan, m.Refused(request=command.request, reason=reason)
    waiting = Alert(text=text, language=command.language, request=command.request)
    return _plan(plan, alert=waiting), m.Done(request=command.request)


def _unspeakable(text: str, language: str) -> str:
    if not text:
        return "there is nothing to say"
    if len(text) > speech.LONGEST_CHARACTERS:
        return f"the text is longer than {speech.LONGEST_CHARACTERS} characters"
    return "" if language in speech.VOICES else f"there is no voice for the language {language!r}"


def _silent(plan: Plan) -> Plan:
    return _plan(plan, sounding=None, queue=(), alert=None, whisper=None, calling=None)


def _without(plan: Plan, request: str, now_ns: int) -> Plan:
    """The same without one sentence, wherever it is; one that was said to its end is not heard of any more."""

    def is_it(sound: Sound | None) -> TypeGuard[Speech]:
        return isinstance(sound, Speech) and sound.request == request

    if is_it(plan.sounding) and now_ns - plan.since_ns > USUAL_NS + USUAL_NS_A_LETTER * len(plan.sounding.text):
        plan = _without_late(plan, now_ns)
    return _plan(
        plan,
        sounding=None if is_it(plan.sounding) else plan.sounding,
        queue=tuple(waiting for waiting in plan.queue if not is_it(waiting)),
        alert=None if is_it(plan.alert) else plan.alert,
    )


def _call_help(plan: Plan, command: m.CallHelp, now_ns: int) -> Plan:
    """A call that sounds already goes on: beginning anew would garble its words."""
    if isinstance(plan.sounding, HelpCall):
        return plan
    language = command.language if command.language in speech.VOICES else "en"
    calling = Calling(HelpCall(language=language), now_ns, now_ns + HELP_FOR_NS)
    return _plan(plan, sounding=None, queue=(), alert=None, whisper=None, calling=calling)


_plan = msgspec.structs.replace
