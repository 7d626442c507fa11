"""What the base says when nobody asks: there an adapter is held to it, in whichever language.

A corpus is of one kind of text, and where nothing else is read the base is kept in that kind alone. How far two
models are from each other is the mean over all that the one of them says. So the base talks, by the throw of dice
and past the ends of turns: what somebody might write, and how it would be answered. It does so in the kit's own
runtime, some talks at once as branches of one tree.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vybor.generator.network.bundle import open_bundle
from vybor.generator.network.model import TRUNK, Model
from vybor.generator.network.trunk import Floats
from vybor_workshop.materials import Say

TOGETHER, TOKENS = 12, 48
"""So many talks are branches at once, if the cache holds them, and each has so many tokens."""
SEED = 43


def talks(made: Path, header: Sequence[int], count: int, threads: int, say: Say) -> list[list[int]]:
    """So many of them as tokens, without the header, always the same. `made`: the bundle. Raises BundleError."""
    model = Model(open_bundle(made), threads)
    dice = np.random.default_rng(SEED)
    found: list[list[int]] = []
    while len(found) < count:
        say(f"letting the base talk, {len(found)} of {count} texts")
        found += _some(model, header, dice)
    return found[:count]


def _some(model: Model, header: Sequence[int], dice: np.random.Generator) -> list[list[int]]:
    together = max(min(TOGETHER, (model.context - len(header)) // TOKENS), 1)
    model.rewind([])
    model.append(header)
    logits, parents = np.repeat(model.end[np.newaxis], together, axis=0), [TRUNK] * together
    steps = [_thrown(logits, dice)]
    while len(steps) < TOKENS:
        first = model.branches
        logits = model.branch(steps[-1], parents)
        parents = list(range(first, model.branches))
        steps.append(_thrown(logits, dice))
    return [list(tokens) for tokens in zip(*steps, strict=True)]


def _thrown(logits: Floats, dice: np.random.Generator) -> list[int]:
    """A token of each row, each as often as the model gives it."""
    return [int(token) for token in (logits + dice.gumbel(size=logits.shape)).argmax(axis=1)]
