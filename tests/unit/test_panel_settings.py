"""The pages of settings, of a new start and of switching off: what stands there, and what is asked of whom."""

import gettext
import html
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from starlette.responses import Response

from unit.panel_browser import Browser
from unit.test_panel_wishes import answered, form
from unit.test_panel_words import each_translation
from vybor.commands.settings import carer_may, configuring, keys
from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.messages import PowerEnd, PowerWish
from vybor.panel import settings_texts, settled, words
from vybor.panel.settings_words import SettingsWords
from vybor.panel.site import power
from vybor.panel.words import Words


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "vybor.toml"


def inside(file: Path, language: str = "en") -> Browser:
    browser = Browser(language, file=file)
    browser.come_in()
    return browser


def said(reply: Response) -> str:
    """What can be read of a page, on one line."""
    text: str = reply.text  # type: ignore[attr-defined]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def post(browser: Browser, path: str, **fields: str) -> Response:
    return form(browser, path, **fields)()


def source(language: str) -> dict[tuple[str, str], str]:
    with (words.LOCALE / language / "LC_MESSAGES" / "settings.po").open("rb") as opened:
        catalogue = read_po(opened)
    return {(str(entry.context), str(entry.id)): str(entry.string) for entry in catalogue if entry.id}


@each_translation
def test_every_setting_and_every_sentence_is_translated_and_nothing_is_left_over(language: str) -> None:
    pages = {(context, str(each)) for context, those in settings_texts.CONTEXTS.items() for each in those}
    settings = {(key.name, key.explained) for key in keys.every_key().values()}
    assert set(source(language)) == pages | settings
    assert [key for key, text in source(language).items() if not text.strip()] == []
    for (_, english), text in source(language).items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english))


@each_translation
def test_the_compiled_file_is_fresh(language: str) -> None:
    compiled = gettext.translation("settings", words.LOCALE, [language])
    told = {key: compiled.pgettext(*key) for key in source(language)}
    assert told == source(language), "run: pybabel compile -D settings -d daemon/vybor/panel/locale"


def test_everything_has_words() -> None:
    assert set(settings_texts.ROOMS) == {key.section for key in keys.every_key().values()}
    assert set(settings_texts.ENDS) == set(PowerEnd) - {PowerEnd.WAITS}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_all_settings_stand_there_with_what_they_are_and_their_value(language: str, file: Path) -> None:
    file.write_text('[voice]\nvolume = 120\n[panel]\naddress = "192.168.1.20"\n')
    text = said(inside(file, language).client.get("/settings"))
    say = SettingsWords(Words(language))
    for setting in settled.read(file).settings:
        assert say.about(setting) in text, setting.name
    changed = {"en": "Now: 120 · changed; Usually: 100", "ru": "Сейчас: 120 · изменено; Обычно: 100"}
    assert changed[language] in text
    assert "192.168.1.20" in text


def test_what_the_wearer_wrote_and_their_health_are_shown_nowhere(file: Path) -> None:
    file.write_text('[generator]\nstyle = "dry as dust"\n[flicker]\nseizures = "yes"\n')
    configuring.put(file, "generator.style", ["wet as rain"])
    browser = inside(file)
    for path in ("/settings", "/settings/generator.style", "/settings/flicker.seizures", "/settings/changes"):
        text = said(browser.client.get(path))
        assert "as dust" not in text
        assert "as rain" not in text
    assert "<dt>Now</dt>" not in browser.client.get("/settings/flicker.seizures").text
    assert "<dt>Now</dt>" in browser.client.get("/settings/voice.volume").text


@pytest.mark.parametrize(
    ("searched", "found", "language"),
    [("LOUD speaks", ["voice.volume"], "en"), ("громко говорит", ["voice.volume"], "ru"), ("xyzzy", [], "en")],
)
def test_a_search_finds_by_what_a_setting_is(searched: str, found: list[str], language: str, file: Path) -> None:
    reply = inside(file, language).client.get("/settings", params={"q": searched})
    assert re.findall(r'href="/settings/([a-z_]+\.[a-z_]+)"', reply.text) == found
    if not found:
        assert "Nothing is found" in said(reply)


