"""From features to a place on the screen: one ridge regression over every look that was ever kept. Pure numpy.

Today's looks count more than earlier ones; the error is measured by leaving one look out at a time.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from vybor.gaze.faces.features import SCALES
from vybor.gaze.points.fixation import Noise

Numbers = npt.NDArray[np.floating]

EARLIER_WEIGHT = 0.2
"""Of a dot of an earlier calibration, against one of the newest."""
RIDGE = 0.2
"""Against the summed weight of the dots. On frames of one person at 1920 x 1080: nine dots alone 313 px (396 px
at best with columns scaled by their own spread), with 400 earlier looks 231 px; flat between 0.1 and 1."""
LEAST_NOISE = 0.008
LEAST_BIAS = 0.02
"""In fractions of the screen: what nine dots cannot promise to undercut."""
LEFT_OUT_SHARE = 0.632
"""Efron's .632 rule: leaving a corner out of nine dots asks for more than the model will be asked for."""
USUAL_X, USUAL_Y, USUAL_DOTS = 0.10, 0.17, 0.5
"""The error that nine dots leave on one person's frames, and of how many dots more it counts: a few dots that fit
by chance are not believed to be without any. More would be unjust to eyes that are seen better than those were."""
TOLD_BY = 400
"""Of earlier looks so many tell of the error too, the newest, at their weight."""
LOST_X, LOST_Y = 0.8, 1.1
"""An error so large, in spreads of the dots, says nothing about where the eyes were; down it is always larger."""
FEWEST_DOTS = 3
"""Of one calibration: fewer span no screen."""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One dot that was looked at."""

    x: float
    y: float
    rows: Numbers
    """Samples x features, of one fixation."""
    calibration: int
    """Rises from calibration to calibration; the highest is today's."""


class GazeModel(msgspec.Struct, frozen=True, kw_only=True):
    """A fitted ridge and its error."""

    middle: Numbers
    weights: Numbers
    """Features x 2, for features less `middle`."""
    centre: Numbers
    bias: Noise
    """Standard error of a long look at a place that was not a dot."""
    noise: Noise
    """Standard deviation from sample to sample within a look."""
    spread: Noise
    """Standard deviation of the dots: the error of a model that knows nothing."""


def fit(looks: Sequence[Look]) -> GazeModel:
    """Fit to all looks. Raises ValueError for fewer than three of the newest calibration."""
    newest = max((look.calibration for look in looks), default=0)
    today = [look for look in looks if look.calibration == newest]
    if len(today) < FEWEST_DOTS:
        raise ValueError(f"{len(today)} looks are too few for a gaze model")
    earlier = [look for look in reversed(looks) if look.calibration != newest]
    fitted = _solve(today, earlier)
    bias_x, bias_y = np.maximum(_bias(fitted, len(today)), LEAST_BIAS)
    noise_x, noise_y = np.maximum(
        np.median([predict(fitted.model, look.rows).std(axis=0) for look in today], axis=0), LEAST_NOISE
    )
    spread_x, spread_y = np.std([(look.x, look.y) for look in today], axis=0)
    return msgspec.structs.replace(
        fitted.model,
        bias=Noise(float(bias_x), float(bias_y)),
        noise=Noise(float(noise_x), float(noise_y)),
        spread=Noise(float(spread_x), float(spread_y)),
    )


def predict(model: GazeModel, rows: Numbers) -> Numbers:
    """Rows of features to rows of (x, y) in fractions of the screen; a little past its edge is kept."""
    places: Numbers = (rows - model.middle) @ model.weights + model.centre
    return places


def follows(looks: Sequence[Look], known: GazeModel | None = None) -> bool:
    """Whether the looks followed the dots at all; what does not would spoil every later fit.

    By what they make of it themselves; or, where they are too few for that, by a model that is known, wherever it
    puts them as a whole.
    """
    spread_x, spread_y = np.std([(look.x, look.y) for look in looks], axis=0)
    if known is None:
        left_x, left_y = _doubt(looks)
    else:
        left_x, left_y = np.std([_error(known, look) for look in looks], axis=0)
    return bool(left_x < LOST_X * spread_x and left_y < LOST_Y * spread_y)


