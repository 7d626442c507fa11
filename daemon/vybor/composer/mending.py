"""What may have been meant instead of a text that was spoken: one choice of it taken among its neighbours. Pure.

Most that is said and not meant is one tile taken for another. So each choice of the text is made again with a word
that stood beside it, and the rest of the text follows as it was.
"""

from collections.abc import Iterator

import msgspec

from vybor.composer import text
from vybor.composer.lasting import Words
from vybor.composer.placing import UPPER, Choice, Placed, in_a_row
from vybor.composer.writing import Writing
from vybor.contracts.messages import Role

LEAST_P = 1e-4
"""Of a word that no tier gave a probability, or less."""
LONGEST = 80
"""Longer ones do not stand whole on a tile as wide as two, and nobody should take what they cannot read."""
EARLIER = 0.9
"""How much less likely a slip is with each choice that came after it: who sees one stops."""


class Step(msgspec.Struct, frozen=True):
    """A choice of the text."""

    before: str
    after: str
    words: Words
    """What stood on the tiles then."""


def instead(now: Writing) -> Placed:
    """Other sentences in the places of words, the likeliest first."""
    likely = sorted(_others(now), key=lambda other: -other[1])
    once = list(dict.fromkeys(sentence for sentence, _ in likely if len(sentence) <= LONGEST))
    return in_a_row((Choice(role=Role.INSTEAD, label=each) for each in once), UPPER)


def steps(now: Writing) -> list[Step]:
    """What the text at hand was made of when it was written, the last choice first, as far as is known."""
    earlier = list(zip(reversed(now.past), reversed(now.lasting.stood), strict=False))
    written = next((at for at, (before, _) in enumerate(earlier) if before == now.text), len(earlier))
    found: list[Step] = []
    after = now.text
    for before, words in earlier[written + 1 :]:
        found.append(Step(before, after, words))
        if not before:
            break
        after = before
    return found


def _others(now: Writing) -> Iterator[tuple[str, float]]:
    """Sentences with one choice made otherwise, and how likely each is beside the others."""
    for age, step in enumerate(steps(now)):
        added = step.after[len(step.before) :].strip()
        if not now.text.startswith(step.after) or text.join(step.before, added) != step.after:
            continue  # written over, or written in place of a word
        taken = next((tile for tile in step.words if text.join(step.before, tile.label) == step.after), None)
        had = (taken.p if taken and taken.p else LEAST_P) if taken else 1.0
        for tile in step.words:
            other = text.join(step.before, tile.label)
            if not f"{step.after} ".startswith(f"{other} ") and not other.startswith(f"{step.after} "):
                yield other + now.text[len(step.after) :], EARLIER**age * (tile.p or LEAST_P) / had
