"""Matrices in few bits: blocks of 32 weights of a row that share a scale, as MatMulNBits reads them."""

import numpy as np
from numpy.typing import NDArray

from vybor_workshop.model.architecture import BLOCK, Floats

Codes = NDArray[np.uint8]

EIGHT = 8
PLACES = (-8.0, -8.5, -9.0, -7.5, -7.0)
"""Where four_bits tries to put the weight farthest from 0, in steps."""


def packed(weight: Floats, bits: int) -> tuple[Codes, Floats]:
    """Codes (rows, blocks, bytes of a block) and scales (rows, blocks) of a matrix in so many bits."""
    return eight_bits(weight) if bits == EIGHT else four_bits(weight)


def bytes_of(weights: int, bits: int) -> float:
    """Bytes that so many weights take, with their scales."""
    return weights * (bits / 8 + 4 / BLOCK)


def eight_bits(weight: Floats) -> tuple[Codes, Floats]:
    """Codes (rows, blocks, 32) and scales (rows, blocks): `weight ≈ scale * (code - 128)`."""
    blocks = weight.reshape(weight.shape[0], -1, BLOCK)
    scales = np.abs(blocks).max(axis=2) / np.float32(127)
    steps = np.where(scales == 0, np.float32(1), scales)
    return (np.rint(blocks / steps[:, :, None]) + 128).astype(np.uint8), scales


def four_bits(weight: Floats) -> tuple[Codes, Floats]:
    """Codes (rows, blocks, 16), two in a byte, and scales (rows, blocks): `weight ≈ scale * (code - 8)`.

    The sixteen steps reach from -8 to 7, so the weight farthest from 0 goes to -8 or near it, and the scale bears
    its sign. Of a few places for it the best is taken: a tenth less of error (squared) than always -8.
    """
    blocks = weight.reshape(weight.shape[0], -1, BLOCK)
    farthest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2)[:, :, None], axis=2)
    best = np.zeros(blocks.shape, np.int8)
    scales = np.zeros(blocks.shape[:2], np.float32)
    least = np.full(blocks.shape[:2], np.inf, np.float32)
    for place in PLACES:
        steps = farthest / np.float32(place)
        codes = np.rint(blocks / np.where(steps == 0, np.float32(1), steps)).clip(-8, 7)
        fitted = (codes * blocks).sum(axis=2) / np.maximum((codes * codes).sum(axis=2), 1)
        off = ((codes * fitted[:, :, None] - blocks) ** 2).sum(axis=2)
        better = off < least
        best[better], scales[better], least[better] = codes[better], fitted[better], off[better]
    moved = (best + 8).astype(np.uint8)
    return (moved[:, :, 0::2] | moved[:, :, 1::2] << 4).astype(np.uint8), scales
