"""From a bundle that has arrived to a version that is worn, on trial, good, or taken back."""

import errno
import os
from pathlib import Path

import msgspec
import pytest

from unit.versions_kit import Bus, Kit
from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.foundation import small_files
from vybor.generator.candidates import Proposer
from vybor.generator.grown.desk import NEW_TOLD_NS
from vybor.generator.grown.kept_shelf import NO_ROOM_NS
from vybor.generator.network import bundle
from vybor.grown.counting import Counts
from vybor.grown.folder import STATE
from world import grown, tiny_adapter

EVIDENCE = m.Evidence(channel=m.Channelled.PAD, posterior=0.97, posterior_without_prior=0.95, gaze_age_ms=12.0)
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return tiny_adapter.write(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Files]:
    folder = tmp_path_factory.mktemp("adapters")
    return grown.files(folder / "one"), grown.files(folder / "two", seed=10)


@pytest.fixture
def kit(tmp_path: Path, made: bundle.Bundle) -> Kit:
    return Kit(tmp_path, Proposer(made, threads=1), Bus(), made.folder)


def decided(identity: str, count: int, undone: int = 0, first: int = 1) -> list[m.Decision]:
    """So many words of a model that were taken, the first of them taken back at once."""
    tile = m.OfferedTile(
        slot=0, role=m.Role.CANDIDATE, label="it", grey="", source=m.Source.MODEL, p=0.1, gaze_ms=0.0
    )
    one = m.Decision(
        at_ns=0,
        session="s",
        number=0,
        action=Action.TAKE,
        slot=0,
        written="it",
        text_before="",
        text_after="it",
        offer=1,
        shown=(tile,),
        evidence=EVIDENCE,
        model=identity,
    )
    actions = [action for at in range(count) for action in (Action.TAKE, Action.UNDO)[: 2 if at < undone else 1]]
    return [msgspec.structs.replace(one, number=first + at, action=action) for at, action in enumerate(actions)]


def test_it_is_verified_tried_worn_and_good_after_real_use(kit: Kit, files: tuple[Files, Files]) -> None:
    plain, name = kit.says(), kit.proposer.identity
    kit.bus.decisions = decided(name, 100, undone=8)
    grown.sent(kit.arrived, 3, files[0])
    kit.until(lambda: kit.desk.worn == 3)
    assert kit.state_of(3) == "on_trial"
    assert kit.proposer.identity.startswith(f"{name}+")
    assert kit.says() != plain
    assert "grown_on_trial" in kit.troubles()
    kit.bus.decisions += decided(kit.proposer.identity, 60, undone=4, first=200)
    kit.until(lambda: len(kit.desk.shelf.counted.session) > 0 and kit.desk.shelf.counted.since.choices == 60)
    assert kit.state_of(3) == "on_trial"  # it has started once
    kit = kit.again(ended=True)
    kit.until(lambda: kit.state_of(3) == "good")
    version = kit.desk.shelf.version(3)
    assert version is not None
    assert (version.starts, version.choices, version.undone, version.growth) == (2, 60, 4, 3)
    kit.now_ns += NEW_TOLD_NS
    assert kit.troubles() == set()
    kit.until(lambda: len(kit.bus.kept) == 3)
    assert [became.state.value for became in kit.bus.kept.values()] == ["trying", "on_trial", "good"]
    assert kit.again().desk.worn == 3


def test_whose_words_are_taken_back_more_often_is_rolled_back_exactly(
    kit: Kit, files: tuple[Files, Files]
) -> None:
    plain, name = kit.says(), kit.proposer.identity
    grown.sent(kit.arrived, 3, files[0])
    kit.until(lambda: kit.desk.worn == 3)
    kit.bus.decisions = decided(name, 100, undone=5) + decided(kit.proposer.identity, 40, undone=20, first=200)
    kit.until(lambda: kit.state_of(3) == "rolled_back")
    kit.turn()
    assert (kit.says(), kit.proposer.identity, kit.desk.worn) == (plain, name, 0)
    assert kit.troubles() >= {"grown_undone"}
    assert kit.reasons()[3].startswith(
        "20 of 40 of its words were taken back at once, and of those before it 5 of"
    )
    kit.until(lambda: len(kit.bus.kept) == 3)
    assert list(kit.bus.kept.values())[-1].reason == kit.reasons()[3]


