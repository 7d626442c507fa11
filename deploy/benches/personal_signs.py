"""What fits find of the blinks of simulated writers who have changed since their fitting, and what it changes.

A writer's days are double blinks made of real single ones, laid over real stretches without any, with pairs that
nobody meant, single blinks, runs, chewing and talking between (headband_mixtures.py, its part for development).
The kit's own detector sees them, and by what the fitting of before found they choose or do not; what nobody meant
is taken back as a rule. From that record numbers are fitted. Then later days are seen by both.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import msgspec

from benches import headband_mixtures
from benches.headband import CHUNK_S
from benches.headband_mixtures import DEVELOPMENT, Act, Ground, Samples
from benches.headband_truth import Label, overlaps
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Channelled, GestureKind
from vybor.contracts.numbers import SignsNumbers
from vybor.foundation.clock import seconds
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.foundation.settings import CommitSettings
from vybor.headband import believing
from vybor.headband.believing import Known
from vybor.headband.detecting import gestures, template
from vybor.headband.detecting.template import Own
from vybor.headband.port import Chunk
from vybor.selector import weigh
from vybor_workshop.personal import signs

MEANT, UNMEANT, OTHERS = 10, 4, 3
"""Of double blinks, pairs that nobody meant, and all else: a day."""
DAYS, LATER = 20, 8
TILE_P = 0.97
NOTICED, SLIPS = 0.9, 0.02
"""How often a choice that nobody meant is taken back, and one that was meant."""
HEIGHT_SD, RHYTHM_SD = 0.15, 0.1
"""Of the logarithm, from sign to sign."""
DAY_NS = 24 * 3600 * 10**9
SEED = 57


class Blinks(msgspec.Struct, frozen=True):
    """What somebody's are like."""

    rhythm_s: float = 0.3
    microvolts: float = 240.0


class Writer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was fitted once, perhaps, and blinks like this now; what they do not mean is brisk."""

    fitted: Blinks | None = Blinks()
    now: Blinks = Blinks()
    unmeant: Blinks = Blinks(0.25, 150.0)


WRITERS = {
    "steady": Writer(),
    "slower": Writer(now=Blinks(0.6, 240.0)),
    "fainter": Writer(now=Blinks(0.3, 100.0)),
    "slower_and_fainter": Writer(now=Blinks(0.6, 100.0)),
    "never_fitted": Writer(fitted=None, now=Blinks(0.5, 240.0)),
}


class Told(msgspec.Struct, frozen=True):
    """A double blink that the detector told, by what was known of the person."""

    seen: gestures.Seen
    plain: float
    log_odds: float
    is_meant: bool


class Day(msgspec.Struct, frozen=True):
    """What was felt, and where in it double blinks that were meant lie."""

    felt: Samples
    meant: Sequence[Label]
    hz: float


class Felt(msgspec.Struct, frozen=True):
    """Double blinks of a day, by the detector that knows nothing of the person, and whether each was meant."""

    seen: Sequence[tuple[gestures.Seen, bool]]
    meant: int
    """So many were laid."""
    hz: float


class Tally(msgspec.Struct, frozen=True):
    """What came of some days."""

    meant: int
    missed: int
    """Of those, so many chose nothing."""
    false: int
    """Choices that nobody meant."""


Tell = Callable[[str], None]


def ground(folder: Path) -> Ground:
    """A Muse's blinks and stretches. Raises Missing."""
    return max(headband_mixtures.grounds(folder, DEVELOPMENT), key=lambda each: len(each.shapes))


def figures(of: Ground, writer: Writer, tell: Tell) -> tuple[dict[str, float], signs.Fitted]:
    """Fitted, lived, learned from, and seen by both. Raises TooLittle."""
    usual = believing.known(_fitting(of, writer), SignsNumbers())
    decisions: list[m.Decision] = []
    for number in range(DAYS):
        day = felt(of, lived(of, writer, number))
        decisions += record(number, day, usual)
    fitted = signs.fit(signs.signs(decisions, 0), 0)
    tell(f"fitted: {fitted.numbers}")
    learned = believing.known(usual.own, fitted.numbers)
    later = [felt(of, lived(of, writer, DAYS + number)) for number in range(LATER)]
    found = {
        "rhythm_s": writer.now.rhythm_s,
        "rhythm_s.fitted": usual.own.rhythm_s,
        "rhythm_s.learned": fitted.numbers.blink_rhythm_s or 0.0,
        "microvolts.fitted": usual.own.blink_microvolts,
        "microvolts.learned": fitted.numbers.blink_microvolts or 0.0,
        "shift": fitted.numbers.blink_shift,
    }
    for name, known in (("before", usual), ("after", learned)):
        its = tally(later, known)
        found |= {f"missed.{name}": its.missed / its.meant, f"false.{name}": float(its.false)}
    return found | {"later.meant": float(its.meant)}, fitted


def _fitting(of: Ground, writer: Writer) -> Own:
    """What a fitting of then found: the usual height and rhythm, as the detector tells them."""
    if writer.fitted is None:
        return Own()
    before = msgspec.structs.replace(writer, now=writer.fitted)
    seen = [one for one, is_meant in felt(of, lived(of, before, -1)).seen if is_meant]
    return Own(
        blink_microvolts=statistics.median(each.height for each in seen),
        rhythm_s=statistics.median(believing.rhythm_s(each) for each in seen),
    )


