"""The page has a sentence for everything, in every language."""

import gettext
import re

import pytest
from babel.messages.pofile import read_po

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.numbers import Learned
from vybor.foundation.settings import Language
from vybor.panel import settings_texts, texts, texts_leaving, words
from vybor.panel.door import Answer
from vybor.panel.faring import Standing, Version
from vybor.panel.texts import Text
from vybor.panel.wishes import BEGINNINGS
from vybor.panel.words import Words

TRANSLATED = [language for language in Language if language is not Language.ENGLISH]
each_translation = pytest.mark.parametrize("language", TRANSLATED)


def source(language: str) -> dict[tuple[str, str], str]:
    with (words.LOCALE / language / "LC_MESSAGES" / "panel.po").open("rb") as opened:
        catalogue = read_po(opened)
    return {(str(entry.context), str(entry.id)): str(entry.string) for entry in catalogue if entry.id}


def test_everything_has_words() -> None:
    assert set(texts.PARTS) == set(channels.EVERY_PROCESS)
    assert set(texts.STANDINGS) == set(Standing)
    assert set(texts.ANSWERS) == set(Answer) - {Answer.IN}
    assert set(texts.EYES) == set(m.Eyes)
    assert set(texts.PLACES) == set(m.ElectrodeAt)
    assert set(texts.ELECTRODES) == set(m.ElectrodeState)
    assert set(texts.BEGINNINGS) == set(BEGINNINGS)
    assert set(texts.GROWN) == set(m.GrownState)
    assert set(texts_leaving.ENDS) == set(m.PairingEnd) - {m.PairingEnd.NONE}


@each_translation
def test_everything_is_translated_and_nothing_is_left_over(language: str) -> None:
    said = {(context, str(english)) for context, those in words.CONTEXTS.items() for english in those}
    assert set(source(language)) == said
    assert [key for key, text in source(language).items() if not text.strip()] == []


@each_translation
def test_what_is_filled_in_is_filled_in_everywhere(language: str) -> None:
    for (_, english), text in source(language).items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english))


@each_translation
def test_the_compiled_file_is_fresh(language: str) -> None:
    compiled = gettext.translation("panel", words.LOCALE, [language])
    told = {key: compiled.pgettext(*key) for key in source(language)}
    assert told == source(language), "run: pybabel compile -D panel -d daemon/vybor/panel/locale"


@each_translation
def test_parts_and_their_settings_have_one_name(language: str) -> None:
    said = Words(language).said
    both = {*texts.PARTS.values()} & {*settings_texts.ROOMS.values()}
    assert {"Record", "Eye tracking"} <= both
    assert {name: said("part", name) for name in both} == {name: said("room", name) for name in both}


def test_in_russian_tiles_are_called_what_the_kit_s_screen_calls_them() -> None:
    for file in (words.LOCALE / "ru" / "LC_MESSAGES").glob("*.po"):
        assert "клет" not in file.read_text(encoding="utf-8").lower(), file.name


def test_troubles_are_said_as_on_the_kit_s_screen() -> None:
    missing = m.Notice(process="gaze", trouble=m.Trouble.CAMERA_MISSING)
    assert Words("en").notice(missing) == "No camera found: connect it"


def test_a_language_without_a_translation_is_english() -> None:
    assert Words("xx").text(Text.ALL_WELL) == "All is well"
    assert Words("en").learned(Version(3, m.GrownState.ON_TRIAL, Learned.ADAPTER)) == "version 3: on trial"
