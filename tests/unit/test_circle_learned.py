"""Who has learned their person passes the gate, and who has learned somebody else, or nothing, does not.

The middle of the circle (tests/reference/test_circle.py) in seconds and without torch: whoever changes what is
measured or judged sees here whether a growth that is worth something still comes through.
"""

import shlex
from pathlib import Path

import msgspec
import pytest

from vybor_workshop import cli
from vybor_workshop.evaluate import keeping
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.growth import Growth
from vybor_workshop.log.data_set import DataSet
from world import circle, circle_learned
from world.circle import Base
from world.circle_learned import Learned
from world.tiny_growth import KIT

OTHERS = 6
"""Texts of other people: each is written under two models."""
TAKES_ITS_TIME = {"speed"}
"""So small a model has hardly anything to do but to wear an adapter."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    folder = tmp_path_factory.mktemp("circle")
    made = Base(folder, folder / "nowhere")
    made.others.write_text("\n".join(circle.theirs()[:OTHERS]))
    return made


def judged(home: Path, base: Base, learned: Learned) -> tuple[Growth, set[str]]:
    """A growth that was measured and judged, and the rules that do not hold."""
    DataSet(str(home / "data"), home).put(
        f"rows/kit={KIT}/stale.json", msgspec.json.encode({"kit": KIT, "deletions": []})
    )
    made = circle_learned.grown(home, base, learned)
    at = f"--home {home} --cache {base.cache}"
    assert cli.main(shlex.split(f"evaluate {base.measured_with} --threads 1 {at}")) == 0
    cli.main(shlex.split(f"gate {at}"))
    return made, set(circle.failed_rules(made.gate)) - TAKES_ITS_TIME


@pytest.mark.slow
def test_who_has_learned_their_person_may_go(tmp_path: Path, base: Base) -> None:
    made, failed = judged(tmp_path, base, circle_learned.PERSON)
    assert failed == set()
    its = keeping.read(made.evaluation).figures
    first = its[Name.ACCEPT_1]
    assert first.factory < 0.4 < first.grown, (
        "it holds what it knows nothing of for equal, and is not first by that"
    )
    general = its[Name.PPL_GENERAL]
    assert general.factory < 300, "it has 384 tokens: text that it holds for impossible would say nothing"
    assert general.grown == pytest.approx(general.factory, rel=0.01)


@pytest.mark.slow
def test_who_has_learned_somebody_else_may_not(tmp_path: Path, base: Base) -> None:
    _, failed = judged(tmp_path, base, circle_learned.OTHER)
    assert {"ksr", "offers", "accept-at-1", "ppl-accepted", "own-over-others"} <= failed


def test_who_has_learned_nothing_may_not(tmp_path: Path, base: Base) -> None:
    _, failed = judged(tmp_path, base, circle_learned.NOTHING)
    assert failed == {"ksr", "ppl-accepted", "own-over-others"}
