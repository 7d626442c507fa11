"""The call for help, rendered by the real espeak-ng."""

import array
import shutil
import wave
from pathlib import Path

import pytest

from vybor.foundation.errors import Missing
from vybor_workshop import help_call

needs_speech = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs espeak-ng")


@needs_speech
def test_both_calls_are_loud_and_long_enough_to_be_understood(tmp_path: Path) -> None:
    said: list[str] = []
    share = tmp_path / "share"
    assert help_call.render(share, said.append) == [share / "help-en.wav", share / "help-ru.wav"]
    assert said == ["rendering help-en.wav", "rendering help-ru.wav"]
    for path in share.iterdir():
        with wave.open(str(path)) as call:
            samples = array.array("h", call.readframes(call.getnframes()))
            assert 4 < call.getnframes() / call.getframerate() < 20
        assert max(samples) > 20_000


@needs_speech
def test_a_new_call_takes_the_old_one_s_place_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "help-en.wav").write_bytes(b"old")
    help_call.render(tmp_path, lambda _: None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["help-en.wav", "help-ru.wav"]
    assert (tmp_path / "help-en.wav").stat().st_size > 100_000


def test_without_the_speech_program_the_remedy_is_told_and_the_old_call_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "help-en.wav").write_bytes(b"old")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match=r"espeak-ng is not installed; install it \(apt install espeak-ng\)"):
        help_call.render(tmp_path, lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["help-en.wav"]


def test_a_speech_program_that_fails_leaves_the_old_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs, share = tmp_path / "bin", tmp_path / "share"
    programs.mkdir()
    share.mkdir()
    (share / "help-en.wav").write_bytes(b"old")
    broken = programs / "espeak-ng"
    broken.write_text("#!/bin/sh\necho 'no voices' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(help_call.RenderError, match="could not render the help call \\(no voices\\)"):
        help_call.render(share, lambda _: None)
    assert [path.name for path in share.iterdir()] == ["help-en.wav"]
