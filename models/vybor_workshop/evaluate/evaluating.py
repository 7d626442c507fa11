"""The shell of `vybor-workshop evaluate`: finds what belongs to a growth, has it measured, and writes it down."""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import msgspec

from vybor.contracts.messages import Became, GrownState
from vybor.foundation import small_files
from vybor.foundation.clock import Clock, wall_time
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import Missing
from vybor.generator.network import bundle
from vybor.generator.network.adapter import AdapterError
from vybor.generator.network.bundle import Bundle
from vybor.instant.tokens import fold
from vybor_workshop import growth as growths
from vybor_workshop import json_files
from vybor_workshop.dataset import card as dataset_card
from vybor_workshop.dataset import examples
from vybor_workshop.dataset.examples import Part
from vybor_workshop.evaluate import card, finished, keeping, page, plots, texts
from vybor_workshop.evaluate.figures import Figure, Tell, Units, Who, figure, of_own_and_others
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.leaks import Leak
from vybor_workshop.evaluate.measuring import Results, measure
from vybor_workshop.evaluate.specs import SPECS, Name
from vybor_workshop.evaluate.subject import EvaluationError, Subject
from vybor_workshop.evaluate.words import ENGLISH, Words
from vybor_workshop.growth import Growth
from vybor_workshop.log import stale
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.publish import fate

FACTORY = "factory"
OF_EACH_HELD = {
    *(Name.ACCEPT_1, Name.ACCEPT_3, Name.ACCEPT_5, Name.RECIPROCAL_RANK),
    *(Name.PPL_OWN, Name.PPL_ACCEPTED, Name.PPL_SPELLED, Name.DISTINCT_2),
}
"""Figures with a unit for every sentence that was kept back…"""
OF_EACH_WRITTEN = {
    *(Name.OFFERED_1, Name.OFFERED_3, Name.OFFERED_5, Name.NONE_RATE, Name.KSR, Name.SELECTIONS),
    *(Name.RARE_WORDS, Name.NAMES, Name.OFFER_MS),
}
"""…and for every one that was written again."""
GIVEN_UP = (GrownState.ROLLED_BACK, GrownState.REFUSED, GrownState.REMOVED)
"""What became of a version on its kit so that nothing stands on it."""
LARGEST_LIST_BYTES = 2**20
TRAIN = "train it with `vybor-workshop retrain`"


