"""From a camera frame to the highlight on the screen, from start to the first offer, and memory by process."""

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from benches import options, report
from benches.report import percentile
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import Clock, SystemClock, seconds
from world.bodies import EyesAlone
from world.person import Person
from world.play import Told, World

LOOK_S = 1.2
EPILOG = """
The whole kit starts --runs times, with a rendered camera and as it was after a calibration, without the record of
the run that made it.

Figures, medians over the runs: start_to_first_offer_s; frame_to_highlight_ms.p50 and .p99 of each run, from the
middle of a frame's exposure, as it is assumed, to the picture that shows the change, without the time that
MediaPipe takes to find the face (frame_to_highlight_ms.whole.p99: with it); .p99.worst, of the worst run; .count,
changes in all; rss_mb.PROCESS, and rss_mb.whole, their sum.
"""
START_LIMIT_S = 90.0


class Run:
    """One start of the whole kit, and some looking around."""

    def __init__(self, world: World, clock: Clock, looks: int) -> None:
        self._world = world
        self._clock = clock
        self._looks = looks
        self.start_s = 0.0
        self.frame_to_highlight_ms: list[float] = []
        """Without the face landmarker's own time."""
        self.whole_ms: list[float] = []
        self.rss_mb: dict[str, float] = {}

    def go(self) -> None:
        """Start, wait for the first offer, look from tile to tile."""
        began = Told(self._clock)
        with self._world.running() as (camera, _):
            bus = Bus("person", self._world.runtime, self._clock, [m.Shown, m.Health])
            try:
                person = Person(bus, EyesAlone(camera, self._clock), self._clock, lambda _: None)
                person.wait_for_offer(START_LIMIT_S)
                self.start_s = began.seconds()
                for number in range(self._looks):
                    camera.look((number * 3 % 4 + 0.5) / 4, 0.2 if number % 2 else 0.8)
                    self._watch(bus)
            finally:
                bus.close()

    def _watch(self, bus: Bus) -> None:
        """Note how late each change of the highlight was, counted from the frame that caused it."""
        until_ns = self._clock.now_ns() + seconds(LOOK_S)
        last: tuple[int | None, bool] | None = None
        while self._clock.now_ns() < until_ns:
            for arrival in bus.receive(0.02):
                match arrival:
                    case Heard(message=m.Health() as health):
                        self.rss_mb[health.process] = psutil.Process(health.pid).memory_info().rss / 1e6
                    case Heard(message=m.Shown(highlight=m.Highlight() as light) as shown):
                        if last is not None and (light.slot, light.armed) != last:
                            whole_ns = shown.at_ns - light.captured_ns
                            self.whole_ms.append(whole_ns / 1e6)
                            self.frame_to_highlight_ms.append((whole_ns - light.landmark_ns) / 1e6)
                        last = (light.slot, light.armed)
            bus.tend()


def main() -> None:
    """Run it five times and write medians."""
    parser = argparse.ArgumentParser(
        prog="deploy/bench latency",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parser.add_argument("--runs", type=options.positive, default=5, help="how many starts (5)")
    parser.add_argument("--looks", type=options.positive, default=30, help="looks a run (30)")
    parsed = parser.parse_args()
    clock = SystemClock()
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        calibrated = Path(folder) / "calibrated"
        for number in range(parsed.runs + 1):
            place = Path(folder) / str(number)
            place.mkdir()
            world = World(place, parsed.share)
            if number:
                shutil.copytree(calibrated, world.state)
            run = Run(world, clock, parsed.looks)
            run.go()
            if number:
                runs.append(run)
                print(f"run {number}: first offer after {run.start_s:.2f} s", flush=True)
            else:  # the first run looks at the dots; the others start from its looks, as after the first morning
                shutil.copytree(world.state, calibrated, ignore=shutil.ignore_patterns("journal*"))
    report.write("latency", figures_of(runs), parsed.json)


def figures_of(runs: list[Run]) -> dict[str, float]:
    """Medians over the runs."""
    p99_ms = [percentile(run.frame_to_highlight_ms, 0.99) for run in runs]
    figures = {
        "start_to_first_offer_s": statistics.median(run.start_s for run in runs),
        "frame_to_highlight_ms.p50": statistics.median(percentile(run.frame_to_highlight_ms, 0.5) for run in runs),
        "frame_to_highlight_ms.p99": statistics.median(p99_ms),
        "frame_to_highlight_ms.p99.worst": max(p99_ms),
        "frame_to_highlight_ms.whole.p99": statistics.median(percentile(run.whole_ms, 0.99) for run in runs),
        "frame_to_highlight_ms.count": float(sum(len(run.frame_to_highlight_ms) for run in runs)),
    }
    for process in sorted({process for run in runs for process in run.rss_mb}):
        figures[f"rss_mb.{process}"] = statistics.median(
            run.rss_mb[process] for run in runs if process in run.rss_mb
        )
    figures["rss_mb.whole"] = sum(value for key, value in figures.items() if key.startswith("rss_mb."))
    return figures


if __name__ == "__main__":
    main()
