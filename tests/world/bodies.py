"""Bodies of the scripted person: eyes before the camera, lids and jaw under the headband."""

import random
import time

from vybor.contracts import messages as m
from vybor.foundation.clock import SECOND_NS, Clock, seconds
from vybor.gaze.looks.running import AWAY_NS
from world.aims import beyond
from world.camera import Camera
from world.cyton import Cyton

BLINK_EVERY_S = 4.0
"""People blink fifteen times a minute; it means nothing."""
BLINK_S = 0.28
GAP_S = 0.2
BEYOND, FURTHER_BEYOND = 0.04, 0.1
"""How far past the screen's edge eyes go that mean the edge, in fractions of the screen."""
CLOSED_LONGER_S = 0.7
LIDS_AFTER_S = 0.02
"""The lids follow the muscle's wave."""


class EyesAlone:
    """Confirms by looking at the tile's edge; blinks now and then, as all that lives (gaze/faces/living.py)."""

    uses_pad = True

    def __init__(self, camera: Camera, clock: Clock, seed: int = 1) -> None:
        self.camera = camera
        self._clock = clock
        self._random = random.Random(seed)
        self._blinked_ns = clock.now_ns()
        self._beyond = BEYOND

    def look(self, x: float, y: float) -> None:
        """Turn the eyes."""
        self.camera.look(x, y)

    def confirm(self, tile: m.Tile) -> None:
        """Look at the edge, a little beyond it, and stay there; further beyond if that was not enough."""
        self.camera.look(*beyond(tile, self._beyond))
        self._beyond = FURTHER_BEYOND if self._beyond == BEYOND else BEYOND

    def idle(self) -> None:
        """Blink once if it is time."""
        due_s = BLINK_EVERY_S * self._random.uniform(0.5, 1.5)
        if self._clock.now_ns() - self._blinked_ns > seconds(due_s):
            self._blink()
            self._blinked_ns = self._clock.now_ns()

    def call_dots(self) -> None:
        """Close the eyes for a good two seconds, and open them."""
        began_ns = self._clock.now_ns()
        self.camera.close_eyes()
        self._sleep_until(began_ns + AWAY_NS + seconds(CLOSED_LONGER_S))
        self.camera.open_eyes()

    def _blink(self) -> None:
        self._lids(self._clock.now_ns())

    def _lids(self, onset_ns: int) -> None:
        self._sleep_until(onset_ns + seconds(LIDS_AFTER_S))
        self.camera.close_eyes()
        self._sleep_until(onset_ns + seconds(LIDS_AFTER_S + BLINK_S / 2))
        self.camera.open_eyes()
        self._sleep_until(onset_ns + seconds(BLINK_S))

    def _sleep_until(self, at_ns: int) -> None:
        time.sleep(max(0, at_ns - self._clock.now_ns()) / SECOND_NS)


class EyesAndHeadband(EyesAlone):
    """Confirms with a double blink; now and then a single one comes by itself."""

    uses_pad = False

    def __init__(self, camera: Camera, cyton: Cyton, clock: Clock, seed: int) -> None:
        super().__init__(camera, clock, seed)
        self.cyton = cyton

    def confirm(self, tile: m.Tile) -> None:
        """Blink twice."""
        began_ns = self.cyton.double_blink(gap_s=GAP_S, duration_s=BLINK_S).began_ns
        for start_s in (0.0, BLINK_S + GAP_S):
            self._lids(began_ns + seconds(start_s))
        self._blinked_ns = self._clock.now_ns()

    def _blink(self) -> None:
        acted = self.cyton.blink(duration_s=BLINK_S)
        self._lids(acted.began_ns)
        self._sleep_until(acted.ended_ns + seconds(0.4))


class EyesAndJaw(EyesAndHeadband):
    """Confirms by setting the teeth."""

    def confirm(self, tile: m.Tile) -> None:
        """Clench."""
        self._sleep_until(self.cyton.clench(duration_s=0.5).ended_ns)
