"""From samples to gestures: quality, clenches, blinks and double blinks, each with its evidence.

Pure and causal, and blind to how the signal was cut: `step` works by single samples and by blocks that lie on
the samples' own index.
"""

import math
from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.contracts import evidence
from vybor.contracts.messages import GestureKind
from vybor.headband.boards import Board
from vybor.headband.detecting import blink, clench, filters, pairs, quality
from vybor.headband.port import Chunk

BLOCK_S = 0.1
BRIDGED_S = 0.5
"""A shorter gap is filled with the last sample, and not believed; a longer one begins anew."""
SETTLE_S = 0.3
"""A blink is told so long after its end: until then a clench may show that it was none."""
CLENCH_MARGIN_S = 0.3
"""Muscle swings the electrodes before it is loud and after."""

Samples = NDArray[np.float64]


class Rule(msgspec.Struct, frozen=True):
    """What stays the same while a headband is on."""

    board: Board
    pair_s: float
    """The longest time between the onsets of the two blinks of a double blink."""
    hold_s: float = 0.0
    """How long a clench is held to call for help; 0: none does."""

    @property
    def block(self) -> int:
        """Samples of a block."""
        return round(self.board.hz * BLOCK_S)


class Seen(msgspec.Struct, frozen=True):
    """A gesture, by sample index; `known` is the sample at which it was known."""

    kind: GestureKind
    onset: int
    end: int
    known: int
    log_odds: float


class Sensing(msgspec.Struct, frozen=True):
    """All that is known between two chunks."""

    next: int
    """Index of the sample to come."""
    last: Samples
    """The newest sample of every channel that was a number."""
    lid_filter: Samples
    jaw_filter: Samples
    contact: quality.Contact
    lids: blink.Lids
    jaw: clench.Jaw
    train: pairs.Train = pairs.Train()
    settling: tuple[blink.Deflection, ...] = ()
    """Blinks that are not told yet."""


def begin(rule: Rule, first: int, microvolts: Samples) -> Sensing:
    """Know nothing but the first sample (one value a channel), whose offsets the filters take as given."""
    board, start = rule.board, np.nan_to_num(microvolts)
    return Sensing(
        next=first,
        last=start,
        lid_filter=filters.settled(filters.lid_band(board.hz, board.coupling_hz), _eyes(start, board)),
        jaw_filter=filters.settled(filters.muscle_band(board.hz), start[list(board.temporal)]),
        contact=quality.begin(len(start)),
        lids=blink.begin(board.hz, first),
        jaw=clench.begin(board.hz, first, rule.hold_s),
    )


def step(sensing: Sensing | None, chunk: Chunk, rule: Rule) -> tuple[Sensing | None, tuple[Seen, ...]]:
    """Take in a chunk; returns the gestures known by its end."""
    microvolts = chunk.microvolts.astype(np.float64)
    if not microvolts.shape[1]:
        return sensing, ()
    lost = 0 if sensing is None else chunk.first - sensing.next
    if sensing is None or lost < 0 or lost > BRIDGED_S * rule.board.hz:
        sensing, lost = begin(rule, chunk.first, microvolts[:, 0]), 0
    if lost:
        microvolts = np.hstack([np.full((microvolts.shape[0], lost), np.nan), microvolts])
    seen: list[Seen] = []
    for piece in _pieces(sensing.next, microvolts, rule.block):
        sensing, noticed = _piece(sensing, piece, rule)
        seen.extend(noticed)
    return sensing, tuple(seen)


def _pieces(first: int, microvolts: Samples, block: int) -> Iterator[Samples]:
    """Cut at the ends of blocks, which lie on the index and not on the chunk."""
    start, count = 0, microvolts.shape[1]
    while start < count:
        end = min(count, start + block - (first + start) % block)
        yield microvolts[:, start:end]
        start = end


def _piece(sensing: Sensing, microvolts: Samples, rule: Rule) -> tuple[Sensing, list[Seen]]:
    """Take in samples of one block; at its end learn, and judge the channels."""
    board = rule.board
    missing = ~np.isfinite(microvolts)
    filled = _held(sensing.last, microvolts, missing)
    lid_band = filters.lid_band(board.hz, board.coupling_hz)
    lids_felt, lid_filter = filters.run(lid_band, sensing.lid_filter, _eyes(filled, board))
    jaw_felt, jaw_filter = filters.run(
        filters.muscle_band(board.hz), sensing.jaw_filter, filled[list(board.temporal)]
    )
    sensing = msgspec.structs.replace(
        sensing,
        next=sensing.next + filled.shape[1],
        last=filled[:, -1],
        lid_filter=lid_filter,
        jaw_filter=jaw_filter,
        contact=quality.felt(sensing.contact, filled, missing, board.rail_microvolts),
    )
    seen: list[Seen] = []
    for eyes, jaws in zip(lids_felt.T.tolist(), jaw_felt.T.tolist(), strict=True):
        sensing, noticed = _sample(sensing, tuple(eyes), tuple(jaws), rule)
        seen.extend(noticed)
    return (_block_over(sensing, rule) if sensing.next % rule.block == 0 else sensing), seen


