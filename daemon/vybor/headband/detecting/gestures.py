"""From samples to gestures: quality, clenches, blinks and double blinks, each with its evidence.

Pure and causal, and blind to how the signal was cut: `step` works by single samples and by blocks that lie on
the samples' own index.
"""

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.contracts import evidence
from vybor.contracts.messages import GestureKind
from vybor.headband.boards import Board
from vybor.headband.detecting import (
    bands,
    blink,
    chewing,
    clench,
    cutting,
    electrodes,
    filters,
    moving,
    pairs,
    quality,
    template,
)
from vybor.headband.detecting.template import Own
from vybor.headband.port import Chunk

BLOCK_S = 0.1
BRIDGED_S = 0.5
"""A shorter gap is filled with the last sample, and not believed; a longer one begins anew."""
SETTLE_S = 0.3
"""A blink is told so long after its end: until then a clench may show that it was none."""
CLENCH_MARGIN_S = 0.3
"""Muscle swings the electrodes before it is loud and after."""
ONE_EYE = 1.0
"""Log-odds less where one eye alone is seen: an electrode that moves looks like a blink."""
ONE_JAW = 1.5
"""Likewise of one jaw: chewing is one-sided."""
SHORTEST_BROW_S = 0.25
"""A forehead twitches for less."""
UNEVEN = 2.0
"""Log-odds less for each octave beyond one that a jaw is louder than the other: who chews does it on one side."""
IN_A_ROW = 2 * evidence.CAP
"""Log-odds less for a clench that does not stand alone: however strong it is, it is believed least of all."""
BROW = 1.0
"""Nobody's raised brows were ever recorded here: less is claimed."""

Samples = NDArray[np.float64]


class Rule(msgspec.Struct, frozen=True):
    """What stays the same while a headband is on."""

    board: Board
    pair_s: float
    """The longest time between the onsets of the two blinks of a double blink."""
    hold_s: float = 0.0
    """How long a clench is held to call for help; 0: none does."""
    brow: bool = False
    """Whether raised brows are told, by the muscle of the forehead."""
    own: Own = Own()
    """What a fitting found of this person's blinks and clenches."""
    patience: pairs.Patience = pairs.USUAL
    """How long two blinks wait for a third."""

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
    """Of a clench all that speaks against it is in it; it is held to the cap where it is believed."""
    height: float = 0.0
    """Of blinks the microvolts, the weaker one's of two; of clenches the multiple of what is loud."""
    width_s: float = 0.0
    """Of a blink at half of its height."""


class Sensing(msgspec.Struct, frozen=True):
    """All that is known between two chunks."""

    next: int
    """Index of the sample to come."""
    last: Samples
    """The newest sample of every channel that was a number."""
    lid_filter: Samples
    muscle_filter: Samples
    mains_filter: Samples
    contact: quality.Contact
    used: electrodes.Used
    lids: blink.Lids
    jaw: clench.Jaw
    brow: clench.Jaw
    spectra: bands.Spectra
    mouth: chewing.Mouth = chewing.Mouth()
    head: moving.Head = moving.Head()
    train: pairs.Train = pairs.Train()
    settling: tuple[blink.Deflection, ...] = ()
    """Blinks that are not told yet."""


def begin(rule: Rule, first: int, microvolts: Samples) -> Sensing:
    """Know nothing but the first sample (one value a channel), whose offsets the filters take as given."""
    board, start = rule.board, np.nan_to_num(microvolts)
    hz, contact = board.hz, quality.begin(len(start))
    return Sensing(
        next=first,
        last=start,
        lid_filter=filters.settled(filters.lid_band(hz, board.coupling_hz), start),
        muscle_filter=filters.settled(filters.muscle_band(hz), start),
        mains_filter=filters.settled(filters.mains_band(hz), start),
        contact=contact,
        used=electrodes.of(board, contact.good),
        lids=blink.begin(hz, first, board.leaning),
        jaw=clench.begin(hz, first, rule.hold_s),
        brow=clench.begin(hz, first),
        spectra=bands.begin(board),
    )


def step(sensing: Sensing | None, chunk: Chunk, rule: Rule) -> tuple[Sensing | None, tuple[Seen, ...]]:
    """Take in a chunk; returns the gestures known by its end."""
    microvolts = cutting.numbers(chunk.microvolts, rule.board.rail_microvolts)
    if not microvolts.shape[1]:
        return sensing, ()
    lost = 0 if sensing is None else chunk.first - sensing.next
    if sensing is None or lost < 0 or lost > BRIDGED_S * rule.board.hz:
        sensing, lost = begin(rule, chunk.first, microvolts[:, 0]), 0
    if lost:
        microvolts = np.hstack([np.full((microvolts.shape[0], lost), np.nan), microvolts])
    spectra = msgspec.structs.replace(sensing.spectra, seconds=())
    sensing = msgspec.structs.replace(sensing, head=moving.moved(sensing.head, chunk), spectra=spectra)
    seen: list[Seen] = []
    for piece in cutting.pieces(sensing.next, microvolts, rule.block):
        sensing, noticed = _piece(sensing, piece, rule)
        seen.extend(noticed)
    return sensing, tuple(seen)


