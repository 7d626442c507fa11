"""Everything before the training begins: refuse what makes no adapter, cut the examples, say how much there is."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from vybor.bundles.manifest import Kind
from vybor.foundation.clock import wall_time
from vybor_workshop.dataset import base as bases
from vybor_workshop.dataset import card as cards
from vybor_workshop.dataset import examples as kept
from vybor_workshop.dataset.base import Base
from vybor_workshop.dataset.examples import Example
from vybor_workshop.growth import Growth
from vybor_workshop.materials import Say
from vybor_workshop.model import architecture, build
from vybor_workshop.model import recipe as recipes
from vybor_workshop.model.recipe import Given, Recipe
from vybor_workshop.retrain import cutting, general, refusing, unasked, wishes
from vybor_workshop.retrain.refusing import Refused
from vybor_workshop.retrain.trainer.given import Settings, Share, Text
from vybor_workshop.retrain.wishes import Training, Wishes

GENERAL_TEXTS = 20_000
"""More than any person's own need beside them."""
CORPUS = 0.5
"""So much of the general text is a corpus's, the rest the base's own."""


class How(msgspec.Struct, frozen=True, kw_only=True):
    """Where things are, and from what it begins."""

    cache: Path
    recipe: str = ""
    """Its name or path; else by the name that the examples say."""
    given: Given = recipes.NOTHING
    resume: bool = False
    afresh: bool = False
    stop_at: int = 0
    """For tests of what is resumed."""


class Ready(msgspec.Struct, frozen=True):
    """All that the training needs."""

    recipe: Recipe
    base: Base
    weights: Path
    texts: tuple[Text, ...]
    training: Training

    def settings(self, growth: Growth, how: How) -> Settings:
        """As the trainer takes them."""
        wished = msgspec.structs.asdict(self.training.wishes)
        share, header = wished.pop("general_share"), len(cutting.header_tokens(self.base.header, self.base))
        beside = round(max(wished["row_tokens"] - header, 0) * share / (1 - share))
        return Settings(
            **wished,
            base=str(self.weights),
            base_sha256=self.base.sha256,
            growth=str(growth.folder),
            general_row_tokens=header + beside,
            resume=how.resume,
            stop_at=how.stop_at,
        )


def ready(growth: Growth, changed: Mapping[str, object], how: How, say: Say) -> Ready:
    """Raises VyborError where nothing should be begun. `changed`: the wishes that differ from the usual."""
    begun = _begun(growth, changed, how)
    card, examples = cards.read(growth.dataset), kept.read(growth.examples)
    refusing.check_examples(examples, card, growth.examples)
    recipe = recipes.load(how.recipe or card.recipe)
    base = bases.opened(recipe, how.cache, say, how.given)
    refusing.check_base(card, base)
    training = begun or _new(card, _wished(changed))
    own = cutting.cut(examples, base)
    refusing.check_objective(own, training.wishes.objective)
    weights = recipe.fetch(how.cache, say, how.given)
    check_machine(growth.folder, weights, recipe, training.wishes, Kind.ADAPTER)
    wanted = _wanted(own, training.wishes)
    found = _conversations(wanted * CORPUS, examples, base, how, say)
    talks = _talks(wanted - sum(map(_taught, found)), recipe, base, training.wishes.threads, how, say)
    texts = (*own, *found, *talks)
    return Ready(recipe, base, weights, texts, _counted(training, texts, say))


def _begun(growth: Growth, changed: Mapping[str, object], how: How) -> Training | None:
    """What was begun before and is gone on with; None: it begins. Raises Refused."""
    if growth.adapter.exists():
        raise Refused(f"growth {growth.name} is trained already; make a new one with `vybor-workshop dataset`")
    before = None if how.afresh else wishes.read(growth.training)
    if before is None:
        if how.resume:
            raise Refused(f"the training of growth {growth.name} was never begun; leave --resume out")
        return None
    ways = "go on with --resume, or begin anew with --afresh"
    if not how.resume:
        raise Refused(f"the training of growth {growth.name} was begun and not finished; {ways}")
    if (wished := msgspec.structs.replace(before.wishes, **changed)) != before.wishes:
        odd = [name for name in wished.__struct_fields__ if getattr(wished, name) != getattr(before.wishes, name)]
        raise Refused(
            f"the training of growth {growth.name} was begun with another {' and '.join(odd)}; leave that out, or "
            "begin anew with --afresh"
        )
    return msgspec.structs.replace(before, resumed=before.resumed + 1)


def _wished(changed: Mapping[str, object]) -> Wishes:
    """The usual, but for what was changed; several processes share the cores."""
    wished = msgspec.structs.replace(Wishes(), **changed)
    if "threads" in changed:
        return wished
    return msgspec.structs.replace(wished, threads=max(wished.threads // wished.processes, 1))


def _new(card: cards.Card, wished: Wishes) -> Training:
    return Training(
        wishes=wished,
        examples_sha256=card.examples_sha256,
        base_sha256=card.base_sha256,
        versions=wishes.versions(),
        begun_at=wall_time(),
    )


def check_machine(folder: Path, weights: Path, recipe: Recipe, wished: Wishes, kind: Kind) -> None:
    """Raise PlaceError or NoRoom where the training would not fit, Refused where its adapter would not."""
    model = build.read(weights, recipe).model
    refusing.check_rank(model, wished.rank, kind)
    refusing.check_disk(folder)
    refusing.check_memory(architecture.weights_of(model), model.vocabulary, wished.row_tokens, wished.processes)


def _wanted(own: Sequence[Text], wished: Wishes) -> float:
    """Tokens of general text: as much as was wished beside the person's own, in all epochs."""
    return wished.epochs * wished.general_share / (1 - wished.general_share) * sum(map(_taught, own))


def _conversations(wanted: float, examples: Sequence[Example], base: Base, how: How, say: Say) -> list[Text]:
    """So much of a corpus, in the language of most examples."""
    (language, _), *_ = Counter(example.language for example in examples).most_common(1)
    found = _up_to(wanted, general.replayed(language, GENERAL_TEXTS, how.cache, say), base)
    if not found:
        say(f"there are no conversations for {language}: the general text is all of the base's own")
    return found


def _talks(wanted: float, recipe: Recipe, base: Base, threads: int, how: How, say: Say) -> list[Text]:
    """So much of what the base itself says."""
    bundle, header = build.build(recipe, how.cache, None, say, how.given), cutting.header_tokens(base.header, base)
    talks = unasked.talks(bundle, header, math.ceil(wanted / unasked.TOKENS), threads, say)
    return [cutting.general_tokens(tokens, base) for tokens in talks]


def _up_to(wanted: float, texts: Iterable[str], base: Base) -> list[Text]:
    """As many texts as teach so many tokens."""
    found: list[Text] = []
    for text in texts:
        if wanted <= 0:
            break
        found.append(cutting.general_text(text, base))
        wanted -= _taught(found[-1])
    return found


def _counted(training: Training, texts: Sequence[Text], say: Say) -> Training:
    counts = Counter(text.share.value for text in texts)
    taught: Counter[str] = Counter()
    for text in texts:
        taught[text.share.value] += _taught(text)
    own, early, beside = (counts[share.value] for share in (Share.TRAIN, Share.EARLY, Share.GENERAL))
    say(f"{own} sentences to learn ({taught[Share.TRAIN.value]} tokens), {early} later ones, {beside} general")
    if not early:
        say("there are no later sentences, so nothing tells when to stop: all epochs are trained")
    return msgspec.structs.replace(training, texts=dict(counts), tokens=dict(taught))


def _taught(text: Text) -> int:
    return sum(weight > 0 for weight in text.weights)
