"""How alike sights of a face are, and columns for a ridge that stand for it: what lines cannot tell. Pure numpy.

Landmarks move about as the eye does; grey points of its picture do not, each darkens as the iris passes and then
brightens again. So a place is also told by the kept looks that a sight is like. Of very many looks a few hundred
stand for all (Nystrom's approximation): a fit stays short, and a point costs the same for ever.
"""

from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from vybor.gaze.faces.features import LANDMARKS, SCALES

Numbers = npt.NDArray[np.floating]

PICTURES_COUNT, PICTURES_REACH = 20.0, 0.35
"""What likeness of the eyes' pictures may explain, against 1 of a landmark's column; and how far it reaches, in
the mean square of a point's difference. Flat from 10 to 40 and from .25 to .5."""
MARKS_COUNT, MARKS_REACH = 3.0, 0.2
"""The same of the landmarks, which do bend a little: 2 per cent with 400 looks."""
STRANGE, FAMILIAR = 0.3, 0.6
"""A picture no more like its nearest than the first says nothing; from the second on, all that it can."""
MOST = 300
"""Looks that stand for all."""
TWICE = 1e-9
"""Two looks may be one and the same: so much, in variance, each stands alone."""


class Alike(NamedTuple):
    """What sights are like."""

    to: Numbers
    """Sights x looks, 0 to PICTURES_COUNT + MARKS_COUNT."""
    familiar: Numbers
    """Of each sight, 0 to 1: whether a picture like it is known. Behind new glasses, or a mask, none is."""


class Likeness(msgspec.Struct, frozen=True):
    """The looks that stand for all."""

    rows: Numbers
    """Looks x features, scaled."""

    def of(self, rows: Numbers) -> Alike:
        """To sights x features, as they come."""
        return _alike(rows / SCALES, self.rows)

    def whitening(self) -> Numbers:
        """Looks x columns: `of(rows).to` times this are columns that count like a scaled landmark's."""
        itself = _alike(self.rows, self.rows).to
        triangle = np.linalg.cholesky(itself + TWICE * itself.max() * np.eye(len(itself)))
        columns: Numbers = np.linalg.inv(triangle).T
        return columns


def likeness(rows: Numbers, of_today: int) -> Likeness:
    """From looks x features, today's first: those all, and the earlier, or so many of all times as find room."""
    places = max(min(MOST, len(rows)) - of_today, 0)
    earlier = np.linspace(of_today, len(rows) - 1, places).round().astype(int)
    return Likeness(rows[[*range(of_today), *earlier]] / SCALES)


def _alike(some: Numbers, others: Numbers) -> Alike:
    pictures = np.exp(-_apart(some[:, LANDMARKS:], others[:, LANDMARKS:]) / (2 * PICTURES_REACH))
    marks = np.exp(-_apart(some[:, :LANDMARKS], others[:, :LANDMARKS]) / (2 * MARKS_REACH))
    familiar = np.clip((pictures.max(axis=1) - STRANGE) / (FAMILIAR - STRANGE), 0.0, 1.0)
    return Alike(PICTURES_COUNT * pictures + MARKS_COUNT * marks, familiar)


def _apart(some: Numbers, others: Numbers) -> Numbers:
    """The mean square of a column's difference, of all from all."""
    squares = (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2 * some @ others.T
    apart: Numbers = np.maximum(squares, 0.0) / some.shape[1]
    return apart
