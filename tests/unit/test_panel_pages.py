"""The pages in a browser: who may have which, what a form must bring, and what stands there."""

import asyncio
import itertools
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from unit.panel_browser import BASE, Browser
from vybor.contracts import messages as m
from vybor.contracts.numbers import Learned
from vybor.foundation.clock import seconds
from vybor.pages import guard
from vybor.panel import desk, door, sessions
from vybor.panel.faring import Band, Faring, Part, Standing, Version
from vybor.panel.site import home, own
from vybor.panel.site.app import PLACES

OWN = (
    *("/", "/begin", "/model", "/documents", "/documents/wearer"),
    *("/settings", "/settings/voice.volume", "/settings/changes", "/power", "/power/sure/off"),
)
"""What is shown to those alone who came in."""
ROWS = (
    Part("core", Standing.WELL),
    Part("gaze", Standing.TROUBLE, (m.Notice(process="gaze", trouble=m.Trouble.CAMERA_MISSING),)),
    Part("voice", Standing.SILENT),
)
SHARING = m.Sharing(workstation="<desk>", agreed=True, rows=12, synced_at="2026-01-31T12:34:56+00:00")
ELECTRODES = (m.Electrode(at=m.ElectrodeAt.LEFT_JAW, state=m.ElectrodeState.LOOSE),)
VERSIONS = (
    Version(2, m.GrownState.ROLLED_BACK, Learned.ADAPTER, at="2026-01-30", reason="its words <were> undone"),
    Version(3, m.GrownState.ON_TRIAL, Learned.ADAPTER, whole="smollm2-360m", is_worn=True),
    Version(4, m.GrownState.GOOD, Learned.SIGNS, is_worn=True),
)
FULL = Faring(
    parts=ROWS,
    eyes=m.Eyes.CLOSED,
    band=Band("Muse 2", 71, ELECTRODES),
    sharing=SHARING,
    model="smollm2-135m",
    versions=VERSIONS,
    free_mb=1234,
)


@pytest.mark.parametrize("path", OWN)
def test_a_page_is_for_who_came_in(path: str) -> None:
    browser = Browser()
    reply = browser.client.get(path)
    assert (reply.status_code, reply.headers["location"], reply.text) == (303, "/enter", "")
    browser.come_in()
    assert browser.client.get(path).status_code == 200
    assert browser.another().get(path).status_code == 303


def test_the_way_in_shows_one_step_at_a_time() -> None:
    browser = Browser()
    first = browser.client.get("/enter").text
    assert 'action="/enter/ask"' in first
    assert 'name="pin"' not in first
    assert browser.client.post("/enter/ask", content=b"").headers["location"] == "/enter"
    asked = browser.client.get("/enter").text
    assert 'name="pin"' in asked
    assert "compare the beginning of the certificate" in asked
    assert browser.desk.pin() not in asked
    assert browser.come_in().get("/enter").headers["location"] == "/"


def test_the_cookie_is_for_this_page_over_tls_and_for_no_script() -> None:
    browser = Browser()
    browser.client.post("/enter/ask", content=b"")
    reply = browser.client.post("/enter", data={"pin": browser.desk.pin()})
    name, *rest = reply.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-vybor=")
    assert set(rest) == {"Path=/", "Secure", "HttpOnly", "SameSite=strict"}


def test_what_stands_in_forms_opens_nothing() -> None:
    """A script, or who reads over a shoulder, may see it; the cookie no script sees."""
    browser = Browser()
    browser.come_in()
    key, mark = browser.client.cookies["__Host-vybor"], browser.csrf()
    assert key not in browser.client.get("/").text
    assert browser.another().get("/", headers={"cookie": f"__Host-vybor={mark}"}).status_code == 303


def test_wrong_digits_are_said_and_open_nothing() -> None:
    browser = Browser()
    browser.client.post("/enter/ask", content=b"")
    wrong = f"{(int(browser.desk.pin()) + 1) % 10**6:06}"
    reply = browser.client.post("/enter", data={"pin": wrong})
    assert reply.status_code == 403
    assert 'role="alert"' in reply.text
    assert "That is not the PIN on the kit’s screen." in reply.text
    assert "set-cookie" not in reply.headers


@pytest.mark.slow
def test_a_thousand_wrong_pins_open_nothing_and_the_wearer_is_told() -> None:
    browser = Browser()
    answers = set()
    for number in range(1000):
        browser.client.post("/enter/ask", content=b"")
        pin = browser.desk.pin() or "000000"
        reply = browser.client.post("/enter", data={"pin": f"{(int(pin) + 1 + number) % 10**6:06}"})
        answers.add((reply.status_code, "set-cookie" in reply.headers))
    assert answers == {(403, False)}
    assert browser.desk.is_warned()
    assert browser.desk.pin() == ""
    assert "Ask again in 30 seconds" in browser.client.get("/enter").text
    browser.clock.turn(30)
    browser.come_in()


