"""Whether the sentence that was said last can have been heard: what happened then holds. Pure.

While it may sound, whatever takes the sound away takes it from this sentence too; afterwards nothing changes it. A
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
NO_SOUND = (Trouble.SOUND_MISSING, Trouble.SOUND_MUTED)


class Fate(msgspec.Struct, frozen=True):
    """What is known of a sentence."""

    is_unheard: bool = False
    until_ns: int = 0
    """It may sound so long."""
    older: tuple[m.Notice, ...] | None = ()
    """What was told already when it was said; None: it was said just now."""


def said(before: Fate, text: str, now_ns: int) -> Fate:
    """A sentence is given to the voice, and waits for the one before it."""
    begins_ns = max(now_ns, min(before.until_ns, now_ns + seconds(60)))
    return Fate(until_ns=begins_ns + BEGINS_WITHIN_NS + LONGEST_NS_A_LETTER * len(text), older=None)


def passed(known: Fate, notices: Sequence[m.Notice], now_ns: int) -> Fate:
    """Time has passed, and these troubles are told."""
    unspoken = tuple(notice for notice in notices if notice.trouble is Trouble.NOT_SPOKEN)
    older = unspoken if known.older is None else tuple(notice for notice in known.older if notice in unspoken)
    is_lost = any(map(_has_no_sound, notices)) or any(notice not in older for notice in unspoken)
    is_unheard = known.is_unheard or (is_lost and now_ns <= known.until_ns)
    if (is_unheard, older) == (known.is_unheard, known.older):
        return known
    return msgspec.structs.replace(known, is_unheard=is_unheard, older=older)


def forgotten(known: Fate, now_ns: int) -> Fate:
    """The voice drops what it was given: it ended and began anew before anybody noticed, or it calls for help."""
    return msgspec.structs.replace(known, is_unheard=known.is_unheard or now_ns <= known.until_ns)


def _has_no_sound(notice: m.Notice) -> bool:
    is_gone = notice.process == "voice" and notice.trouble is Trouble.PROCESS_SILENT
    return is_gone or notice.trouble in NO_SOUND
