"""The carer's page while somebody writes: how soon pages come, and what five who read them cost who writes."""

import argparse
import json
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import httpx2
import msgspec
import psutil  # type: ignore[import-untyped]

from benches import choices, options, panel_readers, report
from benches.choices import Chosen, Flip
from benches.goals import verdicts
from benches.kit_writing import ended_where_stuck
from benches.report import percentile
from unit.panel_routes import PARAMETER, PUBLIC, routes
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import Clock, SystemClock, seconds
from vybor.foundation.errors import VyborError
from vybor.panel.site.site import COOKIE
from world.bodies import EyesAlone
from world.person import Person
from world.play import FIRST_OFFER_LIMIT_S, World, decisions

CLIENTS = 5
SENTENCES = ("I am cold.", "I am hungry now.", "Can you help me?", "Where is my book?", "Thank you for coming.")
"""Short: the choices count. The same one is written with them and without them, in turn who is first."""
PAIRS = 6
EPILOG = f"""
A scripted person writes short sentences with the eyes alone, each one twice: while {CLIENTS} browsers read, and
while none does, in turn which is first. Each browser keeps the first page live and loads another one every
second; all run on this machine at nice {panel_readers.NICE}, since on a kit's own day they are other machines.
Where a page does not come, or a live one ends, the bench ends.

Figures: ratio.selection_latency (what the kit itself takes of a choice, with readers by without: the median of
the pairs, and this is what the goal judges; .low and .high: 95 % of draws of as many pairs, which is wide where
there are {PAIRS}, and not judged); selection_latency_ms.watched and .alone; page_ms.p50, .p95 and .count;
rss_mb.panel (the most that the process of the pages held while it was read).
"""
PIN_S = 20.0
DRAWS = 2000
LOOK_EVERY_NS = seconds(0.5)


class Period(msgspec.Struct, frozen=True):
    """While one sentence was written."""

    begin_ns: int
    end_ns: int
    watched: bool
    pages_ms: tuple[float, ...] = ()

    def holds(self, at_ns: int) -> bool:
        """Whether it was then."""
        return self.begin_ns <= at_ns < self.end_ns


