"""What learned from what is deleted: gone with all of it, to the last byte; marked where it was a part."""

from pathlib import Path

import msgspec
import pytest

from unit.versions_kit import Bus, Kit
from vybor.bundles import numbers
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.numbers import InterestNumbers
from vybor.foundation.bus import Asked
from vybor.generator.candidates import Proposer
from vybor.generator.network import adapter, bundle
from world import grown, tiny_adapter

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return tiny_adapter.write(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return grown.files(tmp_path_factory.mktemp("adapter") / "one")


@pytest.fixture
def kit(tmp_path: Path, made: bundle.Bundle, files: Files) -> Kit:
    """Version 3 is worn."""
    found = Kit(tmp_path, Proposer(made, threads=1), Bus(), made.folder)
    grown.sent(found.arrived, 3, files)
    found.until(lambda: found.desk.worn == 3)
    found.turn()
    return found


def delete(kit: Kit, oldest: tuple[int, int], newest: tuple[int, int] = (1, 101)) -> None:
    kit.bus.paired = msgspec.structs.replace(
        kit.bus.paired, deletions=kit.bus.paired.deletions + 1, oldest=oldest, newest=newest
    )


def holders(kit: Kit, content: bytes) -> list[Path]:
    return [path for path in kit.state.rglob("*") if path.is_file() and content in path.read_bytes()]


def test_with_everything_it_is_taken_off_and_no_byte_of_it_is_left(kit: Kit, files: Files) -> None:
    pieces = [files[adapter.WEIGHTS][at : at + 64] for at in (2000, 8000)]
    assert all(holders(kit, piece) for piece in pieces)
    delete(kit, oldest=(0, 0))
    told = kit.ask(m.CountAnew(request="1"))
    assert told == m.Forgotten(request="1", is_stale=False, may_have_arrived=True)
    kit.turn()
    assert (kit.desk.worn, kit.state_of(3)) == (0, "removed")
    assert "+" not in kit.proposer.identity
    assert [holders(kit, piece) for piece in pieces] == [[], []]
    kit.until(lambda: len(kit.bus.kept) == 3)
    assert list(kit.bus.kept.values())[-1].state is m.GrownState.REMOVED
    refused = kit.ask(m.WearGrown(request="2", serial=3))
    assert isinstance(refused, m.Refused)
    assert "all that it learned from was deleted" in refused.reason


def test_after_a_part_it_is_stale_goes_on_and_says_so(kit: Kit, files: Files) -> None:
    delete(kit, oldest=(1, 5))
    assert kit.ask(m.CountAnew(request="1")) == m.Forgotten(request="1", is_stale=True)
    assert (kit.desk.worn, kit.state_of(3)) == (3, "on_trial")
    assert "grown_stale" in kit.troubles()
    assert [one.became.is_stale for one in kit.desk.told("").grown] == [True]
    grown.sent(kit.arrived, 4, files, deletions=1)
    kit.until(lambda: kit.desk.worn == 4)
    kit.turn()
    assert "grown_stale" not in kit.troubles()


@pytest.mark.parametrize("kind", [Kind.ADAPTER, Kind.INTEREST])
def test_with_everything_of_a_record_that_was_begun_anew_it_goes_as_well(
    kit: Kit, files: Files, kind: Kind
) -> None:
    """A record that was damaged is set aside: the new one is another kit's, and has counted no deletion yet."""
    delete(kit, oldest=(1, 5))
    kit.ask(m.CountAnew(request="1"))
    content = files if kind is Kind.ADAPTER else {numbers.FILE: numbers.written(InterestNumbers(weight=9.0))}
    grown.sent(kit.arrived, 4, content, kind=kind, deletions=1)
    kit.until(lambda: 4 in kit.reasons() and kit.told(4).state is m.GrownState.ON_TRIAL)
    kit.bus.paired = msgspec.structs.replace(
        kit.bus.paired, kit="6" * 32, workstation=None, deletions=0, oldest=(0, 0), newest=(0, 0)
    )
    kit = kit.again(ended=True)
    kit.until(lambda: kit.desk._has_heard)  # nothing is deleted of the new one
    assert kit.told(4).state is m.GrownState.ON_TRIAL
    delete(kit, oldest=(0, 0), newest=(1, 1))
    assert isinstance(kit.ask(m.CountAnew(request="2")), m.Forgotten)
    assert kit.told(4).state is m.GrownState.REMOVED
    assert not list(kit.state.rglob("000004*"))


def test_what_was_deleted_while_the_process_was_not_there_is_heard_of_at_its_start(kit: Kit) -> None:
    delete(kit, oldest=(1, 101))  # who learns nothing left one row behind the deletion
    kit = kit.again(ended=True)
    kit.until(lambda: kit.state_of(3) == "removed")
    assert kit.desk.worn == 0
    assert not (kit.state / "grown" / "000003").exists()


def test_an_adapter_that_somebody_laid_there_goes_with_everything(kit: Kit) -> None:
    laid = tiny_adapter.peft(kit.state / "adapter", tiny_adapter.halves())
    delete(kit, oldest=(1, 5))
    kit.ask(m.CountAnew(request="1"))
    assert laid.exists()
    delete(kit, oldest=(0, 0))
    assert isinstance(kit.ask(m.CountAnew(request="2")), m.Forgotten)
    assert not laid.exists()


def test_what_cannot_be_removed_is_not_said_to_be_gone(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(_path: object) -> None:
        raise PermissionError(13, "Permission denied")

    delete(kit, oldest=(0, 0))
    with monkeypatch.context() as patched:
        patched.setattr("vybor.grown.folder.removed", stuck)
        refused = kit.ask(m.CountAnew(request="1"))
        assert isinstance(refused, m.Refused)
        assert "cannot be removed" in refused.reason
    kit.until(lambda: not (kit.state / "grown" / "000003").exists())


def test_a_bundle_that_was_under_way_meanwhile_is_not_taken(kit: Kit, files: Files) -> None:
    delete(kit, oldest=(0, 0))
    kit.ask(m.CountAnew(request="1"))
    grown.sent(kit.arrived, 4, files)
    kit.until(lambda: 4 in kit.reasons())
    assert "something has been deleted since" in kit.reasons()[4]
    assert kit.desk.worn == 0


@pytest.mark.parametrize("kind", [Kind.ADAPTER, Kind.INTEREST])
def test_a_bundle_that_is_being_unpacked_meanwhile_is_refused_and_removed(
    kit: Kit, files: Files, kind: Kind
) -> None:
    content = files if kind is Kind.ADAPTER else {numbers.FILE: numbers.written(InterestNumbers(weight=9.0))}
    grown.sent(kit.arrived, 4, content, kind=kind)
    kit.until(lambda: kit.desk._installing.is_busy)
    delete(kit, oldest=(1, 5))
    kit.desk.forget(Asked(b"", m.CountAnew(request="1")), kit.now_ns)
    for reply in kit.bus.replies():
        kit.desk.answered_by_journal(reply, kit.now_ns)
    kit.until(lambda: kit.reasons().get(4) is not None and kit.told(4).state is not m.GrownState.TRYING)
    assert kit.told(4).state is m.GrownState.REFUSED
    assert "something has been deleted since" in kit.reasons()[4]
    assert "grown_refused" in kit.troubles()
    assert not list(kit.state.rglob("000004*"))
