"""What is given to the speech program: a text that it says word for word, and its command line."""

import unicodedata

from vybor.foundation.clock import seconds

VOICES = {"en": "en", "ru": "ru"}
"""espeak-ng's voice for each language of the house."""

SPEAKER = "espeak-ng"
LONGEST_CHARACTERS = 5000
"""More than five minutes of speech; nobody means to say that in one go."""
START_UP_S = 20.0
"""What a sound card may take to wake up, on top of the time that the words themselves take."""


def clean(text: str) -> str:
    """The text as one line without control characters; raises nothing, and may return an empty text.

    A pair of opening brackets is parted: espeak-ng takes what stands between `[[` and `]]` for phonemes.
    """
    spaced = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return " ".join(spaced.split()).replace("[[", "[ [")


def command(language: str, words_per_minute: int) -> list[str]:
    """espeak-ng reading UTF-8 (`-b 1`) from its standard input and writing a WAV file to its output."""
    return [
        SPEAKER,
        "--stdin",
        "--stdout",
        *("-b", "1"),
        *("-v", VOICES[language]),
        *("-s", str(words_per_minute)),
    ]


def silent(spoken: list[str]) -> list[str]:
    """The same command at no loudness: it proves speech and sound card without a sound."""
    return [*spoken, "-a", "0"]


def longest_ns(text: str, words_per_minute: int) -> int:
    """How long a text may sound before the player counts as stuck: no character takes more than a word."""
    return seconds(START_UP_S + len(text) * 60 / words_per_minute)
