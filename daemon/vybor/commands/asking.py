"""One process of a running kit, asked by a command and waited for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vybor import unit_files
from vybor.contracts import messages as m
from vybor.doctor import listening
from vybor.foundation.bus import Answered, Bus
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.progress import QUIET_S

PATIENCE_S = 60.0
"""The longest document is indexed in a few seconds; a small board that loads its model takes longer to listen."""

Say = Callable[[str], None]


class Room:
    """A process that is asked."""

    def __init__(self, process: str, bus: Bus, clock: Clock) -> None:
        self._process = process
        self._bus = bus
        self._clock = clock

    def beside(self, process: str) -> "Room":
        """Another process of the same kit."""
        return Room(process, self._bus, self._clock)

    def new_request(self) -> str:
        """A name for a command."""
        return self._bus.new_request()

    def ask(self, command: m.AnyCommand) -> None:
        """Ask and do not wait; the reply is among the `answers` of a later call."""
        self._bus.ask(self._process, command)

    def answers(self) -> list[m.AnyReply]:
        """What has been answered by now, by this process or one beside it."""
        arrivals = self._bus.receive(0.0)
        self._bus.tend()
        return [arrival.reply for arrival in arrivals if isinstance(arrival, Answered)]

    def take_back(self, request: str) -> None:
        """Wait for it no more."""
        self._bus.take_back(self._process, request)

    def told(
        self, command: m.AnyCommand, waiting: Say = lambda _words: None, patience_s: float | None = None
    ) -> m.AnyReply:
        """Ask, and return the answer. Raises Missing if it is refused, or if nobody answers for so long."""
        self._bus.ask(self._process, command)
        begun_ns = self._clock.now_ns()
        limit_ns = seconds(PATIENCE_S if patience_s is None else patience_s)
        has_said = False
        while self._clock.now_ns() - begun_ns < limit_ns:
            for arrival in self._bus.receive(0.1):
                if isinstance(arrival, Answered):
                    return _answer(arrival.reply)
            self._bus.tend()
            if not has_said and self._clock.now_ns() - begun_ns > seconds(QUIET_S):
                waiting(f"the {self._process} is at work")
                has_said = True
        self._bus.take_back(self._process, command.request)  # what comes later answers nothing
        raise Missing(f"the {self._process} does not answer; see `vybor doctor`")


@contextmanager
def reached(process: str, asker: str, runtime: Path, clock: Clock) -> Iterator[Room]:
    """The process of the kit that runs there, for somebody of this name.

    Raises Missing if none does, and PlaceError if this user may not ask.
    """
    if listening.may_not_enter(runtime):
        raise PlaceError(
            f"this user may not speak to the kit in {runtime}; use sudo, or join the group "
            "(sudo adduser $USER vybor, then log in again)"
        )
    if not listening.is_answered(runtime, process):
        start = f"sudo systemctl start {unit_files.TARGET}" if str(runtime) == unit_files.RUNTIME else "vybor up"
        raise Missing(f"no kit runs in {runtime}; start it with `{start}`, or name its folder with --runtime")
    bus = Bus(asker, runtime, clock)
    try:
        yield Room(process, bus, clock)
    finally:
        bus.close()


def _answer(reply: m.AnyReply) -> m.AnyReply:
    if isinstance(reply, m.Refused):
        raise Missing(reply.reason)
    return reply
