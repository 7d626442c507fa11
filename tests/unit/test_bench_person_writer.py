"""The writer of the bench `person`: whatever the kit chooses is counted, also what was chosen in between."""

from types import SimpleNamespace

import pytest

from benches import person_writer
from benches.person_result import Result
from benches.person_writer import Writer
from benches.writing_phrases import Phrase


def chosen(said: str = "") -> SimpleNamespace:
    return SimpleNamespace(said=said)


def writer(*choices: SimpleNamespace) -> Writer:
    made = Writer.__new__(Writer)
    vars(made).update(_kit=SimpleNamespace(chosen=list(choices)), _heeded=0, result=Result())
    made._phrase = Phrase(0, ("we", "want", "tea"))
    return made


def test_what_was_chosen_while_nobody_chose_is_false_and_what_it_said_a_misquotation() -> None:
    one = writer(chosen(), chosen("Something else."), chosen("We want tea."), chosen())
    assert one._newest() is one._kit.chosen[-1]
    assert (one.result.false_reading, one.result.misquoted) == (3, 1)
    assert one._newest() is one._kit.chosen[-1]
    assert one.result.false_reading == 3, "each counts once"
    one._kit.chosen.append(chosen("No."))  # type: ignore[arg-type]
    one._count_unheeded(5)
    assert (one.result.false_reading, one.result.misquoted) == (4, 2)


def test_what_is_chosen_in_its_turn_is_not_false() -> None:
    one = writer()
    for number in range(3):
        one._kit.chosen.append(chosen())  # type: ignore[arg-type]
        assert one._newest() is one._kit.chosen[number]
    one._count_unheeded(3)
    assert one.result == Result()


def test_a_phrase_ends_with_all_that_was_chosen_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    one = writer(chosen("No."))
    one._kit.now_ns, one._began_ns = 2, 1
    one._kit.model_s = []
    spent = dict.fromkeys(person_writer.Doing, 0.0)
    vars(one).update(_body=SimpleNamespace(spent_s=spent, signals=0))
    monkeypatch.setattr(one, "_idle", lambda: None)
    one.result.finished = True
    one._end()
    assert (one.result.false_reading, one.result.misquoted) == (1, 1)
