"""The pages of settings and of switching off in Chromium: in both languages, on a phone and on a desktop."""

from pathlib import Path

import pytest

from processes.test_panel import Screen, page
from processes.test_panel_browser import NAMELESS, SMALL, WIDER, come_in, kept
from vybor.contracts import messages as m
from vybor.contracts.messages import PowerEnd, PowerWish
from vybor.foundation.bus import Bus
from world.chromium import DESKTOP, PHONE, PROGRAM, Chromium, chromium

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not PROGRAM, reason="needs chromium")]

TOUCHED = SMALL.replace("input:not([type=hidden])", "input:not([type=hidden]):not([type=checkbox]), .check")
PAGES = (
    *(
        "/settings",
        "/settings?q=voice",
        "/settings?q=xyzzy",
        "/settings?only=yes",
        "/settings/voice.volume",
        "/settings/display.theme",
    ),
    *("/settings/panel.listen", "/settings/generator.style", "/settings/changes"),
    *("/power", "/power/sure/off", "/power/sure/kit", "/power/sure/core+display"),
)
SHRUNK = """[...document.querySelectorAll("select")].filter(
  (each) => each.getBoundingClientRect().height < 44 || !each.labels.length).length"""


def typed(browser: Chromium, name: str, value: str) -> None:
    browser.run(f"document.getElementById('{name}').value = '{value}'")


def core(screen: Screen, runtime: Path) -> Bus:
    return Bus("core", runtime, screen.clock)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_page_on_a_phone_and_on_a_desktop(language: str, tmp_path: Path) -> None:
    more = f'language = "{language}"\n[voice]\nvolume = 120\n'
    with page(tmp_path, more) as (kit, port, screen), chromium(tmp_path) as browser:
        base = f"https://localhost:{port}"
        playing = core(screen, kit.runtime)
        browser.size(PHONE)
        come_in(browser, screen, base)
        browser.open(f"{base}/settings/commit.read_s")
        typed(browser, "value", "0,5")
        browser.click("form.tall button")
        kept(browser, f"{language}-phone-settings-done", tmp_path)
        browser.open(f"{base}/settings/voice.volume")
        typed(browser, "value", "9000")
        browser.click("form.tall button")
        kept(browser, f"{language}-phone-settings-refused", tmp_path)
        playing.publish(m.PowerAsked(at_ns=1, wish=PowerWish.OFF, left_s=25))
        browser.open(f"{base}/power")
        browser.until(lambda: "25" in browser.text())
        for name, size, is_dark in (("phone", PHONE, False), ("desktop", DESKTOP, True)):
            browser.size(size, dark=is_dark)
            for path in PAGES:
                browser.open(base + path)
                assert browser.run("document.documentElement.lang") == language
                found = (browser.run(NAMELESS), browser.run(TOUCHED), browser.run(SHRUNK), browser.run(WIDER))
                assert found == (0, 0, 0, 0), path
                assert browser.run("document.querySelectorAll('h1').length") == 1
                assert browser.run("new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size") == (
                    browser.run("document.querySelectorAll('[id]').length")
                )
                kept(browser, f"{language}-{name}{path.replace('/', '-').replace('?', '-')}", tmp_path)
        playing.close()
        assert [each for each in browser.complaints if "400" not in each and "404" not in each] == []


def test_a_carer_finds_a_setting_changes_it_and_takes_that_back(tmp_path: Path) -> None:
    with page(tmp_path) as (kit, port, screen), chromium(tmp_path) as browser:
        come_in(browser, screen, f"https://localhost:{port}")
        browser.click("nav a[href='/settings']")
        typed(browser, "q", "loud speaks")
        browser.click("form[role=search] button")
        browser.click("dl a")
        assert browser.run("location.pathname") == "/settings/voice.volume"
        typed(browser, "value", "120")
        browser.click("form.tall button")
        assert "It is set: voice.volume = 120." in browser.text()
        assert "volume = 120" in kit.config.read_text()
        browser.click("a[href='/settings/changes']")
        browser.click("main form button")
        assert "It is taken back: voice.volume = 100." in browser.text()
        assert "volume" not in kit.config.read_text()


def test_what_comes_of_it_is_shown_by_itself(tmp_path: Path) -> None:
    with page(tmp_path) as (kit, port, screen), chromium(tmp_path) as browser:
        playing = core(screen, kit.runtime)
        come_in(browser, screen, f"https://localhost:{port}")
        browser.open(f"https://localhost:{port}/power")
        assert "What was asked for" not in browser.text()
        playing.publish(m.PowerAsked(at_ns=1, wish=PowerWish.RESTART, processes=("voice",), left_s=10))
        browser.until(lambda: "In 10 seconds at most starts again" in browser.text())
        playing.publish(m.PowerAsked(at_ns=2, wish=PowerWish.RESTART, processes=("voice",), end=PowerEnd.STOPPED))
        browser.until(lambda: "which stopped it" in browser.text())
        playing.close()
