"""The word list's build, from a small corpus: what enters, how it is written, and that it comes out the same."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from vybor.foundation.errors import Missing, PlaceError
from vybor.generator.notes.topics import CACHE_KIB, Commonness
from vybor.instant.word_list import BEGIN, NOTHING, WordFile
from vybor_workshop import words, words_corpus, words_counts, words_lexicon
from vybor_workshop.words_corpus import Sentence

MESSAGES = [
    ("anna", "I went to Paris. It was great!!"),
    ("ben", "im sure u like paris :)"),
    ("anna", "Haha, that was in Paris, near the river"),
    ("cleo", "HELLO PARIS"),
    ("cleo", "see www.example.com now"),
    ("ben", "*waves*"),
    ("ben", "soooo abuot it"),
]
FREQUENCIES = {
    **dict.fromkeys(("i", "went", "to", "paris", "it", "was", "great", "you", "like", "in", "the", "river"), 0.01),
    **dict.fromkeys(("i'm", "sure", "see", "now", "near", "b", "e.g", "haha", "soooo", "дом"), 0.001),
    "00": 0.01,
    "im": 0.0001,
    "café": 0.0002,
    "cafe": 0.0001,
    "abuot": 6e-8,
}


def cleaned() -> list[Sentence]:
    return list(words_corpus.clean(MESSAGES, "en"))


def origin(language: str = "en") -> words.Origin:
    return words.Origin(
        language=language, corpus=words.CHITCHAT, wordfreq="0", frequencies_sha256="f", rules_sha256="r"
    )


def test_messages_become_clean_sentences() -> None:
    assert [sentence.tokens for sentence in cleaned()] == [
        ("I", "went", "to", "Paris", "."),
        ("It", "was", "great", "!"),
        ("I'm", "sure", "you", "like", "paris"),
        ("that", "was", "in", "Paris", ",", "near", "the", "river"),
        ("HELLO", "PARIS"),
        ("see", "…"),
        ("now",),
        ("soooo", "abuot", "it"),
    ]


def test_only_those_who_mind_their_capitals_tell_how_words_are_written() -> None:
    lexicon = words_lexicon.lexicon("en", cleaned(), FREQUENCIES)
    assert lexicon.written["paris"] == "Paris"
    assert lexicon.written["it"] == "it"
    assert lexicon.written["cafe"] == "café"
    assert lexicon.written["i'm"] == "I'm"


def test_what_is_no_word_does_not_enter() -> None:
    lexicon = words_lexicon.lexicon("en", cleaned(), FREQUENCIES)
    assert {"soooo", "haha", "00", "b", "e.g", "дом", "im", "hello", "…"}.isdisjoint(lexicon.written)
    assert {".", "!", ",", "river"} <= set(lexicon.written)
    assert sum(lexicon.p.values()) == pytest.approx(1)
    assert list(lexicon.written) == sorted(lexicon.written)


def test_a_slip_of_the_corpus_does_not_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    few = msgspec.structs.replace(words_lexicon.ALPHABETS["en"], most=10)
    monkeypatch.setitem(words_lexicon.ALPHABETS, "en", few)
    lexicon = words_lexicon.lexicon("en", cleaned(), FREQUENCIES)
    assert "abuot" not in lexicon.written
    assert "sure" in lexicon.written


def test_a_word_that_many_use_enters_though_the_language_does_not_know_it() -> None:
    told = [(speaker, "the zybook") for speaker in "abcab"]
    assert "zybook" in words_lexicon.lexicon("en", list(words_corpus.clean(told, "en")), FREQUENCIES).written
    by_two = list(words_corpus.clean(told[:2] * 3, "en"))
    assert "zybook" not in words_lexicon.lexicon("en", by_two, FREQUENCIES).written


def test_every_context_is_one_distribution() -> None:
    sentences = cleaned() * 3
    trigram = words_counts.trigram(sentences, words_lexicon.lexicon("en", sentences, FREQUENCIES))
    assert 0 < sum(trigram.ps) <= 1
    for followers in trigram.contexts.values():
        assert all(0 < p <= 1 for p in followers.ps)
        assert list(followers.ps) == sorted(followers.ps, reverse=True)
        assert followers.rest >= 0
        assert sum(followers.ps) + followers.rest <= 1 + 1e-9


def test_a_text_that_ends_without_a_mark_keeps_some_chance_for_its_end() -> None:
    ended = list(words_corpus.clean([("a", "I went"), ("b", "I went to Paris.")] * 3, "en"))
    lexicon = words_lexicon.lexicon("en", ended, FREQUENCIES)
    trigram = words_counts.trigram(ended, lexicon)
    went = trigram.contexts[words_counts.key(NOTHING, 2 + trigram.words.index("went"))]
    assert sum(went.ps) + went.rest < 0.9


def test_sentences_begin_only_with_what_was_said_often() -> None:
    sentences = list(
        words_corpus.clean([("a", "See it."), ("b", "It was."), ("c", "It was."), ("d", "It is.")], "en")
    )
    trigram = words_counts.trigram(sentences, words_lexicon.lexicon("en", sentences, FREQUENCIES))
    begun = trigram.contexts[words_counts.key(NOTHING, BEGIN)]
    assert [trigram.words[word - 2] for word in begun.ids] == ["it"]


def test_prefixes_of_many_words_are_listed_by_frequency() -> None:
    many = sorted([f"a{number:03}" for number in range(words_counts.MANY_WORDS + 1)] + ["b"])
    ps = [1 / (2 + number) for number in range(len(many))]
    listed = dict(words_counts.prefixes(many, ps))
    assert set(listed) == {"", "a"}
    assert listed["a"].ids[:2] == (2, 3)
    assert len(listed["a"].ids) == words_counts.MOST_LISTED


def test_chitchat_is_read_as_it_is_published(tmp_path: Path) -> None:
    conversation = {"prompt": "?", "messages": [[{"text": "Hi", "timestamp": "t", "sender": "s"}], []]}
    (tmp_path / "dataset.json").write_bytes(msgspec.json.encode({"id": conversation}))
    assert list(words_corpus.read_chitchat(tmp_path / "dataset.json")) == [("s", "Hi")]


def test_the_same_words_give_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    said: list[str] = []
    words.make(tmp_path / "here.sqlite", origin(), MESSAGES, FREQUENCIES, said.append)
    words.make(tmp_path / "again.sqlite", origin(), MESSAGES, FREQUENCIES, lambda _: None)
    script = (
        "import sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path; import test_words_build as t;"
        "t.words.make(Path(sys.argv[1]), t.origin(), t.MESSAGES, t.FREQUENCIES, print)"
    )
    environ = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", script, str(tmp_path / "there.sqlite"), str(Path(__file__).parent)]
    subprocess.run(command, env=environ, check=True, capture_output=True)
    here = (tmp_path / "here.sqlite").read_bytes()
    assert here == (tmp_path / "again.sqlite").read_bytes() == (tmp_path / "there.sqlite").read_bytes()
    assert said[0] == "words en: reading"
    assert said[-1].startswith("words en: here.sqlite, ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.sqlite", "here.sqlite", "there.sqlite"]


def test_the_list_says_what_it_was_made_from(tmp_path: Path) -> None:
    words.make(tmp_path / "list.sqlite", origin(), MESSAGES, FREQUENCIES, lambda _: None)
    with closing(WordFile(tmp_path / "list.sqlite")) as file:
        meta = file.meta()
    assert meta["licence"] == "MIT AND CC-BY-SA-4.0"
    assert meta["corpus_sha256"] == words.CHITCHAT.sha256
    assert (meta["language"], meta["schema_version"]) == ("en", "2")


def test_how_common_words_are_is_asked_without_keeping_the_list_in_memory(tmp_path: Path) -> None:
    """Each kept page is of a word that was looked at once; the file is that of the system's own cache as well."""
    words.make(tmp_path / "list.sqlite", origin(), MESSAGES, FREQUENCIES, lambda _: None)
    with closing(Commonness(lambda _: tmp_path / "list.sqlite")) as commonness:
        assert commonness("Paris") > commonness("sure") > 0
        (opened,) = commonness._open.values()
        assert opened is not None
        assert opened._connection.execute("PRAGMA cache_size").fetchone() == (-CACHE_KIB,)


