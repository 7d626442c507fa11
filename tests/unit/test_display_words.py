"""The display has a sentence for everything, in every language."""

import gettext
import re

import msgspec
import pytest
from babel.messages.pofile import read_po

from unit.display_pages import page
from vybor.composer import letters
from vybor.contracts import messages as m
from vybor.contracts.channels import EVERY_PROCESS
from vybor.contracts.messages import Effort, Intent, Mode, Notice, Role, Saving, Source, Trouble
from vybor.display.drawing.icons import OF_ROLE, SIGNS
from vybor.display.drawing.scene import Sign
from vybor.display.helping import Stage
from vybor.display.says import fit_texts, texts, words
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words
from vybor.display.starting import Part, Says
from vybor.display.text_out import OWN_KEYBOARD, STRAYED
from vybor.foundation.settings import Language

TRANSLATED = [language for language in Language if language is not Language.ENGLISH]
THEIR_OWN_LABEL = {
    *(Role.CANDIDATE, Role.PHRASE, Role.SENTENCE, Role.INTENT, Role.KEY, Role.GROUP, Role.LETTER, Role.MARK),
    *(Role.ANSWER, Role.NOT_MEANT, Role.INSTEAD, Role.FIT_TARGET, Role.FIT_EFFORT, Role.FOLD),
}
SAID_AT_ONCE = {Role.ANSWER, Role.NOT_MEANT}
"""Their label tells what is said, their picture that it is said."""
each_translation = pytest.mark.parametrize("language", TRANSLATED)
each_language = pytest.mark.parametrize("language", list(Language))


def source(language: str) -> dict[tuple[str, str], str]:
    """What the .po file says, by context and English text."""
    with (words.LOCALE / language / "LC_MESSAGES" / "vybor.po").open("rb") as opened:
        catalogue = read_po(opened)
    return {(str(entry.context), str(entry.id)): str(entry.string) for entry in catalogue if entry.id}


def test_every_role_mode_saving_and_trouble_has_words() -> None:
    assert set(texts.TILES) | THEIR_OWN_LABEL == set(Role)
    assert set(texts.MODES) == set(Mode)
    assert set(texts.INTENTS) == set(Intent)
    assert set(fit_texts.EFFORTS) == set(Effort)
    assert set(texts.SIGNS) == set(fit_texts.CUES) == set(m.Sign)
    assert set(fit_texts.FITTINGS) == set(m.FitPhase) - {m.FitPhase.CUE, m.FitPhase.SUMMARY}
    assert set(texts.SAVINGS) == set(Saving)
    assert set(texts.TROUBLES) == set(Trouble)
    assert set(texts.PARTS) == set(Part)
    assert set(texts.CALLS) == set(Stage)
    assert set(texts.SILENT) == set(EVERY_PROCESS) - {"core", "display"}


def test_every_tile_that_does_something_has_an_icon_and_every_icon_its_lines() -> None:
    assert set(OF_ROLE) == set(texts.TILES) | SAID_AT_ONCE
    assert set(SIGNS) == set(Sign)


def test_every_mark_of_the_alphabet_has_a_name() -> None:
    assert set("".join(letters.MARKS)) <= set(texts.MARKS)


@each_translation
def test_everything_is_translated_and_nothing_is_left_over(language: str) -> None:
    said = {(context, str(english)) for context, texts in words.CONTEXTS.items() for english in texts}
    translated = source(language)
    assert set(translated) == said
    assert [key for key, text in translated.items() if not text.strip()] == []


@each_translation
def test_what_is_filled_in_is_filled_in_everywhere(language: str) -> None:
    for (_, english), text in source(language).items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english))


@each_translation
def test_the_compiled_file_is_fresh(language: str) -> None:
    compiled = gettext.translation("vybor", words.LOCALE, [language])
    told = {key: compiled.pgettext(*key) for key in source(language)}
    assert told == source(language), "run: pybabel compile -D vybor -d daemon/vybor/display/locale"


@each_language
def test_every_word_can_be_said(language: str) -> None:
    say = Words(language)
    screen = page(Mode.LETTERS, prefix="hel", language=language)
    assert all(say.tile(tile, screen) for tile in screen.tiles)
    assert all(say.mode(mode) for mode in Mode)
    assert all(say.saving(saving) for saving in Saving)
    assert all(say.notice(Notice(process="gaze", trouble=trouble)) for trouble in Trouble)
    assert all(say.part(part) for part in Part)
    assert all(say.says(says) for says in Says)
    assert all(say.call(stage, "space") for stage in Stage)
    assert "3" in say.sentence(Sentence.LOOK_AT_DOT, dot=3, dots=9)


def test_a_tile_says_what_it_does_on_this_page() -> None:
    say = Words("en")

    def on(screen_mode: Mode, role: Role, prefix: str = "") -> str:
        screen = page(screen_mode, prefix=prefix)
        return say.tile(next(tile for tile in screen.tiles if tile.role is role), screen)

    assert on(Mode.WORDS, Role.UNDO) == "Undo"
    assert on(Mode.GROUP, Role.BACK, "hel") == "Back"
    assert on(Mode.LETTERS, Role.SPELLED, "hel") == "Write “hel”"
    assert on(Mode.LETTERS, Role.MARKS) == "Marks"
    assert on(Mode.MARKS, Role.MARKS) == "More marks"


def test_braces_that_somebody_writes_are_only_braces() -> None:
    assert Words("en").sentence(Sentence.SAID, text="{0} {x}") == "Said: “{0} {x}”"


def test_a_silent_process_is_named_in_the_wearers_words() -> None:
    def silent(process: str) -> str:
        return Words("ru").notice(Notice(process=process, trouble=Trouble.PROCESS_SILENT, detail=process))

    assert silent("voice") == "Голос не отвечает"
    assert silent("another") == "Одна из частей не отвечает"


def test_a_language_without_a_translation_is_english() -> None:
    assert Words("xx").saving(Saving.SAVED) == "saved: safe to unplug"


def test_a_word_says_which_document_it_is_from_without_the_file_s_ending() -> None:
    area = m.Area(left=0, top=0, right=1, bottom=1)
    tile = m.Tile(slot=0, role=Role.CANDIDATE, area=area, pad=area, label="Linden", origin="the bakery.v2.txt")
    assert Words("en").origin(tile) == "from the bakery.v2"
    assert Words("ru").origin(tile) == "из: the bakery.v2"
    assert Words("en").origin(msgspec.structs.replace(tile, origin="")) == ""
    own = msgspec.structs.replace(tile, origin="", source=Source.OWN)
    assert (Words("en").origin(own), Words("ru").origin(own)) == ("you said", "вы говорили")


def test_who_types_into_the_kit_itself_is_told_to_click_elsewhere() -> None:
    def told(detail: str) -> str:
        return Words("en").notice(m.Notice(process="core", trouble=m.Trouble.NOT_TYPED, detail=detail))

    assert told(OWN_KEYBOARD) == "Not typed: click into the other program"
    assert told(STRAYED).startswith("Not typed, or not whole")
