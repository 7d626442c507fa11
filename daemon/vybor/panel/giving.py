"""What a carer does to the phrases or words that carers gave, as the list that comes of it. Pure.

Lists are as the kit has them, oldest first; on the page the newest stands on top, as on the wearer's screen.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from vybor.contracts.messages import Gift

DOES = {
    Gift.PHRASES: ("add", "change", "up", "down", "remove"),
    Gift.WORDS: ("add", "change", "remove"),
}


class Came(StrEnum):
    """What came of it; the page has a sentence of the same name."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    GONE = "gone"
    ALREADY = "already"


class Limits(msgspec.Struct, frozen=True):
    """How much the kit takes."""

    longest: int
    """Letters of one."""
    most: int


class After(msgspec.Struct, frozen=True):
    """The list afterwards, and what is said of it."""

    texts: tuple[str, ...]
    came: Came
    text: str


def changed(what: Gift, texts: Sequence[str], do: str, old: str, new: str, limits: Limits) -> After | Came:
    """What comes of something; or why nothing does. `do` is among DOES."""
    new = " ".join(new.split())
    if do != "add" and old not in texts:
        return Came.GONE
    if do in ("add", "change"):
        if reason := refused(what, new, limits):
            return reason
        if new in texts and new != old:
            return Came.ALREADY
    match do:
        case "add":
            return After((*texts, new), Came.ADDED, new) if len(texts) < limits.most else Came.TOO_MANY
        case "change":
            return After(tuple(new if one == old else one for one in texts), Came.CHANGED, new)
        case "remove":
            return After(tuple(one for one in texts if one != old), Came.REMOVED, old)
        case _:
            return After(moved(texts, old, 1 if do == "up" else -1), Came.MOVED, old)


def moved(texts: Sequence[str], text: str, by: int) -> tuple[str, ...]:
    """One place towards the newer (1) or the older (-1); at the end it stays."""
    at = texts.index(text)
    rest = [one for one in texts if one != text]
    rest.insert(min(max(at + by, 0), len(rest)), text)
    return tuple(rest)


def refused(what: Gift, text: str, limits: Limits) -> Came | None:
    """Why this can be none."""
    is_word = what is Gift.PHRASES or (" " not in text and any(map(str.isalpha, text)))
    if not text or not text.isprintable() or not is_word:
        return Came.NO_WORDS
    return Came.TOO_LONG if len(text) > limits.longest else None
