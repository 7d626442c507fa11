"""Samples as the detectors take them: numbers as far as the converter goes, cut at the ends of blocks. Pure."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vybor.headband.port import Microvolts

Samples = NDArray[np.float64]


def numbers(felt: Microvolts, rail: float) -> Samples:
    """The samples as far as the converter goes; what is no number stays none, the endless too."""
    microvolts = felt.astype(np.float64)
    return np.clip(np.where(np.isfinite(microvolts), microvolts, np.nan), -rail, rail)


def pieces(first: int, microvolts: Samples, block: int) -> Iterator[Samples]:
    """Cut at the ends of blocks, which lie on the index and not on the chunk."""
    start, count = 0, microvolts.shape[1]
    while start < count:
        end = min(count, start + block - (first + start) % block)
        yield microvolts[:, start:end]
        start = end


def held(last: Samples, microvolts: Samples, missing: NDArray[np.bool_]) -> Samples:
    """The samples, with each missing one replaced by its channel's last."""
    if not missing.any():
        return microvolts
    known = np.hstack([last[:, None], microvolts])
    places = np.where(np.hstack([np.zeros((len(last), 1), bool), missing]), 0, np.arange(known.shape[1]))
    held: Samples = np.take_along_axis(known, np.maximum.accumulate(places, axis=1), axis=1)[:, 1:]
    return held
