"""Hours of writing without pause: whether memory, beats, rates, events and delays stay as they were."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benches import kit_figures, options, report
from benches.goals import verdicts
from benches.kit_listener import Look
from benches.kit_writing import SAID_HZ, ended_where_stuck, kit, record_of, write_for
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import VyborError
from world.play import summary

EPILOG = """
The whole kit runs, the carer's page too, before a rendered camera and a headband's stand-in. A scripted person
writes one sentence after another and confirms by double blinks. The first sixth, ten minutes at most, warms up
and does not count: memory is touched for the first time, words are learned.

Figures: minutes (those that count); memory_slope_mb_h.NAME (a straight line through what a process and its
children hold, in MB an hour; .most: the steepest); rss_mb.NAME.part_N (how much that is in each fifth of the
time, the median); watchdog_missed (a process said nothing of itself for longer than its unit would wait),
silent_s.NAME (the longest time; who says nothing to the end is silent to the end), restarts; rate_ratio.CHANNEL
(how often a state was heard, by the table of channels, of whoever says it least often of all that have to;
.least) and repeats_ratio.most (how often one was said again unchanged, by that table: more than 1.1 is too
often); events_lost, events_doubled, frames_unread (on the wire); text_lost, text_doubled (in the record);
false_selections, misquoted; latency_ms.light (from the camera's picture to the screen that lights the tile) and
latency_ms.offer (from the choice to the screen with the next tiles), p50 and p99 of the first and the last ten
minutes that count, a third of the time at most; ratio.latency_p99.{light,offer} (last by first);
offers.count (choices whose next tiles were seen, or waited for to the end) and offers.slow (for 2 s or longer);
cpu.NAME (cores), wakeups_hz.NAME.

Every process has to be there at every look: where one is not, it is named, and there are no figures of memory,
processor and wake-ups; all others tell what that did.
"""


def measure(folder: Path, share: Path, minutes: int) -> dict[str, float]:
    """Write for so long, and say how it went. Raises Stuck if no kit comes up, VyborError if it is not whole."""
    clock = SystemClock()
    with kit(folder, share, clock) as (world, person, listener, _):
        warm_ns = kit_figures.warm_up_ns(seconds(60 * minutes))
        before = write_for(person, clock, warm_ns, "warming up")
        kept_before = len(record_of(world.state, person, clock))
        began_ns = listener.restart()
        unmeant = len(person.unmeant)
        written = write_for(person, clock, seconds(60 * minutes) - warm_ns, "writing")
        span = (began_ns, listener.until_now())
        kept = record_of(world.state, person, clock)
    del person.unmeant[:unmeant]
    told = summary(written, person, kept[kept_before:])
    return {
        "minutes": (span[1] - span[0]) / 60e9,
        "sentences": float(len(written)),
        "sentences_warming_up": float(len(before)),
        **{key: float(told[key]) for key in ("false_selections", "misquoted", "acts_per_word")},
        **of_processes(listener.looks),
        **kit_figures.wire(listener.tally, span, SAID_HZ),
        **kit_figures.record(listener.tally.saved, kept, kept_before),
        **kit_figures.latencies(listener.tally.flips, kept, span),
    }


def of_processes(looks: Sequence[Look]) -> dict[str, float]:
    """Memory and processor of each; none where one was not there: that is no reason to hide what came of it."""
    try:
        return kit_figures.processes(looks) | kit_figures.course(looks)
    except VyborError as error:
        print(f"bench: {error}", file=sys.stderr)
        return {}


def main() -> None:
    """Write for long, and hold what was heard against the goals."""
    parser = argparse.ArgumentParser(
        prog="deploy/bench soak",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--minutes", type=options.positive, default=60, help="in all (60)")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    with ended_where_stuck(), tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        figures = measure(Path(folder), parsed.share, parsed.minutes)
    report.write("soak", figures, parsed.json)
    for line in verdicts("soak", figures):
        print(line)


if __name__ == "__main__":
    main()
