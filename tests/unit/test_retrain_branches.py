"""Texts as branches of one tree: nothing is lost, nothing is read twice, and nobody sees a neighbour."""

from hypothesis import given
from hypothesis import strategies as st

from vybor_workshop.retrain.trainer.branches import ROOT, Row, beside, rows
from vybor_workshop.retrain.trainer.given import Offered, Share, Text


def text(*tokens: int, offered: tuple[Offered, ...] = ()) -> Text:
    return Text(Share.TRAIN, tokens, (0.0, *[1.0] * (len(tokens) - 1)), offered)


TEXTS = st.lists(
    st.lists(st.integers(0, 3), min_size=1, max_size=6).map(lambda behind: text(9, *behind)),
    min_size=1,
    max_size=12,
)


@given(TEXTS)
def test_each_text_is_a_line_from_the_root(texts: list[Text]) -> None:
    row = Row()
    for each in texts:
        row.add(each)
    for each in texts:
        line = row.line(each.tokens)
        assert row.tokens_of(line) == list(each.tokens)
        assert [row.depths[node] for node in line] == list(range(len(line)))
        assert [row.parents[node] for node in line] == [ROOT, *line[:-1]]
        seen = row.seen()[line[-1]]
        assert [node for node in range(len(row.tokens)) if seen[node]] == sorted(line)
    assert len({tuple(each.tokens[:end]) for each in texts for end in range(1, len(each.tokens) + 1)}) == len(
        row.tokens
    )
    assert sum(row.weights) == sum(sum(each.weights) for each in texts)


@given(TEXTS, st.integers(1, 20), st.integers(0, 5))
def test_rows_hold_all_and_no_more_than_fits(texts: list[Text], most: int, seed: int) -> None:
    made = rows(texts, most, seed)
    assert sum(sum(row.weights) for row in made) == sum(sum(each.weights) for each in texts)
    longest = max(len(each.tokens) for each in texts)
    assert all(len(row.tokens) <= max(most, longest) for row in made)
    assert [row.tokens for row in rows(texts, most, seed)] == [row.tokens for row in made]


def test_a_choice_is_told_by_what_its_lines_do_not_share() -> None:
    row = Row()
    row.add(text(9, 1, 2, offered=(Offered(0.9, 0, ((9, 1, 2), (9, 1, 3, 4))),)))
    (choice,) = row.choices
    assert [row.tokens_of(path) for path in choice.paths] == [[2], [3, 4]]
    assert row.tokens_of(row.asked()) == [1, 2, 3, 4]


def test_what_teaches_nothing_is_not_asked_for() -> None:
    row = Row()
    row.add(Text(Share.TRAIN, (9, 1, 2), (0.0, 0.0, 1.0)))
    assert row.tokens_of(row.asked()) == [2]
    assert rows([Text(Share.TRAIN, (9, 1), (0.0, 0.0))], 9, 0) == []


def test_each_step_has_another_general_row_until_all_were_there() -> None:
    general = rows([text(9, 6), text(9, 7), text(9, 8)], 1, 0)
    assert [beside(general, step) for step in range(4)] == [*general, general[0]]
    assert [beside(general, step, rank, 2) for step in range(2) for rank in range(2)] == [*general, general[0]]
    assert beside([], 3) is None
