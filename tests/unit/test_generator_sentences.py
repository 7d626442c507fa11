"""Whole sentences around given words: what was said before, phrases, and a model that says what it is told."""

from pathlib import Path

import msgspec
import pytest

from vybor.composer.anchors import LONGEST
from vybor.composer.letters import KEYS
from vybor.contracts import messages as m
from vybor.contracts.messages import Intent, Source
from vybor.generator.candidates import BRANCHES, Proposer
from vybor.generator.network import bundle
from vybor.generator.notes.topical import with_topics
from vybor.generator.sentences import MOST_CHARACTERS
from vybor.instant import anchors
from vybor.instant.anchors import Said, carries, fits, own_words, said, sentences_in, there_already
from vybor.retrieval.notes import Note
from world import tiny_model

SENTENCES = {
    "<|im_start|>": {"I": 0.5, "Where": 0.3, "My": 0.1, "The": 0.1},
    "I": {" want": 0.5, " need": 0.3, " like": 0.2},
    "My": {" doctor": 1.0},
    "The": {" water": 0.6, " doctor": 0.4},
    "Where": {" is": 1.0},
    " is": {" the": 0.8, " late": 0.2},
    " want": {" water": 0.2, " the": 0.3, " to": 0.5},
    " need": {" the": 1.0},
    " like": {" the": 0.5, " water": 0.5},
    " the": {" doctor": 0.5, " water": 0.2, " tea": 0.3},
    " water": {".": 0.5, "?": 0.2, " the": 0.3},
    " doctor": {"?": 0.5, ".": 0.3, " is": 0.2},
    " late": {".": 1.0},
    " to": {" go": 1.0},
    " go": {".": 1.0},
    " tea": {".": 1.0},
}


@pytest.fixture(scope="module")
def proposer(tmp_path_factory: pytest.TempPathFactory) -> Proposer:
    folder = tiny_model.bigrams(tmp_path_factory.mktemp("model") / "tiny", SENTENCES)
    return Proposer(bundle.open_bundle(folder), threads=1)


@pytest.fixture(scope="module")
def babbler(tmp_path_factory: pytest.TempPathFactory) -> Proposer:
    folder = tiny_model.random(tmp_path_factory.mktemp("model") / "random")
    return Proposer(bundle.open_bundle(folder), threads=1)


def prompt(*words: str, intent: Intent | None = None, near: str = "", text: str = "", count: int = 4) -> m.Prompt:
    return m.Prompt(at_ns=0, number=1, text=text, count=count, anchors=words, intent=intent, near=near)


def propose(proposer: Proposer, asked: m.Prompt) -> list[str]:
    found = proposer.propose(asked, lambda: True)
    assert found is not None
    return [" ".join(one.words) for one in found]


def spoken(*texts: str) -> list[Said]:
    return [sentence for text in texts for sentence in sentences_in(text)]


def test_the_word_is_put_where_it_is_likeliest_and_the_sentence_ends_where_the_model_would(
    proposer: Proposer,
) -> None:
    found = propose(proposer, prompt("water", intent=Intent.WANT))
    assert found[:2] == ["I want water.", "I need the water."]
    assert all("water" in sentence and sentence.endswith((".", "?", "!")) for sentence in found)


def test_a_question_ends_as_one_and_begins_as_one(proposer: Proposer) -> None:
    assert propose(proposer, prompt("doctor", intent=Intent.ASK))[0] == "Where is the doctor?"


def test_both_words_are_there(proposer: Proposer) -> None:
    found = propose(proposer, prompt("doctor", "late", intent=Intent.FEEL))
    assert "My doctor is late." in found
    assert all({"doctor", "late"} <= set(said(sentence).words) for sentence in found)


def test_without_an_intent_sentences_with_other_openings_come_first(proposer: Proposer) -> None:
    found = propose(proposer, prompt("water", count=3))
    assert len({tuple(sentence.split()[:2]) for sentence in found}) == 3


def test_sentences_like_one_share_its_beginning_and_it_does_not_come_again(proposer: Proposer) -> None:
    found = propose(proposer, prompt("water", near="I want water."))
    assert found
    assert "I want water." not in found
    assert any(sentence.startswith("I want") for sentence in found)


def test_no_sentence_without_its_words_whatever_the_model_says(babbler: Proposer) -> None:
    for words in (("the",), ("then", "ing")):
        for sentence in propose(babbler, prompt(*words)):
            assert carries(said(sentence), words)
            assert len(sentence) <= MOST_CHARACTERS


def test_work_on_sentences_can_be_dropped_between_any_two_steps(proposer: Proposer) -> None:
    asked = 0

    def still_wanted() -> bool:
        nonlocal asked
        asked += 1
        return asked < 5

    assert proposer.propose(prompt("water"), still_wanted) is None
    assert asked == 5
    assert propose(proposer, prompt("water", intent=Intent.WANT))[0] == "I want water."


