"""A headband on the bus, second by second, and somebody who hears one kind of what its part says."""

from pathlib import Path

import numpy as np

from unit.headband_replay import CYTON, chunk
from unit.test_headband_acquisition import HandClock, ScriptedHeadband
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import seconds
from vybor.headband.detecting import gestures
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.process import HeadbandRoom
from world.cyton_scalp import HZ

TRIES = 20
"""Times 20 ms: a message may take its time on a busy machine."""


class Told:
    """What was said is in `said`, in order."""

    def __init__(
        self, runtime: Path, heard: type[m.Message], headband: ScriptedHeadband, why: str = "", **room: object
    ) -> None:
        self.clock = HandClock()
        self.headband = headband
        self.acquisition = Acquisition(headband, self.clock, why)
        self.bus = Bus("headband", runtime, self.clock)
        self.room = HeadbandRoom(self.acquisition, gestures.Rule(CYTON, 0.7), self.bus, **room)  # type: ignore[arg-type]
        self.core = Bus("core", runtime, self.clock, [heard])
        self.said: list[m.Message] = []
        self._heard = heard

    def second(self, place: int, skin: np.ndarray) -> None:
        """Second number `place` of what the skin gives, channels x samples: it has just come."""
        self.sampled(place, skin)
        for _ in range(2):
            self.room.turn(self.clock.now_ns())
            self.clock.at_ns += seconds(0.5)
            for _ in range(TRIES):
                arrived = [got.message for got in self.core.receive(0.02) if isinstance(got, Heard)]
                self.said += [each for each in arrived if isinstance(each, self._heard)]
                if arrived:
                    break

    def sampled(self, place: int, skin: np.ndarray) -> None:
        """It waits to be looked at."""
        began_ns = self.clock.at_ns - seconds(place + 1)
        self.headband.reads.append((chunk(place * HZ, skin[:, place * HZ : (place + 1) * HZ], began_ns=began_ns),))
        self.acquisition.turn()

    def close(self) -> None:
        """Leave the bus."""
        self.bus.close()
        self.core.close()