def _piece(sensing: Sensing, microvolts: Samples, rule: Rule) -> tuple[Sensing, list[Seen]]:
    """Take in samples of one block; at its end learn, and judge the channels."""
    board = rule.board
    missing = ~np.isfinite(microvolts)
    filled = cutting.held(sensing.last, microvolts, missing)
    over, lid_filter = filters.run(filters.lid_band(board.hz, board.coupling_hz), sensing.lid_filter, filled)
    muscle, muscle_filter = filters.run(filters.muscle_band(board.hz), sensing.muscle_filter, filled)
    mains, mains_filter = filters.run(filters.mains_band(board.hz), sensing.mains_filter, filled)
    used = sensing.used
    felt = quality.Felt(filled, missing, mains, muscle)
    sensing = msgspec.structs.replace(
        sensing,
        next=sensing.next + filled.shape[1],
        last=filled[:, -1],
        lid_filter=lid_filter,
        muscle_filter=muscle_filter,
        mains_filter=mains_filter,
        contact=quality.felt(sensing.contact, felt, board.rail_microvolts),
        spectra=bands.felt(sensing.spectra, filled, board, rule.block),
    )
    eyes = electrodes.over_eyes(over, used.eyes).T.tolist()
    jaws = muscle[list(used.jaws)].T.tolist()
    brows = muscle[[channel for channel, _ in used.eyes]].T.tolist() if rule.brow else eyes
    seen: list[Seen] = []
    for each in zip(eyes, jaws, brows, strict=True):
        sensing, noticed = _sample(sensing, *map(tuple, each), rule=rule)
        seen.extend(noticed)
    return (_block_over(sensing, rule) if sensing.next % rule.block == 0 else sensing), seen


def _block_over(sensing: Sensing, rule: Rule) -> Sensing:
    """Judge the channels, listen to those that can be believed, and learn what is usual of them."""
    contact = quality.block_over(sensing.contact, BLOCK_S, rule.board.rail_microvolts)
    before, good = sensing.used, electrodes.of(rule.board, contact.good)
    # where none is good the old ones stay: their filters go on, and nothing is believed of them
    used = electrodes.Used(good.eyes or before.eyes, good.jaws or before.jaws)
    sees, hears = bool(good.eyes), bool(good.jaws)
    looks_on = sees and used.eyes == before.eyes
    jaw = electrodes.heard_by(sensing.jaw, before.jaws, used.jaws)
    brows = [tuple(channel for channel, _ in each.eyes) for each in (before, used)]
    brow = electrodes.heard_by(sensing.brow, *brows)
    body = bands.Body(contact, sensing.lids, sensing.jaw, sensing.head)
    hears_on = hears and used.jaws == before.jaws and bool(jaw.baseline)
    return msgspec.structs.replace(
        sensing,
        contact=contact,
        used=used,
        lids=blink.block_over(sensing.lids) if looks_on else blink.blinded(sensing.lids),
        jaw=clench.block_over(jaw) if hears else clench.blinded(jaw),
        brow=clench.block_over(brow) if sees else clench.blinded(brow),
        mouth=sensing.mouth if hears_on else chewing.deafened(sensing.mouth, sensing.next),
        train=sensing.train if looks_on else pairs.spoiled(sensing.train, sensing.next),
        settling=sensing.settling if looks_on else (),
        spectra=bands.block_over(sensing.spectra, body, rule.board, rule.block, sensing.next),
    )


def _sample(
    sensing: Sensing, eyes: tuple[float, ...], jaws: tuple[float, ...], brows: tuple[float, ...], *, rule: Rule
) -> tuple[Sensing, list[Seen]]:
    jaw, burst = clench.sample(sensing.jaw, jaws)
    mouth = chewing.sample(sensing.mouth, jaw.index, jaw.stronger, jaw.hz)
    brow, raised = clench.sample(sensing.brow, brows) if rule.brow else (sensing.brow, None)
    lids, deflection = blink.sample(sensing.lids, eyes)
    train, settling = sensing.train, sensing.settling
    if deflection:
        train = pairs.joined(train, deflection, rule.pair_s * rule.board.hz)
        settling = (*settling, deflection) if deflection.is_blink else settling
    if burst and not burst.is_held:
        mouth = chewing.clenched(mouth, burst)
    sensing = msgspec.structs.replace(
        sensing, jaw=jaw, brow=brow, mouth=mouth, lids=lids, train=train, settling=settling
    )
    seen: list[Seen] = []
    if burst and burst.is_held and (held := _held_clench(burst, sensing, rule)):
        seen.append(held)
    if mouth.waiting:
        mouth, judged = chewing.judged(mouth, jaw.index, jaw.hz)
        sensing = msgspec.structs.replace(sensing, mouth=mouth)
        seen.extend(_clench(one, sensing, rule) for one in judged)
    if raised and (one := _brow(raised, sensing, rule)):
        seen.append(one)
    if sensing.settling or sensing.train.blinks:
        sensing, told = _tell(sensing, rule)
        seen.extend(told)
    return sensing, seen


