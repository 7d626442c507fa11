"""The page of the workstation: how what leaves stands, what may be wished, and what is the wearer's alone."""

import re
from concurrent.futures import Future
from threading import Timer

import msgspec
import pytest

from unit.panel_browser import Browser
from unit.test_panel_pages import FULL, SHARING
from unit.test_panel_wishes import answered, form
from vybor.contracts import messages as m
from vybor.contracts.messages import PairingEnd, ShareWish
from vybor.panel import faring, wishes

OPEN = m.Pairing(addresses=("192.168.1.20", "[fd00::1]:2224"), closes_ns=1)


def inside(sharing: m.Sharing | None = SHARING, language: str = "en") -> Browser:
    browser = Browser(language, msgspec.structs.replace(FULL, sharing=sharing))
    browser.come_in()
    return browser


def page(sharing: m.Sharing | None = SHARING, language: str = "en") -> str:
    text: str = inside(sharing, language).client.get("/sync").text
    return text


def offers(text: str) -> set[str]:
    return set(re.findall(r'action="/sync/(\w+)"', text))


def test_it_says_what_waits_what_was_fetched_and_with_whom() -> None:
    text = page(msgspec.structs.replace(SHARING, unsealed=345, segments=7))
    for words in ("&lt;desk&gt;", ">12<", ">345<", ">7<", "2026-01-31 12:34 UTC", "given: what they write"):
        assert words in text, words
    assert "<desk>" not in text
    assert offers(text) == {"open", "stop"}
    assert 'href="/sync/forget"' in text
    assert "Once another one is paired, &lt;desk&gt; is removed" in text


@pytest.mark.parametrize(
    ("sharing", "told", "offered"),
    [
        (None, "does not answer now. Load this page again", set()),
        (m.Sharing(), "none is paired: nothing leaves the kit", {"open"}),
        (m.Sharing(workstation="desk", rows=2), "not given: nothing of what they write", {"open"}),
        (m.Sharing(workstation="desk"), "never yet", {"open"}),
        (m.Sharing(pairing=OPEN), "vybor-workshop kit add 192.168.1.20<", {"close"}),
        (m.Sharing(pairing=OPEN), "vybor-workshop kit add [fd00::1]:2224<", {"close"}),
        (m.Sharing(pairing_ended=PairingEnd.DIFFERED), "somebody said that the digits differ", {"open"}),
        (m.Sharing(pairing_ended=PairingEnd.LATE), "closed before anybody was paired", {"open"}),
    ],
)
def test_what_it_offers_is_what_can_be_done_now(sharing: m.Sharing | None, told: str, offered: set[str]) -> None:
    text = page(sharing)
    assert told in text
    assert offers(text) == offered


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_digits_and_the_words_are_neither_kept_nor_shown(language: str) -> None:
    there = msgspec.structs.replace(OPEN, workstation="<there>", digits="482913", words=("apple", "river"))
    known = faring.heard(faring.Known(0), m.SyncStatus(at_ns=1, sharing=m.Sharing(pairing=there)), 1)
    told = faring.told(known, 1, None)
    assert b"482913" not in msgspec.json.encode(told)
    assert b"river" not in msgspec.json.encode(told)
    text = page(told.sharing, language)
    assert "482913" not in text
    assert {"en": "&lt;there&gt; wants to be paired", "ru": "&lt;there&gt; просит о связывании"}[language] in text
    said = page(m.Sharing(pairing=msgspec.structs.replace(there, is_said=True)), language)
    assert {"en": "The wearer has said yes", "ru": "Владелец сказал «да»"}[language] in said


@pytest.mark.parametrize(
    ("name", "wish", "until_s"),
    [
        *(("open", ShareWish.PAIR, 10.0), ("close", ShareWish.NO, 0.0)),
        *(("stop", ShareWish.TAKE_BACK, 0.0), ("forget", ShareWish.UNPAIR, 0.0)),
    ],
)
def test_what_is_wished_is_asked_of_sync(name: str, wish: ShareWish, until_s: float) -> None:
    browser = inside()
    _, wished = answered(browser, form(browser, f"/sync/{name}"), m.Done(request=""))
    (only,) = wished
    until_ns = browser.clock.ns + round(until_s * 1e9) if until_s else 0
    assert (only.receiver, only.command) == ("sync", m.Share(request="", wish=wish, until_ns=until_ns))


def test_neither_the_yes_to_digits_nor_the_wearer_s_consent_can_be_given_here() -> None:
    may = {ShareWish.PAIR, ShareWish.NO, ShareWish.TAKE_BACK, ShareWish.UNPAIR}
    assert set(wishes.OF_SYNC.values()) == may
    browser = inside()
    for name in ("yes", "agree", "tell", "YES", "pair_yes"):
        assert form(browser, f"/sync/{name}")().status_code == 404
    assert browser.desk.wishes() == []


def test_to_forget_is_asked_about_first_and_only_where_somebody_is_paired() -> None:
    text = inside().client.get("/sync/forget").text
    assert offers(text) == {"forget"}
    assert "what is deleted later on the kit is not deleted there" in text
    assert inside(m.Sharing()).client.get("/sync/forget").headers["location"] == "/sync"
    assert inside(None).client.get("/sync/forget").headers["location"] == "/sync"


def test_the_page_after_it_shows_what_has_come_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = inside()
    later = msgspec.structs.replace(FULL, sharing=m.Sharing())

    asked = browser.desk.wish

    def wish(receiver: str, command: m.AnyCommand, patience_s: float) -> "Future[m.AnyReply | None]":
        Timer(0.3, browser.desk.show, [later]).start()  # as the loop does, once sync says that it is so
        return asked(receiver, command, patience_s)

    monkeypatch.setattr(browser.desk, "wish", wish)
    text, _ = answered(browser, form(browser, "/sync/forget"), m.Done(request=""))
    assert "none is paired: nothing leaves the kit" in text
    assert "Done." in text


def test_what_sync_refuses_and_what_nobody_answers_is_said() -> None:
    browser = inside()
    no = m.Refused(request="", reason="the window <cannot> be opened")
    assert "The kit says: the window &lt;cannot&gt;" in answered(browser, form(browser, "/sync/open"), no)[0]
    assert "Nobody answered yet" in answered(browser, form(browser, "/sync/open"), None)[0]