def test_no_pin_and_an_empty_form_are_no_way_in() -> None:
    browser = Browser()
    for content in (b"", b"pin=", b"pin=&pin=", b"other=1"):
        reply = browser.client.post("/enter", content=content)
        assert (reply.status_code, browser.desk.is_open()) == (403, False)


def test_a_session_ends_by_idling_and_by_leaving() -> None:
    browser = Browser()
    browser.come_in()
    browser.clock.turn(sessions.IDLE_NS / 1e9 - 1)
    assert browser.client.get("/").status_code == 200
    browser.clock.turn(sessions.IDLE_NS / 1e9 + 1)
    assert browser.client.get("/").status_code == 303
    browser.come_in()
    kept = browser.client.cookies["__Host-vybor"]
    reply = browser.client.post("/leave", data={"csrf": browser.csrf()})
    assert reply.headers["location"] == "/enter?left=1"
    assert "You have left" in browser.client.get("/enter?left=1").text
    again = browser.another().get("/", headers={"cookie": f"__Host-vybor={kept}"})
    assert again.status_code == 303  # the kit has forgotten it, whatever the browser kept


@pytest.mark.parametrize("sent", [{}, {"csrf": ""}, {"csrf": "x" * 43}, {"csrf": "é"}])
def test_a_form_without_this_session_s_mark_does_nothing(sent: dict[str, str]) -> None:
    browser = Browser()
    browser.come_in()
    reply = browser.client.post("/leave", data=sent)
    assert reply.status_code == 403
    assert "That form was too old" in reply.text
    assert browser.client.get("/").status_code == 200


def test_the_mark_of_another_session_does_nothing_either() -> None:
    browser = Browser()
    browser.come_in()
    other = browser.come_in(browser.another())
    assert other.post("/leave", data={"csrf": browser.csrf()}).status_code == 403


def test_a_form_from_elsewhere_does_nothing() -> None:
    browser = Browser()
    evil = {"origin": "https://evil.example"}
    assert browser.client.post("/enter/ask", content=b"", headers=evil).status_code == 403
    assert browser.desk.pin() == ""
    browser.come_in()
    assert browser.client.post("/leave", data={"csrf": browser.csrf()}, headers=evil).status_code == 403
    assert browser.client.get("/").status_code == 200


def test_a_form_that_is_too_large_or_no_form_is_refused() -> None:
    browser = Browser()
    browser.client.post("/enter/ask", content=b"")
    assert browser.client.post("/enter", content=b"x" * 16_385).status_code == 413
    assert browser.client.post("/enter", content=iter([b"x" * 10])).status_code == 413  # it does not say how many
    assert browser.client.post("/enter", content="pin=é".encode()).status_code == 400
    assert browser.client.post("/enter", content=b"pin=%ff").status_code == 400
    assert browser.client.post("/enter", content=b"&".join(b"a=1" for _ in range(21))).status_code == 400


@pytest.mark.parametrize("name", ["panel.css", "live.js", "power.js"])
def test_style_and_script_are_there_for_everybody(name: str) -> None:
    reply = Browser().client.get(f"/static/{name}")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/")


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/../door.py", "/static/%2e%2e/door.py", "/static/..%2fdoor.py", "/static//etc/passwd"],
)
def test_nothing_else_lies_there(path: str) -> None:
    assert Browser().client.get(path).status_code == 404


@pytest.mark.parametrize("language", ["en", "ru"])
def test_home_says_how_every_part_is(language: str) -> None:
    browser = Browser(language, FULL)
    browser.come_in()
    text = browser.client.get("/").text
    assert f'<html lang="{language}">' in text
    told = {
        "en": ("Parts that need somebody: 2", "No camera found: connect it", "does not answer", "closed", "71 %"),
        "ru": ("Частей, которым нужна помощь: 2", "Камера не найдена", "не отвечает", "закрыты", "71 %"),
    }
    learned = {"en": "version 3: on trial", "ru": "версия 3: на испытании"}[language]
    for words in (*told[language], learned, "Muse 2", "smollm2-135m", "1234", "2026-01-31 12:34 UTC"):
        assert words in text, words
    assert "&lt;desk&gt;" in text
    assert "<desk>" not in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_what_nobody_told_is_not_known() -> None:
    browser = Browser(faring=Faring())
    browser.come_in()
    text = browser.client.get("/").text
    assert "Nothing of the kit is heard" in text
    assert text.count("not known now") == 3
    assert "no look comes" in text


def test_a_stream_is_for_who_came_in() -> None:
    browser = Browser()
    assert browser.client.get("/live").status_code == 403


