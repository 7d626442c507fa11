"""The bench `retrain`: who writes, what their record is, what is reckoned of it, and that it goes on."""

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import grimp
import msgspec
import pytest

from benches import retrain, retrain_cells, retrain_figures, retrain_person
from benches.ingest_events import KIT
from benches.retrain_cells import Model, Run, Text
from benches.retrain_figures import Seat
from benches.retrain_keeping import Keeping
from benches.retrain_measuring import Worn
from unit import evaluate_person, test_ngram_propose
from unit.dataset_person import base
from unit.retrain_seats import ONE, OTHER, SENTENCES, Noting, measured, run_in, trained
from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.instant.tier import WordList
from vybor.segments.rows import Row
from vybor_workshop.dataset import examples, making, rules
from vybor_workshop.dataset.following import Chosen
from vybor_workshop.dataset.making import Split
from vybor_workshop.evaluate.composed import Composed
from vybor_workshop.evaluate.figures import Unit
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.evaluate.texts import is_for_tuning, is_kept_back
from world import tiny_adapter
from world.desk import Desk

WRITERS = [f"writer {number}" for number in range(200)]
KEPT_BACK = [writer for writer in WRITERS if is_kept_back(writer)]
TRAINED_WITH = next(writer for writer in WRITERS if not is_kept_back(writer))


WRITE_ALONE = {"benches.options", "benches.report"}
"""These decide no figure."""


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordList]:
    path = tmp_path_factory.mktemp("words") / "words.sqlite"
    test_ngram_propose.write(path)
    opened = WordList.open(path)
    yield opened
    opened.close()


def kit_of(words: WordList) -> Composed:
    return Composed(words, lambda prompt: (), "en")


def decisions(rows: Sequence[Row]) -> list[m.Decision]:
    return [msgspec.json.decode(row.record, type=m.Decision) for row in rows]


# --- who writes -------------------------------------------------------------------------------------------------


def test_people_are_those_whom_nobody_trains_with_and_who_say_enough() -> None:
    first, second = KEPT_BACK[:2]
    said = [(first, "I like tea")] * 3 + [(second, "We went home!")] * 5 + [(TRAINED_WITH, "So did we")] * 9
    said += [(first, "It is 5 pm"), (first, "No"), (first, "I like *tea*")]
    found = retrain_person.minds(said, 9, 3)
    assert [mind.sentences for mind in found] == [("We went home",) * 3, ("I like tea",) * 3]
    assert len(retrain_person.minds(said, 1, 3)) == 1
    assert len(retrain_person.minds(said, 9, 4)) == 1


def test_people_to_tune_by_are_none_of_them_and_nobody_trains_with_them() -> None:
    tuning = [writer for writer in WRITERS if is_for_tuning(writer)]
    said = [(writer, "We went home") for writer in WRITERS] * 2
    found = retrain_person.minds(said, 200, 2, is_for_tuning)
    assert len(found) == len(tuning) > 10
    assert not set(tuning) & set(KEPT_BACK)


def test_others_are_not_those_who_write() -> None:
    said = [("abcdefgh1", "I like tea"), ("someone else", "We went home")]
    left = retrain_person.without(["I like tea", "We went home"], said, {"abcdefgh": ONE})
    assert left == ("We went home",)


def test_shuffled_words_are_the_same_words_in_sentences_of_the_same_length() -> None:
    found = retrain_person.shuffled(SENTENCES, random.Random(1))
    assert [len(each.split()) for each in found] == [len(each.split()) for each in SENTENCES]
    assert Counter(" ".join(found).split()) == Counter(" ".join(SENTENCES).split())
    assert found != SENTENCES


# --- what they write --------------------------------------------------------------------------------------------


def test_what_was_meant_is_said_and_slips_are_undone(words: WordList, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrain_person, "SLIPS", 0.5)
    desk = Desk(kit_of(words).way().rules, retrain_person.FRAME_S)
    made = retrain_person.say(desk, "i would like some tea", random.Random(1))
    assert made
    assert made[-1].said == "I would like some tea."
    assert any(each.action is Action.UNDO for each in made)


def test_what_the_kit_cannot_write_is_given_up(words: WordList) -> None:
    desk = Desk(kit_of(words).way().rules, retrain_person.FRAME_S)
    assert retrain_person.say(desk, "i like \u2603", random.Random(1)) is None


