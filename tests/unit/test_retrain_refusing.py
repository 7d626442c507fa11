"""What no training is begun with: one sentence each, with the remedy, and nothing half-made."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from unit.test_gate import stale_json
from vybor.bundles.manifest import Kind
from vybor.foundation.errors import VyborError
from vybor_workshop import cli, json_files
from vybor_workshop.dataset.examples import Example, Part
from vybor_workshop.frames.training import USUAL
from vybor_workshop.growth import Growth
from vybor_workshop.kits.home import Card, Home, Kit
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.model import build, room
from vybor_workshop.model.architecture import Architecture, changed_by_rank
from vybor_workshop.retrain import (
    choosing,
    feeding,
    general,
    preparing,
    refusing,
    retraining,
    unasked,
    wishes,
)
from vybor_workshop.retrain.preparing import How
from vybor_workshop.retrain.torch import TRAINS
from vybor_workshop.retrain.wishes import Training, Wishes
from world import tiny_growth


class Bench:
    """A small base, a home, and what was said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recipe = tiny_growth.base(folder / "base")
        self.gguf = folder / "base" / "tiny.gguf"
        self.home = folder / "home"
        self.said: list[str] = []

    def grow(self, found: tuple[Example, ...] | None = None, **about: object) -> Growth:
        return tiny_growth.grown(self.home, self.gguf, found, **about)

    def ready(self, growth: Growth, *, resume: bool = False, afresh: bool = False, **changed: object) -> Training:
        how = How(cache=self.folder / "cache", recipe=str(self.recipe), resume=resume, afresh=afresh)
        return preparing.ready(growth, changed, how, self.said.append).training


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(general, "replayed", lambda *_: ["the other people say this", "and they say that"] * 50)
    monkeypatch.setattr(build, "build", lambda *_: tmp_path / "not built")
    monkeypatch.setattr(unasked, "talks", lambda _made, _header, count, *_: [[1] * unasked.TOKENS] * count)
    return Bench(tmp_path)


def begin(growth: Growth, **changed: object) -> None:
    started = Training(
        wishes=msgspec.convert({**changed}, Wishes),
        examples_sha256="",
        base_sha256="",
        versions={},
        begun_at="2026-03-02T00:00:00+00:00",
    )
    json_files.write(growth.training, started)


def test_examples_are_counted_and_general_text_is_as_much_as_was_wished(bench: Bench) -> None:
    training = bench.ready(bench.grow())
    assert (training.texts["train"], training.texts["early"]) == (24, 6)
    wished = 3 * (training.tokens["train"] + training.tokens["early"]) * 0.3 / 0.7
    assert wished <= training.tokens["general"] < wished + unasked.TOKENS  # of whole texts: the last goes over it
    assert bench.said[0].startswith("24 sentences to learn (")
    assert training.versions["transformers"] == "5.23.0"


def test_without_later_days_that_is_said(bench: Bench) -> None:
    bench.ready(bench.grow(tiny_growth.examples(early=0)))
    assert "so nothing tells when to stop" in bench.said[-1]


def test_without_a_corpus_that_is_said(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(general, "replayed", lambda *_: [])
    bench.ready(bench.grow())
    assert bench.said[0] == "there are no conversations for en: the general text is all of the base's own"


def other_kit(found: tuple[Example, ...]) -> tuple[Example, ...]:
    return tuple(msgspec.structs.replace(each, kit="f" * 32) for each in found)


def one_sentence(found: tuple[Example, ...]) -> tuple[Example, ...]:
    return tuple(
        msgspec.structs.replace(each, text=found[0].text, weights=found[0].weights, choices=()) for each in found
    )


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"examples_sha256": "0" * 64}, "is not what its dataset.json tells of: it was changed; make them anew"),
        (
            {"base_sha256": "0" * 64},
            r"were made for the weights 000000000000… \(tiny\), and tiny has .*make them anew",
        ),
        ({"kit": "f" * 32}, "has examples of another kit than ffff"),
    ],
)
def test_examples_that_are_not_these_are_refused(bench: Bench, about: dict[str, object], sentence: str) -> None:
    with pytest.raises(refusing.Refused, match=sentence):
        bench.ready(bench.grow(**about))


