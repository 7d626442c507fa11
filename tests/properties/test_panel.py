"""Whatever is sent to the page, it answers without an error of its own, and shows nothing to who is outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.panel_browser import BASE, Browser
from vybor.pages.guard import HEADERS
from vybor.panel import door
from vybor.panel.door import Answer, Door

ROUTES = (
    "/",
    "/live",
    "/enter",
    "/enter/ask",
    "/leave",
    "/begin",
    "/begin/fit",
    "/model",
    "/own/ask",
    "/own/stop",
    "/own/nowhere",
    "/documents",
    "/static/x",
)
METHODS = st.sampled_from(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"))
PIECE = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="\x7f"), max_size=12)
PATHS = st.one_of(
    st.sampled_from(ROUTES),
    st.builds("{}/{}".format, st.sampled_from(ROUTES), PIECE),
    st.builds("/documents/{}".format, st.sampled_from(("wearer", "..", "%2e%2e%2f", "wearer%00", "x" * 300))),
)
LATIN = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
HEADS = st.fixed_dictionaries(
    {},
    optional={
        "origin": st.one_of(st.just(BASE), LATIN),
        "cookie": st.builds("__Host-vybor={}".format, LATIN),
        "content-type": LATIN,
        "sec-fetch-site": st.sampled_from(("same-origin", "cross-site", "none", "")),
        "x-forwarded-host": LATIN,
    },
)
BODIES = st.one_of(
    st.binary(max_size=60),
    st.builds(
        lambda fields: "&".join(f"{name}={value}" for name, value in fields).encode(),
        st.lists(st.tuples(st.sampled_from(("pin", "csrf", "version")), PIECE), max_size=4),
    ),
)
OUTSIDE, INSIDE = Browser(), Browser()
INSIDE.come_in()


@pytest.mark.parametrize("browser", [OUTSIDE, INSIDE], ids=["outside", "inside"])
@given(METHODS, PATHS, HEADS, BODIES)
def test_every_answer_is_one_and_carries_what_protects_it(
    browser: Browser, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    if browser is INSIDE and path == "/live":
        return  # it never ends by itself
    reply = browser.client.request(method, BASE + path, headers=headers, content=body)
    assert reply.status_code < 500
    for name, value in HEADERS.items():
        assert reply.headers[name] == value
    assert "set-cookie" not in reply.headers
    if browser is OUTSIDE and reply.status_code == 200:
        assert reply.request.url.path == "/enter"
    for wish in browser.desk.wishes():
        wish.reply.set_result(None)


@given(
    st.lists(st.tuples(st.integers(0, 600), st.one_of(st.just(""), st.from_regex(r"\A[0-9]{6}\Z"))), max_size=60)
)
def test_only_the_digits_on_the_screen_open(steps: list[tuple[int, str]]) -> None:
    known, now_ns = Door(), 0
    for wait_s, digits in steps:
        now_ns += wait_s * 1_000_000_000
        if not digits:
            known = door.asked(known, "123456", now_ns)
            continue
        stood = door.passed(known, now_ns)
        known, answer = door.typed(known, digits, now_ns)
        assert (answer is Answer.IN) == (stood.pin == digits and not stood.is_closed(now_ns))
        assert 0 <= known.wrong < door.MOST_WRONG
