"""`vybor model`: the versions in lines, and what is no version."""

import pytest

from vybor import cli
from vybor.commands.model import STATES, lines
from vybor.contracts import messages as m
from vybor.contracts.messages import GrownState
from vybor.contracts.numbers import Learned

KNOWN = m.GrownTold(
    request="",
    model="tiny-abc+def",
    grown=(
        m.Grown(
            became=m.Became(serial=3, state=GrownState.ROLLED_BACK, reason="40 of 60 were taken back", growth=2),
            at="2026-03-01T10:00:00+00:00",
        ),
        m.Grown(
            became=m.Became(serial=4, state=GrownState.GOOD, starts=3, choices=210, undone=9, is_stale=True),
            is_worn=True,
        ),
    ),
)


def test_each_version_has_a_line_and_the_reason_where_something_is_wrong() -> None:
    assert list(lines(KNOWN)) == [
        "  factory  the model as it came",
        "        3  rolled back, growth 2, came 2026-03-01",
        "           40 of 60 were taken back",
        "*       4  good, starts 3, words taken 210, of them taken back at once 9, "
        "learned from what was deleted since: retrain",
        "model: tiny-abc+def",
    ]


def test_numbers_of_one_person_stand_behind_the_adapters_each_kind_with_its_own() -> None:
    grown = (
        *KNOWN.grown,
        m.Grown(
            became=m.Became(serial=6, state=GrownState.ON_TRIAL, growth=1, starts=1),
            kind=Learned.INTEREST,
            is_worn=True,
        ),
        m.Grown(became=m.Became(serial=5, state=GrownState.REFUSED, reason="it cannot be"), kind=Learned.COUNTS),
    )
    told = list(lines(m.GrownTold(request="", model="tiny", grown=grown, by_hand="/kit/adapter")))
    assert told[-6:] == [
        "  factory  interest: everybody's numbers",
        "*       6  interest: on trial, fit 1, starts 1",
        "* factory  counts: everybody's numbers",
        "        5  counts: refused",
        "           it cannot be",
        "model: tiny",
    ]


def test_what_makes_sentences_stands_by_itself() -> None:
    became = m.Became(serial=5, state=GrownState.ON_TRIAL, starts=1, base="ab")
    frames = m.Grown(became=became, kind=Learned.FRAMES, is_worn=True)
    assert list(lines(m.GrownTold(request="", model="tiny", grown=(frames,)))) == [
        "* factory  the model as it came",
        "  factory  frames: none that was sent",
        "*       5  frames: on trial, for whole sentences from a word alone, starts 1",
        "model: tiny",
    ]


def test_the_model_as_it_came_and_an_adapter_that_was_laid_there() -> None:
    nothing = m.GrownTold(request="", model="", grown=())
    assert list(lines(nothing)) == ["* factory  the model as it came", "model: none is loaded"]
    laid = m.GrownTold(request="", model="tiny+x", grown=(), by_hand="/kit/adapter")
    first, second, _ = lines(laid)
    assert "somebody laid there" in first
    assert second.startswith("  factory")


def test_every_state_has_a_word() -> None:
    assert set(STATES) == set(GrownState)


@pytest.mark.parametrize("typed", ["0", "-1", "three", "1.5", "9999999", "٣"])
def test_what_is_no_version_is_refused_in_a_sentence(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["model", "use", typed])
    assert "name a number of `vybor model list`, or factory" in capsys.readouterr().err


def test_without_a_kit_that_is_said(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    for kind in Learned:
        assert cli.main(["model", "rollback", "--kind", kind, "--runtime", str(tmp_path)]) == 69
        assert capsys.readouterr().err.count("\n") == 1