def test_too_few_different_sentences_are_refused(bench: Bench) -> None:
    with pytest.raises(
        refusing.Refused, match="there are 12 different sentences to learn from, and 20 are needed; wait"
    ):
        bench.ready(bench.grow(tiny_growth.examples(count=12)))
    with pytest.raises(refusing.Refused, match="there are 1 different sentences"):
        bench.ready(bench.grow(one_sentence(tiny_growth.examples())))


def test_choices_are_not_learned_from_where_there_are_none(bench: Bench) -> None:
    found = tuple(msgspec.structs.replace(each, choices=()) for each in tiny_growth.examples())
    with pytest.raises(refusing.Refused, match="there are 0 choices of which more than one word was seen"):
        bench.ready(bench.grow(found), objective=wishes.Objective.LISTWISE)
    assert (
        bench.ready(bench.grow(), objective=wishes.Objective.LISTWISE).wishes.objective
        is wishes.Objective.LISTWISE
    )


def test_a_disk_without_room_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=50_000_000))
    with pytest.raises(VyborError, match=r"needs 120 MB and .* has 50 MB free; make room there"):
        bench.ready(bench.grow())


def test_a_machine_without_memory_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "available_mb", lambda _path: 500.0)
    with pytest.raises(refusing.NoRoom, match=r"of memory and 500 MB are free; end other programs") as raised:
        bench.ready(bench.grow())
    assert raised.value.exit_code == 71


def test_a_rank_whose_adapter_no_kit_takes_is_refused_with_the_largest_that_is_taken(bench: Bench) -> None:
    with pytest.raises(
        refusing.Refused, match=r"MB, and kits take 33\.6 at most; choose --rank \d+ or less"
    ) as told:
        bench.ready(bench.grow(), rank=10**6)
    largest = int(str(told.value).split()[-3])
    assert bench.ready(bench.grow(), rank=largest)
    with pytest.raises(refusing.Refused, match=f"choose --rank {largest} or less"):
        bench.ready(bench.grow(), rank=largest + 1)


def test_every_usual_rank_is_taken_for_every_base() -> None:
    """By the shapes of TinyLlama 1.1B, Qwen2.5-0.5B and Qwen1.5-1.8B; the first one's of rank 4 was measured."""
    base = Architecture(
        layers=22,
        hidden=2048,
        feed_forward=5632,
        heads=32,
        kv_heads=4,
        head_dim=64,
        vocabulary=32_000,
        norm_epsilon=1e-5,
        rope_base=1e4,
        context=2048,
    )
    assert 4 * 4 * changed_by_rank(base) == pytest.approx(12.6e6, rel=0.01)
    qwen = {"layers": 24, "hidden": 896, "feed_forward": 4864, "heads": 14, "kv_heads": 2}
    large = {"layers": 24, "feed_forward": 5504, "heads": 16, "kv_heads": 16, "head_dim": 128}
    for other in ({}, qwen, large):
        model = msgspec.structs.replace(base, **other)
        refusing.check_rank(model, wishes.Wishes().rank, Kind.ADAPTER)
        refusing.check_rank(model, USUAL.rank, Kind.FRAMES)


def test_what_was_begun_is_gone_on_with_as_it_was_begun(bench: Bench) -> None:
    growth = bench.grow()
    with pytest.raises(refusing.Refused, match="was never begun; leave --resume out"):
        bench.ready(growth, resume=True)
    begin(growth, seed=5)
    with pytest.raises(
        refusing.Refused, match="begun and not finished; go on with --resume, or begin anew with --afresh"
    ):
        bench.ready(growth)
    with pytest.raises(refusing.Refused, match="begun with another seed and rank; leave that out"):
        bench.ready(growth, resume=True, seed=6, rank=8)
    gone_on = bench.ready(growth, resume=True, seed=5)
    assert (gone_on.wishes.seed, gone_on.resumed) == (5, 1)
    assert (bench.ready(growth, afresh=True).wishes.seed, bench.ready(growth, afresh=True).resumed) == (1, 0)