def lived(of: Ground, writer: Writer, number: int) -> Day:
    """A day of theirs."""
    random = Random(SEED * 10_000 + number)
    acts = [_double("double", writer.now, random) for _ in range(MEANT)]
    acts += [_double("unmeant", writer.unmeant, random) for _ in range(UNMEANT)]
    acts += [_other(random, writer.now.microvolts) for _ in range(OTHERS)]
    random.shuffle(acts)
    felt, labels = headband_mixtures.laid(of, acts, random)
    return Day(felt, [label for _, label in labels], of.board.hz)


def _double(kind: str, like: Blinks, random: Random) -> Act:
    rhythm_s = min(0.68, like.rhythm_s * random.lognormvariate(0, RHYTHM_SD))
    return Act(kind, 2, rhythm_s, like.microvolts * random.lognormvariate(0, HEIGHT_SD))


def _other(random: Random, microvolts: float) -> Act:
    match random.randrange(4):
        case 0:
            return Act("single", 1, 0.0, microvolts)
        case 1:
            return Act("run", random.choice((3, 4)), 0.35, microvolts)
        case 2:
            return Act("chewing")
    return Act("talking")


def felt(of: Ground, day: Day) -> Felt:
    """The double blinks that the detector sees, in their order."""
    doubles = [seen for seen in _seen(of, day.felt) if seen.kind is GestureKind.DOUBLE_BLINK]
    return Felt(
        [(seen, any(overlaps(seen, label, day.hz) for label in day.meant)) for seen in doubles],
        len(day.meant),
        day.hz,
    )


def told(day: Felt, known: Known) -> list[Told]:
    """The same as they are believed by who knows this of the person: the detector itself takes what is unlike."""
    found: list[Told] = []
    for seen, is_meant in day.seen:
        doubt = template.doubt_of_pair(known.own, (seen.height, seen.height), believing.rhythm_s(seen))
        taken = msgspec.structs.replace(seen, log_odds=seen.log_odds - doubt)
        belief = believing.believed(taken, known)
        found.append(Told(seen, belief.plain, belief.log_odds, is_meant))
    return found


def _seen(of: Ground, felt: Samples) -> Iterator[gestures.Seen]:
    rule = gestures.Rule(of.board, pair_s=HeadbandSettings().double_blink_gap_s)
    edges = [*range(0, felt.shape[1], round(CHUNK_S * of.board.hz)), felt.shape[1]]
    state: gestures.Sensing | None = None
    period_ns = 1e9 / of.board.hz
    for start, end in pairwise(edges):
        microvolts = felt[:, start:end].astype("float32")
        chunk = Chunk(
            first=start,
            microvolts=microvolts,
            at_ns=round(start * period_ns),
            period_ns=period_ns,
            at_sd_ns=0,
        )
        state, noticed = gestures.step(state, chunk, rule)
        yield from noticed


def chooses(one: Told) -> bool:
    """With a tile that is as sure as is usual, by the usual settings."""
    return weigh.is_meant(TILE_P, one.log_odds, CommitSettings())


def tally(days: Sequence[Felt], known: Known) -> Tally:
    """What some days are like for who is believed so."""
    chosen = [one for day in days for one in told(day, known) if chooses(one)]
    meant, hits = sum(day.meant for day in days), sum(one.is_meant for one in chosen)
    return Tally(meant, meant - hits, len(chosen) - hits)


# --- the record -------------------------------------------------------------------------------------------------


def record(number: int, day: Felt, known: Known) -> list[m.Decision]:
    """What a kit that knows this writes down of a day: what a sign does not choose, the edge does."""
    random, found, some = Random(number), Decided(number), told(day, known)
    waiting: tuple[m.SignMade, ...] = ()
    for one in some:
        at_ns = number * DAY_NS + seconds(one.seen.onset / day.hz)
        sign = _made(one, at_ns, random)
        if chooses(one):
            found.add(at_ns, (*waiting, sign), Channelled.DOUBLE_BLINK)
            if random.random() < (SLIPS if one.is_meant else NOTICED):
                found.add(at_ns + seconds(2), (), Channelled.PAD, Action.UNDO)
            waiting = ()
        elif one.is_meant:
            found.add(at_ns + seconds(1.5), (*waiting, sign), Channelled.PAD)
            waiting = ()
        else:
            waiting = (*waiting, sign)
    for _ in range(day.meant - sum(one.is_meant for one in some)):  # the detector told nothing of them
        found.add(found.last_ns + seconds(4), waiting, Channelled.PAD)
        waiting = ()
    return found.decisions


def _made(one: Told, at_ns: int, random: Random) -> m.SignMade:
    is_there = one.is_meant or chooses(one)
    return m.SignMade(
        kind=one.seen.kind,
        at_ns=at_ns,
        log_odds=one.log_odds,
        plain=one.plain,
        height=one.seen.height,
        rhythm_s=believing.rhythm_s(one.seen),
        slot=0 if is_there else random.randrange(1, 9),
        chose=chooses(one),
    )


class Decided:
    """Choices of a day, in their order; nothing of them but what tells of signs."""

    def __init__(self, day: int) -> None:
        self._session = f"day {day}"
        self.last_ns = day * DAY_NS
        self.decisions: list[m.Decision] = []

    def add(
        self, at_ns: int, made: tuple[m.SignMade, ...], channel: Channelled, action: Action = Action.TAKE
    ) -> None:
        """One more."""
        self.last_ns = max(self.last_ns + 1, at_ns)
        evidence = m.Evidence(channel=channel, posterior=TILE_P, posterior_without_prior=0.95, gaze_age_ms=0.0)
        self.decisions.append(
            m.Decision(
                at_ns=self.last_ns,
                session=self._session,
                number=len(self.decisions) + 1,
                action=action,
                slot=0,
                written="",
                text_before="",
                text_after="",
                offer=1,
                shown=(),
                evidence=evidence,
                signs=made,
            )
        )
