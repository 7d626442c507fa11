"""The language model's answers and how long each really took, kept in a file that every process of a run shares.

A prompt is asked once: its answer and its time are then the same for every virtual person. Only one process
works the network at a time, so that a time is not that of two at once; where other programs hold the cores, the
processor time of all threads is taken instead, which is never less than a quiet machine needs. No answer is
prepared while the person reads (`vybor.core.decision.ahead`), so the kit is shown a little slower than it is.
"""

import fcntl
import os
import sqlite3  # noqa: TID251  (answers of a model, kept between runs)
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from vybor.contracts import messages as m

Propose = Callable[[m.Prompt], tuple[m.Candidate, ...]]
WAIT_S = 600.0


class Answer(msgspec.Struct, frozen=True):
    """What the model said, and how long it took."""

    candidates: tuple[m.Candidate, ...]
    took_s: float


Answers = Callable[[m.Prompt], Answer]


def at_once(propose: Propose) -> Answers:
    """A model that takes no time."""
    return lambda prompt: Answer(propose(prompt), 0.0)


class Kept:
    """Answers in a file; the model is opened when something is asked that is not there."""

    def __init__(self, path: Path, open_model: Callable[[], Propose]) -> None:
        self._path = path
        self._open_model = open_model
        self._propose: Propose | None = None
        self._known: dict[bytes, Answer] = {}
        self._file = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)
        self._file.execute("pragma journal_mode = wal")
        self._file.execute("create table if not exists answers (prompt blob primary key, answer blob not null)")

    def __call__(self, prompt: m.Prompt) -> Answer:
        """Answer a prompt."""
        key = msgspec.msgpack.encode(msgspec.structs.replace(prompt, at_ns=0, number=0))
        known = self._known.get(key) or self._kept(key)
        if known is None:
            with self._alone():
                known = self._kept(key) or self._ask(key, prompt)
        self._known[key] = known
        return known

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _kept(self, key: bytes) -> Answer | None:
        row = self._file.execute("select answer from answers where prompt = ?", (key,)).fetchone()
        return msgspec.msgpack.decode(row[0], type=Answer) if row else None

    def _ask(self, key: bytes, prompt: m.Prompt) -> Answer:
        if self._propose is None:
            self._propose = self._open_model()
            self._propose(prompt)  # the network's first work is slower than any later one
        began_s, worked_s = time.perf_counter(), time.process_time()
        candidates = self._propose(prompt)
        took_s = min(time.perf_counter() - began_s, time.process_time() - worked_s)
        answer = Answer(candidates, took_s)
        self._file.execute("insert or replace into answers values (?, ?)", (key, msgspec.msgpack.encode(answer)))
        return answer

    @contextmanager
    def _alone(self) -> Iterator[None]:
        opened = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            yield
        finally:
            os.close(opened)
