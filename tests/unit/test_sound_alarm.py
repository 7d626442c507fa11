"""The call for help as a WAV file."""

import io
import logging
import struct
import wave
from pathlib import Path

import pytest

from vybor.sound import alarm

LOG = logging.getLogger("vybor.voice")


def test_the_tone_is_a_loud_wav_file_of_about_four_seconds() -> None:
    with wave.open(io.BytesIO(alarm.tone())) as tone:
        frames = tone.readframes(tone.getnframes())
        length_s = tone.getnframes() / tone.getframerate()
    samples = struct.unpack(f"<{len(frames) // 2}h", frames)
    assert length_s == pytest.approx(4.2, abs=0.001)
    assert max(samples) == pytest.approx(0.8 * 32_767, rel=0.01)
    assert samples[0] == 0


def test_pre_rendered_words_are_taken_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "help-en.wav").write_bytes(alarm.tone())
    calls = alarm.load(["en"], lambda language: tmp_path / f"help-{language}.wav", LOG)
    assert calls == {"en": alarm.tone()}


@pytest.mark.parametrize(
    "content", [None, b"", b"RIFF", b"no sound at all", alarm.tone()[:44], alarm.tone()[:9000]]
)
def test_without_playable_words_the_tone_takes_their_place(
    content: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "help-ru.wav"
    if content is not None:
        path.write_bytes(content)
    with caplog.at_level(logging.WARNING, LOG.name):
        calls = alarm.load(["ru"], lambda _: path, LOG)
    with wave.open(io.BytesIO(calls["ru"])) as opened:
        assert opened.getnframes() > 0
    assert str(path) in caplog.text
