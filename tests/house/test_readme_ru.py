"""The README in Russian says what the English one does: the same commands, headings, links and table, in order."""

import re
from pathlib import Path

import pytest

from house import documented
from vybor.composer.menu import ANSWERS
from vybor.panel.documents import place_of
from vybor.panel.texts import PARTS
from vybor.processes import PROCESSES

EXPLAINED = {"Vybor", "Комната", "процесс", "состояние", "событие", "команда"}
"""Words in italics that the README itself says what they are."""
ENGLISH, RUSSIAN = documented.ROOT / "README.md", documented.DOCS / "README.ru.md"
BOTH = pytest.mark.parametrize("page", [ENGLISH, RUSSIAN], ids=lambda page: page.name)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    return re.sub(r"^    .*$", "", text(page), flags=re.MULTILINE)


def headings(page: Path) -> list[str]:
    return re.findall(r"^(#+) ", text(page), re.MULTILINE)


def links(page: Path) -> list[tuple[Path, str]]:
    """Where links lead, and to which heading there; to a heading of the page itself: its number."""
    names = [place_of(heading) for heading in re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)]
    found = []
    for target in re.findall(r"\]\(([^)]+)\)", prose(page)):
        path, _, place = target.partition("#")
        here = (page.parent / path).resolve() if path else Path("itself")
        found.append((here, place if path else str(names.index(place))))
    return found


def test_commands_to_be_typed_are_the_same_and_in_the_same_order() -> None:
    there, here = (
        [named.words for named in documented.commands(page) if named.is_typed] for page in (ENGLISH, RUSSIAN)
    )
    assert here == there


def test_sentences_name_the_same_commands() -> None:
    there, here = (
        sorted(named.words for named in documented.commands(page) if not named.is_typed)
        for page in (ENGLISH, RUSSIAN)
    )
    assert here == there


def test_headings_are_as_many_and_as_deep() -> None:
    assert headings(RUSSIAN) == headings(ENGLISH)


def test_links_lead_to_the_same_places_in_the_same_order_and_to_each_other() -> None:
    there, here = links(ENGLISH), links(RUSSIAN)
    assert (there[0][0], here[0][0]) == (RUSSIAN, ENGLISH)
    assert here[1:] == there[1:]


@BOTH
def test_every_process_has_a_row_in_the_same_order(page: Path) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", text(page), re.MULTILINE)
    assert set(rows) == {process.name for process in PROCESSES}
    assert rows == re.findall(r"^\| `(\w+)` \|", text(ENGLISH), re.MULTILINE)


def test_a_process_is_called_as_the_carer_s_page_calls_it() -> None:
    russian = documented.said_by_the_kit()
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+)", text(RUSSIAN), re.MULTILINE))
    other = {name for name, row in rows.items() if not row.startswith(russian[PARTS[name]].lower())}
    assert other == {"panel"}  # there it is "this page"


def test_what_stands_in_italics_stands_on_a_screen_or_page_of_the_kit() -> None:
    answers = {answer.rstrip(".") for answer in ANSWERS["ru"]}
    names = documented.in_italics(text(RUSSIAN)) - EXPLAINED
    assert names - answers - set(documented.said_by_the_kit().values()) == set()
    assert len(names) > 8


def test_every_line_of_a_block_is_explained_where_the_english_one_is() -> None:
    there, here = (
        [" # " in line or "\t# " in line for line in text(page).splitlines() if line.startswith("    ")]
        for page in (ENGLISH, RUSSIAN)
    )
    assert here == there


def test_it_is_russian() -> None:
    """Comments and sentences: a line that was left in English is found."""
    left = [
        line
        for line in text(RUSSIAN).splitlines()
        if re.search(r"(?:#|\w) [a-z]+ [a-z]+ [a-z]+", re.sub(r"`[^`]*`|vybor\S* .*?(?=  |$)", "", line))
    ]
    assert left == []
