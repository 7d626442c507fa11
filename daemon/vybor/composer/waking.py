"""The first of two choices that wake the kit holds for a while only. Pure."""

import msgspec

from vybor.composer.writing import Writing
from vybor.foundation.clock import seconds

WITHIN_NS = seconds(60)
"""Tiles that light up in turn, as slowly as they may, come round to the second one in this time."""


def passed(now: Writing, now_ns: int) -> Writing:
    """Time has passed: one choice of the evening and one of the morning after wake nobody."""
    if now.wake_steps == 0:
        return now
    if not now.wake_ns:
        return msgspec.structs.replace(now, wake_ns=now_ns)
    if now_ns - now.wake_ns <= WITHIN_NS:
        return now
    return msgspec.structs.replace(now, wake_steps=0, wake_ns=0)
