"""The report of a message-passing check: where it cannot be written it is told, and the other way round."""

import contextlib
import sys
from pathlib import Path

import pytest

from unit.test_authorship_check import SHORT, Wearer, planned, word_told
from vybor.commands.accounts import check, grammar
from vybor.foundation.errors import PlaceError


@pytest.mark.parametrize(("as_json", "begins"), [(False, "# Message-passing check"), (True, "{")])
def test_a_report_whose_folder_has_vanished_is_told_all_the_same(
    as_json: bool, begins: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stick that was pulled while the wearer answered."""
    report = check.run(planned(5), Wearer(word_told), SHORT, lambda _line: None)
    with pytest.raises(PlaceError, match="name another file with --report"):
        grammar.give_report(report, tmp_path / "gone/check.md", as_json=as_json)
    told = capsys.readouterr().out
    assert told.startswith(begins)
    assert report.opened in told


def test_a_report_that_cannot_be_told_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = check.run(planned(5), Wearer(word_told), SHORT, lambda _line: None)
    with monkeypatch.context() as patched, Path("/dev/full").open("w") as full:
        patched.setattr(sys, "stdout", full)
        with pytest.raises(OSError, match="No space left"):
            grammar.give_report(report, tmp_path / "check.md", as_json=False)
        with contextlib.suppress(OSError):  # what it still holds
            full.close()
    assert "Right: 5 of 5." in (tmp_path / "check.md").read_text()
