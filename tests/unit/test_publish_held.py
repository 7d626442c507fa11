"""What is published is held against what stands now, and told of the right growth, kit and place."""

import errno
import os
import shutil
from pathlib import Path

import msgspec
import pytest

from unit.grown_kit import KIT, Workshop, made_of
from unit.test_publish import NOTHING_KNOWN, run, send
from vybor.contracts.messages import Became, GrownState
from vybor.foundation.errors import Missing, PlaceError
from vybor_workshop import cli, json_files
from vybor_workshop.dataset import card
from vybor_workshop.gate import keeping as gate
from vybor_workshop.growth import State, making, named, state
from vybor_workshop.publish import publishing, record


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_the_last_published_is_the_one_that_went_last(workshop: Workshop, tmp_path: Path) -> None:
    for number in (1, 2):
        workshop.grow(number)
        assert run(workshop, "publish") == 0
    newest = workshop.grow(3)
    assert workshop.before(newest) == named(workshop.home.folder, KIT, "2")
    send(workshop, tmp_path / "inbox")
    assert run(workshop, "publish", "--growth", "1", "--again") == 0
    first = workshop.before(newest)
    assert first == named(workshop.home.folder, KIT, "1"), "it goes on under number 3, behind the second"
    queue = workshop.queue
    with queue.alone():
        queue.waiting(1, {})  # something is deleted: number 3 is withdrawn, and the first stands as number 1 again
    assert workshop.before(newest) == named(workshop.home.folder, KIT, "2")
    workshop.became(Became(serial=2, state=GrownState.ROLLED_BACK))
    assert workshop.before(newest) == first, "its first bundle went, and was not given up"


def test_what_was_judged_before_another_one_went_is_judged_anew(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (1, 2, 3):
        workshop.grow(number)
        if number != 2:
            continue
        assert run(workshop, "publish", "--growth", "1") == 0
        assert run(workshop, "publish", "--growth", "2") == 1
        told = capsys.readouterr().err
        assert "growth 0002 was measured against the factory model, and what was published last" in told
        assert "before it is growth 0001; measure it anew with `vybor-workshop evaluate` and judge it anew" in told
        workshop.judge(named(workshop.home.folder, KIT, "2"))
    assert run(workshop, "publish", "--growth", "2") == 0
    assert run(workshop, "publish", "--growth", "3") == 1, "it was held against the first"
    assert len(list(workshop.kit.outgoing.glob("*.bundle"))) == 2
    workshop.became(Became(serial=1, state=GrownState.ROLLED_BACK))
    assert run(workshop, "publish", "--growth", "2", "--again") == 0, "what went may go again"


def test_what_is_another_kit_s_is_not_published(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    growth = workshop.grow()
    its = card.read(growth.dataset)
    json_files.write(growth.dataset, msgspec.structs.replace(its, kit="f" * 32))
    assert run(workshop, "publish") == 65
    assert "was made of what the kit ffffffff" in capsys.readouterr().err
    json_files.write(growth.dataset, its)
    verdict = gate.read(growth.gate)
    for other in ({"kit": "f" * 32}, {"growth": 2}):
        growth.gate.write_bytes(msgspec.json.encode(msgspec.structs.replace(verdict, **other)))
        assert run(workshop, "publish") == 1
        assert "gate.json is of another growth; judge it anew" in capsys.readouterr().err
    assert not list(workshop.kit.outgoing.glob("*.bundle"))


def test_what_went_of_a_removed_growth_is_told_of_no_other_one(workshop: Workshop, tmp_path: Path) -> None:
    with making(workshop.home.folder, KIT):
        pass
    shutil.rmtree(named(workshop.home.folder, KIT, "").folder)
    gone = workshop.grow()
    for again in ((), ("--again",)):
        assert run(workshop, "publish", *again) == 0
    send(workshop, tmp_path / "inbox")
    shutil.rmtree(gone.folder)
    assert [one.serial for one in send(workshop, tmp_path / "inbox")] == [1, 2], (
        "whether they went is not known now"
    )
    assert send(workshop, tmp_path / "inbox") == []
    assert not gone.folder.exists(), "nothing of it comes back"
    with making(workshop.home.folder, KIT) as folder:
        json_files.write(folder / "dataset.json", made_of(0))
    newest = named(workshop.home.folder, KIT, "")
    assert (newest.name, state(newest)) == ("0002", State.MADE)
    assert [one.serial for one in record.all_of(workshop.home.folder, KIT)] == [1, 2]


@pytest.mark.parametrize("command", ["publish", "model grown", "retrain", "gate", "dataset", "personal fit"])
def test_a_place_that_cannot_be_looked_at_gets_a_sentence(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / ("a" * 300)
    assert cli.main([*command.split(), "--home", str(there)]) in (PlaceError.exit_code, Missing.exit_code)
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("vybor-workshop: /")


def test_what_was_withdrawn_by_somebody_who_was_killed_then_never_goes(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = publishing.publish_growth(workshop.queue, workshop.grow(), NOTHING_KNOWN)

    def killed(path: Path, **_: object) -> None:
        if path.name == made.bundle:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched, workshop.queue.alone(), pytest.raises(KeyboardInterrupt):
        patched.setattr(Path, "unlink", killed)
        workshop.queue.waiting(1, {})
    assert (workshop.kit.outgoing / made.bundle).exists()
    with workshop.queue.alone():
        assert workshop.queue.waiting(0, {}) == [], "also where the deletion is not known: another data set"
    assert not (workshop.kit.outgoing / made.bundle).exists()


def test_where_nothing_can_be_written_the_remedy_is_said(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    growth = workshop.grow()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert run(workshop, "publish") == PlaceError.exit_code
    (told,) = capsys.readouterr().err.splitlines()
    assert told.endswith("cannot be written (No space left on device); see that this is yours and has room")
    assert [path.name for path in workshop.kit.outgoing.iterdir()] == [".lock"]
    assert not growth.published.exists()
    shutil.rmtree(workshop.kit.outgoing)
    workshop.kit.outgoing.write_text("a file")
    assert run(workshop, "publish") == PlaceError.exit_code
    assert capsys.readouterr().err.endswith("; see that it is yours and has room\n")
