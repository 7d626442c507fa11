"""Whatever is sent to whichever page, it answers: no error of its own, and what was sent is words at most.

schemathesis and its like ask what an OpenAPI schema says; forms rendered by the kit have none. The app's own list
of routes and the fields of its own forms are that schema here.
"""

import re
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.panel_routes import PARAMETER, Asker, fields, routes
from unit.test_panel_pages import FULL
from vybor.pages.guard import HEADERS
from vybor.panel.site.site import COOKIE

ROUTES = routes()
INSIDE, OUTSIDE = Asker(FULL), Asker(FULL, inside=False)
FIELDS = fields(INSIDE)
TAG = "<i zq7>"
TOLD = re.compile(r"Traceback|File \"/|most recent call|site-packages|jinja2|starlette", re.IGNORECASE)
"""What an error of a program would say of itself."""
HEADS = {name.encode() for name in (*HEADERS, "content-type", "content-length", "location", "content-disposition")}
"""Every head that an answer may have, but for the cookie of who leaves or comes in."""

METHODS = st.sampled_from(
    ("GET", "HEAD", "POST", "POST", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "X")
)
WORDS = st.one_of(
    st.sampled_from(
        (
            *("", TAG, "\r\nX-Injected: 1", "\0", "../../etc/passwd", "{{7*7}}", "%s%n", "true", "-1", "0", "1"),
            *("9" * 400, "1e309", "nan", "é", "\ud7ff", "𝔘", "a" * 4000, "';--", "http://evil.example", "auto"),
        )
    ),
    st.text(max_size=20),
    st.integers().map(str),
)
RAW = st.binary(max_size=30).map(lambda raw: bytes(byte for byte in raw if byte not in b" ?#\r\n"))
BODIES = st.one_of(st.binary(max_size=80), st.lists(st.tuples(st.sampled_from(FIELDS), WORDS), max_size=6))
VALUES = st.one_of(
    st.sampled_from((b"", TAG.encode(), b"a\r\nX-Injected: 1", b"\xff\xfe")), st.binary(max_size=30)
)
NAMES = ("cookie", "accept-language", "content-type", "referer", "x-forwarded-host", "range", "expect", "accept")
MORE = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3)
ENDS = st.sampled_from((b"", b"", b"", b"/", b"/..", b"//"))
QUERIES = st.one_of(st.just(b""), st.just(b"left=1"), RAW.map(lambda raw: b"left=" + raw))


class Request(NamedTuple):
    """What is sent, and to which of the app's paths."""

    method: str
    path: str
    raw: bytes
    body: bytes | list[tuple[str, str]]
    more: dict[str, bytes]
    marked: bool
    """Whether it brings the session's mark."""


@st.composite
def asked(draw: st.DrawFn) -> Request:
    """Any request, with anything in the places of the path's parameters, or behind it."""
    _, path = draw(st.sampled_from(ROUTES))
    raw = PARAMETER.sub(lambda _: "\0", path).encode().replace(b"\0", draw(RAW)) + draw(ENDS)
    query = draw(QUERIES)
    whole = raw + b"?" + query if query else raw
    return Request(draw(METHODS), path, whole, draw(BODIES), draw(MORE), draw(st.booleans()))


@pytest.mark.parametrize("asker", [OUTSIDE, INSIDE], ids=["outside", "inside"])
@given(asked())
def test_every_page_answers_anything_with_an_answer(asker: Asker, request_: Request) -> None:
    method, path, raw, body, more, marked = request_
    if marked and isinstance(body, list):
        body = [*body, ("csrf", asker.mark)]
    if asker is INSIDE and (path == "/leave" or more.get("cookie", b"").startswith(COOKIE.encode())):
        more, body = {**more, "cookie": f"{COOKIE}={asker.token}".encode()}, b""  # it stays inside
    answer = asker.ask(method, raw, body, more)
    assert 200 <= answer.status < 500, answer.text
    assert {name: answer.header(name) for name in HEADERS} == HEADERS
    assert {name.lower() for name, _ in answer.headers} <= HEADS
    assert not [value for _, value in answer.headers if b"\r" in value or b"\n" in value or b"\0" in value]
    assert (answer.header("location") or "/").startswith("/")
    assert not (answer.header("location") or "").startswith("//")
    if not path.startswith("/documents"):
        assert not TOLD.search(answer.text)
    assert TAG not in answer.text
    if asker is OUTSIDE and answer.status == 200:
        assert path in ("/enter", "/static/{name}")
