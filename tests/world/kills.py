"""Random SIGKILLs while somebody writes: any process of a kit, at any moment, and what became of the text.

Between kills nothing is waited for but that the one that was struck speaks again. Afterwards the journal is held
against what was on the screen. A text that the screen said was saved must be in the record, in its order, and
stand there again when whoever decides has started again; no choice may be there twice, and no sentence spoken
twice by the record: what the voice says is not listened to.
"""

import itertools
import random
import signal
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Saving
from vybor.foundation import database
from vybor.foundation.clock import Clock, seconds
from world.person import Person, Stuck
from world.play import decisions
from world.watch import Watch

FIRST_S, LAST_S = 0.2, 4.0
"""From the moment that everything speaks again to the next kill."""
BACK_LIMIT_S = 60.0
UNREADABLE = (database.Error, msgspec.MsgspecError)
"""What a record that is no record any more says to whoever reads it."""
COMING_S = 20.0
"""By then the text of before the kill is on the screen again."""


class Struck(Exception):
    """Whoever decides was killed: what was being chosen is to be thought over."""


class Piece(msgspec.Struct, kw_only=True):
    """What became of some kills in one kit."""

    killed: list[str] = msgspec.field(default_factory=list)
    back_s: list[float] = msgspec.field(default_factory=list)
    """From each kill until that process spoke again; BACK_LIMIT_S of one that never did."""
    sentences: int = 0
    """Written to their end and spoken."""
    lost: list[str] = msgspec.field(default_factory=list)
    doubled: list[str] = msgspec.field(default_factory=list)
    unfinished: list[str] = msgspec.field(default_factory=list)
    unmeant: list[str] = msgspec.field(default_factory=list)
    """Texts that came out of a choice that meant another one."""
    dragged: list[str] = msgspec.field(default_factory=list)
    """Processes that started again because another one was killed."""
    is_left: bool = False
    """Somebody ended it."""


class Killer:
    """Watches the screen, strikes when it is time, and keeps what was seen."""

    def __init__(self, watch: Watch, clock: Clock, chance: random.Random, victims: Sequence[str]) -> None:
        self.piece = Piece()
        self.saved: list[str] = [""]
        """Texts that the screen said were saved, each once as it came."""
        self._watch = watch
        self._clock = clock
        self._chance = chance
        self._victims = victims
        self._struck: tuple[str, int, int] | None = None
        """Who was killed and does not speak yet, which process that was, and when it was."""
        self._last: tuple[str, dict[str, int]] | None = None
        """Who was killed last, and which process everybody was when that was looked at last."""
        self._next_ns = self._from_now()

    @property
    def is_done(self) -> bool:
        """Whether all kills were made, and everything speaks again."""
        return len(self.piece.back_s) >= len(self._victims)

    @property
    def is_waiting(self) -> bool:
        """Whether one that was killed does not speak again yet."""
        return self._struck is not None

    def look(self, shown: m.Shown | None) -> None:
        """Take in what is on the screen, many times a second. Raises Struck, and Stuck if one never comes back."""
        self._watch.hear(0)
        now_ns = self._clock.now_ns()
        note(self.saved, shown)
        if self._struck:
            self._await(now_ns)
        elif now_ns >= self._next_ns and len(self.piece.killed) < len(self._victims):
            self._kill(now_ns)

    def give_up(self) -> None:
        """Nobody waits any more: a process that is not back has taken all the time that it had."""
        if self._struck:
            self.piece.back_s.append(BACK_LIMIT_S)
            self._struck = None

    def let_go(self) -> None:
        """Somebody ends it: a kill of which nobody sees what becomes is none."""
        if self._struck:
            self.piece.killed.pop()
            self._struck = None

    def note_dragged(self) -> None:
        """Note who else started again since the last kill, each once: some are back later than that one."""
        if self._last:
            (name, before), pids = self._last, self._watch.pids()
            dragged = [other for other in pids if other != name and pids[other] != before[other]]
            self.piece.dragged += [f"{other} started again when {name} was killed" for other in dragged]
            self._last = (name, pids)

    def _kill(self, now_ns: int) -> None:
        self.note_dragged()
        name, pids = self._victims[len(self.piece.killed)], self._watch.pids()
        if not self._watch.strike(name, signal.SIGKILL):
            return
        self.piece.killed.append(name)
        self._struck, self._last = (name, pids[name], now_ns), (name, pids)
        if name == "core":
            raise Struck

    def _await(self, now_ns: int) -> None:
        assert self._struck
        name, before, struck_ns = self._struck
        took_s = (now_ns - struck_ns) / 1e9
        if self._watch.pids()[name] != before:
            self.piece.back_s.append(took_s)
            self._struck, self._next_ns = None, self._from_now()
        elif took_s > BACK_LIMIT_S:
            raise Stuck(f"{name} does not come back")

    def _from_now(self) -> int:
        return self._clock.now_ns() + seconds(self._chance.uniform(FIRST_S, LAST_S))


