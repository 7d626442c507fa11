"""Somebody's growth with a model that is made in a second, for the tests of what it is worth."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from unit import test_ngram_propose
from vybor.accounting.resampling import Interval
from vybor_workshop import growth, json_files
from vybor_workshop.dataset import card, examples
from vybor_workshop.dataset.examples import Brought, Choice, Example, Part, Shown, Weighed
from vybor_workshop.evaluate.figures import Figure
from vybor_workshop.evaluate.keeping import Evaluation, Model
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.growth import Growth
from world import tiny_adapter, tiny_model

KIT = "0123456789abcdef" * 2
HEADER = "<|im_start|>"
SENTENCES = ("the then thing", "I am at home in London", "Zora likes the thing", "thank you", "the thing then")


def example(number: int, text: str, part: Part, source: Brought = Brought.ACCEPTED) -> Example:
    first, _, second = text.partition(" ")
    shown = tuple(Shown(label=word, chosen=word == second.partition(" ")[0]) for word in _others(second))
    return Example(
        kit=KIT,
        boot=1,
        sequence=number,
        day=f"2026-03-{1 + number // 4:02}",
        part=part,
        language="en",
        header=HEADER,
        text=text,
        weights=(Weighed(0, len(text), 1.0),),
        choices=(Choice(at=len(first), weight=0.9, shown=shown),),
        source=source,
    )


def some(train: int = 12, held: int = 8) -> list[Example]:
    """Every fourth one was spelled."""
    parts = [Part.TRAIN] * train + [Part.EARLY] * 2 + [Part.HELD] * held
    sources = (Brought.SPELLED, Brought.ACCEPTED, Brought.ACCEPTED, Brought.ACCEPTED)
    return [
        example(number, SENTENCES[number % len(SENTENCES)], part, sources[number % 4])
        for number, part in enumerate(parts)
    ]


def make(home: Path, its: Sequence[Example] = (), seed: int = 9, deletions: int = 0, **config: object) -> Growth:
    """The next growth, trained."""
    its = its or some()
    with growth.making(home, KIT) as folder:
        made = Growth(KIT, 0, folder)
        examples.write(made.examples, its)
        json_files.write(
            made.dataset,
            card.Card(
                kit=KIT,
                made_at="2026-03-09T00:00:00+00:00",
                rules="a" * 12,
                recipe="tiny",
                base_sha256=tiny_model.BASE,
                examples_sha256=hashlib.sha256(examples.lines(its)).hexdigest(),
                deletions=deletions,
                rows=100,
                first=its[0].place,
                last=its[-1].place,
                parts={},
                kept={"model": 100},
                dropped={"undone": 3},
            ),
        )
        tiny_adapter.peft(made.adapter, tiny_adapter.halves("qkvo", seed), **config)
    return growth.growths(home, KIT)[-1]


def words(path: Path) -> Path:
    """A small word list."""
    test_ngram_propose.write(path)
    return path


def figure(change: float, factory: float = 1.0, step: float | None = None, wide: float = 0.0) -> Figure:
    """One that changed so against the factory model, and in the last step."""
    before = None if step is None else factory
    return Figure(
        factory=factory,
        grown=factory + change,
        predecessor=before,
        against_factory=Interval(change, change - wide, change + wide),
        against_predecessor=None if step is None else Interval(step, step - wide, step + wide),
        units=8,
    )


def good(growth_number: int = 1, predecessor: int = 0, **figures: Figure) -> Evaluation:
    """Figures that pass every rule, but for those that are named."""
    step = 0.0 if predecessor else None
    ratio = 1.0 if predecessor else None
    its = {
        Name.KSR: figure(2.0, 50.0, step),
        Name.KSR_GENERAL: figure(0.0, 50.0, step),
        Name.RECIPROCAL_RANK: figure(0.05, 0.5, step),
        Name.ACCEPT_1: figure(0.05, 0.3, step),
        Name.NONE_RATE: figure(-0.01, 0.4, step),
        Name.PPL_ACCEPTED: figure(0.8, 40.0, ratio),
        Name.PPL_SPELLED: figure(0.9, 60.0, ratio),
        Name.OWN_OVER_OTHERS: figure(0.9, 1.0, ratio),
        Name.PPL_GENERAL: figure(1.01, 90.0, ratio),
        Name.DISTINCT_2: figure(1.0, 0.8, ratio),
        Name.DECODE: figure(0.95, 50.0, ratio),
    }
    return Evaluation(
        kit=KIT,
        growth=growth_number,
        made_at="2026-03-10T00:00:00+00:00",
        model=Model(
            identity="tiny-1",
            base_sha256=tiny_model.BASE,
            adapter="b" * 12,
            adapter_sha256="c" * 64,
            config_sha256="c" * 64,
        ),
        examples_sha256="d" * 64,
        predecessor=predecessor,
        language="en",
        held=8,
        written=8,
        days=2,
        texts={"others": "e", "general": "f"},
        versions={},
        figures=its | {Name[name]: each for name, each in figures.items()},
        leaks=0,
    )


def _others(second: str) -> list[str]:
    return list(dict.fromkeys([second.partition(" ")[0], "toast", "water"]))
