"""The bench of what stands before a text: its log loss is the model's, and its gains are what they say."""

import sys

import msgspec
import numpy as np
import pytest

from benches import context
from benches.context import Read, Reader, asked_and_answered, compared, half_of, is_long_enough
from vybor.generator.words import probabilities
from vybor_workshop import words_corpus
from world import tiny_model


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    share = tmp_path_factory.mktemp("share")
    tiny_model.random(share / "model")
    return Reader(share, threads=1)


def test_a_text_read_in_one_step_loses_what_it_loses_token_by_token(reader: Reader) -> None:
    before, text = [1, 5, 9, 4], [7, 3, 8, 6]
    lost = 0.0
    reader._model.rewind([])
    reader._model.append(before)
    for token in text:
        lost -= float(np.log(probabilities(reader._model.end)[token]))
        reader._model.append([token])
    assert reader.nats(before, text) == pytest.approx(lost, rel=1e-3)
    assert reader.nats(before, text[:1]) < lost
    assert reader.nats(before, text) == pytest.approx(lost, rel=1e-3)  # nothing of a text stays behind


def test_a_gain_is_what_is_lost_less_a_token() -> None:
    read = [Read({"without": 10.0, "turn": 8.0}, 4), Read({"without": 20.0, "turn": 18.0}, 6)]
    figures = compared("partner", read)
    assert figures["partner.messages"] == 2
    assert figures["partner.without.nats"] == pytest.approx(3.0)
    assert figures["partner.turn.gain"] == pytest.approx(0.4)
    assert figures["partner.turn.gain_low"] == pytest.approx(4 / 12)
    assert figures["partner.turn.gain_high"] == pytest.approx(4 / 8)
    assert compared("noted", []) == {"noted.messages": 0}, (
        "none had a note: what was read before is not lost for it"
    )


def test_an_answer_is_the_first_message_of_the_other_s_turn() -> None:
    said = [[("a", "hi there"), ("a", "how are you?")], [("b", "fine  thanks"), ("b", "you?")], [("b", "well")]]
    turns = [[{"sender": who, "text": text} for who, text in turn] for turn in said]
    talk = msgspec.convert({"messages": turns}, words_corpus._Conversation)
    assert list(asked_and_answered(talk)) == [("Hi there how are you?", "Fine thanks")]
    assert is_long_enough("One two three")
    assert not is_long_enough("One two three", "one two")
    assert half_of("One two three four five") == "One two"


def test_no_message_at_all_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["context", "--share", "/nowhere", "--messages", "0"])
    with pytest.raises(SystemExit):
        context.main()
    assert "argument --messages: 0 is too few; take 1 or more" in capsys.readouterr().err
