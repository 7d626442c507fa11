"""Numbers of one person on the kit: checked, worn on trial, good or taken back; each kind by itself."""

from pathlib import Path

import msgspec
import pytest

from unit.test_grown_desk import decided
from unit.versions_kit import Bus, Kit
from vybor.bundles import numbers
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor.contracts.numbers import CountsNumbers, InterestNumbers, Learned, Numbers, SignsNumbers
from vybor.foundation import small_files
from vybor.generator.candidates import Proposer
from vybor.generator.network import bundle
from vybor.grown.folder import beside
from world import grown, tiny_adapter

OWN = InterestNumbers(weight=9.0, half_life=24.0)
WEIGHED = CountsNumbers(shares=(0.2, 0.2, 0.4), least_triple=2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return tiny_adapter.write(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture
def kit(tmp_path: Path, made: bundle.Bundle) -> Kit:
    return Kit(tmp_path, Proposer(made, threads=1), Bus(), made.folder)


def sent(to: Kit, serial: int, its: Numbers | bytes, kind: Kind = Kind.INTEREST, **wrong: object) -> Path:
    content = its if isinstance(its, bytes) else numbers.written(its)
    return grown.sent(to.arrived, serial, {numbers.FILE: content}, kind=kind, **wrong)  # type: ignore[arg-type]


def worn(kit: Kit) -> dict[Kind, int]:
    return {Kind(one.kind.value): one.became.serial for one in kit.desk.told("").grown if one.is_worn}


def has(kit: Kit) -> dict[Kind, Numbers]:
    """The numbers that move words: those of signs come in no bundle here (test_signs_desk.py)."""
    assert kit.has.get(Kind.SIGNS, SignsNumbers()) == SignsNumbers()
    return {kind: its for kind, its in kit.has.items() if kind is not Kind.SIGNS}


def test_everybody_s_numbers_hold_until_others_come(kit: Kit) -> None:
    kit.turn()
    assert has(kit) == {Kind.INTEREST: InterestNumbers(), Kind.COUNTS: CountsNumbers()}
    assert kit.desk.told("").grown == ()


def test_each_part_is_worn_on_trial_and_good_by_itself(kit: Kit) -> None:
    name = kit.proposer.identity
    kit.bus.decisions = decided(name, 100, undone=8)
    sent(kit, 3, OWN)
    sent(kit, 4, WEIGHED, Kind.COUNTS)
    kit.until(lambda: worn(kit) == {Kind.INTEREST: 3, Kind.COUNTS: 4})
    kit.turn()
    assert has(kit) == {Kind.INTEREST: OWN, Kind.COUNTS: WEIGHED}
    assert "grown_on_trial" in kit.troubles()
    kit.bus.decisions += decided(name, 60, undone=4, first=200)
    kit = kit.again(ended=True)
    kit.turn()
    assert has(kit) == {Kind.INTEREST: OWN, Kind.COUNTS: WEIGHED}
    kit.until(lambda: {kit.told(serial).state for serial in (3, 4)} == {m.GrownState.GOOD})
    assert (kit.told(3).starts, kit.told(3).choices, kit.told(3).undone) == (2, 60, 4)
    kit.until(lambda: len(kit.bus.kept) == 6)
    assert kit.desk.worn == 0, "no adapter came"


def test_whose_words_are_taken_back_more_often_is_rolled_back(kit: Kit) -> None:
    kit.bus.decisions = decided("tiny", 100, undone=5)
    sent(kit, 3, OWN)
    kit.until(lambda: worn(kit) == {Kind.INTEREST: 3})
    kit.bus.decisions += decided("tiny", 40, undone=20, first=200)
    kit.until(lambda: kit.told(3).state is m.GrownState.ROLLED_BACK)
    kit.turn()
    assert kit.has[Kind.INTEREST] == InterestNumbers()
    assert kit.reasons()[3].startswith("20 of 40 of its words were taken back at once")
    assert "grown_undone" in kit.troubles()
    assert kit.again().has == {}
    kit = kit.again()
    kit.turn()
    assert kit.has[Kind.INTEREST] == InterestNumbers()


def test_words_of_the_list_say_how_counts_fare_and_nothing_of_interest(kit: Kit) -> None:
    def of_the_list(decisions: list[m.Decision]) -> list[m.Decision]:
        shown = tuple(msgspec.structs.replace(tile, source=Source.NGRAM) for tile in decisions[0].shown)
        return [msgspec.structs.replace(one, shown=shown) for one in decisions]

    kit.bus.decisions = of_the_list(decided("", 100, undone=5))
    sent(kit, 3, OWN)
    sent(kit, 4, WEIGHED, Kind.COUNTS)
    kit.until(lambda: len(worn(kit)) == 2)
    kit.bus.decisions += of_the_list(decided("", 40, undone=30, first=300))
    kit.until(lambda: kit.told(4).state is m.GrownState.ROLLED_BACK)
    assert kit.told(3).state is m.GrownState.ON_TRIAL


def test_by_hand_each_kind_is_taken_off_and_put_on_alone(kit: Kit) -> None:
    sent(kit, 3, OWN)
    sent(kit, 4, WEIGHED, Kind.COUNTS)
    kit.until(lambda: len(worn(kit)) == 2)
    told = kit.ask(m.WearGrown(request="a", kind=Learned.INTEREST))
    assert isinstance(told, m.GrownTold)
    assert worn(kit) == {Kind.COUNTS: 4}
    assert has(kit) == {Kind.INTEREST: InterestNumbers(), Kind.COUNTS: WEIGHED}
    kit.ask(m.WearGrown(request="b", serial=3))
    assert kit.has[Kind.INTEREST] == OWN
    kit.ask(m.WearGrown(request="c", back=True, kind=Learned.COUNTS))
    assert kit.told(4).state is m.GrownState.ROLLED_BACK
    assert has(kit) == {Kind.INTEREST: OWN, Kind.COUNTS: CountsNumbers()}
    refused = kit.ask(m.WearGrown(request="d", back=True, kind=Learned.COUNTS))
    assert isinstance(refused, m.Refused)
    assert "nothing is worn" in refused.reason


@pytest.mark.parametrize(
    ("content", "wrong", "reason"),
    [
        (b'{"weight": 100}', {}, "numbers that cannot be"),
        (b'{"half_life": -1}', {}, "numbers that cannot be"),
        (b'{"weight": NaN}', {}, "numbers that cannot be"),
        (b"no numbers", {}, "numbers that cannot be"),
        (b"{}", {"base": "1" * 64}, "retrain on the kit's model"),
        (b"{}", {"kit": "6" * 32}, "another kit"),
        (b"{}", {"key": grown.STRANGER}, "not signed by the workstation"),
    ],
)
def test_what_is_absurd_or_nobody_s_is_refused_whoever_signed_it(
    kit: Kit, content: bytes, wrong: dict[str, object], reason: str
) -> None:
    sent(kit, 3, content, **wrong)
    kit.until(lambda: 3 in kit.reasons())
    assert reason in kit.reasons()[3]
    assert kit.has[Kind.INTEREST] == InterestNumbers()
    assert not beside(kit.state / "grown", "interest").exists()
    assert "grown_refused" in kit.troubles()


def test_an_older_number_of_another_kind_is_taken_and_of_the_same_kind_is_not(kit: Kit) -> None:
    sent(kit, 9, OWN)
    kit.until(lambda: worn(kit) == {Kind.INTEREST: 9})
    sent(kit, 5, WEIGHED, Kind.COUNTS)
    sent(kit, 6, InterestNumbers(weight=3.0))
    kit.until(lambda: worn(kit) == {Kind.INTEREST: 9, Kind.COUNTS: 5})
    for _ in range(20):
        kit.turn()
    assert set(kit.reasons()) == {5, 9}
    assert has(kit) == {Kind.INTEREST: OWN, Kind.COUNTS: WEIGHED}
    assert "grown_refused" not in kit.troubles()
    sent(kit, 6, InterestNumbers(weight=3.0)).rename(kit.arrived / "000010.bundle")
    kit.until(lambda: 10 in kit.reasons())
    assert "the kit was given number 9 before" in kit.reasons()[10]


def test_numbers_that_rotted_on_the_disk_are_not_worn(kit: Kit) -> None:
    sent(kit, 3, OWN)
    kit.until(lambda: worn(kit) == {Kind.INTEREST: 3})
    file = beside(kit.state / "grown", "interest") / "000003" / numbers.FILE
    small_files.write_bytes(file, b'{"weight": 600}')
    kit = kit.again(ended=True)
    kit.turn()
    assert kit.has[Kind.INTEREST] == InterestNumbers()
    assert "numbers that cannot be" in kit.reasons()[3]


def test_another_model_has_other_vectors_and_the_same_counts(kit: Kit, tmp_path: Path) -> None:
    sent(kit, 3, OWN)
    sent(kit, 4, WEIGHED, Kind.COUNTS)
    kit.until(lambda: len(worn(kit)) == 2)
    kit = kit.again(ended=True)
    kit.desk.turn("2" * 64, kit.now_ns)
    assert has(kit) == {Kind.INTEREST: InterestNumbers(), Kind.COUNTS: WEIGHED}
    assert "the kit's model is another one now" in kit.reasons()[3]


def test_what_learned_from_what_is_all_deleted_is_removed(kit: Kit) -> None:
    sent(kit, 3, OWN)
    sent(kit, 4, WEIGHED, Kind.COUNTS)
    kit.until(lambda: len(worn(kit)) == 2)
    kit.bus.paired = msgspec.structs.replace(kit.bus.paired, deletions=1, oldest=(1, 50), newest=(1, 120))
    told = kit.ask(m.CountAnew(request="x"))
    assert isinstance(told, m.Forgotten)
    assert told.is_stale
    kit.bus.paired = msgspec.structs.replace(kit.bus.paired, deletions=2, oldest=(1, 121), newest=(1, 121))
    told = kit.ask(m.CountAnew(request="y"))
    assert isinstance(told, m.Forgotten)
    assert not told.is_stale
    assert {kit.told(serial).state for serial in (3, 4)} == {m.GrownState.REMOVED}
    kit.turn()
    assert has(kit) == {Kind.INTEREST: InterestNumbers(), Kind.COUNTS: CountsNumbers()}
    assert not list(beside(kit.state / "grown", "counts").glob("0*"))


def test_numbers_stand_aside_for_a_model_of_other_weights_and_are_worn_again_behind_it(
    kit: Kit, tmp_path: Path
) -> None:
    sent(kit, 3, OWN)
    sent(kit, 4, WEIGHED, Kind.COUNTS)
    kit.until(lambda: len(worn(kit)) == 2)
    whole = grown.whole(tmp_path / "whole")
    grown.sent(kit.arrived, 5, whole, kind=Kind.MODEL, base=grown.OTHER_BASE)
    kit.until(lambda: kit.desk.model == 5 and kit.has[Kind.INTEREST] == InterestNumbers())
    assert (kit.told(3).state, kit.told(3).reason) == (m.GrownState.ON_TRIAL, "")
    assert (worn(kit), kit.has[Kind.COUNTS]) == ({Kind.ADAPTER: 5, Kind.COUNTS: 4}, WEIGHED)
    refused = kit.ask(m.WearGrown(request="a", serial=3))
    assert isinstance(refused, m.Refused)
    assert "another model than the kit has" in refused.reason
    kit = kit.again()
    kit.turn()
    assert kit.told(3).state is m.GrownState.ON_TRIAL, "a process that ends now has not worn it"
    kit.ask(m.WearGrown(request="b", back=True))
    kit.until(lambda: kit.has[Kind.INTEREST] == OWN)
    assert worn(kit) == {Kind.INTEREST: 3, Kind.COUNTS: 4}


def test_models_adapters_and_numbers_that_wait_together_are_taken_from_the_lowest_number_on(
    kit: Kit, tmp_path: Path
) -> None:
    own = {"base": grown.OTHER_BASE}
    sent(kit, 3, InterestNumbers(weight=3.0), **own)
    grown.sent(kit.arrived, 5, grown.whole(tmp_path / "whole"), kind=Kind.MODEL, **own)
    sent(kit, 6, WEIGHED, Kind.COUNTS)
    sent(kit, 7, OWN, **own)
    grown.sent(kit.arrived, 8, grown.files(tmp_path / "adapter", 10, grown.OTHER_BASE), **own)
    kit.until(lambda: kit.desk.worn == 8 and len(worn(kit)) == 3)
    assert (kit.desk.model, has(kit)) == (5, {Kind.INTEREST: OWN, Kind.COUNTS: WEIGHED})
    grown.sent(kit.arrived, 4, grown.files(tmp_path / "late"))
    for _ in range(20):
        kit.turn()
    assert set(kit.reasons()) == {5, 6, 7, 8}, "newer ones of their kinds made the others useless"


def test_what_was_chosen_before_is_not_its_own_after_a_deletion_either(kit: Kit) -> None:
    kit.bus.decisions = decided("tiny", 150, undone=12)
    sent(kit, 3, OWN)
    kit.until(lambda: worn(kit) == {Kind.INTEREST: 3})
    kit.turn()
    kit.bus.decisions += decided("tiny", 10, undone=1, first=200)
    kit = kit.again(ended=True)
    kit.until(lambda: kit.told(3).choices == 10)
    kit.bus.decisions = kit.bus.decisions[20:]
    kit.bus.paired = msgspec.structs.replace(kit.bus.paired, deletions=1, oldest=(1, 21))
    assert isinstance(kit.ask(m.CountAnew(request="x")), m.Forgotten)
    for _ in range(200):
        kit.turn()
    assert (kit.told(3).state, kit.told(3).choices) == (m.GrownState.ON_TRIAL, 10)
    kit.bus.decisions += decided("tiny", 40, undone=30, first=400)
    kit.until(lambda: kit.told(3).state is m.GrownState.ROLLED_BACK)
    assert kit.reasons()[3] == ("31 of 50 of its words were taken back at once, and of those before it 12 of 150")
