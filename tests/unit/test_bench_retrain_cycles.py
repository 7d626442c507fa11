"""The second part of the bench `retrain`: somebody who settles, both arms, and what became of their habits."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from benches import retrain, retrain_cycles
from benches.retrain_cells import Run
from benches.retrain_cycles import Arm, Cycles, Habits, Said, Turn
from benches.retrain_measuring import Measures
from benches.retrain_person import FRAME_S, Mind
from unit import test_ngram_propose
from vybor.contracts import messages as m
from vybor.generator.network import bundle
from vybor.instant.tier import WordList
from vybor_workshop.evaluate.composed import Composed
from vybor_workshop.evaluate.texts import Texts
from vybor_workshop.retrain.preparing import How
from world import tiny_adapter
from world.desk import Desk
from world.mind import plain

SENTENCES = ("i would like some zebra", "i am at home in london", "zebra dog cafe")


def nothing(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    return ()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("words") / "words.sqlite"
    test_ngram_propose.write(made)
    return made


@pytest.fixture(scope="module")
def words(path: Path) -> Iterator[WordList]:
    opened = WordList.open(path)
    yield opened
    opened.close()


@pytest.fixture
def kit(words: WordList) -> Composed:
    """Of somebody who has said nothing yet."""
    return Composed(words, nothing, "en")


def test_who_settles_takes_the_first_word_in_place_of_the_meant_one(kit: Composed) -> None:
    screen = Desk(kit.way().rules, FRAME_S).screen()
    found = retrain_cycles.settled(screen, "zebra would like tea")
    assert found
    tile, target = found
    assert target == f"{plain(tile.label)} would like tea"
    assert retrain_cycles.settled(screen, f"{plain(tile.label)} would like tea") is None  # it is what was meant
    begun = msgspec.structs.replace(screen, prefix="z")
    assert retrain_cycles.settled(begun, "zebra would like tea") is None


def test_settling_is_counted_and_what_is_said_has_as_many_words(
    words: WordList, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = list(enumerate(SENTENCES))
    monkeypatch.setattr(retrain_cycles, "SETTLES", 0.0)
    meant = retrain_cycles.wrote(said, Composed(words, nothing, "en"), nothing, "one")
    assert [plain(each.text) for each in meant.said] == list(SENTENCES)
    assert {each.settled for each in meant.said} == {0}
    monkeypatch.setattr(retrain_cycles, "SETTLES", 1.0)
    taken = retrain_cycles.wrote(said, Composed(words, nothing, "en"), nothing, "one")
    assert sum(each.settled for each in taken.said) > 0
    for each, sentence in zip(taken.said, SENTENCES, strict=True):
        stands, theirs = plain(each.text).split(), sentence.split()
        assert len(stands) == len(theirs)
        assert sum(word != its for word, its in zip(stands, theirs, strict=True)) == each.settled


def test_habits_are_counted_and_compared_sentence_by_sentence() -> None:
    grown = Turn([Said(1, "I like zebra", 1), Said(2, "we went home", 0), Said(3, "alone", 0)], [])
    frozen = Turn([Said(1, "I like tea", 0), Said(2, "we went home", 0)], [])
    pairs = retrain_cycles.paired(grown, frozen, lambda word: 0.0 if word == "zebra" else 0.01)
    assert pairs[0][0] == Habits(3, 2, 1, (("i", "like"), ("like", "zebra")))
    found = retrain_cycles.reckoned(pairs)
    assert found["cycles.own_words.grown"] == pytest.approx(5 / 6)
    assert found["cycles.own_words.change"] == pytest.approx(-1 / 6)
    assert found["cycles.rare_words.change"] == pytest.approx(1 / 6)
    assert found["cycles.length.change"] == 0
    assert found["cycles.own_words.change.low"] < found["cycles.own_words.change"]
    assert retrain_cycles.reckoned([]) == {}


def test_a_cycle_is_written_once_and_gone_on_with(tmp_path: Path, path: Path) -> None:
    tiny_adapter.write(tmp_path / "model")
    measures = Measures(
        bundle=bundle.open_bundle(tmp_path / "model"),
        words=path,
        others=Texts(()),
        general=Texts(()),
        threads=1,
        written=1,
    )
    run = Run(events=3, recipe="tiny", measures=measures, how=How(cache=tmp_path))
    said: list[str] = []
    cycles = Cycles(tmp_path / "cells", run, Mind("one", SENTENCES), 3, said.append)
    first = cycles.turn(Arm.GROWN, 1)
    assert cycles.turn(Arm.FROZEN, 1) == first
    assert len(cycles.turn(Arm.FROZEN, 2).said) == 1
    assert len(said) == 3
    again = Cycles(tmp_path / "cells", run, Mind("one", SENTENCES), 3, said.append)
    assert again.turn(Arm.GROWN, 1) == first
    assert len(said) == 3
    assert cycles.figures() == {"cycles.done": 1.0, "cycles.sentences": 0.0}


def test_no_step_is_begun_behind_the_end() -> None:
    done: list[int] = []
    steps = [lambda number=number: done.append(number) for number in range(3)]
    assert retrain.done_until(steps, float("inf")) == 0
    assert retrain.done_until(steps, 0.0) == 3
    assert done == [0, 1, 2]
