"""What the bench of the instant tier counts."""

import sys
from math import e

import pytest

from benches import instant
from benches.instant_figures import LEAST_P, Guess, calibration_error, figures, log_loss
from benches.instant_speed import places, prompt_for, texts_of


def test_probabilities_that_hold_have_no_error() -> None:
    assert calibration_error([(0.5, True), (0.5, False)] * 50) == pytest.approx(0.0)
    assert calibration_error([(0.9, True), (0.9, False)] * 50) == pytest.approx(0.4)
    assert calibration_error([(0.2, False)] * 10 + [(0.8, True)] * 10) == pytest.approx(0.2)
    assert calibration_error([]) == 0.0


def test_log_loss_is_in_nats_and_no_word_costs_everything() -> None:
    assert log_loss([1 / e, 1 / e]) == pytest.approx(1.0)
    assert log_loss([0.0]) == log_loss([LEAST_P])


def test_figures_of_guesses() -> None:
    sure = Guess(1.0, ((1.0, True),))
    fifth = Guess(0.0, ((0.5, False), (0.2, False), (0.2, False), (0.1, False), (0.0, True)))
    found = figures("base.open", [sure, fifth])
    assert found["base.open.hit_4"] == found["base.open.unknown"] == 0.5
    assert found["base.open.ece"] == pytest.approx((0 + 0.5 + 0.2 + 0.2 + 0.1) / 5)
    assert figures("base.open", []) == {}


def test_prompts_along_a_text() -> None:
    assert list(places("I am here .")) == [("", "I"), ("I", "am"), ("I am", "here"), ("I am here", ".")]
    looks = prompt_for("I", "Don't", "look_2")
    assert looks is not None
    assert (looks.text, looks.prefix, looks.groups) == ("I", "", ("abcdefg", "hijklmno"))
    letter = prompt_for("I", "Don't", "letter_1")
    assert letter is not None
    assert (letter.prefix, letter.groups) == ("d", ())
    assert prompt_for("I", "a", "look_2") is None
    assert prompt_for("I", ".", "look_1") is None
    assert prompt_for("I", "3:30", "look_1") is None


def test_so_many_characters_of_a_corpus() -> None:
    assert texts_of(["abc", "def", "ghi"], 4) == ["abc", "def"]
    assert texts_of(["abc"], 99) == ["abc"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--phrases", "nowhere.txt"], "the phrases in nowhere.txt cannot be read"),
        (["--megabytes", "0"], "0 is too few; take 1 or more"),
        (["--json", "no/such/folder.json"], "there is no folder no/such; make it first"),
    ],
)
def test_bad_input_is_said_in_a_sentence(
    options: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["instant", "--share", ".", *options])
    with pytest.raises(SystemExit) as ended:
        instant.main()
    assert ended.value.code not in (0, None)
    assert said in capsys.readouterr().err
