"""How fast and how safely a simulated person writes with their eyes, beside a dwell keyboard with presage."""

import argparse
import math
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benches import (
    options,
    person_figures,
    person_profile,
    report,
    writing_base,
    writing_phrases,
    writing_presage,
)
from benches.person_body import WAYS
from benches.person_figures import BASELINE, STOCK
from benches.person_keyboard import WORDS
from benches.person_profile import PROFILES
from benches.person_result import Sitting
from benches.person_runs import Asked, Configurations, Folder, Opening, Run, sit_all
from benches.report import Origin
from vybor.composer.layout import LAYOUTS
from vybor.contracts.messages import Arrangement
from vybor.foundation.errors import VyborError
from vybor.foundation.places import Places
from vybor.foundation.progress import on_stderr
from vybor.generator.network.bundle import open_bundle

BY_EYES = "auto"
"""The layout that the kit takes for these eyes."""
PEOPLE = 20
NOT_FINISHED = 75  # EX_TEMPFAIL
EPILOG = f"""
The whole way in virtual time: what the eyes do, with the noise of the profile and lost samples; the gaze room's
filter; selector and composer; the screen that the display says it has shown; the word list and the model, each
answer after the time that it really took. --people virtual people are drawn around each profile
(person_profile.py); all of them write all phrases, with the kit and with a dwell keyboard that shows presage's
words. At the beginning of each session of ten minutes the kit shows its few dots, whose time counts to the next
phrase and which find the session's offset; the keyboard is the frozen one (its rules come with the simulated
person), in the densest layout that these eyes hit, and has no dots. A run goes on where it was ended: give the
same command again.
{writing_phrases.RULE}

Figures end in the profile. Of the median person, with the worst tenth's in KEY.worst: wpm (words of five
characters, of phrases said right, over the time of all), selections_per_word, corrections_per_utterance,
gestures_per_min, bits_per_act, none_rate, seconds_per_act, first_word_s, share.* (of the time), model_s. Of all
together: false_per_min (chosen while reading, or while noticing something else, by the time of reading;
false_idle_per_min while idling), misquoted_per_1000 (said, and not the phrase), wrong_per_100_acts, unfinished
(share of phrases), longest_stuck_s (the longest of all, from the first look at what is meant until it is
chosen), longest_no_act_s (the longest in which it could not even be confirmed: it was not lit, or its edge did
not open), dead_ends. People with a switch have been through the kit's fitting for the timings of tiles that
light up in turn. ratio.wpm_vs_baseline: the median person's wpm over theirs with presage retrained on the word
list's own text; .low: lower end of its 95 % interval, paired bootstrap over phrases.
"""


def main() -> None:
    """Let the people write, and say what it cost."""
    parsed = _parser().parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="vybor-") as scratch:
            sittings, origins = sit(parsed, Path(scratch))
    except VyborError as error:
        on_stderr(f"bench: {error}")
        sys.exit(error.exit_code)
    report.write("person", person_figures.figures(sittings, parsed.seed), parsed.json, origins=origins)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deploy/bench person",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--share", type=Path, required=True, help=argparse.SUPPRESS)
    add("--phrases", type=Path, required=True, help="a text file, one phrase a line")
    add("--limit", type=options.positive, help="only the first so many phrases")
    add("--profile", nargs="+", default=list(PROFILES), metavar="NAME", help="whose eyes (good fair bad)")
    add("--profiles", type=Path, help="a folder with NAME.toml for each profile (those built in)")
    add("--people", type=options.positive, default=PEOPLE, help=f"virtual people a profile ({PEOPLE})")
    layouts = (BY_EYES, *map(str, LAYOUTS))
    add(
        "--layout",
        choices=layouts,
        default=BY_EYES,
        help="zones of the screen, or as many as the kit takes by the eyes (auto)",
    )
    add(
        "--places",
        type=Arrangement,
        choices=tuple(Arrangement),
        default=Arrangement.DEFAULT,
        metavar="{" + ",".join(Arrangement) + "}",
        help="where Undo and Speak stand (default)",
    )
    add("--commit", choices=tuple(WAYS), default="pad", help="how a choice is confirmed (pad)")
    add(
        "--drowsy",
        type=float,
        choices=(1.25, 1.5),
        default=0.0,
        metavar="TIMES",
        help="a headband says that they are: commit.drowsy_times",
    )
    add("--lang", choices=("en", "ru"), default="en", help="the language of the phrases (en)")
    add("--seed", type=int, default=1, help="of the people and the bootstrap (1)")
    add("--jobs", type=options.positive, default=1, help="processes; more make the model's answers slower (1)")
    add("--threads", type=options.positive, default=2, help="cores for the model (2)")
    add("--minutes", type=options.positive, help="begin no further person after so long; go on another time")
    add("--json", type=options.new_file, help="write the figures here")
    return parser


