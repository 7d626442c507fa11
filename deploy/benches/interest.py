"""What interest adds to the model's offers: on, off, time-shuffled and of the wrong topic, with the people's gaze.

Speakers of chitchat-dataset say what they said there, word by word; the bundle's model offers eight words at each
place, once, and every condition orders the same eight. The kit's own code learns from the decisions that such a
person's kit would have recorded. `hit3` is the share of places where the word that is meant is among the first
three, in points; `nats` the logarithm of its share among the eight where it is one of them. Intervals are 95 %, of
a bootstrap over conversations, paired with off.
"""

import argparse
import math
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from benches import interest_offers, interest_person, options, report
from benches.interest_offers import Place
from benches.interest_person import LIKING, Eyes, Person, Word
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role, Source
from vybor.foundation.errors import Missing, VyborError
from vybor.generator.interest.judging import Choice, Judged, gain_of, judge
from vybor.generator.interest.profile import USUAL, Interest, with_interest
from vybor.generator.meaning import Meanings
from vybor.generator.network.bundle import TOKENIZER, open_bundle
from vybor.generator.network.embedding_rows import EmbeddingRows, Floats
from vybor.generator.notes.topics import Commonness
from vybor.generator.vocabulary import Vocabulary

OFFERED, SHOWN = 8, 3
RESAMPLES = 5000
POINTS = 100.0
SEED = 20
SPELLED_SLOT = 6
SURE = 0.95
READS = {"sentence": False, "earlier": True}
"""The sentence at hand alone, as the kit does; or what the speaker said before it too."""


class Run(msgspec.Struct, frozen=True):
    """One person writing everything in one condition."""

    name: str
    hits: list[bool]
    nats: list[float | None]
    vectors: list[Floats | None]
    judged: Judged


class Desk(msgspec.Struct, frozen=True):
    """What every condition shares."""

    places: Sequence[Place]
    meaning: Meanings
    commonness: Callable[[str], float]

    def liking(self, word: str, place: Place) -> float:
        """How much a word is like what the person still means to say: the likest of that, -1 to 1."""
        vector = self.meaning(word)
        wanted = [known for each in place.to_come if (known := self.meaning(each)) is not None]
        return max((float(vector @ known) for known in wanted), default=0.0) if vector is not None else 0.0


def main() -> None:
    """Ask the model, simulate, print, and write the figures."""
    parser = argparse.ArgumentParser(prog="deploy/bench interest", description=__doc__)
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--conversations", type=options.positive, default=20, help="how many (20)")
    parser.add_argument("--reads", choices=(*READS, "both"), default="both", help="what the model reads (both)")
    parser.add_argument("--cost", action="store_true", help="measure too what eight words cost beside four")
    parser.add_argument("--development", action="store_true", help="those that the constants were chosen on")
    parser.add_argument("--people", type=Path, help="the folder of good.toml, fair.toml and bad.toml")
    parser.add_argument(
        "--offers", type=options.new_file, help="keep the model's words in this file, and go on from there"
    )
    parser.add_argument("--known", action="store_true", help="ask nothing new: what the file has so far")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    try:
        figures = measured(parsed)
    except VyborError as error:
        sys.exit(f"bench: {error}")
    report.write("interest", figures, parsed.json)


def measured(parsed: argparse.Namespace) -> dict[str, float]:
    """Every figure; the model reads the sentence at hand alone, then what the speaker said before it too."""
    people = interest_person.read(parsed.people) if parsed.people else interest_person.PEOPLE
    said = interest_offers.speakers(parsed.share.parent, parsed.development, parsed.conversations)
    meaning, commonness = known(parsed.share)
    offers = interest_offers.Offers(parsed.share, OFFERED, parsed.offers, known_only=parsed.known)
    figures: dict[str, float] = {}
    found: list[Place] = []
    for name, earlier in READS.items():
        if parsed.reads not in (name, "both"):
            continue
        found = [place for number, each in enumerate(said) for place in offers.of(number, each, earlier=earlier)]
        if not found:
            raise Missing(f"no offer is known for {name!r}; leave out --known, or name a file with --offers")
        desk = Desk(found, meaning, commonness)
        figures[f"{name}.places"] = float(len(found))
        figures[f"{name}.conversations"] = float(len({place.conversation for place in found}))
        figures |= {f"{name}.{key}": value for key, value in compared(desk, people).items()}
    if not parsed.cost:
        return figures
    for count, (tokens, ms) in interest_offers.cost(parsed.share, found, (SHOWN, OFFERED)).items():
        figures |= {f"cost.of_{count}.tokens": tokens, f"cost.of_{count}.ms": ms}
    return figures


