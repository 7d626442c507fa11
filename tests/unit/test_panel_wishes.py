"""What a carer may have the kit do from a page, how it is asked, and what comes of it on the page."""

from collections.abc import Callable
from threading import Thread

import pytest
from starlette.responses import Response

from unit.panel_browser import Browser
from unit.test_panel_pages import FULL
from vybor.contracts import messages as m
from vybor.contracts.numbers import Learned
from vybor.panel import desk, wishes


def answered(
    browser: Browser, ask: Callable[[], Response], reply: m.AnyReply | None
) -> tuple[str, list[wishes.Wish]]:
    """Play the loop of the bus while a form is on its way; the page that comes, and what was wished."""
    found: list[str] = []
    thread = Thread(target=lambda: found.append(ask().text))  # type: ignore[attr-defined]
    thread.start()
    wished: list[wishes.Wish] = []
    while thread.is_alive():
        for wish in browser.desk.wishes():
            wished.append(wish)
            wish.reply.set_result(reply)
        thread.join(0.01)
    return found[0], wished


def form(browser: Browser, path: str, **fields: str) -> Callable[[], Response]:
    mark = browser.csrf()
    return lambda: browser.client.post(path, data={"csrf": mark, **fields})


def inside(language: str = "en") -> Browser:
    browser = Browser(language, FULL)
    browser.come_in()
    return browser


@pytest.mark.parametrize("name", list(wishes.BEGINNINGS))
def test_what_is_begun_is_asked_of_whose_it_is(name: str) -> None:
    browser = inside()
    assert f'action="/begin/{name}"' in browser.client.get("/begin").text
    text, wished = answered(browser, form(browser, f"/begin/{name}"), m.Done(request=""))
    assert [(wish.receiver, wish.command) for wish in wished] == [wishes.BEGINNINGS[name]]
    assert "Done, or under way" in text


def test_a_refusal_is_said_with_its_reason_and_silence_as_such() -> None:
    browser = inside()
    no = m.Refused(request="", reason="the wearer <rests>")
    assert "The kit says: the wearer &lt;rests&gt;" in answered(browser, form(browser, "/begin/practise"), no)[0]
    assert "Nobody answered yet" in answered(browser, form(browser, "/begin/practise"), None)[0]


@pytest.mark.parametrize("path", ["/begin/calibrate", "/model"])
def test_without_the_session_s_mark_nothing_is_asked(path: str) -> None:
    browser = inside()
    assert browser.client.post(path, data={"csrf": "x", "version": "3"}).status_code == 403
    assert browser.another().post(path, data={"version": "3"}).status_code == 303
    assert browser.desk.wishes() == []


@pytest.mark.parametrize("name", ["erase", "", "Calibrate", "x/leave"])
def test_nothing_else_can_be_begun(name: str) -> None:
    browser = inside()
    assert form(browser, f"/begin/{name}")().status_code in (404, 405)
    assert browser.desk.wishes() == []


@pytest.mark.parametrize(
    ("version", "command"),
    [
        ("back", m.WearGrown(request="", back=True)),
        ("factory", m.WearGrown(request="", serial=0, kind=Learned.ADAPTER)),
        ("12", m.WearGrown(request="", serial=12)),
    ],
)
def test_the_model_is_asked_for_another_version(version: str, command: m.WearGrown) -> None:
    browser = inside()
    told = m.GrownTold(request="", model="", grown=())
    _, wished = answered(browser, form(browser, "/model", version=version), told)
    assert [(wish.receiver, wish.command) for wish in wished] == [("generator", command)]


@pytest.mark.parametrize("version", ["", "0", "-1", "1.5", "1234567", "Back", "٣", " 3"])
def test_what_is_no_version_is_refused(version: str) -> None:
    browser = inside()
    assert form(browser, "/model", version=version)().status_code == 400
    assert browser.desk.wishes() == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_of_the_model_lists_what_came_and_what_is_used(language: str) -> None:
    text = inside(language).client.get("/model").text
    assert "smollm2-360m" in text
    assert "its words &lt;were&gt; undone" in text
    assert 'value="2"' in text
    assert 'value="3"' not in text  # it is in use
    assert 'value="4"' not in text  # numbers of the person are no model
    assert 'value="back"' in text
    assert {"en": "on trial, in use now", "ru": "на испытании, используется сейчас"}[language] in text


def test_nobody_asks_without_end() -> None:
    found = Browser().desk
    asked = [found.wish("gaze", m.Calibrate(request="")) for _ in range(desk.MOST_WISHES + 1)]
    assert [each.done() for each in asked] == [False] * desk.MOST_WISHES + [True]
    assert asked[-1].result() is None
    asked[0].cancel()  # its browser has gone
    assert len(found.wishes()) == desk.MOST_WISHES - 1


def test_what_is_on_its_way_counts_until_it_is_answered_and_to_one_process_alone() -> None:
    found = Browser().desk
    asked = [found.wish("core", m.Practise(request="")) for _ in range(desk.MOST_WISHES)]
    taken = found.wishes()
    assert found.wish("core", m.Practise(request="")).done()
    assert not found.wish("gaze", m.Calibrate(request="")).done()  # one that hangs keeps nobody from the others
    taken[0].reply.set_result(None)
    assert asked[0].done()
    assert not found.wish("core", m.Practise(request="")).done()
    assert found.wish("core", m.Practise(request="")).done()
