"""A whole model that the workstation sent: in the place of the one as it came, on trial, good, or taken back."""

import errno
import shutil
from pathlib import Path

import msgspec
import pytest

from unit.test_grown_desk import decided
from unit.versions_kit import Bus, Kit
from vybor.bundles.bundle import RESERVE_BYTES
from vybor.bundles.manifest import Kind
from vybor.commands.model import lines
from vybor.contracts import messages as m
from vybor.generator.candidates import Proposer
from vybor.generator.grown import desk, installing
from vybor.generator.grown.kept_shelf import NO_ROOM_NS
from vybor.generator.network import bundle, memory
from world import grown, tiny_adapter, tiny_model

Files = dict[str, bytes]
Whole = dict[str, Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return tiny_adapter.write(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Whole, Whole]:
    """One of other weights, and one of the factory's."""
    folder = tmp_path_factory.mktemp("wholes")
    return grown.whole(folder / "other"), grown.whole(folder / "same", 5, tiny_model.BASE)


@pytest.fixture(scope="module")
def adapters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Files]:
    """For the factory's weights, and for the others."""
    folder = tmp_path_factory.mktemp("adapters")
    return grown.files(folder / "one"), grown.files(folder / "two", 10, grown.OTHER_BASE)


@pytest.fixture
def kit(tmp_path: Path, made: bundle.Bundle) -> Kit:
    return Kit(tmp_path, Proposer(made, threads=1), Bus(), made.folder)


def send(kit: Kit, serial: int, whole: Whole, base: str = grown.OTHER_BASE, **wrong: object) -> None:
    grown.sent(kit.arrived, serial, whole, kind=Kind.MODEL, base=base, **wrong)  # type: ignore[arg-type]


def come(kit: Kit, serial: int, whole: Whole, base: str = grown.OTHER_BASE) -> None:
    send(kit, serial, whole, base)
    kit.until(lambda: kit.desk.model == serial)
    kit.turn()


def worn(kit: Kit) -> tuple[int, int]:
    return kit.desk.model, kit.desk.worn


def until_good(kit: Kit, serial: int) -> Kit:
    kit.turn()
    kit.bus.decisions += decided(kit.proposer.identity, 60, first=1 + 1000 * serial)
    again = kit.again(ended=True)
    again.until(lambda: again.state_of(serial) == "good")
    return again


def test_it_is_verified_tried_loaded_on_trial_and_good_after_real_use(
    kit: Kit, wholes: tuple[Whole, Whole]
) -> None:
    plain, name = kit.says(), kit.proposer.identity
    kit.bus.decisions = decided(name, 100, undone=8)
    come(kit, 5, wholes[0])
    assert (worn(kit), kit.state_of(5)) == ((5, 0), "on_trial")
    assert kit.proposer.identity.startswith("other4-")
    assert kit.says() != plain
    assert "grown_on_trial" in kit.troubles()
    for name_of, path in wholes[0].items():
        assert (kit.state / "grown" / "000005" / name_of).read_bytes() == path.read_bytes()
    kit = until_good(kit, 5)
    version = kit.desk.shelf.version(5)
    assert version is not None
    assert (version.starts, version.choices, version.name, version.takes_adapters) == (2, 60, "other4", True)
    kit.until(lambda: len(kit.bus.kept) == 3)
    assert [became.state.value for became in kit.bus.kept.values()] == ["trying", "on_trial", "good"]
    told = kit.ask(m.WearGrown(request="1"))
    assert isinstance(told, m.GrownTold)
    assert (told.model, kit.says(), worn(kit)) == (name, plain, (0, 0))
    assert kit.state_of(5) == "good"


