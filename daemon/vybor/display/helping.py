"""The switch as a call for help, while nothing else can be chosen: through the voice, else through safe. Pure."""

from enum import StrEnum

import msgspec

from vybor.foundation.clock import seconds

ANSWERED_WITHIN_NS = seconds(2)
CALLED_FOR_NS = seconds(20)
"""Then the page says again how to call."""


class Stage(StrEnum):
    """How far a call is."""

    NONE = "none"
    ASKED_VOICE = "asked_voice"
    ASKED_SAFE = "asked_safe"
    VOICE_CALLS = "voice_calls"
    """The voice has said that it calls, and safe is asked to ring if it does not go on."""
    CALLED = "called"
    FAILED = "failed"


RECEIVER = {Stage.ASKED_VOICE: "voice", Stage.ASKED_SAFE: "safe", Stage.VOICE_CALLS: "safe"}
"""Whom each stage asks."""
ASKING = (Stage.ASKED_VOICE, Stage.ASKED_SAFE)
"""Nobody calls yet."""
CALLED = (Stage.VOICE_CALLS, Stage.CALLED)


class Helping(msgspec.Struct, frozen=True):
    """The newest call, and since when it is at this stage."""

    stage: Stage = Stage.NONE
    since_ns: int = 0


def pressed(call: Helping, now_ns: int) -> Helping:
    """Somebody wants help; one who has just asked is being heard."""
    return call if call.stage in ASKING else Helping(Stage.ASKED_VOICE, now_ns)


def answered(call: Helping, by: str, now_ns: int, *, done: bool) -> Helping:
    """One of them has answered."""
    if RECEIVER.get(call.stage) != by:
        return call
    match call.stage:
        case Stage.VOICE_CALLS:
            return Helping(Stage.CALLED, call.since_ns)
        case Stage.ASKED_VOICE if done:
            return Helping(Stage.VOICE_CALLS, now_ns)
        case _:
            return Helping(Stage.CALLED, now_ns) if done else _next(call, now_ns)


def waited(call: Helping, now_ns: int) -> Helping:
    """Time has passed."""
    waited_ns = now_ns - call.since_ns
    if call.stage in ASKING and waited_ns > ANSWERED_WITHIN_NS:
        return _next(call, now_ns)
    if call.stage in CALLED and waited_ns > CALLED_FOR_NS:
        return Helping()
    return call


def _next(call: Helping, now_ns: int) -> Helping:
    return Helping(Stage.ASKED_SAFE if call.stage is Stage.ASKED_VOICE else Stage.FAILED, now_ns)
