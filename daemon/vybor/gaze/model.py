"""From features to a place on the screen: one ridge regression over every look that was ever kept. Pure numpy.

Today's looks count more than earlier ones; the error is measured by leaving one dot out at a time.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from vybor.gaze.features import SCALES
from vybor.gaze.fixation import Noise

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
    earlier = [look for look in looks if look.calibration != newest]
    model = _solve(today, earlier)
    inside = np.array([_error(model, look) for look in today])
    left_out = np.array([_error(_solve(_without(today, look), earlier), look) for look in today])
    square = LEFT_OUT_SHARE * (left_out**2).mean(axis=0) + (1 - LEFT_OUT_SHARE) * (inside**2).mean(axis=0)
    bias_x, bias_y = np.maximum(np.sqrt(square), LEAST_BIAS)
    noise_x, noise_y = np.maximum(
        np.median([predict(model, look.rows).std(axis=0) for look in today], axis=0), LEAST_NOISE
    )
    spread_x, spread_y = np.std([(look.x, look.y) for look in today], axis=0)
    return msgspec.structs.replace(
        model,
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
        alone = fit(looks)
        return bool(alone.bias.x < LOST_X * spread_x and alone.bias.y < LOST_Y * spread_y)
    left_x, left_y = np.std([_error(known, look) for look in looks], axis=0)
    return bool(left_x < LOST_X * spread_x and left_y < LOST_Y * spread_y)


def _solve(today: Sequence[Look], earlier: Sequence[Look]) -> GazeModel:
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
    gram = (scaled * weight[:, None]).T @ scaled
    ridge = RIDGE * np.eye(len(SCALES))
    weights = np.linalg.solve(gram + ridge, (scaled * weight[:, None]).T @ (places - centre))
    unknown = Noise(0.0, 0.0)
    return GazeModel(
        middle=middle,
        weights=weights / SCALES[:, None],
        centre=centre,
        bias=unknown,
        noise=unknown,
        spread=unknown,
    )


def _error(model: GazeModel, look: Look) -> Numbers:
    """From the dot to the mean of the predictions for it."""
    error: Numbers = predict(model, look.rows).mean(axis=0) - np.array([look.x, look.y])
    return error


def _without(looks: Sequence[Look], one: Look) -> list[Look]:
    return [look for look in looks if look is not one]
