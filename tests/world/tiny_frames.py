"""Text files with many sentences of few words, and adapters for sentences that were made of them."""

import itertools
import random
from pathlib import Path

from vybor.generator.network.adapter import WEIGHTS
from vybor_workshop.dataset.examples import Part
from vybor_workshop.frames import kept, pairs
from vybor_workshop.frames.kept import Card, Made, Measured
from vybor_workshop.frames.pairs import Pair
from vybor_workshop.materials import sha256_of
from world import tiny_adapter, tiny_model

WHO = ("Doctors", "Nurses", "Neighbours", "Children", "Uncles", "Teachers", "Painters", "Bakers", "Sailors")
DO = ("bring", "drink", "carry", "paint", "borrow", "forget", "bake", "steal", "wash")
WHAT = ("tea", "soup", "bread", "milk", "chairs", "books", "lamps", "boats", "shoes")
FOUND = {"right_without": 0.0, "right_with": 0.2, "gain": 0.2, "gain_low": 0.1, "gain_high": 0.3}


def text(path: Path, count: int = 729) -> Path:
    """A text file with so many sentences."""
    sentences = [" ".join(words) for words in itertools.product(WHO, DO, WHAT)]
    random.Random(1).shuffle(sentences)
    path.write_text("\n".join(sentences[:count]) + "\n", encoding="utf-8")
    return path


def trained(home: Path, *, is_better: bool = True) -> Made:
    """An adapter as it lies there once it is trained and measured."""
    found = [Pair(Part.HELD, ("tea",), None, "Doctors bring tea.")]
    card = Card(
        language="en",
        made_at="2026-03-01",
        recipe="smollm2-135m",
        base_sha256=tiny_model.BASE,
        files=(),
        left_out={},
        sentences={},
        pairs=0,
        pairs_sha256=pairs.digest(pairs.lines(found)),
    )
    with kept.alone(home):
        made = kept.begin(home, card, pairs.lines(found))
    tiny_adapter.peft(made.adapter, tiny_adapter.halves("qv"))
    measured(made, is_better=is_better)
    return made


def measured(made: Made, *, is_better: bool = True) -> None:
    """What `frames measure` would write."""
    figures = FOUND if is_better else FOUND | {"gain_low": -0.01}
    sha256 = sha256_of(made.adapter / WEIGHTS)
    kept.put(made.measured, Measured(adapter_sha256=sha256, sentences=200, figures=figures))
