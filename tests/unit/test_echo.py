"""Words of what was asked among the instant tier's."""

import math

import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor.instant.echo import SHARES, echoed

KNOWN = {"coffee": "coffee", "anna": "Anna"}


def written(word: str) -> str:
    return KNOWN.get(word.casefold(), word)


def offered(
    partner: str, *known: tuple[str, float], text: str = "", prefix: str = "", **about: object
) -> dict[str, float]:
    candidates = [m.Candidate(words=(word, "behind"), p=p, source=Source.NGRAM) for word, p in known]
    prompt = m.Prompt(at_ns=0, number=1, text=text, prefix=prefix, partner=partner, **about)
    return {one.words[0]: one.p for one in echoed(candidates, prompt, written)}


def test_without_a_turn_the_words_are_as_they_were() -> None:
    assert offered("", ("the", 0.5), ("a", 0.25)) == {"the": 0.5, "a": 0.25}
    assert offered("What would you do?", ("the", 0.5)) == {"the": 0.5}  # no word that says anything


def test_letters_make_a_word_of_theirs_likely() -> None:
    asked = "Coffee or camomile tea?"
    assert offered(asked, ("the", 0.5)) == {"the": 0.5}
    share = SHARES[1] / 2
    spelled = offered(asked, ("can", 0.6), ("coffee", 0.2), prefix="c")
    assert spelled == pytest.approx(
        {"can": (1 - SHARES[1]) * 0.6, "coffee": (1 - SHARES[1]) * 0.2 + share, "camomile": share}
    )
    assert list(offered(asked, ("can", 0.6), prefix="ca")) == ["can", "camomile"]
    assert list(offered(asked, ("can", 0.6), prefix="cam")) == ["camomile", "can"]


@pytest.mark.parametrize(("prefix", "word"), [("a", "Anna"), ("c", "coffee"), ("z", "Zelda"), ("k", "Kettle")])
def test_names_keep_their_capital_and_the_first_word_of_a_sentence_has_its_own(prefix: str, word: str) -> None:
    assert list(offered("Anna came. Coffee? Kettle on? With Zelda?", prefix=prefix)) == [word]


def test_what_was_written_or_passed_over_is_not_offered_again() -> None:
    assert list(offered("Coffee or cake?", text="The coffees", prefix="c")) == ["cake"]
    assert list(offered("Coffee or cake?", prefix="c", exclude=("cake",))) == ["coffee"]
    assert offered("Coffee or tea?", prefix="x") == {}


def test_groups_of_letters_narrow_theirs_too_and_no_more_come_than_asked_for() -> None:
    assert list(offered("Coffee or tea?", groups=("abcdef", "nopqrs", "abcdef"))) == ["coffee"]
    many = offered("salt soap sugar sponges", ("some", 0.9), prefix="s", count=3)
    assert len(many) == 3
    assert math.fsum(many.values()) <= 1


def test_russian_words_are_taken_up_too() -> None:
    assert list(offered("Хотите чаю или кофе?", prefix="к")) == ["кофе"]
