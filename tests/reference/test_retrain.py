"""Adapters trained for real: with torch, by the trainer's own environment, worn by the kit's runtime.

Needs the environment that tests/reference/environment.py makes.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pytest

from reference import environment
from vybor.generator.network import adapter, bundle
from vybor.generator.network.model import Floats, Model
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop import cli, environments, materials
from vybor_workshop.dataset import examples
from vybor_workshop.dataset.examples import Part
from vybor_workshop.growth import Growth
from vybor_workshop.model import build, recipe, reference
from vybor_workshop.model.reference import log_shares
from vybor_workshop.retrain import feeding, plots, refusing, retraining, running, wishes
from vybor_workshop.retrain.preparing import How
from vybor_workshop.retrain.running import TrainingFailed
from vybor_workshop.retrain.torch import TRAINS
from vybor_workshop.retrain.trainer import checkpoints
from vybor_workshop.retrain.trainer.given import Objective
from vybor_workshop.retrain.wishes import Training
from world import tiny_growth

REAL = cli.default_cache(os.environ)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TRAINS.is_there(REAL), reason="make it with tests/reference/environment.py"),
]

SCRIPT = Path(__file__).with_name("adapter_shares.py")
QUICK = {"row_tokens": 40, "learning_rate": 1e-2, "epochs": 4.0, "threads": 1}
"""Some steps of a few texts each."""


class Bench:
    """A small base, a home, and a cache with what was installed."""

    def __init__(self, folder: Path) -> None:
        self.recipe = tiny_growth.base(folder / "base")
        self.gguf = folder / "base" / "tiny.gguf"
        self.home = folder / "home"
        self.cache = tiny_growth.cache(folder / "cache", REAL, "materials", TRAINS.folder(REAL).name)
        self.said: list[str] = []

    def grow(self, **about: int) -> Growth:
        return tiny_growth.grown(self.home, self.gguf, tiny_growth.examples(**about))

    def train(self, growth: Growth, how: dict[str, object] | None = None, **changed: object) -> Training:
        told = How(cache=self.cache, recipe=str(self.recipe), **(how or {}))  # type: ignore[arg-type]
        return retraining.retrain(growth, QUICK | changed, told, self.said.append)

    def bundle(self) -> bundle.Bundle:
        made = build.build(recipe.load(str(self.recipe)), self.cache, None, self.said.append)
        return bundle.open_bundle(made)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))


class Trained(NamedTuple):
    growth: Growth
    training: Training


@pytest.fixture(scope="module")
def trained(bench: Bench) -> Trained:
    growth = bench.grow()
    return Trained(growth, bench.train(growth))


def of_torch(gguf: Path, folder: Path, sequences: list[list[int]], scratch: Path) -> dict[str, Floats]:
    told, out = scratch / "sequences.json", scratch / "out.npz"
    told.write_text(json.dumps(sequences))
    command = [TRAINS.python(REAL, print), "-P", SCRIPT, running.LAUNCH, gguf, folder, told, out]
    subprocess.run(list(map(str, command)), env=environments.alone(os.environ), check=True)
    return dict(np.load(out))


def of_the_kit(opened: bundle.Bundle, folder: Path, sequences: list[list[int]]) -> Iterator[Floats]:
    """Log-probabilities behind every token: without the adapter, with it, and again without."""
    model = Model(opened, threads=1)
    yield _behind(model, sequences)
    model.wear(adapter.open_adapter(folder, opened, model.takes()).arrays)
    yield _behind(model, sequences)
    model.wear({})
    yield _behind(model, sequences)


def _behind(model: Model, sequences: list[list[int]]) -> Floats:
    rows = []
    for tokens in sequences:
        model.rewind([])
        for token in tokens:
            model.append([token])
            rows.append(model.end)
    return log_shares(np.stack(rows))


def sequences_of(growth: Growth, opened: bundle.Bundle) -> list[list[int]]:
    vocabulary = Vocabulary.open(opened.folder / bundle.TOKENIZER)
    header = vocabulary.encode_header(opened.manifest.header)
    held = [each.text for each in examples.read(growth.examples) if each.part is not Part.TRAIN]
    return [header + vocabulary.encode(text) for text in held[:8]]


def alike(kit: Floats, torch: Floats) -> float:
    """The correlation of two changes."""
    return float(np.corrcoef(kit.ravel(), torch.ravel())[0, 1])


def error(kit: Floats, torch: Floats) -> float:
    """How far the kit's log-probabilities are off, of 8 bits, weighed by how likely torch holds each: nats."""
    return float(np.sqrt((np.exp(torch) * (kit - torch) ** 2).sum(axis=1).mean()))