def _eyes(microvolts: Samples, board: Board) -> Samples:
    """What is over the eyes, of one sample (channels) or of many (channels x samples)."""
    over = microvolts[list(board.frontal)]
    return over - microvolts[list(board.against)] if board.against else over


def _held(last: Samples, microvolts: Samples, missing: NDArray[np.bool_]) -> Samples:
    """The samples, with each missing one replaced by its channel's last."""
    if not missing.any():
        return microvolts
    known = np.hstack([last[:, None], microvolts])
    places = np.where(np.hstack([np.zeros((len(last), 1), bool), missing]), 0, np.arange(known.shape[1]))
    held: Samples = np.take_along_axis(known, np.maximum.accumulate(places, axis=1), axis=1)[:, 1:]
    return held


def _block_over(sensing: Sensing, rule: Rule) -> Sensing:
    contact = quality.block_over(sensing.contact, BLOCK_S)
    sees = quality.all_good(contact, rule.board.eyes)
    hears = quality.all_good(contact, rule.board.temporal)
    return msgspec.structs.replace(
        sensing,
        contact=contact,
        lids=blink.block_over(sensing.lids) if sees else blink.blinded(sensing.lids),
        jaw=clench.block_over(sensing.jaw) if hears else clench.blinded(sensing.jaw),
        train=sensing.train if sees else pairs.spoiled(sensing.train, sensing.next),
        settling=sensing.settling if sees else (),
    )


def _sample(
    sensing: Sensing, eyes: tuple[float, ...], jaws: tuple[float, ...], rule: Rule
) -> tuple[Sensing, list[Seen]]:
    jaw, burst = clench.sample(sensing.jaw, jaws)
    lids, deflection = blink.sample(sensing.lids, eyes)
    train, settling = sensing.train, sensing.settling
    if deflection:
        train = pairs.joined(train, deflection, rule.pair_s * rule.board.hz)
        settling = (*settling, deflection) if deflection.is_blink else settling
    sensing = msgspec.structs.replace(sensing, jaw=jaw, lids=lids, train=train, settling=settling)
    seen: list[Seen] = []
    if burst:
        log_odds = evidence.log_odds(burst.margin)
        kind = GestureKind.LONG_CLENCH if burst.is_held else GestureKind.CLENCH
        seen.append(Seen(kind, burst.onset, burst.end, jaw.index, log_odds))
    if sensing.settling or sensing.train.blinks:
        sensing, told = _tell(sensing, rule)
        seen.extend(told)
    return sensing, seen


def _tell(sensing: Sensing, rule: Rule) -> tuple[Sensing, list[Seen]]:
    """Say which blinks have stood the test of time, and whether they are two."""
    hz, index = rule.board.hz, sensing.lids.index
    seen: list[Seen] = []
    delay = round(filters.LID_DELAY_S * hz)
    settled = [one for one in sensing.settling if index - one.end >= SETTLE_S * hz]
    train = sensing.train
    for one in settled:
        if _clenched(sensing.jaw, one, one):
            train = pairs.spoiled(train, one.onset)
        else:
            seen.append(Seen(GestureKind.BLINK, one.onset - delay, one.end - delay, index, evidence.UNASKED))
    if sensing.lids.phase is not blink.Phase.AWAY:
        train, pair = pairs.closed(train, index, hz)
        if pair and not _clenched(sensing.jaw, pair.first, pair.second):
            seen.append(_double(pair, index, delay))
    return msgspec.structs.replace(sensing, train=train, settling=sensing.settling[len(settled) :]), seen


def _double(pair: pairs.Pair, index: int, delay: int) -> Seen:
    unlike = abs(math.log2(pair.second.microvolts / pair.first.microvolts))
    log_odds = evidence.log_odds(min(pair.first.margin, pair.second.margin), doubt=unlike)
    return Seen(GestureKind.DOUBLE_BLINK, pair.first.onset - delay, pair.second.end - delay, index, log_odds)


def _clenched(jaw: clench.Jaw, first: blink.Deflection, last: blink.Deflection) -> bool:
    margin = round(CLENCH_MARGIN_S * jaw.hz)
    return clench.loud_between(jaw, first.onset - margin, last.end + margin)