def test_the_prior_carried_some_choices_and_they_teach_nothing(words: WordList) -> None:
    rows = list(retrain_person.rows(SENTENCES, kit_of(words), random.Random(1)))
    sure = [rules.evidence(each) for each in decisions(rows)]
    carried = sum(not each for each in sure) / len(sure)
    assert 0.02 < carried < 0.25
    assert all(each > 0.5 for each in sure if each)


def test_the_record_makes_examples_of_what_was_said(words: WordList) -> None:
    rows = list(retrain_person.rows(SENTENCES, kit_of(words), random.Random(1)))
    assert [(row.boot, row.sequence) for row in rows] == sorted({(row.boot, row.sequence) for row in rows})
    chosen = [
        Chosen(row.boot, row.sequence, row.at[:10], decision)
        for row, decision in zip(rows, decisions(rows), strict=True)
    ]
    made = making.made(KIT, chosen, (), base(), Split(least=3)).examples
    assert len(made) == len(SENTENCES)
    assert {each.text.lower() for each in made} == {each.lower() for each in SENTENCES}


# --- what is reckoned -------------------------------------------------------------------------------------------


def test_gains_are_points_of_ksr_and_paired() -> None:
    seats = [
        Seat(
            name="one",
            measured={
                Model.BASE: measured([10, 12, 8, 14]),
                Model.OWN: measured([9, 11, 7, 13]),
                Model.SWAPPED: measured([11, 11, 9, 12]),
            },
        )
    ]
    found = retrain_figures.reckoned(seats)
    assert found["ksr.base"] == pytest.approx(45.0)
    for end in ("", ".low", ".high"):
        assert found[f"ksr_gain_over_ngram{end}"] == pytest.approx(5.0)  # one keystroke in twenty, each time
    assert found["ksr_gain_over_swapped.low"] < found["ksr_gain_over_swapped"] == pytest.approx(3.75)
    assert "ksr_gain_over_shuffled" not in found


def test_a_sentence_is_one_however_many_seeds_it_was_written_with() -> None:
    one = Seat(name="one", measured={Model.BASE: measured([10, 12]), Model.OWN: measured([9, 12])})
    assert [len(each) for each in retrain_figures.clusters([one, one, one], Model.BASE)] == [3, 3]
    other = msgspec.structs.replace(one, name="other")
    assert len(retrain_figures.clusters([one, other], Model.BASE)) == 4


def test_what_could_not_be_written_counts_for_neither() -> None:
    lost = measured([10, 12])
    lost.units[Name.KSR][0] = Unit()
    seat = Seat(name="one", measured={Model.BASE: lost, Model.OWN: measured([1, 11])})
    assert retrain_figures.reckoned([seat])["ksr_gain_over_ngram"] == pytest.approx(5.0)


def test_perplexities_are_ratios_to_the_base() -> None:
    own = measured([9])
    own.units[Name.PPL_OWN] = [Unit(29.0, 10.0)] * 4
    found = retrain_figures.reckoned([Seat(name="one", measured={Model.BASE: measured([9]), Model.OWN: own})])
    assert found["ppl_user_ratio"] == found["ppl_user_over_others_ratio"] == pytest.approx(0.9048, abs=1e-4)
    assert found["ppl_general_ratio"] == 1.0


def test_times_of_what_was_interrupted_are_no_times() -> None:
    whole, broken = trained(), trained(train_s=3.0, resumed=1)
    seats = [Seat(name="one", trained={Text.OWN: whole}, leaks=0, worn=Worn(0.2, 0.9, off_is_exact=True))]
    seats += [Seat(name="two", trained={Text.OWN: broken, Text.SHUFFLED: trained(adapter=False)}, leaks=2)]
    found = retrain_figures.reckoned(seats)
    assert found["dataset_train_sign_s"] == 101.5
    assert (found["trained"], found["no_adapter"], found["leaks"]) == (3, 1, 2)
    assert (found["swap_s"], found["ratio.decode_with_adapter"], found["off_is_exact"]) == (0.2, 0.9, 1.0)
    assert found["timed"] == 1
    alone = retrain_figures.reckoned([seats[1]])
    assert alone.get("dataset_train_sign_s") is None
    assert alone["peak_mb"] == 2000.0


def test_cells_are_named_by_all_that_they_import() -> None:
    """What a cell depends on and is not named by would go on as it was in a file of other code."""
    graph = grimp.build_graph("vybor", "vybor_workshop", "benches", "world", cache_dir=None)
    named = {path for pattern in retrain_cells.CODE for path in retrain_cells.ROOT.glob(pattern)}
    places = {"vybor": "daemon", "vybor_workshop": "models", "benches": "deploy", "world": "tests"}
    for module in graph.find_upstream_modules("benches.retrain_cells") - WRITE_ALONE - set(places):
        path = retrain_cells.ROOT / places[module.split(".")[0]] / module.replace(".", "/")
        assert {path.with_suffix(".py"), path / "__init__.py"} & named, module


