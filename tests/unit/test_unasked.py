"""What a model learned from one saying does not stand on an empty line, whoever reads along."""

from collections.abc import Iterator

import pytest

from unit import test_ngram_propose
from vybor.contracts import messages as m
from vybor.instant.tier import Personal, WordList

THEIRS = "I would like some tea", "I would like some zebra", "I would go home now"


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordList]:
    path = tmp_path_factory.mktemp("words") / "words.sqlite"
    test_ngram_propose.write(path)
    opened = WordList.open(path)
    yield opened
    opened.close()


def said(*texts: str) -> Personal:
    own = Personal()
    for text in texts:
        own.learn(text)
    return own


def offered(words: WordList, own: Personal, *told: str, **about: object) -> list[str]:
    """What the model told, as it is offered."""
    prompt = m.Prompt(at_ns=0, number=1, **{"text": "", "count": 5, "language": "en"} | about)
    model = [
        m.Candidate(
            words=tuple(each.split()), p=0.1, source=m.Source.MODEL, p_then=(0.5,) * (len(each.split()) - 1)
        )
        for each in told
    ]
    found = words.mix(prompt, (), model, own)
    assert all(len(one.p_then) == len(one.words) - 1 for one in found)
    return [" ".join(one.words) for one in found]


def test_what_was_said_once_ends_before_it(words: WordList) -> None:
    own = said(*THEIRS)
    assert offered(words, own, "I would like some water") == ["I would like some water"]
    assert offered(words, own, "I would go there") == ["I would"]
    assert offered(words, said(*THEIRS, *THEIRS), "I would go there") == ["I would go there"]


def test_a_rare_word_that_was_said_once_is_not_there(words: WordList) -> None:
    own = said("ask Ottokar", "ask him", "ask him")
    assert offered(words, own, "Ottokar", "ask Ottokar") == ["ask"]
    assert offered(words, said("ask Ottokar", "ask Ottokar"), "Ottokar") == ["Ottokar"]
    assert offered(words, said("go home"), "home") == ["home"], "anybody says that"


def test_whoever_asks_for_it_has_it(words: WordList) -> None:
    own = said(*THEIRS)
    for about in ({"text": "You know,"}, {"prefix": "i"}, {"anchors": ("go",)}):
        assert offered(words, own, "I would go there", **about) == ["I would go there"]
    assert offered(words, own, "I would go there", text="It is so.") == ["I would"], "a sentence begins there too"


def test_what_nobody_counted_is_the_factory_model_s(words: WordList) -> None:
    assert offered(words, Personal(), "I would go there", "Ottokar") == ["I would go there", "Ottokar"]
