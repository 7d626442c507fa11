"""What the two threads have in common: the loop of the bus, and the server of pages.

The loop lays down how the kit is, and shows the PIN; the server reads the one and asks for the other. Each does so
under one lock, which nobody holds for long.
"""

import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock

from vybor.contracts import messages as m
from vybor.foundation.clock import Clock
from vybor.panel import door, sessions
from vybor.panel.door import Answer, Door
from vybor.panel.faring import Faring
from vybor.panel.sessions import Session, Sessions
from vybor.panel.wishes import PATIENCE_S, Wish

MOST_STREAMS = 16
"""Pages that are told at once what changes; further ones are read anew by hand."""
MOST_WISHES = 8
"""On their way to one process at a time, until it has answered or was waited for long enough."""


class Desk:
    """State behind a lock; every method may be called by either thread."""

    def __init__(self, clock: Clock, faring: Faring) -> None:
        self._clock = clock
        self._lock = Lock()
        self._door = Door()
        self._sessions: Sessions = {}
        self._faring = faring
        self._streams = 0
        self._wishes: list[Wish] = []
        self._on_way: Counter[str] = Counter()
        """By who is asked."""
        self._readers: set[str] = set()
        """Sessions that asked for something of the wearer's."""
        self._power: m.PowerAsked | None = None

    # --- the server ---------------------------------------------------------------------------------------

    @property
    def faring(self) -> Faring:
        """How the kit is; another object when anything of it is another."""
        with self._lock:
            return self._faring

    def now_ns(self) -> int:
        """The kit's time, for what holds for a while alone."""
        return self._clock.now_ns()

    @property
    def power(self) -> m.PowerAsked | None:
        """What was asked for that takes the kit from the wearer, and how far it is; None: nobody told."""
        with self._lock:
            return self._power

    def ask_pin(self) -> bool:
        """Somebody asks for a PIN on the kit's screen; whether one stands there."""
        with self._lock:
            fresh = f"{secrets.randbelow(10**door.DIGITS):0{door.DIGITS}}"
            self._door = door.asked(self._door, fresh, self._clock.now_ns())
            return bool(self._door.pin)

    def stands(self) -> tuple[bool, int]:
        """Whether a PIN stands on the screen; and in how many seconds one can be asked for, if not now."""
        with self._lock:
            now_ns = self._clock.now_ns()
            self._door = door.passed(self._door, now_ns)
            wait_ns = self._door.closed_until_ns - now_ns
            return bool(self._door.pin), max(0, -(-wait_ns // 1_000_000_000))

    def come_in(self, typed: str) -> tuple[Answer, str]:
        """What comes of digits that were typed, and the token of a new session if they are right."""
        with self._lock:
            now_ns = self._clock.now_ns()
            self._door, answer = door.typed(self._door, typed, now_ns)
            if answer is not Answer.IN:
                return answer, ""
            token = secrets.token_urlsafe(32)
            self._sessions = sessions.opened(self._sessions, token, secrets.token_urlsafe(32), now_ns)
            return answer, token

    def session(self, token: str, *, use: bool) -> Session | None:
        """The session of a token, if it holds; `use`: the person at the browser does something."""
        with self._lock:
            now_ns = self._clock.now_ns()
            self._sessions = sessions.held(self._sessions, now_ns)
            if use:
                self._sessions = sessions.used(self._sessions, token, now_ns)
            return self._sessions.get(sessions.name(token))

    def leave(self, token: str) -> None:
        """They leave."""
        with self._lock:
            self._sessions = sessions.ended(self._sessions, token)

    def has_room(self) -> bool:
        """Whether one more page may be told at once what changes."""
        with self._lock:
            return self._streams < MOST_STREAMS

    @contextmanager
    def stream(self) -> Iterator[None]:
        """A page is told at once what changes: somebody looks at it."""
        with self._lock:
            self._streams += 1
        try:
            yield
        finally:
            with self._lock:
                self._streams -= 1

    def reads(self, token: str) -> str:
        """A browser asks for something of the wearer's, or reads of it: the name under which core knows it."""
        with self._lock:
            self._readers.add(sessions.name(token))
        return sessions.name(token)

    def reads_no_more(self, token: str) -> str:
        """It wants none of it any more; its name."""
        with self._lock:
            self._readers.discard(sessions.name(token))
        return sessions.name(token)

    def wish(
        self, receiver: str, command: m.AnyCommand, patience_s: float = PATIENCE_S
    ) -> "Future[m.AnyReply | None]":
        """Have the loop ask a process for this; None is the answer if nobody answers, or too much is asked."""
        wish = Wish(receiver, command, Future(), patience_s)
        with self._lock:
            if is_taken := self._on_way[receiver] < MOST_WISHES:
                self._on_way[receiver] += 1
                self._wishes.append(wish)
        if is_taken:
            wish.reply.add_done_callback(lambda _: self._has_ended(receiver))
        else:
            wish.reply.set_result(None)
        return wish.reply

    def _has_ended(self, receiver: str) -> None:
        """A wish was answered, or is waited for no more."""
        with self._lock:
            self._on_way[receiver] -= 1

    # --- the loop of the bus --------------------------------------------------------------------------------

    def show(self, faring: Faring) -> None:
        """How the kit is now."""
        with self._lock:
            if faring != self._faring:
                self._faring = faring

    def tell_power(self, power: m.PowerAsked) -> None:
        """How far that is."""
        with self._lock:
            self._power = power

    def wishes(self) -> list[Wish]:
        """What is wished since this was asked last."""
        with self._lock:
            taken, self._wishes = self._wishes, []
        return [wish for wish in taken if wish.reply.set_running_or_notify_cancel()]

    def readers(self) -> tuple[list[str], list[str]]:
        """Browsers that asked for something of the wearer's: those that are there, and those that have gone."""
        with self._lock:
            self._sessions = sessions.held(self._sessions, self._clock.now_ns())
            here, gone = self._readers & set(self._sessions), self._readers - set(self._sessions)
            self._readers = here
        return sorted(here), sorted(gone)

    def pin(self) -> str:
        """What is to stand on the screen; empty: nothing."""
        with self._lock:
            self._door = door.passed(self._door, self._clock.now_ns())
            return self._door.pin

    def is_warned(self) -> bool:
        """Whether the wearer is to be told that somebody tried."""
        with self._lock:
            return self._door.is_warned(self._clock.now_ns())

    def is_open(self) -> bool:
        """Whether somebody came in, and that still holds."""
        with self._lock:
            self._sessions = sessions.held(self._sessions, self._clock.now_ns())
            return bool(self._sessions)

    def is_watched(self) -> bool:
        """Whether somebody looks at a page."""
        with self._lock:
            return self._streams > 0 or sessions.is_watched(self._sessions, self._clock.now_ns())
