"""The call for help as a WAV file."""

import io
import logging
import struct
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.foundation.errors import Missing
from vybor.sound import alarm

LOG = logging.getLogger("vybor.voice")
TONE = alarm.tone()


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


def with_field(at: int, value: int) -> bytes:
    """The tone with another number in its header: 4 bytes, the lowest first."""
    return TONE[:at] + struct.pack("<I", value) + TONE[at + 4 :]


RATE, LENGTH_OF_FORMAT = 24, 16
NO_RATE, FEW_A_SECOND, LONG_FORMAT = (
    with_field(RATE, 0),
    with_field(RATE, 1),
    with_field(LENGTH_OF_FORMAT, 1 << 24),
)
DAMAGED = [b"", b"RIFF", b"no sound at all", TONE[:44], NO_RATE, FEW_A_SECOND, LONG_FORMAT]


@pytest.mark.parametrize("content", [None, *DAMAGED, TONE[:9000]])
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


@given(
    st.lists(st.tuples(st.integers(0, 43), st.integers(0, 255)), min_size=1, max_size=4), st.integers(44, 30_000)
)
def test_whatever_the_header_says_there_is_a_call_or_the_reason_why_not(
    damage: list[tuple[int, int]], length: int
) -> None:
    wav = bytearray(TONE[:length])
    for at, value in damage:
        wav[at] = value
    assert alarm.length_s(bytes(wav)) <= len(wav) / alarm.LEAST_HZ


@pytest.mark.parametrize("content", DAMAGED)
def test_damaged_words_are_missed_with_a_remedy(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "help-en.wav").write_bytes(content)
    with pytest.raises(Missing, match=r"help-en\.wav cannot be played \(.+\); "):
        alarm.words(tmp_path / "help-en.wav")