def test_whose_words_are_taken_back_is_rolled_back_exactly_and_the_factory_model_was_never_touched(
    kit: Kit, made: bundle.Bundle, wholes: tuple[Whole, Whole]
) -> None:
    plain, name = kit.says(), kit.proposer.identity
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in made.folder.iterdir()}
    come(kit, 5, wholes[0])
    kit.bus.decisions = decided(name, 100, undone=5) + decided(kit.proposer.identity, 40, undone=20, first=200)
    kit.until(lambda: kit.state_of(5) == "rolled_back")
    kit.turn()
    assert (kit.says(), kit.proposer.identity, worn(kit)) == (plain, name, (0, 0))
    assert "grown_undone" in kit.troubles()
    assert "of its words were taken back at once" in kit.reasons()[5]
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in made.folder.iterdir()} == before


def test_a_process_that_ended_before_an_answer_does_not_load_it_again(
    kit: Kit, wholes: tuple[Whole, Whole]
) -> None:
    send(kit, 5, wholes[0])
    kit.until(lambda: kit.desk.model == 5, answers=False)
    kit.turn(answers=False)
    assert msgspec.json.decode((kit.state / "grown" / "state.json").read_bytes())["run"]["serial"] == 5
    kit = kit.again("boot-b")
    assert (worn(kit), kit.state_of(5)) == ((0, 0), "rolled_back")
    assert "ended without warning before it had answered once" in kit.reasons()[5]


def test_files_that_rot_lead_back_to_the_model_as_it_came_and_to_what_that_wore(
    kit: Kit, wholes: tuple[Whole, Whole], adapters: tuple[Files, Files]
) -> None:
    grown.sent(kit.arrived, 3, adapters[0])
    kit.until(lambda: kit.desk.worn == 3)
    kit = until_good(kit, 3)
    kit.turn()
    before = kit.proposer.identity
    come(kit, 5, wholes[0])
    kit = until_good(kit, 5)
    weights = kit.state / "grown" / "000005" / bundle.WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    kit = kit.again(ended=True)
    kit.turn()
    assert (worn(kit), kit.proposer.identity) == ((0, 3), before)
    assert (kit.state_of(5), "grown_lost" in kit.troubles()) == ("rolled_back", True)
    assert "its hash is not the manifest's; publish it again" in kit.reasons()[5]


def test_what_was_learned_goes_with_its_model_in_every_order_of_coming_and_going(
    kit: Kit, wholes: tuple[Whole, Whole], adapters: tuple[Files, Files]
) -> None:
    grown.sent(kit.arrived, 3, adapters[0])
    kit.until(lambda: kit.desk.worn == 3)
    kit = until_good(kit, 3)
    come(kit, 5, wholes[0])
    assert worn(kit) == (5, 0), "it was built from other weights"
    assert "+" not in kit.proposer.identity
    grown.sent(kit.arrived, 6, adapters[1], base=grown.OTHER_BASE)
    kit.until(lambda: kit.desk.worn == 6)
    kit.turn()
    assert (worn(kit), kit.proposer.identity.startswith("other4-")) == ((5, 6), True)
    kit = until_good(kit, 6)
    assert kit.state_of(5) == "good", "its words were the model's, too"
    kit.ask(m.WearGrown(request="1", serial=3))
    assert worn(kit) == (0, 3)
    kit.ask(m.WearGrown(request="2", serial=6))
    assert worn(kit) == (5, 6)
    kit.ask(m.WearGrown(request="3", back=True))
    assert (worn(kit), kit.state_of(6)) == ((5, 0), "rolled_back")
    kit.ask(m.WearGrown(request="4", back=True))
    assert (worn(kit), kit.state_of(5)) == ((0, 3), "rolled_back")
    refused = kit.ask(m.WearGrown(request="5", serial=6))
    assert isinstance(refused, m.Refused)
    assert "another model than the kit has" in refused.reason
    told = kit.ask(m.WearGrown(request="6", serial=5))
    assert isinstance(told, m.GrownTold)
    assert (worn(kit), kit.state_of(5)) == ((5, 0), "on_trial")
    found = list(lines(told))
    assert found[1].startswith("*       3") is False
    assert found[1].endswith("goes with factory")
    assert found[2].startswith("*       5  whole model other4, on trial, ")
    assert next(line for line in found if line.startswith("        6")).endswith("goes with 5")


