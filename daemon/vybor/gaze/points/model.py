"""From features to a place on the screen: a regression over every look that was ever kept. Pure numpy.

Today's looks count more than earlier ones, and those that the others speak against less; the error is measured by
leaving one look out at a time. Lines through the landmarks and likeness to kept looks share the work. Likeness
knows nothing past the last dot, and nothing of a strange picture: there the landmarks alone say where eyes are.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from vybor.gaze.faces.features import LANDMARKS, SCALES
from vybor.gaze.faces.sides import BOTH, Sides, seen_by
from vybor.gaze.points.likeness import Likeness, likeness
from vybor.gaze.points.ridge import Ridge, ridge
from vybor.points.fixation import Noise

Numbers = npt.NDArray[np.floating]

EARLIER_WEIGHT = 0.2
"""Of a dot of an earlier calibration, against one of the newest."""
DOUBTED_FROM = 32.0
"""An earlier look halves its weight where the square of its error is so many times the usual (the median). Who was
told to look at a dot sometimes did not. Today's dots are not doubted: if all of before speaks against them, the
camera has moved."""
NEAR, FAR = 0.05, 0.2
"""So far before the last dot, and less and less up to so far behind it, landmarks may carry a look on."""
LEAST_NOISE = 0.008
LEAST_BIAS = 0.02
"""In fractions of the screen: what nine dots cannot promise to undercut."""
LEFT_OUT_SHARE = 0.632
"""Efron's .632 rule: leaving a corner out of nine dots asks for more than the model will be asked for."""
USUAL_X, USUAL_Y, USUAL_DOTS = 0.12, 0.19, 0.5
"""The error that nine dots leave on one person's frames, and of how many dots more it counts: a few dots that fit
by chance are not believed to be without any. More would be unjust to eyes that are seen better than those were."""
TOLD_BY = 400
"""Of earlier looks so many tell of the error too, the newest, at their weight."""
LOST_X, LOST_Y = 0.8, 1.1
"""An error so large, in spreads of the dots, says nothing about where the eyes were; down it is always larger."""
FEWEST_DOTS = 3
"""Of one calibration: fewer span no screen."""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One place that was looked at: a dot's, or a tile's that was taken."""

    x: float
    y: float
    rows: Numbers
    """Samples x features, of one fixation."""
    calibration: int
    """Rises from calibration to calibration; the highest is today's."""
    weight: float = 1.0
    """Against a dot that stood still."""
    of_tile: bool = False
    """Where the eyes were was not asked for but concluded: it never counts as one of today's dots."""


class Lines(msgspec.Struct, frozen=True):
    """What is read off the landmarks by lines alone."""

    weights: Numbers
    """LANDMARKS x 2."""
    offset: Numbers

    def at(self, rows: Numbers) -> Numbers:
        """Rows of features to rows of (x, y)."""
        places: Numbers = rows[:, :LANDMARKS] @ self.weights + self.offset
        return places


class GazeModel(msgspec.Struct, frozen=True, kw_only=True):
    """A fitted regression and its error."""

    alone: Lines
    """The landmarks without likeness."""
    beside: Lines
    """What the landmarks add to likeness."""
    known: Likeness
    alike: Numbers
    """What likeness to each of the known looks says: looks x 2."""
    first: Numbers
    """(x, y) of the leftmost and of the topmost dot."""
    last: Numbers
    """Of the rightmost and of the lowest."""
    bias: Noise
    """Standard error of a long look at a place that was not a dot."""
    noise: Noise
    """Standard deviation from sample to sample within a look."""
    spread: Noise
    """Standard deviation of the dots: the error of a model that knows nothing."""
    sides: Sides = BOTH
    """The eyes that it was fitted to (eyes.py)."""


def fit(looks: Sequence[Look]) -> GazeModel:
    """Fit to all looks. Raises ValueError for fewer than three of the newest calibration."""
    today, earlier = _of_today(looks)
    taken, fitted, weights, doubted = _ridged(today, earlier)
    bias_x, bias_y = np.maximum(_bias(fitted.left_out, weights, len(today)), LEAST_BIAS)
    model = _model(taken, fitted, doubted)
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


def left_out(looks: Sequence[Look]) -> Numbers:
    """How far beside each look a model falls that knows all others: looks x 2. Raises ValueError as `fit` does.

    Today's come first, then the earlier from the newest on.
    """
    errors: Numbers = _ridged(*_of_today(looks)).fitted.left_out
    return errors


def predict(model: GazeModel, rows: Numbers) -> Numbers:
    """Rows of features to rows of (x, y) in fractions of the screen; a little past its edge is kept."""
    rows = seen_by(rows, model.sides)
    alone, alike = model.alone.at(rows), model.known.of(rows)
    known = _onward(model, model.beside.at(rows) + alike.to @ model.alike, alone)
    places: Numbers = alone + alike.familiar[:, None] * (known - alone)
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


