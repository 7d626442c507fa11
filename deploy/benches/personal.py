"""What fits of one person's numbers find in simulated records: of words, of counts, of blinks."""

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from benches import (
    headband,
    interest,
    interest_offers,
    interest_person,
    options,
    personal_signs,
    report,
    retrain,
    retrain_person,
)
from benches.interest import Desk
from benches.interest_offers import Place
from benches.interest_person import LIKING, Eyes, Person
from benches.person import cache
from benches.retrain_person import A_DAY, Mind
from vybor.accounting.resampling import Interval
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor.contracts.numbers import Numbers
from vybor.foundation.errors import Missing, VyborError
from vybor.foundation.progress import on_stderr
from vybor.instant.personal import USUAL
from vybor.instant.tier import Personal, WordList
from vybor_workshop import materials, words, words_corpus
from vybor_workshop.personal import counts, fitting, rules
from vybor_workshop.personal import interest as fits
from vybor_workshop.personal.fit import TooLittle
from vybor_workshop.personal.record import Said

PERSONS, EVENTS, CONVERSATIONS, SHOWN = 3, 500, 20, 5
EPILOG = """
Counts: --persons writers of the conversation corpus whom the word list does not count, each with --events of their
own sentences. Interest: --conversations speakers of that corpus as if they were one person, a conversation a day,
each word chosen among five of the model's as it is meant; looks are those of the simulated people, with a liking
for what is meant and (still) without. Figures with their intervals: WHO.FIGURE, .low, .high; WHO.passes is 1 where
the rules would let the numbers go; WHO.refused names no figure but 1 where there was too little. Signs: writers
whose double blinks have changed since they were fitted, seen by the kit's detector in mixtures of real blinks and
stretches; `missed` is the share of what was meant that chose nothing on later days, `false` counts choices that
nobody meant, before (by the fitting) and after (by what was learned).
"""


