"""A record of somebody who chooses by blinks: what each was like, whether it was meant, and what came of it."""

from random import Random

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Channelled, GestureKind
from vybor.foundation.clock import seconds

DAY_NS = 24 * 3600 * 10**9


class Blinker(msgspec.Struct, frozen=True, kw_only=True):
    """What they are like."""

    microvolts: float = 150.0
    rhythm_s: float = 0.6
    meant: float = 2.2
    """Log-odds of those that were meant, without anything known of the person."""
    unmeant_microvolts: float = 60.0
    unmeant_rhythm_s: float = 0.25
    unmeant: float = 2.0
    """Of those that were not: rubbed eyes, glances."""
    share_unmeant: float = 0.12
    slip: float = 0.02
    """How often a choice that was meant is taken back."""
    believes: float = 0.0
    """Log-odds more that the kit believes them by."""
    kind: GestureKind = GestureKind.DOUBLE_BLINK
    fitting: int = 0


LEAST = 1.65
"""With tiles that are .97 sure."""


def recorded(person: Blinker, days: int = 24, a_day: int = 30, seed: int = 1) -> list[m.Decision]:
    """Choices, a session and a start of the machine a day."""
    told: list[m.Decision] = []
    for day in range(days):
        told += _of_day(person, day, a_day, Random(seed * 1000 + day))
    return told


def _of_day(person: Blinker, day: int, count: int, draw: Random) -> list[m.Decision]:
    found: list[m.Decision] = []
    at_ns = day * DAY_NS + seconds(60)
    waiting: tuple[m.SignMade, ...] = ()
    while count:
        at_ns += seconds(4)
        is_meant = draw.random() >= person.share_unmeant
        sign = _sign(person, at_ns, draw, is_meant=is_meant)
        chose = sign.log_odds >= LEAST
        sign = msgspec.structs.replace(sign, chose=chose, slot=0 if is_meant or chose else 3)
        if not chose:
            waiting = (*waiting, sign)
            if is_meant:  # then by the edge
                found.append(_decision(day, len(found), at_ns + seconds(1), waiting, Channelled.PAD))
                waiting, count = (), count - 1
            continue
        found.append(_decision(day, len(found), at_ns, (*waiting, sign), Channelled.DOUBLE_BLINK))
        waiting, count = (), count - 1
        if not is_meant or draw.random() < person.slip:
            at_ns += seconds(3)
            found.append(_decision(day, len(found), at_ns, (), Channelled.PAD, Action.UNDO))
    return found


def _sign(person: Blinker, at_ns: int, draw: Random, *, is_meant: bool) -> m.SignMade:
    microvolts = person.microvolts if is_meant else person.unmeant_microvolts
    rhythm_s = person.rhythm_s if is_meant else person.unmeant_rhythm_s
    plain = min(3.0, draw.gauss(person.meant if is_meant else person.unmeant, 0.5))
    return m.SignMade(
        kind=person.kind,
        at_ns=at_ns,
        log_odds=round(min(3.0, plain + person.believes), 3),
        plain=round(plain, 3),
        height=round(microvolts * draw.lognormvariate(0, 0.12), 2),
        rhythm_s=round(rhythm_s * draw.lognormvariate(0, 0.1), 3),
        fitting=person.fitting,
    )


def _decision(
    day: int,
    number: int,
    at_ns: int,
    signs: tuple[m.SignMade, ...],
    channel: Channelled,
    action: Action = Action.TAKE,
) -> m.Decision:
    return m.Decision(
        at_ns=at_ns,
        session=f"day {day:03}",
        number=number + 1,
        action=action,
        slot=0,
        written="tea",
        text_before="",
        text_after="tea",
        offer=1,
        shown=(),
        evidence=m.Evidence(channel=channel, posterior=0.97, posterior_without_prior=0.95, gaze_age_ms=0.0),
        signs=signs,
    )
