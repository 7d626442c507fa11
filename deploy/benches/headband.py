"""What the headband's detectors see: against labels, in mixtures of real blinks, and where nothing is meant.

`--recording FILE` tells what is seen in a recording, with `--labels FILE` how that compares with what the eye saw.
`--mixtures` lays double blinks made of real single ones over real stretches without any, with single blinks, runs,
chewing and talking between; the parts are named in headband_labels/. `--chewing` lays rows of bites and clenches that
stand alone. `--false FILE...` counts what would have
confirmed where nobody meant to; the bound is that of a Poisson count, 95 %.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from scipy import stats

from benches import headband_chewing, headband_files, headband_mixtures, headband_truth, options, report
from benches.headband_files import Microvolts, Recording
from vybor.contracts.messages import GestureKind
from vybor.foundation.errors import Missing, VyborError
from vybor.foundation.settings import HeadbandSettings
from vybor.headband.boards import Board
from vybor.headband.detecting import gestures
from vybor.headband.port import Chunk

CHUNK_S = 0.04
CONFIRMS = (GestureKind.DOUBLE_BLINK, GestureKind.CLENCH)
CLAIMED_MINUTES = 60.0
"""With less than this nothing is claimed of false confirms."""


def main() -> None:
    """Run the detectors, print, and write the figures."""
    parser = argparse.ArgumentParser(prog="deploy/bench headband", description=__doc__)
    parser.add_argument("--share", type=Path, help=argparse.SUPPRESS)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--recording", type=Path, metavar="FILE", help="tell what is seen in this one")
    what.add_argument("--mixtures", action="store_true", help="made of real blinks and real stretches without")
    what.add_argument("--chewing", action="store_true", help="made chewing and clenches over the same stretches")
    what.add_argument("--false", type=Path, nargs="+", metavar="FILE", help="count confirms that nobody meant")
    parser.add_argument("--labels", type=Path, metavar="FILE", help="what the eye saw in the recording")
    parser.add_argument("--development", action="store_true", help="the mixtures to change the detector on")
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
        return of_recording(headband_files.read(parsed.recording), labels)
    if parsed.false:
        return of_false([headband_files.read(path) for path in parsed.false])
    part = headband_mixtures.DEVELOPMENT if parsed.development else headband_mixtures.TEST
    made = headband_chewing if parsed.chewing else headband_mixtures
    return made.figures(data(parsed.data) / "eeg", part, seen)


def data(named: Path | None) -> Path:
    """The folder of the recordings. Raises Missing."""
    folder = named or Path(os.environ.get("VYBOR_DATA", ""))
    if not (folder / "eeg").is_dir():
        raise Missing(f"there are no recordings in {folder / 'eeg'}; name their folder with --data")
    return folder


def seen(microvolts: Microvolts, board: Board) -> list[gestures.Seen]:
    """The gestures in a signal, by the usual settings."""
    rule = gestures.Rule(board, pair_s=HeadbandSettings().double_blink_gap_s)
    edges = [*range(0, microvolts.shape[1], round(CHUNK_S * board.hz)), microvolts.shape[1]]
    period_ns = 1e9 / board.hz
    state: gestures.Sensing | None = None
    found: list[gestures.Seen] = []
    for start, end in pairwise(edges):
        chunk = Chunk(
            first=start,
            microvolts=microvolts[:, start:end],
            at_ns=round(start * period_ns),
            period_ns=period_ns,
            at_sd_ns=0,
        )
        state, noticed = gestures.step(state, chunk, rule)
        found.extend(noticed)
    return found


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
    return figures | {
        "blink.there": float(blinks.there),
        "blink.recall": blinks.recall,
        "blink.precision": blinks.precision,
        "blink.in_clench": float(headband_truth.inside(labels, found, hz)),
        "jaw.there": float(jaws.there),
        "jaw.recall": jaws.recall,
        "jaw.precision": jaws.precision,
        "double.false": float(doubles.false),
    }


def of_false(recordings: Sequence[Recording]) -> dict[str, float]:
    """What would have confirmed, and how often it may really be."""
    count = 0
    for recording in recordings:
        count += sum(one.kind in CONFIRMS for one in seen(recording.microvolts, recording.board))
    minutes = sum(recording.minutes for recording in recordings)
    if minutes < CLAIMED_MINUTES:
        print(f"{minutes:.1f} minutes are too few to claim anything of false confirms: {CLAIMED_MINUTES:.0f} are.")
    return {
        "false.count": float(count),
        "false.minutes": minutes,
        "false.per_min_upper95": poisson_upper(count) / minutes,
        "false.is_enough": float(minutes >= CLAIMED_MINUTES),
    }


def poisson_upper(count: int, sure: float = 0.95) -> float:
    """The least mean at which so few, or fewer, come with a probability of at most 1 - sure."""
    return float(stats.chi2.ppf(sure, 2 * (count + 1)) / 2)


if __name__ == "__main__":
    main()
