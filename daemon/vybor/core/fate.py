"""Whether the sentence that was said last can have been heard: what happened then holds. Pure.

While it may sound, whatever takes the sound away takes it from this sentence too; afterwards nothing changes it,
but for a voice that tells late that a sentence stuck in the card, or waited too long behind one that did. A
sentence that was given to a voice without sound counts as not heard even if the sound came back in the middle.
"""

from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Trouble
from vybor.foundation.clock import seconds

BEGINS_WITHIN_NS = seconds(8)
"""The voice takes a sentence within five seconds or not at all; soon after it is known that it had no sound."""
LONGEST_NS_A_LETTER = seconds(0.12)
"""A voice of 90 words a minute."""
STUCK_WITHIN_NS, STUCK_NS_A_LETTER = seconds(40), seconds(0.75)
"""By then the voice has told that a sentence stuck in the card (see voice/speech.py, longest_ns)."""
IN_TIME_NS = seconds(5)
"""What is younger than that is not dropped behind a sentence that stuck (see voice/plan.py, LATE_NS)."""


class Fate(msgspec.Struct, frozen=True):
    """What is known of a sentence."""

    is_unheard: bool = False
    said_ns: int = 0
    until_ns: int = 0
    """It may sound so long…"""
    stuck_until_ns: int = 0
    """…and if it does not, that is told by then."""
    older: tuple[m.Notice, ...] | None = ()
    """What was told already when it was said; None: it was said just now."""


def said(before: Fate, text: str, now_ns: int) -> Fate:
    """A sentence is given to the voice, and waits for the one before it."""
    begins_ns = max(now_ns, min(before.until_ns, now_ns + seconds(60)))
    stuck_ns = max(now_ns, min(before.stuck_until_ns, now_ns + seconds(60)))
    return Fate(
        said_ns=now_ns,
        until_ns=begins_ns + BEGINS_WITHIN_NS + LONGEST_NS_A_LETTER * len(text),
        stuck_until_ns=stuck_ns + STUCK_WITHIN_NS + STUCK_NS_A_LETTER * len(text),
        older=None,
    )


def passed(known: Fate, notices: Sequence[m.Notice], now_ns: int) -> Fate:
    """Time has passed, and these troubles are told."""
    unspoken = tuple(notice for notice in notices if notice.trouble is Trouble.NOT_SPOKEN)
    older = unspoken if known.older is None else tuple(notice for notice in known.older if notice in unspoken)
    is_gone = any(map(_has_no_sound, notices)) and now_ns <= known.until_ns
    # A card that is there is told to be missing only by a sound that came to nothing, or stuck.
    is_stuck = (
        any(notice.trouble is Trouble.SOUND_MISSING for notice in notices) and now_ns <= known.stuck_until_ns
    )
    is_dropped = any(_is_dropped(notice, known, now_ns) for notice in unspoken if notice not in older)
    is_unheard = known.is_unheard or is_gone or is_stuck or is_dropped
    if (is_unheard, older) == (known.is_unheard, known.older):
        return known
    return msgspec.structs.replace(known, is_unheard=is_unheard, older=older)


def forgotten(known: Fate, now_ns: int) -> Fate:
    """The voice drops what it was given: it ended and began anew before anybody noticed, or it calls for help."""
    return msgspec.structs.replace(known, is_unheard=known.is_unheard or now_ns <= known.until_ns)


def _has_no_sound(notice: m.Notice) -> bool:
    is_gone = notice.process == "voice" and notice.trouble is Trouble.PROCESS_SILENT
    return is_gone or notice.trouble is Trouble.SOUND_MUTED


def _is_dropped(unspoken: m.Notice, known: Fate, now_ns: int) -> bool:
    """Whether that tells of this sentence: the voice drops those that waited for long, however late that is."""
    if unspoken.process == "voice":
        return now_ns - known.said_ns > IN_TIME_NS and now_ns <= known.stuck_until_ns
    return now_ns <= known.until_ns
