"""How often the sentence that was meant is offered: by a model that says what it is told, and in figures."""

from pathlib import Path

import pytest

from vybor.contracts.messages import Intent
from vybor.foundation.clock import SystemClock, seconds
from vybor.generator.candidates import Proposer
from vybor.generator.network import bundle
from vybor_workshop.dataset.examples import Part
from vybor_workshop.frames import measuring
from vybor_workshop.frames.kept import Measured
from vybor_workshop.frames.measuring import OFF, ON, Found, Subject
from vybor_workshop.frames.pairs import Pair
from vybor_workshop.frames.worth import told
from world import tiny_adapter, tiny_model

SAYS = {
    "<|im_start|>": {"I": 0.7, "The": 0.3},
    "I": {" want": 0.6, " like": 0.4},
    "The": {" tea": 1.0},
    " want": {" hot": 0.6, " tea": 0.3, " cold": 0.1},
    " like": {" tea": 1.0},
    " hot": {" tea": 1.0},
    " cold": {" tea": 1.0},
    " tea": {".": 1.0},
}
RARITY = {"tea": 0.001, "hot": 0.01, "cold": 0.02}


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    folder = tiny_model.bigrams(tmp_path_factory.mktemp("model") / "tiny", SAYS)
    return Subject(bundle.open_bundle(folder), folder, "en", lambda word: RARITY.get(word, 1.0), threads=1)


def look(subject: Subject, text: str, *words: str) -> Found:
    pair = Pair(Part.HELD, words, Intent.WANT, text)
    return measuring.look(Proposer(subject.bundle, 1), pair, subject, SystemClock())


def test_the_rarest_word_is_given_first_and_the_next_where_the_sentence_is_not_there_yet(subject: Subject) -> None:
    at_once = look(subject, "I want hot tea.", "hot", "tea")
    assert (at_once.after, at_once.agrees) == (1, 4)
    later = look(subject, "I want cold tea.", "cold", "tea")
    assert (later.after, later.agrees) == (2, 4)
    missed = look(subject, "I want tea.", "tea")
    assert (missed.after, missed.agrees) == (0, 2)


def test_two_sentences_agree_up_to_the_first_word_that_differs() -> None:
    assert measuring.agreeing(("i", "want", "tea"), ("i", "want", "soup")) == 2
    assert measuring.agreeing(("i", "want"), ("i", "want", "soup")) == 2
    assert measuring.agreeing((), ("i",)) == 0


def of(*right: bool) -> list[Found]:
    return [Found(after=int(one), agrees=3 if one else 1, offered=4, ms=100.0) for one in right]


def test_the_gain_is_paired_and_sure_only_where_its_interval_says_so() -> None:
    plain, better = of(*[False] * 40), of(*[True] * 10, *[False] * 30)
    found = measuring.figures({OFF: plain, ON: better})
    assert (found["right_without"], found["right_with"], found["gain"]) == (0, 0.25, 0.25)
    assert 0 < found["gain_low"] < 0.25 < found["gain_high"]
    sure = Measured(adapter_sha256="", sentences=40, figures=found)
    assert sure.is_better
    assert "surely more often" in told(sure)[-1]
    same = Measured(adapter_sha256="", sentences=40, figures=measuring.figures({OFF: better, ON: better}))
    assert not same.is_better
    assert "it is not worth sending" in told(same)[-1]


def test_both_are_asked_for_each_sentence_until_the_time_is_over(tmp_path: Path) -> None:
    made = tiny_adapter.write(tmp_path / "model")
    adapter = tiny_adapter.peft(tmp_path / "frames", tiny_adapter.halves())
    subject = Subject(made, adapter, "en", lambda word: RARITY.get(word, 1.0), threads=1, minutes=1.0)
    held = [Pair(Part.HELD, ("tea",), None, f"{word} tea.") for word in ("Hot", "Cold", "Old")]
    said: list[str] = []
    assert measuring.measure(subject, held, Later(seconds(0.0)), said.append)[0] == 3
    assert measuring.measure(subject, held, Later(seconds(25.0)), said.append)[0] == 1
    assert "the time is over after 1 of 3 sentences" in said


class Later:
    """A clock that is later each time by so much."""

    def __init__(self, step_ns: int) -> None:
        self._now_ns, self._step_ns = 0, step_ns

    def now_ns(self) -> int:
        self._now_ns += self._step_ns
        return self._now_ns