def test_on_another_build_of_the_same_weights_it_goes_on_being_worn(
    kit: Kit, wholes: tuple[Whole, Whole], adapters: tuple[Files, Files]
) -> None:
    grown.sent(kit.arrived, 3, adapters[0])
    kit.until(lambda: kit.desk.worn == 3)
    kit = until_good(kit, 3)
    come(kit, 5, wholes[1], tiny_model.BASE)
    assert worn(kit) == (5, 3)
    assert kit.proposer.identity.startswith("other5-")
    assert "+" in kit.proposer.identity
    kit.ask(m.WearGrown(request="1", back=True))
    assert (worn(kit), kit.state_of(5), kit.state_of(3)) == ((0, 3), "rolled_back", "good")


def test_a_model_and_what_goes_with_it_that_come_together_are_taken_in_that_order(
    kit: Kit,
    wholes: tuple[Whole, Whole],
    adapters: tuple[Files, Files],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk, "LOOK_NS", 0)  # it looks for more as soon as it may
    grown.sent(kit.arrived, 4, adapters[0])
    send(kit, 5, wholes[0])
    grown.sent(kit.arrived, 6, grown.files(tmp_path / "older", 12, grown.OTHER_BASE), base=grown.OTHER_BASE)
    grown.sent(kit.arrived, 7, adapters[1], base=grown.OTHER_BASE)
    kit.until(lambda: kit.desk.worn == 7)
    assert worn(kit) == (5, 7)
    assert (kit.state_of(4), kit.state_of(6)) == ("left", "")
    assert kit.desk.shelf.passed == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"schema": 9}, "for another version of Vybor"),
        ({"languages": ("ru",)}, "knows no English, in which this kit writes"),
        ({"base": "c" * 64}, "was built from the weights cccccccccccc, and signed as of 0de1"),
    ],
)
def test_a_model_that_this_kit_cannot_use_is_refused_before_it_is_loaded(
    kit: Kit, tmp_path: Path, changes: dict[str, object], says: str
) -> None:
    kit.desk._installing._language = "en"
    send(kit, 5, grown.whole(tmp_path / "whole", **changes))  # type: ignore[arg-type]
    kit.until(lambda: 5 in kit.reasons())
    assert says in kit.reasons()[5]
    assert (worn(kit), kit.state_of(5)) == ((0, 0), "")
    assert not (kit.state / "grown" / "000005").exists()


