"""The page of phrases: what a carer gave, changed in every way and undone; nothing of what the wearer keeps."""

import ast
import re
from html import unescape
from pathlib import Path

import pytest

from unit.panel_browser import Browser
from unit.panel_rooms import inside, post
from vybor import panel
from vybor.composer.phrases import LONGEST, MOST_KEPT
from vybor.contracts import messages as m

SECRET = "I do not like Anna."
PRIVATE = {"TellPhrases", "Phrases", "KeepPhrase", "ForgetPhrase", "SearchTopics", "TellSentences", "TellRows"}


def shown(text: str) -> list[str]:
    """The phrases on a page, from the top."""
    return [unescape(phrase) for phrase in re.findall(r'name="old" value="([^"]*)"', text)]


def told(text: str) -> str:
    found = re.search(r'<p class="told" role="status">([^<]*)</p>', text)
    return unescape(found[1]) if found else ""


def test_phrases_are_added_changed_ordered_removed_and_each_is_undone(tmp_path: Path) -> None:
    with inside(tmp_path) as (browser, rooms):
        for phrase in ("A.", "B."):
            assert told(post(browser, "/phrases", do="add", text=f"  {phrase} ")) == f"Added: “{phrase}”."
        assert shown(browser.client.get("/phrases").text) == ["B.", "A."]
        for fields, after in (
            ({"do": "up", "old": "A."}, ["A.", "B."]),
            ({"do": "down", "old": "B."}, ["B.", "A."]),
            ({"do": "change", "old": "A.", "text": "See <you> & me."}, ["B.", "See <you> & me."]),
            ({"do": "remove", "old": "B."}, ["A."]),
        ):
            assert shown(post(browser, "/phrases", **fields)) == after or fields["do"] == "down"
            assert told(post(browser, "/phrases/undo")) == "The last change is undone."
            assert shown(browser.client.get("/phrases").text) == ["B.", "A."]
        assert rooms.book.book().own == ("A.", "B.")


def test_an_undo_can_itself_be_undone_and_what_changed_elsewhere_stays(tmp_path: Path) -> None:
    with inside(tmp_path) as (browser, rooms):
        assert told(post(browser, "/phrases/undo")) == "There is nothing to undo."
        post(browser, "/phrases", do="add", text="A.")
        assert shown(post(browser, "/phrases/undo")) == []
        assert shown(post(browser, "/phrases/undo")) == ["A."]
        rooms.book.give(("A.", "By a command."), 0)
        text = post(browser, "/phrases/undo")
        assert "changed meanwhile" in told(text)
        assert shown(text) == ["By a command.", "A."]


def test_what_the_wearer_keeps_stands_on_no_page(tmp_path: Path) -> None:
    with inside(tmp_path) as (browser, rooms):
        rooms.book.keep(SECRET)
        text = post(browser, "/phrases", do="add", text="A.")
        assert "Anna" not in text
        assert "Phrases that the wearer keeps: 1." in text
        assert told(post(browser, "/phrases", do="remove", old=SECRET)).startswith("That phrase is not there")
        assert rooms.book.book().own == (SECRET, "A.")


