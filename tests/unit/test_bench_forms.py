"""The bench `forms`: which words are found, which only in another form, and what that comes to."""

import sys
from pathlib import Path

import pytest

from benches import forms
from benches.forms import Found, Place
from benches.writing_phrases import Phrase
from vybor.core.decision.endings import Endings
from vybor.instant.russian.morphology import Morphology

MORPHOLOGY = Morphology()
NEAR = Endings(forms=lambda text: ("работу", "работы"))
FAR = Endings(forms=lambda text: (*(f"ф{number}" for number in range(7)), "работу", "работы"))


def test_every_word_is_asked_for_behind_those_before_it() -> None:
    assert list(forms.places_of(Phrase(0, ("я", "ищу", "работу")))) == [
        Place("", "я"),
        Place("я", "ищу"),
        Place("я ищу", "работу"),
    ]


def test_the_looks_are_those_of_the_first_letters() -> None:
    assert forms.groups_of("из-за", 3) == ("еёжзийклм", "еёжзийклм", "еёжзийклм")
    assert forms.groups_of("ёж", 0) == ()
    assert len(forms.groups_of("на", 3)) == 2


@pytest.mark.parametrize(
    ("offered", "endings", "found"),
    [
        (("и", "Работу"), NEAR, Found(1)),
        (("и", "работа"), NEAR, Found(None, "работа", is_near=True)),
        (("работа",), FAR, Found(None, "работа", is_near=False)),  # seven stand on the first of two pages
        (("и", "рабочий"), NEAR, Found(None)),
        ((), NEAR, Found(None)),
    ],
)
def test_a_word_a_form_of_it_or_nothing_is_found(offered: tuple[str, ...], endings: Endings, found: Found) -> None:
    assert forms.found_in(offered, Place("я ищу", "работу"), MORPHOLOGY, endings) == found


def test_the_shares_are_of_all_words_and_of_the_forms() -> None:
    found = [Found(0), Found(2), Found(None, "работа", is_near=True), Found(None, "дом"), Found(None)]
    assert forms.shares(found) == {
        "hit": 0.4,
        "hit.1": 0.2,
        "hit.2": 0.2,
        "hit.3": 0.4,
        "form": 0.4,
        "first_page": 0.5,
    }
    assert "first_page" not in forms.shares([Found(None)])


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["forms", "--share", "/nowhere", *arguments])
    with pytest.raises(SystemExit) as ended:
        forms.main()
    return int(ended.value.code or 0)


def test_phrases_that_are_not_russian_are_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "phrases.txt"
    file.write_text("I am at home\n", encoding="utf-8")
    assert run(monkeypatch, "--phrases", str(file)) == 69
    assert capsys.readouterr().err == (
        f"bench: the phrases in {file} are not Russian, and this bench asks for Russian words; name others\n"
    )


def test_the_help_asks_for_no_folder_and_no_empty_limit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--help") == 0
    assert "[--share DIR]" in capsys.readouterr().out
    assert run(monkeypatch, "--phrases", "x", "--limit", "0") == 2
    assert "0 is too few; take 1 or more" in capsys.readouterr().err