def test_a_list_that_was_built_is_found_and_copied(tmp_path: Path) -> None:
    kept = tmp_path / "words" / f"en-{words.origin_of('en').hash12}.sqlite"
    words.make(kept, words.origin_of("en"), MESSAGES, FREQUENCIES, lambda _: None)
    said: list[str] = []
    assert words.build(None, tmp_path, said.append) == kept
    out = tmp_path / "share" / "words-en.sqlite"
    assert words.build(out, tmp_path, said.append) == out
    assert out.read_bytes() == kept.read_bytes()
    assert said == []


def test_a_language_without_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="there is no word list for the language tlh; there are en, ru"):
        words.build(None, tmp_path, lambda _: None, "tlh")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file in the folder's place")
    with pytest.raises(PlaceError, match=r"the word list .*/taken/list\.sqlite cannot be written \(File exists\)"):
        words.make(tmp_path / "taken" / "list.sqlite", origin(), MESSAGES, FREQUENCIES, lambda _: None)
    (tmp_path / "folder.sqlite").mkdir()
    with pytest.raises(PlaceError, match="cannot be written"):
        words.make(tmp_path / "folder.sqlite", origin(), MESSAGES, FREQUENCIES, lambda _: None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.sqlite", "taken"]


@pytest.mark.slow
def test_russian_is_built_from_frequencies_alone(tmp_path: Path) -> None:
    path = words.build(tmp_path / "words-ru.sqlite", tmp_path / "cache", lambda _: None, "ru")
    with closing(WordFile(path)) as file:
        assert file.meta()["licence"] == "CC-BY-SA-4.0"
        assert file.word("еще") is not None
        assert file.word("ещё") is None
        assert file.word("йод") is not None
        assert file.everything.p == pytest.approx(1)
    assert path.stat().st_size < 25e6
