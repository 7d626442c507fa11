"""How far whoever counts the record has come: a decision's session, and behind it how often something was deleted.

Whoever was told before a deletion may have counted what is gone: it begins anew. Pure.
"""

from typing import NamedTuple

SIGN = "@"


class Mark(NamedTuple):
    """What stands in place of a session."""

    session: str
    epoch: int | None
    """Deletions before it was told; None: it does not say."""


def read(told: str) -> Mark:
    """A mark as it was handed out, or a session alone."""
    session, sign, epoch = told.rpartition(SIGN)
    if sign and epoch.isascii() and epoch.isdecimal() and len(epoch) <= 18:
        return Mark(session, int(epoch))
    return Mark(told, None)


def written(session: str, epoch: int) -> str:
    """The mark to hand out."""
    return f"{session}{SIGN}{epoch}" if epoch else session
