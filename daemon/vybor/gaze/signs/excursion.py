"""One thing of a face that moves away from where it rests, and comes back: a sign, if it does so alone. Pure.

What stays away is a new way to rest. What is one of several movements in a row (speech, laughter, a shaken head)
is no sign, so a sign is known only once the face has been at rest again for a moment.
"""

import math

import msgspec

from vybor.foundation.clock import seconds
from vybor.gaze.signs import rest
from vybor.gaze.signs.rest import Place, Rest

OUT, BACK = 0.5, 0.3
"""Sizes, in multiples of the least of a sign: away from the first on, at rest again below the second."""
CLEAR = 0.7
"""From this size on the face does move: what the eyes seem to look at meanwhile says little."""
SPREADS = 4.0
"""A sign also has to be so many standard deviations of this face at rest: a tremor is none."""
LEAST_NS, MOST_NS = seconds(0.1), seconds(1.5)
"""For how long it is away: one picture alone is a slip of the landmarker."""
ALONE_NS = seconds(0.25)
"""Before and behind a sign the face is at rest."""
SLOWLY_NS = seconds(0.4)
"""Of what leaves its rest more slowly the onset is put no earlier."""
UNSEEN_NS, FORGOTTEN_NS = seconds(0.4), seconds(3)
"""A movement in which nobody saw the face for so long is none; after longer it rests anew."""


class Sizes(msgspec.Struct, frozen=True):
    """How large a movement has to be, and of which kind."""

    least: float
    upward: bool = False
    """One column, of which only a rise counts."""


class Away(msgspec.Struct, frozen=True):
    """A movement under way, or just over."""

    from_ns: int
    """The last picture at rest."""
    since_ns: int
    """The first that was not."""
    peak: float
    spoiled: bool = False
    """Something else explains it, or it is one of several."""
    several: bool = False
    over_ns: int = 0
    """When it came back; 0: not yet."""


class Watched(msgspec.Struct, frozen=True):
    """What is known after a picture."""

    rests: Rest = Rest()
    seen_ns: int | None = None
    still_ns: int | None = None
    """The last picture at rest."""
    size: float = 0.0
    away: Away | None = None
    back: Away | None = None
    """It came back, and may have been alone."""
    restless_ns: int | None = None
    """When a movement that was no sign was over."""


class Made(msgspec.Struct, frozen=True):
    """A movement away and back, alone."""

    at_ns: int
    at_sd_ns: int
    over_ns: int
    strength: float
    """In multiples of the least."""


def step(known: Watched, place: Place, at_ns: int, sizes: Sizes, *, spoils: bool) -> tuple[Watched, Made | None]:
    """Take in a picture; `spoils`: what is seen now has another reason."""
    since_ns = None if known.seen_ns is None else at_ns - known.seen_ns
    if since_ns is not None and since_ns > FORGOTTEN_NS:
        known = Watched()
    elif since_ns is not None and since_ns > UNSEEN_NS:
        known = Watched(rests=known.rests)
    known = msgspec.structs.replace(known, seen_ns=at_ns)
    if not known.rests.is_known:
        return _at_rest(known, place, at_ns), None
    known = msgspec.structs.replace(known, size=_size(known.rests, place, sizes))
    if known.away is not None:
        return _moved(known, known.away, place, at_ns, spoils=spoils), None
    if known.size >= OUT:
        return _left(known, at_ns, since_ns or 0, spoils=spoils), None
    return _told(_at_rest(known, place, at_ns), at_ns, since_ns or 0)


def moves(known: Watched) -> bool:
    """Whether it clearly moves now."""
    return known.away is not None and known.size >= CLEAR


def _size(rests: Rest, place: Place, sizes: Sizes) -> float:
    far = place[0] - rests.middle[0] if sizes.upward else math.dist(place, rests.middle)
    return far / max(sizes.least, SPREADS * rests.spread)


def _at_rest(known: Watched, place: Place, at_ns: int) -> Watched:
    still_ns = at_ns if known.size < BACK else known.still_ns
    return msgspec.structs.replace(known, rests=rest.kept(known.rests, place, at_ns), still_ns=still_ns)


def _left(known: Watched, at_ns: int, since_ns: int, *, spoils: bool) -> Watched:
    """It leaves its rest; so soon behind another movement it is one of several."""
    earliest_ns = at_ns - max(SLOWLY_NS, since_ns)
    from_ns = max(earliest_ns, known.still_ns if known.still_ns is not None else earliest_ns)
    restless = known.restless_ns is not None and at_ns - known.restless_ns < ALONE_NS
    several = restless or known.back is not None
    away = Away(from_ns, at_ns, known.size, spoils or several, several)
    return msgspec.structs.replace(known, away=away, back=None)


def _moved(known: Watched, away: Away, place: Place, at_ns: int, *, spoils: bool) -> Watched:
    """It is still away, or back, or has been away for so long that it rests there.

    Movements in a row are how this face rests now, such as one with a tremor: a sign has to be larger then.
    """
    if away.several:
        known = msgspec.structs.replace(known, rests=rest.kept(known.rests, place, at_ns))
    away = msgspec.structs.replace(away, peak=max(away.peak, known.size), spoiled=away.spoiled or spoils)
    if known.size < BACK:
        length_ns = at_ns - away.since_ns
        is_sign = not away.spoiled and LEAST_NS <= length_ns <= MOST_NS
        known = _at_rest(msgspec.structs.replace(known, away=None, back=None), place, at_ns)
        if is_sign:
            return msgspec.structs.replace(known, back=msgspec.structs.replace(away, over_ns=at_ns))
        return msgspec.structs.replace(known, restless_ns=at_ns)
    if at_ns - away.since_ns > MOST_NS:
        return Watched(rests=rest.kept(Rest(), place, at_ns), seen_ns=at_ns)
    return msgspec.structs.replace(known, away=away)


def _told(known: Watched, at_ns: int, since_ns: int) -> tuple[Watched, Made | None]:
    """What came back a while ago, and stayed, was a sign."""
    back = known.back
    if back is None or at_ns - back.over_ns < ALONE_NS:
        return known, None
    sd_ns = round(min(since_ns, UNSEEN_NS) / 12**0.5)
    made = Made(back.from_ns, sd_ns, back.over_ns, round(back.peak, 3))
    return msgspec.structs.replace(known, back=None), made
