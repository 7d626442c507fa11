"""What a choice says about where the eyes were: only by the looks' own evidence, and only if it holds."""

import msgspec
import pytest

from unit.test_selector import Eyes, body_of, pad_of, tiles
from vybor.composer.lasting import Lasting
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.core.aiming import aim
from vybor.selector.state import Selection


def by_pad(slot: int = 2) -> tuple[Eyes, Selection]:
    """Eyes that read a tile and went to its edge, as they were at the choice."""
    eyes = Eyes().look(body_of(slot), 1.0)
    known = eyes.state
    while not eyes.chosen:
        known = eyes.state
        eyes.look(pad_of(slot), 1 / 15)
    eyes.state = known
    return eyes, eyes.chosen[0]


def test_the_looks_at_the_words_are_told_not_those_at_the_edge() -> None:
    eyes, chosen = by_pad()
    told = aim.of_choice(eyes.state, chosen, tiles()[2], eyes.now_ns)
    assert told is not None
    assert (told.area.top, told.area.bottom) == (0.1, 0.31)
    at_edge = [look.at_ns for look in eyes.state.looks if look.on_pad]
    assert at_edge
    assert told.from_ns < told.until_ns < min(at_edge)
    assert told.certainty == chosen.evidence.posterior_without_prior


def test_a_look_elsewhere_ends_what_is_told() -> None:
    eyes = Eyes().look(body_of(2), 1.0).look(body_of(7), 0.6).look(body_of(2), 0.8)
    back_ns = max(look.at_ns for look in eyes.state.looks if look.slot == 7)
    known = eyes.state
    chosen = eyes.press().chosen[0]
    told = aim.of_choice(known, chosen, tiles()[2], eyes.now_ns)
    assert told is not None
    assert told.from_ns > back_ns


@pytest.mark.parametrize(
    "change",
    [
        {"channel": m.Channelled.SCAN},
        {"posterior_without_prior": 0.8},
        {"slot_without_prior": 3},
        {"slot_without_prior": None},
    ],
)
def test_what_the_looks_did_not_choose_by_themselves_is_not_told(change: dict[str, object]) -> None:
    eyes, chosen = by_pad()
    other = msgspec.structs.replace(chosen.evidence, **change)
    assert aim.of_choice(eyes.state, msgspec.structs.replace(chosen, evidence=other), tiles()[2], 1) is None


@pytest.mark.parametrize(
    ("action", "role", "holds"),
    [
        (Action.TAKE, Role.CANDIDATE, True),
        (Action.SPEAK, Role.SPEAK, True),
        (Action.PAGE, Role.MENU, True),
        (Action.PAGE, Role.BACK, False),
        (Action.UNDO, Role.UNDO, False),
        (Action.DELETE, Role.DELETE_WORD, False),
        (Action.REPAIR, Role.NOT_MEANT, False),
    ],
)
def test_a_choice_that_is_taken_back_says_nothing(action: Action, role: Role, holds: bool) -> None:
    assert aim.holds(action, role) is holds


def test_a_fold_that_is_closed_again_was_not_meant() -> None:
    assert not aim.holds(Action.PAGE, Role.CLOSE)


def test_of_private_text_it_is_told_that_nothing_may_be_kept() -> None:
    held = m.LookedAt(at_ns=3, area=m.Area(left=0, top=0, right=1, bottom=1), from_ns=1, until_ns=2)
    known, private = Writing(text="I"), Writing(text="I am", lasting=Lasting(private=frozenset({"I am"})))
    unlearned = Writing(lasting=Lasting(incognito=True))
    assert aim.told(held, known, known) == held
    for before, after in ((known, private), (private, known), (unlearned, unlearned)):
        told = aim.told(held, before, after)
        assert told is not None
        assert told.is_private
    assert aim.told(None, known) is None