class Evaluated(msgspec.Struct, frozen=True):
    """What was found, and what only the owner is shown."""

    evaluation: Evaluation
    leaks: tuple[Leak, ...]


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner named, or what was found instead."""

    growth: Growth
    predecessor: Growth | None
    before_knew: bool = False
    """It learned from what is measured with here, or from what was deleted since: it is not measured beside it."""
    bundle: Bundle
    words: Path
    others: texts.Texts
    general: texts.Texts
    listed: frozenset[str] = frozenset()
    private: Sequence[str] = ()
    threads: int = 2
    most_written: int
    called: str = ""
    """How the kit is called on the page; without it by its number."""
    tongue: Words = ENGLISH
    """What the page says."""


def check(growth: Growth, home: Path, data: DataSet) -> None:
    """Raises EvaluationError for a growth that is not trained, or whose person has deleted something since."""
    if growths.is_stale(growth, stale.known(data, home, growth.kit).places):
        raise EvaluationError(
            f"growth {growth.name} is stale: since its examples were made, something was deleted; make them anew "
            "with `vybor-workshop dataset` and train again"
        )
    if not growth.adapter.is_dir():
        raise Missing(f"growth {growth.name} has no adapter yet; {TRAIN}")


def check_unpublished(growth: Growth) -> None:
    """Raises EvaluationError for one that is published: to measure it anew would take away what it was judged by.

    Later ones are held against that, so none of them could be judged any more.
    """
    if growth.published.exists():
        raise EvaluationError(
            f"growth {growth.name} is published: what it was measured and judged by stays; measure a later one"
        )


def predecessor_of(home: Path, growth: Growth, data: DataSet, wanted: str) -> Growth | None:
    """The one that was published last before it, or the named one; None: the factory model. Raises VyborError.

    What the kit rolled back or refused is nobody's predecessor: its person goes on with what was before it.
    """
    if wanted == FACTORY:
        return None
    if wanted:
        found = growths.named(home, growth.kit, wanted)
        if found.number >= growth.number or not found.adapter.is_dir():
            raise Missing(f"growth {found.name} is none that came before {growth.name} and has an adapter")
        return found
    return published_before(home, growth, fate.became(data, growth.kit))


def published_before(home: Path, growth: Growth, came: Mapping[int, Became]) -> Growth | None:
    """The one before it that was published last, by the number of its bundle. Raises VyborError.

    `came`: what became of bundles on the kit.
    """
    before = [each for each in growths.growths(home, growth.kit) if each.number < growth.number]
    base = dataset_card.read(growth.dataset).base_sha256
    out = [(serial, each) for each in before if (serial := went_out(each, came)) is not None]
    worn = [(serial, each) for serial, each in out if each.adapter.is_dir()]
    same = [(serial, each) for serial, each in worn if dataset_card.read(each.dataset).base_sha256 == base]
    return max(same)[1] if same else None


def knew(before: Growth, growth: Growth, home: Path, data: DataSet) -> bool:
    """Whether the one before learned from what this one is measured with, or from what was deleted since.

    It is no measure then: what was learned by heart would be held against what was never seen, and the kit would
    keep the one that knows what was deleted. Where its examples are gone nobody can tell. Raises VyborError.
    """
    if growths.is_stale(before, stale.known(data, home, growth.kit).places) or not before.examples.exists():
        return True
    learned = {each.place for each in examples.read(before.examples) if each.part is Part.TRAIN}
    return any(each.place in learned for each in examples.read(growth.examples) if each.part is Part.HELD)


class _Published(msgspec.Struct, frozen=True):
    """What is read of published.json."""

    serial: int = 0
    withdrawn: str = ""
    earlier: tuple["_Published", ...] = ()


def went_out(growth: Growth, came: Mapping[int, Became]) -> int | None:
    """The newest number under which it was published, and neither withdrawn nor given up by the kit; None: none.

    Raises EvaluationError.
    """
    try:
        content = small_files.read(growth.published, LARGEST_LIST_BYTES)
        its = msgspec.json.decode(content, type=_Published)
        standing = [one.serial for one in (its, *its.earlier) if not one.withdrawn]
        return max(
            (serial for serial in standing if serial not in came or came[serial].state not in GIVEN_UP),
            default=None,
        )
    except FileNotFoundError:
        return None
    except (OSError, *NOT_UNDERSTOOD) as error:
        raise EvaluationError(
            f"{growth.published} cannot be understood ({error}); put it back from a copy"
        ) from None


def evaluate(chosen: Chosen, clock: Clock, tell: Tell) -> Evaluated:
    """Measure, and write evaluation.json, page, pictures and card. Raises VyborError.

    Whatever ends it, what was measured by then stays for the next time.
    """
    growth = chosen.growth
    what_went_in = dataset_card.read(growth.dataset)
    its = examples.read(growth.examples)
    if hashlib.sha256(examples.lines(its)).hexdigest() != what_went_in.examples_sha256:
        raise EvaluationError(
            f"{growth.examples} is not what {growth.dataset.name} tells of; {examples.REMEDY.anew} and train again"
        )
    if chosen.bundle.manifest.base != what_went_in.base_sha256:
        raise AdapterError(
            f"growth {growth.name} was made for the weights {what_went_in.base_sha256[:12]}…, and the model "
            f"{chosen.bundle.manifest.name} was built from {chosen.bundle.manifest.base[:12]}…: name the right "
            "one with --model"
        )
    subject = _subject(chosen, its)
    its_hashes = keeping.hashes(growth.adapter)
    parts = finished.Kept(growth.measured, finished.depends_on(subject), tell, growth.examples.exists)
    try:
        results = measure(subject, clock, tell, parts)
    except KeyboardInterrupt:
        tell("interrupted; what was measured stays, and the same command goes on from there")
        raise
    evaluation = _evaluation(chosen, subject, results, its_hashes)
    pictures = plots.drawn(evaluation, chosen.tongue)
    called = chosen.called or growth.kit
    files = {f"plots/{name}.png": png for name, png in pictures.items()}
    files |= {
        growth.page.name: page.page(evaluation, pictures, called, chosen.tongue).encode(),
        growth.model_card.name: card.card(
            evaluation, what_went_in, chosen.bundle.manifest, called, chosen.tongue
        ).encode(),
        growth.evaluation.name: json_files.encoded(evaluation),
    }
    growth.gate.unlink(missing_ok=True)  # it judged other figures
    keeping.write(growth.folder, files)
    parts.remove()
    return Evaluated(evaluation, tuple(results.leaks))


def list_of(path: Path | None, beside: Path) -> tuple[str, ...]:
    """The lines of a list: the one that is named, else one that lies there, else none. Raises Missing."""
    file = path or beside
    try:
        content = small_files.read(file, LARGEST_LIST_BYTES).decode()
    except FileNotFoundError:
        if path is None:
            return ()
        raise Missing(f"there is no list {file}; write one, an entry a line") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise Missing(f"the list {file} cannot be read ({reason}); write one, an entry a line") from None
    return tuple(line.strip() for line in content.splitlines() if line.strip())


def bundle_for(folder: Path) -> Bundle:
    """The model that is built there, which takes adapters. Raises BundleError, AdapterError."""
    found = bundle.open_bundle(folder)
    if not found.manifest.adapters:
        raise AdapterError(
            f"the model in {folder} takes no adapters; build it from a recipe with `adapters = true`"
        )
    return found


def language_of(growth: Growth) -> str:
    """That of most sentences that were kept back. Raises VyborError."""
    held = [each.language for each in examples.read(growth.examples) if each.part is Part.HELD]
    return max(set(held), key=held.count) if held else "en"


def folded(names: Sequence[str]) -> frozenset[str]:
    """A list's words, each by itself."""
    return frozenset(fold(word) for name in names for word in name.split())


