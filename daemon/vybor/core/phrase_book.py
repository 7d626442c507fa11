"""The person's own phrases: a small text file, one a line, which only the deciding process writes.

A choice on the screen and `vybor phrases` lead here. A file that cannot be read is left as it is: nothing is kept
then, and nothing of it is lost.
"""

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from vybor.composer.phrases import LONGEST, MOST_KEPT, Book, Ready
from vybor.contracts import messages as m
from vybor.core.state import Decided
from vybor.foundation import keys, sealed_files, small_files
from vybor.foundation.clock import seconds
from vybor.foundation.database import Error
from vybor.foundation.keys import Key
from vybor.generator.ngram_personal import Personal

LARGEST_FILE = 64 * 1024
TOLD_FOR_NS = seconds(15)

log = logging.getLogger("vybor.core")


class PhraseBook:
    """What is kept, and how often any phrase was said."""

    def __init__(self, path: Path, personal: Callable[[], Personal], ready: Ready, key: Key = keys.NONE) -> None:
        self._path = path
        self._key = key
        self._personal = personal
        self._ready = ready
        self._own: tuple[str, ...] = ()
        self._unreadable = ""
        self._told: tuple[m.Notice, int] | None = None
        """What the person should know, and until when."""
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

    def chosen(self, decided: Decided, now_ns: int) -> None:
        """Keep or remove what the person chose to; where that cannot be, the screen says so."""
        reason = self.keep(decided.keep) if decided.keep else self.forget(decided.forget)
        self._told = None
        if reason:
            log.warning("phrases: not changed")
            notice = m.Notice(process="core", trouble=m.Trouble.PHRASE_NOT_KEPT, detail=reason)
            self._told = notice, now_ns + TOLD_FOR_NS

    def notices(self, now_ns: int) -> tuple[m.Notice, ...]:
        """What the person should know now."""
        if self._told and now_ns > self._told[1]:
            self._told = None
        return (self._told[0],) if self._told else ()

    def forget_all(self) -> str:
        """Remove all that is kept, in every language; returns why not, or nothing."""
        self._own, self._unreadable = (), ""
        beginning = self._path.stem.rpartition("-")[0]
        try:
            files = self._path.parent.glob(f"*{beginning}-*{self._path.suffix}*")  # halves of a file too
            small_files.remove(*(one for one in files if one.name.lstrip(".").startswith(beginning)))
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
        except Error:  # the counts are begun anew at the next start; phrases stand as if never said
            return 0

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # halves that a sudden end left; *everything* says if it cannot be
            small_files.remove(*self._path.parent.glob(f".{self._path.name}.*"))
        try:
            lines = sealed_files.read(self._path, LARGEST_FILE, self._key).decode().splitlines()
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
            sealed_files.write(self._path, "".join(f"{phrase}\n" for phrase in own).encode(), self._key)
        except OSError as error:
            return f"{self._path} cannot be written ({error.strerror}); nothing was changed"
        self._own = own
        return ""
