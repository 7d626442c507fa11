"""What `deploy/bench journal` cuts off: a process that keeps decisions and says of each that it is on the disk.

    python -m benches.journal_writer JOURNAL KEY FIRST

KEY is hex, or empty. It says `ready`, and begins when a line comes: opens the journal (and encrypts it, if it is
bare and there is a key), says `open`, then keeps the decisions from number FIRST on, a few milliseconds apart, and
says each number.
"""

import random
import sys
import time
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.keys import Key
from vybor.journal import store

LONGEST_PAUSE_S = 0.004
SESSION = "bench"
WORDS = ("I", "would", "like", "a", "cup", "of", "tea", "with", "milk", "and", "then", "to", "sit", "outside")
EVIDENCE = m.Evidence(channel=m.Channelled.PAD, posterior=0.97, posterior_without_prior=0.95, gaze_age_ms=12.0)


def decision(number: int) -> m.Decision:
    """One as the kit records it on a page of ten tiles: some 1.3 kB."""
    text = " ".join(WORDS[: number % len(WORDS)])
    tiles = tuple(
        m.OfferedTile(
            slot=slot,
            role=m.Role.CANDIDATE,
            label=WORDS[(number + slot) % len(WORDS)],
            grey=" ".join(WORDS[:4]),
            source=m.Source.MODEL,
            p=0.1,
            gaze_ms=120.0 * slot,
        )
        for slot in range(10)
    )
    return m.Decision(
        at_ns=number,
        session=SESSION,
        number=number,
        action=m.Action.TAKE,
        slot=number % 10,
        written=WORDS[number % len(WORDS)],
        text_before=text,
        text_after=f"{text} {WORDS[number % len(WORDS)]}",
        offer=number,
        shown=tiles,
        evidence=EVIDENCE,
    )


def main() -> None:
    """Wait for a line, then write until somebody ends it."""
    path, key, first = Path(sys.argv[1]), Key(bytes.fromhex(sys.argv[2])), int(sys.argv[3])
    chance = random.Random(first)
    print("ready", flush=True)
    sys.stdin.readline()
    opened = store.open_store(path, "boot-of-the-bench", key)
    print("open", flush=True)
    number = first
    while True:
        opened.keep(decision(number))
        print(number, flush=True)
        number += 1
        time.sleep(chance.uniform(0, LONGEST_PAUSE_S))


if __name__ == "__main__":
    main()
