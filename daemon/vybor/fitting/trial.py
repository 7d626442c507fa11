"""The trial of one sign: first nothing is to be done, then it is asked for with pauses of chance. Pure.

Times are handed in. A cue counts from the moment at which the display said that it stands there.
"""

import itertools
import random
from enum import StrEnum

import msgspec

from vybor.contracts.messages import Sign
from vybor.fitting.noticing import Event
from vybor.foundation.clock import seconds

STILL_NS = seconds(12)
PAUSES_S = (1.2, 3.0)
CUES, MOST_CUES = 8, 10
"""Two more if one of the first was missed: nine of ten is still good, seven of eight says too little."""
FLICKER_CUES = 20
"""So many, for the bound of its gate (`flicker_gate`): 18 must be right."""
IN_VAIN = 3
"""After so many cues on end that led to nothing it is not asked again: nobody has to toil."""
ANSWERED_WITHIN_NS = {
    Sign.PAD: seconds(8),
    Sign.SWITCH: seconds(4),
    Sign.LONG_BLINK: seconds(4),
    Sign.DOUBLE_BLINK: seconds(4),
    Sign.CLENCH: seconds(4),
    Sign.BROW: seconds(4),
    Sign.CHEEK: seconds(4),
    Sign.HEAD: seconds(4),
    Sign.FLICKER: seconds(5),
}
"""From the cue to the onset: slow is not unreliable."""
KNOWN_AFTER_NS = {
    Sign.PAD: seconds(0.2),
    Sign.SWITCH: seconds(0.2),
    Sign.LONG_BLINK: seconds(2.8),
    Sign.DOUBLE_BLINK: seconds(2.5),
    Sign.CLENCH: seconds(2.0),
    Sign.BROW: seconds(2.4),
    Sign.CHEEK: seconds(2.4),
    Sign.HEAD: seconds(2.4),
    Sign.FLICKER: seconds(1),
}
"""From the onset until it is known at the latest: a double blink is slow, and then has to stay alone."""
LEAST_REACTION_NS = seconds(0.1)
"""Nobody answers sooner: it was no answer."""
NOT_SHOWN_NS = seconds(2)
"""A cue that the display does not show asks nobody."""
LONGEST_PAIR_NS = seconds(1.5)
"""Between the onsets of two blinks; slower ones are two blinks."""
ALONE = 1.45
"""A third blink at less than so many gaps keeps the rhythm of the two: the detector takes them for a flutter."""
OUT_SIGNS, OUT_WITHIN_NS = 3, seconds(2.5)
"""So many signs on end mean: out of here. In the trial they choose nothing, and nobody may be shut in."""
PLACES = tuple(range(8))
FLICKER_PLACES = (0, 1, 2)
"""Where the words stand: they flicker, and nothing else ever does."""
STOPS_FLICKER = (Sign.SWITCH, Sign.DOUBLE_BLINK, Sign.CLENCH)
"""One of these is enough to leave that trial: whom it hurts need not repeat themselves."""


class Course(StrEnum):
    """Where a trial is."""

    STILL = "still"
    PAUSE = "pause"
    CUE = "cue"
    OVER = "over"
    LEFT = "left"
    """The person wanted out, or the display showed no cue."""


class Cue(msgspec.Struct, frozen=True):
    """The sign was asked for."""

    asked_ns: int
    slot: int | None = None
    """The place to choose, where that is what is tried."""
    shown_ns: int | None = None
    over_ns: int | None = None
    """When it was answered, or no longer waited for."""


class Trial(msgspec.Struct, frozen=True):
    """One sign, and all that was noticed while it was tried."""

    sign: Sign
    seed: int
    began_ns: int
    since_ns: int
    """When it came to where it is."""
    course: Course = Course.STILL
    cues: tuple[Cue, ...] = ()
    events: tuple[Event, ...] = ()
    edges_ns: tuple[int, ...] = ()
    """How long looks at the edge lasted that then left it."""


def begun(sign: Sign, seed: int, now_ns: int) -> Trial:
    """Nothing has happened yet."""
    return Trial(sign, seed, now_ns, now_ns)


def is_on(trial: Trial) -> bool:
    """Whether it still goes on."""
    return trial.course not in (Course.OVER, Course.LEFT)


def noticed(trial: Trial, event: Event, now_ns: int) -> Trial:
    """Something was noticed."""
    trial = msgspec.structs.replace(trial, events=(*trial.events, event))
    if trial.sign is Sign.FLICKER:
        return _of_flicker(trial, event, now_ns)
    if trial.sign is not Sign.PAD and _wants_out(trial):
        return _at(trial, Course.LEFT, now_ns)
    if trial.course is Course.CUE and answer(trial, trial.cues[-1]) is not None:
        return _closed(trial, now_ns)
    return trial


def _of_flicker(trial: Trial, event: Event, now_ns: int) -> Trial:
    """Right or wrong, the first answer to a cue is the only one."""
    if event.sign in STOPS_FLICKER:
        return _at(trial, Course.LEFT, now_ns)
    if event.sign is not Sign.FLICKER or trial.course is not Course.CUE or trial.cues[-1].shown_ns is None:
        return trial
    return _closed(trial, now_ns)


def cues_of(sign: Sign) -> int:
    """How often it is asked for."""
    return FLICKER_CUES if sign is Sign.FLICKER else CUES


def shown(trial: Trial, cue: int, at_ns: int) -> Trial:
    """The display said that it shows the cue of this number, counted from 1."""
    if trial.course is not Course.CUE or cue != len(trial.cues) or trial.cues[-1].shown_ns is not None:
        return trial
    return _with_last(trial, msgspec.structs.replace(trial.cues[-1], shown_ns=at_ns))