def suffer(  # noqa: PLR0913, PLR0917  (a kit, who writes with it, and who kills)
    person: Person,
    killer: Killer,
    state: Path,
    sentences: Iterable[str],
    clock: Clock,
    tell: Callable[[str], None],
    is_over: Callable[[], bool] = lambda: False,
) -> Piece:
    """Write sentence after sentence until all kills were made, or it is over; then hold the record against it.

    Ctrl-C ends it too: what was found until then is held against the record as well.
    """
    piece, before, unmeant = killer.piece, len(decisions(state)), len(person.unmeant)
    person.while_waiting = killer.look
    try:
        for sentence in sentences:
            if killer.is_done or (is_over() and not killer.is_waiting):
                break
            piece.lost += _write(person, sentence, _Record(state, len(decisions(state))), clock)
            piece.sentences += 1
            tell(f"{len(piece.killed)} killed, {piece.sentences} sentences written")
    except (Stuck, *UNREADABLE) as error:
        piece.unfinished.append(str(error))
        killer.give_up()
    except KeyboardInterrupt:
        piece.is_left = True
        killer.let_go()
    finally:
        person.while_waiting = lambda shown: None
    killer.note_dragged()
    piece.unmeant += person.unmeant[unmeant:]
    try:
        kept = decisions(state)[before:]
    except UNREADABLE as error:
        piece.unfinished.append(f"the record cannot be read: {error}")
        return piece
    piece.lost += lost(killer.saved, kept)
    piece.doubled += doubled(kept)
    return piece


def note(saved: list[str], shown: m.Shown | None) -> None:
    """Add what stands on the screen, if that says it is saved; each text once as it comes."""
    if shown and shown.screen and not shown.core_silent:
        screen = shown.screen
        if screen.saving is Saving.SAVED and screen.text != saved[-1]:
            saved.append(screen.text)


def lost(saved: Sequence[str], kept: Sequence[m.Decision]) -> list[str]:
    """Texts that were said to be saved and are not in the record, or not in that order."""
    recorded = ["", *(decision.text_after for decision in kept)]
    at, missing = 0, list[str]()
    for text in saved:
        if text in recorded[at:]:
            at = recorded.index(text, at)
        else:
            missing.append(f"{text!r} was said to be saved, and is not in the record behind {recorded[at]!r}")
    return missing


def doubled(kept: Sequence[m.Decision]) -> list[str]:
    """Choices that are in the record twice, under one name or in answer to one offer; sentences spoken twice."""
    found: list[str] = []
    names: set[tuple[str, int]] = set()
    offers: set[int] = set()
    for decision in kept:
        told = f"{decision.action} {decision.text_before!r} -> {decision.text_after!r}"
        name = decision.session, decision.number
        if name in names or decision.offer in offers:
            found.append(f"{told} is there twice")
        names.add(name)
        offers.add(decision.offer)
    spoken = [decision.text_before for decision in kept if decision.action is Action.SPEAK]
    found += [f"{text!r} was spoken twice" for text, then in itertools.pairwise(spoken) if text == then]
    return found


class _Record(msgspec.Struct, frozen=True):
    """The journal as it is now, and how much of it there was before this sentence."""

    state: Path
    before: int

    def text(self) -> str:
        """The text that is to come back after a restart."""
        kept = decisions(self.state)
        return kept[-1].text_after if kept else ""

    def has_spoken(self) -> bool:
        """Whether this sentence was spoken."""
        return any(decision.action is Action.SPEAK for decision in decisions(self.state)[self.before :])


def _write(person: Person, sentence: str, record: _Record, clock: Clock) -> list[str]:
    """One sentence, however often whoever decides is killed meanwhile; what did not come back after that.

    Who has spoken and sees the line empty, or full again, after a restart, knows by the record which of both it is
    to be. Raises Stuck.
    """
    faults: list[str] = []
    while True:
        try:
            person.write(sentence)
            if _waits(person, record.has_spoken, clock):
                return faults
            raise Stuck(f"{sentence!r} was spoken and is not kept")
        except Struck:
            if not _comes_back(person, record, clock):
                faults.append(f"{record.text()!r} was not there after a restart, but {person.text!r}")
            if record.has_spoken():
                return faults


def _comes_back(person: Person, record: _Record, clock: Clock) -> bool:
    """Whether a new screen shows the text of the record; from the last kill on, if there are more meanwhile."""
    seen = person.offer
    while True:
        try:
            return _waits(person, lambda: person.offer > seen and person.text == record.text(), clock)
        except Struck:
            continue


def _waits(person: Person, holds: Callable[[], bool], clock: Clock) -> bool:
    """Whether it holds within the time that a text has to come back. Raises Struck."""
    deadline_ns = clock.now_ns() + seconds(COMING_S)
    while not holds():
        if clock.now_ns() > deadline_ns:
            return False
        person.look_away()
    return True
