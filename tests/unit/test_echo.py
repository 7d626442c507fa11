"""Words of what was asked among the instant tier's."""

import math

import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor.generator.echo import SHARES, echoed

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
    share = SHARES[0] / 3
    alone = offered(asked, ("the", 0.5), ("tea", 0.25))
    assert alone == pytest.approx(
        {
            "the": (1 - SHARES[0]) * 0.5,
            "tea": (1 - SHARES[0]) * 0.25 + share,
            "coffee": share,
            "camomile": share,
        }
    )
    spelled = offered(asked, ("can", 0.6), ("come", 0.2), prefix="c")
    assert spelled["camomile"] == pytest.approx(SHARES[1] / 2)
    assert list(offered(asked, ("can", 0.6), prefix="ca")) == ["camomile", "can"]


def test_names_keep_their_capital_and_the_first_word_of_a_sentence_has_its_own() -> None:
    assert list(offered("Anna came. Coffee? With Zelda?", count=5)) == ["Anna", "coffee", "Zelda"]


def test_what_was_written_or_passed_over_is_not_offered_again() -> None:
    assert list(offered("Coffee or tea?", text="The coffees")) == ["tea"]
    assert list(offered("Coffee or tea?", exclude=("tea",))) == ["coffee"]
    assert offered("Coffee or tea?", prefix="x") == {}


def test_groups_of_letters_narrow_theirs_too_and_no_more_come_than_asked_for() -> None:
    assert list(offered("Coffee or tea?", groups=("abcdef", "nopqrs"))) == ["coffee"]
    many = offered("apples bananas cherries dates elderberries figs", ("the", 0.9), count=3)
    assert len(many) == 3
    assert math.fsum(many.values()) <= 1


def test_russian_words_are_taken_up_too() -> None:
    assert list(offered("Хотите чаю или кофе?", prefix="к")) == ["кофе"]
