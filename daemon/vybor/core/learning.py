"""What was spoken is learned at once: the record's sentences, counted into the person's own file.

There is one way in: the journal tells what was spoken after the decision that was counted last, and the counts
and the new mark are written together. So nothing is counted twice or left out, whatever ends in between, and a
file that is damaged or lost is counted again. Counting happens beside the loop: a slow disk delays no choice.
"""

import logging
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds
from vybor.generator.ngram_counts import Change, CountsFile, Mark
from vybor.generator.ngram_personal import Personal

ASK_AGAIN_NS = seconds(5)
"""After a refusal, or an answer that never came."""

log = logging.getLogger("vybor.core")


class Learning:
    """The person's counts: one connection that the offers read, and one beside the loop that writes."""

    def __init__(self, path: Path, bus: Bus) -> None:
        self._path = path
        self._bus = bus
        self._beside = ThreadPoolExecutor(max_workers=1)
        self._writing: CountsFile | None = None
        self.personal = Personal()
        """What offers are made from; nothing is known where the file cannot be opened."""
        self._mark = Mark()
        self._counting: Future[Mark] | None = None
        self._request = ""
        self._ask_ns = 0
        self._is_behind = True
        """Whether the record may hold more than was counted."""
        self._open()

    def spoke(self) -> None:
        """Something was spoken or taken back, and the record has it."""
        self._is_behind = True

    def answered(self, reply: m.AnyReply) -> bool:
        """Take in the journal's sentences; False if this answers something else."""
        if reply.request != self._request:
            return False
        self._request = ""
        if isinstance(reply, m.Sentences) and self._writing:
            self._is_behind = reply.more
            self._counting = self._beside.submit(_count, self._writing, reply)
        return True

    def turn(self, now_ns: int) -> None:
        """Take in what was counted; ask for more if there may be more."""
        if self._counting:
            if self._counting.done():
                self._finish(self._counting)
        elif self._writing and now_ns >= self._ask_ns and (self._is_behind or self._request):
            if self._request:
                self._bus.take_back("journal", self._request)
            self._request = self._bus.new_request()
            asked = m.TellSentences(request=self._request, session=self._mark.session, number=self._mark.number)
            self._bus.ask("journal", asked)
            self._ask_ns = now_ns + ASK_AGAIN_NS

    def close(self) -> None:
        """Finish what is being counted, and let go of the file."""
        self._beside.shutdown()
        self.personal.file.close()
        if self._writing:
            self._writing.close()

    def _finish(self, counting: "Future[Mark]") -> None:
        self._counting = None
        self._ask_ns = 0
        try:
            self._mark = counting.result()
            if self._writing:
                self.personal.file.take_over(self._writing)
        except sqlite3.Error as error:
            log.warning("not learned: %s: %s", self._path, error)
            self._is_behind = True

    def _open(self) -> None:
        """Open the file, begun anew if it is damaged: the record has all that was in it."""
        try:
            self._open_as_it_is()
        except sqlite3.OperationalError as error:  # the place, not what is in it
            log.warning("own words cannot be kept: %s: %s", self._path, error)
        except sqlite3.DatabaseError as error:
            log.warning("own words are counted anew: %s: %s", self._path, error)
            for ending in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            self._open_as_it_is()

    def _open_as_it_is(self) -> None:
        self._writing = CountsFile(self._path)
        self.personal = Personal(CountsFile(self._path))
        self._mark = self._writing.mark


def _count(file: CountsFile, told: m.Sentences) -> Mark:
    """Count sentences in and out, with the mark that says how far; returns the mark."""
    if told.anew:
        file.forget_all()
    mark = Mark(told.session, told.number)
    file.change((Change(one.text, one.spoken) for one in told.sentences), mark)
    if not all(one.spoken for one in told.sentences):
        file.compact()
    file.read_ahead()  # here, so that no offer waits for it
    return mark
