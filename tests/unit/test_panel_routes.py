"""What holds for every page, whatever it is for: who may have it, what a form must bring, and where paths end."""

import re

import pytest

from unit.panel_browser import BASE
from unit.panel_routes import PARAMETER, PUBLIC, Asker, filled, routes
from unit.test_panel_pages import FULL
from vybor.pages.guard import HEADERS

ROUTES = routes()
OWN = [each for each in ROUTES if each not in PUBLIC]
FORMS = [path for method, path in OWN if method == "POST"]
READ = [path for method, path in OWN if method == "GET"]
INSIDE, OUTSIDE = Asker(FULL), Asker(FULL, inside=False)

each_route = pytest.mark.parametrize(("method", "path"), ROUTES)
UPLOADS = ("/topics/add",)
"""These take files alone: another form is none (its mark: tests/unit/test_panel_topics.py)."""
each_form = pytest.mark.parametrize("path", FORMS)


def test_the_list_is_the_app_s() -> None:
    assert ("GET", "/") in ROUTES
    assert ("POST", "/sync/{name}") in ROUTES
    assert {*PUBLIC} <= {*ROUTES}


@pytest.mark.parametrize("path", READ)
def test_nobody_outside_reads_it(path: str) -> None:
    answer = OUTSIDE.ask("GET", filled(path))
    assert (answer.status, answer.header("location")) == (303, "/enter") or answer.status == 403
    assert FULL.model not in answer.text


@each_form
def test_nobody_outside_has_it_done(path: str) -> None:
    answer = OUTSIDE.ask("POST", filled(path), [("csrf", INSIDE.mark)])
    assert (answer.status, answer.header("location")) in ((303, "/enter"), (403, None))
    assert OUTSIDE.wished == []


@each_form
@pytest.mark.parametrize("mark", [None, "", "x" * 43, "é", "another"])
def test_a_form_without_this_session_s_mark_does_nothing(path: str, mark: str | None) -> None:
    another = Asker(FULL).mark if mark == "another" else mark
    wished = list(INSIDE.wished)
    answer = INSIDE.ask("POST", filled(path), [] if another is None else [("csrf", another)])
    assert answer.status == (400 if path in UPLOADS else 403)
    assert INSIDE.wished == wished
    assert INSIDE.ask("GET", "/").status == 200  # still inside


@each_form
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": b"https://evil.example"},
        {"origin": b"null"},
        {"origin": b"https://localhost:8443.evil.example"},
        {"origin": BASE.encode() + b"\r\nX-Injected: 1"},
        {"sec-fetch-site": b"cross-site"},
        {"sec-fetch-site": b"same-site"},
        {"content-length": b"99999999"},
        {"content-length": b"-1"},
    ],
)
def test_a_form_from_elsewhere_does_nothing(path: str, headers: dict[str, bytes]) -> None:
    wished = list(INSIDE.wished)
    status = INSIDE.ask("POST", filled(path), [("csrf", INSIDE.mark)], headers).status
    assert status in ((400, 403, 413) if path in UPLOADS else (403, 413))
    assert INSIDE.wished == wished


@each_route
@pytest.mark.parametrize(
    "host", [b"evil.example", b"localhost\r\nX-Injected: 1", b"localhost:1/../", b"", b"\xff"]
)
def test_no_page_is_had_under_a_name_of_somebody_else_s(method: str, path: str, host: bytes) -> None:
    answer = INSIDE.ask(method, filled(path), [("csrf", INSIDE.mark)], {"host": host})
    assert answer.status == 421
    assert b"X-Injected" not in answer.body


@each_route
def test_other_methods_are_none_of_it(method: str, path: str) -> None:
    there = [(each, re.compile(PARAMETER.sub("[^/]+", where))) for each, where in ROUTES]
    known = {each for each, where in there if where.fullmatch(filled(path))} | {"HEAD"}
    for other in {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"} - known:
        answer = INSIDE.ask(other, filled(path), [("csrf", INSIDE.mark)])
        assert answer.status in (404, 405), other
    if method == "GET":
        answer = INSIDE.ask("HEAD", filled(path))
        assert answer.status < 500


UPWARD = (
    *("..", "../..", "%2e%2e", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%2f..%2f..%2fetc/passwd", "....//etc/passwd"),
    *("/etc/passwd", "%2fetc%2fpasswd", "..%5c..%5cetc", "%00", "wearer%00.md", "wearer%0d%0aX-Injected:%201"),
    *("%c0%ae%c0%ae/", "a" * 5000, "%ff%fe", "{{7*7}}", "__class__", "con", "~", ".git/config", "panel.pem"),
)


@pytest.mark.parametrize(("method", "path"), [each for each in ROUTES if PARAMETER.search(each[1])])
@pytest.mark.parametrize("upward", UPWARD)
def test_no_path_leads_out_of_its_folder(method: str, path: str, upward: str) -> None:
    place = PARAMETER.sub(lambda _: upward, path)
    wished = list(INSIDE.wished)
    answer = INSIDE.ask(method, place, [("csrf", INSIDE.mark)])
    assert 300 <= answer.status < 500
    assert "root:" not in answer.text
    assert "PRIVATE KEY" not in answer.text
    assert INSIDE.wished == wished
    assert not [name for name, _ in answer.headers if b"injected" in name.lower()]


@each_route
def test_every_answer_carries_what_protects_it_and_no_script_of_its_own(method: str, path: str) -> None:
    for asker in (INSIDE, OUTSIDE):
        answer = asker.ask(method, filled(path), [("csrf", asker.mark)])
        assert {name: answer.header(name) for name in HEADERS} == HEADERS
        if "html" in (answer.header("content-type") or ""):
            assert " style=" not in answer.text
            assert answer.text.count("<script") == answer.text.count('<script src="/static/')
