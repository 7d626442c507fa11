"""`vybor authorship` and `vybor why` of private texts: that they were there, and not one of their words."""

import argparse
import re
from pathlib import Path

import msgspec
import pytest

from unit.account_person import Scribe, keep
from vybor import cli
from vybor.accounting import private
from vybor.commands.accounts import authorship, check, grammar
from vybor.contracts.messages import Role
from vybor.foundation.flicker_settings import FlickerSettings, Seizures
from vybor.foundation.settings import GeneratorSettings, Settings

SECRET = "want"


def tools(scribe: Scribe, role: Role) -> None:
    for each in (Role.MENU, Role.TOOLS, role):
        scribe.take(each)


def incognito() -> Scribe:
    """Something open, something private, something open again."""
    scribe = Scribe()
    scribe.say("You")
    tools(scribe, Role.INCOGNITO)
    scribe.say("I want tea")
    tools(scribe, Role.LEARNING)
    scribe.say("You")
    return scribe


def unlearned() -> Scribe:
    """The same, where it was said only once most of it was written."""
    scribe = Scribe()
    scribe.say("You")
    scribe.write("I want")
    tools(scribe, Role.UNLEARN)
    scribe.say("I want tea")
    scribe.say("You")
    return scribe


def run(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> str:
    assert cli.main([*words, "--runtime", str(folder / "run"), "--state", str(folder / "state")]) == 0
    return capsys.readouterr().out


WAYS = pytest.mark.parametrize("scribe", [incognito(), unlearned()], ids=["incognito", "unlearned"])


@WAYS
def test_a_private_sentence_is_named_without_its_words(
    scribe: Scribe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(scribe.record, tmp_path / "state")
    told = run(capsys, tmp_path, "authorship", "list").splitlines()
    assert [line.endswith("(private)") for line in told] == [False, True, False]
    page = tmp_path / "page.html"
    run(capsys, tmp_path, "authorship", "2", "--html", str(page))
    shown = [
        *told,
        run(capsys, tmp_path, "authorship", "2"),
        run(capsys, tmp_path, "authorship", "2", "--json"),
        run(capsys, tmp_path, "authorship", "list", "--json"),
        page.read_text(),
    ]
    assert "It is private" in shown[3]
    for text in shown:
        assert SECRET not in text.casefold()
        assert "tea" not in text.casefold()
    assert "It is private" in page.read_text()
    assert msgspec.json.decode(shown[-3])["private"] is True


@WAYS
def test_what_was_open_stays_to_be_read(
    scribe: Scribe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(scribe.record, tmp_path / "state")
    for sentence in ("1", "3"):
        told = run(capsys, tmp_path, "authorship", sentence)
        assert f"Sentence {sentence}: “You.”" in told
        assert re.search(r"\d\. “You” \(of 10 tiles", told)


@WAYS
def test_no_choice_of_a_private_text_is_explained_with_words(
    scribe: Scribe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(scribe.record, tmp_path / "state")
    hidden = private.names(scribe.record)
    assert 3 < len(hidden) <= len(scribe.record) - 4
    written = [one for one in scribe.record if SECRET in f"{one.text_before} {one.text_after}".casefold()]
    assert hidden >= {private.name_of(one) for one in written}
    for place, decision in enumerate(scribe.record, start=1):
        told = run(capsys, tmp_path, "why", str(place))
        as_json = run(capsys, tmp_path, "why", str(place), "--json")
        is_hidden = private.name_of(decision) in hidden
        assert is_hidden == ("It is private" in told) == msgspec.json.decode(as_json)["private"]
        if is_hidden:
            assert SECRET not in (told + as_json).casefold()


def test_a_private_draft_is_not_told_either() -> None:
    scribe = Scribe()
    tools(scribe, Role.INCOGNITO)
    scribe.write("I want")
    draft = authorship.found(scribe.record, "draft")
    assert draft.is_hidden
    assert "want" not in "\n".join(authorship.lines(draft, "en", coloured=True)).casefold()


def test_private_words_that_were_taken_back_within_an_open_sentence_are_not_told() -> None:
    scribe = Scribe()
    tools(scribe, Role.INCOGNITO)
    scribe.write("We")
    scribe.take(Role.UNDO)
    tools(scribe, Role.LEARNING)
    scribe.say("You")
    told = "\n".join(authorship.lines(authorship.found(scribe.record, "last"), "en", coloured=False))
    assert "You" in told
    assert "“We”" not in told


def test_an_answer_beside_an_open_text_is_told_as_it_was() -> None:
    scribe = Scribe()
    scribe.take(Role.MENU)
    scribe.take(Role.ANSWER)
    assert not scribe.record[-1].learn
    assert private.names(scribe.record) == frozenset()


def test_the_report_of_a_check_says_how_the_kit_is_set_and_nothing_of_style_or_health() -> None:
    held = msgspec.structs.replace(
        Settings(),
        generator=GeneratorSettings(style="I write short and dry."),
        flicker=FlickerSettings(on=True, seizures=Seizures.NO),
    )
    told = grammar.about_kit(argparse.Namespace(), check.Patience(), held).settings
    assert told == ("flicker.on = true",)
