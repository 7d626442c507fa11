"""The built English list on phrases that it was not made from. Needs $VYBOR_DATA and $VYBOR_SHARE_FOR_TESTS."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from vybor.instant.tier import WordList
from vybor.instant.tokens import fold

PHRASES = Path(os.environ.get("VYBOR_DATA", "")) / "phrases"
LIST = Path(os.environ.get("VYBOR_SHARE_FOR_TESTS", "")) / "words-en.sqlite"
needs_both = pytest.mark.skipif(
    not (PHRASES.is_dir() and LIST.is_file()),
    reason="needs $VYBOR_DATA and the built list in $VYBOR_SHARE_FOR_TESTS",
)


@pytest.fixture(scope="module")
def words() -> Iterator[WordList]:
    opened = WordList.open(LIST)
    yield opened
    opened.close()


@pytest.mark.slow
@needs_both
@pytest.mark.parametrize(("name", "least"), [("comm_dev.txt", 0.33), ("enron_mobile_dev.txt", 0.25)])
def test_the_next_word_is_among_five_often_enough(words: WordList, name: str, least: float) -> None:
    """Measured: .354 on COMM, .278 on the first 200 of Enron-mobile."""
    phrases = (PHRASES / name).read_text().splitlines()[:200]
    asked = [(before, word) for phrase in phrases for before, word in _positions(phrase)]
    hits = sum(word in {fold(found.words[0]) for found in words.propose(before)} for before, word in asked)
    assert hits / len(asked) >= least


def _positions(phrase: str) -> Iterator[tuple[str, str]]:
    written = phrase.split()
    for place, word in enumerate(written):
        yield " ".join(written[:place]), word
