"""The ways to choose, as data, and which of them are open with the inputs that are there. Pure.

A way that the settings ask for is open while its inputs are. When none of those is left, the next in the table
whose inputs are there takes over, until they come back.
"""

from collections.abc import Collection
from enum import StrEnum

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector import gestures

UNBROKEN_NS = seconds(0.3)
"""Looks that come closer together than this are one run: a dropped frame or a blink does not end it."""
BACK_NS = seconds(0.5)
"""A run of looks so long says that the eyes are there; single looks of a lost face do not."""


class Way(StrEnum):
    """How a tile is chosen."""

    SIGN = "look_and_sign"
    """Look at it, then press, blink twice, clench, or do what a camera sees."""
    PAD = "look_and_edge"
    """Look at it, then at its edge."""
    SCAN = "scan"
    """Wait until it is lit, then do one of these."""


class Input(StrEnum):
    """What a way needs."""

    EYES = "eyes"
    SIGN = "sign"
    """A switch, a headband or a camera that can confirm."""
    ACT = "act"
    """One of them that has been seen to do so, or that the settings rely on."""


NEEDS: dict[Way, frozenset[Input]] = {
    Way.SIGN: frozenset({Input.EYES, Input.SIGN}),
    Way.PAD: frozenset({Input.EYES}),
    Way.SCAN: frozenset({Input.SIGN, Input.ACT}),
}
"""In the order in which one takes over from another."""


class Headband(StrEnum):
    """How the headband fares."""

    UNSET = "unset"
    THERE = "there"
    GONE = "gone"


class Inputs(msgspec.Struct, frozen=True):
    """What has been seen of eyes, switch and headband."""

    began_ns: int | None = None
    """When somebody first asked which inputs there are."""
    look_ns: int = 0
    """The last look with a place, wherever."""
    run_ns: int = 0
    """Since when looks come without a gap."""
    steady_ns: int | None = None
    """When such a run last was long enough."""
    face_ns: int | None = None
    """When the camera last saw a face, wherever its eyes looked."""
    pressed: bool = False
    """A press was seen."""
    signalled: bool = False
    """A gesture was seen that is likelier meant than not."""
    vain_until_ns: int = 0
    """Until then looks are seen and light nothing: where something else can choose, they count as gone."""
    headband: Headband = Headband.UNSET


def looked(inputs: Inputs, gaze: m.Gaze) -> Inputs:
    """A look came."""
    if gaze.eyes is not m.Eyes.ABSENT:
        inputs = msgspec.structs.replace(inputs, face_ns=gaze.at_ns)
    if gaze.point is None or gaze.at_ns <= inputs.look_ns:
        return inputs
    goes_on = gaze.at_ns - inputs.look_ns <= UNBROKEN_NS
    run_ns = inputs.run_ns if goes_on else gaze.at_ns
    steady_ns = gaze.at_ns if gaze.at_ns - run_ns >= BACK_NS else inputs.steady_ns
    return msgspec.structs.replace(inputs, look_ns=gaze.at_ns, run_ns=run_ns, steady_ns=steady_ns)


def there(inputs: Inputs, rule: CommitSettings, now_ns: int) -> frozenset[Input]:
    """Which inputs there are. Eyes that nobody has seen yet have time to come."""
    found: set[Input] = set()
    since_ns = inputs.steady_ns if inputs.steady_ns is not None else inputs.began_ns
    are_seen = since_ns is None or now_ns - since_ns <= seconds(rule.lost_s)
    band_gone = rule.biosignal and inputs.headband is Headband.GONE  # then there may be no switch beside it
    has_switch = rule.switch and (inputs.pressed or not band_gone)
    sees_lids = rule.long_blink and are_seen
    face_ns = inputs.face_ns if gestures.by_face(rule) else None
    sees_face = face_ns is not None and now_ns - face_ns <= seconds(rule.lost_s)
    if has_switch or sees_lids or sees_face or (rule.biosignal and inputs.headband is Headband.THERE):
        found.add(Input.SIGN)
    if rule.scan is ScanUse.ALWAYS or inputs.pressed or inputs.signalled:
        found.add(Input.ACT)
    gives_way = is_in_vain(inputs, now_ns) and _can_scan(found, rule)
    if are_seen and not gives_way:
        found.add(Input.EYES)
    return frozenset(found)


def can_scan(inputs: Inputs, rule: CommitSettings, now_ns: int) -> bool:
    """Whether tiles could light up in turn now, and somebody take the lit one."""
    return _can_scan(there(inputs, rule, now_ns), rule)


def is_in_vain(inputs: Inputs, now_ns: int) -> bool:
    """Whether looks lately lit nothing, whatever was tried."""
    return now_ns < inputs.vain_until_ns


def _can_scan(found: Collection[Input], rule: CommitSettings) -> bool:
    return NEEDS[Way.SCAN].issubset(found) and rule.scan is not ScanUse.OFF


def wanted(rule: CommitSettings) -> tuple[Way, ...]:
    """The ways that the settings ask for."""
    if rule.scan is ScanUse.ALWAYS:
        return (Way.SCAN,)
    sign = (Way.SIGN,) if gestures.any_sign(rule) else ()
    return (*sign, Way.PAD) if rule.pad else sign


def opened(inputs: frozenset[Input], rule: CommitSettings) -> tuple[Way, ...]:
    """The ways that are open with these inputs; none if none can be."""
    asked = wanted(rule)
    met = tuple(way for way in asked if NEEDS[way] <= inputs)
    if met:
        return met
    others = (way for way in NEEDS if way not in asked and NEEDS[way] <= inputs)
    return tuple(way for way in others if way is not Way.SCAN or rule.scan is not ScanUse.OFF)[:1]


def troubles(
    ways: tuple[Way, ...] | None, rule: CommitSettings, *, still: bool, in_vain: bool
) -> tuple[m.Trouble, ...]:
    """What the person should know of a way that is not the one they are used to; `still`: the scan waits.

    `in_vain`: looks are seen and light nothing.
    """
    asked = wanted(rule)
    can_scan = rule.scan is not ScanUse.OFF and (rule.switch or rule.biosignal or gestures.by_face(rule))
    is_usual = bool(ways) and ways is not None and ways[0] in asked
    if ways is None or (is_usual and not still and not (in_vain and can_scan and Way.SCAN not in ways)):
        return ()
    if still or (can_scan and (not ways or is_usual)):
        return (m.Trouble.SCAN_WAITS,)
    if Way.SCAN in ways:
        return (m.Trouble.SCANNING_BESIDE if in_vain else m.Trouble.SCANNING,)
    return (m.Trouble.PAD_INSTEAD,) if Way.PAD in ways else ()
