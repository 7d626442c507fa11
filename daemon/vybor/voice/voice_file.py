"""Piper's voice as it lies on the disk: a model, and a description of it beside. Nothing of Piper is loaded."""

from pathlib import Path

import msgspec

from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import Missing

LARGEST_DESCRIPTION = 5_000_000
LEAST_HZ, MOST_HZ = 8_000, 96_000


class _Audio(msgspec.Struct, frozen=True):
    sample_rate: int


class _Espeak(msgspec.Struct, frozen=True):
    voice: str = ""


class _Language(msgspec.Struct, frozen=True):
    family: str = ""


class _Description(msgspec.Struct, frozen=True):
    audio: _Audio
    espeak: _Espeak = _Espeak()
    language: _Language = _Language()


class VoiceFile(msgspec.Struct, frozen=True):
    """A voice that can be handed to Piper."""

    path: Path
    language: str
    """Two letters, such as `en`: it can say nothing else."""
    rate_hz: int


def read(path: Path) -> VoiceFile:
    """What the description says. Raises Missing, in one sentence, where one of the two files is not usable."""
    description = path.with_name(f"{path.name}.json")
    for file in (path, description):
        if not file.is_file():
            raise Missing(f"there is no {file}; a voice of Piper's is two files, NAME.onnx and NAME.onnx.json")
    try:
        with description.open("rb") as opened:
            told = msgspec.json.decode(opened.read(LARGEST_DESCRIPTION), type=_Description)
    except OSError as error:
        raise Missing(
            f"{description} cannot be read ({error.strerror}); let the user vybor-voice read it"
        ) from None
    except NOT_UNDERSTOOD as error:
        raise Missing(f"{description} does not describe a voice ({error}); download it anew") from None
    language = (told.language.family or told.espeak.voice)[:2].lower()
    if not LEAST_HZ <= told.audio.sample_rate <= MOST_HZ or not language:
        raise Missing(f"{description} names no language or no likely sample rate; download it anew")
    return VoiceFile(path, language, told.audio.sample_rate)
