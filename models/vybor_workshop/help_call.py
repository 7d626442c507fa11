"""The call for help in words, rendered beforehand, so that on the kit it needs nothing but a player."""

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from vybor.foundation.errors import Missing, VyborError
from vybor.sound import alarm
from vybor.voice import speech

Say = Callable[[str], None]

WORDS = {
    "en": "I need help. Please come to me now. " * 2,
    "ru": "Мне нужна помощь. Пожалуйста, подойдите ко мне сейчас. " * 2,
}
WORDS_PER_MINUTE = 140
LOUDNESS = 200
"""espeak-ng's highest; its usual one is 100."""


class RenderError(VyborError):
    """The speech program could not render the call."""


def render(share: Path, say: Say) -> list[Path]:
    """Write help-en.wav and help-ru.wav into `share`, each whole or not at all, and return their paths.

    Raises Missing without espeak-ng or if no sound comes out of it, and RenderError if it fails.
    """
    share.mkdir(parents=True, exist_ok=True)
    rendered = []
    for language, words in WORDS.items():
        target = share / f"help-{language}.wav"
        say(f"rendering {target.name}")
        with tempfile.TemporaryDirectory(dir=share) as scratch:
            wav = Path(scratch) / target.name
            _speak(words, language, wav)
            os.replace(wav, target)  # noqa: PTH105  (says that it takes the old file's place)
        rendered.append(target)
    return rendered


def _speak(words: str, language: str, wav: Path) -> None:
    command = [
        speech.SPEAKER,
        *("-v", speech.VOICES[language]),
        *("-s", str(WORDS_PER_MINUTE)),
        *("-a", str(LOUDNESS)),
        *("-b", "1"),
        *("-w", str(wav)),
        "--stdin",
    ]
    try:
        done = subprocess.run(command, input=words.encode(), capture_output=True, check=False)
    except FileNotFoundError:
        raise Missing(f"{speech.SPEAKER} is not installed; install it (apt install espeak-ng)") from None
    if done.returncode != 0:
        told = done.stderr.decode(errors="replace").strip()
        raise RenderError(f"{speech.SPEAKER} could not render the help call ({told})")
    alarm.words(wav)
    with wav.open("rb") as written:
        os.fsync(written.fileno())
