"""The person's own phrases: a small text file, one a line, which only the deciding process writes.

A choice on the screen and `vybor phrases` lead here. A file that cannot be read is left as it is: nothing is kept
then, and nothing of it is lost.
"""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

from vybor.composer.phrases import LONGEST, MOST_KEPT, Book, Ready
from vybor.contracts import messages as m
from vybor.foundation import small_files
from vybor.generator.ngram_personal import Personal

LARGEST_FILE = 64 * 1024

log = logging.getLogger("vybor.core")


class PhraseBook:
    """What is kept, and how often any phrase was said."""

    def __init__(self, path: Path, personal: Callable[[], Personal], ready: Ready) -> None:
        self._path = path
        self._personal = personal
        self._ready = ready
        self._own: tuple[str, ...] = ()
        self._unreadable = ""
        self._read()

    def book(self) -> Book:
        """As the pages need it."""
        return Book(self._own, self._uses, self._ready)

    def keep(self, phrase: str) -> str:
        """Keep a phrase behind the others; returns why not, or nothing. The same again is no change."""
        whole = " ".join(phrase.split())
        if not whole or not whole.isprintable():
            return "a phrase needs words; say which, as in `vybor phrases add Good morning.`"
        if len(whole) > LONGEST:
            return f"the phrase has {len(whole)} letters, of which {LONGEST} fit on a tile; make it shorter"
        if whole in self._own:
            return ""
        if len(self._own) >= MOST_KEPT:
            return f"{MOST_KEPT} phrases are kept already; remove one first (`vybor phrases remove`)"
        return self._write((*self._own, whole))

    def forget(self, phrase: str) -> str:
        """Remove a phrase; returns why not, or nothing."""
        whole = " ".join(phrase.split())
        if whole not in self._own:
            return f"there is no phrase “{whole}”; `vybor phrases list` shows those that are kept"
        return self._write(tuple(known for known in self._own if known != whole))

    def forget_all(self) -> str:
        """Remove all that is kept, in every language; returns why not, or nothing."""
        self._own, self._unreadable = (), ""
        beginning = self._path.stem.rpartition("-")[0]
        try:
            for file in self._path.parent.glob(f"{beginning}-*{self._path.suffix}"):
                file.unlink(missing_ok=True)
        except OSError as error:
            return f"the phrases in {self._path.parent} cannot be removed ({error.strerror}); remove them there"
        return ""

    def asked(self, command: m.AnyCommand) -> m.Phrases | m.Done | m.Refused | None:
        """Answer a command; None if it asks for something else."""
        match command:
            case m.TellPhrases(request=request):
                return m.Phrases(request=request, phrases=tuple((own, self._uses(own)) for own in self._own))
            case m.KeepPhrase(request=request, text=text):
                reason = self.keep(text)
            case m.ForgetPhrase(request=request, text=text):
                reason = self.forget(text)
            case _:
                return None
        return m.Refused(request=request, reason=reason) if reason else m.Done(request=request)

    def _uses(self, phrase: str) -> int:
        try:
            return self._personal().file.times(phrase)
        except sqlite3.Error:  # the counts are begun anew at the next start; phrases stand as if never said
            return 0

    def _read(self) -> None:
        try:
            lines = small_files.read(self._path, LARGEST_FILE).decode().splitlines()
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            self._unreadable = (
                f"{self._path} cannot be read ({error}); mend it or move it away, and start the kit again"
            )
            log.warning("no own phrases: %s", self._unreadable)
            return
        phrases = (" ".join(line.split()) for line in lines)
        self._own = tuple(dict.fromkeys(phrase for phrase in phrases if 0 < len(phrase) <= LONGEST))[:MOST_KEPT]

    def _write(self, own: tuple[str, ...]) -> str:
        if self._unreadable:
            return self._unreadable
        try:
            small_files.write(self._path, "".join(f"{phrase}\n" for phrase in own))
        except OSError as error:
            return f"{self._path} cannot be written ({error.strerror}); nothing was changed"
        self._own = own
        return ""
