"""Growths: numbered, whole or not there, how far each is, and which are stale."""

import fcntl
import shutil
from pathlib import Path

import msgspec
import pytest

from unit.test_dataset_examples import CARD
from vybor.foundation.errors import AddressInUse, Missing, PlaceError, VyborError
from vybor_workshop import growth, json_files, numbered
from vybor_workshop.dataset import card
from vybor_workshop.growth import Growth, State

KIT = "0" * 32
TWO = ((1, 5), (1, 7))


def grow(home: Path, deletions: int = 0) -> Growth:
    with growth.making(home, KIT) as folder:
        made = Growth(KIT, 0, folder)
        json_files.write(made.dataset, msgspec.structs.replace(CARD, deletions=deletions))
        made.examples.write_text("the words")
    return growth.growths(home, KIT)[-1]


def test_each_has_the_next_number(tmp_path: Path) -> None:
    assert growth.growths(tmp_path, KIT) == []
    first, second = grow(tmp_path), grow(tmp_path)
    assert (first.name, second.name) == ("0001", "0002")
    assert growth.growths(tmp_path, KIT) == [first, second]
    assert growth.growths(tmp_path, "1" * 32) == []
    assert first.folder.stat().st_mode & 0o777 == 0o700
    assert growth.named(tmp_path, KIT, "") == second
    assert growth.named(tmp_path, KIT, "1") == growth.named(tmp_path, KIT, "0001") == first


def test_the_number_of_a_removed_one_does_not_come_back(tmp_path: Path) -> None:
    first, second = grow(tmp_path), grow(tmp_path)
    shutil.rmtree(second.folder)
    assert grow(tmp_path).name == "0003"
    (tmp_path / "grown" / KIT / numbered.LAST).write_bytes(b"\xff")
    shutil.rmtree(first.folder)
    assert grow(tmp_path).name == "0004", "a note that is damaged is none"


def test_what_is_another_kit_s_is_said(tmp_path: Path) -> None:
    made = grow(tmp_path)
    json_files.write(made.dataset, msgspec.structs.replace(CARD, kit="f" * 32))
    with pytest.raises(VyborError, match=r"was made of what the kit ffff.* wrote, and lies among those of"):
        growth.is_stale(made, ())


def test_the_tenthousandth_comes_behind_the_others(tmp_path: Path) -> None:
    grow(tmp_path).folder.rename(tmp_path / "grown" / KIT / "9999")
    assert grow(tmp_path).name == "10000"
    assert [each.number for each in growth.growths(tmp_path, KIT)] == [9999, 10000]


def test_one_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="begin with `vybor-workshop dataset`"):
        growth.named(tmp_path, KIT, "1")
    grow(tmp_path)
    for number in ("2", "../0001", "²", "-1"):
        with pytest.raises(Missing, match="it has 0001"):
            growth.named(tmp_path, KIT, number)


def test_one_that_was_not_finished_is_none(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), growth.making(tmp_path, KIT) as folder:
        (folder / "examples.jsonl").write_text("half")
        raise KeyboardInterrupt
    assert list((tmp_path / "grown" / KIT).glob("*making*")) == []
    left = tmp_path / "grown" / KIT / numbered.MAKING
    left.mkdir()
    (left / "examples.jsonl").write_text("of one that was killed")
    assert growth.growths(tmp_path, KIT) == []
    assert grow(tmp_path).examples.read_text() == "the words"
    assert not left.exists()


def test_two_are_not_made_at_once(tmp_path: Path) -> None:
    grow(tmp_path)
    with (tmp_path / "grown" / KIT / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(AddressInUse, match="wait for that to end"):
            grow(tmp_path)


def test_where_none_can_be_made_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "grown").write_text("a file")
    with pytest.raises(PlaceError, match="cannot be read or written"):
        grow(tmp_path)


def test_how_far_it_is_its_files_say(tmp_path: Path) -> None:
    made = grow(tmp_path)
    assert growth.state(made) is State.MADE
    for file, state in (
        (made.training, State.TRAINING),
        (made.adapter, State.TRAINED),
        (made.evaluation, State.EVALUATED),
        (made.gate, State.GATED),
        (made.published, State.PUBLISHED),
    ):
        file.touch()
        assert growth.state(made) is state


def test_it_is_stale_once_something_else_was_deleted(tmp_path: Path) -> None:
    made = grow(tmp_path, deletions=2)
    assert not growth.is_stale(made, TWO), "an older workshop only counted them"
    assert growth.is_stale(made, {*TWO, (1, 9)})
    json_files.write(made.dataset, msgspec.structs.replace(CARD, deletions=2, deleted=tuple(TWO)))
    assert not growth.is_stale(made, TWO[:1])
    assert growth.is_stale(made, [(1, 9)]), "it is another one, however many are known"


def test_what_a_killed_dataset_training_or_evaluation_left_goes_too(tmp_path: Path) -> None:
    stale, fresh = grow(tmp_path, deletions=1), grow(tmp_path, deletions=2)
    for each in (stale, fresh):
        (each.folder / ".training-x").mkdir()
        (each.folder / ".training-x" / "sequences.jsonl").write_text("the words")
        each.measured.write_text("what the model says from the words")
        (each.folder / f".{growth.MEASURED}.99").write_text("of one that was killed while it wrote that")
    stale.examples.unlink()  # an earlier deletion took these, and left the others
    left = [growth.above(tmp_path, KIT, part) / numbered.MAKING for part in ("", "counts")]
    for each in left:
        each.mkdir(parents=True)
        (each / "examples.jsonl").write_text("the words")
    with (tmp_path / "grown" / KIT / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one is being made
        assert growth.forget(tmp_path, KIT, TWO) == [stale]
        assert [each.exists() for each in left] == [True, False]
    assert growth.forget(tmp_path, KIT, TWO) == []
    assert not left[0].exists()
    assert [(each.folder / ".training-x").exists() for each in (stale, fresh)] == [False, True]
    assert [len([*each.folder.glob("*measured*")]) for each in (stale, fresh)] == [0, 2]


def test_checkpoints_that_a_training_left_go_too_and_those_of_one_under_way_stay(tmp_path: Path) -> None:
    stale, fresh = grow(tmp_path, deletions=1), grow(tmp_path, deletions=2)
    for each in (stale, fresh):
        (each.checkpoints / "checkpoint-8").mkdir(parents=True)
    stale.examples.unlink()  # an earlier deletion took these
    with stale.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert growth.forget(tmp_path, KIT, TWO) == []
        assert stale.checkpoints.exists()
    assert growth.forget(tmp_path, KIT, TWO) == [stale]
    assert [each.checkpoints.exists() for each in (stale, fresh)] == [False, True]


def test_a_stale_one_loses_the_person_s_words_and_keeps_its_figures(tmp_path: Path) -> None:
    stale, damaged, fresh = grow(tmp_path, deletions=1), grow(tmp_path, deletions=2), grow(tmp_path, deletions=2)
    damaged.dataset.write_text("{")
    assert growth.forget(tmp_path, KIT, TWO) == [stale, damaged]
    assert [each.examples.exists() for each in (stale, damaged, fresh)] == [False, False, True]
    assert card.read(stale.dataset).deletions == 1
    assert growth.forget(tmp_path, KIT, TWO) == []
    assert growth.forget(tmp_path / "elsewhere", KIT, TWO) == []
