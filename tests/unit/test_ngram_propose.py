"""The instant tier on a small list: what it proposes, with which probability, and what it does when damaged."""

import shutil
import sqlite3  # noqa: TID251  (as a stranger opens it)
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vybor.composer.letters import KEYS
from vybor.contracts import messages as m
from vybor.instant.counts import Change, CountsFile
from vybor.instant.pattern import Pattern
from vybor.instant.tier import Personal, WordList, WordListError
from vybor.instant.tokens import MARKS, before_next, fold
from vybor.instant.word_list import WordFile
from vybor_workshop import words_corpus, words_counts, words_file, words_lexicon

SPOKEN = [
    "I would like some tea, please.",
    "I would like some water.",
    "I would like to go home now.",
    "I am tired.",
    "I am at home in London.",
    "Thank you very much!",
    "Thank you very much!",
    "Thank you so much.",
    "Do you like London?",
    "Don't go to London",
    "What would you like?",
] * 3
FREQUENCIES = {"the": 0.05, "to": 0.03, "tea": 0.001, "café": 0.002, "zebra": 0.0001, "don't": 0.01, "dog": 0.002}
FREQUENCIES |= {word: 0.001 for text in SPOKEN for word in text.strip(".?!").lower().replace(",", "").split()}


def write(path: Path) -> None:
    sentences = list(words_corpus.clean((("somebody", text) for text in SPOKEN), "en"))
    lexicon = words_lexicon.lexicon("en", sentences, FREQUENCIES)
    words_file.write(path, words_counts.trigram(sentences, lexicon), lexicon.written, {"language": "en"})


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("words") / "a list?#%.sqlite"
    write(made)
    return made


@pytest.fixture(scope="module")
def words(path: Path) -> Iterator[WordList]:
    opened = WordList.open(path)
    yield opened
    assert opened.damage == ""
    opened.close()


def first_words(candidates: tuple[m.Candidate, ...]) -> list[str]:
    return [candidate.words[0] for candidate in candidates]


TEXT = st.lists(
    st.sampled_from(
        [*SPOKEN, "I", "would", "like", "you", "very", "London", "unheard", "Hello.", ",", "…", "дом"]
    ),
    max_size=3,
).map(" ".join)
PREFIX = st.one_of(
    st.just(""), st.sampled_from(["t", "T", "don’", "lo", "é", "cafe", "q", "3:", "."]), st.text(max_size=3)
)
OWN = st.lists(
    st.sampled_from(["I like Zoë.", "I like Zoë.", "My dog is called Thor", "London, London!", "Thank you, Zoë"])
)


@given(
    text=TEXT,
    prefix=PREFIX,
    exclude=st.lists(st.sampled_from(["I", "i", "the", "LIKE", "to", "zoe", ","])),
    learned=OWN,
)
@example(text="", prefix="", exclude=[], learned=[])
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_proposal_is_one_that_was_asked_for(
    words: WordList, text: str, prefix: str, exclude: list[str], learned: list[str]
) -> None:
    own = Personal()
    for earlier in learned:
        own.learn(earlier)
    found = words.propose(text, prefix, exclude, 1000, own)
    excluded = {fold(word) for word in exclude}
    for candidate in found:
        assert 0 < candidate.p <= 1
        assert fold(candidate.words[0]).startswith(fold(prefix))
        assert fold(candidate.words[0]) not in excluded
        assert all(word and word.split() == [word] for word in candidate.words)
        assert candidate.source is m.Source.NGRAM
    assert sum(candidate.p for candidate in found) <= 1 + 1e-6
    ps = [candidate.p for candidate in found]
    assert ps == sorted(ps, reverse=True)
    folds = [fold(word) for word in first_words(found)]
    assert len(folds) == len(set(folds))
    assert words.propose(text, prefix, exclude, 3, own) == found[:3]


@given(text=TEXT, kept=OWN, passing=OWN)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_learned_and_forgotten_changes_no_proposal(
    words: WordList, text: str, kept: list[str], passing: list[str]
) -> None:
    own = Personal()
    for earlier in kept:
        own.learn(earlier)
    before = words.propose(text, personal=own, count=50)
    for passing_by in passing:
        own.learn(passing_by)
    for passing_by in passing:
        own.forget(passing_by)
    assert words.propose(text, personal=own, count=50) == before


