"""Which runs of words stand on the tiles: those that save the most choices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.composer.runs import LONGEST, Run, chosen, gain, saved, worth
from vybor.contracts import messages as m

chance = st.floats(0.01, 1.0)


def candidate(word: str, p: float, *then: float) -> m.Candidate:
    words = (word, *(f"{word}{place}" for place in range(len(then))))
    return m.Candidate(words=words, p=p, p_then=then, source=m.Source.MODEL)


@st.composite
def candidates(draw: st.DrawFn) -> list[m.Candidate]:
    shares = draw(st.lists(chance, min_size=1, max_size=4))
    return [
        candidate("abcd"[place], share / (sum(shares) + 1), *draw(st.lists(chance, max_size=4)))
        for place, share in enumerate(shares)
    ]


def test_single_words_stand_in_the_order_of_their_probability() -> None:
    offered = [candidate("a", 0.2), candidate("b", 0.5), candidate("c", 0.1)]
    assert [run.candidate for run in chosen(offered, 2)] == [1, 0]


def test_a_run_that_is_nearly_certain_takes_the_place_of_its_first_word() -> None:
    assert chosen([candidate("thank", 0.5, 0.97)], 1) == [Run(0, 2, pytest.approx(0.485))]
    assert chosen([candidate("going", 0.5, 0.3)], 1) == [Run(0, 1, 0.5)]


def test_a_word_and_its_run_can_stand_beside_each_other() -> None:
    offered = [candidate("i", 0.6, 0.5), candidate("we", 0.2), candidate("no", 0.1)]
    assert {(run.candidate, run.words) for run in chosen(offered, 3)} == {(0, 1), (0, 2), (1, 1)}


def test_nothing_is_known_of_words_without_probabilities() -> None:
    unknown = m.Candidate(words=("how", "are", "you"), p=0.4, source=m.Source.TOPIC)
    assert chosen([unknown], 3) == [Run(0, 1, 0.4)]
    assert chosen([], 3) == []


def test_runs_are_short_enough_to_be_read() -> None:
    assert max(run.words for run in chosen([candidate("a", 1.0, *[1.0] * 5)], 9)) == LONGEST


@given(candidates(), st.integers(1, 5))
def test_no_other_first_choice_saves_more(offered: list[m.Candidate], most: int) -> None:
    runs = chosen(offered, most)
    assert len(runs) == len({(run.candidate, run.words) for run in runs}) <= most
    every = chosen(offered, 99)
    assert gain(runs[0], [], offered) == pytest.approx(max(gain(run, [], offered) for run in every))


@given(candidates())
def test_what_all_tiles_save_is_the_sum_of_what_each_added(offered: list[m.Candidate]) -> None:
    runs = chosen(offered, 5)
    added = [gain(run, runs[:place], offered) for place, run in enumerate(runs)]
    assert all(value >= -1e-9 for value in added)
    whole = sum(
        saved([run for run in runs if run.candidate == place], place, each) for place, each in enumerate(offered)
    )
    assert sum(added) == pytest.approx(whole)


def test_longer_tiles_are_worth_more_but_never_a_choice_a_word() -> None:
    values = [worth(words) for words in range(1, LONGEST + 1)]
    assert values == sorted(values)
    assert all(value <= words for words, value in enumerate(values, start=1))
