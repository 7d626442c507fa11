"""Under which names the kit is asked, where forms come from, how large they are, and what every answer carries."""

import pytest
from starlette.datastructures import Headers

from unit.panel_browser import BASE, Browser
from vybor.pages import guard


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8443", "LocalHost:1", "127.0.0.1:8443", "192.168.1.20", "192.168.1.20:8443"),
        *("[::1]:8443", "[fd12::1]", "kitchen", "Kitchen:8443", "kitchen.local:8443", "kitchen.local."),
    ],
)
def test_the_kit_answers_to_its_addresses_and_names(host: str) -> None:
    assert guard.is_known(host, "kitchen")


@pytest.mark.parametrize(
    "host",
    [
        *("", ":8443", "evil.example", "evil.example:8443", "kitchen.evil.example", "localhost.evil.example"),
        *("127.0.0.1.evil.example", "evil.example:8443:8443", "[evil]", "::1", "[127.0.0.1]", "2130706433"),
        *("kitchen@evil.example", "0x7f.1", "127.1", "kitchen:80a", "localhost:８４"),
        *("evil.local", "kitchen.local.evil", "local", "kitchen.kitchen.local"),
    ],
)
def test_and_to_no_other(host: str) -> None:
    assert not guard.is_known(host, "kitchen")


def refused(method: str = "POST", **changed: str | None) -> int | None:
    headers = {"host": "localhost:8443", "origin": BASE, "content-length": "10", **changed}
    sent = Headers({name.replace("_", "-"): value for name, value in headers.items() if value is not None})
    found = guard.refusal(method, sent, "kitchen")
    return found[0] if found else None


def test_a_form_of_the_kit_s_own_page_passes() -> None:
    assert refused() is None
    assert refused(sec_fetch_site="same-origin") is None


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"origin": None}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://localhost:8443"}, 403),
        ({"origin": "https://localhost"}, 403),
        ({"origin": "https://localhost:8443.evil.example"}, 403),
        ({"origin": "https://localhost:84430"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"content-length": None}, 413),
        ({"content-length": "-1"}, 413),
        ({"content-length": "16385"}, 413),
        ({"content-length": "1e3"}, 413),
        ({"x": "a" * 16_384}, 431),
        ({f"{number:04}{'x' * 96}": "" for number in range(170)}, 431),
        ({"host": "evil.example", "origin": "https://evil.example"}, 421),
    ],
)
def test_any_other_form_does_not(changed: dict[str, str | None], status: int) -> None:
    assert refused(**changed) == status


def test_two_names_at_once_are_none() -> None:
    twice = Headers(raw=[(b"host", b"localhost"), (b"host", b"evil.example")])
    assert guard.refusal("GET", twice, "kitchen")[0] == 421  # type: ignore[index]
    assert guard.refusal("GET", Headers({}), "kitchen")[0] == 421  # type: ignore[index]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"])
def test_other_methods_are_none_of_it(method: str) -> None:
    assert refused(method) == 405


PATHS = ("/", "/enter", "/live", "/static/panel.css", "/static/../process.py", "/nowhere", "/leave")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_what_protects_it(path: str) -> None:
    browser = Browser()
    for reply in (browser.client.get(path), browser.client.get(path, headers={"host": "evil.example"})):
        for name, value in guard.HEADERS.items():
            assert reply.headers[name] == value
        assert "server" not in reply.headers
        assert "strict-transport-security" not in reply.headers


def test_nothing_that_runs_or_is_styled_stands_in_a_page() -> None:
    browser = Browser()
    pages = [browser.client.get("/enter").text, browser.client.get("/nowhere").text]
    browser.come_in()
    pages.append(browser.client.get("/").text)
    for text in pages:
        assert " style=" not in text
        assert "<style" not in text
        assert " on" not in {text[at : at + 3] for at in range(len(text)) if text[at - 1 : at] == '"'}
        assert "javascript:" not in text
        assert text.count("<script") == text.count('<script src="/static/')


def test_only_documents_may_be_larger_than_a_form() -> None:
    browser = Browser()
    large = {"content-length": str(guard.LARGEST_BYTES + 1), "content-type": "text/plain"}
    for path in ("/enter", "/topics", "/topics/add/", "/topics/remove", "/TOPICS/add"):
        assert browser.client.post(path, content=b"", headers=large).status_code == 413, path
    assert browser.client.post("/topics/add", content=b"", headers=large).status_code == 303
    larger = {"content-length": str(guard.LARGER["/topics/add"] + 1)}
    assert browser.client.post("/topics/add", content=b"", headers=larger).status_code == 413