def main() -> None:
    """Fit, judge, print, and write the figures."""
    parser = argparse.ArgumentParser(
        prog="deploy/bench personal",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--part", choices=("interest", "counts", "signs"), help="one alone; without it, all")
    parser.add_argument("--data", type=Path, help="of the signs: the folder that holds eeg/ ($VYBOR_DATA)")
    parser.add_argument("--persons", type=options.positive, default=PERSONS, help=f"writers ({PERSONS})")
    parser.add_argument("--events", type=options.positive, default=EVENTS, help=f"sentences of each ({EVENTS})")
    parser.add_argument(
        "--conversations", type=options.positive, default=CONVERSATIONS, help=f"of the interest ({CONVERSATIONS})"
    )
    parser.add_argument("--writer", choices=personal_signs.WRITERS, help="of the signs: one alone")
    parser.add_argument(
        "--offers", type=options.new_file, help="keep the model's words in this file, and go on from there"
    )
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    try:
        if parsed.part in (None, "signs"):
            headband.data(parsed.data)  # the signs come last, after many minutes
        figures: dict[str, float] = {}
        for part, of_part in (("counts", of_counts), ("interest", of_interest), ("signs", of_signs)):
            if parsed.part in (None, part):
                figures |= of_part(parsed)
    except VyborError as error:
        sys.exit(f"bench: {error}")
    report.write("personal", figures, parsed.json)


# --- counts -----------------------------------------------------------------------------------------------------


def of_counts(parsed: argparse.Namespace) -> dict[str, float]:
    """Every writer's. Raises VyborError."""
    messages = list(words_corpus.read_chitchat(materials.fetch(words.CHITCHAT, cache(), on_stderr)))
    able = retrain_person.minds(messages, parsed.persons, parsed.events)
    if len(able) < parsed.persons:
        raise Missing(f"{len(able)} writers have {parsed.events} sentences; take fewer --persons or --events")
    listed = WordList.open(retrain.word_list(messages))
    figures: dict[str, float] = {}
    for mind in able:
        fitted = counts.fit(said(mind), listed, on_stderr)
        found = fitting.figures_of_counts(fitted, None, listed, on_stderr)
        its = told(f"counts.{mind.name}", Kind.COUNTS, fitted.numbers, found)
        sizes = {f"counts.{mind.name}.{name}": size for name, size in bytes_of(fitted).items()}
        figures |= its | sizes
    listed.close()
    return figures


def said(mind: Mind) -> list[Said]:
    """Their sentences, so many a day."""
    return [Said(text, f"day {number // A_DAY:04}", "en") for number, text in enumerate(mind.sentences)]


def bytes_of(fitted: counts.Fitted) -> dict[str, float]:
    """Of the file of counts, written anew, with what is let go and without."""
    sizes: dict[str, float] = {}
    for name, numbers in (("bytes_usual", USUAL), ("bytes", fitted.numbers)):
        own = Personal()
        for each in fitted.said:
            own.learn(each.text)
        if numbers.prunes:
            own.file.prune(numbers, own.file.kept((), numbers.fresh), ("", ""), own.file.rows + 1)
        own.file.compact()
        pages, size = (
            own.file._database.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size")
        )
        sizes[name] = float(pages * size)
    return sizes


# --- interest ---------------------------------------------------------------------------------------------------


def of_interest(parsed: argparse.Namespace) -> dict[str, float]:
    """The speakers' as one person's, with each of the simulated eyes. Raises VyborError."""
    speakers = interest_offers.speakers(parsed.share.parent, development=False, count=parsed.conversations)
    offers = interest_offers.Offers(parsed.share, interest.OFFERED, parsed.offers)
    places = [place for number, each in enumerate(speakers) for place in offers.of(number, each, earlier=False)]
    meaning, commonness = interest.known(parsed.share)
    desk = Desk(places, meaning, commonness)
    figures: dict[str, float] = {}
    for name, person in interest_person.PEOPLE.items():
        for way, liking in ((name, LIKING), (f"{name}_still", 0.0)):
            found = fits.offers(chosen(desk, person, liking), meaning, commonness, on_stderr)
            try:
                fitted = fits.fit(found, on_stderr)
            except TooLittle as error:
                on_stderr(str(error))
                figures[f"interest.{way}.refused"] = 1.0
                continue
            its = fitting.figures_of_interest(fitted, None)
            figures |= told(f"interest.{way}", Kind.INTEREST, fitted.numbers, its)
    return figures


def chosen(desk: Desk, person: Person, liking: float) -> Iterator[m.Decision]:
    """What a kit would record of all of it, each conversation after a start of its own."""
    eyes, now, first = Eyes(person, random.Random(interest.SEED)), -1, 0
    for number, place in enumerate(desk.places):
        if place.conversation != now:
            now, first = place.conversation, number
            eyes = Eyes(person, random.Random(interest.SEED + place.conversation))
        decision = interest.decision_of(desk, place, shown(place), number - first)
        yield interest.looked(desk, place, decision, eyes, liking)


def shown(place: Place) -> Sequence[m.Candidate]:
    """The first of the model's words."""
    some = place.offered[:SHOWN]
    return tuple(m.Candidate(words=(word,), p=p, source=Source.MODEL) for word, p in some)


# --- signs ------------------------------------------------------------------------------------------------------


def of_signs(parsed: argparse.Namespace) -> dict[str, float]:
    """Those of writers who have changed since they were fitted. Raises Missing."""
    ground = personal_signs.ground(headband.data(parsed.data) / "eeg")
    figures: dict[str, float] = {}
    for name, writer in personal_signs.WRITERS.items():
        if parsed.writer not in (None, name):
            continue
        who = f"signs.{name}"
        try:
            lived, fitted = personal_signs.figures(ground, writer, on_stderr)
        except TooLittle as error:
            on_stderr(str(error))
            figures[f"{who}.refused"] = 1.0
            continue
        figures |= {f"{who}.{key}": value for key, value in lived.items()}
        figures |= told(who, Kind.SIGNS, fitted.numbers, fitting.figures_of_signs(fitted, None))
    return figures


# --- figures ----------------------------------------------------------------------------------------------------


def told(who: str, kind: Kind, numbers: Numbers, found: Mapping[str, Interval]) -> dict[str, float]:
    """What was found of one of them."""
    figures: dict[str, float] = {}
    for name, each in found.items():
        figures[f"{who}.{name}"] = each.value
        if each.low != each.high:
            figures |= {f"{who}.{name}.low": each.low, f"{who}.{name}.high": each.high}
    judged = rules.judged(kind, found, has_predecessor=False)
    on_stderr(
        f"{who}: {msgspec.json.encode(numbers).decode()}; fails: {[one.rule for one in judged if not one.holds]}"
    )
    return figures | {f"{who}.passes": float(rules.passes(judged))}


if __name__ == "__main__":
    main()