def test_those_that_may_be_changed_can_be_shown_alone(file: Path) -> None:
    reply = inside(file).client.get("/settings", params={"only": "yes"})
    assert re.findall(r'href="/settings/([a-z_]+\.[a-z_]+)"', reply.text) == [
        name for name in keys.every_key() if name in carer_may.MAY
    ]


def test_a_setting_has_a_form_where_it_may_be_changed_and_a_reason_where_not(file: Path) -> None:
    browser = inside(file)
    for name, key in keys.every_key().items():
        reply = browser.client.get(f"/settings/{name}")
        why = carer_may.why_not(key)
        assert ('method="post" action="/settings/' in reply.text) == (why is None)
        if why:
            assert str(why) in said(reply)
        else:
            assert "A change holds once" in said(reply)
            for option in settled.named(settled.read(file), name).choice.options:  # type: ignore[union-attr]
                assert f'<option value="{option}"' in reply.text


def test_a_change_is_made_told_and_taken_back(file: Path) -> None:
    browser = inside(file)
    told = said(post(browser, "/settings/voice.volume", value="120"))
    assert "It is set: voice.volume = 120." in told
    assert "Start again now: Voice" in told
    assert file.read_text() == "[voice]\nvolume = 120\n"
    post(browser, "/settings/commit.read_s", value="0,5")
    post(browser, "/settings/voice.volume", usual="yes")
    text = said(browser.client.get("/settings/changes"))
    for line in ("voice.volume 120 → 100", "commit.read_s 0.2 → 0.5", "voice.volume 100 → 120"):
        assert line in text
    for line in ("voice.volume = 120", "commit.read_s = 0.2", "voice.volume = 100"):
        page = browser.client.get("/settings/changes").text
        (version,) = re.findall(r'name="version" value="([^"]+)"', page)
        assert f"It is taken back: {line}." in said(post(browser, "/settings/changes", version=version))
    assert "Nothing was changed yet." in said(browser.client.get("/settings/changes"))


def test_a_value_that_is_none_is_refused_and_stays_to_be_mended(file: Path) -> None:
    browser = inside(file)
    reply = post(browser, "/settings/voice.volume", value="9000<")
    assert reply.status_code == 400
    assert "voice.volume is a whole number from 20 to 200, not" in said(reply)
    assert 'value="9000&lt;"' in reply.text  # type: ignore[attr-defined]
    assert not file.exists()


def test_a_form_of_nobody_and_a_setting_that_is_none_change_nothing(file: Path) -> None:
    browser = inside(file)
    assert browser.client.post("/settings/voice.volume", data={"csrf": "x", "value": "120"}).status_code == 403
    assert browser.another().post("/settings/voice.volume", data={"value": "120"}).status_code == 303
    assert browser.client.post("/settings/changes", data={"csrf": "x", "version": "1"}).status_code == 403
    for name in ("nothing", "..%2f..%2fetc", "voice", "__class__"):
        assert form(browser, f"/settings/{name}", value="1")().status_code == 404
    assert not file.exists()


def test_a_change_of_comments_is_one_too_and_one_of_the_owner_s_says_so(file: Path) -> None:
    file.write_text("# one\n")
    configuring.put(file, "voice.volume", ["110"])
    configuring.put(file, "panel.port", ["9000"])
    text = said(inside(file).client.get("/settings/changes"))
    assert "This is not taken back here, because of panel.port." in text
    assert "panel.port 8443 → 9000" in text
    (file.parent / "vybor.toml.before-000003").write_text(f"{file.read_text()}# two\n")
    assert "only comments" in said(inside(file).client.get("/settings/changes"))


def test_a_damaged_file_is_said_and_the_defaults_are_shown(file: Path) -> None:
    file.write_text("[voice\n")
    browser = inside(file)
    text = said(browser.client.get("/settings"))
    assert "Something in the file of settings cannot be understood" in text
    assert "How loud it speaks" in text
    assert str(file) in said(post(browser, "/settings/voice.volume", value="120"))


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("kit", m.AskPower(request="", wish=PowerWish.RESTART)),
        ("off", m.AskPower(request="", wish=PowerWish.OFF)),
        ("voice", m.AskPower(request="", wish=PowerWish.RESTART, processes=("voice",))),
        ("core+display", m.AskPower(request="", wish=PowerWish.RESTART, processes=("core", "display"))),
    ],
)
def test_it_is_asked_whether_it_is_meant_and_then_core_is(what: str, asked: m.AskPower, file: Path) -> None:
    browser = inside(file)
    assert f'name="what" value="{what}"' in browser.client.get(f"/power/sure/{what}").text
    assert browser.desk.wishes() == []
    _, wished = answered(browser, form(browser, "/power", what=what), m.Done(request=""))
    assert [(wish.receiver, wish.command) for wish in wished] == [("core", asked)]


