"""Seconds of known bands for the tests of engagement: a window of them after the other."""

import math
from collections.abc import Iterable, Sequence

from vybor.headband.detecting import engagement, usual
from vybor.headband.detecting.bands import Powers, Second
from vybor.headband.detecting.engagement import WINDOW, Around, Engagement
from vybor.headband.detecting.usual import Baseline, Level

HZ = 250
HOP = 50
REST = 1.0
"""Square microvolts of muscle."""


def powers(engaged: float, alpha: float = -1.0, muscle: float = REST) -> Powers:
    """Whose logarithms of beta / (alpha + theta), alpha / (theta + beta) and muscle these are; 50 in all."""
    share_beta, share_alpha = 1 / (1 + math.exp(-engaged)), 1 / (1 + math.exp(-alpha))
    assert share_beta + share_alpha < 1
    return Powers(50 * (1 - share_beta - share_alpha), 50 * share_alpha, 50 * share_beta, muscle)


def window(felt: Sequence[Powers | None], first: int) -> list[Second]:
    """Four seconds of the same at each electrode; `first` counts the seconds before it."""
    return [
        Second((first + number) * HOP, (first + number) * HOP + 75, tuple(felt)) for number in range(1, WINDOW + 1)
    ]


class Wearer:
    """Somebody whose windows are told one after the other."""

    def __init__(self, known: Engagement | None = None, hz: int = HZ) -> None:
        self.known = known or Engagement()
        self.hz = hz
        self.passed = 0
        """Seconds so far."""
        self.behind: tuple[int, ...] = ()
        self.writes = False
        """Whether signs are made all the time: it is no rest and no reading then."""

    def feel(
        self,
        felt: Sequence[Powers | None],
        signs: tuple[int, ...] = (),
        eyes_open: bool | None = True,
    ) -> engagement.Told:
        """One window; what is told at its end."""
        seconds = window(felt, self.passed)
        signs = (*signs, self.passed * HOP) if self.writes else signs
        self.passed += WINDOW
        self.known = engagement.step(self.known, seconds, Around(self.hz, signs, eyes_open, self.behind))
        return self.known.told

    def feel_all(self, windows: Iterable[float]) -> list[float | None]:
        """Windows of such engagement at one electrode."""
        return [self.feel([powers(each)]).engagement for each in windows]


def known_by(levels: Iterable[float], alphas: Iterable[float] = (), electrodes: int = 1) -> Engagement:
    """Somebody of whom these windows are kept, with muscle at rest."""
    engaged = list(levels)
    other = list(alphas) or [-1.0 + 0.1 * (place % 5) for place in range(len(engaged))]
    windows = tuple(
        (Level(one, alpha, math.log(REST)),) * electrodes for one, alpha in zip(engaged, other, strict=True)
    )
    return engagement.begin(Baseline(windows), electrodes)


USUAL = [-1.5 + 0.1 * (place % 11) for place in range(usual.LEAST)]
"""Windows from -1.5 to -.5."""
