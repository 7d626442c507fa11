"""How many selections a person needs to write given phrases, beside Debian's presage on the same phrases."""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import msgspec

from benches import options, report, writing_base, writing_figures, writing_phrases, writing_presage
from benches.writing_base import Base
from benches.writing_endings import AreForms
from benches.writing_figures import Costs
from benches.writing_kit import Kit, Propose, Remembering, model_in
from benches.writing_person import Attention, Writes, Written
from benches.writing_phrases import Phrase
from benches.writing_presage import Presage
from vybor.contracts.messages import Role
from vybor.core.decision.rules import Rules
from vybor.core.words.russian import endings_for
from vybor.foundation.errors import Missing, PlaceError, VyborError
from vybor.foundation.progress import on_stderr
from vybor.foundation.settings import CommitSettings, Language, Settings
from vybor.instant.russian.morphology import Morphology
from vybor.instant.tier import NOBODY, WordList
from vybor.instant.tokens import fold
from vybor_workshop.materials import Say
from world.desk import Desk

OURS = ("words", "partial")
"""The ways of the person that the frozen rules describe."""
PEER = "presage_retrained"
USED = 0.8
"""Trnka: people use 78 to 94 % of the predictions that would help."""
TELL_EVERY = 10
EPILOG = f"""
The person reads every tile at perfect gaze and takes the one that agrees and writes most; if none agrees, the
group of the next letter, looking after each step whether a word fits; then the exact spelling. *More*, which
stands in the menu, is spared: the frozen rules say once at most.
{writing_phrases.RULE}

ksr.WAY = 100 (1 - keystrokes / characters of the phrases with their spaces, without newlines). One keystroke each:
a word taken, a look at a group of letters, an exact letter, the end of a spelled word. Pages, and the choice of a
group before an exact letter, are none; presage's are a letter, a suggestion or the space behind a word;
selections_per_word counts every selection that the layout needs but the last, Speak.
  words      one word an act: tiles of several words are not taken
  partial    tiles of several words are taken too, one act each
  endings    in Russian: as partial, but a form of the word that is meant is taken and given its ending
  presage_stock, presage_retrained      with Debian's database, and counted from our word list's own text
ksr.gain: the better of words and partial less presage_retrained; ksr.gain_low: lower end of the 95 % interval of a
paired bootstrap over phrases. .u80: the same where a fitting word is used 80 % of the time, alike for both; there
presage shows a word again while it fits, which is better for it (REPEAT_SUGGESTIONS).
"""


def main() -> None:
    """Write the phrases in every way, and say what they cost."""
    parsed = _parser().parse_args()
    try:
        phrases = writing_phrases.read(parsed.phrases, parsed.limit)
        with tempfile.TemporaryDirectory(prefix="vybor-") as scratch:
            found = measure(parsed, phrases, Path(scratch))
    except VyborError as error:
        on_stderr(f"bench: {error}")
        sys.exit(error.exit_code)
    report.write("writing", found, parsed.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deploy/bench writing",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--phrases", type=Path, required=True, help="a text file, one phrase a line")
    parser.add_argument("--limit", type=options.positive, help="only the first so many phrases")
    parser.add_argument("--k", type=int, choices=(3, 5), default=5, help="suggestions asked for (5)")
    parser.add_argument("--lang", choices=("en", "ru"), default="en", help="the language of the phrases (en)")
    parser.add_argument("--base", choices=("clean", "shared"), default="clean", help="text that both sides know")
    parser.add_argument("--seed", type=int, default=1, help="of the .u80 figures and the bootstrap (1)")
    parser.add_argument("--threads", type=options.positive, default=2, help="cores for the model (2)")
    parser.add_argument(
        "--details", type=options.new_file, help="write what was shown and chosen here, one JSON line a phrase"
    )
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    return parser


