"""What was learned of a person's signs, on the kit: worn on trial, judged by choices, overruled by a fitting."""

from pathlib import Path

import msgspec
import pytest

from unit.test_grown_desk import decided
from unit.test_part_desk import sent, worn
from unit.versions_kit import Bus, Kit
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Channelled, GestureKind, GrownState
from vybor.contracts.numbers import Learned, SignsNumbers
from vybor.foundation.clock import seconds
from vybor.generator.candidates import Proposer
from vybor.generator.grown.parts import FITTED_SINCE, NOT_WANTED
from vybor.generator.network import bundle
from vybor.grown import counting
from vybor.grown.counting import Counted, Counts
from world import tiny_adapter

OWN = SignsNumbers(blink_microvolts=140.0, blink_rhythm_s=0.45, blink_shift=0.5, fitting=2)
NONE = SignsNumbers()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return tiny_adapter.write(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture
def kit(tmp_path: Path, made: bundle.Bundle) -> Kit:
    return Kit(tmp_path, Proposer(made, threads=1), Bus(), made.folder)


def wears(kit: Kit, serial: int) -> None:
    kit.until(lambda: worn(kit) == {Kind.SIGNS: serial})
    kit.turn()


def by_signs(count: int, undone: int = 0, first: int = 1) -> list[m.Decision]:
    """Choices by double blinks, the first of them taken back at once."""

    def by_sign(one: m.Decision) -> m.Decision:
        evidence = msgspec.structs.replace(one.evidence, channel=Channelled.DOUBLE_BLINK)
        return msgspec.structs.replace(one, evidence=evidence, action=Action.SPELL, model="")

    told = decided("", count, undone, first)
    return [by_sign(one) if one.action is Action.TAKE else one for one in told]


def in_vain(decision: m.Decision, before_s: float = 2.0, slot: int = 0) -> m.Decision:
    sign = m.SignMade(
        kind=GestureKind.DOUBLE_BLINK,
        at_ns=decision.at_ns - seconds(before_s),
        log_odds=1.0,
        plain=1.5,
        height=90.0,
        slot=slot,
    )
    return msgspec.structs.replace(decision, signs=(sign,))


def test_they_are_worn_on_trial_by_themselves_and_good_after_enough_choices_by_signs(kit: Kit) -> None:
    kit.desk.fitted(2)
    kit.bus.decisions = by_signs(100, undone=8)
    sent(kit, 3, OWN, Kind.SIGNS)
    wears(kit, 3)
    assert kit.has[Kind.SIGNS] == OWN
    kit.bus.decisions += [*decided("tiny", 60, first=200), *by_signs(60, undone=5, first=300)]
    kit = kit.again(ended=True)
    kit.desk.fitted(2)
    kit.until(lambda: kit.told(3).state is GrownState.GOOD)
    assert (kit.told(3).choices, kit.told(3).undone) == (60, 5)


def test_they_are_taken_off_where_more_is_taken_back_or_in_vain(kit: Kit) -> None:
    kit.bus.decisions = by_signs(100, undone=5)
    sent(kit, 3, msgspec.structs.replace(OWN, fitting=0), Kind.SIGNS)
    wears(kit, 3)
    kit.bus.decisions += [in_vain(one) for one in decided("tiny", 40, first=200)]
    kit.until(lambda: kit.told(3).state is GrownState.ROLLED_BACK)
    kit.turn()
    assert kit.has[Kind.SIGNS] == NONE
    assert kit.reasons()[3].startswith(
        "40 of 40 of its choices by signs were taken back at once, or in vain at first, and of those before it 5 "
    )
    assert "grown_undone" in kit.troubles()


def test_a_fitting_made_later_wins_and_nothing_complains(kit: Kit) -> None:
    kit.desk.fitted(2)
    sent(kit, 3, OWN, Kind.SIGNS)
    wears(kit, 3)
    kit.desk.fitted(3)
    kit.turn()
    assert kit.has[Kind.SIGNS] == NONE
    assert (kit.told(3).state, kit.reasons()[3]) == (GrownState.ROLLED_BACK, FITTED_SINCE)
    assert not {"grown_undone", "grown_refused", "grown_lost"} & set(kit.troubles())
    refused = kit.ask(m.WearGrown(request="a", serial=3))
    assert isinstance(refused, m.Refused)
    assert refused.reason == FITTED_SINCE
    sent(kit, 4, msgspec.structs.replace(OWN, fitting=3), Kind.SIGNS)
    wears(kit, 4)


def test_behind_a_fitting_no_older_version_comes_back(kit: Kit) -> None:
    kit.desk.fitted(2)
    for serial in (3, 4):
        sent(kit, serial, msgspec.structs.replace(OWN, blink_shift=serial / 10), Kind.SIGNS)
        wears(kit, serial)
    kit.desk.fitted(3)
    kit.turn()
    assert (worn(kit), kit.has[Kind.SIGNS]) == ({}, NONE)


def test_what_comes_too_late_is_not_put_on_at_all(kit: Kit) -> None:
    kit.desk.fitted(7)
    sent(kit, 3, OWN, Kind.SIGNS)
    kit.until(lambda: bool(kit.reasons().get(3)))
    assert (kit.told(3).state, kit.reasons()[3]) == (GrownState.REFUSED, FITTED_SINCE)
    assert (kit.told(3).starts, kit.has[Kind.SIGNS]) == (0, NONE)


def test_before_the_kit_has_said_how_often_it_was_fitted_what_was_worn_stays_on(kit: Kit) -> None:
    kit.desk.fitted(2)
    sent(kit, 3, OWN, Kind.SIGNS)
    wears(kit, 3)
    kit = kit.again(ended=True)
    kit.turn()
    assert kit.has[Kind.SIGNS] == OWN


def test_who_wants_none_has_none_and_a_reason(tmp_path: Path, made: bundle.Bundle) -> None:
    kit = Kit(tmp_path, Proposer(made, threads=1), Bus(), made.folder)
    kit.desk._parts._wants_signs = False
    sent(kit, 3, OWN, Kind.SIGNS)
    kit.until(lambda: bool(kit.reasons().get(3)))
    assert (kit.told(3).state, kit.reasons()[3]) == (GrownState.REFUSED, NOT_WANTED)
    assert "\n" not in NOT_WANTED + FITTED_SINCE


def test_by_hand_they_are_taken_off_and_put_on_again(kit: Kit) -> None:
    kit.desk.fitted(2)
    sent(kit, 3, OWN, Kind.SIGNS)
    wears(kit, 3)
    kit.ask(m.WearGrown(request="a", kind=Learned.SIGNS))
    assert kit.has[Kind.SIGNS] == NONE
    kit.ask(m.WearGrown(request="b", serial=3))
    assert kit.has[Kind.SIGNS] == OWN
    kit.ask(m.WearGrown(request="c", back=True, kind=Learned.SIGNS))
    assert (kit.told(3).state, kit.has[Kind.SIGNS]) == (GrownState.ROLLED_BACK, NONE)


# --- what counts --------------------------------------------------------------------------------------------


def counts_of(*decisions: m.Decision) -> Counts:
    numbered = [msgspec.structs.replace(one, number=at) for at, one in enumerate(decisions, 1)]
    found = counting.counted_by(
        Counted(), numbered, lambda _: True, counting.is_by_a_sign, counting.is_sign_in_vain
    )
    return found.since


def test_which_choices_tell_of_signs() -> None:
    (by_sign,) = by_signs(1)
    (by_pad,) = decided("", 1)
    undo = msgspec.structs.replace(by_sign, action=Action.UNDO)
    private = msgspec.structs.replace(by_sign, learn=False)
    assert counts_of(by_sign, by_pad, private) == Counts(1, 0)
    assert counts_of(by_sign, undo, by_sign) == Counts(2, 1), "to take back by a sign is no choice of its own"
    assert counts_of(in_vain(by_pad)) == Counts(1, 1)
    in_turn = msgspec.structs.replace(in_vain(by_pad).signs[0], chose=True)
    assert counts_of(msgspec.structs.replace(by_pad, signs=(in_turn,))) == Counts(1, 0), "as tiles lit up in turn"
    assert counts_of(in_vain(by_sign), undo) == Counts(1, 1), "in vain and taken back is once wrong"
    assert counts_of(in_vain(by_pad, before_s=8.0), in_vain(by_pad, slot=5)) == Counts(0, 0)
