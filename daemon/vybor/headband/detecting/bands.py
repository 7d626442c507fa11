"""How strong theta, alpha, beta and muscle are in each second of the EEG that can be believed. Pure and causal.

A second is ten blocks of the samples' own index, and there is a new one every two blocks: its line is taken out
(slow drift and offsets go with it), it is weighed by Hann's window, and its spectrum is summed over each band.
That is Welch's way, but that whoever reads the seconds takes their median and not their mean. A second counts for
an electrode that was good all through it, and only if no lid moved, no jaw was loud, the head did not turn and no
sample is missing, in it or near it; so each waits for a moment.
"""

from functools import cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.contracts.messages import ElectrodeState
from vybor.headband.boards import Board
from vybor.headband.detecting import blink, clench, moving, quality

Samples = NDArray[np.float64]
Hz = tuple[float, float]

THETA: Hz = (4.0, 8.0)
ALPHA: Hz = (8.0, 13.0)
BETA: Hz = (13.0, 22.0)
"""As Pope, Bogart and Bartolome have them (1995)."""
MUSCLE: Hz = (20.0, 45.0)
"""Below the mains, of either continent: Hann's window keeps those out."""
SECOND = 10
HOP = 2
"""Blocks of a second, and from one to the next."""
AROUND = 3
"""Blocks before and behind it in which nothing may happen either: a blink begins before it is seen."""
LEAST_SQUARE = 1e-4
"""Square microvolts: no amplifier is as quiet, and a logarithm needs something."""


class Powers(msgspec.Struct, frozen=True):
    """Mean squares of one second, in square microvolts."""

    theta: float
    alpha: float
    beta: float
    muscle: float


class Second(msgspec.Struct, frozen=True):
    """One second, by the index of the sample after its last, and of the one after that at which it is known."""

    end: int
    known: int
    powers: tuple[Powers | None, ...]
    """Of each electrode; None: it is not to be believed."""


class Block(msgspec.Struct, frozen=True):
    """What is known of a block."""

    good: tuple[bool, ...]
    """Whether each electrode was good…"""
    is_still: bool
    """…and no lid or jaw moved…"""
    is_quiet: bool
    """…or no jaw did: it was seen that lids may have."""


class Spectra(msgspec.Struct, frozen=True):
    """What is kept between two chunks."""

    samples: Samples
    """Electrodes x the newest samples."""
    blocks: tuple[Block, ...] = ()
    seconds: tuple[Second, ...] = ()
    """Those that became known in the last chunk."""


class Body(msgspec.Struct, frozen=True):
    """What the detectors know at the end of a block."""

    contact: quality.Contact
    lids: blink.Lids
    jaw: clench.Jaw
    head: moving.Head


def listened(board: Board) -> tuple[int, ...]:
    """The channels of which it is known where they sit, each once."""
    return tuple(dict.fromkeys((*board.frontal, *board.temporal)))


def behind(board: Board) -> tuple[int, ...]:
    """Places among those of the electrodes that sit farther back than the forehead."""
    return tuple(place for place, channel in enumerate(listened(board)) if channel not in board.frontal)


def begin(board: Board) -> Spectra:
    """Nothing was heard."""
    return Spectra(np.zeros((len(listened(board)), 0)))


def felt(spectra: Spectra, microvolts: Samples, board: Board, block: int) -> Spectra:
    """Take in some samples, channels x samples, of at most one block."""
    kept = block * (SECOND + AROUND) - microvolts.shape[1]
    both = np.hstack([spectra.samples[:, -kept:], microvolts[list(listened(board))]])
    return msgspec.structs.replace(spectra, samples=both)