def measure(parsed: argparse.Namespace, phrases: Sequence[Phrase], scratch: Path) -> dict[str, float]:
    """All figures. Raises VyborError."""
    kept = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vybor"
    if parsed.base == "shared" and parsed.lang != "en":
        raise Missing(f"the shared text is English; take --base clean for {parsed.lang}")
    if parsed.base == "shared":
        base = writing_base.shared(phrases, kept, on_stderr)
    else:
        base = writing_base.clean(parsed.share, kept, parsed.lang, on_stderr)
    words = WordList.open(base.words)
    rules = Rules(
        session="bench",
        language=parsed.lang,
        commit=CommitSettings(),
        instant=Remembering(words.answer),
        mix=words.mix,
        count=parsed.k,
        endings=endings_for(Settings(language=Language(parsed.lang)), words, lambda: NOBODY),
    )
    kits = _kits(rules, Remembering(model_in(parsed.share, parsed.lang, parsed.threads)))
    sharp, tired = _peers(parsed, base, kept, scratch)
    whole = write_all(phrases, kits, sharp, Attention(parsed.seed))
    part = write_all(phrases, kits, tired, Attention(parsed.seed, USED))
    places = shown_at_once(rules)
    words.close()
    if parsed.details:
        _keep_details(parsed.details, phrases, {"": whole, ".u80": part})
    best = writing_figures.best_of(whole, OURS)
    on_stderr(f"the better of words and partial is {best}; ksr.gain is that less {PEER}, where presage is there")
    return {
        "phrases": float(len(phrases)),
        "k.kit": float(places),
        **({"k.presage": float(parsed.k)} if sharp else {}),
        **writing_figures.figures(whole, best, PEER, parsed.seed),
        **writing_figures.figures(part, writing_figures.best_of(part, OURS), PEER, parsed.seed, ".u80"),
    }


def _kits(rules: Rules, propose: Propose) -> list[Kit]:
    kits = [
        Kit(name="words", rules=rules, propose=propose, takes_runs=False),
        Kit(name="partial", rules=rules, propose=propose, takes_runs=True),
    ]
    if rules.language == Language.RUSSIAN:
        kits.append(msgspec.structs.replace(kits[-1], name="endings", are_forms=_are_forms()))
    return kits


def _are_forms() -> AreForms:
    morphology = Morphology()
    return lambda word, other: fold(other) in {fold(form.word) for form in morphology.forms(word)}


def shown_at_once(rules: Rules) -> int:
    """How many words the layout really has places for."""
    return sum(tile.role is Role.CANDIDATE for tile in Desk(rules).state.tiles)


def _peers(
    parsed: argparse.Namespace, base: Base, kept: Path, scratch: Path
) -> tuple[list[Presage], list[Presage]]:
    """Presage with Debian's database and with one of our own text; none where presage is missing.

    For who sees every word, as Debian has it; for who overlooks some, with words that stay while they fit: each is
    what presage does best with.
    """
    lack = writing_presage.lack() or ("" if parsed.lang == "en" else f"presage has no database for {parsed.lang}")
    if lack:
        on_stderr(f"bench: {lack}")
        return [], []
    debian = writing_presage.CONFIG.read_text(encoding="utf-8")
    databases = {"presage_stock": None, PEER: writing_presage.retrained(base.sentences(), kept, on_stderr)}
    peers: dict[bool, list[Presage]] = {False: [], True: []}
    for (name, database), repeats in product(databases.items(), peers):
        config = scratch / f"{name}-{repeats}.xml"
        config.write_text(writing_presage.config(debian, parsed.k, database, repeats=repeats), encoding="utf-8")
        peers[repeats].append(Presage(name=name, config=config))
    return peers[False], peers[True]


def write_all(
    phrases: Sequence[Phrase], kits: Sequence[Writes], peers: Sequence[Writes], attention: Attention
) -> Costs:
    """Every phrase in every way: the peers, each a program of its own, beside the kit."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        theirs = {peer.name: beside.submit(_each, phrases, peer, attention, None) for peer in peers}
        costs = {kit.name: _each(phrases, kit, attention, on_stderr) for kit in kits}
        return costs | {name: future.result() for name, future in theirs.items()}


def _each(phrases: Sequence[Phrase], way: Writes, attention: Attention, say: Say | None) -> list[Written]:
    done = []
    for phrase in phrases:
        done.append(way.write(phrase, attention))
        if say and len(done) % TELL_EVERY == 0:
            say(f"{way.name}, using {attention.used:.0%}: {len(done)} of {len(phrases)} phrases")
    return done


def _keep_details(path: Path, phrases: Sequence[Phrase], runs: Mapping[str, Costs]) -> None:
    """One JSON line a phrase. Raises PlaceError."""
    try:
        with path.open("w", encoding="utf-8") as opened:
            for place, phrase in enumerate(phrases):
                ways = {name + suffix: costs[name][place] for suffix, costs in runs.items() for name in costs}
                line = msgspec.json.encode({"number": phrase.number, "text": phrase.text, "ways": ways})
                opened.write(line.decode() + "\n")
    except OSError as error:
        raise PlaceError(
            f"the details cannot be written to {path} ({error.strerror}); name another file"
        ) from None


if __name__ == "__main__":
    main()
