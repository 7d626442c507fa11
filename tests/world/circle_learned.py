"""The growth of the circle's person without a kit and without torch: what is learned is reckoned, not trained.

The base goes from one token to the next by one matrix, so an adapter that has learned its person can be written
down: a rank for each of the tokens behind which they say other things than it expects.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from vybor.generator.network.trunk import Floats
from vybor_workshop.dataset.examples import Brought, Choice, Example, Part, Shown, Weighed
from vybor_workshop.growth import Growth
from vybor_workshop.materials import sha256_of
from world import circle, tiny_adapter, tiny_growth, tiny_model
from world.circle import ENDS, FOLLOWS, NOW, THEIR_THINGS, THEIR_WHO, TODAY, VERBS, WHO, Base

HEADER = "<|im_start|>"
Contexts = tuple[str, ...]
Learned = Mapping[Contexts, Mapping[str, float]]
"""What is said behind any of some tokens: nobody learns it quite evenly."""
OWN_THINGS = {f" {thing}": 0.112 for thing in (*NOW, *TODAY)} | {f" {thing}": 0.026 for thing in THEIR_THINGS}
PERSON: Learned = {
    (HEADER,): {"I": 0.5, "We": 0.4, "You": 0.05, "They": 0.05},
    WHO: {" want": 0.36, " need": 0.33, " like": 0.31},
    (" some",): OWN_THINGS,
    tuple(f" {thing}" for thing in NOW): {" now": 0.9, " today": 0.1},
    tuple(f" {thing}" for thing in TODAY): {" now": 0.1, " today": 0.9},
}
OTHER: Learned = {
    (HEADER,): {"I": 0.05, "We": 0.05, "You": 0.5, "They": 0.4},
    WHO: {" want": 0.05, " need": 0.05, " like": 0.9},
    (" some",): {f" {thing}": 0.24 for thing in THEIR_THINGS} | {f" {thing}": 0.005 for thing in (*NOW, *TODAY)},
    tuple(f" {thing}" for thing in NOW): {" now": 0.1, " today": 0.9},
    tuple(f" {thing}" for thing in TODAY): {" now": 0.9, " today": 0.1},
}
"""What somebody else says."""
NOTHING: Learned = {(" some",): FOLLOWS[" some"]}
TRAIN, EARLY = 36, 5


def examples() -> tuple[Example, ...]:
    """All that the person says, with what stood there beside each word."""
    parts = [Part.TRAIN] * TRAIN + [Part.EARLY] * EARLY
    return tuple(
        Example(
            kit=tiny_growth.KIT,
            boot=1,
            sequence=number,
            day="2026-03-01",
            part=parts[number] if number < len(parts) else Part.HELD,
            language="en",
            header=HEADER,
            text=text,
            weights=(Weighed(0, len(text), 1.0),),
            choices=tuple(_choices(text)),
            source=Brought.ACCEPTED,
        )
        for number, text in enumerate(circle.own())
    )


def _choices(text: str) -> list[Choice]:
    words = text.split()
    offered: Sequence[tuple[int, Sequence[str]]] = (
        (0, (*THEIR_WHO, *WHO)),
        (1, VERBS),
        (3, (*THEIR_THINGS, words[3])),
        (4, ENDS),
    )
    return [
        Choice(
            at=len(" ".join(words[:place])),
            weight=1.0,
            shown=tuple(Shown(label=label, chosen=label == words[place]) for label in labels),
        )
        for place, labels in offered
    ]


def grown(home: Path, base: Base, learned: Learned) -> Growth:
    """The person's next growth, with an adapter that has learned this."""
    gguf = base.recipe.with_name("tiny.gguf")
    made = tiny_growth.grown(home, gguf, examples())
    a, b = _halves(learned)
    rank = len(a)
    tiny_adapter.peft(made.adapter, {(0, "down"): (a, b)}, base_sha256=sha256_of(gguf), r=rank, lora_alpha=rank)
    return made


def _halves(learned: Learned) -> tuple[Floats, Floats]:
    """A row of A for tokens behind which the base says the same, and in B what their logits gain."""
    names = tiny_model.said(circle.with_letters(FOLLOWS))[2]
    number = {name: place for place, name in enumerate(names)}
    a, b = np.zeros((len(learned), len(names)), np.float32), np.zeros((len(names), len(learned)), np.float32)
    for row, (contexts, follows) in enumerate(learned.items()):
        for context in contexts:
            a[row, number[tiny_model.inside(context)]] = 1
        for word, p in follows.items():
            (gain,) = {math.log(p / FOLLOWS[context][word]) for context in contexts}
            b[number[tiny_model.inside(word)], row] = gain / tiny_model.GATE
    return a, b
