"""The call for help as a WAV file: pre-rendered words, or a plain alarm tone where those are missing."""

import io
import logging
import math
import sys
import wave
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path

from vybor.foundation.errors import Missing
from vybor.foundation.places import how_to_get

RATE_HZ = 22_050
TONES_HZ = (880, 660)
TONE_S = 0.35
ROUNDS = 6
LOUDNESS = 0.8
RAMP_S = 0.005
"""Tones that begin and end within this time do not click."""
LEAST_HZ, MOST_HZ = 4_000, 192_000
"""What sound cards play."""
SHORTEST_S = 0.5
"""No words of a call are shorter: such a file was cut off."""


def load(languages: Iterable[str], path_of: Callable[[str], Path], log: logging.Logger) -> dict[str, bytes]:
    """The call in each language, in memory: it must sound even when the disk no longer answers."""
    return {language: _call(path_of(language), log) for language in languages}


def words(path: Path) -> bytes:
    """A WAV file of pre-rendered words; raises Missing if there is none that can be played."""
    try:
        wav = path.read_bytes()
        if _length_s(wav) >= SHORTEST_S:
            return wav
        reason = f"it holds less than {SHORTEST_S} s of sound"
    except OSError as error:
        reason = error.strerror or str(error)
    except wave.Error as error:
        reason = str(error)
    raise Missing(f"the help call {path} cannot be played ({reason}); {how_to_get(path)}")


def length_s(wav: bytes) -> float:
    """For how long a WAV file sounds, by what is really in it; 0 for one that cannot be read."""
    try:
        return _length_s(wav)
    except wave.Error:
        return 0.0


def _length_s(wav: bytes) -> float:
    """Raises wave.Error for what no player plays: a damaged file must not end who would ring with it."""
    try:
        with wave.open(io.BytesIO(wav)) as opened:
            frame_bytes: int = opened.getsampwidth() * opened.getnchannels()
            rate_hz: int = opened.getframerate()
            frames = opened.readframes(opened.getnframes())
    except (EOFError, RuntimeError) as error:  # RuntimeError: a part says that it is longer than the file
        raise wave.Error(str(error) or "it ends too early") from None
    if not LEAST_HZ <= rate_hz <= MOST_HZ:
        raise wave.Error(f"it says that it has {rate_hz} samples a second")
    return len(frames) / frame_bytes / rate_hz


def wav_of(frames: bytes, rate_hz: int) -> bytes:
    """16 bit, mono samples as a WAV file."""
    written = io.BytesIO()
    with wave.open(written, "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(rate_hz)
        opened.writeframes(frames)
    return written.getvalue()


def _call(path: Path, log: logging.Logger) -> bytes:
    try:
        return words(path)
    except Missing as error:
        log.warning("an alarm tone takes the place of words: %s", error)
        return tone()


def tone() -> bytes:
    """Two tones that take turns for about four seconds: 16 bit, mono."""
    samples = array("h")
    for _ in range(ROUNDS):
        for pitch_hz in TONES_HZ:
            samples.extend(_samples(pitch_hz))
    if sys.byteorder == "big":
        samples.byteswap()
    return wav_of(samples.tobytes(), RATE_HZ)


def _samples(pitch_hz: float) -> Iterable[int]:
    count = round(TONE_S * RATE_HZ)
    ramp = RAMP_S * RATE_HZ
    for index in range(count):
        gain = min(1.0, index / ramp, (count - index) / ramp)
        yield round(32_767 * LOUDNESS * gain * math.sin(2 * math.pi * pitch_hz * index / RATE_HZ))