class Watcher:
    """Hears what the display says, and what the panel has it show, beside the person who writes."""

    def __init__(self, runtime: Path, clock: Clock) -> None:
        self._clock = clock
        self._bus = Bus("watcher", runtime, clock, [m.Shown, m.PanelStatus, m.Health])
        self._ends = threading.Event()
        self.flips: list[Flip] = []
        self.pin = ""
        self.panel = 0
        """The process of the pages."""
        self.held: list[tuple[int, float]] = []
        """When that was looked at, and its resident memory, in MB."""
        self._thread = threading.Thread(target=self._hear, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hear no more."""
        self._ends.set()
        self._thread.join()
        self._bus.close()

    def _hear(self) -> None:
        while not self._ends.is_set():
            for arrival in self._bus.receive(0.02):
                match arrival:
                    case Heard(message=m.Shown(screen=m.Screen() as screen, highlight=light) as shown):
                        lit = (light.slot, light.armed) if light else (None, False)
                        self.flips.append(Flip(shown.at_ns, screen.offer, lit, light.captured_ns if light else 0))
                    case Heard(message=m.PanelStatus(pin=pin)):
                        self.pin = pin
                    case Heard(message=m.Health(process="panel", pid=pid)):
                        self.panel = pid
            self._bus.tend()
            self._look(self._clock.now_ns())

    def _look(self, now_ns: int) -> None:
        if self.panel and (not self.held or now_ns - self.held[-1][0] >= LOOK_EVERY_NS):
            with suppress(psutil.NoSuchProcess):
                self.held.append((now_ns, psutil.Process(self.panel).memory_info().rss / 1e6))


def most_mb(periods: Sequence[Period], held: Sequence[tuple[int, float]]) -> float:
    """The most that was held while somebody read. Raises VyborError where nobody looked."""
    watched = [mb for at_ns, mb in held if any(period.watched and period.holds(at_ns) for period in periods)]
    if not watched:
        raise VyborError("the process of the pages was never seen while it was read; is the panel listening?")
    return max(watched)


def latency_ms(period: Period, flips: Sequence[Flip], chosen: Sequence[Chosen]) -> float:
    """What the kit itself takes of a choice, medians of one period added. Raises VyborError where none was."""
    lit = [ms for at_ns, ms in choices.lit_ms(flips) if period.holds(at_ns)]
    offered = [ms for at_ns, ms in choices.offered_ms(flips, chosen, period.end_ns) if period.holds(at_ns)]
    if not lit or not offered:
        raise VyborError("a sentence was written of which no choice was seen; is the display silent?")
    return statistics.median(lit) + statistics.median(offered)


def ratio(pairs: Sequence[tuple[float, float]], seed: int = 1) -> tuple[float, float, float]:
    """With over without: the median of the pairs, and the bounds of 95 % of draws of as many of them."""
    each = [watched / alone for watched, alone in pairs]
    drawn = random.Random(seed)
    draws = sorted(statistics.median(drawn.choices(each, k=len(each))) for _ in range(DRAWS))
    return statistics.median(each), draws[round(0.025 * DRAWS)], draws[round(0.975 * DRAWS) - 1]


def figures_of(pairs: Sequence[tuple[float, float]], pages_ms: Sequence[float], rss_mb: float) -> dict[str, float]:
    """What is written."""
    middle, low, high = ratio(pairs)
    return {
        "ratio.selection_latency": middle,
        "ratio.selection_latency.low": low,
        "ratio.selection_latency.high": high,
        "selection_latency_ms.watched": statistics.median(watched for watched, _ in pairs),
        "selection_latency_ms.alone": statistics.median(alone for _, alone in pairs),
        "page_ms.p50": percentile(list(pages_ms), 0.5),
        "page_ms.p95": percentile(list(pages_ms), 0.95),
        "page_ms.count": float(len(pages_ms)),
        "rss_mb.panel": rss_mb,
    }


class Readers:
    """Five browsers that came in, in a process of their own."""

    def __init__(self, base: str, watcher: Watcher) -> None:
        self._command = [sys.executable, "-m", "benches.panel_readers", base, ",".join(pages())]
        self._tokens = [self._come_in(base, watcher) for _ in range(CLIENTS)]

    def _come_in(self, base: str, watcher: Watcher) -> str:
        """Raises VyborError if no PIN comes."""
        with httpx2.Client(base_url=base, verify=False, headers={"origin": base}) as client:
            client.post("/enter/ask", content=b"")
            for _ in range(round(PIN_S / 0.1)):
                if watcher.pin:
                    break
                threading.Event().wait(0.1)
            client.post("/enter", data={"pin": watcher.pin})
            token = client.cookies.get(COOKIE)
            if not token:
                raise VyborError("the panel shows no PIN; is it listening?")
            while watcher.pin:
                threading.Event().wait(0.1)
            return token

    def begin(self) -> "subprocess.Popen[str]":
        """They read, from the return on. Raises VyborError if a page does not come to one of them."""
        reading = subprocess.Popen(
            [*self._command, *self._tokens], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert reading.stdout
        if not reading.stdout.readline():
            self.end(reading)
        return reading

    def end(self, reading: "subprocess.Popen[str]") -> tuple[float, ...]:
        """They read no more; how long each page took. Raises VyborError if one did not come."""
        told, _ = reading.communicate("", 30)
        if reading.returncode:
            raise VyborError("a page did not come to its reader, or not to the end; what was seen stands above")
        return tuple(json.loads(told))


def pages() -> list[str]:
    """What they read: every page that has no end of its own and no name in its path, and a document.

    What the wearer says is not among them: it asks for their yes, and they are writing.
    """
    found = [path for method, path in routes() if method == "GET" and (method, path) not in PUBLIC]
    plain = [path for path in found if not PARAMETER.search(path) and "live" not in path]
    return [*(path for path in plain if not path.startswith("/own/")), "/documents/carer"]


def measure(folder: Path, share: Path, pairs: int) -> dict[str, float]:
    """Write every sentence twice, with readers and without. Raises VyborError, Stuck."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    clock = SystemClock()
    world = World(folder, share, panel=f"[panel]\nport = {port}\n")
    periods: list[Period] = []
    with world.running() as (camera, _):
        bus = Bus("person", world.runtime, clock, [m.Shown])
        watcher = Watcher(world.runtime, clock)
        try:
            person = Person(bus, EyesAlone(camera, clock), clock, lambda _: None)
            person.wait_for_offer(FIRST_OFFER_LIMIT_S)
            readers = Readers(f"https://127.0.0.1:{port}", watcher)
            person.write(SENTENCES[0])  # the first one fills caches
            for number in range(pairs):
                for watched in (True, False) if number % 2 else (False, True):
                    reading = readers.begin() if watched else None
                    began_ns = clock.now_ns()
                    person.write(SENTENCES[number % len(SENTENCES)])
                    ended_ns = clock.now_ns()
                    told = readers.end(reading) if reading else ()
                    periods.append(Period(began_ns, ended_ns, watched, told))
                print(f"pair {number + 1} of {pairs} is written", flush=True)
        finally:
            watcher.close()
            bus.close()
    chosen = [Chosen(each.at_ns, each.offer) for each in decisions(world.state)]
    found = [latency_ms(period, watcher.flips, chosen) for period in periods]
    ordered = [
        (one, other) if first.watched else (other, one)
        for one, other, first in zip(found[::2], found[1::2], periods[::2], strict=True)
    ]
    return figures_of(
        ordered, [each for period in periods for each in period.pages_ms], most_mb(periods, watcher.held)
    )


def main() -> None:
    """Write in a kit that is read, and in one that is not."""
    parser = argparse.ArgumentParser(
        prog="deploy/bench panel",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parser.add_argument(
        "--pairs", type=options.positive, default=PAIRS, help=f"sentences, each written twice ({PAIRS})"
    )
    parsed = parser.parse_args()
    with ended_where_stuck(), tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        figures = measure(Path(folder), parsed.share, parsed.pairs)
    report.write("panel", figures, parsed.json)
    for line in verdicts("panel", figures):
        print(line)


if __name__ == "__main__":
    main()
