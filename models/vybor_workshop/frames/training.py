"""All of a training in order: read the files, refuse, cut, train, try, keep."""

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from vybor.bundles.manifest import Kind
from vybor.foundation import small_files
from vybor.foundation.clock import SystemClock, wall_time
from vybor.foundation.errors import Missing
from vybor_workshop import json_files, materials
from vybor_workshop.dataset import base as bases
from vybor_workshop.dataset.base import Base
from vybor_workshop.dataset.examples import Part
from vybor_workshop.frames import kept, pairs, rules
from vybor_workshop.frames.kept import Card, FramesError, Made, TextFile
from vybor_workshop.frames.pairs import Pair
from vybor_workshop.frames.rules import Why
from vybor_workshop.materials import Say
from vybor_workshop.model import build
from vybor_workshop.model import recipe as recipes
from vybor_workshop.model.recipe import Recipe
from vybor_workshop.places import place_errors
from vybor_workshop.retrain import feeding, plots, preparing, trying, wishes
from vybor_workshop.retrain.following import Following
from vybor_workshop.retrain.preparing import How
from vybor_workshop.retrain.retraining import TRIED_TOKENS, WEIGHTS
from vybor_workshop.retrain.torch import TRAINS
from vybor_workshop.retrain.trainer.given import Settings, Text
from vybor_workshop.retrain.wishes import Training, Wishes

EARLY, HELD = 100, 200
"""Sentences that say when to stop, and that it is measured on."""
LEAST_TEXTS = 200
"""Different sentences to learn from. Of some thousand it is known what comes of them, of fewer nothing."""
LARGEST_FILE = 2**27
USUAL = Wishes(epochs=2.0, rank=8, alpha=16, kl_weight=0.0, general_weight=0.0, general_share=0.0, looks=4)
"""It is worn for sentences from key words alone, so nothing else can be forgotten: no general text, no hold."""
CHANGED = ("seed", "epochs", "learning_rate", "rank", "threads")
"""The wishes that an owner may change."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner asks for."""

    texts: tuple[Path, ...]
    language: str = "en"
    recipe: str = ""
    most: int = 0
    """Sentences to learn from, at most; 0: all."""


class Ready(msgspec.Struct, frozen=True):
    """What goes in."""

    card: Card
    pairs: tuple[Pair, ...]


def ready(wanted: Wanted, changed: Mapping[str, object], how: How, say: Say) -> Ready:
    """Read the files. Raises VyborError; nothing is kept."""
    recipe = recipes.load(wanted.recipe)
    base = bases.opened(recipe, how.cache, say, how.given)
    if wanted.language not in base.languages:
        raise FramesError(
            f"the base {base.recipe} does not know the language {wanted.language}; it knows "
            f"{', '.join(base.languages)}: name another --recipe or --language"
        )
    say("reading")
    read, files = _read(wanted.texts, wanted.language)
    parts = pairs.parted(read.sentences, EARLY, HELD)
    nearly = len(read.sentences) - sum(map(len, (parts.train, parts.early, parts.held)))
    train = parts.train[: wanted.most] if wanted.most else parts.train
    left_out = {**read.left_out, Why.ALIKE: nearly, Why.ENOUGH: len(parts.train) - len(train)}
    parts = msgspec.structs.replace(parts, train=train)
    found = pairs.pairs(parts, wanted.language, msgspec.structs.replace(USUAL, **changed).seed)
    return Ready(_card(wanted, base, files, parts, found, left_out), tuple(found))


def check_enough(found: Ready, texts: Sequence[Path]) -> None:
    """Raise FramesError where there is too little to learn from."""
    if (count := found.card.sentences[Part.TRAIN]) < LEAST_TEXTS:
        raise FramesError(
            f"there are {count} sentences to learn from in {' and '.join(map(str, texts))}, and {LEAST_TEXTS} are "
            f"needed, beside {EARLY} that say when to stop and {HELD} that are kept back; name more or longer "
            "files with --text"
        )


def prepare(home: Path, wanted: Wanted, changed: Mapping[str, object], how: How, say: Say) -> None:
    """See that it fits and that kits would take what comes out; make its environment. Raises VyborError."""
    recipe = recipes.load(wanted.recipe)
    weights = recipe.fetch(how.cache, say, how.given)
    wished = msgspec.structs.replace(USUAL, **changed)
    preparing.check_machine(kept.above(home), weights, recipe, wished, Kind.FRAMES)
    TRAINS.python(how.cache, say)


def begin(home: Path, found: Ready) -> Made:
    """Lay down what goes in, once all is prepared. Raises PlaceError; then nothing was made."""
    return kept.begin(home, found.card, pairs.lines(found.pairs))


class Run(msgspec.Struct, frozen=True):
    """All that one training needs."""

    made: Made
    recipe: Recipe
    weights: Path
    training: Training
    texts: tuple[Text, ...]
    how: How

    def settings(self) -> Settings:
        """As the trainer takes them."""
        wished = msgspec.structs.asdict(self.training.wishes)
        del wished["general_share"]
        return Settings(
            **wished,
            base=str(self.weights),
            base_sha256=self.training.base_sha256,
            growth=str(self.made.folder),
            general_row_tokens=self.training.wishes.row_tokens,
            resume=self.how.resume,
            stop_at=self.how.stop_at,
        )


