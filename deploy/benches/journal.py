"""The record under power cuts, what a commit costs beside plain SQLite, and a slow disk before the screen."""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from benches import journal_commits, journal_cuts, journal_screen, options, report
from vybor.foundation.errors import VyborError
from vybor.foundation.progress import on_stderr

CUTS = 200
EPILOG = """
Figures:
  cuts          power cuts at random moments: an ext4 image on a loop device, copied while the writer is stopped,
                the copy mounted and opened as the next start does (cuts.on_disks 1; as root). Without loop devices
                the writer is killed and the log cut at a random byte behind what it had acknowledged (0). Of a
                journal without a key (cuts.bare), with one (cuts.sealed), and of one that is being encrypted in
                place (cuts.encrypting; cuts.found_bare of those still were not)
  lost          decisions that had been acknowledged and are not there
  duplicated    decisions that are there twice, at once or after the last ones were sent again
  unopenable    journals, or disks, that did not open
  commit_ms     a decision until it is on the disk: the journal without a key (bare), with one (sealed); the same
                bytes in plain SQLite (raw), in WAL mode with synchronous=FULL, turn by turn; ratio.commit is the
                larger of both by raw
  screen_ms     from the eyes at a tile's edge until the display has shown what came of it: with the disk as it is
                (quick), and with 300 ms more at every sync of the journal (slow; by strace); saved_ms: until the
                screen says that it is saved
"""


def main() -> None:
    """Cut, measure, and report."""
    parser = argparse.ArgumentParser(
        prog="deploy/bench journal",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--cuts", type=options.positive, default=CUTS, help=f"how many power cuts ({CUTS})")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (1)")
    parser.add_argument(
        "--folder", type=Path, help="on the disk to measure commits on (default: that of the cache)"
    )
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    found: dict[str, float] = {}
    try:
        journal_screen.check()  # the cuts take minutes, and come first
        with tempfile.TemporaryDirectory(prefix="vybor-", dir=parsed.folder or parsed.share.parent) as folder:
            found |= journal_commits.commits(Path(folder))
            found |= journal_cuts.all_of_them(Path(folder), parsed.cuts, random.Random(parsed.seed), on_stderr)
        found |= journal_screen.screen(parsed.share)
    except VyborError as error:
        on_stderr(f"bench: {error}")
        sys.exit(error.exit_code)
    report.write("journal", found, parsed.json)


if __name__ == "__main__":
    main()