def known(share: Path) -> tuple[Meanings, Commonness]:
    """What the generator knows of words."""
    bundle = open_bundle(share / "model")
    commonness = Commonness(lambda language: share / f"words-{language}.sqlite")
    return Meanings(EmbeddingRows(bundle), Vocabulary.open(bundle.folder / TOKENIZER), commonness), commonness


def compared(desk: Desk, people: dict[str, Person]) -> dict[str, float]:
    """All conditions for all people, against off."""
    person = next(iter(people.values()))
    off = run(desk, person, "off", weight=0.0)
    figures = {"off.hit3": POINTS * sum(off.hits) / len(off.hits), "off.different": float(different(desk))}
    figures |= against(off, run(desk, person, "accepted_alone", gazes=False), desk)
    for name, each in people.items():
        on = run(desk, each, f"{name}.on")
        runs = [
            on,
            run(desk, each, f"{name}.looks_say_nothing", liking=0.0),
            run(desk, each, f"{name}.looks_alone", accepts=False),
            run(desk, each, f"{name}.shuffled", instead=shuffled(on.vectors)),
            run(desk, each, f"{name}.wrong_topic", instead=of_another(on.vectors, desk.places)),
        ]
        for one in runs:
            figures |= against(off, one, desk) | verdict(one)
    return figures


def verdict(one: Run) -> dict[str, float]:
    """What the kit's own replay would make of it, if each conversation was a day."""
    found = {"gain": one.judged.gain, "is_on": float(one.judged.helps)}
    if one.judged.low is not None:
        found["low"] = one.judged.low
    return {f"{one.name}.judged.{key}": value for key, value in found.items()}


def different(desk: Desk) -> int:
    """Offers that are not exactly the model's while the weight is zero, with an interest or without."""
    count = 0
    vectors = [vector for place in desk.places[:500] if (vector := desk.meaning(place.target)) is not None]
    for number, place in enumerate(desk.places):
        offered = tuple(m.Candidate(words=(word,), p=p, source=Source.MODEL) for word, p in place.offered)
        vector = vectors[number % len(vectors)]
        count += with_interest(offered, vector, desk.meaning, 0.0) != offered
        count += with_interest(offered, None, desk.meaning, USUAL.weight) != offered
    return count


def run(  # noqa: PLR0913  (a condition, read by its names)
    desk: Desk,
    person: Person,
    name: str,
    *,
    weight: float = USUAL.weight,
    liking: float = LIKING,
    gazes: bool = True,
    accepts: bool = True,
    instead: Sequence[Floats | None] | None = None,
) -> Run:
    """Write everything; `instead` are vectors to take in place of the interest's own."""
    interest = Interest(desk.commonness)
    eyes, now = Eyes(person, random.Random(SEED)), -1
    hits, nats, vectors, choices = [], [], [], []
    for number, place in enumerate(desk.places):
        if place.conversation != now:
            now, eyes = place.conversation, Eyes(person, random.Random(SEED + place.conversation))
        vector = instead[number] if instead else interest.vector(desk.meaning)
        offered = tuple(m.Candidate(words=(word,), p=p, source=Source.MODEL) for word, p in place.offered)
        moved = with_interest(offered, vector, desk.meaning, weight)
        shares = {each.words[0].casefold(): each.p for each in moved}
        target = place.target.casefold()
        hits.append(target in list(shares)[:SHOWN])
        nats.append(math.log(shares[target] / sum(shares.values())) if target in shares else None)
        vectors.append(vector)
        decision = decision_of(desk, place, moved[:SHOWN], number)
        decision = looked(desk, place, decision, eyes, liking if gazes else None)
        gain = gain_of(decision, vector, desk.meaning)
        choices += [] if gain is None else [Choice(place.conversation, gain)]
        sure = msgspec.structs.replace(decision.evidence, posterior_without_prior=SURE if accepts else 0.0)
        interest.tell(msgspec.structs.replace(decision, evidence=sure))
    return Run(name, hits, nats, vectors, judge(choices))


