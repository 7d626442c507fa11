"""`vybor why`: a choice of the real decision in plain words, in English and Russian."""

import os
import socket
from pathlib import Path

import msgspec
import pytest

from unit.account_person import Scribe, doubted, keep
from vybor import cli
from vybor.accounting import explaining
from vybor.accounting.words import LANGUAGES
from vybor.commands.accounts import why
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.foundation.errors import Missing


def written() -> Scribe:
    scribe = Scribe()
    scribe.write("I want tea")
    return scribe


def told(decision: m.Decision, language: str = "en") -> str:
    return "\n".join(why.lines(explaining.explained(decision), language))


def test_a_choice_is_told_with_what_stood_there_and_what_eyes_and_signal_said() -> None:
    scribe = written()
    text = told(scribe.record[-1])
    assert text.startswith(f"Choice {len(scribe.record)} of the start s: “tea”, by the switch.")
    assert "Before it the text was “I want”, on the page" in text
    chosen = next(line for line in text.splitlines() if line.startswith(" > "))
    assert "“tea”" in chosen
    assert "looked at 0." in chosen
    assert "Back: " in text  # tiles without words of their own are called as on the screen
    assert "% sure of this tile; without the language model" in text
    assert "Without the language model the same tile would have been favoured." in text
    assert "In the text: “ tea” was added; it is now “I want tea”." in text


def test_letters_that_were_known_are_told() -> None:
    scribe = Scribe()
    scribe.write("Tea")
    assert "Of the next word these letters were known: [stuvwxyz]" in told(scribe.record[-1])


def test_a_tile_that_the_language_model_brought_before_another_is_told() -> None:
    decision = doubted(written().record[0], 0.3)
    other = next(tile for tile in decision.shown if tile.role is Role.CANDIDATE and tile.slot != decision.slot)
    looked = tuple(
        msgspec.structs.replace(
            tile, looked_p=0.4 if tile.slot == other.slot else 0.3 * (tile.slot == decision.slot)
        )
        for tile in decision.shown
    )
    text = told(msgspec.structs.replace(decision, shown=looked))
    assert f"another tile would have been favoured: “{other.label}”." in text
    assert "The evidence alone did not carry this choice" in text
    silent = tuple(msgspec.structs.replace(tile, looked_p=None) for tile in decision.shown)
    assert "this record does not say" in told(msgspec.structs.replace(decision, shown=silent))
    sure = msgspec.structs.replace(doubted(decision, 0.6), shown=silent)
    assert "the same tile would have been favoured" in told(sure)


def test_undo_and_speaking_are_told() -> None:
    scribe = written()
    scribe.take(Role.UNDO)
    assert "In the text: “ tea” was taken out; it is now “I want”." in told(scribe.record[-1])
    scribe.take(Role.SPEAK)
    text = told(scribe.record[-1])
    assert "“I want” was taken out; it is now empty." in text
    assert "Said aloud: “I want.”." in text


def test_russian_is_whole() -> None:
    text = told(written().record[-1], "ru")
    assert "Выбор" in text
    assert "переключатель" in text
    assert " Назад: " in text
    assert set(m.Channelled) <= set(LANGUAGES["en"].channels)
    for field in LANGUAGES["en"].__struct_fields__:
        one, other = getattr(LANGUAGES["en"], field), getattr(LANGUAGES["ru"], field)
        assert one != other or field in {"tile", "tile_chosen"}, field
        if isinstance(one, dict):
            assert one.keys() == other.keys()


def test_a_decision_is_found_by_its_place_its_name_or_as_the_last() -> None:
    record = written().record
    assert explaining.found(record, "last") == record[-1]
    assert explaining.found(record, "2") == record[1]
    assert explaining.found(record, "s:2") == record[1]
    for name in ("0", str(len(record) + 1), "t:1", "s:99", "first", "s:"):
        assert explaining.found(record, name) is None


def test_what_is_not_there_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Missing, match="nothing was chosen yet"):
        why.explained([], "last")
    places = ["--runtime", str(tmp_path / "run"), "--state", str(tmp_path / "state")]
    assert cli.main(["why", *places]) == 69
    assert "there is no record in" in capsys.readouterr().err
    keep(written().record, tmp_path / "state")
    assert cli.main(["why", "400", *places]) == 69
    assert "there is no decision 400; name one by its place (1 to" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["state", "state/journal"], ids=["of vybor up", "of systemd"])
def test_the_record_of_a_kit_that_does_not_run_is_read_and_left_alone(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scribe = written()
    keep(scribe.record, tmp_path / folder)
    before = (tmp_path / folder / "journal.sqlite").read_bytes()
    places = ["--runtime", str(tmp_path / "run"), "--state", str(tmp_path / "state")]
    assert cli.main(["why", *places, "--json"]) == 0
    found = msgspec.json.decode(capsys.readouterr().out)
    assert (found["number"], found["text_after"], found["carried"]) == (len(scribe.record), "I want tea", True)
    assert cli.main(["why", "1", *places, "--language", "ru"]) == 0
    assert "Выбор 1" in capsys.readouterr().out
    assert (tmp_path / folder / "journal.sqlite").read_bytes() == before


def test_a_socket_that_a_kit_has_left_behind_keeps_nobody_from_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(written().record, tmp_path / "state")
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path)  # a socket's whole path may be no longer than 107 bytes
    with socket.socket(socket.AF_UNIX) as left:
        left.bind("run/journal")
    assert cli.main(["why", "--runtime", str(tmp_path / "run"), "--state", str(tmp_path / "state")]) == 0
    assert "it is now “I want tea”" in capsys.readouterr().out


def test_a_record_that_this_user_may_not_look_at_is_not_said_to_be_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(written().record, tmp_path / "state/journal")
    stat = Path.stat

    def shut(path: Path, **how: bool) -> os.stat_result:
        if path.parent.name == "journal":
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **how)

    monkeypatch.setattr(Path, "stat", shut)
    assert cli.main(["why", "--runtime", str(tmp_path / "run"), "--state", str(tmp_path / "state")]) == 73
    assert "state/journal/journal.sqlite; use sudo, or start the kit and ask it" in capsys.readouterr().err


def test_a_damaged_record_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state/journal.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 50)
    assert cli.main(["why", "--runtime", str(tmp_path / "run"), "--state", str(tmp_path / "state")]) == 73
    assert "cannot be read (file is not a database)" in capsys.readouterr().err