def test_one_that_would_take_more_memory_than_the_generator_may_is_refused_with_both_figures(
    kit: Kit, wholes: tuple[Whole, Whole], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MOST_BYTES", 251 * 10**6)
    send(kit, 5, wholes[0])
    kit.until(lambda: 5 in kit.reasons())
    assert "would take about 2" in kit.reasons()[5]
    assert "the generator may have 251" in kit.reasons()[5]


def test_what_makes_sentences_on_it_takes_memory_too(
    kit: Kit, wholes: tuple[Whole, Whole], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside an adapter for sentences that goes with the same weights there is less room for a model."""
    model = wholes[0]
    told = bundle.manifest_of(model["manifest.json"].parent)
    weights = model[bundle.WEIGHTS].stat().st_size
    alone, both = (memory.needed(told.shape, weights, sentences=each) for each in (False, True))
    monkeypatch.setattr(memory, "MOST_BYTES", (alone + both) // 2)
    kit.desk.for_sentences = lambda: told.base
    send(kit, 5, model)
    kit.until(lambda: 5 in kit.reasons())
    assert "of memory, and the generator may have" in kit.reasons()[5]
    kit.desk.for_sentences = lambda: "0" * 64
    send(kit, 6, model)
    kit.until(lambda: kit.state_of(6) != "")
    kit.desk.close()
    assert kit.state_of(6) == "trying"


def test_where_both_have_no_room_the_model_at_hand_makes_way_for_what_is_tried(
    kit: Kit, wholes: tuple[Whole, Whole], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(memory, "taken", lambda: memory.MOST_BYTES)
    send(kit, 5, wholes[0])
    kit.until(lambda: seen.append(kit.desk.needs_all) or kit.desk.model == 5)  # type: ignore[func-returns-value]
    assert (True in seen, seen[-1]) == (True, False)


def test_where_no_process_can_be_made_the_model_at_hand_stays(
    kit: Kit, wholes: tuple[Whole, Whole], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(memory, "taken", lambda: memory.MOST_BYTES)
    send(kit, 5, wholes[0])
    with monkeypatch.context() as patched:
        patched.setattr(desk, "Trying", none)
        kit.until(lambda: kit.state_of(5) == "trying")
        for _ in range(20):
            kit.turn()
        assert (kit.desk.needs_all, kit.state_of(5), worn(kit)) == (False, "trying", (0, 0))
    kit.now_ns += NO_ROOM_NS
    kit.until(lambda: kit.desk.model == 5)


def test_the_room_that_the_person_s_words_need_is_left(
    kit: Kit, wholes: tuple[Whole, Whole], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")
    size = sum(path.stat().st_size for path in wholes[0].values())
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: usage._replace(free=RESERVE_BYTES + size))
        send(kit, 5, wholes[0])
        kit.until(lambda: "grown_no_room" in kit.troubles())
    assert worn(kit) == (0, 0)
    kit.now_ns += NO_ROOM_NS
    kit.until(lambda: kit.desk.model == 5)


def test_one_that_fails_when_it_is_tried_is_never_loaded(kit: Kit, tmp_path: Path) -> None:
    files = grown.whole(tmp_path / "whole")
    files[bundle.TOKENIZER].write_text("{}")
    manifest = msgspec.json.decode(files[bundle.MANIFEST].read_bytes(), type=bundle.Manifest)
    hashes = manifest.sha256 | {bundle.TOKENIZER: installing.bundles.sha256_of(files[bundle.TOKENIZER])}
    files[bundle.MANIFEST].write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, sha256=hashes)))
    send(kit, 5, files)
    kit.until(lambda: kit.state_of(5) == "refused")
    assert "has a tokenizer that cannot be read" in kit.reasons()[5]
    kit.until(lambda: not (kit.state / "grown" / "000005").exists())


def test_old_models_make_room_but_not_the_one_that_is_gone_back_to(kit: Kit, wholes: tuple[Whole, Whole]) -> None:
    for serial in (5, 6, 7):
        come(kit, serial, wholes[serial % 2], (grown.OTHER_BASE, tiny_model.BASE)[serial % 2])
        kit = until_good(kit, serial)
    kit.until(lambda: not (kit.state / "grown" / "000005").exists())
    assert {path.name for path in (kit.state / "grown").iterdir() if path.is_dir()} == {"000006", "000007"}
    kit.ask(m.WearGrown(request="1", back=True))
    assert worn(kit) == (6, 0)


def test_what_is_deleted_takes_no_whole_model_away(
    kit: Kit, wholes: tuple[Whole, Whole], adapters: tuple[Files, Files]
) -> None:
    come(kit, 5, wholes[0])
    grown.sent(kit.arrived, 6, adapters[1], base=grown.OTHER_BASE)
    kit.until(lambda: kit.desk.worn == 6)
    kit.bus.paired = msgspec.structs.replace(kit.bus.paired, deletions=1, oldest=(0, 0))
    assert isinstance(kit.ask(m.CountAnew(request="1")), m.Forgotten)
    kit.turn()
    assert (worn(kit), kit.state_of(6), kit.state_of(5)) == ((5, 0), "removed", "on_trial")
    come(kit, 7, wholes[1], tiny_model.BASE)
    assert kit.desk.told("").grown[0].became.is_stale is False