def block_over(spectra: Spectra, body: Body, board: Board, block: int, index: int) -> Spectra:
    """A block is whole; `index` is that of the sample after it. Perhaps a second is known now."""
    blocks = (*spectra.blocks, _marked(body, board, block))[-(SECOND + 2 * AROUND) :]
    spectra = msgspec.structs.replace(spectra, blocks=_without_drift(blocks, body.lids, block))
    is_due = (index // block) % HOP == 0 and len(spectra.blocks) == SECOND + 2 * AROUND
    if not is_due or spectra.samples.shape[1] < block * (SECOND + AROUND):
        return spectra
    end = index - AROUND * block
    second = Second(end, index, _believed(spectra, body, board.hz, block, end))
    return msgspec.structs.replace(spectra, seconds=(*spectra.seconds, second))


def powers(microvolts: Samples, hz: float) -> list[Powers]:
    """The bands of a stretch, channels x samples, without its line."""
    count = microvolts.shape[1]
    window = _window(count)
    spectrum = np.abs(np.fft.rfft(_without_line(microvolts) * window, axis=1)) ** 2
    squares = 2 * spectrum / (count * float((window**2).sum()))
    frequencies = np.fft.rfftfreq(count, 1 / hz)
    sums = [
        squares[:, (frequencies >= low) & (frequencies < high)].sum(axis=1)
        for low, high in (THETA, ALPHA, BETA, MUSCLE)
    ]
    return [Powers(*each) for each in np.maximum(LEAST_SQUARE, np.array(sums).T).tolist()]


def _marked(body: Body, board: Board, block: int) -> Block:
    """What the detectors say of the block that has just become whole."""
    last = body.lids.index
    lids, jaw = body.lids, body.jaw
    # as long as it is not known what a blink is, one may be anywhere
    sees = any(body.contact.good[channel] for channel in board.frontal) and np.isfinite(lids.threshold)
    moved = lids.phase is not blink.Phase.RESTING or max(lids.since, lids.judged) > last - block
    is_loud = clench.loud_between(jaw, last - block + 1, last)
    good = tuple(
        body.contact.good[channel] and body.contact.states[channel] is not ElectrodeState.MUSCLE
        for channel in listened(board)
    )
    return Block(good, bool(sees and not moved and not is_loud), bool(sees and not is_loud))


def _without_drift(blocks: tuple[Block, ...], lids: blink.Lids, block: int) -> tuple[Block, ...]:
    """An excursion turns out to be drift where it ends: no lid moved in it, and a second's line is taken out."""
    begun, over = lids.drifted
    is_news = over > max(lids.index - block, 0)
    if not is_news or lids.judged > begun - block:  # lids moved in the block in which it began
        return blocks
    before = max(len(blocks) - (lids.index - begun) // block - 1, 0)
    drifted = (msgspec.structs.replace(each, is_still=each.is_quiet) for each in blocks[before:])
    return (*blocks[:before], *drifted)


def _believed(spectra: Spectra, body: Body, hz: float, block: int, end: int) -> tuple[Powers | None, ...]:
    count = int(spectra.samples.shape[0])
    turned = moving.moved_between(body.head, end - SECOND * block, end, hz)
    if turned or not all(each.is_still for each in spectra.blocks):
        return (None,) * count
    good = [all(each.good[place] for each in spectra.blocks) for place in range(count)]
    if not any(good):
        return (None,) * count
    last = spectra.samples.shape[1] - AROUND * block
    measured = powers(spectra.samples[:, last - SECOND * block : last], hz)
    return tuple(each if is_good else None for each, is_good in zip(measured, good, strict=True))


def _without_line(microvolts: Samples) -> Samples:
    """Least squares; the middle of the stretch is 0, so that the two coefficients know nothing of each other."""
    count = microvolts.shape[1]
    ramp = np.arange(count) - (count - 1) / 2
    slope = microvolts @ ramp / float(ramp @ ramp)
    left: Samples = microvolts - microvolts.mean(axis=1)[:, None] - slope[:, None] * ramp
    return left


@cache
def _window(count: int) -> Samples:
    """Hann's, periodic."""
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(count) / count))
