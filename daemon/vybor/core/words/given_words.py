"""Words and names that a carer gave, which no list has: a small file, one a line, of the deciding process alone.

They are offered where the wearer spells their beginning (instant/echo.py), and nowhere else: nothing speaks for
them before. What the wearer said is no part of it.
"""

import contextlib
import logging
from collections.abc import Sequence
from pathlib import Path

from vybor.contracts import messages as m
from vybor.core.words import line_files
from vybor.core.words.phrase_book import CHANGED, LARGEST_FILE, TOLD_FOR_NS
from vybor.foundation import keys, sealed_files, small_files
from vybor.foundation.keys import Key

LONGEST = 30
"""Letters of a word."""
MOST = 300

log = logging.getLogger("vybor.core")


class WordBook:
    """What was given, oldest first."""

    def __init__(self, path: Path, key: Key = keys.NONE) -> None:
        self._path = path
        self._key = key
        self.words: tuple[str, ...] = ()
        self._unreadable = ""
        self._changed_ns: int | None = None
        """When a carer changed them, until the person can be taken to have seen it."""
        self._read()

    def asked(self, command: m.AnyCommand, now_ns: int) -> m.Given | m.Done | m.Refused | None:
        """Answer a command; None if it asks for something else."""
        match command:
            case m.TellGiven(request=request, what=m.Gift.WORDS as what):
                return m.Given(request=request, what=what, texts=self.words, longest=LONGEST, most=MOST)
            case m.Give(request=request, what=m.Gift.WORDS, were=were, texts=texts):
                reason = self.give(texts, now_ns) if were == self.words else CHANGED
                return m.Refused(request=request, reason=reason) if reason else m.Done(request=request)
            case _:
                return None

    def give(self, texts: Sequence[str], now_ns: int) -> str:
        """Have these be the words; returns why not, or nothing. The person is told."""
        words = tuple(dict.fromkeys(text.strip() for text in texts))
        if reason := self._unreadable or next(filter(None, map(_refusal, words)), ""):
            return reason
        if len(words) > max(MOST, len(self.words)):
            return f"{MOST} words are there already; remove one first"
        if words == self.words:
            return ""
        try:
            sealed_files.write(self._path, "".join(f"{word}\n" for word in words).encode(), self._key)
        except OSError as error:
            return f"{self._path} cannot be written ({error.strerror}); nothing was changed"
        self.words, self._changed_ns = words, now_ns
        return ""

    def acted(self, now_ns: int) -> None:
        """The person chose something: what has stood on their screen for long enough they have seen."""
        if self._changed_ns is not None and now_ns - self._changed_ns >= TOLD_FOR_NS:
            self._changed_ns = None

    def notices(self) -> tuple[m.Notice, ...]:
        """What the person should know now."""
        is_told = self._changed_ns is not None
        return (m.Notice(process="core", trouble=m.Trouble.WORDS_GIVEN),) if is_told else ()

    def forget(self) -> None:
        """The file was removed with everything that the kit keeps."""
        self.words, self._unreadable, self._changed_ns = (), "", None

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # halves that a sudden end left
            small_files.remove(*self._path.parent.glob(f".{self._path.name}.*"))
        lines, self._unreadable = line_files.read(self._path, LARGEST_FILE, self._key)
        if self._unreadable:
            log.warning("no given words: %s", self._unreadable)
        self.words = tuple(dict.fromkeys(line for line in lines if not _refusal(line)))[:MOST]


def _refusal(word: str) -> str:
    """Why this can be no word, or nothing."""
    if not word.isprintable() or not any(map(str.isalpha, word)) or len(word.split()) != 1:
        return "a word has letters and no space; give one at a time, and several together as a phrase"
    if len(word) > LONGEST:
        return f"the word has {len(word)} letters, of which {LONGEST} are taken; make it shorter"
    return ""
