"""The wearer's own in a real Chromium: asked, answered on the kit, read, ended; in both languages and sizes.

VYBOR_PICTURES=FOLDER keeps a picture of every step there, to be looked at.
"""

from pathlib import Path

import pytest

from processes import test_panel_browser
from processes.test_panel_browser import NAMELESS, SMALL, WIDER, kept
from processes.test_panel_own import Stage, stage
from vybor.contracts.messages import Readable, Role
from vybor.foundation.settings import Language
from world.chromium import DESKTOP, PHONE, PROGRAM, Chromium, chromium

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not PROGRAM, reason="needs chromium")]

SAYS = {
    Language.ENGLISH: {"asked": "asked on the kit’s screen", "ended": "The wearer ended it.", "live": "by itself"},
    Language.RUSSIAN: {"asked": "Вопрос стоит на экране", "ended": "Владелец прекратил это.", "live": "сами"},
}


def looked_at(browser: Chromium, name: str, folder: Path) -> None:
    """On a phone and on a desktop, in the light and in the dark."""
    for size_name, size, is_dark in (("phone", PHONE, False), ("desktop", DESKTOP, True)):
        browser.size(size, dark=is_dark)
        assert (browser.run(NAMELESS), browser.run(SMALL), browser.run(WIDER)) == (0, 0, 0), name
        assert browser.run("document.querySelectorAll('h1').length") == 1
        kept(browser, f"own-{name}-{size_name}", folder)


def pressed(browser: Chromium, what: Readable) -> None:
    browser.click(f"form:has(input[value={what}]) button")


def answered(here: Stage, browser: Chromium, what: Readable, answer: Role) -> None:
    pressed(browser, what)
    here.until(lambda: (readers := here.readers()) is not None and readers.asked is what)
    here.says(answer)
    here.until(lambda: (readers := here.readers()) is not None and readers.asked is None)


def shown(here: Stage, browser: Chromium, text: str) -> None:
    """It comes by itself, while the wearer's display goes on."""
    here.until(lambda: text in browser.text())


@pytest.mark.parametrize("language", list(Language))
def test_all_of_it_is_asked_read_and_ended(language: Language, tmp_path: Path) -> None:
    says, word = SAYS[language], {Language.ENGLISH: "hi", Language.RUSSIAN: "да"}[language]
    with stage(tmp_path, language) as here, chromium(tmp_path) as browser:
        base = f"https://localhost:{here.port}"
        test_panel_browser.come_in(browser, here.screen, base)
        browser.open(f"{base}/own")
        shown(here, browser, says["live"])
        looked_at(browser, f"{language}-before", tmp_path)
        pressed(browser, Readable.MIRROR)
        shown(here, browser, says["asked"])
        looked_at(browser, f"{language}-asked", tmp_path)
        here.until(lambda: here.readers() is not None)
        here.says(Role.READ_DRAFTS)
        here.say(word)
        shown(here, browser, f"{word.capitalize()}.")
        answered(here, browser, Readable.LOG, Role.READ_YES)
        answered(here, browser, Readable.EXPORT, Role.READ_YES)
        shown(here, browser, "JSON")
        looked_at(browser, f"{language}-read", tmp_path)
        browser.open(f"{base}/own/said")
        assert f"{word.capitalize()}." in browser.text()
        looked_at(browser, f"{language}-log", tmp_path)
        browser.open(f"{base}/own")
        shown(here, browser, says["live"])
        here.wearer.choose(Role.MENU)
        here.wearer.choose(Role.REST)
        shown(here, browser, says["ended"])
        assert f"{word.capitalize()}." not in browser.text()
        looked_at(browser, f"{language}-ended", tmp_path)
        browser.open(f"{base}/own/said")
        looked_at(browser, f"{language}-refused", tmp_path)
        refused = ("status of 403", "status of 404")  # what it may not read, and an icon that no page has
        assert [each for each in browser.complaints if not any(why in each for why in refused)] == []


def test_without_a_script_it_is_asked_and_read_by_loading_the_page_again(tmp_path: Path) -> None:
    with stage(tmp_path) as here, chromium(tmp_path) as browser:
        base = f"https://localhost:{here.port}"
        test_panel_browser.come_in(browser, here.screen, base)
        browser.ask("Emulation.setScriptExecutionDisabled", value=True)
        browser.open(f"{base}/own")
        assert "load the page again" in browser.text()
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)
        answered(here, browser, Readable.MIRROR, Role.READ_YES)
        here.say("hi")
        browser.ask("Emulation.setScriptExecutionDisabled", value=True)
        browser.open(f"{base}/own")
        assert "Hi." in browser.text()
