"""A word that was said many times in a row fills no page: not from the conversations, not from one slip."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from vybor.instant.mixture import MOST_REPEATED
from vybor.instant.texts import folded
from vybor.instant.tier import Personal, WordList
from vybor.instant.tokens import MARKS, fold, without_runs
from vybor_workshop import words_corpus, words_counts, words_file, words_lexicon

SPOKEN = [
    *["A lot of tea.", "A dog is here.", "I would like a dog."] * 4,
    "A a a a a a a a a a a a a a a a a a a.",
]
FREQUENCIES = {word: 0.01 for text in SPOKEN for word in text.strip(".").lower().split()}


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordList]:
    path = tmp_path_factory.mktemp("words") / "list.sqlite"
    sentences = list(words_corpus.clean((("somebody", text) for text in SPOKEN), "en"))
    lexicon = words_lexicon.lexicon("en", sentences, FREQUENCIES)
    words_file.write(path, words_counts.trigram(sentences, lexicon), lexicon.written, {"language": "en"})
    opened = WordList.open(path)
    yield opened
    opened.close()


@pytest.mark.parametrize("text", ["", "A", "A a", "I would like a"])
@pytest.mark.parametrize("groups", [(), ("abcde",)])
def test_no_continuation_says_a_word_twice_in_a_row(words: WordList, text: str, groups: tuple[str, ...]) -> None:
    for candidate in words.propose(text, groups=groups, count=9):
        assert all(fold(one) != fold(other) for one, other in pairwise(candidate.words)), candidate.words


@pytest.mark.parametrize("text", ["A", "A a"])
def test_a_word_behind_itself_is_never_likely(words: WordList, text: str) -> None:
    assert words.ps(text, ["a"])["a"] == pytest.approx(MOST_REPEATED)
    assert words.propose("A")[0].words[0] != "a"


@pytest.mark.parametrize("prefix", ["", "a", "d"])
def test_what_it_loses_the_others_gain(words: WordList, prefix: str) -> None:
    every = {*FREQUENCIES, *MARKS}
    assert sum(words.ps("A", every, prefix).values()) == pytest.approx(
        sum(words.ps("I", every, prefix).values()), abs=0.1
    )
    assert sum(words.ps("A", every, prefix).values()) <= 1 + 1e-9


def test_one_slip_counts_once_and_is_forgotten_whole() -> None:
    slip, meant = Personal(), Personal()
    slip.learn("Aa aa aa aa.")
    meant.learn("Aa.")
    assert slip.said("aa") == meant.said("aa") == 1
    assert slip.forget("Aa aa aa aa.")
    assert slip.said("aa") == 0


def test_twice_is_meant() -> None:
    assert folded("No no, that is very very good.") == (
        ("no", "no", ",", "that", "is", "very", "very", "good", "."),
    )
    assert without_runs(("No", "no", "NO", "yes")) == ("No", "yes")
    assert without_runs(()) == ()


def test_a_slip_does_not_come_first_where_its_letters_are_looked_at(words: WordList) -> None:
    personal = Personal()
    personal.learn("Aa aa aa aa aa aa aa aa.")
    found = words.propose("", groups=("abcde",), count=4, personal=personal)
    assert found[0].words != ("Aa",)
    assert all("aa aa" not in " ".join(candidate.words).casefold() for candidate in found)
