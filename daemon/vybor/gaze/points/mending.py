"""A check by a few dots: by how much looks fall beside as a whole is taken off, and nothing else is touched. Pure.

What three dots are worth was tried with the simulated eyes of the tests (24 people, another day than those that
are known; looks land on the right one of 3 x 2 tiles, by how far a day moves them: not at all, .03, .06 and .12 of
the screen as a standard deviation, gains of .05 to .1 besides; six days known):

    nothing                  .943  .872  .797  .637
    one dot, moved           .944  .891  .822  .724
    three dots, moved        .941  .904  .876  .767
    five dots, moved         .942  .910  .892  .773
    three dots, fitted in    .933  .868  .832  .707
    five dots, fitted in     .912  .866  .845  .756
    nine dots, fitted in     .943  .894  .836  .741

So three do nearly what five do, one does less than half of it, and a few dots in a fit of their own are believed
too much. Where nothing has moved, nothing is lost.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from vybor.gaze.points.model import GazeModel, Lines, Look, Numbers, predict
from vybor.points.fixation import Noise

OTHERS = 3.0
"""Of a few dots, one that looks are farther beside than at the others, in standard errors of the model…"""
APART_X, APART_Y = 0.2, 0.25
"""…and at least by so much of the screen, nobody looked at: who was writing is late for the first."""


class Beside(NamedTuple):
    """How far looks fell beside the dots as a whole: right and down are more than 0."""

    x: float
    y: float


class Checked(msgspec.Struct, frozen=True):
    """The model as it is after a check, and what the check found, in fractions of the screen."""

    model: GazeModel
    beside: Beside
    left: Noise
    """How far from that from dot to dot: a standard deviation."""
    promised: Noise
    """What the model said of its error before."""


def looked_at(model: GazeModel, looks: Sequence[Look]) -> list[Look]:
    """Those whose looks fall beside their dots as they do at most of the others, wherever that is."""
    errors = _errors(model, looks)
    apart = np.abs(errors - np.median(errors, axis=0))
    most = np.maximum(OTHERS * np.array([model.bias.x, model.bias.y]), (APART_X, APART_Y))
    return [look for look, off in zip(looks, apart, strict=True) if bool(np.all(off <= most))]


def checked(model: GazeModel, looks: Sequence[Look]) -> Checked:
    """By looks at two dots or more. Looks that still fall beside are told, and never fewer than were promised."""
    errors = _errors(model, looks)
    beside, left = errors.mean(axis=0), errors.std(axis=0, ddof=1)
    bias = Noise(max(model.bias.x, float(left[0])), max(model.bias.y, float(left[1])))
    mended = msgspec.structs.replace(
        model,
        alone=_moved(model.alone, beside),
        beside=_moved(model.beside, beside),
        first=model.first - beside,
        last=model.last - beside,
        bias=bias,
    )
    return Checked(mended, Beside(*map(float, beside)), Noise(*map(float, left)), model.bias)


def _errors(model: GazeModel, looks: Sequence[Look]) -> Numbers:
    return np.array([predict(model, look.rows).mean(axis=0) - (look.x, look.y) for look in looks])


def _moved(lines: Lines, beside: Numbers) -> Lines:
    return msgspec.structs.replace(lines, offset=lines.offset - beside)