def test_the_panel_names_no_message_that_tells_what_the_wearer_keeps() -> None:
    """What it does not ask it cannot be told."""
    named = {
        node.attr
        for file in Path(panel.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute)
    }
    assert {"TellGiven", "Give"} <= named
    assert named & PRIVATE == set()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "add", "text": " "}, "A phrase needs words"),
        ({"do": "add", "text": "a\x00b"}, "A phrase needs words"),
        (
            {"do": "add", "text": "a" * (LONGEST + 1)},
            f"The phrase has {LONGEST + 1} letters, of which {LONGEST} fit",
        ),
        ({"do": "add", "text": "A."}, "That phrase is there already: “A.”."),
        ({"do": "change", "old": "A.", "text": "B."}, "That phrase is there already: “B.”."),
        ({"do": "change", "old": "C.", "text": "D."}, "That phrase is not there any more"),
        ({"do": "up", "old": "C."}, "That phrase is not there any more"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(tmp_path: Path, fields: dict[str, str], said: str) -> None:
    with inside(tmp_path) as (browser, rooms):
        rooms.book.give(("A.", "B."), 0)
        text = post(browser, "/phrases", **fields)
        assert told(text).startswith(said)
        assert shown(text) == ["B.", "A."]
        if fields["do"] == "add" and fields["text"].startswith("aa"):
            assert 'value="aaa' in text  # what was typed is not lost


def test_more_than_fit_are_not_taken(tmp_path: Path) -> None:
    with inside(tmp_path) as (browser, rooms):
        rooms.book.give([f"Phrase {n}." for n in range(MOST_KEPT)], 0)
        assert told(post(browser, "/phrases", do="add", text="More.")).startswith(
            "There are as many phrases as fit"
        )


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_kit_that_does_not_answer_is_said_and_nothing_is_asked_twice(tmp_path: Path, language: str) -> None:
    with inside(tmp_path, language) as (browser, rooms):
        rooms.silent = (m.Give,)
        said = {"en": "The kit does not answer now", "ru": "Прибор сейчас не отвечает"}[language]
        assert told(post(browser, "/phrases", do="add", text="A.")).startswith(said)
        rooms.silent = (m.Give, m.TellGiven)
        assert told(browser.client.get("/phrases").text).startswith(said)
        assert sum(isinstance(command, m.Give) for command in rooms.asked) == 1


@pytest.mark.parametrize("path", ["/phrases", "/phrases/undo"])
def test_it_is_for_who_came_in_with_a_form_of_their_own(path: str) -> None:
    browser = Browser()
    assert browser.client.post(path, data={"do": "add", "text": "A."}).status_code == 303
    browser.come_in()
    assert browser.client.post(path, data={"csrf": "x", "do": "add", "text": "A."}).status_code == 403
    assert browser.desk.wishes() == []


def test_nothing_else_can_be_done_to_them() -> None:
    browser = Browser()
    browser.come_in()
    assert browser.client.post("/phrases", data={"csrf": browser.csrf(), "do": "erase"}).status_code == 400
    assert browser.desk.wishes() == []


def test_words_are_given_in_the_same_way_without_an_order(tmp_path: Path) -> None:
    with inside(tmp_path) as (browser, rooms):
        assert told(post(browser, "/words", do="add", text="Zolotarev")) == "Added: “Zolotarev”."
        assert told(post(browser, "/words", do="add", text="two words")).startswith(
            "A word has letters and no space"
        )
        assert told(post(browser, "/words", do="add", text="a" * 31)).startswith(
            "The word has 31 letters, of which 30"
        )
        assert shown(post(browser, "/words", do="change", old="Zolotarev", text="Zoë")) == ["Zoë"]
        assert rooms.words.words == ("Zoë",)
        text = post(browser, "/words/undo")
        assert shown(text) == ["Zolotarev"]
        assert 'value="up"' not in text
        mark = browser.csrf()
        assert (
            browser.client.post("/words", data={"csrf": mark, "do": "up", "old": "Zolotarev"}).status_code == 400
        )
        assert shown(browser.client.get("/phrases").text) == []
        assert told(post(browser, "/phrases/undo")) == "There is nothing to undo."


@pytest.mark.parametrize("what", ["phrases", "words"])
def test_what_nobody_heard_to_undo_can_be_undone_still(tmp_path: Path, what: str) -> None:
    with inside(tmp_path) as (browser, rooms):
        post(browser, f"/{what}", do="add", text="A")
        post(browser, f"/{what}", do="remove", old="A")
        rooms.silent = (m.Give,)
        assert told(post(browser, f"/{what}/undo")).startswith("The kit does not answer now")
        rooms.silent = ()
        assert shown(post(browser, f"/{what}/undo")) == ["A"]
