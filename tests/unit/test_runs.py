"""Which runs of words stand on the tiles: those that save the most choices."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.composer.runs import LONGEST, Run, chosen
from vybor.contracts import messages as m

chance = st.floats(0.01, 1.0)


def candidate(word: str, p: float, *then: float) -> m.Candidate:
    words = (word, *(f"{word}{place}" for place in range(len(then))))
    return m.Candidate(words=words, p=p, p_then=then, source=m.Source.NGRAM)


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


def test_a_models_own_continuation_is_doubted() -> None:
    sure = candidate("thank", 0.5, 0.97)
    assert chosen([msgspec.structs.replace(sure, source=m.Source.MODEL)], 1) == [Run(0, 1, 0.5)]


def test_nothing_is_known_of_words_without_probabilities() -> None:
    unknown = m.Candidate(words=("how", "are", "you"), p=0.4, source=m.Source.TOPIC)
    assert chosen([unknown], 3) == [Run(0, 1, 0.4)]
    assert chosen([], 3) == []


def test_runs_are_short_enough_to_be_read() -> None:
    assert max(run.words for run in chosen([candidate("a", 1.0, *[1.0] * 5)], 9)) == LONGEST


@given(candidates(), st.integers(1, 5), st.integers(0, 3))
def test_more_places_only_add_runs(offered: list[m.Candidate], most: int, looks: int) -> None:
    fewer, more = chosen(offered, most, looks), chosen(offered, most + 1, looks)
    assert more[: len(fewer)] == fewer
    assert len(more) == len({(run.candidate, run.words) for run in more}) <= most + 1


@given(candidates())
def test_a_longer_run_is_never_likelier_than_its_beginning(offered: list[m.Candidate]) -> None:
    for run in chosen(offered, 99):
        shorter = [other for other in chosen(offered, 99) if other.candidate == run.candidate]
        assert all(other.p >= run.p - 1e-9 for other in shorter if other.words < run.words)


def test_a_word_whose_every_letter_was_looked_at_comes_before_likelier_ones() -> None:
    offered = [candidate("are", 0.4), candidate("come", 0.3), candidate("do", 0.15), candidate("am", 0.11)]
    assert [offered[run.candidate].words[0] for run in chosen(offered, 3, looks=2)] == ["do", "are", "am"]
    assert [offered[run.candidate].words[0] for run in chosen(offered, 3, looks=1)] == ["are", "come", "do"]
