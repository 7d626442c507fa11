"""What the headband's detectors see: against labels, in mixtures of real blinks, and where nothing is meant.

`--recording FILE` tells what is seen in a recording, with `--labels FILE` how that compares with what the eye saw.
`--mixtures` lays double blinks made of real single ones over real stretches without any, with single blinks, runs,
chewing and talking between; the parts are named in headband_labels/. `--chewing` lays rows of bites, and clenches
that stand alone. `--waits` shows what it costs that two blinks wait for a third, and what it spares.
`--false FILE...` counts what would have confirmed where nobody meant to, with the bound of a Poisson count (95 %).
`--ssvep FILE...` tells which of two rhythms of flicker was looked at, by channels, and whether the gate lets each
subject in. `--engagement FILE...` tells what comes out of engagement; what is usual of the wearer is taken from
the first file.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from scipy import stats

from benches import (
    headband_chewing,
    headband_engagement,
    headband_files,
    headband_mixtures,
    headband_ssvep,
    headband_truth,
    headband_waits,
    options,
    report,
)
from benches.headband_files import Microvolts, Recording
from benches.headband_mixtures import Look
from vybor.contracts.messages import GestureKind
from vybor.foundation.errors import Missing, VyborError
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.headband.boards import BY_NAME, Board
from vybor.headband.detecting import electrodes, gestures, pairs
from vybor.headband.port import Chunk

CHUNK_S = 0.04
CONFIRMS = (GestureKind.DOUBLE_BLINK, GestureKind.CLENCH)
CLAIMED_MINUTES = 60.0
"""With less than this nothing is claimed of false confirms…"""
GOAL_PER_MIN = 0.2
"""…and with a higher bound than this neither."""


def main() -> None:
    """Run the detectors, print, and write the figures."""
    parser = argparse.ArgumentParser(prog="deploy/bench headband", description=__doc__)
    parser.add_argument("--share", type=Path, help=argparse.SUPPRESS)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--recording", type=Path, metavar="FILE", help="tell what is seen in this one")
    what.add_argument("--mixtures", action="store_true", help="made of real blinks and real stretches without")
    what.add_argument("--chewing", action="store_true", help="made chewing and clenches over the same stretches")
    what.add_argument("--waits", action="store_true", help="how long two blinks wait for a third: time, and runs")
    what.add_argument("--false", type=Path, nargs="+", metavar="FILE", help="count confirms that nobody meant")
    what.add_argument(
        "--ssvep", type=Path, nargs="+", metavar="FILE", help="flicker that was looked at, with markers"
    )
    what.add_argument("--engagement", type=Path, nargs="+", metavar="FILE", help="recordings of one wearer")
    channels = ("LEFT", "RIGHT")
    parser.add_argument(
        "--jaws", type=int, nargs=2, metavar=channels, help="for engagement: these channels, from 1"
    )
    parser.add_argument(
        "--board",
        default=headband_files.BOARD,
        choices=tuple(BY_NAME),
        metavar="NAME",
        help=f"of which headband, where a file does not say so: {', '.join(BY_NAME)}",
    )
    parser.add_argument("--labels", type=Path, metavar="FILE", help="what the eye saw in the recording")
    parser.add_argument(
        "--development", action="store_true", help="the mixtures to change the detector on; what --ssvep believes"
    )
    parser.add_argument("--data", type=Path, help="the folder that holds eeg/ ($VYBOR_DATA)")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    try:
        figures = measured(parsed)
    except VyborError as error:
        sys.exit(f"bench: {error}")
    report.write("headband", figures, parsed.json)


def measured(parsed: argparse.Namespace) -> dict[str, float]:
    """The figures that are asked for. Raises Missing."""
    if parsed.recording:
        labels = headband_truth.read(parsed.labels) if parsed.labels else None
        return of_recording(headband_files.read(parsed.recording, parsed.board), labels)
    if parsed.false:
        return of_false([headband_files.read(path, parsed.board) for path in parsed.false])
    if parsed.ssvep:
        return of_ssvep([headband_ssvep.read(path) for path in parsed.ssvep], development=parsed.development)
    if parsed.engagement:
        worn = [(path.stem, headband_files.read(path, parsed.board)) for path in parsed.engagement]
        return headband_engagement.figures(worn, parsed.jaws)
    part = headband_mixtures.DEVELOPMENT if parsed.development else headband_mixtures.TEST
    folder = data(parsed.data) / "eeg"
    if parsed.waits:
        return headband_waits.figures(folder, part, patient)
    if parsed.chewing:
        return headband_chewing.figures(folder, part, seen)
    return headband_mixtures.figures(folder, part, seen)


def data(named: Path | None) -> Path:
    """The folder of the recordings. Raises Missing."""
    folder = named or Path(os.environ.get("VYBOR_DATA", ""))
    if not (folder / "eeg").is_dir():
        raise Missing(f"there are no recordings in {folder / 'eeg'}; name their folder with --data")
    return folder


def patient(patience: pairs.Patience) -> Look:
    """The gestures in a signal, by the usual settings but for how long two blinks wait."""
    return lambda microvolts, board: [
        one for _, noticed in watched(microvolts, board, patience) for one in noticed
    ]


def seen(microvolts: Microvolts, board: Board) -> list[gestures.Seen]:
    """The gestures in a signal, by the usual settings."""
    return patient(pairs.USUAL)(microvolts, board)


def watched(
    microvolts: Microvolts, board: Board, patience: pairs.Patience = pairs.USUAL
) -> Iterator[tuple[float, tuple[gestures.Seen, ...]]]:
    """Chunk by chunk: for how many seconds of it lids and jaw could both be seen, and what is known by then."""
    rule = gestures.Rule(board, pair_s=HeadbandSettings().double_blink_gap_s, patience=patience)
    edges = [*range(0, microvolts.shape[1], round(CHUNK_S * board.hz)), microvolts.shape[1]]
    period_ns = 1e9 / board.hz
    state: gestures.Sensing | None = None
    for start, end in pairwise(edges):
        chunk = Chunk(
            first=start,
            microvolts=microvolts[:, start:end],
            at_ns=round(start * period_ns),
            period_ns=period_ns,
            at_sd_ns=0,
        )
        state, noticed = gestures.step(state, chunk, rule)
        judged = state.contact.good if state and state.contact.ends else (False,) * board.channels
        used = electrodes.of(board, judged)
        yield (end - start) / board.hz if used.eyes and used.jaws else 0.0, noticed


def of_recording(recording: Recording, labels: Sequence[headband_truth.Label] | None) -> dict[str, float]:
    """How many of each kind were seen, and how that compares with the labels if there are any."""
    hz = recording.board.hz
    found = seen(recording.microvolts, recording.board)
    for one in found:
        print(f"{one.onset / hz:8.2f} s to {one.end / hz:.2f} s  {one.kind:12} log-odds {one.log_odds:+.1f}")
    figures = {f"seen.{kind}": float(sum(one.kind is kind for one in found)) for kind in GestureKind}
    figures = {key: value for key, value in figures.items() if value} | {"minutes": recording.minutes}
    if labels is None:
        return figures
    blinks = headband_truth.score(labels, found, GestureKind.BLINK, hz)
    jaws = headband_truth.score(labels, found, GestureKind.CLENCH, hz)
    doubles = headband_truth.score(labels, found, GestureKind.DOUBLE_BLINK, hz)
    compared = {
        "blink.there": float(blinks.there),
        "blink.recall": blinks.recall,
        "blink.precision": blinks.precision,
        "blink.in_clench": float(headband_truth.inside(labels, found, hz)),
        "jaw.there": float(jaws.there),
        "jaw.recall": jaws.recall,
        "jaw.precision": jaws.precision,
        "double.false": float(doubles.false),
    }
    return figures | headband_truth.to_be_had(compared)


def of_false(recordings: Sequence[Recording]) -> dict[str, float]:
    """What would have confirmed, and how often it may really be, by the time in which it could have been seen."""
    count, minutes = 0, 0.0
    for recording in recordings:
        for seconds, noticed in watched(recording.microvolts, recording.board):
            count += sum(one.kind in CONFIRMS and one.log_odds > 0 for one in noticed)
            minutes += seconds / 60
    if not minutes:
        raise Missing("in these recordings nothing could be seen: no electrode was good; name others")
    upper = poisson_upper(count) / minutes
    is_enough = minutes >= CLAIMED_MINUTES
    print(verdict(minutes, upper))
    return {
        "false.count": float(count),
        "false.minutes": minutes,
        "false.minutes_recorded": sum(recording.minutes for recording in recordings),
        "false.per_min_upper95": upper,
        "false.is_enough": float(is_enough),
        "false.is_claimed": float(is_enough and upper <= GOAL_PER_MIN),
    }


def of_ssvep(sessions: Sequence[headband_ssvep.Session], *, development: bool) -> dict[str, float]:
    """Which rhythm was looked at; in development also what a score is worth by these recordings."""
    worth = {"ssvep.believed": headband_ssvep.believed(sessions)} if development else {}
    return headband_ssvep.figures(sessions) | worth


def verdict(minutes: float, upper: float) -> str:
    """What may be said of false confirms, in one sentence."""
    if minutes < CLAIMED_MINUTES:
        return (
            f"{minutes:.1f} minutes are not enough minutes to claim anything of false confirms: "
            f"{CLAIMED_MINUTES:.0f} are."
        )
    if upper > GOAL_PER_MIN:
        return (
            f"Up to {upper:.2f} a minute cannot be ruled out, and the goal is {GOAL_PER_MIN}: it is not claimed."
        )
    return f"At most {upper:.2f} false confirms a minute (95 %), in {minutes:.0f} minutes: the goal is held."


def poisson_upper(count: int, sure: float = 0.95) -> float:
    """The least mean at which so few, or fewer, come with a probability of at most 1 - sure."""
    return float(stats.chi2.ppf(sure, 2 * (count + 1)) / 2)


if __name__ == "__main__":
    main()