def _onward(model: GazeModel, known: Numbers, alone: Numbers) -> Numbers:
    """Past the last dot an eye's picture changes less and less, as the iris goes under the lids: it ends there.

    So where both are at an edge and the landmarks are farther out, these say where; never farther in.
    """
    after, before = _at_edge(known - model.last), _at_edge(model.first - known)
    out = after * np.maximum(alone - np.maximum(known, model.last), 0)
    out -= before * np.maximum(np.minimum(known, model.first) - alone, 0)
    places: Numbers = known + out
    return places


def _at_edge(past: Numbers) -> Numbers:
    """0 to 1, by how far past the last dot likeness puts a look: one in mid-screen is not carried off."""
    share: Numbers = np.clip((past + 2 * NEAR) / NEAR, 0, 1) * np.clip((FAR - past) / FAR, 0, 1)
    return share


class _Taken(NamedTuple):
    """Looks as they are fitted: each by its mean."""

    columns: Numbers
    """Looks x columns of one scale: the landmarks', and those of likeness behind them."""
    places: Numbers
    known: Likeness
    whitening: Numbers


class _Ridged(NamedTuple):
    """A fit before it is a model."""

    taken: _Taken
    fitted: Ridge
    weights: Numbers
    """Of each look…"""
    doubted: Numbers
    """…and less where the others speak against it."""


def _of_today(looks: Sequence[Look]) -> tuple[list[Look], list[Look]]:
    newest = max((look.calibration for look in looks if not look.of_tile), default=0)
    today = [look for look in looks if look.calibration == newest and not look.of_tile]
    if len(today) < FEWEST_DOTS:
        raise ValueError(f"{len(today)} looks are too few for a gaze model")
    return today, [look for look in reversed(looks) if look.calibration != newest or look.of_tile]


def _ridged(today: Sequence[Look], earlier: Sequence[Look]) -> _Ridged:
    ages = np.array([1.0] * len(today) + [EARLIER_WEIGHT] * len(earlier))
    weights = ages * np.array([look.weight for look in (*today, *earlier)])
    taken = _taken([*today, *earlier], len(today))
    doubted = weights * np.where(ages < 1, _trust(ridge(taken.columns, taken.places, weights).left_out), 1.0)
    return _Ridged(taken, ridge(taken.columns, taken.places, doubted), weights, doubted)


def _taken(looks: Sequence[Look], today: int) -> _Taken:
    rows = np.array([look.rows.mean(axis=0, dtype=np.float64) for look in looks])
    known = likeness(rows, today)
    whitening = known.whitening()
    columns = np.hstack([rows[:, :LANDMARKS] / SCALES[:LANDMARKS], known.of(rows).to @ whitening])
    return _Taken(columns, np.array([(look.x, look.y) for look in looks]), known, whitening)


def _model(taken: _Taken, fitted: Ridge, weights: Numbers) -> GazeModel:
    """As it is used: of features as they come, its error not yet known."""
    alone = ridge(taken.columns[:, :LANDMARKS], taken.places, weights)
    unknown = Noise(0.0, 0.0)
    scales = SCALES[:LANDMARKS, None]
    return GazeModel(
        alone=Lines(alone.slopes / scales, alone.offset),
        beside=Lines(fitted.slopes[:LANDMARKS] / scales, fitted.offset),
        known=taken.known,
        alike=taken.whitening @ fitted.slopes[LANDMARKS:],
        first=taken.places.min(axis=0),
        last=taken.places.max(axis=0),
        bias=unknown,
        noise=unknown,
        spread=unknown,
    )


def _trust(left_out: Numbers) -> Numbers:
    """1 for a look whose error is none, 0.5 where it is far beyond the usual, and so on down."""
    squares = left_out**2
    times: Numbers = (squares / np.maximum(np.median(squares, axis=0), LEAST_NOISE**2)).mean(axis=1)
    return 1 / (1 + times / DOUBTED_FROM)


def _bias(left_out: Numbers, weights: Numbers, today: int) -> Numbers:
    """What a long look is beside by: the errors of looks left out, and what is usual, as more dots.

    Widened as Student's distribution is, since the fewer they are the less is known of it.
    """
    told = slice(0, today + TOLD_BY)
    usual = np.square([USUAL_X, USUAL_Y])
    count = USUAL_DOTS + weights[told].sum()
    mean = (USUAL_DOTS * usual + weights[told] @ left_out[told] ** 2) / count
    bias: Numbers = np.sqrt(mean * count / (count - 2))
    return bias


def _doubt(looks: Sequence[Look]) -> Numbers:
    """The error that looks of one calibration say of themselves alone."""
    weights, taken = np.ones(len(looks)), _taken(looks, len(looks))
    fitted = ridge(taken.columns, taken.places, weights)
    inside = taken.columns @ fitted.slopes + fitted.offset - taken.places
    square = LEFT_OUT_SHARE * (fitted.left_out**2).mean(axis=0) + (1 - LEFT_OUT_SHARE) * (inside**2).mean(axis=0)
    doubt: Numbers = np.sqrt(square)
    return doubt


def _error(model: GazeModel, look: Look) -> Numbers:
    """From the dot to the mean of the predictions for it."""
    error: Numbers = predict(model, look.rows).mean(axis=0) - np.array([look.x, look.y])
    return error
