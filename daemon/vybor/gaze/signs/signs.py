"""The signs that a camera sees beside closed eyes: raised brows, a cheek drawn up, a movement of the head. Pure.

A face does several things at once, and most mean nothing: a blink moves the brows, speech the mouth, a turned head
everything. So a brow counts only while the lids are open, a cheek only while the jaw stays where it rests, and
neither while the head moves.
"""

import msgspec

from vybor.contracts import evidence
from vybor.contracts.messages import Gesture, GestureKind
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSettings
from vybor.foundation.settings import CommitSettings
from vybor.gaze.faces.face import Face
from vybor.gaze.signs import excursion, movement
from vybor.gaze.signs.excursion import Made, Sizes, Watched

KINDS = (GestureKind.BROW, GestureKind.CHEEK, GestureKind.HEAD)
JAW = Sizes(least=0.2)
"""Half of it is what a mouth moves that speaks. One that always hangs open rests there."""
LIDS_NS = seconds(0.15)
"""Brows still move for so long behind a blink."""


class Signs(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of all of them after a picture."""

    brow: Watched = Watched()
    cheek: Watched = Watched()
    head: Watched = Watched()
    jaw: Watched = Watched()
    shut_ns: int | None = None
    """When closed lids were last seen."""


def step(
    signs: Signs, face: Face, at_ns: int, settings: GazeSettings, *, closed: bool
) -> tuple[Signs, list[Gesture]]:
    """Take in a picture with a face; `closed`: its lids are, or are closing. Returns what is known by now."""
    shut_ns = at_ns if closed else signs.shut_ns
    blinks = shut_ns is not None and at_ns - shut_ns <= LIDS_NS
    jaw, _ = excursion.step(signs.jaw, movement.jaw(face), at_ns, JAW, spoils=False)
    head, nod = excursion.step(
        signs.head, movement.head(face), at_ns, Sizes(settings.head_least_deg), spoils=False
    )
    moved = excursion.moves(head)
    raised = Sizes(settings.brow_least, upward=True)
    brow, raise_ = excursion.step(signs.brow, movement.brow(face), at_ns, raised, spoils=moved or blinks)
    drawn = Sizes(settings.cheek_least)
    speaks = jaw.away is not None
    cheek, twitch = excursion.step(signs.cheek, movement.cheek(face), at_ns, drawn, spoils=moved or speaks)
    made = [_gesture(kind, each) for kind, each in zip(KINDS, (raise_, twitch, nod), strict=True) if each]
    return Signs(brow=brow, cheek=cheek, head=head, jaw=jaw, shut_ns=shut_ns), made


def moves(signs: Signs, kinds: frozenset[GestureKind]) -> bool:
    """Whether one of these is being made now: what the eyes seem to look at meanwhile chooses nothing."""
    watched = zip(KINDS, (signs.brow, signs.cheek, signs.head), strict=True)
    return any(kind in kinds and excursion.moves(each) for kind, each in watched)


def wanted(commit: CommitSettings, *, tries: bool) -> frozenset[GestureKind]:
    """Those that somebody listens for; `tries`: a fitting is under way, which counts what comes unasked too."""
    is_on = {GestureKind.BROW: commit.brow, GestureKind.CHEEK: commit.cheek, GestureKind.HEAD: commit.head}
    return frozenset(kind for kind in KINDS if tries or is_on[kind])


def _gesture(kind: GestureKind, made: Made) -> Gesture:
    return Gesture(
        at_ns=made.at_ns,
        at_sd_ns=made.at_sd_ns,
        ended_ns=made.over_ns,
        kind=kind,
        log_odds=evidence.log_odds(made.strength),
        strength=made.strength,
    )
