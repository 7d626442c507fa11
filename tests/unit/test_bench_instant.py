"""What the bench of the instant tier counts."""

import re
import sys
from collections.abc import Iterator
from math import e
from pathlib import Path

import pytest

from benches import instant, instant_speed
from benches.instant_figures import LEAST_P, Guess, calibration_error, figures, log_loss
from benches.instant_quality import guess, quality
from benches.instant_speed import places, prompt_for, texts_of
from benches.instant_writers import MOST_MESSAGES, along, held_out
from benches.writing_phrases import Phrase
from vybor.contracts import messages as m
from vybor.foundation.errors import Missing
from vybor.instant.tier import Personal, WordList
from vybor_workshop import words_corpus, words_counts, words_file, words_lexicon


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
    assert (looks.text, looks.prefix, looks.groups) == ("I", "", ("abcde", "mnopqr"))
    letter = prompt_for("I", "Don't", "letter_1")
    assert letter is not None
    assert (letter.prefix, letter.groups) == ("d", ())
    assert prompt_for("I", "a", "look_2") is None
    assert prompt_for("I", ".", "look_1") is None
    assert prompt_for("I", "3:30", "look_1") is None


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordList]:
    path = tmp_path_factory.mktemp("words") / "words.sqlite"
    sentences = list(words_corpus.clean([("a", "I would like some tea."), ("b", "I would go home.")] * 3, "en"))
    frequencies = dict.fromkeys(("i", "would", "like", "some", "tea", "go", "home", "zebra"), 0.01)
    lexicon = words_lexicon.lexicon("en", sentences, frequencies)
    words_file.write(path, words_counts.trigram(sentences, lexicon), lexicon.written, {"language": "en"})
    opened = WordList.open(path)
    yield opened
    opened.close()


def test_tiers_are_judged_along_phrases(words: WordList) -> None:
    def model(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
        word = "zebra" if prompt.text.endswith("like") else "would"
        return (m.Candidate(words=(word,), p=0.9, source=m.Source.MODEL),)

    phrases = [Phrase(number, ("i", "would", "like", "zebra")) for number in range(3)]
    found = quality(words, model, phrases)
    assert (found["places.open"], found["places.look_2"]) == (12, 9)
    for kind in ("open", "look_1", "look_2"):
        assert found[f"instant.{kind}.log_loss"] < found[f"base.{kind}.log_loss"]
        assert 0 <= found[f"mixed.{kind}.ece"] <= 1
    assert found["mixed.open.log_loss"] < found["base.open.log_loss"]
    assert found["mixed.open.hit_4"] == 1.0
    assert found["mixed.open.unknown"] == 0.0


def test_a_model_s_word_that_the_list_does_not_know_is_judged_too(words: WordList) -> None:
    prompt = m.Prompt(at_ns=0, number=1, text="I would like", count=5)
    model = [m.Candidate(words=("Xylophone",), p=0.9, source=m.Source.MODEL)]
    made = guess(words, prompt, "xylophone", Personal(), model)
    assert made.p == pytest.approx(made.shown[0][0])
    assert made.shown[0][1] is True
    assert guess(words, prompt, "yeti", Personal(), ()).p == 0.0


def test_writers_are_kept_out_by_how_much_they_wrote() -> None:
    messages = [("much", f"text {number}") for number in range(MOST_MESSAGES + 10)] + [("little", "text")]
    held = held_out(messages)
    assert list(held) == ["much"]
    assert (held["much"][0], len(held["much"])) == ("text 10", MOST_MESSAGES)


def test_what_a_writer_says_again_is_expected_more_by_what_was_said_lately(words: WordList) -> None:
    ps = along(words, [("I", "would", "go", "home", ".")] * 6)
    assert [len(each) for each in ps.values()] == [15, 15, 15]
    assert log_loss(ps["recent"]) < log_loss(ps["own"]) < log_loss(ps["base"])


def test_so_many_characters_of_a_corpus() -> None:
    assert texts_of(["abc", "def", "ghi"], 4) == ["abc", "def"]
    assert texts_of(["abc"], 99) == ["abc"]


def test_where_all_was_learned_nothing_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(instant_speed.materials, "fetch", lambda what, cache, say: tmp_path)
    monkeypatch.setattr(instant_speed.words_corpus, "read_chitchat", lambda path: [("a", "so it is")] * 9)
    with pytest.raises(Missing, match="take fewer --megabytes"):
        instant_speed.speed(tmp_path / "words.sqlite", tmp_path, tmp_path, 1000, lambda line: None)


def test_the_help_names_figures_that_are_measured() -> None:
    sources = [path.read_text() for path in Path(instant.__file__).parent.glob("instant_*.py")]
    named = re.findall(r"^  (\w+) {2,}", instant.EPILOG, re.MULTILINE)
    assert len(named) > 5
    assert [name for name in named if not any(name in source for source in sources)] == []


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