def test_all_words_with_a_prefix_share_one_probability(words: WordList) -> None:
    for prefix in ("t", "l", "w"):
        assert sum(candidate.p for candidate in words.propose("I would", prefix, (), 1000)) == pytest.approx(
            1, abs=1e-6
        )


@given(text=TEXT, looks=st.lists(st.sampled_from(KEYS["en"]), min_size=1, max_size=5), learned=OWN)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_looks_at_groups_of_letters_narrow_and_share_one_probability(
    words: WordList, text: str, looks: list[str], learned: list[str]
) -> None:
    own = Personal()
    for earlier in learned:
        own.learn(earlier)
    found = words.propose(text, groups=tuple(looks), count=1000, personal=own)
    pattern = Pattern.of("", tuple(looks))
    assert all(pattern.fits(fold(word)) for word in first_words(found))
    if found:
        assert sum(candidate.p for candidate in found) == pytest.approx(1, abs=1e-6)
    assert words.propose(text, groups=tuple(looks), count=3, personal=own) == found[:3]


@given(text=TEXT, looks=st.lists(st.sampled_from(KEYS["en"]), min_size=1, max_size=5), learned=OWN)
@settings(max_examples=100, deadline=None)
def test_in_the_order_of_the_keys_looks_find_the_same(
    path: Path, words: WordList, text: str, looks: list[str], learned: list[str]
) -> None:
    own = Personal()
    for earlier in learned:
        own.learn(earlier)
    in_no_order = WordList(WordFile(path))
    found = words.propose(text, groups=tuple(looks), count=1000, personal=own)
    in_file = in_no_order.propose(text, groups=tuple(looks), count=1000, personal=own)
    assert {one.words: pytest.approx(one.p) for one in in_file} == {one.words: one.p for one in found}
    in_no_order.close()


@given(text=TEXT, prefix=PREFIX, learned=OWN, named=st.lists(st.sampled_from(["Zoë", "like", "the", "Xi", "."])))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_with_the_model_s_words_it_is_one_distribution(
    words: WordList, text: str, prefix: str, learned: list[str], named: list[str]
) -> None:
    own = Personal()
    for earlier in learned:
        own.learn(earlier)
    prompt = m.Prompt(at_ns=0, number=1, text=text, prefix=prefix, count=1000)
    model = [
        m.Candidate(words=(word,), p=0.8 / len(named), source=m.Source.MODEL) for word in dict.fromkeys(named)
    ]
    mixed = words.mix(prompt, words.answer(prompt, own), model, own)
    assert sum(candidate.p for candidate in mixed) <= 1 + 1e-6
    left_out = set(named) - set(first_words(mixed))
    assert {own.said(fold(each)) for each in left_out} <= {1}
    assert not left_out or (not prefix and not before_next(text))
    few = {one.words[0]: one.p for one in words.mix(prompt, words.propose(text, prefix, (), 3, own), model, own)}
    every = {one.words[0]: one.p for one in mixed}
    assert few == {word: pytest.approx(every[word]) for word in few}


def test_a_given_word_has_the_probability_that_it_would_be_offered_with(words: WordList) -> None:
    own = Personal()
    own.learn("My dog Zoë is at home.")
    offered = {fold(one.words[0]): one.p for one in words.propose("I would", "t", (), 1000, own)}
    asked = words.ps("I would", [*offered, "xylophone", "like"], "t", own)
    assert asked == pytest.approx(offered)


def test_what_was_said_after_these_words_comes_first(words: WordList) -> None:
    assert first_words(words.propose("Thank you"))[:2] == ["very", "so"]
    assert first_words(words.propose("I would like", "", ["some"]))[0] == "to"


def test_a_word_seen_only_elsewhere_is_reached_by_its_letters(words: WordList) -> None:
    assert first_words(words.propose("Thank you very", "z")) == ["zebra"]
    assert first_words(words.propose("", "caf")) == ["Café"]
    assert words.propose("", "xyz") == ()


