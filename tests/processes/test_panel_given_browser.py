"""The pages of phrases and topics in a real Chromium, in both languages and sizes; a file chosen and sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes.stage import Kit, kit
from processes.test_panel import is_open
from processes.test_panel_browser import NAMELESS, SMALL, WIDER, come_in, kept
from processes.test_panel_given import Watcher, command, tiny
from unit import hostile_files
from world.beside import free_port
from world.chromium import DESKTOP, PHONE, PROGRAM, Chromium, chromium

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not PROGRAM, reason="needs chromium")]

__all__ = ["tiny"]
SHAPE = (NAMELESS, SMALL, WIDER)


@contextmanager
def whole(folder: Path, share: Path, language: str) -> Iterator[tuple[Kit, Chromium, str]]:
    port = free_port()
    settings = f'language = "{language}"\n[panel]\nport = {port}\n'
    with kit(folder, "panel", "core", "journal", "generator", share=share, settings=settings) as running:
        watcher = Watcher(running.runtime)
        try:
            watcher.until(lambda: watcher.health is not None and is_open(port))
            with chromium(folder) as browser:
                come_in(browser, watcher, f"https://localhost:{port}")
                yield running, browser, f"https://localhost:{port}"
        finally:
            watcher.bus.close()


def fill(browser: Chromium, selector: str, text: str) -> None:
    browser.run(f"document.querySelector('{selector}').value = {text!r}")


def choose(browser: Chromium, *files: Path) -> None:
    """As somebody does in the browser's own window for files."""
    root = browser.ask("DOM.getDocument")["root"]
    assert isinstance(root, dict)
    node = browser.ask("DOM.querySelector", nodeId=root["nodeId"], selector="input[type=file]")
    browser.ask("DOM.setFileInputFiles", nodeId=node["nodeId"], files=[str(file) for file in files])


@pytest.mark.parametrize("language", ["en", "ru"])
def test_phrases_and_documents_are_given_in_a_browser(language: str, tmp_path: Path, tiny: Path) -> None:
    bakery, bomb = tmp_path / "bakery.txt", tmp_path / "bomb.docx"
    bakery.write_text("The bakery on Linden Street sells fresh bread.")
    bomb.write_bytes(hostile_files.unpacked_document(300))
    with whole(tmp_path, tiny, language) as (running, browser, base):
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)
        browser.size(PHONE)
        browser.open(f"{base}/phrases")
        for phrase in (
            "See you on Sunday.",
            "Tea, please.",
            "Could you open the window a little, please, it is warm in here?",
        ):
            fill(browser, "#new", phrase[:60])
            browser.click("form.tall button")
        assert command(running, "phrases", "list").startswith("See you on Sunday.")
        browser.click(".cards li:last-child button[value=up]")
        assert (
            browser.run("document.querySelectorAll('.cards input:not([type=hidden])')[1].value")
            == "See you on Sunday."
        )
        browser.open(f"{base}/topics")
        choose(browser, bakery, bomb)
        browser.click("form.tall button")
        assert "bakery.txt" in browser.text()
        assert command(running, "topic", "list").startswith("bakery.txt  8 words")
        for name, size, dark in (("phone", PHONE, False), ("desktop", DESKTOP, True)):
            browser.size(size, dark=dark)
            if name == "desktop":
                browser.open(f"{base}/topics")
            assert [browser.run(each) for each in SHAPE] == [0, 0, 0]
            kept(browser, f"{language}-{name}-topics", tmp_path)
        browser.click("dd button")
        assert command(running, "topic", "list").startswith("there are no topic documents")
        browser.click("form:not(.tall) button[aria-describedby=undo]")
        assert command(running, "topic", "list").startswith("bakery.txt  8 words")
        for name, size, dark in (("desktop", DESKTOP, True), ("phone", PHONE, False)):
            browser.size(size, dark=dark)
            browser.open(f"{base}/phrases")
            assert [browser.run(each) for each in SHAPE] == [0, 0, 0]
            kept(browser, f"{language}-{name}-phrases", tmp_path)
        browser.click(".cards button[value=remove]")
        browser.click("main > form button")
        kept(browser, f"{language}-phone-phrases-undone", tmp_path)
        assert [browser.run(each) for each in SHAPE] == [0, 0, 0]
        assert [each for each in browser.complaints if "404" not in each] == []


def test_both_work_without_a_script(tmp_path: Path, tiny: Path) -> None:
    bakery = tmp_path / "bakery.txt"
    bakery.write_text("The bakery sells bread.")
    with whole(tmp_path, tiny, "en") as (_, browser, base):
        browser.ask("Emulation.setScriptExecutionDisabled", value=True)
        browser.open(f"{base}/topics")
        choose(browser, bakery)
        browser.click("form.tall button")
        assert "bakery.txt: kept." in browser.text()
        browser.open(f"{base}/phrases")
        fill(browser, "#new", "Tea, please.")
        browser.click("form.tall button")
        assert "Added: “Tea, please.”." in browser.text()
