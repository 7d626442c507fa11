"""An adapter for sentences trained for real, from a text file to what the kit's runtime wears, interrupted or not.

Needs the environment that tests/reference/environment.py makes.
"""

import os
from pathlib import Path

import pytest

from vybor.generator.candidates import Proposer
from vybor.generator.network import bundle
from vybor_workshop import cli
from vybor_workshop.frames import kept, training
from vybor_workshop.model import build, recipe
from vybor_workshop.retrain import wishes
from vybor_workshop.retrain.preparing import How
from vybor_workshop.retrain.running import TrainingFailed
from vybor_workshop.retrain.torch import TRAINS
from world import tiny_frames, tiny_growth

REAL = cli.default_cache(os.environ)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TRAINS.is_there(REAL), reason="make it with tests/reference/environment.py"),
]
QUICK = {"learning_rate": 1e-2, "epochs": 1.0, "threads": 1, "rank": 4}


def adapter_of(made: kept.Made) -> bytes:
    return (made.adapter / "adapter_model.safetensors").read_bytes()


def test_from_a_text_to_an_adapter_that_is_worn_and_the_same_if_it_was_interrupted(tmp_path: Path) -> None:
    base = tiny_growth.base(tmp_path / "base")
    cache = tiny_growth.cache(tmp_path / "cache", REAL, "materials", TRAINS.folder(REAL).name)
    how = How(cache=cache, recipe=str(base))
    wanted = training.Wanted(texts=(tiny_frames.text(tmp_path / "text.txt"),), recipe=str(base), most=240)
    home, said = tmp_path / "home", list[str]()
    found = training.ready(wanted, QUICK, how, said.append)
    with kept.alone(home):
        whole = training.begin(home, found)
        trained = training.train(whole, QUICK, how, said.append)
    assert trained.outcome is not None
    assert trained.outcome.best_early is not None
    assert trained.outcome.early_before is not None
    assert trained.outcome.best_early < trained.outcome.early_before
    assert trained.outcome.changes > 0
    assert trained.texts == {}
    assert not (whole.folder / "checkpoints").exists()

    with kept.alone(home):
        halves = training.begin(home, found)
        with pytest.raises(TrainingFailed):
            training.train(halves, QUICK, How(cache=cache, recipe=str(base), stop_at=4), said.append)
        again = kept.named(home, "")
        assert again == halves
        training.train(again, {}, How(cache=cache, recipe=str(base), resume=True), said.append)
    assert adapter_of(halves) == adapter_of(whole)
    resumed = wishes.read(halves.training)
    assert resumed is not None
    assert resumed.resumed == 1

    made = bundle.open_bundle(build.build(recipe.load(str(base)), cache, None, said.append))
    proposer = Proposer(made, threads=1)
    proposer.frames.wear(whole.adapter)
    assert proposer.frames.is_worn