def test_a_process_that_ended_before_an_answer_does_not_load_it_again(
    kit: Kit, files: tuple[Files, Files]
) -> None:
    grown.sent(kit.arrived, 3, files[0])
    kit.until(lambda: kit.desk.worn == 3, answers=False)
    kit.turn(answers=False)
    for boot in ("boot-a", "boot-b"):
        kit = kit.again(boot)
        assert kit.desk.worn == 0
        kit.turn(answers=False)
        assert "+" not in kit.proposer.identity
    assert "ended without warning before it had answered once" in kit.reasons()[3]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"key": grown.STRANGER}, "not signed by the workstation that this kit is paired with"),
        ({"kit": "6" * 32}, "for another kit"),
        ({"base": "c" * 64}, "retrain on the kit's model"),
        ({"deletions": -1}, "something has been deleted since"),
        ({"deletions": -1, "kit": "6" * 32}, "for another kit"),
    ],
)
def test_a_bundle_that_is_not_for_this_kit_is_refused_and_the_one_before_goes_on(
    kit: Kit, files: tuple[Files, Files], wrong: dict[str, object], says: str
) -> None:
    grown.sent(kit.arrived, 3, files[0])
    kit.until(lambda: kit.desk.worn == 3)
    if "deletions" in wrong:
        kit.bus.paired = msgspec.structs.replace(kit.bus.paired, deletions=1)
    wrong = {name: it for name, it in wrong.items() if name != "deletions"}
    path = grown.sent(kit.arrived, 4, files[1], **wrong)  # type: ignore[arg-type]
    kit.until(lambda: 4 in kit.reasons())
    assert says in kit.reasons()[4]
    assert (kit.desk.worn, kit.state_of(4)) == (3, "")
    assert "grown_refused" in kit.troubles()
    path.write_bytes(b"not a bundle")
    kit.until(lambda: "is no bundle" in kit.reasons()[4])
    path.write_bytes(grown.sent(kit.folder / "other", 4, files[1], deletions=1).read_bytes()[:-100])
    kit.until(lambda: "cut off" in kit.reasons()[4])
    path.write_bytes(grown.sent(kit.folder / "other", 4, files[1], deletions=1).read_bytes())
    kit.until(lambda: kit.desk.worn == 4)
    kit.until(lambda: len(kit.desk.shelf.tellings) == 0)
    assert [became.state.value for became in kit.bus.kept.values()].count("refused") == 3


def test_an_older_one_is_a_thing_of_the_past_and_an_unpaired_kit_takes_none(
    kit: Kit, files: tuple[Files, Files]
) -> None:
    kit.bus.paired = msgspec.structs.replace(kit.bus.paired, workstation=None)
    grown.sent(kit.arrived, 5, files[0])
    kit.until(lambda: 5 in kit.reasons())
    assert "paired with no workstation" in kit.reasons()[5]
    kit.bus.paired = msgspec.structs.replace(kit.bus.paired, workstation=grown.DESK)
    grown.sent(kit.arrived, 6, files[0])
    kit.until(lambda: kit.desk.worn == 6)
    grown.sent(kit.arrived, 2, files[1])
    (kit.arrived / "000007.bundle").write_bytes((kit.arrived / "000002.bundle").read_bytes())
    kit.until(lambda: 7 in kit.reasons())
    assert "was given number 6 before" in kit.reasons()[7]
    assert 2 not in kit.reasons()


def test_one_that_fails_when_it_is_tried_is_never_worn(kit: Kit, tmp_path: Path) -> None:
    grown.sent(kit.arrived, 3, grown.files(tmp_path / "wild", strength=1e30))
    kit.until(lambda: kit.state_of(3) == "refused")
    assert (kit.desk.worn, "numbers that are none" in kit.reasons()[3]) == (0, True)
    kit.until(lambda: not (kit.state / "grown" / "000003").exists())
    kit = kit.again()
    kit.turn()
    assert kit.state_of(3) == "refused"


