"""Somebody who hears how every process of a kit fares."""

import os
from collections.abc import Callable
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import Clock, seconds
from world.person import Stuck


class Watch:
    """What each process said last of itself, and the last screen."""

    def __init__(self, runtime: Path, clock: Clock) -> None:
        self.bus = Bus("watch", runtime, clock, [m.Health, m.Screen])
        self._clock = clock
        self.health: dict[str, m.Health] = {}
        self.screen: m.Screen | None = None

    def pids(self) -> dict[str, int]:
        """The process ids, by the processes' names."""
        return {name: health.pid for name, health in self.health.items()}

    def until(self, holds: Callable[[], bool], limit_s: float = 30.0) -> None:
        """Wait for something to hold. Raises Stuck when it does not come."""
        deadline_ns = self._clock.now_ns() + seconds(limit_s)
        while not holds():
            if self._clock.now_ns() >= deadline_ns:
                raise Stuck(f"it did not come: {self.health} {self.screen}")
            self.hear(0.05)

    def hear(self, wait_s: float) -> None:
        """Take in what was said since."""
        for arrival in self.bus.receive(wait_s):
            match arrival:
                case Heard(message=m.Health() as health):
                    self.health[health.process] = health
                case Heard(message=m.Screen() as screen):
                    self.screen = screen
        self.bus.tend()

    def silent(self) -> set[str]:
        """Processes that the screen says are silent."""
        notices = self.screen.notices if self.screen else ()
        return {notice.process for notice in notices if notice.trouble is m.Trouble.PROCESS_SILENT}

    def strike(self, name: str, signal: int) -> bool:
        """Send a signal to a process; False if it is gone already."""
        try:
            os.kill(self.health[name].pid, signal)
        except ProcessLookupError:
            return False
        return True