def test_an_adapter_is_made_and_its_person_s_later_days_are_likelier(trained: Trained) -> None:
    growth, training = trained
    came = training.outcome
    assert came
    assert came.early_before
    assert came.best_early
    assert came.best_early < came.early_before
    looks = plots.points(feeding.losses(growth.folder))[plots.LATER]
    assert (came.early_before, came.best_early) == (looks[0], looks[came.best_step or 0])  # rounding is no gain
    assert came.changes > 0
    assert training == wishes.read(growth.training)
    assert training.adapter_sha256 == materials.sha256_of(growth.adapter / retraining.WEIGHTS)
    assert {path.name for path in growth.plots.iterdir()} == {"training_losses.png", "training_away.png"}
    assert not growth.checkpoints.exists()
    assert list(growth.runs.glob("events.out.tfevents.*"))
    assert not [path for path in growth.folder.iterdir() if path.name.startswith(".training-")]


def test_the_kit_s_change_is_torch_s_and_off_is_the_base(bench: Bench, trained: Trained, tmp_path: Path) -> None:
    opened = bench.bundle()
    texts = sequences_of(trained.growth, opened)
    torch = of_torch(bench.gguf, trained.growth.adapter, texts, tmp_path)
    base, worn, off = of_the_kit(opened, trained.growth.adapter, texts)
    print(
        "alike:",
        alike(worn - base, torch["worn"] - torch["base"]),
        error(base, torch["base"]),
        error(worn, torch["worn"]),
    )
    assert np.abs(torch["worn"] - torch["base"]).max() > 1
    assert alike(worn - base, torch["worn"] - torch["base"]) > 0.9
    assert error(worn, torch["worn"]) < 2 * error(base, torch["base"])
    assert np.array_equal(off, base)


def test_texts_as_branches_are_what_they_are_alone(bench: Bench, trained: Trained, tmp_path: Path) -> None:
    texts = sequences_of(trained.growth, bench.bundle())
    torch = of_torch(bench.gguf, trained.growth.adapter, texts, tmp_path)
    assert np.allclose(torch["together"], torch["alone"], atol=1e-4)
    assert np.allclose(torch["alone"], of_each_token(torch["worn"], texts), atol=1e-4)


def test_the_base_is_read_once_and_is_the_base_without_what_was_learned(
    bench: Bench, trained: Trained, tmp_path: Path
) -> None:
    texts = sequences_of(trained.growth, bench.bundle())
    torch = of_torch(bench.gguf, trained.growth.adapter, texts, tmp_path)
    assert np.allclose(torch["before"], of_each_token(torch["base"], texts), atol=1e-4)
    assert not np.allclose(torch["before"], torch["together"], atol=1e-2)


def of_each_token(behind: Floats, texts: list[list[int]]) -> list[float]:
    """Of the log-probabilities behind every token of all texts, those of the token that comes."""
    ends = np.cumsum([len(text) for text in texts])
    return [
        behind[end - len(text) + place, text[place + 1]]
        for text, end in zip(texts, ends, strict=True)
        for place in range(len(text) - 1)
    ]


def test_the_same_seed_makes_the_same_adapter(bench: Bench, trained: Trained) -> None:
    again, other = bench.train(bench.grow()), bench.train(bench.grow(), seed=2)
    assert again.adapter_sha256 == trained.training.adapter_sha256
    assert other.adapter_sha256 != trained.training.adapter_sha256


def test_what_is_gone_on_with_ends_as_if_nothing_had_been(bench: Bench, trained: Trained) -> None:
    """Ended behind its second checkpoint, which is then damaged: it goes on from the first."""
    growth = bench.grow()
    with pytest.raises(TrainingFailed, match="--resume"):
        bench.train(growth, {"stop_at": 4})
    assert not growth.adapter.exists()
    found, _ = checkpoints.newest(growth.checkpoints)
    assert found
    (found / "optimizer.pt").write_bytes(b"cut off")
    bench.said.clear()
    training = bench.train(growth, {"resume": True})
    assert f"{found.name} is damaged, and is left out" in bench.said
    assert any("going on behind step" in line for line in bench.said)
    assert training.resumed == 1
    assert training.adapter_sha256 == trained.training.adapter_sha256