def test_a_full_disk_is_waited_for(kit: Kit, files: tuple[Files, Files], monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    grown.sent(kit.arrived, 3, files[0])
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        kit.until(lambda: "grown_no_room" in kit.troubles())
        assert (kit.desk.worn, kit.desk.shelf.versions) == (0, ())
    assert small_files.os.fsync is fsync
    kit.now_ns += NO_ROOM_NS
    kit.until(lambda: kit.desk.worn == 3)
    assert "grown_no_room" not in kit.troubles()


def test_on_a_full_disk_one_on_trial_is_not_loaded_and_a_good_one_is(
    kit: Kit, files: tuple[Files, Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    grown.sent(kit.arrived, 3, files[0])
    kit.until(lambda: kit.desk.worn == 3)
    kit = kit.again(ended=True)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        kit.turn()
        assert "+" not in kit.proposer.identity
        assert "grown_no_room" in kit.troubles()
    kit.now_ns += NO_ROOM_NS
    kit.until(lambda: "+" in kit.proposer.identity)
    kit.bus.decisions = decided(kit.proposer.identity, 60)
    kit.until(lambda: kit.state_of(3) == "good")
    kit = kit.again(ended=True)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        kit.turn()
        assert "+" in kit.proposer.identity


def test_a_damaged_note_is_said_and_the_model_is_as_it_came(kit: Kit, files: tuple[Files, Files]) -> None:
    grown.sent(kit.arrived, 3, files[0])
    kit.until(lambda: kit.desk.worn == 3)
    (kit.state / "grown" / STATE).write_bytes(b"\x00" * 100)
    kit = kit.again()
    for _ in range(20):
        kit.turn()
    assert (kit.desk.worn, kit.state_of(3)) == (0, "left")
    assert "+" not in kit.proposer.identity
    assert "grown_lost" in kit.troubles()
    told = kit.ask(m.WearGrown(request="1", serial=3))
    assert isinstance(told, m.GrownTold)
    assert (kit.desk.worn, kit.state_of(3)) == (0, "trying")
    kit.until(lambda: "+" in kit.proposer.identity)
    assert kit.again(ended=True).desk.worn == 3


def test_one_whose_note_was_lost_before_it_was_tried_is_not_worn_by_hand_untried(kit: Kit, tmp_path: Path) -> None:
    grown.sent(kit.arrived, 3, grown.files(tmp_path / "wild", strength=1e30))
    kit.until(lambda: kit.state_of(3) == "trying")
    (kit.state / "grown" / STATE).unlink()
    kit.desk.close()
    kit = kit.again()
    kit.turn()
    kit.ask(m.WearGrown(request="1", serial=3))
    assert (kit.desk.worn, kit.state_of(3)) == (0, "trying")
    kit.until(lambda: kit.state_of(3) == "refused")
    assert "numbers that are none" in kit.reasons()[3]


def test_another_model_takes_off_what_was_made_for_the_one_before(kit: Kit, files: tuple[Files, Files]) -> None:
    grown.sent(kit.arrived, 3, files[0])
    kit.until(lambda: kit.desk.worn == 3)
    kit = kit.again(ended=True)
    manifest = msgspec.structs.replace(kit.proposer._bundle.manifest, base="c" * 64)
    before = kit.proposer._bundle
    kit.proposer._bundle = msgspec.structs.replace(before, manifest=manifest)
    kit.turn()
    assert (kit.desk.worn, kit.state_of(3)) == (0, "rolled_back")
    assert "grown_other_base" in kit.troubles()
    refused = kit.ask(m.WearGrown(request="1", serial=3))
    assert isinstance(refused, m.Refused)
    assert "another model than the kit has" in refused.reason
    kit.proposer._bundle = before


def test_versions_are_put_on_taken_off_and_rolled_back_by_hand(kit: Kit, files: tuple[Files, Files]) -> None:
    plain, name = kit.says(), kit.proposer.identity
    for serial in (3, 4):
        grown.sent(kit.arrived, serial, files[serial - 3])
        kit.until(lambda serial=serial: kit.desk.worn == serial)  # type: ignore[misc]
        kit.turn()
    assert (kit.state_of(3), kit.state_of(4)) == ("left", "on_trial")
    told = kit.ask(m.WearGrown(request="1", serial=3))
    assert isinstance(told, m.GrownTold)
    assert [one.is_worn for one in told.grown] == [True, False]
    third = told.model
    assert kit.proposer.identity == third
    kit.ask(m.WearGrown(request="2"))
    assert (kit.proposer.identity, kit.says()) == (name, plain)
    kit.ask(m.WearGrown(request="3", serial=4))
    assert kit.proposer.identity not in (name, third)
    told = kit.ask(m.WearGrown(request="4", back=True))
    assert isinstance(told, m.GrownTold)
    assert (told.model, kit.reasons()[4]) == (name, "somebody rolled it back")
    assert "grown_undone" not in kit.troubles()
    for request, wish, says in (
        ("5", m.WearGrown(request="5", back=True), "nothing is worn"),
        ("6", m.WearGrown(request="6", serial=9), "there is no version 9; there are: 3, 4, factory"),
    ):
        refused = kit.ask(wish)
        assert isinstance(refused, m.Refused), request
        assert says in refused.reason
    tiny_adapter.peft(kit.state / "adapter", tiny_adapter.halves())
    refused = kit.ask(m.WearGrown(request="7", serial=3))
    assert isinstance(refused, m.Refused)
    assert "somebody laid there" in refused.reason


def test_a_clock_that_is_set_back_changes_nothing(
    kit: Kit, files: tuple[Files, Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    grown.sent(kit.arrived, 3, files[0])
    kit.until(lambda: kit.desk.worn == 3)
    monkeypatch.setattr("vybor.generator.grown.installing.wall_time", lambda: "1970-01-01T00:00:00+00:00")
    newer = grown.sent(kit.arrived, 4, files[1])
    os.utime(newer, (0, 0))
    kit.until(lambda: kit.desk.worn == 4)
    assert kit.desk.told("").grown[-1].at.startswith("1970")
    assert kit.again(ended=True).desk.worn == 4


def test_one_that_was_rolled_back_and_is_put_on_again_begins_anew(kit: Kit, files: tuple[Files, Files]) -> None:
    name = kit.proposer.identity
    grown.sent(kit.arrived, 3, files[0])
    kit.until(lambda: kit.desk.worn == 3)
    worn = kit.proposer.identity
    kit.bus.decisions = decided(name, 100, undone=5) + decided(worn, 40, undone=20, first=200)
    kit.until(lambda: kit.state_of(3) == "rolled_back")
    kit.ask(m.WearGrown(request="1", serial=3))
    for _ in range(100):
        kit.turn()
    assert kit.state_of(3) == "on_trial"
    kit.bus.decisions += decided(worn, 60, undone=2, first=400)
    kit = kit.again(ended=True)
    kit.until(lambda: kit.state_of(3) == "good")
    assert kit.desk.shelf.counted.before == Counts(160, 7)


def test_a_network_that_fails_at_work_counts_as_an_end(kit: Kit, files: tuple[Files, Files]) -> None:
    grown.sent(kit.arrived, 3, files[0])
    kit.until(lambda: kit.desk.worn == 3)
    for times in (1, 2):
        kit.turn()
        kit.desk.model_failed("the model failed at work", kit.now_ns)
        assert kit.desk.worn == (3 if times == 1 else 0)
        kit.wardrobe._wears = None  # the model is loaded anew
    assert kit.reasons()[3] == "the model failed at work, while it was worn"


def until_good(kit: Kit, serial: int, content: Files) -> Kit:
    """A version comes, is used, and is good."""
    grown.sent(kit.arrived, serial, content)
    kit.until(lambda: kit.desk.worn == serial)
    kit.bus.decisions += decided(kit.proposer.identity, 60, first=1 + 1000 * serial)
    again = kit.again(ended=True)
    again.until(lambda: again.state_of(serial) == "good")
    return again


def test_files_that_rot_lead_back_to_the_one_before(kit: Kit, files: tuple[Files, Files]) -> None:
    kit = until_good(until_good(kit, 3, files[0]), 4, files[1])
    third = kit.desk.shelf.version(3)
    weights = kit.state / "grown" / "000004" / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    kit = kit.again(ended=True)
    kit.turn()
    assert third is not None
    assert (kit.desk.worn, kit.proposer.identity) == (3, third.identity)
    assert kit.state_of(4) == "rolled_back"
    assert "grown_lost" in kit.troubles()


def test_a_bundle_that_cannot_be_read_is_tried_again(
    kit: Kit, files: tuple[Files, Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    def rotten(_path: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    grown.sent(kit.arrived, 3, files[0])
    with monkeypatch.context() as patched:
        patched.setattr("vybor.generator.grown.installing.packing.reading", rotten)
        kit.until(lambda: "grown_no_room" in kit.troubles())
    kit.now_ns += NO_ROOM_NS
    kit.until(lambda: kit.desk.worn == 3)
