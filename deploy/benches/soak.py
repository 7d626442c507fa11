"""Hours of writing without pause: whether memory, beats, rates, events and delays stay as they were."""

import argparse
import itertools
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benches import kit_figures, options, report
from benches.kit_listener import Listener
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import Clock, SystemClock, seconds
from vybor.foundation.gaze_settings import GazeSettings
from vybor.processes import PROCESSES
from world.bodies import EyesAndHeadband
from world.person import Person, Stuck, Written
from world.play import FIRST_OFFER_LIMIT_S, World, decisions, read_sentences, summary

SENTENCES = Path(__file__).parents[2] / "tests/world/thirty.txt"
WATCHDOG_S = {process.name: process.watchdog_s for process in PROCESSES}
EPILOG = """
The whole kit runs, the carer's page too, before a rendered camera and a headband's stand-in. A scripted person
writes one sentence after another and confirms by double blinks. The first sixth, ten minutes at most, warms up
and does not count: memory is touched for the first time, words are learned.

Figures: memory_slope_mb_h.NAME (a straight line through what a process and its children hold, in MB an hour;
.most: the steepest); watchdog_missed (a process said nothing of itself for longer than its unit would wait),
silent_s.NAME (the longest time), restarts; rate_ratio.CHANNEL (how often a state was heard, by the table of
channels; .least) and repeats_ratio.most (how often one was said again unchanged, by that table: more than 1.1
is too often); events_lost, events_doubled, frames_unread (on the wire); text_lost, text_doubled (in the
record); false_selections, misquoted; latency_ms.light (from the camera's picture to the screen that lights the
tile) and latency_ms.offer (from the choice to the screen with the next tiles), p50 and p99 of the first and the
last ten minutes that count, a third of the time at most; ratio.latency_p99.{light,offer} (last by first);
cpu.NAME (cores), wakeups_hz.NAME.
"""
GOALS = {
    "memory_slope_mb_h.most": 1.0,
    "watchdog_missed": 0,
    "restarts": 0,
    "events_lost": 0,
    "events_doubled": 0,
    "text_lost": 0,
    "text_doubled": 0,
    "ratio.latency_p99.light": 1.2,
    "ratio.latency_p99.offer": 1.2,
}
"""At most."""
LEAST_RATE, MOST_REPEATS = 0.9, 1.1


@contextmanager
def kit(folder: Path, share: Path, clock: Clock, settings: str = "") -> Iterator[tuple[World, Person, Listener]]:
    """A whole kit with its person, whose dots are looked at, and who hears it. Raises Stuck."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    world = World(folder, share, settings, panel=f"[panel]\nport = {port}\n")
    with world.running() as (camera, cyton):
        bus = Bus("person", world.runtime, clock, [m.Shown])
        listener = Listener(world.runtime, clock, WATCHDOG_S)
        try:
            person = Person(bus, EyesAndHeadband(camera, cyton, clock, 1), clock, lambda line: None)
            person.wait_for_offer(FIRST_OFFER_LIMIT_S)
            yield world, person, listener
        finally:
            listener.close()
            bus.close()


def measure(folder: Path, share: Path, minutes: int) -> dict[str, float]:
    """Write for so long, and say how it went. Raises Stuck if no kit comes up."""
    clock = SystemClock()
    with kit(folder, share, clock) as (world, person, listener):
        warm_ns = kit_figures.warm_up_ns(seconds(60 * minutes))
        before = write_for(person, clock, warm_ns, "warming up")
        kept_before = len(decisions(world.state))
        began_ns = listener.restart()
        unmeant = len(person.unmeant)
        written = write_for(person, clock, seconds(60 * minutes) - warm_ns, "writing")
        span = (began_ns, clock.now_ns())
        kept = decisions(world.state)
    del person.unmeant[:unmeant]
    told = summary(written, person, kept[kept_before:])
    hz = {"Gaze": GazeSettings().hz}
    return {
        "minutes": (span[1] - span[0]) / 60e9,
        "sentences": float(len(written)),
        "sentences_warming_up": float(len(before)),
        **{key: float(told[key]) for key in ("false_selections", "misquoted", "acts_per_word")},
        **kit_figures.processes(listener.looks),
        **kit_figures.wire(listener.tally, span, hz),
        **kit_figures.record(listener.tally.saved, kept, kept_before),
        **kit_figures.latencies(listener.tally.lights, kept, span),
    }


def write_for(person: Person, clock: Clock, for_ns: int, doing: str) -> list[Written]:
    """Sentence after sentence, until the time is over. Raises Stuck."""
    began_ns, told_ns, written = clock.now_ns(), clock.now_ns(), list[Written]()
    for sentence in itertools.cycle(read_sentences(SENTENCES)):
        now_ns = clock.now_ns()
        if now_ns - began_ns >= for_ns:
            return written
        if now_ns - told_ns >= seconds(30):
            told_ns = now_ns
            left_min = (for_ns - (now_ns - began_ns)) / 60e9
            print(f"{doing}: {len(written)} sentences, {left_min:.0f} min left", flush=True)
        written.append(person.write(sentence))
    return written


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
    try:
        with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
            figures = measure(Path(folder), parsed.share, parsed.minutes)
    except Stuck as error:
        print(f"bench: the person could not go on: {error}", file=sys.stderr)
        sys.exit(1)
    report.write("soak", figures, parsed.json)
    for key, goal in GOALS.items():
        print(f"{key}: {'reached' if figures[key] <= goal else 'missed'} (at most {goal:g})")
    least, most = figures["rate_ratio.least"], figures["repeats_ratio.most"]
    print(f"rate_ratio.least: {'reached' if least >= LEAST_RATE else 'missed'} (at least {LEAST_RATE:g})")
    print(f"repeats_ratio.most: {'reached' if most <= MOST_REPEATS else 'missed'} (at most {MOST_REPEATS:g})")


if __name__ == "__main__":
    main()
