"""The carer's page in a real Chromium, over real TLS, in both languages, on a phone and on a desktop.

VYBOR_PICTURES=FOLDER keeps a picture of every page there, to be looked at.
"""

import os
from pathlib import Path

import pytest

from processes.test_panel import Screen, health, page
from vybor.contracts import messages as m
from world.chromium import DESKTOP, PHONE, PROGRAM, Chromium, chromium

pytestmark = pytest.mark.skipif(not PROGRAM, reason="needs chromium")

PAGES = ("/", "/begin", "/model", "/documents", "/documents/wearer", "/documents/privacy", "/nowhere")
NAMELESS = """[...document.querySelectorAll("a, button, input:not([type=hidden])")].filter(
  (each) => !(each.innerText || each.labels?.length)).length"""
"""How many things to press or to fill in have no name."""
SMALL = """[...document.querySelectorAll(
  "button, summary, nav a, .list a, .contents a, input:not([type=hidden])")].filter(
  (each) => each.getBoundingClientRect().height < 44).length"""
"""How many of them a finger would miss."""
UNFOLDED = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
"""What is folded up is looked at as well."""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""So many pixels have to be scrolled to the side."""
BROKEN = """[...document.querySelectorAll("header button, nav a")].filter(
  (each) => each.getBoundingClientRect().height > 60).length"""
"""How many names on top do not stand on one line."""


def come_in(browser: Chromium, screen: Screen, base: str) -> None:
    browser.open(base)
    assert browser.run("location.pathname") == "/enter"
    browser.click("button")
    pin = screen.pin()
    browser.run(f"document.getElementById('pin').value = '{pin[:3]} {pin[3:]}'")
    browser.click("button")
    assert browser.run("location.pathname") == "/"


def kept(browser: Chromium, name: str, folder: Path) -> None:
    place = Path(os.environ.get("VYBOR_PICTURES") or folder)
    place.mkdir(parents=True, exist_ok=True)
    browser.picture(place / f"{name}.png")


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "ru"])
def test_every_page_on_a_phone_and_on_a_desktop(language: str, tmp_path: Path) -> None:
    more = f'language = "{language}"\n'
    with page(tmp_path, more) as (_, port, screen), chromium(tmp_path) as browser:
        base = f"https://localhost:{port}"
        browser.size(PHONE)
        browser.open(f"{base}/enter")
        kept(browser, f"{language}-enter", tmp_path)
        come_in(browser, screen, base)
        for name, size, is_dark in (("phone", PHONE, False), ("desktop", DESKTOP, True)):
            browser.size(size, dark=is_dark)
            for path in PAGES:
                browser.open(base + path)
                browser.run(UNFOLDED)
                assert browser.run("document.documentElement.lang") == language
                assert (browser.run(NAMELESS), browser.run(SMALL), browser.run(WIDER)) == (0, 0, 0), path
                assert browser.run(BROKEN) == 0, path
                assert browser.run("document.querySelectorAll('h1').length") == 1
                kept(browser, f"{language}-{name}{path.replace('/', '-')}", tmp_path)
        assert [each for each in browser.complaints if "404" not in each] == []


def test_what_changes_is_shown_by_itself_and_leaving_ends_it(tmp_path: Path) -> None:
    with page(tmp_path) as (_, port, screen), chromium(tmp_path) as browser:
        come_in(browser, screen, f"https://localhost:{port}")
        browser.until(lambda: "What changes is shown by itself." in browser.text())
        screen.bus.publish(health(screen, m.Trouble.MODEL_FAILED))
        browser.until(lambda: "The language model has stopped" in browser.text())
        browser.click("header button")
        assert "You have left" in browser.text()
        browser.open(f"https://localhost:{port}/model")
        assert browser.run("location.pathname") == "/enter"


def test_without_a_script_the_page_says_how_things_were(tmp_path: Path) -> None:
    with page(tmp_path) as (_, port, screen), chromium(tmp_path) as browser:
        come_in(browser, screen, f"https://localhost:{port}")
        browser.ask("Emulation.setScriptExecutionDisabled", value=True)
        browser.open(f"https://localhost:{port}/")
        told = browser.text()
        assert "To see what has changed, load the page again." in told
        assert "Choosing and writing" in told
        assert "What changes is shown by itself." not in told