class _Fitted(NamedTuple):
    """A ridge, and what it takes to leave a look out of it without fitting anew."""

    model: GazeModel
    looks: list[Look]
    weights: list[float]
    """Of each look."""
    inverse: Numbers
    """Of the weighted gram matrix of scaled features, with the ridge."""


def _solve(today: Sequence[Look], earlier: Sequence[Look]) -> _Fitted:
    """Weighted ridge; each dot counts once, however many samples it has."""
    looks = [*today, *earlier]
    rows = np.concatenate([look.rows for look in looks]).astype(np.float64)
    places = np.repeat([(look.x, look.y) for look in looks], [len(look.rows) for look in looks], axis=0)
    each = [1.0] * len(today) + [EARLIER_WEIGHT] * len(earlier)
    weight = np.repeat(
        [w / len(look.rows) for w, look in zip(each, looks, strict=True)], [len(k.rows) for k in looks]
    )
    middle = weight @ rows / weight.sum()
    centre = weight @ places / weight.sum()
    scaled = (rows - middle) / SCALES
    inverse = np.linalg.inv((scaled * weight[:, None]).T @ scaled + RIDGE * np.eye(len(SCALES)))
    weights = inverse @ ((scaled * weight[:, None]).T @ (places - centre))
    unknown = Noise(0.0, 0.0)
    model = GazeModel(
        middle=middle,
        weights=weights / SCALES[:, None],
        centre=centre,
        bias=unknown,
        noise=unknown,
        spread=unknown,
    )
    return _Fitted(model, looks, each, inverse)


def _left_out(fitted: _Fitted, at: int) -> Numbers:
    """The error for a look of a model that never saw it, which is exactly that of fitting anew without it.

    Of a linear smoother with rows H: (I - H)^-1 times the residuals (Cook and Weisberg 1982, for a group of rows).
    """
    look = fitted.looks[at]
    scaled = (look.rows - fitted.model.middle) / SCALES
    share = fitted.weights[at] / len(look.rows)
    hat = (scaled @ fitted.inverse @ scaled.T + 1 / sum(fitted.weights)) * share
    residuals = np.array([look.x, look.y]) - predict(fitted.model, look.rows)
    error: Numbers = -np.linalg.solve(np.eye(len(hat)) - hat, residuals).mean(axis=0)
    return error


def _bias(fitted: _Fitted, today: int) -> Numbers:
    """What a long look is beside by: the errors of looks left out, and what is usual, as more dots.

    Widened as Student's distribution is, since the fewer they are the less is known of it.
    """
    told = range(min(len(fitted.looks), today + TOLD_BY))
    weights = np.array([fitted.weights[at] for at in told])
    squares = np.array([_left_out(fitted, at) ** 2 for at in told])
    usual = np.square([USUAL_X, USUAL_Y])
    count = USUAL_DOTS + weights.sum()
    mean = (USUAL_DOTS * usual + weights @ squares) / count
    bias: Numbers = np.sqrt(mean * count / (count - 2))
    return bias


def _doubt(looks: Sequence[Look]) -> Numbers:
    """The error that looks of one calibration say of themselves alone."""
    fitted = _solve(looks, ())
    inside = np.array([_error(fitted.model, look) for look in looks])
    left_out = np.array([_left_out(fitted, at) for at in range(len(looks))])
    square = LEFT_OUT_SHARE * (left_out**2).mean(axis=0) + (1 - LEFT_OUT_SHARE) * (inside**2).mean(axis=0)
    doubt: Numbers = np.sqrt(square)
    return doubt


def _error(model: GazeModel, look: Look) -> Numbers:
    """From the dot to the mean of the predictions for it."""
    error: Numbers = predict(model, look.rows).mean(axis=0) - np.array([look.x, look.y])
    return error
