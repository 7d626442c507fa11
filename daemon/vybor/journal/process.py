"""The journal on the bus: keeps each decision and says so once it is on the disk."""

import contextlib
import errno
import logging
from collections.abc import Callable
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation import database, keys
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.heartbeat import beating
from vybor.foundation.keys import Key
from vybor.foundation.loop import run
from vybor.foundation.start import Start
from vybor.journal import desk, handing_on, marks, readable, space, store, story
from vybor.journal.eraser import Eraser
from vybor.journal.outbox import Outbox
from vybor.journal.quota import Quota, longest_s
from vybor.journal.sealing import Sealing
from vybor.segments.rows import Deletion

log = logging.getLogger("vybor.journal")

TRY_AGAIN_NS = seconds(2)
INDEX_BYTES = 32 * 1024
"""Of the log of an open database, at the least (sqlite.org/walformat.html)."""
SENTENCES_PAGE = 2000
"""Decisions that are read for one answer."""
PANEL = b"panel-"
"""How the bus names whoever runs as the process of pages."""
DECISIONS_PAGE = 100
"""Decisions told in one answer: some 200 kB."""


class Journal:
    """The room `journal`: one open store, or the reason why there is none."""

    def __init__(  # noqa: PLR0913  (the parts of a room)
        self,
        path: Path,
        bus: Bus,
        machine: str,
        key: Key = keys.NONE,
        outbox: Path | None = None,
        *,
        quota_bytes: int = 0,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """`beat` is called in long work."""
        self._path = path
        self._outbox = Outbox(outbox or path.parent / "outbox", path.with_name(f"{path.stem}.damaged-outbox"))
        self._bus = bus
        self._beat = beat
        self._machine = machine
        self._key = key
        self._quota = Quota(path, quota_bytes)
        self._eraser = Eraser(path, bus, self._left_out, beat)
        self._store: store.Store | None = None
        self._sealing: Sealing | None = None
        self._try_ns = 0
        self._failed: m.Notice | None = None
        self._aside: m.Notice | None = None
        self._bare: m.Notice | None = None

    def heard(self, heard: Heard, now_ns: int) -> None:
        """The journal listens to no channel: what it keeps it is asked to keep."""

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Keep a decision, or tell the draft; of the panel nothing is taken."""
        if asked.sender.startswith(PANEL):
            reason = "the record tells the panel nothing; what the wearer lets it read it asks core for"
            self._bus.answer(asked, m.Refused(request=asked.command.request, reason=reason))
            return
        self._open(now_ns)
        match asked.command:
            case m.Record(request=request, decision=decision):
                self._bus.answer(asked, self._keep(request, decision, now_ns))
            case m.RestoreDraft(request=request):
                self._bus.answer(asked, self._draft(request))
            case m.TellSentences() as command:
                self._bus.answer(asked, self._sentences(command))
            case m.TellDecisions() as command:
                self._bus.answer(asked, self._decisions(command))
            case m.Leave() as command:
                self._bus.answer(asked, self._leave(command))
            case m.TellPaired() | m.KeepBecame() as command:
                self._bus.answer(asked, self._grown(command, now_ns))
            case m.TellRows() | m.TellRecord() as command:
                self._bus.answer(asked, self._rows(command))
            case m.Erase():
                self._begin_erasing(asked)
            case other:
                self._bus.answer(
                    asked, m.Refused(request=other.request, reason="the journal only keeps and tells")
                )

    def answered(self, answered: Answered, now_ns: int) -> None:
        """The journal asks nothing."""

    def turn(self, now_ns: int) -> float:
        """Open the file as soon as that is possible; go on with deleting, then seal what is to leave."""
        self._open(now_ns)
        self._quota.turn(now_ns)
        try:
            if self._sealing and not self._sealing.is_tidy:
                self._sealing.tidy_now()
            if self._store and self._eraser.is_busy(self._store, now_ns):
                self._eraser.step(self._store, now_ns)
                self._quota.look(now_ns)
                return 0.0
            is_more = self._sealing is not None and self._sealing.turn(now_ns)
        except database.Error as error:
            self._failed_by(error)
            return 0.5
        return 0.0 if is_more else 0.5

    def _begin_erasing(self, asked: Asked) -> None:
        request = asked.command.request
        if self._store is None:
            self._bus.answer(asked, self._refusal(request))
            return
        try:
            refused = self._eraser.asked(asked, self._store)
        except database.Error as error:
            self._failed_by(error)
            self._bus.answer(asked, self._refusal(request))
            return
        if refused:
            self._bus.answer(asked, m.Refused(request=request, reason=refused))

    def _failed_by(self, error: database.Error) -> None:
        """Say so; a file that was damaged while it was open is closed."""
        self._fail(error)
        if database.primary_code(error) in database.DAMAGED:
            self._abandon()

    def _left_out(self, deletion: Deletion, all_of_it: bool) -> None:
        """What waits to leave is made anew, without what was deleted and as the other rows are now."""
        if self._sealing is None:
            return
        try:
            self._sealing.forget((*deletion.spans, *deletion.offers), all_of_it=all_of_it)
        except OSError as error:  # what lies there only the workstation reads, and the next turn removes it
            log.warning("the outbox is not tidy: %s", error.strerror)
            self._sealing.tidy()

    def troubles(self) -> tuple[m.Notice, ...]:
        """Why nothing is kept, or kept as it should not be; which file was set aside; what is not sealed."""
        unsealed = self._sealing.trouble if self._sealing else ""
        not_sealed = (
            m.Notice(process="journal", trouble=m.Trouble.SYNC_FAILED, detail=unsealed) if unsealed else None
        )
        of_the_file = (self._failed, self._aside, self._bare, self._eraser.notice, self._quota.notice)
        return tuple(notice for notice in (*of_the_file, not_sealed) if notice)

    def close(self) -> None:
        """Fold the WAL in."""
        if self._store:
            self._store.close()

    def _open(self, now_ns: int) -> None:
        if self._store or now_ns < self._try_ns:
            return
        self._try_ns = now_ns + TRY_AGAIN_NS
        try:
            with beating(self._beat, longest_s(self._path)):  # each page is looked at, or encrypted
                self._opened(store.open_store(self._path, self._machine, self._key))
            self._failed = None
            self._bare = bare_notice(self._path, self._key)
        except database.OperationalError as error:
            self._fail(error)
        except database.DatabaseError as error:
            self._set_aside(error)

    def _set_aside(self, error: database.DatabaseError) -> None:
        try:
            aside = store.set_aside(self._path)
            self._opened(store.open_store(self._path, self._machine, self._key))
        except (OSError, database.Error) as again:
            self._fail(again)
            return
        self._failed = None
        detail = f"the journal was damaged ({error}); it is kept as {aside.name} and a new one was begun"
        self._aside = m.Notice(process="journal", trouble=m.Trouble.JOURNAL_SET_ASIDE, detail=detail)

    def _opened(self, opened: store.Store) -> None:
        self._store = opened
        self._sealing = Sealing(opened.leaving, self._outbox, opened.kit, lambda: opened.begin)

    def _leave(self, command: m.Leave) -> m.Leaving | m.Refused:
        if not self._sealing:
            return self._refusal(command.request)
        try:
            return desk.done(self._sealing, command)
        except database.Error as error:
            self._fail(error)
            return self._refusal(command.request)

    def _grown(self, command: m.TellPaired | m.KeepBecame, now_ns: int) -> m.Paired | m.Done | m.Refused:
        """What the generator wants of bundles that the workstation sends."""
        if not self._store or not self._sealing:
            return self._refusal(command.request)
        try:
            if isinstance(command, m.TellPaired):
                return desk.paired(self._store, command.request)
            self._store.keep_became(command.name, command.became)
            self._sealing.kept(now_ns)
        except database.Error as error:
            self._failed_by(error)
            return self._refusal(command.request)
        return m.Done(request=command.request)

    def _keep(self, request: str, decision: m.Decision, now_ns: int) -> m.Done | m.Refused:
        if not self._store or not self._sealing:
            return self._refusal(request)
        try:
            has_withheld = self._store.keep(decision)
            self._sealing.kept(now_ns)
            if has_withheld:
                self._sealing.tidy_now()
        except database.Error as error:
            self._failed_by(error)
            return self._refusal(request)
        self._failed = None
        return m.Done(request=request)

    def _abandon(self) -> None:
        """Close a file that was damaged while it was open; the next turn sets it aside."""
        if self._store:
            self._store.close()
        self._store = self._sealing = None
        self._try_ns = 0

    def _draft(self, request: str) -> m.Draft | m.Refused:
        try:
            latest = self._store.latest(store.DRAFT_LOOKS_BACK) if self._store else self._only_read()
        except (database.Error, OSError) as error:  # a card that cannot be read, too
            if self._store and isinstance(error, database.Error):
                self._failed_by(error)
            return self._refusal(request)
        told = story.story_of(latest)
        return m.Draft(
            request=request,
            text=told.text,
            history=tuple(told.past),
            resting=story.resting_after(latest),
            spoken=told.spoken,
            spoken_session=told.spoken_by[0],
            spoken_number=told.spoken_by[1],
            incognito=told.incognito,
            private=tuple(sorted(told.private & {told.text, *told.past})),
        )

    def _only_read(self) -> list[m.Decision]:
        """Of a file that cannot be written, on a full disk say: what was written is there all the same."""
        if self._failed is None:
            raise database.OperationalError("it is not open yet")
        with database.telling_damage(), database.reading(self._path, self._key, alone=True) as found:
            return readable.latest(found, store.DRAFT_LOOKS_BACK)

    def _sentences(self, asked: m.TellSentences) -> m.Sentences | m.Refused:
        """A page of what was spoken; the last one may be empty."""
        if not self._store:
            return self._refusal(asked.request)
        try:
            mark, epoch = marks.read(asked.session), self._store.epoch
            is_old = bool(asked.session) and (mark.epoch or 0) != epoch  # something was deleted since
            found = None if is_old else self._store.after(mark.session, asked.number, SENTENCES_PAGE)
            anew = found is None
            told = story.told_after(*(found or self._store.after("", 0, SENTENCES_PAGE) or ((), ())))
        except database.Error as error:
            self._fail(error)
            return self._refusal(asked.request)
        last = told.last
        return m.Sentences(
            request=asked.request,
            sentences=told.sentences,
            session=marks.written(last.session if last else "" if anew else mark.session, epoch),
            number=last.number if last else 0 if anew else asked.number,
            anew=anew,
            more=told.decisions == SENTENCES_PAGE,
        )

    def _decisions(self, asked: m.TellDecisions) -> m.Decisions | m.Refused:
        """A page of the record as it is."""
        if not self._store:
            return self._refusal(asked.request)
        try:
            mark, epoch = marks.read(asked.session), self._store.epoch
            is_old = mark.epoch not in (None, epoch)
            found = None if is_old else self._store.later(mark.session, asked.number, DECISIONS_PAGE)
            told = found if found is not None else self._store.later("", 0, DECISIONS_PAGE) or []
        except database.Error as error:
            self._fail(error)
            return self._refusal(asked.request)
        session = told[-1].session if told else "" if found is None else mark.session
        return m.Decisions(
            request=asked.request,
            decisions=tuple(told),
            anew=found is None,
            session=f"{session}{marks.SIGN}{epoch}",
        )

    def _rows(self, asked: m.TellRows | m.TellRecord) -> m.Rows | m.RecordTold | m.Refused:
        """A page of rows of every kind, or of what may be handed on of them."""
        if not self._store:
            return self._refusal(asked.request)
        try:
            if isinstance(asked, m.TellRecord):
                return handing_on.told(self._store, asked, DECISIONS_PAGE)
            rows = self._store.rows((asked.boot, asked.sequence), DECISIONS_PAGE)
        except database.Error as error:
            self._fail(error)
            return self._refusal(asked.request)
        return m.Rows(request=asked.request, kit=self._store.kit, rows=tuple(rows))

    def _refusal(self, request: str) -> m.Refused:
        failed = self._failed
        return m.Refused(
            request=request,
            trouble=failed.trouble if failed else None,
            reason=failed.detail if failed else "the journal is not open yet",
        )

    def _fail(self, error: database.Error | OSError) -> None:
        free_bytes = INDEX_BYTES  # enough, where nobody knows
        with contextlib.suppress(OSError):
            free_bytes = space.free_bytes(self._path.parent)
        trouble = trouble_of(error, free_bytes)
        self._failed = m.Notice(process="journal", trouble=trouble, detail=f"{self._path}: {error}")


def bare_notice(path: Path, key: Key) -> m.Notice | None:
    """That there is a key and the record is not encrypted with it; None if it is, or there is none."""
    if not key.secret or database.state_of(path) is not database.State.BARE:
        return None
    detail = f"{path} could not be encrypted; make room on the disk and start the kit again"
    return m.Notice(process="journal", trouble=m.Trouble.NOT_ENCRYPTED, detail=detail)


def trouble_of(error: database.Error | OSError, free_bytes: int) -> m.Trouble:
    """A full disk, a missing key, or anything else that keeps the journal from being written.

    A disk that has no room for the index of the log fails while the file is opened, with no word of why.
    """
    if isinstance(error, OSError):
        return m.Trouble.DISK_FULL if error.errno == errno.ENOSPC else m.Trouble.JOURNAL_FAILED
    if isinstance(error, database.Locked):
        return m.Trouble.JOURNAL_LOCKED
    code = database.primary_code(error)
    is_full = code == database.FULL or (code == database.OF_THE_DISK and free_bytes < INDEX_BYTES)
    return m.Trouble.DISK_FULL if is_full else m.Trouble.JOURNAL_FAILED


def main(start: Start) -> None:
    """Run the journal until it is asked to end."""
    bus = Bus("journal", start.places.runtime, start.clock)
    machine = store.BOOT_ID.read_text(encoding="ascii").strip()
    journal = Journal(
        start.places.journal,
        bus,
        machine,
        start.key,
        start.places.outbox,
        quota_bytes=start.settings.journal.quota_mb * 1_000_000,
        beat=lambda: start.heart.beat(start.clock.now_ns()),
    )
    run(journal, bus, start.clock, start.heart)