def test_an_empty_line_begins_with_a_capital_and_no_mark(words: WordList) -> None:
    for text in ("", "Thank you.", "  ", "Really…"):
        found = first_words(words.propose(text, count=50))
        assert found[0] == "I"
        assert all(word[0].isupper() for word in found)
        assert not set(found) & set(MARKS)


def test_capitals_are_kept_inside_a_sentence(words: WordList) -> None:
    assert "London" in first_words(words.propose("Do you like"))
    assert first_words(words.propose("would", "i"))[0] == "I"
    assert first_words(words.propose("I", "w"))[0] == "would"


def test_marks_are_offered_where_they_stood_and_never_two_together(words: WordList) -> None:
    assert first_words(words.propose("Thank you very much"))[0] == "!"
    assert first_words(words.propose("Do you like London"))[0] == "?"
    assert not set(first_words(words.propose("some tea,", count=50))) & set(MARKS)


def test_very_likely_words_follow_in_grey_up_to_the_next_mark(words: WordList) -> None:
    (candidate,) = words.propose("", "th", ["the"], 1)
    assert candidate.words == ("Thank", "you", "very", "much")
    (candidate,) = words.propose("Thank you very", "", (), 1)
    assert candidate.words == ("much",)
    (candidate,) = words.propose("I", "am", (), 1)
    assert candidate.words == ("am",)  # tired and at share what follows


def test_count_is_the_most_that_come(words: WordList) -> None:
    assert len(words.propose("I", count=2)) == 2
    assert words.propose("I", count=0) == words.propose("I", count=-1) == ()


def test_a_word_of_the_person_s_own_is_offered_after_one_use(words: WordList) -> None:
    own = Personal()
    own.learn("My dog Zoë is at home.")
    found = words.propose("My dog", personal=own)
    assert found[0].words[0] == "Zoë"
    assert first_words(words.propose("My dog", "zo", personal=own)) == ["Zoë"]


def test_own_words_that_rotted_while_they_are_read_cost_no_word_of_the_list(
    words: WordList, tmp_path: Path
) -> None:
    learned = CountsFile(tmp_path / "own.sqlite")
    learned.change([Change("My dog Zoë is at home.")])
    learned.close()
    own = Personal(CountsFile(tmp_path / "own.sqlite"))
    rotten = sqlite3.connect(tmp_path / "own.sqlite")
    rotten.execute("UPDATE followers SET seen = 'many'")
    rotten.commit()
    rotten.close()
    prompt = m.Prompt(at_ns=0, number=1, text="I would")
    assert first_words(words.answer(prompt, own))[0] == "like"
    assert words.answer(prompt, own) == words.propose("I would")
    assert words.chances("I would", ["like"], own) == words.chances("I would", ["like"])
    assert own.trouble is not None


def test_after_a_restart_the_same_is_proposed(words: WordList, tmp_path: Path) -> None:
    places = [("", ""), ("My", ""), ("My dog", "z"), ("Thank you. I would", "")]

    def proposed() -> list[tuple[m.Candidate, ...]]:
        own = Personal(CountsFile(tmp_path / "own.sqlite"))
        found = [words.propose(text, prefix, personal=own, count=50) for text, prefix in places]
        own.file.close()
        return found

    fresh = proposed()
    writing = CountsFile(tmp_path / "own.sqlite")
    writing.change([Change("My dog Zoë is at home."), Change("Thank you. My dog is ill.")])
    writing.close()
    learned = proposed()
    assert learned != fresh
    assert proposed() == learned
    again = CountsFile(tmp_path / "own.sqlite")
    again.change([Change("Thank you. My dog is ill.", said=False), Change("My dog Zoë is at home.", said=False)])
    again.close()
    assert proposed() == fresh


def test_a_word_of_this_text_comes_again_sooner(words: WordList) -> None:
    (before,) = words.ps("Thank you. I like", ("zebra",)).values()
    (after,) = words.ps("The zebra, thank you. I like", ("zebra",)).values()
    assert after > 2 * before


def test_a_word_of_this_text_is_not_shown_unasked_where_a_sentence_begins(words: WordList) -> None:
    assert "Thor" not in first_words(words.propose("This is Thor.", count=1000))
    assert "Thor" in first_words(words.propose("This is Thor. I like", count=1000))


