"""How often the next Russian word is offered, how often only in another form, and whether that is a page away."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from benches import options, report, writing_phrases
from benches.writing_kit import Propose, model_in
from benches.writing_phrases import Phrase
from vybor.composer.letters import KEYS
from vybor.composer.placing import IN_ROWS
from vybor.contracts import messages as m
from vybor.core.decision.endings import Endings
from vybor.core.words.russian import endings_for
from vybor.foundation.errors import Missing, VyborError
from vybor.foundation.places import Places
from vybor.foundation.settings import Language, Settings
from vybor.instant.mix import mixed
from vybor.instant.russian.morphology import Morphology
from vybor.instant.tier import NOBODY, WordList
from vybor.instant.tokens import fold
from vybor.retrieval.stems import language_of
from vybor_workshop.cli import default_cache

OFFERED, BESIDE_KEYS = 4, 3
"""Words on the page of words, and above the groups of the keypad."""
LANGUAGE = Language.RUSSIAN.value
EPILOG = f"""
Each word of the phrases is asked for behind those before it, as they stand there. {writing_phrases.RULE}

  words       words asked for
  hit         the share of them that stands among the first {OFFERED} offered; hit.N: among the first N
  form        the share of which another form stands there, and the word does not
  first_page  of those: the share whose form is on the first page of *Other ending*
  looks.*     the same among {BESIDE_KEYS}, once the groups of the first LOOKS letters were looked at
A bundle that does not know Russian is not loaded: then these are the figures of the word list alone.
"""


class Place(msgspec.Struct, frozen=True):
    """A word, and what stands before it."""

    before: str
    word: str


class Found(msgspec.Struct, frozen=True):
    """Where a word stands among those offered, from 0; or the form of it that does."""

    rank: int | None
    form: str = ""
    is_near: bool = False
    """Whether the way from that form to the word is on the first page."""


def main() -> None:
    """Ask for every word, and say how often it was there."""
    parsed = _parser().parse_args()
    try:
        phrases = russian(writing_phrases.read(parsed.phrases, parsed.limit), parsed.phrases)
        figures = measure(parsed, phrases)
    except VyborError as error:
        print(f"bench: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    report.write("forms", figures, parsed.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deploy/bench forms",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--share",
        type=Path,
        default=default_cache(os.environ) / "share",
        metavar="DIR",
        help="folder of another model and its word list (default: the one that was prepared)",
    )
    parser.add_argument("--phrases", type=Path, required=True, help="a text file, one phrase a line")
    parser.add_argument("--limit", type=options.positive, help="only the first so many phrases")
    parser.add_argument("--looks", type=int, choices=range(5), default=0, help="also behind so many looks (0)")
    parser.add_argument("--threads", type=options.positive, default=2, help="cores for the model (2)")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    return parser


def russian(phrases: Sequence[Phrase], file: Path) -> Sequence[Phrase]:
    """The phrases, if half of their words or more are Russian. Raises Missing."""
    words = [word for phrase in phrases for word in phrase.words]
    if 2 * sum(language_of(word) == LANGUAGE for word in words) < len(words):
        raise Missing(f"the phrases in {file} are not Russian, and this bench asks for Russian words; name others")
    return phrases


def measure(parsed: argparse.Namespace, phrases: Sequence[Phrase]) -> dict[str, float]:
    """All figures. Raises VyborError."""
    places = Places(runtime=parsed.share, state=parsed.share, share=parsed.share)
    words = WordList.open(places.words(LANGUAGE))
    endings = endings_for(Settings(language=Language.RUSSIAN), words, lambda: NOBODY)
    offers = Offers(words, model_in(parsed.share, LANGUAGE, parsed.threads), endings)
    morphology = Morphology()
    asked = [place for phrase in phrases for place in places_of(phrase)]
    figures = {"words": float(len(asked))}
    for looks in sorted({0, parsed.looks}):
        found = [found_in(offers(place, looks), place, morphology, endings) for place in asked]
        figures |= {("looks." if looks else "") + key: value for key, value in shares(found).items()}
    words.close()
    return figures


class Offers:
    """What both tiers offer, as the deciding process mixes it."""

    def __init__(self, words: WordList, propose: Propose, endings: Endings) -> None:
        self._words = words
        self._propose = propose
        self._endings = endings

    def __call__(self, place: Place, looks: int) -> list[str]:
        """The words on the tiles, the likeliest first."""
        groups = groups_of(place.word, looks)
        prompt = m.Prompt(at_ns=0, number=0, text=place.before, groups=groups, count=OFFERED, language=LANGUAGE)
        candidates = self._endings.agree(prompt, mixed(self._words.answer(prompt), self._propose(prompt)))
        return [candidate.words[0] for candidate in candidates[: BESIDE_KEYS if looks else OFFERED]]


def places_of(phrase: Phrase) -> Iterator[Place]:
    """Each word of a phrase behind those before it."""
    for number, word in enumerate(phrase.words):
        yield Place(" ".join(phrase.words[:number]), word)


def groups_of(word: str, looks: int) -> tuple[str, ...]:
    """The groups that somebody looks at for the first letters of a word."""
    letters = islice((letter for letter in fold(word) if letter.isalpha()), looks)
    return tuple(key for letter in letters for key in KEYS[LANGUAGE] if letter in key)


def found_in(offered: Sequence[str], place: Place, morphology: Morphology, endings: Endings) -> Found:
    """Where the word stands, or the first of its forms that does."""
    folds = [fold(word) for word in offered]
    meant = fold(place.word)
    if meant in folds:
        return Found(folds.index(meant))
    forms = {fold(form.word) for form in morphology.forms(meant)}
    other = next((word for word in folds if word in forms), "")
    if not other:
        return Found(None)
    ways = [fold(form) for form in endings.forms(f"{place.before} {other}")]
    return Found(None, other, meant in ways[: len(IN_ROWS) - (len(ways) > len(IN_ROWS))])


def shares(found: Sequence[Found]) -> dict[str, float]:
    """The figures of one kind of offer."""
    forms = [each for each in found if each.form]
    figures = {"hit": sum(each.rank is not None for each in found) / len(found), "form": len(forms) / len(found)}
    for most in range(1, OFFERED):
        hits = sum(each.rank is not None and each.rank < most for each in found)
        figures[f"hit.{most}"] = hits / len(found)
    if forms:
        figures["first_page"] = sum(each.is_near for each in forms) / len(forms)
    return figures


if __name__ == "__main__":
    main()