def test_there_is_no_such_page_for_anybody() -> None:
    browser = Browser()
    assert browser.client.get("/nowhere").status_code == 404
    assert "Leave" not in browser.client.get("/nowhere").text
    browser.come_in()
    assert "Leave" in browser.client.get("/nowhere").text


def test_looking_on_keeps_no_session_open() -> None:
    browser = Browser()
    browser.come_in()
    token = browser.client.cookies["__Host-vybor"]
    browser.clock.turn(sessions.IDLE_NS / 1e9 - 1)
    assert browser.desk.session(token, use=False)
    browser.clock.turn(1)
    assert not browser.desk.session(token, use=False)


def test_a_pin_that_is_over_is_said_so() -> None:
    browser = Browser()
    browser.client.post("/enter/ask", content=b"")
    pin = browser.desk.pin()
    browser.clock.turn(door.HOLDS_NS / 1e9)
    reply = browser.client.post("/enter", data={"pin": pin}, headers={"origin": BASE})
    assert reply.status_code == 403
    assert browser.clock.ns == seconds(1000) + door.HOLDS_NS


FORMS = [
    at.path for at in PLACES if at.method == "POST" and at.path not in ("/enter", "/enter/ask", "/topics/add")
]
"""Every form of who came in, but the one with files."""


def test_every_form_needs_the_whole_mark_of_its_own_session() -> None:
    browser = Browser()
    browser.come_in()
    mark = browser.csrf()
    assert len(FORMS) >= 12
    wrong = ({}, {"csrf": ""}, {"csrf": mark[:-1]}, {"csrf": mark + "x"}, {"csrf": mark.swapcase()})
    for path in FORMS:
        filled = path.replace("{name}", "stop").replace("{what}", "off")
        for sent in wrong:
            assert browser.client.post(filled, data=sent).status_code == 403, (filled, sent)
    assert browser.client.get("/").status_code == 200
    assert browser.desk.wishes() == []


@pytest.mark.parametrize("page", ["/live", "/own/live"])
def test_a_stream_keeps_no_session_open_and_ends_with_it(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (home, own):
        monkeypatch.setattr(module, "STREAM_S", 0.0)
        monkeypatch.setattr(module, "BREATH_S", 0.0)  # something is told each time
    browser = Browser()
    browser.come_in()
    token = browser.client.cookies["__Host-vybor"]
    session = browser.desk.session(token, use=False)
    assert session

    async def stands(*_: object) -> own.Stands:
        return own.Stands()

    monkeypatch.setattr(own, "_stands", stands)

    async def looked_at() -> list[str]:
        stream = home._changes(browser.site, token)
        if page == "/own/live":
            stream = own._changes(browser.site, token, session)
        await anext(stream)
        assert browser.desk.is_watched()
        browser.clock.turn(sessions.IDLE_NS / 1e9 - 1)
        for _ in range(3):
            await anext(stream)
        browser.clock.turn(1)
        return [each async for each in stream]

    *_, last = asyncio.run(asyncio.wait_for(looked_at(), 5))
    assert last.startswith("event: over")
    assert not browser.desk.is_watched()


@pytest.mark.parametrize("page", ["/live", "/own/live"])
def test_no_more_pages_are_told_at_once_than_there_is_room_for(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (home, own):
        monkeypatch.setattr(module, "_changes", lambda *_: iter(()))  # else it never ends
    browser = Browser()
    browser.come_in()
    with ExitStack() as held:
        for _ in range(desk.MOST_STREAMS):
            held.enter_context(browser.desk.stream())
        assert browser.client.get(page).status_code == 503
    assert browser.client.get(page).status_code == 200


def test_who_only_looks_on_is_seen_for_as_long_as_they_do() -> None:
    browser = Browser()
    browser.come_in()
    with browser.desk.stream():
        browser.clock.turn(sessions.IDLE_NS / seconds(1))
        assert browser.desk.is_watched()
    assert not browser.desk.is_watched()


def test_a_page_is_open_no_more_once_nobody_did_anything_for_long() -> None:
    browser = Browser()
    assert not browser.desk.is_open()
    browser.come_in()
    assert browser.desk.is_open()
    browser.clock.turn(sessions.IDLE_NS / seconds(1))
    assert not browser.desk.is_open()


def test_a_form_in_pieces_is_no_longer_than_one_at_once_may_be_whatever_its_head_says() -> None:
    """HTTP lets pieces count and not the length, where a head has both."""
    browser = Browser()
    browser.come_in()

    def pieces(count: int) -> Iterator[bytes]:
        yield from itertools.repeat(b"a" * 1000, count)

    lies = {"content-length": "10", "content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post("/leave", content=pieces(1), headers=lies).status_code == 403
    count = guard.LARGEST_BYTES // 1000 + 1
    assert browser.client.post("/leave", content=pieces(count), headers=lies).status_code == 413
