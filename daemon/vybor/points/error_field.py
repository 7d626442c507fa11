"""How far looks fall beside what was looked at, place by place: learned from dots, and from tiles that were taken.

A calibration leaves an error that changes little from minute to minute but from place to place: an offset, a gain
(looks are drawn to the middle), and what is left around each place. It is a Gaussian process over the screen, one
an axis, with the size that the calibration measured. Each place that is known to have been looked at says what the
error is there, and something of what it is elsewhere; as time passes, less. Pure numpy.

Shares and length stand between two measurements on one person's frames (the first 1,800 of a public set, labels
moved by a row; a ridge over other blocks of a hundred, the error in the next block and in the fourth after). In
per cent of the error's variance: offset 5 to 10, gain 27, around 10, from frame to frame 50 to 70; of a
calibration that stands alone and is old, offset 20 to 40. With the numbers below the likeliest of 3 x 2 zones by
one frame was the right one at .756, after five places that were looked at at .767, after twenty at .808; with the
old one .493, .600 and .646. The distance to the right place itself hardly shrinks: what is drawn to the middle is
drawn out again with its noise.
"""

import msgspec
import numpy as np
import numpy.typing as npt

from vybor.foundation.clock import SECOND_NS
from vybor.points.fixation import Noise

OFFSET_SHARE, GAIN_SHARE, AROUND_SHARE = 0.5, 0.25, 0.25
"""Of the variance of the standing error, on the mean of the screen."""
AROUND = 0.3
"""How far what is known of a place reaches, in fractions of the screen."""
GAIN_SCALE = 1.5
"""The mean over a screen of the squared distance from its middle, in half screens and along both axes, is 2/3."""
DRIFT_A_ROOT_MINUTE = 0.01
"""What is known grows old: a standard deviation so large a minute, growing with the root of time."""
MOST = 24
"""Places that are kept; later ones take the room of the oldest."""
WILD = 3.0
"""A place so many standard deviations from what is expected was hardly looked at, and says nothing."""
ROUNDS = 2
"""The error is that of the true place: a first guess of it is where the look fell, and is mended so often."""

Numbers = npt.NDArray[np.float64]


class Known(msgspec.Struct, frozen=True):
    """A place that was looked at, and what the look made of it."""

    at_ns: int
    x: float
    y: float
    error_x: float
    """The look's place less the true one."""
    error_y: float
    sd_x: float
    """How exactly the true place is known, and the mean of the looks."""
    sd_y: float


class ErrorField(msgspec.Struct, frozen=True):
    """What is known of the error of a calibration."""

    bias: Noise
    """The standing error's standard deviation, as the calibration measured it."""
    known: tuple[Known, ...] = ()


class Corrected(msgspec.Struct, frozen=True):
    """A look's place without the error, and the standard deviation of what is left of that."""

    x: float
    y: float
    bias: Noise


def looked(field: ErrorField, place: Known) -> ErrorField:
    """Take in a place that was looked at; one that is far from what is expected is left out."""
    expected = _at(field, place.x, place.y, place.at_ns)
    away_x = abs(place.error_x - expected.x) / np.hypot(expected.bias.x, place.sd_x)
    away_y = abs(place.error_y - expected.y) / np.hypot(expected.bias.y, place.sd_y)
    if not (away_x <= WILD and away_y <= WILD):  # what is no number is left out too
        return field
    return msgspec.structs.replace(field, known=(*field.known, place)[-MOST:])


def corrected(field: ErrorField, x: float, y: float, at_ns: int) -> Corrected:
    """Where the eyes really were when a look fell here, in fractions of the screen."""
    if not field.known:
        return Corrected(x, y, field.bias)
    true_x, true_y = x, y
    for _ in range(ROUNDS):
        error = _at(field, true_x, true_y, at_ns)
        true_x, true_y = x - error.x, y - error.y
    return Corrected(true_x, true_y, error.bias)


def _at(field: ErrorField, x: float, y: float, at_ns: int) -> Corrected:
    """The mean of the error at a true place, and its standard deviation."""
    if not field.known:
        return Corrected(0.0, 0.0, field.bias)
    places = np.array([(known.x, known.y) for known in field.known])
    here = np.array([(x, y)])
    minutes = np.array([max(0, at_ns - known.at_ns) for known in field.known]) / SECOND_NS / 60
    aged = DRIFT_A_ROOT_MINUTE**2 * minutes
    among, between, alone = _alike(places, places), _alike(here, places)[0], float(_alike(here, here)[0, 0])
    means, deviations = [], []
    for bias, errors, sds in (
        (field.bias.x, [known.error_x for known in field.known], [known.sd_x for known in field.known]),
        (field.bias.y, [known.error_y for known in field.known], [known.sd_y for known in field.known]),
    ):
        spread = bias**2 * among + np.diag(np.square(sds) + aged)
        weights = np.linalg.solve(spread, bias**2 * between)
        means.append(float(weights @ np.array(errors)))
        left = bias**2 * alone - float(weights @ between) * bias**2
        deviations.append(max(left, 0.0) ** 0.5)
    return Corrected(means[0], means[1], Noise(deviations[0], deviations[1]))


def _alike(some: Numbers, others: Numbers) -> Numbers:
    """How alike the error is at two places; 1 on the mean of the screen for a place and itself."""
    squares = ((some[:, None] - others[None]) ** 2).sum(axis=-1)
    gains = ((2 * some[:, None] - 1) * (2 * others[None] - 1)).sum(axis=-1)
    around: Numbers = AROUND_SHARE * np.exp(-squares / (2 * AROUND**2))
    alike: Numbers = OFFSET_SHARE + GAIN_SHARE * GAIN_SCALE * gains + around
    return alike
