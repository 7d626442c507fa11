"""Bytes that are no text, and letters that a terminal does not have: commands go on, and JSON stays JSON."""

import io
import sys
from pathlib import Path

import msgspec
import pytest

from unit.account_person import Scribe, keep
from vybor import cli

STYLE = "Пишу «коротко», café."


def printed(monkeypatch: pytest.MonkeyPatch, *words: str) -> bytes:
    """What a command prints where the terminal has but the letters of Western Europe."""
    out = io.BytesIO()
    with monkeypatch.context() as terminal:
        terminal.setattr(sys, "stdout", io.TextIOWrapper(out, "iso-8859-1"))
        assert cli.main(words) == 0
        sys.stdout.flush()
        return out.getvalue()


def test_letters_that_the_terminal_does_not_have_end_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vybor.toml"
    file.write_text(f'[generator]\nstyle = "{STYLE}"\n', encoding="utf-8")
    told = printed(monkeypatch, "config", "show", "--changed", "--config", str(file), "--state", str(tmp_path))
    assert STYLE.encode("iso-8859-1", "backslashreplace") in told


def test_json_is_utf_8_whatever_the_terminal_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scribe = Scribe()
    scribe.write("I want tea")
    keep([msgspec.structs.replace(scribe.record[0], text_after=STYLE)], tmp_path)
    places = ["--runtime", str(tmp_path / "run"), "--state", str(tmp_path)]
    told = printed(monkeypatch, "why", "--json", *places)
    assert msgspec.json.decode(told)["text_after"] == STYLE


def test_bytes_that_are_no_text_end_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"y\xd1\n"), "utf-8"))
    assert cli.main(["config", "keys"]) == 0
    assert sys.stdin.readline() == "y\ufffd\n"