def test_a_trained_growth_is_never_trained_again(bench: Bench) -> None:
    growth = bench.grow()
    growth.adapter.mkdir()
    for way in ({}, {"resume": True}, {"afresh": True}):
        with pytest.raises(refusing.Refused, match="growth 0001 is trained already; make a new one with"):
            bench.ready(growth, **way)


def test_a_training_that_nobody_knows_is_one_sentence(bench: Bench) -> None:
    growth = bench.grow()
    growth.training.write_text("{")
    with pytest.raises(VyborError, match=r"says nothing that this version knows .*--afresh"):
        bench.ready(growth, resume=True)
    assert bench.ready(growth, afresh=True)


def run(bench: Bench, *more: str) -> int:
    told = ["retrain", "--home", str(bench.home), "--recipe", str(bench.recipe)]
    return cli.main([*told, "--cache", str(bench.folder / "cache"), *more])


def fails(_python: object) -> Callable[..., Path]:
    def python(*_: object) -> Path:
        raise AssertionError("an environment was made for nothing")

    return python


def test_the_command_says_it_in_one_line_and_leaves_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(type(TRAINS), "python", fails(TRAINS))
    assert run(bench) == 69
    growth = bench.grow(tiny_growth.examples(count=12))
    before = sorted(growth.folder.iterdir())
    assert run(bench) == 65
    assert run(bench, "0123") == 65
    assert run(bench, "9") == 69
    assert run(bench, "--growth", "7") == 69
    with (growth.folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert run(bench) == 75
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 6
    assert all(line.startswith("vybor-workshop: ") for line in lines)
    assert "there are no examples of any kit" in lines[0]
    assert "is being trained already" in lines[-1]
    assert sorted(growth.folder.iterdir()) == sorted([*before, growth.folder / ".lock"])


def test_what_was_trained_is_told_with_the_command_that_shows_how_it_went(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[dict[str, object]] = []

    def retrain(growth: Growth, changed: dict[str, object], *_: object) -> Training:
        asked.append(changed)
        begin(growth)
        return json_files.read(growth.training, Training, 2**20, "") or pytest.fail()

    monkeypatch.setattr(retraining, "retrain", retrain)
    monkeypatch.setattr(type(TRAINS), "python", lambda _, cache, __: cache / "bin" / "python")
    growth = bench.grow()
    assert run(bench, "--objective", "listwise") == 0
    assert asked == [{"objective": wishes.Objective.LISTWISE}]
    python = bench.folder / "cache" / "bin" / "python"
    shows = f"`{python} -m tensorboard.main --logdir {growth.runs}` shows how it went"
    assert capsys.readouterr().out.splitlines() == [shows, str(growth.adapter)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--objective dpo", "invalid choice: 'dpo' (choose from 'sft', 'listwise')"),
        ("--seed -1", "-1 is not what it must be: a whole number, 0 at least"),
        ("--rank 0", "0 is not what it must be: a whole number, 1 at least"),
        ("--rank many", "many is not what it must be: a whole number, 1 at least"),
    ],
)
def test_a_wish_that_is_none_is_told_what_it_must_be(
    bench: Bench, capsys: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(bench, *words.split())
    assert told in capsys.readouterr().err


def test_a_stale_growth_is_not_trained(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(type(TRAINS), "python", fails(TRAINS))
    growth = bench.grow()
    for home in (bench.home, bench.folder / "elsewhere"):
        DataSet(str(home / "data"), home).put(f"rows/kit={tiny_growth.KIT}/stale.json", stale_json())
    for of in ([], ["--data", str(bench.folder / "elsewhere" / "data")]):
        assert run(bench, *of) == 65
        assert "growth 0001 is stale: since its examples were made, something was deleted" in (
            capsys.readouterr().err
        )
    assert not growth.training.exists()
    with pytest.raises(AssertionError, match="for nothing"):
        run(bench, "--growth", bench.grow(deletions=1).name)  # this one knows of it


@pytest.mark.parametrize(
    "wrong",
    [["--epochs", "0"], ["--learning-rate", "nan"], ["--rank", "0"], ["--objective", "dpo"], ["--seed", "x"]],
)
def test_options_that_make_no_sense_are_refused(bench: Bench, wrong: list[str]) -> None:
    with pytest.raises(SystemExit):
        run(bench, *wrong)


def test_kits_are_named_by_the_beginning_of_their_number(bench: Bench) -> None:
    growth = bench.grow()
    bench.grow(other_kit(tiny_growth.examples()))
    assert choosing.kits(bench.home) == [tiny_growth.KIT, "f" * 32]
    assert choosing.growth_of(bench.home, "0123", "1") == growth
    with pytest.raises(VyborError, match=r"examples of more than one kit .*; name one"):
        choosing.growth_of(bench.home, "", "")


def test_two_kits_of_one_name_are_not_taken_for_each_other(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    growth = bench.grow()
    bench.grow(other_kit(tiny_growth.examples()))
    cards = [
        Card(name=name, host=host, port=22, user="v", kit=kit, verifies_with="", paired_at="")
        for name, host, kit in (
            ("kitchen", "a", tiny_growth.KIT),
            ("kitchen", "b", "f" * 32),
            ("0123", "c", "e" * 32),
        )
    ]
    monkeypatch.setattr(Home, "kits", lambda _: [Kit(each, bench.home) for each in cards])
    with pytest.raises(VyborError, match="kitchen is the name of more than one kit; name it by its number"):
        choosing.growth_of(bench.home, "kitchen", "")
    assert choosing.growth_of(bench.home, "a", "") == growth, "as everywhere its address will do"
    with pytest.raises(VyborError, match="there are no examples of the kit 0123"):
        choosing.growth_of(bench.home, "0123", "")


def test_what_the_trainer_is_given_is_what_was_wished(bench: Bench) -> None:
    growth = bench.grow()
    how = How(cache=bench.folder / "cache", recipe=str(bench.recipe))
    settings = preparing.ready(growth, {"seed": 4, "row_tokens": 101}, how, bench.said.append).settings(
        growth, how
    )
    assert (settings.seed, settings.base, settings.growth) == (4, str(bench.gguf), str(growth.folder))
    assert settings.general_row_tokens == 1 + round(100 * 0.3 / 0.7)


def test_several_processes_share_the_cores(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    threads = [
        bench.ready(bench.grow(), **wish).wishes.threads
        for wish in ({}, {"processes": 2}, {"processes": 9}, {"processes": 2, "threads": 5})
    ]
    assert threads == [6, 3, 1, 5]


def test_held_back_examples_are_never_given(bench: Bench) -> None:
    held = {example.text for example in tiny_growth.examples() if example.part is Part.HELD}
    assert held
    growth = bench.grow()
    how = How(cache=bench.folder / "cache", recipe=str(bench.recipe))
    prepared = preparing.ready(growth, {}, how, bench.said.append)
    assert len(prepared.texts) == sum(prepared.training.texts.values())
    assert set(prepared.training.texts) == {"train", "early", "general"}


def test_a_beginning_anew_takes_away_what_was_begun(bench: Bench) -> None:
    growth = bench.grow()
    (growth.checkpoints / "checkpoint-1").mkdir(parents=True)
    left = growth.folder / f"{feeding.SCRATCH}of-one-that-was-killed"
    left.mkdir()
    (left / "sequences.jsonl").write_text("the person's words")
    feeding.clear(growth.folder, resume=True)
    assert growth.checkpoints.exists()
    assert not left.exists()
    feeding.clear(growth.folder, resume=False)
    assert not growth.checkpoints.exists()
