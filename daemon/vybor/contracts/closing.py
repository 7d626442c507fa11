"""Eyes that were closed for a moment and opened again, as pictures show them; rooms must agree on it. Pure."""

import msgspec

from vybor.contracts.messages import Eyes, Gaze

LEAST_CLOSED_NS = 400_000_000
"""Lids that fall by themselves are open again sooner."""
REOPENED_WITHIN_NS = 2_500_000_000
"""Somebody who wants to go on opens them sooner; one in four of an ALS clinic cannot. Longer is rest, or sleep."""
UNSEEN_NS = 1_000_000_000
"""Without a picture for so long nobody knows what the lids did."""


class Closing(msgspec.Struct, frozen=True):
    """What is known of the lids between two pictures."""

    closed_ns: int | None = None
    """Since when they are closed."""
    seen_ns: int = 0
    late: bool = False
    """That they did not open in time was said already."""
    pictures: int = 0
    """That show them closed…"""
    shut: int = 0
    """…and so many of them shut: eyes that look down have lowered lids."""

    @property
    def is_meant(self) -> bool:
        """Whether most pictures show them shut; the first and the last may be on the way."""
        return 2 * self.shut > self.pictures


class Closed(msgspec.Struct, frozen=True):
    """They were closed long enough to have been meant."""

    at_ns: int
    reopened: bool
    """Whether they opened again in time; if not, that is said while they are still closed."""


def step(known: Closing, gaze: Gaze) -> tuple[Closing, Closed | None]:
    """Take in a picture."""
    now_ns = gaze.at_ns
    if known.closed_ns is not None and now_ns - known.seen_ns > UNSEEN_NS:
        known = Closing()
    since_ns = known.closed_ns
    if gaze.eyes is Eyes.CLOSED and since_ns is None:
        return Closing(now_ns, now_ns, pictures=1, shut=int(gaze.is_shut)), None
    if gaze.eyes is Eyes.CLOSED and since_ns is not None:
        late = now_ns - since_ns > REOPENED_WITHIN_NS
        seen = Closing(since_ns, now_ns, known.late or late, known.pictures + 1, known.shut + gaze.is_shut)
        return seen, Closed(since_ns, reopened=False) if late and not known.late and seen.is_meant else None
    if gaze.eyes is Eyes.OPEN and since_ns is not None:
        was_long = now_ns - since_ns >= LEAST_CLOSED_NS and not known.late and known.is_meant
        return Closing(), Closed(since_ns, reopened=True) if was_long else None
    return Closing(), None
