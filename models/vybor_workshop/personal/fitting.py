"""The shell of `vybor-workshop personal fit`: has numbers fitted and judged, and keeps them."""

import math
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from vybor.accounting.resampling import Interval
from vybor.bundles.manifest import Kind
from vybor.contracts.numbers import CountsNumbers, InterestNumbers, Numbers, SignsNumbers
from vybor.foundation.clock import wall_time
from vybor.generator.interest.profile import USUAL as USUAL_INTEREST
from vybor.generator.interest.profile import Meaning
from vybor.generator.meaning import Meanings
from vybor.generator.network.bundle import TOKENIZER, Bundle
from vybor.generator.network.embedding_rows import EmbeddingRows
from vybor.generator.notes.topics import Commonness
from vybor.generator.vocabulary import Vocabulary
from vybor.instant.personal import USUAL as USUAL_COUNTS
from vybor.instant.tier import WordList
from vybor_workshop.growth import Growth
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.materials import Say
from vybor_workshop.personal import counts, interest, keeping, rules, signs
from vybor_workshop.personal.fit import Fit, exactly
from vybor_workshop.personal.record import Record
from vybor_workshop.publish import fate

NO_BASE = "0" * 64
"""Of numbers that hang on no model."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, where it is kept."""

    fit: Fit
    numbers: Numbers
    where: Growth


class Place(msgspec.Struct, frozen=True):
    """Where fits are kept, and what is known of the kit."""

    home: Path
    data: DataSet

    def before(self, kit: str, kind: Kind, base: str) -> tuple[int, Numbers | None]:
        """The fit that the kit goes on with, and its numbers; 0 and None: everybody's. Raises VyborError."""
        found = keeping.predecessor(self.home, kit, kind, fate.became(self.data, kit), base)
        return (found.number, keeping.numbers_of(found, keeping.read(found))[0]) if found else (0, None)


def fit_interest(record: Record, bundle: Bundle, words: Callable[[str], Path], place: Place, say: Say) -> Found:
    """Fit how interest moves this person's words. Raises TooLittle, and VyborError for what cannot be read."""
    base = bundle.manifest.base
    number, before = place.before(record.kit, Kind.INTEREST, base)
    say("reading what words mean")
    with closing(Commonness(words)) as commonness:
        vocabulary = Vocabulary.open(bundle.folder / TOKENIZER)
        meaning: Meaning = Meanings(EmbeddingRows(bundle), vocabulary, commonness)
        fitted = interest.fit(interest.offers(record.decisions, meaning, commonness, say), say)
    figures = figures_of_interest(fitted, before if isinstance(before, InterestNumbers) else None)
    return _kept(record, Kind.INTEREST, base, number, fitted.numbers, figures, place)


def fit_counts(record: Record, words: WordList, place: Place, say: Say) -> Found:
    """Fit what this person's counts weigh. Raises TooLittle, and VyborError for what cannot be read."""
    number, before = place.before(record.kit, Kind.COUNTS, NO_BASE)
    said = [each for each in record.said if each.language == record.language]
    fitted = counts.fit(said, words, say)
    figures = figures_of_counts(fitted, before if isinstance(before, CountsNumbers) else None, words, say)
    return _kept(record, Kind.COUNTS, NO_BASE, number, fitted.numbers, figures, place)


def fit_signs(record: Record, place: Place) -> Found:
    """Fit what this person's blinks and clenches are like. Raises TooLittle, and VyborError as the others do."""
    number, before = place.before(record.kit, Kind.SIGNS, NO_BASE)
    fitting = signs.newest_fitting(record.decisions)
    fitted = signs.fit(signs.signs(record.decisions, fitting), fitting)
    its = before if isinstance(before, SignsNumbers) and before.hold(fitting) else None
    figures = figures_of_signs(fitted, its)
    return _kept(record, Kind.SIGNS, NO_BASE, number if its else 0, fitted.numbers, figures, place)


