"""The documents as pages: all are there, their links lead somewhere, and nothing in them runs."""

import re

import pytest

from unit.panel_browser import Browser
from vybor.panel import documents

every_document = pytest.mark.parametrize("name", documents.NAMES)


def html(name: str) -> str:
    found = documents.read(name)
    assert found
    return found.html


def test_every_page_of_the_folder_is_listed() -> None:
    there = next(folder for folder in documents.FOLDERS if folder.is_dir())
    assert {path.stem for path in there.glob("*.md")} == {*documents.NAMES, "README.ru"}
    assert set(documents.titles()) == set(documents.NAMES)


@every_document
def test_a_document_has_its_title_and_no_tag_of_its_own(name: str) -> None:
    found = documents.read(name)
    assert found
    assert documents.titles()[name] == found.title != ""
    assert found.html.count("<h1") == 1
    tags = set(re.findall(r"<(\w+)", found.html))
    assert tags <= {
        *("h1", "h2", "h3", "p", "a", "strong", "em", "code", "pre", "ul", "ol", "li", "div", "br"),
        *("table", "thead", "tbody", "tr", "th", "td", "blockquote", "hr"),
    }
    ids = re.findall(r' id="([^"]+)"', found.html)
    assert len(ids) == len(set(ids))


@every_document
def test_every_link_leads_to_a_page_of_the_kit_or_by_a_whole_address(name: str) -> None:
    for target in re.findall(r'href="([^"]+)"', html(name)):
        if target.startswith("https://"):
            continue
        page, _, place = target.partition("#")
        other = page.removeprefix("/documents/") if page else name
        assert other in documents.NAMES, target
        assert not place or f' id="{place}"' in html(other), target


def test_tags_and_other_links_are_words() -> None:
    told = documents.rendered(
        "# A `b`\n\n<script>x</script> [on](javascript:alert(1)) [code](../x.py) [c](carer.md#d) ![p](http://e/p.png)\n\n|a|\n|-|\n|b|\n"
    )
    assert told.title == "A b"
    assert "<script" not in told.html
    assert "javascript" not in re.sub(r"\[on\]\([^)]*\)", "", told.html)
    assert "<img" not in told.html
    assert 'href="../x.py"' not in told.html
    assert "code" in told.html
    assert '<a href="/documents/carer#d">c</a>' in told.html
    assert 'tabindex="0"' in told.html


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fpyproject", "wearer.md", "Wearer", "%00"])
def test_there_are_no_others(name: str) -> None:
    browser = Browser()
    browser.come_in()
    assert browser.client.get(f"/documents/{name}").status_code == 404


def test_they_are_listed_and_read_in_a_browser() -> None:
    browser = Browser("ru")
    browser.come_in()
    listed = re.findall(r'href="/documents/(\w+)"', browser.client.get("/documents").text)
    assert tuple(listed) == documents.NAMES
    text = browser.client.get("/documents/wearer").text
    assert '<a href="/documents" aria-current="true">' in text
    assert '<article lang="en">' in text
    assert "You write by choosing" in text


def test_what_begins_in_a_document_is_listed_before_it() -> None:
    told = documents.rendered("# A\n\n**Stop `it`.** Now.\n\nNot **here**.\n\n## For *whom*\n\n- **no** part\n")
    assert told.contents == (("part-3", "Stop it"), ("for-whom", "For whom"))
    assert all(f'id="{place}"' in told.html for place, _ in told.contents)


@pytest.mark.parametrize("name", documents.NAMES)
def test_every_place_that_is_listed_is_there_once(name: str) -> None:
    told = documents.read(name)
    assert told
    places = [place for place, _ in told.contents]
    assert [place for place in places if told.html.count(f'id="{place}"') != 1] == []
    assert [words for _, words in told.contents if not words] == []


def test_the_carer_finds_what_they_look_for() -> None:
    told = documents.read("carer")
    assert told
    assert {"In a browser", "Something is wrong?", "A better voice"} <= {words for _, words in told.contents}
