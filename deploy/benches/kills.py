"""Any process killed at any moment while somebody writes: text lost, choices kept twice, time until it is back."""

import argparse
import hashlib
import itertools
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from benches import options, report
from benches.kit_writing import ended_where_stuck
from benches.report import Origin
from vybor.contracts import channels, messages
from vybor.foundation import small_files
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock
from vybor.foundation.places import Places
from vybor.foundation.progress import on_stderr
from vybor.generator.network.bundle import open_bundle
from world import kills
from world.bodies import EyesAlone
from world.kills import Piece
from world.person import Person, Stuck
from world.play import OWN_SENTENCES, World, read_sentences
from world.watch import Watch

ROOT = Path(__file__).parents[2]
CODE = ("daemon/vybor/**/*.py", "tests/world/*.py", "tests/world/*.txt", "deploy/benches/kills.py")
TIMES, AT_ONCE = 200, 25
"""Kills in all, and in one kit before it is made anew."""
START_LIMIT_S = 90.0
NOT_FINISHED = 75  # EX_TEMPFAIL
EPILOG = """
The whole kit runs with a rendered camera, and a scripted person writes sentences with the eyes alone. Processes
get SIGKILL, one after another, at random moments: the next one .2 to 4 s after the last one spoke again. What is
done is kept; a run that was ended, by --minutes or Ctrl-C, goes on when the same command is given again.

Figures: kills; lost_text (a text that the screen said was saved, and that is not in the record, or not on the
screen after a restart); doubled_text (a choice that is in the record twice, or a sentence that was spoken twice by
the record: what the voice says is not listened to); unfinished (a sentence that could not be gone on with, a
process that did not come back, a kit that did not start); unmeant (a text that came out of a choice of another
one); dragged (a process that started again because another one was killed); sentences; longest_back_s and
median_back_s (from a kill until that process spoke again; of one that did not come back, the minute that it had);
kills.NAME.

A kit in which no kill could be made ends the run.
"""


class Kept(msgspec.Struct):
    """What is done of a run."""

    pieces: list[Piece] = []
    origins: list[Origin] = []
    """Where they come from, each once."""


def main() -> None:
    """Kill, write, and say what became of the text."""
    parser = argparse.ArgumentParser(
        prog="deploy/bench kills",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--times", type=options.positive, default=TIMES, help=f"how many kills ({TIMES})")
    parser.add_argument("--seed", type=int, default=1, help="of who is killed, and when (1)")
    parser.add_argument("--minutes", type=options.positive, help="end after so long; go on another time")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    with ended_where_stuck():
        file = kept_in(parsed.times, parsed.seed, written_by(parsed.share.resolve()))
    kept, vain = read(file), ""
    pieces = kept.pieces
    end_s = time.perf_counter() + 60 * parsed.minutes if parsed.minutes else float("inf")
    while (left := parsed.times - made(pieces)) > 0 and time.perf_counter() < end_s:
        chance = random.Random(f"{parsed.seed} {made(pieces)}")
        piece = struck(parsed.share, chance, min(AT_ONCE, left), lambda: time.perf_counter() > end_s)
        keep(file, kept, piece)
        for fault in (*piece.lost, *piece.doubled, *piece.unfinished, *piece.unmeant, *piece.dragged):
            on_stderr(f"fault: {fault}")
        vain = in_vain(piece)
        if piece.is_left or vain:
            break
    left = parsed.times - made(pieces)
    report.write("kills", figures(pieces), parsed.json, left=left, origins=kept.origins)
    if vain:
        on_stderr(f"bench: no kill could be made: {vain}")
        sys.exit(1)
    if left:
        on_stderr(f"bench: {left} kills are left; give the same command to go on")
        sys.exit(NOT_FINISHED)


def struck(share: Path, chance: random.Random, times: int, is_over: Callable[[], bool]) -> Piece:
    """So many kills in a kit of their own."""
    clock = SystemClock()
    names = channels.EVERY_PROCESS
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        world = World(Path(folder), share)
        with world.running() as (camera, _):
            bus, watch = Bus("person", world.runtime, clock, [messages.Shown]), Watch(world.runtime, clock)
            try:
                person = Person(bus, EyesAlone(camera, clock), clock, lambda line: None)
                person.wait_for_offer(START_LIMIT_S)
                watch.until(lambda: set(watch.pids()) == set(names))
                killer = kills.Killer(watch, clock, chance, chance.choices(names, k=times))
                sentences = itertools.cycle(read_sentences(OWN_SENTENCES))
                return kills.suffer(person, killer, world.state, sentences, clock, on_stderr, is_over)
            except Stuck as error:
                return Piece(unfinished=[f"before the first kill: {error}"])
            finally:
                bus.close()
                watch.bus.close()


def in_vain(piece: Piece) -> str:
    """Why no kill could be made in a kit, and none could in the next; empty: some were, or the time was over."""
    return "; ".join(piece.unfinished) if not piece.killed else ""


def made(pieces: Sequence[Piece]) -> int:
    """Kills so far."""
    return sum(len(piece.killed) for piece in pieces)


def figures(pieces: Sequence[Piece]) -> dict[str, float]:
    """All pieces as one."""
    back_s = sorted(second for piece in pieces for second in piece.back_s)
    counted = {
        "kills": made(pieces),
        "sentences": sum(piece.sentences for piece in pieces),
        "lost_text": sum(len(piece.lost) for piece in pieces),
        "doubled_text": sum(len(piece.doubled) for piece in pieces),
        "unfinished": sum(len(piece.unfinished) for piece in pieces),
        "unmeant": sum(len(piece.unmeant) for piece in pieces),
        "dragged": sum(len(piece.dragged) for piece in pieces),
    }
    times = {"longest_back_s": back_s[-1], "median_back_s": back_s[len(back_s) // 2]} if back_s else {}
    of_each = {f"kills.{name}": 0.0 for name in channels.EVERY_PROCESS}
    for piece in pieces:
        for name in piece.killed:
            of_each[f"kills.{name}"] += 1
    return {key: float(value) for key, value in counted.items()} | times | of_each


def written_by(share: Path) -> str:
    """The model and the words that offer what is chosen. Raises VyborError."""
    places = Places(runtime=share, state=share, share=share)
    return f"{open_bundle(places.model).identity} {places.words('en').resolve().name}"


def kept_in(times: int, seed: int, written_by: str) -> Path:
    """Where a run is kept, by all that it depends on."""
    whole = hashlib.sha256(f"{times} {seed} {written_by}".encode())
    for pattern in CODE:
        for path in sorted(ROOT.glob(pattern)):
            whole.update(path.read_bytes())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vybor"
    return cache / "bench-kills" / f"{whole.hexdigest()[:16]}.json"


def keep(file: Path, kept: Kept, piece: Piece) -> None:
    """One piece more, from here and now."""
    kept.pieces.append(piece)
    if (here := report.here()) not in kept.origins:
        kept.origins.append(here)
    file.parent.mkdir(parents=True, exist_ok=True)
    small_files.write_bytes(file, msgspec.json.encode(kept), 0o644)


def read(file: Path) -> Kept:
    """The pieces of a run that was ended; none if there are none that can be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Kept)
    except (FileNotFoundError, msgspec.DecodeError):
        return Kept()


if __name__ == "__main__":
    main()
