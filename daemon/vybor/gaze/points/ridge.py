"""A weighted ridge, and what it would say of each row if it had not seen it. Pure numpy."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating]

RIDGE = 0.2
"""Against the summed weight of the rows, for columns whose usual spread is 1. Flat between 0.1 and 0.4."""


class Ridge(NamedTuple):
    """`columns @ slopes + offset` is near the places."""

    slopes: Numbers
    """Columns x 2."""
    offset: Numbers
    left_out: Numbers
    """The error for each row of a ridge that never saw it: rows x 2."""


def ridge(columns: Numbers, places: Numbers, given: Numbers) -> Ridge:
    """To rows x columns, rows x 2, with a weight each.

    Leaving a row out is exact, without fitting anew: a linear smoother's residual over one less what the row
    counts for in its own guess (Cook and Weisberg 1982).
    """
    middle, centre = given @ columns / given.sum(), given @ places / given.sum()
    about = columns - middle
    weighted = about * given[:, None]
    inverse = np.linalg.inv(weighted.T @ about + RIDGE * np.eye(columns.shape[1]))
    slopes = inverse @ (weighted.T @ (places - centre))
    own = ((about @ inverse) * about).sum(axis=1) * given + given / given.sum()
    residuals = about @ slopes + centre - places
    return Ridge(slopes, centre - middle @ slopes, residuals / (1 - own)[:, None])