@pytest.mark.parametrize("what", ["", "root", "voice+root", "voice,core", "+", "kit+off", "Off"])
def test_nothing_else_is_asked_for(what: str, file: Path) -> None:
    browser = inside(file)
    assert form(browser, "/power", what=what)().status_code == 400
    assert browser.client.get(f"/power/sure/{what}").status_code == 404
    assert browser.desk.wishes() == []
    assert power.command("+".join(channels.EVERY_PROCESS * 2)) is None


def test_without_the_session_s_mark_nothing_is_asked(file: Path) -> None:
    browser = inside(file)
    assert browser.client.post("/power", data={"csrf": "x", "what": "off"}).status_code == 403
    assert browser.another().get("/power/state").status_code == 403
    assert browser.desk.wishes() == []


@pytest.mark.parametrize(
    ("end", "english", "russian"),
    [
        (
            PowerEnd.WAITS,
            "In 25 seconds at most the kit is switched off",
            "Не позже чем через 25 с прибор выключится",
        ),
        (PowerEnd.STOPPED, "The wearer has chosen something meanwhile", "Владелец тем временем что-то выбрал"),
        (PowerEnd.CANCELLED, "It was taken back.", "Это отменено."),
        (PowerEnd.DONE, "It was done.", "Сделано."),
        (PowerEnd.FAILED, "It was not done. not <saved>", "Этого не сделано. not <saved>"),
    ],
)
def test_what_has_come_of_it_is_said(end: PowerEnd, english: str, russian: str, file: Path) -> None:
    reason = "not <saved>" if end is PowerEnd.FAILED else ""
    asked = m.PowerAsked(at_ns=1, wish=PowerWish.OFF, left_s=25, end=end, reason=reason)
    for language, told in (("en", english), ("ru", russian)):
        browser = inside(file, language)
        browser.desk.tell_power(asked)
        for path in ("/power", "/power/state"):
            reply = browser.client.get(path)
            assert told in said(reply)
            assert ('value="back"' in reply.text) == (end is PowerEnd.WAITS)


def test_a_refusal_is_said_with_its_reason_and_silence_as_such(file: Path) -> None:
    browser = inside(file)
    no = m.Refused(request="", reason="the wearer <calls>")
    assert "the wearer &lt;calls&gt;" in answered(browser, form(browser, "/power", what="off"), no)[0]
    assert "Nobody answered" in answered(browser, form(browser, "/power", what="off"), None)[0]


def test_what_the_wearer_wrote_is_not_told_where_it_cannot_be_understood(file: Path) -> None:
    file.write_text(f'[generator]\nstyle = "SECRET of mine {"a" * 200}"\n[flicker]\nseizures = "SECRET"\n')
    browser = inside(file)
    for path in ("/settings", "/settings/generator.style", "/settings/flicker.seizures", "/settings/changes"):
        assert "SECRET" not in browser.client.get(path).text
    assert "generator.style is one line" in said(browser.client.get("/settings"))


def test_of_what_is_not_the_page_s_to_show_neither_the_value_comes_nor_whether_it_was_changed(file: Path) -> None:
    file.write_text('[generator]\nstyle = "dry as dust"\n[flicker]\nseizures = "no"\n[voice]\nvolume = 90\n')
    held = settled.read(file)
    for name in carer_may.NOT_SHOWN:
        found = settled.named(held, name)
        assert found is not None
        assert (found.value, found.is_shown, found.is_changed) == ("", False, False)
    volume = settled.named(held, "voice.volume")
    assert volume is not None
    assert (volume.value, volume.is_shown, volume.is_changed) == ("90", True, True)