def figures_of_signs(fitted: signs.Fitted, before: SignsNumbers | None) -> dict[str, Interval]:
    """What the numbers are worth on the signs that were kept back."""
    held, new, worn = fitted.held, signs.by(fitted.numbers), signs.as_believed
    missed = signs.more_chosen(held, worn, new, meant=True)
    found = {
        "changed": exactly(changed(fitted.numbers, before or SignsNumbers(fitting=fitted.numbers.fitting))),
        "days": exactly(len({sign.day for sign in held})),
        "signs": exactly(len(held)),
        "not_meant": exactly(sum(not sign.is_meant for sign in held)),
        "nats_fitted": signs.against(fitted.fitted, new, worn),
        "nats_over_worn": signs.against(held, new, worn),
        "nats_over_usual": signs.against(held, new, signs.plainly),
        "nats_over_before": signs.against(held, new, signs.by(before)) if before else None,
        "false_over_worn": signs.more_chosen(held, new, worn, meant=False),
        "missed_over_worn": missed,
        "wrong_over_worn": signs.more_wrong(held, new, worn),
    }
    return {name: each for name, each in found.items() if each is not None}


def figures_of_interest(fitted: interest.Fitted, before: InterestNumbers | None) -> dict[str, Interval]:
    """What the numbers are worth on the offers that were kept back."""
    held, numbers = fitted.held, fitted.numbers
    found = {
        "changed": exactly(changed(numbers, before or USUAL_INTEREST)),
        "days": exactly(len({offer.day for offer in held})),
        "choices": exactly(len(held)),
        "nats_fitted": interest.against(fitted.fitted, numbers, USUAL_INTEREST),
        "nats_over_usual": interest.against(held, numbers, USUAL_INTEREST),
        "nats_over_none": interest.against(held, numbers, None),
        "usual_over_none": interest.against(held, USUAL_INTEREST, None),
        "nats_over_before": interest.against(held, numbers, before) if before else None,
    }
    return {name: each for name, each in found.items() if each is not None}


def figures_of_counts(
    fitted: counts.Fitted, before: CountsNumbers | None, words: WordList, say: Say
) -> dict[str, Interval]:
    """What the numbers are worth on the sentences that were kept back."""

    def run(numbers: CountsNumbers) -> counts.Run:
        return counts.replayed(fitted.said, fitted.held, numbers, words, say)

    say("measuring on the sentences that were kept back")
    new, old = run(fitted.numbers), run(USUAL_COUNTS)
    found = {
        "changed": exactly(changed(fitted.numbers, before or USUAL_COUNTS)),
        "held": exactly(len(new.read)),
        "ppl": exactly(counts.perplexity(new.read)),
        "ppl_usual": exactly(counts.perplexity(old.read)),
        "ppl_over_usual": counts.ratio(new.read, old.read),
        "ppl_over_before": counts.ratio(new.read, run(before).read) if before else None,
        "rows": exactly(new.rows),
        "rows_usual": exactly(old.rows),
        "rows_over_usual": exactly(new.rows / max(1, old.rows)),
    }
    return {name: each for name, each in found.items() if each is not None}


def changed(numbers: Numbers, others: Numbers) -> int:
    """How many of them are others."""
    fields: Sequence[str] = numbers.__struct_fields__
    return sum(not _same(getattr(numbers, name), getattr(others, name)) for name in fields)


def _same(one: object, other: object) -> bool:
    return math.isclose(one, other) if isinstance(one, float) and isinstance(other, float) else one == other


def _kept(  # noqa: PLR0913, PLR0917  (all that is known of a fit)
    record: Record,
    kind: Kind,
    base: str,
    predecessor: int,
    numbers: Numbers,
    figures: dict[str, Interval],
    place: Place,
) -> Found:
    judged = rules.judged(kind, figures, has_predecessor=predecessor > 0)
    fit = Fit(
        kit=record.kit,
        kind=kind,
        made_at=wall_time(),
        deletions=record.deletions,
        base_sha256=base,
        numbers_sha256="",
        predecessor=predecessor,
        figures=figures,
        passes=rules.passes(judged),
        rules=judged,
    )
    return Found(fit=fit, numbers=numbers, where=keeping.keep(place.home, fit, numbers))
