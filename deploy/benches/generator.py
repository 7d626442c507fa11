"""How fast the model reads and goes on beside llama.cpp with the same weights, and what memory it takes."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from benches import generator_memory, generator_peer, generator_rounds, generator_weights, options, report
from benches.generator_peer import at_work
from benches.generator_rounds import CASES, WAYS, Kit, rounds
from benches.generator_weights import SMOLLM2, TINYLLAMA, Pair
from vybor.foundation.errors import Missing, VyborError
from vybor.foundation.progress import on_stderr
from vybor.generator.network.bundle import open_bundle

ROUNDS = {SMOLLM2: 15, TINYLLAMA: 7}
ALIKE = 0.95
"""Correlation of logits. Rounding to 4 bits twice leaves more, another rotation or order of rows much less."""
EPILOG = f"""
Both have the same weights in as many bits (int8 and Q8_0; int4 and Q4_0), the same tokens and the same number of
threads, and take turns; who begins changes from round to round. Ours is the class that the generator works with,
fed as it feeds it; llama.cpp, prebuilt for every kind of processor, comes from a package of npm and keeps its
defaults: its cache in 16 bits, its threads waiting by looking for work.

ratio.MODEL.CASE: tokens a second of ours by llama.cpp's, by the medians; ratio_low and ratio_high: the ends of its
95 % interval, a bootstrap over rounds.
  {", ".join(case.name for case in CASES)}
  prefillN   reading N tokens
  b1_N       going on behind N tokens, one token a step
  b{WAYS}_N       {WAYS} ways at once behind the same N tokens, a token each a step
alike.MODEL: the correlation of both sides' logits behind 256 tokens, to see that they reckon the same.
peak_mb.MODEL: the most that the real process `generator` held in memory, with 800 tokens of text, looking ahead.
{TINYLLAMA} is thrown weights in TinyLlama's shape: they say nothing, and take as long as its own.
On a machine with other work take --busy --threads 1: the processor's own seconds are disturbed least, and with
more threads those that wait would count.
"""


def main() -> None:
    """Measure each model, and report."""
    parsed = parser().parse_args()
    found: dict[str, float] = {}
    try:
        for name in parsed.models:
            found |= measured(name, parsed)
    except VyborError as error:
        on_stderr(f"bench: {error}")
        sys.exit(error.exit_code)
    report.write("generator", found, parsed.json)


def parser() -> argparse.ArgumentParser:
    """What can be asked of the bench."""
    made = argparse.ArgumentParser(
        prog="deploy/bench generator",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    made.add_argument("--models", nargs="+", choices=tuple(ROUNDS), default=tuple(ROUNDS), help="which (both)")
    made.add_argument("--rounds", type=options.positive, help="how many for each model (15 and 7)")
    made.add_argument("--threads", type=options.positive, default=2, help="cores for each side (2)")
    made.add_argument("--busy", action="store_true", help="count processor seconds; take --threads 1 with it")
    made.add_argument("--bundle", type=Path, help="measure this bundle of the model, made otherwise")
    made.add_argument("--json", type=options.new_file, help="write the figures here")
    return made


def measured(name: str, parsed: argparse.Namespace) -> dict[str, float]:
    """The figures of a model. Raises VyborError."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vybor"
    libraries = generator_peer.libraries(cache, on_stderr)
    both = generator_weights.pair(name, cache, on_stderr)
    ours = parsed.bundle or both.bundle
    found = _speed(both, ours, libraries, parsed)
    on_stderr(f"{name}: asking the generator")
    with tempfile.TemporaryDirectory(prefix="vybor-") as scratch:
        found[f"peak_mb.{name}"] = generator_memory.peak_mb(ours, Path(scratch), parsed.threads)
    return found


def _speed(both: Pair, ours: Path, libraries: Path, parsed: argparse.Namespace) -> dict[str, float]:
    shape = open_bundle(ours).manifest.shape
    count = parsed.rounds or ROUNDS[both.name]
    clock = time.process_time if parsed.busy else time.perf_counter
    size = {"threads": parsed.threads, "positions": shape.context, "ways": WAYS}
    with at_work(libraries, both.gguf, clock=clock, **size) as peer:
        on_stderr(f"{both.name}: beside llama.cpp {peer.about.version} ({peer.about.system.strip(' |')})")
        kit = Kit(ours, parsed.threads, clock)
        likeness = generator_rounds.alike(kit, peer, shape.vocabulary)
        if likeness < ALIKE:
            raise Missing(
                f"ours and llama.cpp reckon differently ({likeness:.3f}): one of them reads another model"
            )
        mine, theirs = rounds((kit, peer), shape.vocabulary, count, on_stderr)
    return {f"alike.{both.name}": likeness, **generator_rounds.figures(both.name, mine, theirs)}


if __name__ == "__main__":
    main()
