"""The figures of what is done of a run, of what each model took for the same sentences. Pure."""

import statistics
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from benches.retrain_cells import Model, Text, Trained
from benches.retrain_measuring import Measured, Worn
from vybor.accounting.resampling import interval
from vybor_workshop.evaluate import figures
from vybor_workshop.evaluate.figures import Unit, Who
from vybor_workshop.evaluate.specs import BY_NAME, Name

KSR = BY_NAME[Name.KSR]
READ = {Name.PPL_OWN: "ppl_user", Name.PPL_OTHERS: "ppl_others", Name.PPL_GENERAL: "ppl_general"}
GAINS = {Model.BASE: "ksr_gain_over_ngram", Model.SWAPPED: "ksr_gain_over_swapped"}
GAINS |= {Model.SHUFFLED: "ksr_gain_over_shuffled"}


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """One person with one seed, as far as they are done."""

    name: str
    trained: Mapping[Text, Trained] = {}
    measured: Mapping[Model, Measured] = {}
    leaks: int | None = None
    worn: Worn | None = None


Pair = tuple[Unit, Unit]
"""A sentence under the model that is held against, and under the person's own."""


def reckoned(seats: Sequence[Seat]) -> dict[str, float]:
    """All figures that can be told of what is done."""
    found: dict[str, float] = {}
    for model in Model:
        whole = [each.measured[model].units for each in seats if model in each.measured]
        if whole:
            found |= _alone(model, whole)
    for model, key in GAINS.items():
        both = [each for each in seats if model in each.measured and Model.OWN in each.measured]
        found |= gain(key, clusters(both, model))
    found |= ratios([each for each in seats if {Model.BASE, Model.OWN} <= set(each.measured)])
    return found | _costs(seats)


def clusters(seats: Iterable[Seat], model: Model) -> list[list[Pair]]:
    """The pairs of each sentence: of all seeds together, since it is the same sentence."""
    found: dict[tuple[str, str], list[Pair]] = {}
    for seat in seats:
        before, own = (seat.measured[each] for each in (model, Model.OWN))
        pairs = zip(own.texts, before.units[Name.KSR], own.units[Name.KSR], strict=True)
        for text, old, new in pairs:
            if old.bottom > 0 and new.bottom > 0:
                found.setdefault((seat.name, text), []).append((old, new))
    return list(found.values())


def gain(key: str, of: Sequence[Sequence[Pair]]) -> dict[str, float]:
    """Points of KSR more with the person's own adapter; `.low` and `.high` by resampling sentences."""
    told = interval(of, lambda drawn: _gained([pair for cluster in drawn for pair in cluster])) if of else None
    return {key: told.value, f"{key}.low": told.low, f"{key}.high": told.high} if told else {}


def ratios(seats: Sequence[Seat]) -> dict[str, float]:
    """How far perplexities fell."""
    if not seats:
        return {}
    of = {
        name: {
            who: [unit for seat in seats for unit in seat.measured[model].units[name]]
            for who, model in ((Who.FACTORY, Model.BASE), (Who.GROWN, Model.OWN))
        }
        for name in READ
    }
    found: dict[str, float] = {}
    beside = figures.of_own_and_others(of[Name.PPL_OWN], of[Name.PPL_OTHERS])
    if beside and beside.against_factory:
        found["ppl_user_over_others_ratio"] = beside.grown
        found["ppl_user_over_others_ratio.high"] = beside.against_factory.high
    for name, key in READ.items():
        told = figures.figure(BY_NAME[name], of[name])
        if told and told.against_factory:
            found[f"{key}_ratio"] = told.against_factory.value
            found[f"{key}_ratio.high"] = told.against_factory.high
    return found


def _gained(pairs: Sequence[Pair]) -> float | None:
    old, new = (figures.value(KSR, [pair[side] for pair in pairs]) for side in (0, 1))
    return figures.compared(KSR, old, new)


def _alone(model: Model, whole: Sequence[Mapping[Name, Sequence[Unit]]]) -> dict[str, float]:
    """What one model is worth by itself."""
    keys = {Name.KSR: "ksr", Name.ACCEPT_1: "accept_at_1", Name.DISTINCT_2: "distinct_2", **READ}
    found = {}
    for name, key in keys.items():
        told = figures.value(BY_NAME[name], [unit for units in whole for unit in units[name]])
        if told is not None:
            found[f"{key}.{model}"] = told
    return found


def _costs(seats: Sequence[Seat]) -> dict[str, float]:
    """Counts, time, room. Times of trainings that were interrupted are no times."""
    made = [each for seat in seats for each in seat.trained.values()]
    whole = [each for each in made if each.adapter and not each.resumed]
    leaks = [seat.leaks for seat in seats if seat.leaks is not None]
    worn = [seat.worn for seat in seats if seat.worn]
    sentences = sum(len(each.measured[Model.OWN].texts) for each in seats if Model.OWN in each.measured)
    found = {"trained": float(len(made)), "sentences": float(sentences)}
    found["seats"] = float(sum(Model.OWN in seat.measured and seat.leaks is not None for seat in seats))
    found["no_adapter"] = float(sum(not each.adapter for each in made))
    if leaks:
        found["leaks"] = float(sum(leaks))
    found["timed"] = float(len(whole))
    if whole:
        found["dataset_train_sign_s"] = max(each.dataset_s + each.train_s + each.sign_s for each in whole)
    if made:
        found["peak_mb"] = max(each.peak_mb for each in made)
        found["adapter_bytes"] = float(max(each.adapter_bytes for each in made))
    if worn:
        found["swap_s"] = max(each.swap_s for each in worn)
        found["ratio.decode_with_adapter"] = statistics.median(each.ratio for each in worn)
        found["off_is_exact"] = float(all(each.off_is_exact for each in worn))
    return found