def test_what_the_person_wrote_once_is_not_shown_unasked_on_an_empty_line(words: WordList) -> None:
    own = Personal()
    own.learn("Zoë is ill.")
    assert "Zoë" not in first_words(words.propose("", count=1000, personal=own))
    assert first_words(words.propose("", "zo", personal=own)) == ["Zoë"]
    own.learn("Zoë is well.")
    assert "Zoë" in first_words(words.propose("", count=1000, personal=own))


def test_what_the_person_wrote_once_does_not_follow_in_grey_on_an_empty_line(words: WordList) -> None:
    own = Personal()
    own.learn("Zebra Zoë")
    own.learn("Zebra crossing")
    own.learn("Zebra crossing")
    own.forget("Zebra crossing")
    own.forget("Zebra crossing")
    shown = words.propose("", count=1000, personal=own)
    assert next(candidate for candidate in shown if candidate.words[0] == "Zebra").words == ("Zebra",)


def test_the_person_s_spelling_counts_from_the_second_time(words: WordList) -> None:
    own = Personal()
    own.learn("We have TEA.")
    assert first_words(words.propose("some", "te", personal=own)) == ["tea"]
    own.learn("I like TEA.")
    assert first_words(words.propose("some", "te", personal=own)) == ["TEA"]


def test_a_missing_list_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        WordListError, match=r"there is no word list .*words-en\.sqlite; make it with `vybor-workshop share"
    ):
        WordList.open(tmp_path / "words-en.sqlite")


@pytest.mark.parametrize("kept", [0, 1, 50, 4096, 12_000, -1])
def test_a_list_cut_short_is_refused(path: Path, tmp_path: Path, kept: int) -> None:
    broken = tmp_path / "words.sqlite"
    broken.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(WordListError, match=r"the word list .* is damaged \(.+\); make it with"):
        WordList.open(broken)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "words.sqlite").write_text("no database at all, but long enough to look like one " * 20)
    with pytest.raises(WordListError, match="is damaged"):
        WordList.open(tmp_path / "words.sqlite")


def test_a_list_of_another_version_is_refused(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_file, "SCHEMA_VERSION", 99)
    write(tmp_path / "words.sqlite")
    with pytest.raises(WordListError, match="is of version 99, not 2; make it with"):
        WordList.open(tmp_path / "words.sqlite")


@given(place=st.integers(0, 10**6), garbage=st.binary(min_size=1, max_size=2000))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_damage_ends_the_deciding_process(path: Path, tmp_path: Path, place: int, garbage: bytes) -> None:
    contents = bytearray(path.read_bytes())
    start = place % len(contents)
    garbage = garbage[: len(contents) - start]
    contents[start : start + len(garbage)] = garbage
    broken = tmp_path / "words.sqlite"
    broken.write_bytes(contents)
    try:
        opened = WordList.open(broken)
    except WordListError:
        return
    for text, prefix in (("", ""), ("I would", ""), ("Thank you", "v"), ("", "caf")):
        for candidate in opened.propose(text, prefix, ("I",)):
            assert 0 < candidate.p <= 1
            assert all(isinstance(word, str) for word in candidate.words)
    for candidate in opened.propose("I would", groups=KEYS["en"][:1]):
        assert 0 < candidate.p <= 1
    prompt = m.Prompt(at_ns=0, number=1, text="I would")
    model = m.Candidate(words=("like",), p=0.5, source=m.Source.MODEL)
    assert sum(candidate.p for candidate in opened.mix(prompt, (), (model,))) <= 1 + 1e-6
    opened.close()


def test_damage_found_while_running_is_told_once(
    path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copyfile(path, tmp_path / "words.sqlite")
    with closing(sqlite3.connect(tmp_path / "words.sqlite")) as connection, connection:
        connection.execute("UPDATE contexts SET followers = x'00'")
    opened = WordList.open(tmp_path / "words.sqlite")
    assert opened.propose("I would", "t") == opened.propose("I would", "t") == ()
    assert "is damaged" in opened.damage
    assert [record.getMessage() for record in caplog.records] == [f"no instant words: {opened.damage}"]
    opened.close()