def _clench(judged: chewing.Judged, sensing: Sensing, rule: Rule) -> Seen:
    """A clench of one jaw, one that is uneven, or unlike this person's is believed less; one in a row hardly."""
    burst = judged.burst
    doubt = ONE_JAW if _is_one_sided(sensing, rule) else 0.0
    doubt += template.doubt_of_clench(rule.own, burst.margin)
    doubt += max(0.0, UNEVEN * (-math.log2(burst.balance) - 1))
    doubt += 0.0 if judged.is_alone else IN_A_ROW
    log_odds = evidence.log_odds(burst.margin) - doubt
    return Seen(GestureKind.CLENCH, burst.onset, burst.end, sensing.jaw.index, log_odds, burst.margin)


def _held_clench(burst: clench.Burst, sensing: Sensing, rule: Rule) -> Seen | None:
    """A call for help needs both jaws: who lies on one side tenses the other."""
    if _is_one_sided(sensing, rule):
        return None
    uneven = max(0.0, UNEVEN * (-math.log2(burst.balance) - 1))
    log_odds = evidence.log_odds(burst.margin) - uneven
    return Seen(GestureKind.LONG_CLENCH, burst.onset, burst.end, sensing.jaw.index, log_odds, burst.margin)


def _is_one_sided(sensing: Sensing, rule: Rule) -> bool:
    return len(sensing.used.jaws) < len(rule.board.temporal)


def _brow(raised: clench.Burst, sensing: Sensing, rule: Rule) -> Seen | None:
    """Raised brows, unless the jaw was loud too, or could not be heard, or the head turned."""
    margin = round(CLENCH_MARGIN_S * rule.board.hz)
    if raised.end - raised.onset < SHORTEST_BROW_S * rule.board.hz:
        return None
    if not sensing.jaw.baseline or clench.loud_between(sensing.jaw, raised.onset - margin, raised.end + margin):
        return None
    if moving.moved_between(sensing.head, raised.onset, raised.end, rule.board.hz):
        return None
    log_odds = evidence.log_odds(raised.margin) - BROW
    return Seen(GestureKind.BROW, raised.onset, raised.end, sensing.brow.index, log_odds, raised.margin)


def _tell(sensing: Sensing, rule: Rule) -> tuple[Sensing, list[Seen]]:
    """Say which blinks have stood the test of time, and whether they are two."""
    hz, index = rule.board.hz, sensing.lids.index
    seen: list[Seen] = []
    delay = round(filters.LID_DELAY_S * hz)
    settled = [one for one in sensing.settling if index - one.end >= SETTLE_S * hz]
    train = sensing.train
    for one in settled:
        if _is_other(sensing, one, one):
            train = pairs.spoiled(train, one.onset)
        else:
            times = (one.onset - delay, one.end - delay, index)
            seen.append(Seen(GestureKind.BLINK, *times, evidence.UNASKED, abs(one.microvolts), one.width_s))
    at_rest = sensing.lids.phase is not blink.Phase.AWAY
    if at_rest and train.blinks and not blink.begins(sensing.lids, train.blinks[-1].microvolts):
        train, pair = pairs.closed(train, index, hz, rule.pair_s * hz, rule.patience)
        if pair and not _is_other(sensing, pair.first, pair.second):
            seen.append(_double(pair, sensing, rule))
    return msgspec.structs.replace(sensing, train=train, settling=sensing.settling[len(settled) :]), seen


def _double(pair: pairs.Pair, sensing: Sensing, rule: Rule) -> Seen:
    first, second = pair.first, pair.second
    delay = round(filters.LID_DELAY_S * rule.board.hz)
    unlike = abs(math.log2(second.microvolts / first.microvolts))
    doubt = ONE_EYE if len(sensing.used.eyes) < len(rule.board.frontal) else 0.0
    rhythm_s = (second.onset - first.onset) / rule.board.hz
    doubt += template.doubt_of_pair(rule.own, (first.microvolts, second.microvolts), rhythm_s)
    # what is known of the whole lies beneath the cap, and is taken from it
    log_odds = evidence.log_odds(min(first.margin, second.margin), doubt=unlike) - doubt
    height = min(abs(first.microvolts), abs(second.microvolts))
    times = (first.onset - delay, second.end - delay, sensing.lids.index)
    return Seen(GestureKind.DOUBLE_BLINK, *times, log_odds, height, rhythm_s)


def _is_other(sensing: Sensing, first: blink.Deflection, last: blink.Deflection) -> bool:
    """Whether it is the jaw's doing, or came with a turn of the head."""
    margin = round(CLENCH_MARGIN_S * sensing.jaw.hz)
    return clench.loud_between(sensing.jaw, first.onset - margin, last.end + margin) or moving.moved_between(
        sensing.head, first.onset, last.end, sensing.lids.hz
    )
