"""`vybor headband flicker`: why nothing flickers, and a clinician's word, typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vybor import cli
from vybor.commands import asking
from vybor.commands.headband import flicker as headband_flicker
from vybor.contracts import messages as m
from vybor.contracts.messages import FlickerWish
from vybor.core.ways import flicker_safety as safety
from vybor.core.ways.flicker_safety import Off
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing

OFF = (safety.SENTENCES[Off.UNCONFIRMED], safety.SENTENCES[Off.NOT_WANTED])


class Core:
    """Answers one wish."""

    def __init__(self, told: m.AnyReply) -> None:
        self.told_it = told
        self.asked: list[m.AskFlicker] = []

    def new_request(self) -> str:
        return "1"

    def told(self, command: m.AskFlicker) -> m.AnyReply:
        self.asked.append(command)
        return self.told_it


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch) -> Core:
    answers = Core(m.FlickerTold(request="1", off=OFF))

    @contextmanager
    def reached(process: str, asker: str, runtime: Path, clock: object) -> Iterator[Core]:
        assert process == "core"
        yield answers

    monkeypatch.setattr(asking, "reached", reached)
    return answers


def said(wish: FlickerWish, *typed: str) -> list[str]:
    answers = iter(typed)
    return list(headband_flicker.lines(wish, Path(), SystemClock(), lambda question: next(answers)))


def test_every_reason_is_a_line(core: Core) -> None:
    told = said(FlickerWish.TELL)
    assert told == ["confirmed: by nobody", "trial: none", "nothing flickers:", *(f"  {each}" for each in OFF)]


def test_where_it_may_that_is_said(core: Core) -> None:
    core.told_it = m.FlickerTold(request="1", confirmed="neurologist, 2026-01-01", tried="19 of 20")
    assert said(FlickerWish.TELL) == ["confirmed: neurologist, 2026-01-01", "trial: 19 of 20", "words may flicker"]


def test_a_clinician_reads_what_it_is_and_types_their_role_and_yes(core: Core) -> None:
    told = said(FlickerWish.CONFIRM, " neurologist ", "Yes")
    assert told[0] == headband_flicker.IS_CONFIRMED
    assert [(each.wish, each.role) for each in core.asked] == [
        (FlickerWish.TELL, ""),
        (FlickerWish.CONFIRM, "neurologist"),
    ]


@pytest.mark.parametrize("typed", [("",), ("neurologist", ""), ("neurologist", "y"), ("neurologist", "no")])
def test_anything_else_confirms_nothing(core: Core, typed: tuple[str, ...]) -> None:
    assert said(FlickerWish.CONFIRM, *typed)[-1] == headband_flicker.NOT_CONFIRMED
    assert [each.wish for each in core.asked] == [FlickerWish.TELL]


def test_what_nobody_can_confirm_is_refused_before_anything_is_asked(core: Core) -> None:
    core.told_it = m.FlickerTold(request="1", off=OFF, unconfirmable="it cannot be confirmed: ask first")
    told: list[str] = []
    with pytest.raises(Missing, match=r"^it cannot be confirmed: ask first$"):
        told.extend(headband_flicker.lines(FlickerWish.CONFIRM, Path(), SystemClock(), told.append))
    assert told == []
    assert said(FlickerWish.FORGET)[0].startswith("forgotten")


def test_what_was_confirmed_can_be_forgotten(core: Core) -> None:
    assert said(FlickerWish.FORGET)[0].startswith("forgotten")


def test_a_core_of_another_version_is_one_sentence(core: Core) -> None:
    core.told_it = m.Done(request="1")
    with pytest.raises(Missing, match="one version"):
        said(FlickerWish.TELL)


def test_the_command_prints_and_somebody_who_types_nothing_confirms_nothing(
    core: Core, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def nobody(question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert cli.main(["headband", "flicker", "--runtime", str(tmp_path)]) == 0
    assert "nothing flickers:" in capsys.readouterr().out
    assert cli.main(["headband", "flicker", "confirm", "--runtime", str(tmp_path)]) == 0
    assert headband_flicker.NOT_CONFIRMED in capsys.readouterr().out
    assert cli.main(["headband", "flicker", "forget", "--runtime", str(tmp_path)]) == 0


def test_without_a_kit_it_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["headband", "flicker", "--runtime", str(tmp_path)]) != 0
    assert "no kit runs in" in capsys.readouterr().err
