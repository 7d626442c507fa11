"""The bench's peer: presage's answers read, its keystrokes counted, and the same counted by its own simulator."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from benches import writing, writing_presage
from benches.writing_person import Attention
from benches.writing_phrases import Phrase
from vybor.foundation.errors import Missing

needs_presage = pytest.mark.skipif(
    bool(writing_presage.lack()) or not shutil.which("presage_simulator"),
    reason="needs Debian's presage and libpresage-data",
)
DEBIAN = """<Presage><PREDICTORS>A UserSmoothedNgramPredictor</PREDICTORS><ONLINE_LEARNING>yes</ONLINE_LEARNING>
<SUGGESTIONS>6</SUGGESTIONS><REPEAT_SUGGESTIONS>no</REPEAT_SUGGESTIONS>
<DBFILENAME>/usr/share/presage/database_en.db</DBFILENAME><DBFILENAME>${HOME}/.presage/lm.db</DBFILENAME></Presage>"""


def phrase(text: str) -> Phrase:
    return Phrase(0, tuple(text.split()))


class Scripted:
    """Suggestions by what stands behind the last space, as presage gave them for `do you know the time`."""

    lists = (
        "the and",
        "dorian don do",
        "you",
        "think mean want know",
        "you i what",
        "that the",
        "picture age",
        "the time",
    )

    def __init__(self) -> None:
        self.heard: list[str] = []

    def __call__(self, typed: str) -> Sequence[str]:
        self.heard.append(typed)
        return self.lists[len(self.heard) - 1].split()


def test_a_letter_and_a_suggestion_taken_are_one_keystroke_each() -> None:
    ask = Scripted()
    written = writing_presage.written(phrase("do you know the time"), ask, Attention())
    assert ask.heard == ["", "d", "o ", "you ", "know ", "t", "he ", "t"]
    assert [act.chosen for act in written.acts] == ["d", "do", "you", "know", "t", "the", "t", "time"]
    assert (written.keystrokes, written.selections) == (8, 8)
    assert (written.positions, written.none) == (5, 3)


def test_behind_the_last_word_no_space_is_typed() -> None:
    written = writing_presage.written(phrase("so so"), lambda typed: [], Attention())
    assert [act.chosen for act in written.acts] == ["s", "o", " ", "s", "o"]


def test_what_is_overlooked_is_typed() -> None:
    written = writing_presage.written(phrase("so"), lambda typed: ["so"], Attention(used=0.0))
    assert [act.role for act in written.acts] == ["letter", "letter"]
    assert written.none == 0


def test_an_answer_is_read_up_to_its_context() -> None:
    assert writing_presage.suggestions("the\nTo\n -- \nI\n-- Context: the t|\n> ") == ["the", "to", "--", "i"]
    assert writing_presage.suggestions("-- Context: zq|\n> ") == []


def test_the_configuration_is_debians_but_for_what_is_measured() -> None:
    stock = writing_presage.config(DEBIAN, 5, None)
    assert "<SUGGESTIONS>5</SUGGESTIONS>" in stock
    assert "<ONLINE_LEARNING>no</ONLINE_LEARNING>" in stock
    assert "UserSmoothedNgramPredictor" not in stock
    assert "/usr/share/presage/database_en.db" in stock
    ours = writing_presage.config(DEBIAN, 3, Path("my.db"), repeats=True)
    assert "<REPEAT_SUGGESTIONS>yes</REPEAT_SUGGESTIONS>" in ours
    assert "<DBFILENAME>my.db</DBFILENAME>" in ours
    assert "database_en" not in ours


def test_a_presage_that_is_missing_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(writing_presage, "PROGRAMS", ("presage_that_is_not_there",))
    monkeypatch.setattr(writing_presage, "CONFIG", Path(__file__))  # whether or not this machine has one
    parsed = writing._parser().parse_args(["--share", "s", "--phrases", "p"])
    base = writing.Base(tmp_path, lambda: pytest.fail("nobody needs the text"))
    assert writing._peers(parsed, base, tmp_path, tmp_path) == ([], [])
    assert capsys.readouterr().err == (
        "bench: presage is not compared with (presage_that_is_not_there missing): "
        "sudo apt install presage libpresage-data\n"
    )


def test_a_presage_that_ends_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "presage_demo_text"
    program.write_text("#!/bin/sh\necho 'unable to open database file' >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    peer = writing_presage.Presage("peer", tmp_path / "none.xml")
    with pytest.raises(Missing, match=r"presage ended \(unable to open database file\)"):
        peer.write(phrase("hi"), Attention())


@needs_presage
def test_the_count_is_that_of_presages_own_simulator(tmp_path: Path) -> None:
    """It prints letters (ki) and selections (ks, which begins at 1), and ends each phrase with a space."""
    config = tmp_path / "presage.xml"
    config.write_text(writing_presage.config(writing_presage.CONFIG.read_text(encoding="utf-8"), 5, None))
    line = tmp_path / "line.txt"
    for text in ("do you know the time", "where is my xqzw", "i am so sorry about that", "hi"):
        line.write_text(text)
        command = ["presage_simulator", "-c", config, "-s", "-i", line]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        ki, ks = (int(found) for found in re.findall(r"^k[is] : (\d+)", printed, re.MULTILINE))
        written = writing_presage.Presage("stock", config).write(phrase(text), Attention())
        typed_to_the_end = written.acts[-1].role == "letter"
        assert written.keystrokes == ki + ks - 1 - typed_to_the_end


@needs_presage
@pytest.mark.skipif(not shutil.which("text2ngram"), reason="needs Debian's presage")
def test_a_database_of_other_text_is_made_once_and_used(tmp_path: Path) -> None:
    said: list[str] = []
    sentences = ["zebras eat grass"] * 5
    database = writing_presage.retrained(sentences, tmp_path, said.append)
    assert writing_presage.retrained(sentences, tmp_path, said.append) == database
    assert len(said) == 1
    config = tmp_path / "presage.xml"
    debian = writing_presage.CONFIG.read_text(encoding="utf-8")
    config.write_text(writing_presage.config(debian, 5, database))
    written = writing_presage.Presage("retrained", config).write(phrase("zebras eat grass"), Attention())
    assert written.keystrokes == 3
