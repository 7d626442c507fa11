"""The whole circle, once: what was chosen on the kit comes back to it as a model that grew toward its person.

Needs the environment that tests/reference/environment.py makes.
"""

import os
from pathlib import Path

import pytest

from vybor_workshop import cli, growth
from vybor_workshop.evaluate.evaluating import predecessor_of
from vybor_workshop.gate import keeping as gates
from vybor_workshop.growth import State
from vybor_workshop.retrain.torch import TRAINS
from world import circle
from world.circle import Base, Circle, Writer

REAL = cli.default_cache(os.environ)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TRAINS.is_there(REAL), reason="make it with tests/reference/environment.py"),
]
NOT_SPEED = "--override speed --because 'so small a model takes its time for other things'"
LOOKS = 10
TAKEN_BACK = 31
"""As many as are judged, and one."""


def test_from_choices_to_a_version_that_is_good_and_from_a_bad_one_back_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = Base(tmp_path, REAL, TRAINS.folder(REAL).name)
    with circle.circle(tmp_path, base) as around:
        plain = around.model()
        writer = Writer(around.desk.wearer, base.words, "first")
        for sentence in circle.own():
            writer.say(sentence)
        writer.keep()
        good = becomes_good(around, plain, capsys)
        is_rolled_back(around, plain, good, capsys)
        for name in ("journal", "generator", "sync", "core"):
            assert "Traceback" not in around.desk.kit.log(name)


def becomes_good(around: Circle, plain: str, capsys: pytest.CaptureFixture[str]) -> str:
    """From the record to a version that the kit wears for good; what it is called."""
    around.seal()
    around.desk.wearer.until(lambda: around.desk.outbox() != [])
    assert around.run("sync") == 0
    around.desk.wearer.until(lambda: around.desk.outbox() == [])
    assert around.run(f"dataset --recipe {around.base.recipe}") == 0
    assert around.run(f"retrain --recipe {around.base.recipe} --epochs 30 --learning-rate 0.01 --threads 2") == 0
    assert around.evaluate() == 0
    capsys.readouterr()
    assert around.run(f"gate {NOT_SPEED}") == 0, capsys.readouterr().out
    assert around.run("publish") == 0
    assert around.run("sync") == 0
    assert "kitchen: sent as number 1: growth 0001" in capsys.readouterr().out
    worn = around.until_other_than(plain)
    assert worn.startswith(f"{plain}+")
    assert "*       1  on trial" in around.listed()
    with around.core() as person:
        for sentence in circle.own(seed=6)[:8]:
            circle.write(person, sentence)
            if "*       1  good" in around.listed():
                break
        assert "*       1  good" in around.listed(), around.listed()
    assert "number 1  adapter, growth 0001" in until_heard(around, "  good, ", capsys)
    return worn


def is_rolled_back(around: Circle, plain: str, good: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A version that its gate refused, and that the owner sent all the same."""
    assert around.run(f"dataset --recipe {around.base.recipe}") == 0
    first, second = around.growths
    circle.turned_around(first.adapter, second.adapter)
    assert around.evaluate() == 0
    assert around.run("gate") == 1
    assert around.run("publish") == 1
    assert growth.state(second) is State.GATED
    named = " ".join(f"--override {rule}" for rule in circle.failed_rules(second.gate))
    assert around.run(f"gate {named} --because 'what does the kit do?'") == 0
    assert gates.passed(second).predecessor == 1
    assert around.run("publish") == 0
    assert around.run("sync") == 0
    worn = around.until_other_than(plain, good)
    assert "*       2  on trial" in around.listed()
    writer = Writer(around.desk.wearer, around.base.words, "second")
    writer.take_and_take_back(TAKEN_BACK)
    writer.keep()
    assert around.until_other_than(worn) == good
    assert "of its words were taken back at once" in around.listed()
    until_heard(around, f"rolled back: {TAKEN_BACK} of {TAKEN_BACK} of its words were taken back at once", capsys)
    assert around.run(f"dataset --recipe {around.base.recipe} --show 0") == 0
    assert predecessor_of(around.home, around.growths[-1], around.data, "") == first


def until_heard(around: Circle, words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the workstation says of all versions, once it has fetched what the kit told of them."""
    for _ in range(LOOKS):
        around.seal()
        assert around.run("sync") == 0
        capsys.readouterr()
        assert around.run("model grown") == 0
        if words in (told := capsys.readouterr().out):
            return told
    raise AssertionError(told)
