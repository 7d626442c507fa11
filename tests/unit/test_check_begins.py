"""A check of words begins on an empty line only: else the draft would be spoken for an answer."""

import pytest

from unit.account_person import Scribe
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.core.decision import practising

BEGINS = m.ShowCheck(request="1", check=m.WordCheck(number=0, count=10))


def refused(scribe: Scribe, asked: m.ShowCheck = BEGINS) -> str:
    return practising.check_refused(scribe.state, asked)


def test_on_an_empty_line_it_begins() -> None:
    assert refused(Scribe()) == ""


def test_with_a_draft_it_asks_for_an_empty_line() -> None:
    scribe = Scribe()
    scribe.write("I want")
    assert "begins on an empty line" in refused(scribe)
    scribe.take(Role.MENU)
    assert "begins on an empty line" in refused(scribe)


def test_one_that_has_begun_goes_on_with_what_is_written() -> None:
    scribe = Scribe()
    scribe.write("I")
    assert refused(scribe, m.ShowCheck(request="1", check=m.WordCheck(number=2, count=10))) == ""
    assert refused(scribe, m.ShowCheck(request="1", check=None)) == ""


@pytest.mark.parametrize(("role", "why"), [(Role.REST, "rests"), (Role.HELP, "calls for help")])
def test_not_while_the_person_is_at_something_else(role: Role, why: str) -> None:
    scribe = Scribe()
    scribe.take(Role.MENU)
    scribe.take(role)
    assert why in refused(scribe)
    assert "practice" not in refused(scribe)