def test_what_had_stopped_and_was_cut_off_then_is_not_trained_on(bench: Bench) -> None:
    """Its last checkpoint is there, and no adapter yet."""
    whole, growth = bench.train(bench.grow(), patience=1, epochs=40.0), bench.grow()
    came = whole.outcome
    assert came
    assert came.steps < came.of_steps
    with pytest.raises(TrainingFailed, match="--resume"):
        bench.train(growth, {"stop_at": came.steps}, patience=1, epochs=40.0)
    training = bench.train(growth, {"resume": True}, patience=1, epochs=40.0)
    assert training.outcome
    assert (training.outcome.steps, training.outcome.of_steps) == (came.steps, came.of_steps)
    assert training.adapter_sha256 == whole.adapter_sha256


def test_two_ranks_learn_the_same(bench: Bench) -> None:
    training = bench.train(bench.grow(), processes=2)
    assert training.outcome


def test_a_launcher_that_starts_too_few_is_noticed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    growth = bench.grow()
    right = running.command
    monkeypatch.setattr(running, "command", lambda python, folder, _processes: right(python, folder, 1))
    with pytest.raises(TrainingFailed, match="the training has 1 processes instead of 2"):
        bench.train(growth, processes=2)
    assert not growth.adapter.exists()


def test_a_loss_that_is_no_number_ends_it(bench: Bench) -> None:
    growth = bench.grow()
    with pytest.raises(TrainingFailed, match="is no number, so nothing was made of it"):
        bench.train(growth, learning_rate=1e30)
    assert not growth.adapter.exists()
    training = wishes.read(growth.training)
    assert training
    assert training.outcome is None


def test_what_gains_nothing_makes_no_adapter(bench: Bench) -> None:
    growth = bench.grow()
    with pytest.raises(refusing.Refused, match="nothing was learned that holds on later sentences"):
        bench.train(growth, learning_rate=1e-12, epochs=1.0)
    assert not growth.adapter.exists()


def test_choices_are_learned(bench: Bench) -> None:
    growth = bench.grow()
    assert bench.train(growth, objective=Objective.LISTWISE).outcome
    steps = [json.loads(line) for line in (growth.folder / "losses.jsonl").read_text().splitlines()]
    lost = [step["listwise"] for step in steps if step["event"] == "step"]
    assert lost[-1] < lost[0]
    assert 0.5 < lost[0] < 0.9  # of two words that were seen, before anything is learned: ln 2


@pytest.mark.skipif(
    environment.python_of(os.environ) is None, reason="make it with tests/reference/environment.py"
)
def test_the_base_is_what_the_reference_reads(tmp_path: Path) -> None:
    """Of it transformers 5 has read other rotations out of files before."""
    gguf = recipe.load("smollm2-135m").fetch(REAL, print)
    texts = [np.random.default_rng(1).integers(0, 49_000, 40).tolist()]
    found = {}
    for name, python in (("old", environment.python_of(os.environ)), ("new", TRAINS.python(REAL, print))):
        assert python
        (tmp_path / name).mkdir()
        found[name] = reference.reckoned(python, gguf, texts, tmp_path / name)
    assert np.abs(found["old"] - found["new"]).max() < 1e-5


def test_a_real_base_wears_what_was_trained_for_it(tmp_path: Path) -> None:
    wanted = recipe.load("smollm2-135m")
    gguf = wanted.fetch(REAL, print)
    found = tuple(msgspec.structs.replace(each, header=wanted.header) for each in tiny_growth.examples())
    growth = tiny_growth.grown(tmp_path / "home", gguf, found, recipe="smollm2-135m")
    how = How(cache=REAL)
    training = retraining.retrain(growth, {"epochs": 8.0, "row_tokens": 200}, how, print)
    assert training.outcome
    assert sum(path.stat().st_size for path in growth.adapter.iterdir()) < 3_000_000
    opened = bundle.open_bundle(build.build(wanted, REAL, None, print))
    texts = sequences_of(growth, opened)[:3]
    torch = of_torch(gguf, growth.adapter, texts, tmp_path)
    base, worn, off = of_the_kit(opened, growth.adapter, texts)
    change = log_shares(torch["worn"]) - log_shares(torch["base"])
    print("the kit's change against torch's:", alike(worn - base, change), np.abs(change).max())
    assert alike(worn - base, change) > 0.95
    assert np.array_equal(off, base)
