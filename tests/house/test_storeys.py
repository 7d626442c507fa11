"""The picture of the house is drawn from its imports, and is the one that stands in both READMEs."""

import pytest

from house.storeys import ROOT, drawn, storeys


@pytest.mark.parametrize("name", ["README.md", "deploy/docs/README.ru.md"])
def test_the_picture_is_that_of_the_code(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    picture = drawn()
    assert picture[0] in lines, f"redraw {name}: cd tests && python -m house.storeys"
    first = lines.index(picture[0])
    assert lines[first : first + len(picture)] == picture, f"redraw {name}: cd tests && python -m house.storeys"
    assert lines[first - 1] == lines[first + len(picture)] == ""


def test_a_room_stands_above_what_it_knows() -> None:
    known = {"roof": frozenset({"hall", "ground"}), "hall": frozenset({"ground"}), "ground": frozenset[str]()}
    assert storeys(known) == [["roof"], ["hall"], ["ground"]]


def test_rooms_that_know_each_other_are_no_house() -> None:
    with pytest.raises(RecursionError):
        storeys({"one": frozenset({"other"}), "other": frozenset({"one"})})
