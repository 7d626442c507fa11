"""The call for help from the console: through the voice, and without it if it does not answer. Pure."""

from enum import StrEnum

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.safe.watch import SILENT_NS

ACKNOWLEDGED_WITHIN_NS = seconds(2)
"""A voice that lives answers in milliseconds."""
AGAIN_NS = seconds(1)
TRIES_FOR_NS = seconds(60)
"""A call that cannot be heard is tried again for so long; later it would come as a surprise."""


class Stage(StrEnum):
    """How far a call is."""

    NONE = "none"
    ASKED = "asked"
    """The voice has been asked and has not answered yet."""
    VOICE_CALLS = "voice_calls"
    RINGING = "ringing"
    """The voice does not answer: this process rings by itself."""
    HEARD = "heard"
    NOT_HEARD = "not_heard"


UNDER_WAY = {Stage.ASKED, Stage.VOICE_CALLS, Stage.RINGING}


class Help(msgspec.Struct, frozen=True, kw_only=True):
    """The newest call."""

    stage: Stage = Stage.NONE
    since_ns: int = 0
    """When this stage began."""
    until_ns: int = 0
    """How long a call that is not heard is tried again."""
    voice_pid: int = 0
    """The voice that calls; 0: nobody knows."""
    problem: str = ""
    """Why it was not heard."""


def pressed(call: Help, now_ns: int) -> Help:
    """Somebody wants help; a call that is under way goes on: beginning anew would garble it."""
    if call.stage in UNDER_WAY:
        return call
    return Help(stage=Stage.ASKED, since_ns=now_ns, until_ns=now_ns + TRIES_FOR_NS)


def ringing(call: Help, now_ns: int) -> Help:
    """Somebody who has asked the voice in vain wants help: ring at once."""
    if call.stage is Stage.RINGING:
        return call
    return Help(stage=Stage.RINGING, since_ns=now_ns, until_ns=now_ns + TRIES_FOR_NS)


def taken(call: Help, voice: m.Health | None, now_ns: int) -> Help:
    """The voice calls because another process asked it to: what becomes of that is looked after here."""
    if call.stage is Stage.RINGING:
        return call
    if call.stage is Stage.VOICE_CALLS:  # what the voice said before tells of the call before
        return _call(call, since_ns=now_ns, until_ns=now_ns + TRIES_FOR_NS)
    asked = Help(stage=Stage.ASKED, since_ns=now_ns, until_ns=now_ns + TRIES_FOR_NS)
    return answered(asked, voice, now_ns, done=True)


def ended_by_wish(call: Help) -> Help:
    """Whoever called does not want it any more: nothing rings, and nothing is tried again."""
    return Help() if call.stage in UNDER_WAY or call.stage is Stage.NOT_HEARD else call


def answered(call: Help, voice: m.Health | None, now_ns: int, *, done: bool) -> Help:
    """The voice has answered; `voice` is its newest word."""
    if call.stage is not Stage.ASKED:
        return call
    stage = Stage.VOICE_CALLS if done else Stage.RINGING
    return _call(call, stage=stage, since_ns=now_ns, voice_pid=voice.pid if voice else 0)


def waited(call: Help, voice: m.Health | None, now_ns: int) -> Help:
    """Time has passed; `voice` is the newest word of the voice."""
    match call.stage:
        case Stage.ASKED if now_ns - call.since_ns > ACKNOWLEDGED_WITHIN_NS:
            return _call(call, stage=Stage.RINGING, since_ns=now_ns)
        case Stage.VOICE_CALLS:
            return _by_voice(call, voice, now_ns)
        case Stage.NOT_HEARD if call.since_ns + AGAIN_NS <= now_ns < call.until_ns:
            return _call(call, stage=Stage.RINGING, since_ns=now_ns)
        case _:
            return call


def ended(call: Help, problem: str, now_ns: int, *, again: bool = True) -> Help:
    """The sound of this process has ended; `problem` says why it was not heard; `again`: a new try may help."""
    if call.stage is not Stage.RINGING:
        return call
    stage = Stage.NOT_HEARD if problem else Stage.HEARD
    until_ns = call.until_ns if again else now_ns
    return _call(call, stage=stage, since_ns=now_ns, until_ns=until_ns, problem=problem)


def _by_voice(call: Help, voice: m.Health | None, now_ns: int) -> Help:
    """The voice calls until it says that it does not; one that dies meanwhile is stood in for.

    One that is there again at once has forgotten the call, and would say that it calls nobody.
    """
    spoke_ns = voice.at_ns if voice else 0
    if now_ns - max(spoke_ns, call.since_ns) > SILENT_NS:
        return _call(call, stage=Stage.RINGING, since_ns=now_ns)
    if voice is None or spoke_ns <= call.since_ns:
        return call
    troubles = {notice.trouble: notice.detail for notice in voice.troubles}
    problem = troubles.get(m.Trouble.SOUND_MISSING) or troubles.get(m.Trouble.SOUND_MUTED, "")
    if m.Trouble.CALLING_HELP in troubles:
        return _call(call, problem=problem, voice_pid=voice.pid)
    if call.voice_pid not in (0, voice.pid):
        return _call(call, stage=Stage.RINGING, since_ns=now_ns)
    stage = Stage.NOT_HEARD if problem else Stage.HEARD
    return _call(call, stage=stage, since_ns=now_ns, until_ns=now_ns, problem=problem)


_call = msgspec.structs.replace
