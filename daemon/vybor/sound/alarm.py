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
SHORTEST_S = 0.5
"""No words of a call are shorter: such a file was cut off."""


def load(languages: Iterable[str], path_of: Callable[[str], Path], log: logging.Logger) -> dict[str, bytes]:
    """The call in each language, in memory: it must sound even when the disk no longer answers."""
    return {language: _call(path_of(language), log) for language in languages}


def words(path: Path) -> bytes:
    """A WAV file of pre-rendered words; raises Missing if there is none that can be played."""
    try:
        wav = path.read_bytes()
        with wave.open(io.BytesIO(wav)) as opened:
            frames = len(opened.readframes(opened.getnframes())) // (opened.getsampwidth() * opened.getnchannels())
            if frames >= SHORTEST_S * opened.getframerate():
                return wav
            reason = f"it holds less than {SHORTEST_S} s of sound"
    except OSError as error:
        reason = error.strerror or str(error)
    except (wave.Error, EOFError) as error:
        reason = str(error) or "it ends too early"
    raise Missing(f"the help call {path} cannot be played ({reason}); {how_to_get(path)}")


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
    return _wav(samples.tobytes())


def _samples(pitch_hz: float) -> Iterable[int]:
    count = round(TONE_S * RATE_HZ)
    ramp = RAMP_S * RATE_HZ
    for index in range(count):
        gain = min(1.0, index / ramp, (count - index) / ramp)
        yield round(32_767 * LOUDNESS * gain * math.sin(2 * math.pi * pitch_hz * index / RATE_HZ))


def _wav(frames: bytes) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(RATE_HZ)
        opened.writeframes(frames)
    return written.getvalue()
