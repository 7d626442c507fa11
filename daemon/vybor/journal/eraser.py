"""Deletes what somebody has asked for, one at a time and step by step, and answers when no byte of it is left."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Scope
from vybor.foundation import clock
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import seconds
from vybor.foundation.database import FULL, Error, primary_code
from vybor.foundation.heartbeat import beating
from vybor.journal.finding import Plan, Search, plan_of
from vybor.journal.quota import longest_s
from vybor.journal.space import NoRoom
from vybor.journal.store import Store
from vybor.segments.rows import Deletion

SWEEP_AGAIN_NS, SWEEP_SELDOM_NS = seconds(2), seconds(64)
"""So long until bytes that are still there are tried again: while somebody waits, and at most after that."""
SWEEP_FAILED_NS = seconds(3600)
"""At most where the file could not be written anew: each try writes all of it, and fills the disk meanwhile."""
WRITTEN = 3
"""So often a sweep writes all of it: beside it, into its log, and out of that."""
FOUND_FOR_NS = seconds(30)
SWEEPS = 5
"""So often it is tried before the answer says that bytes are still there; later it goes on being tried."""

log = logging.getLogger("vybor.journal")

Leaving = Callable[[Deletion, bool], None]
"""Makes anew what waits to leave; whether all of the record goes is told too."""


class _Job:
    """One wish on its way."""

    def __init__(self, asked: Asked, wish: m.Erase, search: Search) -> None:
        self.asked = asked
        self.wish = wish
        self.search = search
        self.steps = search.plan()
        self.plan: Plan | None = None
        """Once it is done, but for the sweep."""
        self.sweeps = 0


class Eraser:
    """What is to be deleted now, and what was and is not swept yet."""

    def __init__(self, path: Path, bus: Bus, leaving: Leaving, beat: Callable[[], None]) -> None:
        self._path = path
        self._bus = bus
        self._leaving = leaving
        self._beat = beat
        self._job: _Job | None = None
        self._found: Search | None = None
        """What was found and is not deleted yet: then only rows that came since have to be read…"""
        self._found_until_ns = 0
        """…for so long: it holds all that was ever said."""
        self._again_ns = 0
        self._rest_ns = 0
        """So long nothing is tried from the next turn on: what failed may have taken longer than that."""
        self._wait_ns = SWEEP_AGAIN_NS
        self.notice: m.Notice | None = None
        """That what was deleted is in the file still, for want of room."""

    def asked(self, asked: Asked, store: Store) -> str:
        """Begin; why not, or nothing."""
        wish = asked.command
        if not isinstance(wish, m.Erase):
            return "the journal deletes what an Erase names"
        if self._job and self._job.wish.request == wish.request:  # by a deciding process that has started since
            self._job.asked = asked
            return ""
        if self._job and not self._job.wish.only_find:
            return "something else is being deleted; ask again in a moment"
        try:
            search = self._search(store, wish)
        except ValueError as error:
            return f"there is no such day: {error}; name one like 2026-02-28"
        self._answer_replaced()
        job = _Job(asked, wish, search)
        if not wish.only_find and (done := store.deletion_of(wish.request)):  # it ended before it could answer
            job.plan = plan_of(done)
            self._leaving(done, wish.scope is Scope.EVERYTHING)
        self._job = job
        if not wish.only_find:
            self._wait_ns, self._rest_ns, self._again_ns = SWEEP_AGAIN_NS, 0, 0
        return ""

    def _search(self, store: Store, wish: m.Erase) -> Search:
        """What is looked for; raises ValueError for a day that is none."""
        found, self._found = self._found, None
        return found if found and found.goes_on(store, wish) else Search(store, wish, clock.today())

    def _answer_replaced(self) -> None:
        if self._job:
            reason = "something else is to be deleted meanwhile; ask again"
            self._answer(m.Refused(request=self._job.wish.request, reason=reason))

    def is_busy(self, store: Store, now_ns: int) -> bool:
        """Whether there is something to do now."""
        if now_ns > self._found_until_ns:
            self._found = None
        if self._rest_ns:
            self._again_ns, self._rest_ns = now_ns + self._rest_ns, 0
        if self._job and self._job.plan is None:
            return True
        if now_ns < self._again_ns:
            return False
        if self._job or store.owes_sweep:
            return True
        self.notice = None
        return False

    def step(self, store: Store, now_ns: int) -> None:
        """Go on with it. Raises Error, and nothing is deleted or all of it is.

        That the disk has no room for a sweep is no error: the record is kept as before, and the notice tells it.
        """
        job = self._job
        try:
            if job and job.plan is None:
                self._find(job, store, now_ns)
            else:
                self._sweep(store, now_ns)
        except Error as error:
            if job and job.plan is None:
                reason = f"nothing is deleted; it is still in {self._path}: {error}"
                trouble = m.Trouble.DISK_FULL if _is_for_room(error) else m.Trouble.JOURNAL_FAILED
                self._answer(m.Refused(request=job.wish.request, trouble=trouble, reason=reason))
                raise
            self._rest(error)
            if job and job.plan:
                left = f"what was found is deleted, but its bytes are still in {self._path}: {error}"
                self._answer(self._done(job.wish, job.plan, left))
            if not _is_for_room(error):
                raise
            detail = f"bytes of what was deleted are still in {self._path}: {error}"
            self.notice = m.Notice(process="journal", trouble=m.Trouble.RECORD_LARGE, detail=detail)

    def _rest(self, error: Error) -> None:
        """Wait after a sweep that failed, longer each time; where none was begun, room is soon looked for."""
        if isinstance(error, NoRoom):
            self._rest_ns = min(self._wait_ns, SWEEP_SELDOM_NS)
            self._wait_ns = min(2 * self._rest_ns, SWEEP_SELDOM_NS)
        else:
            self._rest_ns = max(self._wait_ns, SWEEP_SELDOM_NS)
            self._wait_ns = min(2 * self._rest_ns, SWEEP_FAILED_NS)

    def _find(self, job: _Job, store: Store, now_ns: int) -> None:
        try:
            next(job.steps)
        except StopIteration as found:
            plan: Plan = found.value
            if job.wish.only_find:
                self._found, self._found_until_ns = job.search, now_ns + FOUND_FOR_NS
                self._answer(told(job.wish, plan))
                return
            is_all = job.wish.scope is Scope.EVERYTHING
            if is_all:
                store.leaving.owe_clear()  # whatever the record has: a journal that was set aside sealed, too
            if is_all or not plan.is_empty:  # the generator knows by it that even what was set aside is gone
                with beating(self._beat, longest_s(self._path)):
                    store.erase(plan.deletion, plan.changed, job.wish.request)
                job.plan = plan
            if is_all or not plan.is_empty:
                self._leaving(plan.deletion, is_all)
                log.info("deleted: rows=%d sentences=%d", plan.rows, plan.sentences)
            job.plan = plan
            self._sweep(store, now_ns)

    def _sweep(self, store: Store, now_ns: int) -> None:
        """Leave no byte; answer if that is done, or cannot be for now."""
        with beating(self._beat, WRITTEN * longest_s(self._path)):
            swept = not store.owes_sweep or store.sweep()
        self._again_ns = 0 if swept else now_ns + self._wait_ns
        job = self._job
        if job is None or job.plan is None:
            self._wait_ns = min(2 * self._wait_ns, SWEEP_SELDOM_NS)
            return
        job.sweeps += 1
        if swept:
            self._answer(self._done(job.wish, job.plan))
        elif job.sweeps >= SWEEPS:
            left = "what was found is deleted, but somebody else reads the record: its bytes go when they end"
            self._answer(self._done(job.wish, job.plan, left))

    def _done(self, wish: m.Erase, plan: Plan, left: str = "") -> m.Erased:
        if wish.scope is Scope.EVERYTHING:
            self._remove_aside()
        aside = tuple(sorted(damaged.name for damaged in self._aside()))
        return msgspec.structs.replace(told(wish, plan), aside=aside, left=left)

    def _remove_aside(self) -> None:
        for damaged in list(self._aside()):
            try:
                damaged.unlink()
            except OSError as error:  # the answer names it
                log.warning("a record that was set aside is not removed: %s: %s", damaged, error.strerror)

    def _aside(self) -> Iterator[Path]:
        """Records that were damaged and set aside, with their logs."""
        return self._path.parent.glob(f"{self._path.stem}.damaged-*")

    def _answer(self, reply: m.Erased | m.Refused) -> None:
        if self._job:
            self._bus.answer(self._job.asked, reply)
        self._job = None


def _is_for_room(error: Error) -> bool:
    """Whether it is for want of room that the file was not written anew."""
    return isinstance(error, NoRoom) or primary_code(error) == FULL


def told(wish: m.Erase, plan: Plan) -> m.Erased:
    """What goes, or would."""
    return m.Erased(
        request=wish.request,
        rows=plan.rows,
        sentences=plan.sentences,
        texts=plan.texts,
        session=plan.name.session if plan.name else "",
        number=plan.name.number if plan.name else 0,
    )
