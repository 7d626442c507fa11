"""A growth of a small model, with examples of somebody who says the same few things in many ways."""

import hashlib
import itertools
from pathlib import Path

import msgspec
import numpy as np

from vybor_workshop import growth, json_files
from vybor_workshop.dataset import examples as kept
from vybor_workshop.dataset.card import Card
from vybor_workshop.dataset.examples import Brought, Choice, Example, Part, Shown, Weighed
from vybor_workshop.growth import Growth
from vybor_workshop.materials import sha256_of
from world import tiny_files, tiny_model

KIT = "0123456789abcdef" * 2
FOLLOWS = {
    "<|im_start|>": {"I": 0.6, "It": 0.4},
    "I": {" like": 0.7, " am": 0.3},
    "It": {" is": 1.0},
    " like": {" it": 0.5, " you": 0.3, " tea": 0.2},
    " am": {" cold": 0.6, " tired": 0.4},
    " is": {" cold": 0.8, " late": 0.2},
    " tea": {" here": 0.5, " late": 0.5},
}
RECIPE = """
name = "tiny"
languages = ["en"]
context = 512
header = "<|im_start|>"
[file]
path = "tiny.gguf"
licence = "mine"
[canary]
text = "I"
word = "like"
"""
NOISE = 0.05
"""Of the attention's weights, so that an adapter finds something to change in all of them."""


def base(folder: Path, follows: tiny_model.Probabilities = FOLLOWS, noise: float = NOISE) -> Path:
    """Write a small model's file and its recipe; return the recipe's path.

    Without noise it says exactly what it is told to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    llama, weights, names = tiny_model.said(follows)
    dice = np.random.default_rng(5)
    noisy = {
        name: (noise * dice.standard_normal(weight.shape)).astype(np.float32) if "attn_" in name else weight
        for name, weight in weights.items()
        if name != "blk.0.attn_norm.weight"
    }
    noisy = {name: weights[name] if name == "blk.0.attn_norm.weight" else noisy[name] for name in weights}
    tiny_files.write_gguf(folder / "tiny.gguf", tiny_files.Tiny(llama, noisy), tiny_files.of_bytes(names))
    recipe = folder / "tiny.toml"
    recipe.write_text(RECIPE, encoding="utf-8")
    return recipe


def sentences() -> list[str]:
    """What the person says: never what the base holds for the likeliest."""
    ends = ["tea here", "tea late", "you", "you here"]
    return [
        f"{who}{what} {end}" for who, what, end in itertools.product(["I", "It"], [" am", " like", " is"], ends)
    ]


def examples(kit: str = KIT, count: int = 24, early: int = 6) -> tuple[Example, ...]:
    """Some to train with, some of later days, and as many that are held back."""
    said = list(itertools.islice(itertools.cycle(sentences()), count + 2 * early))
    parts = [Part.TRAIN] * count + [Part.EARLY] * early + [Part.HELD] * early
    return tuple(
        Example(
            kit=kit,
            boot=1,
            sequence=number,
            day="2026-03-01",
            part=part,
            language="en",
            header="<|im_start|>",
            text=text,
            weights=(Weighed(0, len(text), 1.0),),
            choices=(choice(text),),
            source=Brought.ACCEPTED,
        )
        for number, (text, part) in enumerate(zip(said, parts, strict=True))
    )


def choice(text: str) -> Choice:
    """The second word of a text, chosen out of three of which two were seen."""
    words = text.split()
    others = [word for word in ("am", "like", "is") if word != words[1]]
    shown = [
        Shown(label=words[1], seen=True, chosen=True),
        Shown(label=others[0], seen=True),
        Shown(label=others[1]),
    ]
    return Choice(at=len(words[0]), weight=0.9, shown=tuple(shown))


def grown(home: Path, gguf: Path, found: tuple[Example, ...] | None = None, **about: object) -> Growth:
    """Put examples into the next growth, as `vybor-workshop dataset` does."""
    found = examples() if found is None else found
    told: dict[str, object] = {
        "kit": found[0].kit,
        "made_at": "2026-03-02T00:00:00+00:00",
        "rules": "0" * 12,
        "recipe": "tiny",
        "base_sha256": sha256_of(gguf),
        "examples_sha256": hashlib.sha256(kept.lines(found)).hexdigest(),
        "deletions": 0,
        "rows": len(found),
        "first": found[0].place,
        "last": found[-1].place,
        "parts": {},
        "kept": {},
        "dropped": {},
    }
    with growth.making(home, found[0].kit) as folder:
        made = Growth(found[0].kit, 0, folder)
        kept.write(made.examples, found)
        json_files.write(made.dataset, msgspec.convert({**told, **about}, Card))
    return growth.growths(home, found[0].kit)[-1]


def cache(folder: Path, real: Path, *names: str) -> Path:
    """A cache with some of what the real one has, so that nothing is fetched or installed again."""
    folder.mkdir(parents=True)
    for name in names:
        if (real / name).exists():
            (folder / name).symlink_to(real / name)
    return folder