# --- cells ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_in(tmp_path_factory.mktemp("around"))


def test_a_cell_is_made_once_and_another_run_has_others(tmp_path: Path, run: Run) -> None:
    first, again = Noting(tmp_path, run), Noting(tmp_path, run)
    for cells in (first, again):
        cells.trained(ONE, 1, Text.OWN)
        cells.trained(ONE, 2, Text.OWN)
    assert (first.asked, again.asked) == (["one 1 own", "one 2 own"], [])
    longer = Noting(tmp_path, msgspec.structs.replace(run, events=99))
    assert longer.known_trained(ONE, 1, Text.OWN) is None
    assert longer.folder != first.folder


def test_a_wish_is_a_name_and_a_number() -> None:
    assert (retrain.wish("kl_weight=2.5"), retrain.wish("rank=8")) == (("kl_weight", 2.5), ("rank", 8))
    for odd, reason in {
        "love=2": "love is nothing that can be wished; there are",
        "rank": "nothing is no number",
    }.items():
        with pytest.raises(argparse.ArgumentTypeError, match=reason):
            retrain.wish(odd)


def test_a_cell_that_was_cut_short_is_made_again(tmp_path: Path, run: Run) -> None:
    cells = Noting(tmp_path, run)
    cells.trained(ONE, 1, Text.OWN)
    (file,) = cells.folder.glob("*.json")
    file.write_bytes(file.read_bytes()[:20])
    cells.trained(ONE, 1, Text.OWN)
    assert len(cells.asked) == 2


def test_one_model_is_measured_on_what_was_kept_back(tmp_path: Path, run: Run) -> None:
    """The whole of a cell without training: examples, adapter, what it says, what it costs."""
    cells = Noting(tmp_path, run)
    made = cells.folder / "one-1-own" / "grown" / KIT / "0001"
    its = [msgspec.structs.replace(each, kit=KIT) for each in evaluate_person.some()]
    made.mkdir(parents=True)
    examples.write(made / "examples.jsonl", its)
    tiny_adapter.peft(made / "adapter", tiny_adapter.halves("qkvo", 9))
    base_, own = (cells.measured(ONE, 1, model, OTHER) for model in (Model.BASE, Model.OWN))
    assert base_.texts == own.texts == tuple(each.text for each in its[-4:])
    assert base_.units[Name.PPL_OWN] != own.units[Name.PPL_OWN]
    assert cells.known_measured(ONE, 1, Model.OWN, OTHER) == own
    assert cells.leaks(ONE, 1, OTHER) == 0
    worn = cells.worn(ONE, 1)
    assert worn == Worn(swap_s=0.001, ratio=1.0, off_is_exact=True)
    assert cells.known_worn(ONE, 1) == worn


def test_the_steps_of_a_run_are_all_cells_the_most_telling_first(tmp_path: Path, run: Run) -> None:
    cells = Noting(tmp_path, run)
    steps = list(retrain.steps(cells, [ONE, OTHER], (1, 2), Keeping(None, "")))
    for step in steps[:1]:
        step()
    assert cells.asked == ["one 1 own"]
    assert len(steps) == 2 * (3 + 4 + 2 + 1)  # trainings, measurements, what it costs and gives away; it is kept
    seats = retrain.seats(cells, [ONE, OTHER], (1, 2), Keeping(None, ""))
    assert [len(seat.trained) for seat in seats] == [1, 0]


def test_an_option_decides_what_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun: list[int | None] = []
    monkeypatch.setattr(
        retrain, "_begun", lambda parsed: (begun.append(parsed.cycles), retrain.Done({"one": 1.0}, 2))[1]
    )
    monkeypatch.setattr(retrain, "killed", lambda times: {"kills": float(times)})
    monkeypatch.setattr("sys.argv", ["retrain", "--share", ".", "--kills", "4"])
    retrain.main()
    assert capsys.readouterr().out == "kills = 4\n"
    monkeypatch.setattr("sys.argv", ["retrain", "--share", ".", "--cycles", "3"])
    with pytest.raises(SystemExit) as ended:
        retrain.main()
    assert ended.value.code == 75
    assert begun == [3]
    assert "2 steps are left; give the same command to go on" in capsys.readouterr().err