def _subject(chosen: Chosen, its: Sequence[examples.Example]) -> Subject:
    adapters: dict[Who, Path | None] = {Who.FACTORY: None}
    if chosen.predecessor and not chosen.before_knew:
        adapters[Who.PREDECESSOR] = chosen.predecessor.adapter
    return Subject(
        bundle=chosen.bundle,
        adapters=adapters | {Who.GROWN: chosen.growth.adapter},
        words=chosen.words,
        examples=its,
        others=chosen.others,
        general=chosen.general,
        listed=chosen.listed,
        private=chosen.private,
        threads=chosen.threads,
        most_written=chosen.most_written,
    )


def _evaluation(chosen: Chosen, subject: Subject, results: Results, its: keeping.Hashes) -> Evaluation:
    found = _figures(subject, results)
    leaked: dict[str, int] = {}
    for leak in results.leaks:
        leaked[leak.tier] = leaked.get(leak.tier, 0) + 1
    manifest = chosen.bundle.manifest
    return Evaluation(
        kit=chosen.growth.kit,
        growth=chosen.growth.number,
        made_at=wall_time(),
        model=keeping.Model(
            identity=chosen.bundle.identity,
            base_sha256=manifest.base,
            adapter=results.digests[Who.GROWN],
            adapter_sha256=its.weights,
            config_sha256=its.config,
        ),
        examples_sha256=dataset_card.read(chosen.growth.dataset).examples_sha256,
        predecessor=chosen.predecessor.number if chosen.predecessor else 0,
        predecessor_adapter=results.digests.get(Who.PREDECESSOR, ""),
        before_knew=chosen.before_knew,
        language=subject.language,
        held=len(subject.held),
        written=len(subject.written),
        days=len({each.day for each in subject.held}),
        texts={"others": subject.others.sha256, "general": subject.general.sha256},
        versions={name: version(name) for name in ("onnxruntime", "tokenizers", "numpy")},
        figures=found,
        missing=tuple(spec.name for spec in SPECS if spec.name not in found),
        leaks=len(results.leaks),
        leaked=leaked,
        tiers=results.tiers,
    )


def _figures(subject: Subject, results: Results) -> dict[Name, Figure]:
    days = {name: [each.day for each in subject.held] for name in OF_EACH_HELD}
    days |= {name: [each.day for each in subject.written] for name in OF_EACH_WRITTEN}
    found: dict[Name, Figure] = {}
    for spec in SPECS:
        if spec.name is Name.OWN_OVER_OTHERS:
            reckoned = of_own_and_others(*(_units(results, name) for name in (Name.PPL_OWN, Name.PPL_OTHERS)))
        else:
            reckoned = figure(spec, _units(results, spec.name), days.get(spec.name, ()))
        if reckoned:
            found[spec.name] = reckoned
    return found


def _units(results: Results, name: Name) -> Mapping[Who, Units]:
    return {who: units[name] for who, units in results.units.items()}
