"""What holds for all rankings and all words."""

from hypothesis import given
from hypothesis import strategies as st

from vybor.retrieval.fusion import fused
from vybor.retrieval.stems import content, is_content, stem, stems, words

RANKING = st.lists(st.integers(0, 30), max_size=12)


@given(st.lists(RANKING, max_size=4))
def test_every_id_is_fused_once(rankings: list[list[int]]) -> None:
    order = fused(rankings)
    assert sorted(order) == sorted({found for ranking in rankings for found in ranking})


@given(RANKING)
def test_one_ranking_keeps_its_order_however_often_it_is_given(ranking: list[int]) -> None:
    once = list(dict.fromkeys(ranking))
    assert fused([ranking]) == fused([ranking, ranking]) == once


@given(st.lists(RANKING, max_size=4))
def test_who_is_first_everywhere_is_first(rankings: list[list[int]]) -> None:
    assert fused([[99, *ranking] for ranking in rankings] or [[99]])[0] == 99


@given(RANKING, RANKING)
def test_which_ranking_comes_first_decides_ties_only(one: list[int], other: list[int]) -> None:
    def sums(order: list[int]) -> list[float]:
        places = [list(dict.fromkeys(ranking)) for ranking in (one, other)]
        return [sum(1 / (61 + place.index(found)) for place in places if found in place) for found in order]

    there, back = sums(fused([one, other])), sums(fused([other, one]))
    assert there == sorted(there, reverse=True)
    assert sorted(there) == sorted(back)


@given(st.text())
def test_stems_are_plain(text: str) -> None:
    """Letters and digits only: they stand in quotes in a question to SQLite."""
    assert all(found.isalnum() and found == found.casefold() for found in stems(text))
    assert set(content(text)) <= set(stems(text))


@given(st.text(st.sampled_from("абвгёежйий'’aeiost"), min_size=1, max_size=12))
def test_a_stem_knows_no_capitals_and_no_yo(word: str) -> None:
    assert stem(word.upper()) == stem(word) == stem(word.replace("ё", "е"))


def test_forms_of_a_word_share_a_stem() -> None:
    assert len({stem(word) for word in ("bakery", "bakeries", "Bakery’s")}) == 1
    assert len({stem(word) for word in ("улица", "улице", "улицы", "УЛИЦАМИ")}) == 1
    assert words("well-known 3 rolls, don’t") == ("well", "known", "3", "rolls", "don’t")
    assert [word for word in words("We don't know the Ёлка bakery") if is_content(word)] == ["Ёлка", "bakery"]
