"""What kept looks say of themselves: how far a model that knows all the others falls beside each. Pure numpy.

For each calibration two models are made: that of all calibrations before it, which is what the kit had when the
person sat down, and that of it and all before, each look left out once. So error, drift and what was promised of
them are those of a model that never saw the look.
"""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from vybor.gaze.points.mending import Beside
from vybor.gaze.points.model import GazeModel, Look, Numbers, fit, left_out, predict
from vybor.points.fixation import Noise

WITHIN_95 = 5.991
"""Of a squared distance in standard deviations along two axes: 95 in 100 are below (chi squared, 2)."""
MOST = 40
"""Calibrations that are drawn, the newest: each asks for two fits."""


class Seated(msgspec.Struct, frozen=True):
    """What the model of all calibrations before said of a calibration's dots."""

    beside: Beside
    """Mean of the errors, right and down."""
    left: Noise
    """Their standard deviation around it."""
    within: float
    """The share of dots that lay in the ellipse of 95 % which the model promised."""


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """One calibration."""

    number: int
    dots: int
    before: Seated | None
    """None of the first."""
    error: Noise
    """Root mean square of its errors, each left out once."""
    promised: Noise
    within: float
    """The share of its dots in the ellipse of 95 % then."""
    noise: Noise


class Judged(msgspec.Struct, frozen=True):
    """All of it."""

    places: Numbers
    """Where the dots were: looks x 2."""
    errors: Numbers
    """How far beside a model of all others falls: looks x 2."""
    days: tuple[Day, ...]
    """Oldest first."""
    model: GazeModel
    """Of all looks."""
    calibrations: int

    def within(self, of: Callable[[Day], float | None]) -> float | None:
        """The mean of a share, by dots; None where no day has it."""
        found = [(share * day.dots, day.dots) for day in self.days if (share := of(day)) is not None]
        return sum(held for held, _ in found) / sum(dots for _, dots in found) if found else None


def judged(looks: Sequence[Look]) -> Judged:
    """Of one look or more, each calibration of three or more."""
    numbers = sorted({look.calibration for look in looks})
    ordered = in_order(looks)
    return Judged(
        places=np.array([(look.x, look.y) for look in ordered]),
        errors=left_out(looks),
        days=tuple(_day(looks, number) for number in numbers[-MOST:]),
        model=fit(looks),
        calibrations=len(numbers),
    )


def in_order(looks: Sequence[Look]) -> list[Look]:
    """As `left_out` has them: today's, then the earlier from the newest on."""
    newest = max(look.calibration for look in looks)
    today = [look for look in looks if look.calibration == newest]
    return [*today, *(look for look in reversed(looks) if look.calibration != newest)]


def _day(looks: Sequence[Look], number: int) -> Day:
    own = [look for look in looks if look.calibration == number]
    before = [look for look in looks if look.calibration < number]
    until = [*before, *own]
    model, errors = fit(until), left_out(until)[: len(own)]
    return Day(
        number=number,
        dots=len(own),
        before=_seated(fit(before), own) if before else None,
        error=_noise(np.sqrt((errors**2).mean(axis=0))),
        promised=model.bias,
        within=_within(errors, model),
        noise=model.noise,
    )


def _seated(model: GazeModel, own: Sequence[Look]) -> Seated:
    errors = np.array([predict(model, look.rows).mean(axis=0) - (look.x, look.y) for look in own])
    return Seated(Beside(*map(float, errors.mean(axis=0))), _noise(errors.std(axis=0)), _within(errors, model))


def _within(errors: Numbers, model: GazeModel) -> float:
    squares = ((errors / (model.bias.x, model.bias.y)) ** 2).sum(axis=1)
    return float((squares <= WITHIN_95).mean())


def _noise(both: Numbers) -> Noise:
    return Noise(float(both[0]), float(both[1]))
