"""A virtual person's eyes in virtual time: where they aim, and what a camera takes that for.

The noise is that of the frozen rules and knows nothing of the selector's: a session's offset, a drift, fast
noise that is correlated in time, bursts of lost samples, and lids that close. A session lasts SESSION_MIN; then
the drift begins anew, as after a calibration, and the offset stays.
"""

import math

import msgspec

from benches.person_profile import Person
from vybor.foundation.clock import SECOND_NS, seconds

PANEL_MM = (155.0, 87.0)
SESSION_MIN = 10.0
LIDS_BEFORE_S, LIDS_AFTER_S = 0.1, 0.15
"""The gaze is lost so long before and after a blink."""


class Sample(msgspec.Struct, frozen=True):
    """What one picture of the eyes gives."""

    at_ns: int
    x: float = 0.0
    y: float = 0.0
    """In fractions of the screen."""
    is_lost: bool = False
    is_closed: bool = False


class Eyes:
    """The eyes of one person; time only goes on."""

    def __init__(self, person: Person, what: str, now_ns: int) -> None:
        self._person = person
        self._chance = person.chance(f"eyes {what}")
        self._began_ns = now_ns
        self._aims: tuple[tuple[int, float, float], ...] = ((now_ns, 0.5, 0.5),)
        """(from when, x, y): the place that the eyes are on, and the one that they are on their way to."""
        self._fast = (0.0, 0.0)
        self._fast_ns = now_ns
        self._lost_from_ns, self._lost_to_ns = now_ns, now_ns
        self._shut: list[tuple[int, int]] = []
        self.next_ns = now_ns + self.frame_ns
        """When the next sample is taken."""

    @property
    def frame_ns(self) -> int:
        """From sample to sample."""
        return seconds(1 / self._person.profile.gaze_hz)

    def session(self, at_ns: int) -> int:
        """Which session it is, from 0."""
        return int((at_ns - self._began_ns) / SECOND_NS / 60 // SESSION_MIN)

    def aim(self, x: float, y: float, from_ns: int) -> None:
        """Turn to a place; the eyes are there from then on."""
        self._aims = (*(aim for aim in self._aims if aim[0] <= from_ns), (from_ns, x, y))

    def blink(self, onset_ns: int, for_s: float) -> None:
        """Close the lids."""
        self._shut = [span for span in self._shut if span[1] > self._fast_ns]
        self._shut.append((onset_ns - seconds(LIDS_BEFORE_S), onset_ns + seconds(for_s + LIDS_AFTER_S)))

    def sample(self) -> Sample:
        """The next sample."""
        at_ns = self.next_ns
        self.next_ns = at_ns + self.frame_ns
        error = self._error_deg(at_ns)
        if any(start <= at_ns <= end for start, end in self._shut):
            return Sample(at_ns, is_closed=True)
        if self._is_lost(at_ns):
            return Sample(at_ns, is_lost=True)
        while len(self._aims) > 1 and self._aims[1][0] <= at_ns:
            self._aims = self._aims[1:]
        _, x, y = self._aims[0]
        across, down = per_degree(self._person.profile.distance_mm)
        return Sample(at_ns, x + error[0] * across, y + error[1] * down)

    def _error_deg(self, at_ns: int) -> tuple[float, float]:
        profile = self._person.profile
        kept = math.exp(-(at_ns - self._fast_ns) / SECOND_NS / max(profile.noise_tau_s, 1e-6))
        fresh = profile.noise_deg * math.sqrt(1 - kept * kept)
        gauss = self._chance.gauss
        self._fast = (kept * self._fast[0] + gauss(0, fresh), kept * self._fast[1] + gauss(0, fresh))
        self._fast_ns = at_ns
        minutes = (at_ns - self._began_ns) / SECOND_NS / 60 % SESSION_MIN
        drift = profile.drift_deg_per_min * minutes
        heading, offset = self._person.heading, self._person.offset_deg
        return (
            offset[0] + drift * math.cos(heading) + self._fast[0],
            offset[1] + drift * math.sin(heading) + self._fast[1],
        )

    def _is_lost(self, at_ns: int) -> bool:
        """Lost samples come in bursts; between two of them so long that in all the share is right."""
        share, burst_s = self._person.profile.dropout, self._person.profile.dropout_s
        if share <= 0:
            return False
        while at_ns >= self._lost_to_ns:
            between_s = burst_s * (1 - share) / share
            self._lost_from_ns = self._lost_to_ns + seconds(self._chance.expovariate(1 / between_s))
            self._lost_to_ns = self._lost_from_ns + seconds(burst_s)
        return at_ns >= self._lost_from_ns


def per_degree(distance_mm: float) -> tuple[float, float]:
    """Fractions of the screen's width and height that a degree is."""
    mm = distance_mm * math.tan(math.radians(1))
    return mm / PANEL_MM[0], mm / PANEL_MM[1]
