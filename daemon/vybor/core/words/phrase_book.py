"""The person's own phrases: a small text file, one a line, which only the deciding process writes.

A choice on the screen, `vybor phrases` and the carer's page lead here; beside it lies which of them a carer gave
(core/words/given_phrases.py). A file that cannot be read is left as it is: nothing is kept
then, and nothing of it is lost.
"""

import contextlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from vybor.composer.phrases import LONGEST, MOST_KEPT, Book, Ready
from vybor.contracts import messages as m
from vybor.core.decision.state import Decided
from vybor.core.words import given_phrases, line_files
from vybor.core.words.given_phrases import Given
from vybor.foundation import keys, sealed_files, small_files
from vybor.foundation.clock import seconds
from vybor.foundation.database import Error
from vybor.foundation.keys import Key
from vybor.instant.personal import Personal

LARGEST_FILE = 64 * 1024
TOLD_FOR_NS = seconds(15)
CHANGED = "the phrases were changed meanwhile; look at them anew, and change them then"

log = logging.getLogger("vybor.core")


class PhraseBook:
    """What is kept, and how often any phrase was said."""

    def __init__(self, path: Path, personal: Callable[[], Personal], ready: Ready, key: Key = keys.NONE) -> None:
        self._path = path
        self._key = key
        self._personal = personal
        self._ready = ready
        self._own: tuple[str, ...] = ()
        self._given = Given()
        self._given_path = path.with_name(f"{path.stem.replace('-', '-given-', 1)}{path.suffix}")
        self._given_ns: int | None = None
        """When a carer changed what the person says, until they can be taken to have seen it."""
        self._unreadable = ""
        self.beside: Callable[[], None] = _nothing
        """Told when all is forgotten: what else lies there is gone with it."""
        self._told: tuple[m.Notice, int] | None = None
        """What the person should know, and until when."""
        self._read()

    def book(self) -> Book:
        """As the pages need it."""
        return Book(self._own, self._uses, self._ready)

    def keep(self, phrase: str) -> str:
        """Keep a phrase of the person's behind the others; returns why not, or nothing. Again is no change."""
        whole = " ".join(phrase.split())
        if reason := _refusal(whole):
            return reason
        if whole in self._own:
            return ""
        return self._write((*self._own, whole), self._given)

    def give(self, phrases: Sequence[str], now_ns: int) -> str:
        """Have these be what carers gave; returns why not, or nothing. The person is told, for they say it."""
        wanted = tuple(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases))
        if reason := next(filter(None, map(_refusal, wanted)), ""):
            return reason
        if wanted == self._given.phrases:
            return ""
        after = given_phrases.arranged(self._own, self._given, wanted)
        if not (reason := self._write(after.book, after.given)):
            self._given_ns = now_ns
        return reason

    def forget(self, phrase: str) -> str:
        """Remove a phrase; returns why not, or nothing."""
        whole = " ".join(phrase.split())
        if whole not in self._own:
            return f"there is no phrase “{whole}”; `vybor phrases list` shows those that are kept"
        own = tuple(known for known in self._own if known != whole)
        given = tuple(known for known in self._given.phrases if known != whole)
        return self._write(own, Given(given, self._given.theirs - {whole}))

    def acted(self, now_ns: int) -> None:
        """The person chose something: what has stood on their screen for long enough they have seen."""
        if self._given_ns is not None and now_ns - self._given_ns >= TOLD_FOR_NS:
            self._given_ns = None

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
        given = m.Notice(process="core", trouble=m.Trouble.PHRASES_GIVEN)
        return ((self._told[0],) if self._told else ()) + ((given,) if self._given_ns is not None else ())

    def forget_all(self) -> str:
        """Remove all that is kept, in every language; returns why not, or nothing."""
        self._own, self._given, self._given_ns, self._unreadable = (), Given(), None, ""
        beginning = self._path.stem.rpartition("-")[0]
        try:
            files = self._path.parent.glob(f"*{beginning}-*{self._path.suffix}*")  # halves of a file too
            small_files.remove(*(one for one in files if one.name.lstrip(".").startswith(beginning)))
        except OSError as error:
            return f"the phrases in {self._path.parent} cannot be removed ({error.strerror}); remove them there"
        self.beside()
        return ""

    def asked(self, command: m.AnyCommand, now_ns: int) -> m.Phrases | m.Given | m.Done | m.Refused | None:
        """Answer a command; None if it asks for something else. Who keeps by a command gives it to the person."""
        match command:
            case m.TellPhrases(request=request):
                return m.Phrases(request=request, phrases=tuple((own, self._uses(own)) for own in self._own))
            case m.TellGiven(request=request, what=m.Gift.PHRASES as what):
                own = self._given.own(self._own)
                return m.Given(
                    request=request,
                    what=what,
                    texts=self._given.phrases,
                    own=own,
                    longest=LONGEST,
                    most=MOST_KEPT,
                )
            case m.Give(request=request, what=m.Gift.PHRASES, were=were, texts=texts):
                reason = self.give(texts, now_ns) if were == self._given.phrases else CHANGED
            case m.KeepPhrase(request=request, text=text):
                reason = self.give((*self._given.phrases, text), now_ns)
            case m.ForgetPhrase(request=request, text=text):
                reason = self.forget(text)
                self._given_ns = self._given_ns if reason else now_ns
            case _:
                return None
        return m.Refused(request=request, reason=reason) if reason else m.Done(request=request)

    def _uses(self, phrase: str) -> int:
        try:
            return self._personal().file.times(phrase)
        except Error:  # the counts are begun anew at the next start; phrases stand as if never said
            return 0

    def _read(self) -> None:
        for path in (self._path, self._given_path):  # halves that a sudden end left; *everything* says if it
            with contextlib.suppress(OSError):  # cannot be
                small_files.remove(*path.parent.glob(f".{path.name}.*"))
        lines, self._unreadable = line_files.read(self._path, LARGEST_FILE, self._key)
        if self._unreadable:
            log.warning("no own phrases: %s", self._unreadable)
            return
        phrases = (" ".join(line.split()) for line in lines)
        self._own = tuple(dict.fromkeys(phrase for phrase in phrases if 0 < len(phrase) <= LONGEST))[:MOST_KEPT]
        lines, unreadable = line_files.read(self._given_path, LARGEST_FILE, self._key)
        if unreadable:  # then all of them count as the person's, and no carer sees one
            log.warning("which phrases were given is not known: %s", unreadable)
            return
        self._given = given_phrases.read(lines, self._own)

    def _write(self, own: tuple[str, ...], given: Given) -> str:
        """Both files, and never a phrase that counts as given and was the person's, wherever the power goes."""
        if self._unreadable:
            return self._unreadable
        if len(own) > max(MOST_KEPT, len(self._own)):
            return f"{MOST_KEPT} phrases are kept already; remove one first (`vybor phrases remove`)"
        try:
            if given != self._given:
                sealed_files.write(self._given_path, given_phrases.written(given), self._key)
            sealed_files.write(self._path, "".join(f"{phrase}\n" for phrase in own).encode(), self._key)
        except OSError as error:
            return f"{self._path} cannot be written ({error.strerror}); nothing was changed"
        self._own, self._given = own, given
        return ""


def _nothing() -> None:
    """Nothing else lies there."""


def _refusal(phrase: str) -> str:
    """Why this can be no phrase, or nothing."""
    if not phrase or not phrase.isprintable():
        return "a phrase needs words; say which, as in `vybor phrases add Good morning.`"
    if len(phrase) > LONGEST:
        return f"the phrase has {len(phrase)} letters, of which {LONGEST} fit on a tile; make it shorter"
    return ""