def shuffled(vectors: Sequence[Floats | None]) -> list[Floats | None]:
    """The same interest at other times."""
    order = list(vectors)
    random.Random(SEED).shuffle(order)
    return order


def of_another(vectors: Sequence[Floats | None], places: Sequence[Place]) -> list[Floats | None]:
    """The interest of the conversation half of all away, as far into it."""
    by_conversation: dict[int, list[Floats | None]] = {}
    for vector, place in zip(vectors, places, strict=True):
        by_conversation.setdefault(place.conversation, []).append(vector)
    names = list(by_conversation)
    taken: list[Floats | None] = []
    for number, name in enumerate(names):
        other = by_conversation[names[(number + len(names) // 2) % len(names)]]
        taken += [other[min(place, len(other) - 1)] for place in range(len(by_conversation[name]))]
    return taken


def against(off: Run, other: Run, desk: Desk) -> dict[str, float]:
    """A condition's gains with their intervals."""
    where = np.array([place.conversation for place in desk.places])
    hits = POINTS * (np.array(other.hits, float) - np.array(off.hits, float))
    nats = np.array(
        [math.nan if a is None or b is None else a - b for a, b in zip(other.nats, off.nats, strict=True)]
    )
    there = ~np.isnan(nats)
    return {
        f"{other.name}.{key}": value
        for key, value in (
            *_interval("hit3", hits, where),
            *_interval("nats", nats[there], where[there]),
        )
    }


def _interval(name: str, gains: Floats, where: Floats) -> Iterable[tuple[str, float]]:
    """The mean, and the ends of its interval."""
    groups = np.unique(where)
    sums = np.array([gains[where == group].sum() for group in groups])
    counts = np.array([(where == group).sum() for group in groups])
    drawn = np.random.default_rng(SEED).integers(len(groups), size=(RESAMPLES, len(groups)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return ((name, float(gains.mean())), (f"{name}_low", float(low)), (f"{name}_high", float(high)))


def decision_of(desk: Desk, place: Place, shown: Sequence[m.Candidate], number: int) -> m.Decision:
    """What the kit would record of this word: taken if it stood there, else spelled."""
    words = [candidate.words[0].casefold() for candidate in shown]
    target = place.target.casefold()
    slot = words.index(target) if target in words else SPELLED_SLOT
    tiles = tuple(
        m.OfferedTile(
            slot=each,
            role=Role.CANDIDATE,
            label=candidate.words[0],
            grey="",
            source=candidate.source,
            p=candidate.p,
            gaze_ms=0.0,
        )
        for each, candidate in enumerate(shown)
    )
    return m.Decision(
        at_ns=number,
        session=str(place.conversation),
        number=number,
        action=Action.TAKE,
        slot=slot,
        written=f" {place.target}",
        text_before=place.text,
        text_after=f"{place.text} {place.target}",
        offer=number,
        shown=tiles,
        evidence=m.Evidence(
            channel=m.Channelled.PAD, posterior=SURE, posterior_without_prior=SURE, gaze_age_ms=0.0
        ),
        model="bench",
    )


def looked(desk: Desk, place: Place, decision: m.Decision, eyes: Eyes, liking: float | None) -> m.Decision:
    """The same with how long each tile was looked at; None: not at all."""
    if liking is None:
        return decision
    read = [
        Word(tile.label, desk.commonness(tile.label), desk.liking(tile.label, place) if liking else 0.0)
        for tile in decision.shown
    ]
    seconds = eyes.read(read, decision.slot, liking)
    tiles = (
        msgspec.structs.replace(tile, gaze_ms=1e3 * each)
        for tile, each in zip(decision.shown, seconds, strict=True)
    )
    return msgspec.structs.replace(decision, shown=tuple(tiles))


if __name__ == "__main__":
    main()