@pytest.mark.parametrize("near", ["", "I want to tell the doctor that the water is late and cold."])
def test_where_the_cache_ends_the_search_does(near: str, tmp_path: Path) -> None:
    folder = tiny_model.bigrams(tmp_path / "tiny", SENTENCES, context=BRANCHES + 32)
    small = Proposer(bundle.open_bundle(folder), threads=1)
    found = propose(small, prompt("water", text="I want the water. " * 30, near=near))
    assert all("water" in sentence for sentence in found)
    assert small.read + small._model.branches <= BRANCHES + 32


def test_what_was_said_comes_before_phrases_and_is_found_in_any_form() -> None:
    mine = spoken("The nurses wait outside. I am hungry.", "A nurse was here.")
    found = there_already(prompt("nurse"), mine)
    assert [(" ".join(one.words), one.source) for one in found] == [
        ("A nurse was here.", Source.OWN),
        ("The nurses wait outside.", Source.OWN),
    ]
    assert [one.source for one in there_already(prompt("pain"), mine)] == [Source.PHRASE]
    assert [one.source for one in there_already(prompt("pain"), spoken("The pain is gone."))] == [
        Source.OWN,
        Source.PHRASE,
    ]


def test_of_the_persons_own_what_is_asked_for_comes_first_then_what_is_said_often() -> None:
    mine = spoken("Tea is cold.", "Tea is cold.", "Where is my tea?", "I want tea.")
    order = [" ".join(one.words) for one in there_already(prompt("tea", intent=Intent.ASK), mine)]
    assert order == ["Where is my tea?", "Tea is cold.", "I want tea."]
    near = [" ".join(one.words) for one in there_already(prompt("tea", near="I want coffee."), mine)]
    assert near[0] == "I want tea."


def test_a_sentence_is_offered_once_as_it_was_written_last_and_not_if_it_is_the_one_asked_about() -> None:
    mine = spoken("i want tea", "I want tea.")
    assert [one.words for one in there_already(prompt("tea"), mine)] == [("I", "want", "tea.")]
    assert there_already(prompt("tea", near="I want tea"), mine) == ()


def test_the_persons_own_words_are_those_that_sentences_are_about_and_fit_the_letters() -> None:
    mine = spoken("The soup is cold.", "My sister sings.", "I want the soup.")
    asked = m.Prompt(at_ns=0, number=1, text="", count=2)
    assert [one.words for one in own_words(asked, mine)] == [("soup",), ("sister",)]
    looked = msgspec.structs.replace(
        asked, groups=tuple(next(key for key in KEYS["en"] if letter in key) for letter in "si"), exclude=("soup",)
    )
    assert [one.words for one in own_words(looked, mine)] == [("sister",), ("sings",)]
    assert own_words(msgspec.structs.replace(asked, prefix="q"), mine) == ()
    assert own_words(asked, ()) == ()


def test_a_sentence_too_long_for_a_tile_is_none() -> None:
    assert spoken(f"{'a ' * (LONGEST // 2 - 1)}b.") != []
    assert spoken(f"{'a ' * (LONGEST // 2)}b.") == []
    assert spoken("...") == []


@pytest.mark.parametrize(
    ("text", "intent", "does"),
    [
        ("Is it late?", Intent.ASK, True),
        ("It is late.", Intent.ASK, False),
        ("I don't want soup.", Intent.REFUSE, True),
        ("I want soup?", Intent.WANT, False),
        ("We ate soup.", None, True),
    ],
)
def test_what_a_sentence_does_is_seen_by_its_form(text: str, intent: Intent | None, does: bool) -> None:
    assert fits(said(text), intent, "en") is does


def test_topic_documents_leave_whole_sentences_as_they_are() -> None:
    sentences = [m.Candidate(words=("I", end), p=0.2, source=Source.MODEL) for end in ("run.", "sit.")]
    notes = (Note("Zelda keeps bees.", "bees.txt", "", 1.0),)
    assert with_topics(sentences, notes, prompt("bees")) == tuple(sentences)


def test_every_intent_has_openings_in_every_language_and_no_model_means_no_harm() -> None:
    assert all(set(table) == set(Intent) for table in anchors.OPENINGS.values())
    assert set(anchors.openings(prompt("x", near="I want tea"))) == {"I", "I want"}


def test_the_bundle_is_not_asked_in_another_language(proposer: Proposer, tmp_path: Path) -> None:
    asked = m.Prompt(at_ns=0, number=1, text="", anchors=("врач",), language="ru")
    assert propose(proposer, asked) == []