def sit(parsed: argparse.Namespace, scratch: Path) -> tuple[list[Sitting], set[Origin]]:
    """Everybody's sittings, kept ones too, and where they come from.

    Raises VyborError, and SystemExit where the time is over.
    """
    profiles = person_profile.chosen(parsed.profile, parsed.profiles)
    run = run_of(parsed)
    folder = Folder(cache(), run)
    asked = [Asked(name, profile, n) for n in range(parsed.people) for name, profile in profiles.items()]
    found = {(one.name, one.number): folder.sittings(one) for one in asked}
    left = [one for one in asked if not found[one.name, one.number]]
    on_stderr(f"person: {len(asked) - len(left)} of {len(asked)} people have written")
    end_s = time.perf_counter() + 60 * (parsed.minutes or math.inf)
    if left:
        opening = Opening(run, folder.answers, configurations(parsed, run, scratch))
        for one, sittings in sit_all(opening, left, parsed.jobs, lambda: time.perf_counter() > end_s):
            folder.keep(one, sittings)
            found[one.name, one.number] = sittings
            on_stderr(told(one, sittings))
    if missing := sum(not sittings for sittings in found.values()):
        on_stderr(f"bench: {missing} of {len(asked)} people have not written yet; give the same command to go on")
        sys.exit(NOT_FINISHED)
    return [sitting for sittings in found.values() for sitting in sittings], folder.origins(asked)


def told(asked: Asked, sittings: Sequence[Sitting]) -> str:
    """One person in a line."""
    speeds = ", ".join(f"{sitting.way} {person_figures.wpm(sitting.results):.1f}" for sitting in sittings)
    return f"{asked.name} {asked.number}: words a minute: {speeds}"


def run_of(parsed: argparse.Namespace) -> Run:
    """What is to be measured. Raises VyborError."""
    share = parsed.share.resolve()
    places = Places(runtime=share, state=share, share=share)
    lack = writing_presage.lack() or ("" if parsed.lang == "en" else f"presage has no database for {parsed.lang}")
    if lack:
        on_stderr(f"bench: {lack}")
    return Run(
        share=str(share),
        model=f"{open_bundle(places.model).identity} {places.words(parsed.lang).resolve().name}",
        language=parsed.lang,
        phrases=tuple(writing_phrases.read(parsed.phrases, parsed.limit)),
        commit=parsed.commit,
        layout=0 if parsed.layout == BY_EYES else int(parsed.layout),
        places=parsed.places,
        drowsy=parsed.drowsy,
        seed=parsed.seed,
        threads=parsed.threads,
        keyboards=() if lack else (STOCK, BASELINE),
    )


def configurations(parsed: argparse.Namespace, run: Run, scratch: Path) -> Configurations:
    """Presage with Debian's database, and with one of the word list's own text. Raises VyborError."""
    if not run.keyboards:
        return {}
    base = writing_base.clean(parsed.share, cache(), parsed.lang, on_stderr)
    databases = {STOCK: None, BASELINE: writing_presage.retrained(base.sentences(), cache(), on_stderr)}
    found: Configurations = {}
    for way, database in databases.items():
        path = scratch / f"{way}.xml"
        debian = writing_presage.CONFIG.read_text(encoding="utf-8")
        path.write_text(writing_presage.config(debian, WORDS, database, repeats=True), encoding="utf-8")
        found[way] = str(path)
    return found


def cache() -> Path:
    """Where what can be made again is kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vybor"


if __name__ == "__main__":
    main()