def left_edge(trial: Trial, lasted_ns: int) -> Trial:
    """A look at the edge of what was asked for ended before it chose."""
    return msgspec.structs.replace(trial, edges_ns=(*trial.edges_ns, lasted_ns))


def passed(trial: Trial, now_ns: int) -> Trial:
    """Time has passed."""
    since_ns = now_ns - trial.since_ns
    match trial.course:
        case Course.STILL if since_ns >= STILL_NS or trial.sign is Sign.FLICKER:
            return _at(trial, Course.PAUSE, now_ns)
        case Course.PAUSE if _is_enough(trial):
            return _at(trial, Course.OVER, now_ns)
        case Course.PAUSE if since_ns >= seconds(_pause_s(trial)):
            asked = Cue(now_ns, _place(trial))
            return _at(msgspec.structs.replace(trial, cues=(*trial.cues, asked)), Course.CUE, now_ns)
        case Course.CUE:
            return _waited(trial, now_ns)
    return trial


def answer(trial: Trial, cue: Cue) -> int | None:
    """The onset of what answered a cue; None if nothing did."""
    if cue.shown_ns is None:
        return None
    earliest_ns, latest_ns = cue.shown_ns + LEAST_REACTION_NS, cue.shown_ns + ANSWERED_WITHIN_NS[trial.sign]
    if cue.over_ns is not None:
        latest_ns = min(latest_ns, cue.over_ns)  # what answers the next one does not answer this one
    made = (at_ns for at_ns, slot in made_signs(trial) if earliest_ns <= at_ns <= latest_ns and slot == cue.slot)
    return min(made, default=None)


def made_signs(trial: Trial) -> list[tuple[int, int | None]]:
    """Onset and place of every sign of the kind that is tried; two blinks that belong together are one."""
    found = [(e.at_ns, e.slot) for e in trial.events if e.sign is trial.sign and e.reopened]
    if trial.sign is Sign.DOUBLE_BLINK:
        known = {at_ns for at_ns, _ in found}
        found += [(at_ns, None) for at_ns, _ in pairs(trial.events) if at_ns not in known]
    return sorted(found, key=lambda made: made[0])


def pairs(events: tuple[Event, ...], longest_ns: int = LONGEST_PAIR_NS) -> list[tuple[int, int]]:
    """Onset and gap of every two single blinks that follow each other closely, with quiet around them."""
    at_ns = sorted({event.at_ns for event in events if event.sign is None})
    found: list[tuple[int, int]] = []
    for place, (first, second) in enumerate(itertools.pairwise(at_ns)):
        gap_ns = second - first
        before = first - at_ns[place - 1] if place else longest_ns * ALONE
        behind = at_ns[place + 2] - second if place + 2 < len(at_ns) else longest_ns * ALONE
        if gap_ns <= longest_ns and min(before, behind) >= ALONE * gap_ns:
            found.append((first, gap_ns))
    return found


def _waited(trial: Trial, now_ns: int) -> Trial:
    """Nobody has answered yet: it is waited on, or given up."""
    cue = trial.cues[-1]
    if cue.shown_ns is None:
        return _at(trial, Course.LEFT, now_ns) if now_ns - cue.asked_ns > NOT_SHOWN_NS else trial
    longest_ns = ANSWERED_WITHIN_NS[trial.sign] + KNOWN_AFTER_NS[trial.sign]
    return _closed(trial, now_ns) if now_ns - cue.shown_ns > longest_ns else trial


def _is_enough(trial: Trial) -> bool:
    count = len(trial.cues)
    missed = [answer(trial, cue) is None for cue in trial.cues]
    if count >= IN_VAIN and all(missed[-IN_VAIN:]):
        return True
    if count and not all(event.reopened for event in trial.events if event.sign is trial.sign):
        return True  # who could not open their eyes again is not asked to close them
    if trial.sign is Sign.FLICKER:
        return count >= FLICKER_CUES
    return count >= (MOST_CUES if sum(missed[:CUES]) == 1 else CUES)


def _wants_out(trial: Trial) -> bool:
    last = [event.at_ns for event in trial.events if event.sign is trial.sign][-OUT_SIGNS:]
    return len(last) == OUT_SIGNS and last[-1] - last[0] <= OUT_WITHIN_NS


def _closed(trial: Trial, now_ns: int) -> Trial:
    over = msgspec.structs.replace(trial.cues[-1], over_ns=now_ns)
    return _at(_with_last(trial, over), Course.PAUSE, now_ns)


def _with_last(trial: Trial, cue: Cue) -> Trial:
    return msgspec.structs.replace(trial, cues=(*trial.cues[:-1], cue))


def _at(trial: Trial, course: Course, now_ns: int) -> Trial:
    return msgspec.structs.replace(trial, course=course, since_ns=now_ns)


def _pause_s(trial: Trial) -> float:
    return random.Random(f"{trial.seed} {trial.sign} {len(trial.cues)}").uniform(*PAUSES_S)


def _place(trial: Trial) -> int | None:
    """Every place once, in an order of chance, then again."""
    if trial.sign is Sign.FLICKER:
        return FLICKER_PLACES[random.Random(f"{trial.seed} flicker {len(trial.cues)}").randrange(3)]
    if trial.sign is not Sign.PAD:
        return None
    order = random.Random(f"{trial.seed} places").sample(PLACES, len(PLACES))
    return order[len(trial.cues) % len(PLACES)]
