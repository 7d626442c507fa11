"""axe-core on every page that can be come to, in both languages, on a phone and on a desktop: nothing of A or AA.

Pages are those of the app's own list, and whatever they link to. VYBOR_PICTURES=FOLDER keeps a picture of each.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes.test_panel import page
from processes.test_panel_browser import NAMELESS, SMALL, UNFOLDED, WIDER, come_in, kept
from unit.panel_routes import PARAMETER, routes
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.panel import documents
from world import axe
from world.chromium import DESKTOP, PHONE, PROGRAM, Chromium, chromium

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not PROGRAM, reason="needs chromium")]

SIZES = (("phone", PHONE, False), ("desktop", DESKTOP, True))
OWN_WORDS = "/documents/"
"""These are in English in every language."""
NO_PAGES = ("/live", "/static", "/own/live", "/own/said.txt", "/own/record.jsonl", "/power/state")
"""What pages ask for by script, and files."""
LINKS = "[...document.querySelectorAll('a[href]')].filter((a) => a.origin === origin).map((a) => a.pathname)"
PAIRING = m.Pairing(addresses=("192.168.1.20", "[fd00::1]:2224"), closes_ns=1)
PAIRED = m.Sharing(workstation="desk", agreed=True, rows=12, segments=3, synced_at="2026-01-31T12:34:56+00:00")
OPEN = m.Sharing(pairing=PAIRING)


@pytest.fixture(scope="module")
def program() -> str:
    try:
        return axe.script()
    except axe.NoAxe as error:
        pytest.skip(f"needs axe-core: {error}")


@contextmanager
def inside(folder: Path, language: str) -> Iterator[tuple[Chromium, str, Callable[[m.Sharing], None]]]:
    """A browser that came in, and what tells it how the workstation stands, for some seconds."""
    with page(folder, f'language = "{language}"\n') as (started, port, screen), chromium(folder) as browser:
        sync = Bus("sync", started.runtime, screen.clock)

        def tell(sharing: m.Sharing) -> None:
            now_ns = screen.clock.now_ns()
            sync.publish(m.SyncStatus(at_ns=now_ns, sharing=sharing))
            sync.publish(m.Health(at_ns=now_ns, process="sync", pid=1))
            sync.tend()
            turns = iter((False, True))
            screen.until(lambda: next(turns))

        try:
            base = f"https://localhost:{port}"
            browser.size(PHONE)
            come_in(browser, screen, base)
            yield browser, base, tell
        finally:
            sync.close()


def comes(browser: Chromium, url: str, words: str, tell: Callable[[], None]) -> None:
    """Load a page anew until it says so."""

    def is_there() -> bool:
        tell()
        browser.open(url)
        return words in browser.text()

    browser.until(is_there)


def found(browser: Chromium, base: str) -> list[str]:
    """Every page: those that need no name, and whatever is linked."""
    begun = [path for method, path in routes() if method == "GET" and not PARAMETER.search(path)]
    known = [path for path in begun if not path.startswith(NO_PAGES)]
    for path in known:  # it grows meanwhile
        browser.open(base + path)
        links = browser.run(LINKS)
        assert isinstance(links, list)
        known += [each for each in dict.fromkeys(map(str, links)) if each not in known]
    return known


def wrong(browser: Chromium, program: str) -> list[str]:
    """What is wrong with the page that stands there."""
    browser.run(UNFOLDED)
    told = {each: browser.run(each) for each in (NAMELESS, SMALL, WIDER)}
    return [*axe.violations(browser, program), *(f"{count} of {each}" for each, count in told.items() if count)]


def is_meant(complaint: str) -> bool:
    """Whether the kit meant it: there is no such page, or it is not read without the wearer’s yes."""
    return "status of 404" in complaint or ("status of 403" in complaint and "/own/said" in complaint)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_keeps_anybody_out_of_a_page(language: str, program: str, tmp_path: Path) -> None:
    with inside(tmp_path, language) as (browser, base, tell):
        comes(browser, f"{base}/sync", "desk", lambda: tell(PAIRED))
        pages = [each for each in found(browser, base) if not each.startswith(OWN_WORDS)]
        assert {"/", "/sync", "/sync/forget", "/bundle"} <= {*pages}
        faults: dict[str, list[str]] = {}

        def look(path: str, name: str) -> None:
            if faulty := wrong(browser, program):
                faults[f"{language} {name} {path}"] = faulty
            kept(browser, f"{language}-{name}{path.replace('/', '-')}", tmp_path)

        for name, size, is_dark in SIZES:
            browser.size(size, dark=is_dark)
            for path in (*pages, "/nowhere"):
                tell(PAIRED)
                browser.open(base + path)
                look(path, name)
            comes(browser, f"{base}/sync", "vybor-workshop kit add 192.168.1.20", lambda: tell(OPEN))
            look("/sync-open", name)
        assert faults == {}, json.dumps(faults, indent=1)
        assert [each for each in browser.complaints if not is_meant(each)] == []


@pytest.mark.slow
def test_nothing_keeps_anybody_out_of_a_document(program: str, tmp_path: Path) -> None:
    """They are long, and axe reads every word of them."""
    with inside(tmp_path, "en") as (browser, base, _):
        pages = [each for each in found(browser, base) if each.startswith(OWN_WORDS)]
        assert len(pages) == len(documents.NAMES)
        faults: dict[str, list[str]] = {}
        for name, size, is_dark in SIZES:
            browser.size(size, dark=is_dark)
            for path in pages:
                browser.open(base + path)
                if faulty := wrong(browser, program):
                    faults[f"{name} {path}"] = faulty
                kept(browser, f"en-{name}{path.replace('/', '-')}", tmp_path)
        assert faults == {}, json.dumps(faults, indent=1)


def test_the_way_in_keeps_nobody_out_and_what_does_would_be_found(program: str, tmp_path: Path) -> None:
    with page(tmp_path) as (_, port, screen), chromium(tmp_path) as browser:
        browser.size(PHONE)
        browser.open(f"https://localhost:{port}/enter")
        assert axe.violations(browser, program) == []
        browser.click("button")
        screen.pin()
        assert axe.violations(browser, program) == []
        browser.run("document.querySelector('label').remove()")
        assert [each.partition(":")[0] for each in axe.violations(browser, program)] == ["label"]
