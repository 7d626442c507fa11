"""How quick the instant tier starts and answers with much personal text, and how good its probabilities are."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benches import options, report, writing_phrases
from benches.instant_quality import quality
from benches.instant_speed import speed
from benches.instant_writers import writers
from benches.writing_phrases import Phrase
from vybor.foundation import keys
from vybor.foundation.errors import VyborError
from vybor.foundation.keys import Key
from vybor.foundation.places import Places
from vybor.foundation.progress import on_stderr
from vybor.generator.candidates import Proposer
from vybor.generator.network.bundle import open_bundle
from vybor.instant.tier import WordList

EPILOG = """
Times, with --megabytes of the conversations that the list is made from as the person's text:
  start_s       a new interpreter loads the instant tier, opens the list and the person's counts, and has answered
                an empty line; median of five
  answer_ms     an offer at each word of sentences that were not learned: nothing known of the word (open), one
                look, two looks, one letter
  commit_ms     one more sentence is counted; answer_after_commit_ms: the next offer, which knows it

Probabilities, with --phrases: at each word, with none of its letters known (open), with one look and with two, by
the list alone (base), with what was said in the phrases before (instant), and with the model (mixed):
  log_loss      mean of -ln p of the word that came, in nats; 13.8 at most (1e-6)
  unknown       how often that most was reached
  hit_4         how often the word is among the four likeliest
  ece           expected calibration error of those four, in ten bins of equally many

With --writers: a list is made without 36 writers; the perplexity of the later half of what each wrote, by that
list alone (base), with their own counts (own), and with what they said lately (recent). No constant of that was
tuned on 12 of them (check).
"""


def main() -> None:
    """Measure and report."""
    parsed = _parser().parse_args()
    share = Places(runtime=parsed.share, state=parsed.share, share=parsed.share)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vybor"
    try:
        phrases = writing_phrases.read(parsed.phrases, parsed.limit) if parsed.phrases else []
        with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
            key = Key(keys.new_secret()) if parsed.sealed else keys.NONE
            found = speed(share.words("en"), cache, Path(folder), int(parsed.megabytes * 1e6), on_stderr, key)
            found |= writers(cache, Path(folder), on_stderr) if parsed.writers else {}
        found |= judged(share, phrases, parsed.threads) if phrases else {}
    except VyborError as error:
        on_stderr(f"bench: {error}")
        sys.exit(error.exit_code)
    report.write("instant", found, parsed.json)


def judged(share: Places, phrases: Sequence[Phrase], threads: int) -> dict[str, float]:
    """The probabilities along phrases, with the real list and model. Raises VyborError."""
    words = WordList.open(share.words("en"))
    proposer = Proposer(open_bundle(share.model), threads)
    found = quality(words, lambda prompt: proposer.propose(prompt, lambda: True) or (), phrases)
    words.close()
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deploy/bench instant",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument(
        "--phrases", type=Path, help="a text file, one phrase a line: judge probabilities along it"
    )
    parser.add_argument("--sealed", action="store_true", help="the person's counts are encrypted")
    parser.add_argument("--writers", action="store_true", help="judge what personal text is worth (minutes)")
    parser.add_argument("--limit", type=options.positive, default=20, help="only the first so many phrases (20)")
    parser.add_argument("--megabytes", type=options.positive, default=5, help="of personal text (5)")
    parser.add_argument("--threads", type=options.positive, default=2, help="cores for the model (2)")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    return parser


if __name__ == "__main__":
    main()
