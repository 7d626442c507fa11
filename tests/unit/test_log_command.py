"""`vybor log`: what is shown and exported, what is hidden, and which sentence is meant."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.record_writer import Writer
from vybor import cli
from vybor.commands.records import delete as log_delete
from vybor.commands.records import log
from vybor.commands.records import rows as log_rows
from vybor.commands.records.rows import Said
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing, PlaceError
from vybor.segments import rows
from vybor.segments.rows import Kind


@pytest.fixture
def found(tmp_path: Path) -> list[tuple[str, m.KeptRow]]:
    writer = Writer(tmp_path / "journal.sqlite")
    writer.say("I saw Zelda")
    writer.say("Zelda is at 12 Linden Street")
    writer.write("Nobody knows", learn=False)
    writer.speak(learn=False)
    return [(writer.store.kit, row) for row in writer.store.rows((0, 0), 1000)]


def said(found: list[tuple[str, m.KeptRow]]) -> list[Said]:
    return [one for _, row in found if (one := log_rows.said_in(row))]


def test_sentences_are_listed_by_name_and_private_ones_without_words(
    found: list[tuple[str, m.KeptRow]],
) -> None:
    shown = list(log_rows.lines(said(found)))
    assert [line.split("  ")[1:] for line in shown] == [
        ["s:4", "I saw Zelda."],
        ["s:11", "Zelda is at 12 Linden Street."],
        ["s:14", log_rows.PRIVATE],
    ]
    assert list(log_rows.lines(said(found), "1999-12-31")) == []
    today = shown[0][:10]
    assert len(list(log_rows.lines(said(found), today))) == 3


def test_masked_names_are_hidden_everywhere(found: list[tuple[str, m.KeptRow]]) -> None:
    texts = [one.text for one in log_rows.masked(said(found))]
    assert texts == ["I saw [name].", "[name] is at [address].", log_rows.PRIVATE]


def test_exported_rows_are_those_of_a_segment_without_private_ones(found: list[tuple[str, m.KeptRow]]) -> None:
    lines = b"".join(log_rows.exported(lambda: found, is_masked=False))
    read = rows.read(lines)
    assert {row.kind for row in read} == {Kind.DECISION, Kind.UTTERANCE}
    assert b"Nobody" not in lines
    assert b"Zelda" in lines
    spoken = [msgspec.json.decode(row.record, type=rows.Utterance) for row in read if row.kind is Kind.UTTERANCE]
    assert [one.text for one in spoken] == ["I saw Zelda.", "Zelda is at 12 Linden Street."]


def test_masked_rows_hold_no_name_not_even_its_letters(found: list[tuple[str, m.KeptRow]]) -> None:
    lines = b"".join(log_rows.exported(lambda: found, is_masked=True))
    assert b"elda" not in lines
    assert b"inden" not in lines
    assert len(lines.splitlines()) == 13


def exported(*decisions: m.Decision, is_masked: bool = True) -> list[m.Decision]:
    """What comes of choices."""
    found = [
        ("kit", m.KeptRow(boot=1, sequence=place, at="", kind="decision", record=msgspec.msgpack.encode(one)))
        for place, one in enumerate(decisions, start=1)
    ]
    read = rows.read(b"".join(log_rows.exported(lambda: found, is_masked=is_masked)))
    return [msgspec.json.decode(row.record, type=m.Decision) for row in read]


def offered(label: str, role: Role = Role.CANDIDATE, **about: object) -> m.OfferedTile:
    tile = m.OfferedTile(slot=1, role=role, label=label, grey="", source=None, p=0.1, gaze_ms=0.0)
    return msgspec.structs.replace(tile, **about)


@pytest.fixture
def chosen(tmp_path: Path) -> m.Decision:
    """Behind “I saw”, something."""
    writer = Writer(tmp_path / "chosen.sqlite")
    writer.write("I saw")
    decision = writer.choose(Action.TAKE, "I saw them")
    writer.store.close()
    return decision


@pytest.mark.parametrize(
    "tile",
    [
        offered("Zelda"),
        offered("my", grey="Zelda"),
        offered("", Role.LETTERS, members=(offered("Zelda"),)),
        offered("Call Zelda now", Role.SENTENCE),
    ],
    ids=["word", "grey", "fold", "sentence"],
)
def test_a_name_that_was_only_offered_is_hidden(chosen: m.Decision, tile: m.OfferedTile) -> None:
    (told,) = exported(msgspec.structs.replace(chosen, shown=(tile, offered("them"))))
    assert "Zelda" not in str(told)
    assert "[name]" in str(told.shown[0])
    assert (told.slot, told.shown[1].label) == (chosen.slot, "them")


def test_a_phrase_that_begins_with_a_capital_letter_makes_no_name_of_its_first_word(chosen: m.Decision) -> None:
    told, other = exported(
        msgspec.structs.replace(chosen, shown=(offered("Good morning", Role.PHRASE),)),
        msgspec.structs.replace(chosen, number=99, written="good", text_after="I saw good"),
    )
    assert told.shown[0].label == "Good morning"
    assert other.written == "good"


def test_no_document_s_name_is_told(chosen: m.Decision) -> None:
    context = m.Context(notes=("for aunt zelda.md", "other.md"), own_notes=1)
    tile = offered("them", origin="for aunt zelda.md", members=(offered("you", origin="zelda.md"),))
    (told,) = exported(msgspec.structs.replace(chosen, context=context, shown=(tile, offered("there"))))
    assert "zelda" not in str(told)
    assert told.context == m.Context(notes=("[document]", "[document]"), own_notes=1)
    assert [tile.origin for tile in told.shown] == ["[document]", ""]
    assert told.shown[0].members[0].origin == "[document]"


@pytest.mark.parametrize(
    "steered",
    [
        {"action": Action.SPELL, "written": "z", "text_after": "I saw"},
        {"action": Action.STEER, "written": "", "text_after": "I saw"},
        {"prefix": "zeld"},
        {"looks": ("wxyz", "def")},
        {"written": "7", "text_after": "I saw 7"},
    ],
    ids=["letter", "group", "spelled before", "looked at before", "digit"],
)
def test_of_what_is_spelled_neither_letters_nor_their_places_are_told(
    chosen: m.Decision, steered: dict[str, object]
) -> None:
    tiles = (offered("z", Role.LETTER), offered("zeld", Role.SPELLED), offered("wxyz", Role.KEY), offered("zebra"))
    decision = msgspec.structs.replace(chosen, shown=tiles, slot=1, **steered)
    (told,) = exported(decision)
    assert (told.slot, told.shown) == (-1, ())
    assert not {"z", "wxyz", "zeld", "7"} & {told.written, told.prefix, *told.looks}
    assert (len(told.prefix), len(told.looks)) == (len(decision.prefix), len(decision.looks))
    assert exported(decision, is_masked=False) == [decision]


def test_a_row_of_a_newer_kit_is_left_out() -> None:
    row = m.KeptRow(boot=1, sequence=1, at="", kind="dream", record=b"\x80")
    assert log_rows.understood(row) is None
    assert list(log_rows.exported(lambda: [("k", row)], is_masked=False)) == []
    assert log_rows.understood(msgspec.structs.replace(row, kind="decision", record=b"\xc1")) is None


def sentence(session: str, number: int = 1) -> Said:
    return Said(session=session, number=number, at="", text="Yes.", is_private=False)


def test_a_name_may_be_short_if_it_is_one() -> None:
    known = [sentence("abcd"), sentence("abff"), sentence("abcd", 2)]
    assert log_delete.named(known, "abc:1") == known[0]
    with pytest.raises(Missing, match="2 sentences"):
        log_delete.named(known, "ab:1")


@given(st.text(max_size=20))
def test_what_is_no_name_is_said_in_a_sentence(name: str) -> None:
    with pytest.raises(Missing, match="log show"):
        log_delete.named([sentence("abcd")], f"{name}!")


@pytest.mark.parametrize("typed", ["", "y", "no", "yes please"])
def test_anything_but_yes_is_no(typed: str) -> None:
    heard: list[str] = []
    assert not log_delete.is_meant("it all", lambda: typed, heard.append)
    assert "it all" in heard[0]
    assert log_delete.is_meant("it all", lambda: " YES\n", heard.append)
    assert log_delete.is_meant("it all", lambda: "да", heard.append)


def test_it_is_asked_with_all_that_would_go(tmp_path: Path) -> None:
    wish, what = log_delete.wished("", "", tmp_path, SystemClock())
    assert wish.scope is m.Scope.EVERYTHING
    assert all(each in what for each in ("what the model learned", "phrases and words", "looks", "EEG"))


def test_what_became_of_it_is_told() -> None:
    none = m.Erased(request="", rows=0, sentences=0)
    assert log_delete.told(none, m.Scope.TODAY) == "there was nothing to delete"
    assert "phrases, looks, how the EEG usually is and all that was learned are deleted" in log_delete.told(
        none, m.Scope.EVERYTHING
    )
    some = m.Erased(request="", rows=9, sentences=2, aside=("journal.damaged-1.sqlite",))
    told = log_delete.told(some, m.Scope.EVERYTHING)
    assert "sentences spoken: 2" in told
    assert "journal.damaged-1.sqlite" in told


@pytest.mark.parametrize(
    "words", [["delete"], ["delete", "last", "--everything"], ["show", "--day", "2026-02-30"]]
)
def test_one_thing_is_deleted_and_a_day_is_a_day(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        cli.main(["log", *words])
    assert raised.value.code == 2
    assert capsys.readouterr().err


def test_parquet_is_the_workstation_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["log", "export", "--format", "parquet"]) == 69
    assert "vybor-workshop log export" in capsys.readouterr().err


@pytest.mark.parametrize("raised", [Missing("the kit ended"), OSError(28, "No space left on device")])
def test_what_cannot_be_written_to_its_end_leaves_the_older_file(tmp_path: Path, raised: Exception) -> None:
    def lines() -> Iterator[bytes]:
        yield b"new"
        raise raised

    out = tmp_path / "said.jsonl"
    out.write_bytes(b"older")
    with pytest.raises((Missing, PlaceError)):
        log._put(lines(), out)
    assert out.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [out]
    log._put([b"new"], Path(os.devnull))
    assert not Path(os.devnull).is_file()
    log._put([b"new", b"er"], out)
    assert out.read_bytes() == b"newer"
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="--out"):
        log._put([b"x"], tmp_path / "nowhere" / "file")


def test_what_was_said_last_is_settled_before_it_is_asked_about(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "journal.sqlite")
    with pytest.raises(Missing, match="nothing to delete"):
        log_delete.last(writer.store.rows((0, 0), 100))
    kept = writer.say("I saw Zelda")
    writer.say("Thank you")
    writer.choose(Action.UNDO, "Thank you")
    found = log_delete.last(writer.store.rows((0, 0), 100))
    assert (found.session, found.number, found.text) == (kept.session, kept.number, "I saw Zelda.")