def train(made: Made, changed: Mapping[str, object], how: How, say: Say) -> Training:
    """Train what was laid down, or go on with it. Raises VyborError.

    Whatever interrupts it, there is no adapter, or a whole one that the kit's runtime has put on.
    """
    run = _run(made, changed, how, say)
    if how.resume:  # before another one had its number, the machine was looked at
        preparing.check_machine(made.folder, run.weights, run.recipe, run.training.wishes, Kind.FRAMES)
    python = TRAINS.python(how.cache, say)
    following = Following(say, SystemClock(), "sentences beside")
    with place_errors(made.folder):
        feeding.clear(made.folder, resume=how.resume)
        json_files.write(made.training, run.training)
        try:
            feeding.train(run.settings(), run.texts, python, following)
        except KeyboardInterrupt:
            following.interrupted("vybor-workshop frames train --resume")
            raise
        return _kept(run, following, say)


def told(card: Card) -> list[str]:
    """What goes in, and what does not and why, in lines."""
    counts = card.sentences
    left = [f"  left out: {count} {why.value}" for why, count in sorted(card.left_out.items()) if count]
    return [
        f"{sum(file.lines for file in card.files)} lines in {', '.join(file.name for file in card.files)}",
        *left,
        f"  {counts[Part.TRAIN]} sentences to learn from ({card.pairs} times with key words), "
        f"{counts[Part.EARLY]} say when to stop, {counts[Part.HELD]} are kept back to be measured",
    ]


def _read(texts: Sequence[Path], language: str) -> tuple[rules.Read, tuple[TextFile, ...]]:
    """The sentences of all files, each once. Raises Missing."""
    lines: list[str] = []
    files: list[TextFile] = []
    for path in texts:
        try:
            content = small_files.read(path, LARGEST_FILE)
            found = content.decode().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
            raise Missing(f"{path} cannot be read ({reason}); name a text file with one sentence a line") from None
        lines += found
        files.append(TextFile(path.name, pairs.digest(content), len(found)))
    return rules.read(lines, language), tuple(files)


def _card(
    wanted: Wanted,
    base: Base,
    files: tuple[TextFile, ...],
    parts: pairs.Parts,
    found: Sequence[pairs.Pair],
    left_out: Mapping[Why, int],
) -> Card:
    counts = Counter(pair.part for pair in found)
    return Card(
        language=wanted.language,
        made_at=wall_time(),
        recipe=base.recipe,
        base_sha256=base.sha256,
        files=files,
        left_out=dict(left_out),
        sentences={
            Part.TRAIN: len(parts.train),
            Part.EARLY: len(parts.early),
            Part.HELD: len(parts.held),
        },
        pairs=counts[Part.TRAIN],
        pairs_sha256=pairs.digest(pairs.lines(found)),
    )


def _training(made: Made, card: Card, changed: Mapping[str, object], how: How) -> Training:
    """What was begun before and is gone on with, or what begins. Raises FramesError."""
    if made.adapter.exists():
        raise FramesError(f"the adapter {made.name} is trained already; {kept.BEGIN.anew}")
    before = wishes.read(made.training) if how.resume else None
    if before is None:
        return Training(
            wishes=msgspec.structs.replace(USUAL, **changed),
            examples_sha256=card.pairs_sha256,
            base_sha256=card.base_sha256,
            versions=wishes.versions(),
            begun_at=wall_time(),
        )
    if msgspec.structs.replace(before.wishes, **changed) != before.wishes:
        raise FramesError(f"the adapter {made.name} was begun with other wishes; leave them out with --resume")
    return msgspec.structs.replace(before, resumed=before.resumed + 1)


def _run(made: Made, changed: Mapping[str, object], how: How, say: Say) -> Run:
    """Raises VyborError where nothing should be begun."""
    card = kept.card_of(made)
    recipe = recipes.load(how.recipe or card.recipe)
    base = bases.opened(recipe, how.cache, say, how.given)
    if base.sha256 != card.base_sha256:
        raise FramesError(
            f"the adapter {made.name} was begun for other weights than {recipe.name} has; {kept.BEGIN.anew}"
        )
    training = _training(made, card, changed, how)
    texts = tuple(pairs.cut(kept.pairs_of(made, card), base))
    return Run(made, recipe, recipe.fetch(how.cache, say, how.given), training, texts, how)


def _kept(run: Run, following: Following, say: Say) -> Training:
    """Try the adapter, and let it count. Raises FramesError where it is no gain."""
    folder, how = run.made.folder, run.how
    before, best = plots.points(feeding.losses(folder))[plots.LATER].get(0), following.best
    if before is not None and best is not None and best >= before:
        raise FramesError(
            f"nothing was learned that holds for other sentences ({best:.3f} nats a token, and {before:.3f} "
            "before): no adapter was made; name other texts"
        )
    trained = folder / feeding.MADE
    say("trying it on as the kit does")
    bundle = build.build(run.recipe, how.cache, None, say, how.given)
    longest = max((text.tokens for text in run.texts), key=len)[:TRIED_TOKENS]
    changes = trying.check(bundle, trained, Kind.FRAMES, longest, run.training.wishes.threads)
    training = msgspec.structs.replace(
        run.training,
        adapter_sha256=materials.sha256_of(trained / WEIGHTS),
        outcome=feeding.outcome(following, before, changes),
    )
    json_files.write(run.made.training, training)
    trained.rename(run.made.adapter)
    small_files.sync_folder(folder)
    shutil.rmtree(folder / feeding.CHECKPOINTS)
    return training
