"""Two choices wake the kit, one soon after the other."""

import msgspec
import pytest

from unit.test_private import Person
from vybor.composer.waking import WITHIN_NS
from vybor.contracts.messages import Mode, Role
from vybor.core.decision import deciding
from vybor.foundation.clock import seconds
from vybor.selector.ways import Headband


def rests() -> Person:
    person = Person()
    person.take(Role.MENU, Role.REST)
    return person


def waits(person: Person, for_ns: int) -> None:
    """Time passes, and the decision is told of it each second; the eyes are there, and choose nothing."""
    until_ns = person.now_ns + for_ns
    while person.now_ns < until_ns:
        person.look(1, 1.0)
        person.state = deciding.passed(person.state, person.rules, person.now_ns, Headband.UNSET)


@pytest.mark.parametrize(
    ("waited_ns", "mode"), [(WITHIN_NS - seconds(5), Mode.WORDS), (8 * 3600 * seconds(1), Mode.REST)]
)
def test_the_first_choice_to_wake_holds_for_a_while_only(waited_ns: int, mode: Mode) -> None:
    person = rests()
    (first,) = person.state.tiles
    person.take(Role.WAKE)
    (second,) = person.state.tiles
    assert first.slot != second.slot
    waits(person, min(waited_ns, 2 * WITHIN_NS))
    person.now_ns += max(0, waited_ns - 2 * WITHIN_NS)
    (tile,) = person.state.tiles
    assert tile.slot == (second if mode is Mode.WORDS else first).slot
    person.take(Role.WAKE)
    assert person.state.writing.mode is mode


def test_time_changes_nothing_of_what_rests() -> None:
    person = rests()
    before = msgspec.structs.replace(person.state.writing)
    waits(person, 2 * WITHIN_NS)
    assert person.state.writing == before
