"""What is given to the speech program: a text that it says word for word, and its command line. Pure."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from html import escape

from vybor.foundation.clock import seconds

VOICES = {"en": "en-gb", "ru": "ru"}
"""espeak-ng's voice for each language of the house.

`en` is the same voice to the last sample, but espeak-ng 1.51 does not come back to it by that name from others.
The numbers behind a Russian name would be Russian.
"""

SPEAKER = "espeak-ng"
LONGEST_CHARACTERS = 5000
"""More than five minutes of speech; nobody means to say that in one go."""
START_UP_S = 20.0
"""What a sound card may take to wake up, on top of the time that the words themselves take."""
LEAST_S_PER_LETTER = 0.03
"""At 160 words a minute; espeak-ng takes two to three times as long on average."""
USUAL_WORDS_PER_MINUTE = 160

_OPENED_TWICE = re.compile(r"\[(?=\[)")

Piece = tuple[str, str]
"""A language, and some words in it."""


def clean(text: str) -> str:
    """The text as one line without control characters; raises nothing, and may return an empty text.

    Opening brackets are parted: espeak-ng takes what stands between `[[` and `]]` for phonemes.
    """
    spaced = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return _OPENED_TWICE.sub("[ ", " ".join(spaced.split()))


def pieces(text: str, language: str) -> list[Piece]:
    """The text by the script of its words: a Russian name in an English sentence is Russian.

    What has no letters, and a word of two scripts, is in the language of the text: the only one of its words, else
    the one that is given.
    """
    told = [(_language_of(word, language), word) for word in text.split()]
    scripts = {spoken for spoken, _ in told if spoken}
    of_text = scripts.pop() if len(scripts) == 1 else language
    by_language = itertools.groupby(told, key=lambda word: word[0] or of_text)
    return [(spoken, " ".join(word for _, word in words)) for spoken, words in by_language]


def command(language: str, words_per_minute: int, volume: int = 100) -> list[str]:
    """espeak-ng reading UTF-8 (`-b 1`) from its standard input and writing a WAV file to its output."""
    return [
        SPEAKER,
        "--stdin",
        "--stdout",
        *("-b", "1"),
        *("-v", VOICES[language]),
        *("-s", str(words_per_minute)),
        *("-a", str(volume)),
    ]


def told(text: str, language: str, words_per_minute: int, volume: int) -> tuple[list[str], bytes]:
    """espeak-ng's command for a text, and what it is fed: SSML (`-m`) where the voice changes on the way."""
    found = pieces(text, language)
    if len(found) <= 1:
        spoken = found[0][0] if found else language
        return command(spoken, words_per_minute, volume), text.encode()
    return [*command(language, words_per_minute, volume), "-m"], _ssml(found, language).encode()


def longest_ns(text: str, words_per_minute: int) -> int:
    """How long a text may sound before the player counts as stuck: no character takes more than a word."""
    return seconds(START_UP_S + len(text) * 60 / words_per_minute)


def shortest_ns(text: str, words_per_minute: int) -> int:
    """A player that has played a text sooner has sent it nowhere: no voice is so fast."""
    letters = sum(map(str.isalnum, text))
    return seconds(letters * LEAST_S_PER_LETTER * USUAL_WORDS_PER_MINUTE / words_per_minute)


def _language_of(word: str, language: str) -> str:
    """By its letters; empty if it has none that tell."""
    names = [unicodedata.name(letter, "") for letter in word if letter.isalpha()]
    scripts = {"ru" for name in names if name.startswith("CYRILLIC")}
    scripts |= {"en" for name in names if name.startswith("LATIN")}
    if len(scripts) == 1:
        return scripts.pop()
    return language if names else ""


def _ssml(found: Sequence[Piece], language: str) -> str:
    def spoken(piece: Piece) -> str:
        words = escape(piece[1], quote=False)
        return words if piece[0] == language else f'<voice xml:lang="{VOICES[piece[0]]}">{words}</voice>'

    return " ".join(map(spoken, found))
