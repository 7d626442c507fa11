"""Persons of the bench `retrain` who are done, and cells in which nothing is trained."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from benches.retrain_cells import Cells, Run, Text, Trained
from benches.retrain_measuring import Measured, Measures
from benches.retrain_person import Mind
from unit import test_ngram_propose
from vybor.generator.network import bundle
from vybor_workshop.evaluate.figures import Unit
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.evaluate.texts import Texts
from vybor_workshop.retrain.preparing import How
from world import tiny_adapter

SENTENCES = ("I would like some tea", "I am at home in London", "don't go to London", "ask for zebra jam") * 3
ONE, OTHER = Mind("one", SENTENCES), Mind("other", SENTENCES)


def measured(keystrokes: Sequence[float], nats: float = 3.0) -> Measured:
    """Sentences of twenty letters that take so many keystrokes; texts of ten tokens."""
    read = [Unit(10 * nats, 10.0)] * 4
    units = {Name.KSR: [Unit(each, 20.0) for each in keystrokes]}
    units |= dict.fromkeys((Name.PPL_OWN, Name.PPL_OTHERS, Name.PPL_GENERAL), read)
    units |= {Name.ACCEPT_1: [Unit(1.0, 2.0)], Name.DISTINCT_2: [Unit(pairs=(("a", "b"),))]}
    return Measured(units, {}, tuple(f"text {number}" for number in range(len(keystrokes))))


def trained(**about: object) -> Trained:
    usual: dict[str, object] = {
        "adapter": True,
        "sentences": 160,
        "choices": 900,
        "dropped": {},
        "dataset_s": 1.0,
        "train_s": 100.0,
        "sign_s": 0.5,
        "peak_mb": 2000.0,
        "adapter_bytes": 2_500_000,
        "bundle_bytes": 2_300_000,
        "resumed": 0,
        "early_before": 4.0,
        "best_early": 3.8,
    }
    return msgspec.convert(usual | about, Trained)


class EvenClock:
    """Each look at it is a millisecond later."""

    def __init__(self) -> None:
        self._now_ns = 0

    def now_ns(self) -> int:
        self._now_ns += 10**6
        return self._now_ns


class Noting(Cells):
    """Trains and measures nothing, and notes what it was asked for."""

    def __init__(self, folder: Path, run: Run) -> None:
        super().__init__(folder, run, EvenClock(), lambda line: None)
        self.asked: list[str] = []

    def _train(self, mind: Mind, seed: int, text: Text, home: Path) -> Trained:
        self.asked.append(f"{mind.name} {seed} {text}")
        return trained()


def run_in(folder: Path) -> Run:
    """A run with a tiny model."""
    tiny_adapter.write(folder / "model")
    test_ngram_propose.write(folder / "words.sqlite")
    measures = Measures(
        bundle=bundle.open_bundle(folder / "model"),
        words=folder / "words.sqlite",
        others=Texts(("the thing then",)),
        general=Texts(("then the thing",)),
        threads=1,
        written=4,
    )
    return Run(events=len(SENTENCES), recipe="tiny", measures=measures, how=How(cache=folder))
