"""The whole of `deploy/bench retrain` on a small base: written, trained, measured, and gone on with.

Needs the environment that tests/reference/environment.py makes.
"""

import os
import random
from pathlib import Path

import pytest

from benches import retrain, retrain_figures
from benches.retrain_cells import Cells, Run
from benches.retrain_cycles import Arm, Cycles
from benches.retrain_keeping import Keeping
from benches.retrain_measuring import Measures
from benches.retrain_person import Mind
from unit import test_ngram_propose
from vybor.foundation.clock import SystemClock
from vybor.generator.network import bundle
from vybor_workshop import cli
from vybor_workshop.evaluate.texts import Texts
from vybor_workshop.model import build, recipe
from vybor_workshop.retrain.preparing import How
from vybor_workshop.retrain.torch import TRAINS
from world import tiny_growth

REAL = cli.default_cache(os.environ)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TRAINS.is_there(REAL), reason="make it with tests/reference/environment.py"),
]
WORDS = ("tea", "water", "home", "now", "London", "some", "to", "the")
WISHES: dict[str, int | float] = {"row_tokens": 120, "learning_rate": 1e-2, "epochs": 3.0, "threads": 1}
EVENTS = 44


def mind(name: str) -> Mind:
    """Somebody who says two words in front of any others."""
    dice = random.Random(name)
    begin = dice.choice(("I like", "do you", "thank you"))
    return Mind(name, tuple(f"{begin} {' '.join(dice.sample(WORDS, 4))}" for _ in range(EVENTS)))


def run(folder: Path) -> Run:
    told = tiny_growth.base(folder / "base")
    cache = tiny_growth.cache(folder / "cache", REAL, "materials", TRAINS.folder(REAL).name)
    test_ngram_propose.write(folder / "words.sqlite")
    measures = Measures(
        bundle=bundle.open_bundle(build.build(recipe.load(str(told)), cache, None, print)),
        words=folder / "words.sqlite",
        others=Texts(("I am tired", "would you like water")),
        general=Texts(("thank you very much",)),
        threads=1,
        written=3,
    )
    return Run(
        events=EVENTS, recipe=str(told), measures=measures, how=How(cache=cache, recipe=str(told)), wishes=WISHES
    )


def test_everything_is_done_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    minds, told = [mind("one"), mind("other")], run(tmp_path)
    cells = Cells(tmp_path / "cells", told, SystemClock(), said.append)
    keeping = Keeping(tmp_path / "seats.json", told.name())
    for step in retrain.steps(cells, minds, (1, 1), keeping):
        step()
    (seat,) = seats = retrain.seats(cells, minds, (1, 1), keeping)
    print(said)
    assert seat.trained["own"].sentences == EVENTS
    found = retrain_figures.reckoned(seats)
    assert found["trained"] == 2
    assert found["ppl_user_ratio"] < 1
    assert found["off_is_exact"] == 1
    assert {"ksr_gain_over_ngram.low", "ksr_gain_over_swapped.low", "ksr_gain_over_shuffled.low"} <= set(found)
    assert {"leaks", "dataset_train_sign_s", "peak_mb", "adapter_bytes", "swap_s"} <= set(found)
    assert 0 < found["adapter_bytes"] < 3e6

    kept = Keeping(tmp_path / "seats.json", told.name())
    assert retrain_figures.reckoned(retrain.seats(cells, minds, (1, 1), kept)) == found
    assert kept.known("one", 1)

    said.clear()
    again = Cells(tmp_path / "cells", told, SystemClock(), said.append)
    for step in retrain.steps(again, minds, (1, 1), keeping):
        step()
    assert said == []
    assert retrain_figures.reckoned(retrain.seats(again, minds, (1, 1), keeping)) == found


def test_a_cycle_s_adapter_is_worn_in_the_next_one(tmp_path: Path) -> None:
    said: list[str] = []
    told = run(tmp_path)
    twice = Mind("one", mind("one").sentences * 2)
    cycles = Cycles(tmp_path / "cells", told, twice, 2, said.append)
    for step in retrain.cycle_steps(cycles, 2):
        step()
    assert "one: cycle 1 of 2, grown, no adapter" in said
    assert "one: cycle 2 of 2, grown" in said
    assert "one: cycle 2 of 2, frozen, no adapter" in said
    assert cycles.turn(Arm.GROWN, 1) == cycles.turn(Arm.FROZEN, 1)
    found = cycles.figures()
    assert found["cycles.done"] == 2
    assert found["cycles.sentences"] > EVENTS / 2
    assert {"cycles.own_words.change.low", "cycles.rare_words.change.low"} <= set(found)

    said.clear()
    for step in retrain.cycle_steps(Cycles(tmp_path / "cells", told, twice, 2, said.append), 2):
        step()
    assert said == []
