"""What is spoken, copied or typed on the desktop that the display stands on. Why it is done here: decisions/0029.

`programs` chooses by what is there, pure; `TextOut` lets them work and waits for none of them. Nothing is typed
while the kit's own window has the keyboard: a space would be its switch.
"""

import select
import shutil
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

from vybor.contracts import messages as m
from vybor.contracts.messages import WayOut
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import seconds
from vybor.foundation.settings import TextOutSettings
from vybor.foundation.typed import on_one_line
from vybor.sound.chain import Chain

Command = tuple[str, ...]
ON_WAYLAND: dict[WayOut, Command] = {WayOut.COPY: ("wl-copy",), WayOut.TYPE: ("wtype", "-")}
ON_X: dict[WayOut, Command] = {
    WayOut.COPY: ("xclip", "-selection", "clipboard"),
    WayOut.TYPE: ("xdotool", "type", "--clearmodifiers", "--file", "-"),
}
BEHIND = " "
"""Behind a sentence that is typed, as typists do: else the next one would touch it."""
LONGEST_CHARACTERS = 2000
LONGEST_NS = seconds(5)
LONGEST_NS_EACH = seconds(0.1)
"""A program may take so long, and so much longer for each letter; then it is ended."""
ECHO_NS = seconds(0.5)
"""Keys that arrive so soon after typing may be its own."""
CLOSE_S = 1.0
MOST_WAITING = 5
OTHER_RUN = "the screen has started again since this was armed"
TOO_LATE = "it came too late"
OWN_KEYBOARD = "the kit's own window has the keyboard; click into the other program"
STRAYED = "the kit's own window took the keyboard meanwhile"
TOO_LONG = "it took too long; perhaps not all of it arrived"
NO_WAY = "there is no program for it on this desktop; install one, or name it in [text_out]"


def programs(
    settings: TextOutSettings, environment: Mapping[str, str], find: Callable[[str], str | None] = shutil.which
) -> dict[WayOut, Command]:
    """The program of each way; none without a desktop, unless the settings name one."""
    found: dict[WayOut, Command] = {}
    for way, named in ((WayOut.COPY, settings.copy), (WayOut.TYPE, settings.type)):
        known = [
            table[way]
            for table, desktop in ((ON_WAYLAND, "WAYLAND_DISPLAY"), (ON_X, "DISPLAY"))
            if environment.get(desktop) and find(table[way][0])
        ]
        if named or known:
            found[way] = named or known[0]
    return found


class _Job(NamedTuple):
    """Something that is to go out."""

    asked: Asked
    put: m.PutOut


class _Work(NamedTuple):
    """A program at work on it."""

    job: _Job
    chain: Chain
    by_ns: int
    strayed: bool = False
    """Whether what is typed may have come into the kit's own window."""


class TextOut:
    """The ways out of the kit, one sentence after the other."""

    def __init__(self, commands: dict[WayOut, Command], session: str, bus: Bus) -> None:
        self._commands = commands
        self.session = session
        self._bus = bus
        self._ends = select.epoll()
        self._waiting: deque[_Job] = deque()
        self._work: _Work | None = None
        self._killed: list[Chain] = []
        self._quiet_ns = 0
        """Until then keys may be what was typed."""

    @property
    def ways(self) -> tuple[WayOut, ...]:
        """Those that there are."""
        return tuple(self._commands)

    @property
    def is_busy(self) -> bool:
        """Whether a program is at work."""
        return self._work is not None

    def asked(self, asked: Asked, put: m.PutOut) -> None:
        """Take in a sentence; it is answered once it has gone out, or cannot."""
        if put.session != self.session:
            self._refuse(asked, OTHER_RUN)
        elif put.way not in self._commands:
            self._refuse(asked, NO_WAY)
        elif not on_one_line(put.text) or len(put.text) > LONGEST_CHARACTERS:
            self._refuse(asked, f"it is empty, or longer than {LONGEST_CHARACTERS} characters")
        elif len(self._waiting) >= MOST_WAITING:
            self._refuse(asked, f"{MOST_WAITING} sentences are waiting")
        else:
            self._waiting.append(_Job(asked, put))

    def turn(self, now_ns: int, *, has_keyboard: bool) -> None:
        """Take in what has ended and begin what waits; `has_keyboard`: whether keys come into the kit's window."""
        self._killed = [chain for chain in self._killed if not chain.gone()]
        if self._work:
            self._look(self._work, now_ns, has_keyboard)
        while self._waiting and not self._work and not self._killed:
            self._begin(self._waiting.popleft(), now_ns, has_keyboard)

    def may_be_typed(self, now_ns: int) -> bool:
        """Whether a key that arrives now may be one that was typed for the person."""
        types = self._work is not None and self._work.job.put.way is WayOut.TYPE
        return types or now_ns < self._quiet_ns

    def close(self) -> None:
        """Wait a moment for what is at work. What types is not ended even then: a key would stay down."""
        if self._work and self._work.job.put.way is WayOut.COPY:
            self._work.chain.kill()
        for chain in (*self._killed, *((self._work.chain,) if self._work else ())):
            chain.wait(CLOSE_S)
        self._ends.close()

    def _begin(self, job: _Job, now_ns: int, has_keyboard: bool) -> None:
        put = job.put
        if now_ns > put.until_ns:
            self._refuse(job.asked, TOO_LATE)
        elif put.way is WayOut.TYPE and has_keyboard:
            self._refuse(job.asked, OWN_KEYBOARD)
        else:
            feed = on_one_line(put.text) + (BEHIND if put.way is WayOut.TYPE else "")
            by_ns = now_ns + LONGEST_NS + LONGEST_NS_EACH * len(feed)
            self._work = _Work(job, Chain([self._commands[put.way]], feed.encode(), self._ends), by_ns)

    def _look(self, work: _Work, now_ns: int, has_keyboard: bool) -> None:
        """Whether it has ended, or must; it is answered then, and the next may begin.

        What types while this window has the keyboard is not ended: a key would stay down.
        """
        types = work.job.put.way is WayOut.TYPE
        if types and has_keyboard:
            work = self._work = work._replace(strayed=True)
        problem = work.chain.problem()
        if problem is None and now_ns > work.by_ns:
            work.chain.kill()
            self._killed.append(work.chain)
            problem = TOO_LONG
        if problem is None:
            return
        self._work = None
        self._quiet_ns = now_ns + ECHO_NS if types else self._quiet_ns
        if problem or work.strayed:
            self._refuse(work.job.asked, problem or STRAYED)
        else:
            self._bus.answer(work.job.asked, m.Done(request=work.job.put.request))

    def _refuse(self, asked: Asked, reason: str) -> None:
        self._bus.answer(asked, m.Refused(request=asked.command.request, reason=reason))
