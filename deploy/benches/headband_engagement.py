"""What comes out of engagement on recordings: how much of the time it is absent, its spread, stretches of alpha.

Nobody said how engaged they were while these were made: nothing here shows that it means anything. What is usual
of the wearer is taken from the first recording, by fewer windows than the kit asks for, as recordings are short; z
of the others is held against it, and of the first against itself. From a start with nobody known the kit tells
nothing for the first three minutes: `cold` is how much of a recording it would have told something.
"""

from collections.abc import Sequence
from itertools import groupby

import msgspec
import numpy as np

from benches.headband_files import Recording
from benches.headband_truth import share, to_be_had
from vybor.contracts.messages import GestureKind
from vybor.foundation.errors import Missing
from vybor.headband.boards import Board
from vybor.headband.detecting import bands, engagement, gestures, usual
from vybor.headband.detecting.bands import Second
from vybor.headband.detecting.engagement import Around, Engagement, Slow, Told
from vybor.headband.port import Chunk

LEAST = 8
"""Windows by which a wearer counts as known here: half a minute."""
PAIR_S = 0.7
STRETCH_S = 3.0
"""A rise of alpha that lasts less is not listed."""
CHUNK = 10


class Heard(msgspec.Struct, frozen=True):
    """The seconds of a recording, and the signs in it."""

    hz: int
    seconds: tuple[Second, ...]
    signs: tuple[int, ...]
    behind: tuple[int, ...]


def figures(worn: Sequence[tuple[str, Recording]], jaws: Sequence[int] | None = None) -> dict[str, float]:
    """Of each recording, by its name; prints the stretches of alpha. Raises Missing."""
    heard = [(name, _heard(recording, _board(recording, jaws))) for name, recording in worn]
    known = _known_by(heard[0][1])
    found: dict[str, float] = {}
    for name, each in heard:
        told = _told(known, each, learns=False)
        figures = _of(told, each) | {"cold": _share(_told(Engagement(), each, learns=True))}
        found |= to_be_had({f"{name}.{key}": value for key, value in figures.items()})
        high = stretches(told, each)
        for start_s, end_s in high:
            print(f"{name}: alpha high from {start_s:.1f} to {end_s:.1f} s")
        if high:
            longest = max(high, key=lambda one: one[1] - one[0])
            found |= {f"{name}.alpha_longest_from_s": longest[0], f"{name}.alpha_longest_until_s": longest[1]}
    return found


def stretches(told: Sequence[Told], heard: Heard) -> list[tuple[float, float]]:
    """From when to when, in seconds of the recording, alpha was as high as of somebody who stays drowsy.

    Each value is of the four seconds before.
    """
    found = []
    pairs = zip(told, heard.seconds, strict=True)
    for is_high, run in groupby(pairs, lambda pair: (pair[0].alpha or 0.0) >= engagement.AWAKE):
        ends = [second.end / heard.hz for _, second in run]
        if is_high and ends[-1] - ends[0] >= STRETCH_S:
            found.append((ends[0], ends[-1]))
    return found


def _board(recording: Recording, jaws: Sequence[int] | None) -> Board:
    """The recording's, with other channels where those over the jaws are, if they are named. Raises Missing."""
    board = recording.board
    if jaws is None:
        return board
    if not all(1 <= channel <= board.channels for channel in jaws):
        raise Missing(f"a {board.name} has the channels 1 to {board.channels}; name two of them with --jaws")
    return msgspec.structs.replace(board, temporal=tuple(channel - 1 for channel in jaws))


def _heard(recording: Recording, board: Board) -> Heard:
    rule, state = gestures.Rule(board, pair_s=PAIR_S), None
    seconds: list[Second] = []
    signs: list[int] = []
    period_ns = 1e9 / board.hz
    for start in range(0, recording.microvolts.shape[1], CHUNK):
        samples = recording.microvolts[:, start : start + CHUNK]
        at_ns = round(start * period_ns)
        chunk = Chunk(first=start, microvolts=samples, at_ns=at_ns, period_ns=period_ns, at_sd_ns=0)
        state, seen = gestures.step(state, chunk, rule)
        seconds += state.spectra.seconds if state else ()
        signs += [one.known for one in seen if one.kind is not GestureKind.BLINK]
    return Heard(board.hz, tuple(seconds), tuple(signs), bands.behind(board))


def _known_by(heard: Heard) -> Engagement:
    """A wearer of whom this much is kept, and whose level is where it usually is. Raises Missing."""
    around = Around(heard.hz, heard.signs, eyes_open=True, behind=heard.behind)
    baseline = engagement.step(Engagement(), heard.seconds, around).baseline
    electrodes = len(heard.seconds[0].powers) if heard.seconds else 0
    known = usual.of(baseline, electrodes, LEAST)
    if not any(known):
        raise Missing("too little of the first recording can be believed; name another one first")
    level = Slow(windows=engagement.ENGAGEMENT_WINDOWS)
    alpha_level = Slow(windows=engagement.ALPHA_WINDOWS)
    return Engagement(baseline=baseline, usual=known, end=0, level=level, alpha_level=alpha_level)


def _told(known: Engagement, heard: Heard, *, learns: bool) -> list[Told]:
    """What is told at each second; who learns nothing from them makes signs all the time."""
    told = []
    for second in heard.seconds:
        made = tuple(at for at in heard.signs if at <= second.known) if learns else (second.known,)
        around = Around(heard.hz, made, eyes_open=True, behind=heard.behind)
        known = engagement.step(known, (second,), around)
        told.append(known.told)
    return told


def _of(told: Sequence[Told], heard: Heard) -> dict[str, float | None]:
    values = [each.engagement for each in told if each.engagement is not None]
    spent = [second for second in heard.seconds if not any(second.powers)]
    quartiles = np.percentile(values, (25, 50, 75)).tolist() if values else None
    is_told = _share(told)
    return {
        "minutes": heard.seconds[-1].end / heard.hz / 60 if heard.seconds else 0.0,
        "absent": None if is_told is None else 1 - is_told,
        "left_out": share(len(spent), len(heard.seconds)),
        "z_median": quartiles[1] if quartiles else None,
        "z_iqr": quartiles[2] - quartiles[0] if quartiles else None,
        "alpha_high": share(sum((each.alpha or 0.0) >= engagement.DROWSY for each in told), len(told)),
        "drowsy": share(sum(each.is_drowsy for each in told), len(told)),
    }


def _share(told: Sequence[Told]) -> float | None:
    """Of the seconds so many at which engagement was told; None if there were none."""
    return share(sum(each.engagement is not None for each in told), len(told))
