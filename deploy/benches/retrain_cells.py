"""The cells of a run, each kept when it is done: what a training made, what a model is worth to a person.

What is kept stands in a folder named by all that it depends on: how much is written, the model, the word list and
the code. A training that was ended is gone on with from its last checkpoint; whatever else was ended begins anew.
"""

import hashlib
import random
import resource
import shutil
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec
from nacl.signing import SigningKey

from benches import ingest, retrain_measuring, retrain_person
from benches.ingest_events import KIT
from benches.retrain_measuring import Measured, Measures, Worn
from benches.retrain_person import Mind
from vybor.bundles import bundle
from vybor.bundles.manifest import Kind, Manifest
from vybor.foundation import small_files
from vybor.foundation.clock import Clock
from vybor.generator.network.adapter import CONFIG, WEIGHTS
from vybor.instant.tier import WordList
from vybor_workshop import growth
from vybor_workshop.dataset import base as bases
from vybor_workshop.dataset import card, examples, growing
from vybor_workshop.dataset.examples import Example
from vybor_workshop.dataset.making import Split
from vybor_workshop.evaluate.composed import Composed
from vybor_workshop.evaluate.figures import Tell
from vybor_workshop.growth import Growth
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.model import recipe as recipes
from vybor_workshop.retrain import retraining, wishes
from vybor_workshop.retrain.preparing import How
from vybor_workshop.retrain.refusing import Refused

ROOT = Path(__file__).parents[2]
ROOMS = (
    *("accounting", "bundles", "composer", "contracts", "core", "fitting", "foundation", "generator", "grown"),
    *("instant", "retrieval", "segments", "selector", "utterances"),
)
CODE = (
    *(f"daemon/vybor/{room}/**/*.py" for room in ROOMS),
    "models/vybor_workshop/**/*.py",
    "deploy/benches/ingest*.py",
    "deploy/benches/retrain_cells.py",
    "deploy/benches/retrain_person.py",
    "deploy/benches/retrain_measuring.py",
    "tests/world/desk.py",
    "tests/world/mind.py",
)
"""All that a cell can depend on: what is imported here, and what that imports."""
LARGEST_BYTES = 2**26
LOSSES = "losses.jsonl"
"""Of a training that was begun."""
Kept = TypeVar("Kept")


class Text(StrEnum):
    """What a training learns from."""

    OWN = "own"
    SHUFFLED = "shuffled"
    """The same words, each anywhere."""


class Model(StrEnum):
    """What writes with the person's counts."""

    BASE = "base"
    OWN = "own"
    SWAPPED = "swapped"
    """The adapter of another person's text, as long as theirs."""
    SHUFFLED = "shuffled"


class Trained(msgspec.Struct, frozen=True, kw_only=True):
    """What one training made."""

    adapter: bool
    """False: it learned nothing that holds on later days, so none was made."""
    sentences: int
    choices: int
    dropped: dict[str, int]
    dataset_s: float
    train_s: float
    sign_s: float
    peak_mb: float
    """Of the trainer or of this program, whichever had more."""
    adapter_bytes: int
    bundle_bytes: int
    resumed: int
    """So many times it was gone on with: then its time is not the whole."""
    early_before: float
    best_early: float


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What is trained and measured, and with what. What of it decides a cell names the folder."""

    events: int
    recipe: str
    measures: Measures
    how: How
    wishes: dict[str, int | float] = {}
    """That differ from the usual."""

    def name(self) -> str:
        """Of the folder."""
        measures = self.measures
        told = (self.events, measures.bundle.identity, measures.words.name, measures.written, measures.threads)
        texts = (measures.others.sha256, measures.general.sha256)
        whole = hashlib.sha256(repr((told, texts, self.recipe, sorted(self.wishes.items()))).encode())
        for path in sorted(path for pattern in CODE for path in ROOT.glob(pattern)):
            whole.update(path.read_bytes())
        return whole.hexdigest()[:12]


class Cells:
    """The cells of a run, made where they are not there yet."""

    def __init__(self, folder: Path, run: Run, clock: Clock, tell: Tell) -> None:
        self.folder = folder / run.name()
        self._run, self._clock, self._tell = run, clock, tell

    def known_trained(self, mind: Mind, seed: int, text: Text) -> Trained | None:
        """What is kept of a training."""
        return self._kept(self._trained_file(mind, seed, text), Trained)

    def trained(self, mind: Mind, seed: int, text: Text) -> Trained:
        """One training, from the first choice to the signed bundle. Raises VyborError."""
        file = self._trained_file(mind, seed, text)
        if known := self._kept(file, Trained):
            return known
        self._tell(f"{mind.name} {seed}: {text}: {self._run.events} sentences")
        return self._keep(file, self._train(mind, seed, text, file.with_suffix("")))

    def examples(self, mind: Mind, seed: int) -> tuple[Example, ...]:
        """Those of the person's own text: what is kept back of them is what every model is measured with."""
        return examples.read(self._growth(mind, seed, Text.OWN).examples)

    def known_measured(self, mind: Mind, seed: int, model: Model, donor: Mind) -> Measured | None:
        """What is kept of a measurement."""
        return self._kept(self._measured_file(mind, seed, model, donor), Measured)

    def measured(self, mind: Mind, seed: int, model: Model, donor: Mind) -> Measured:
        """One model on the person's sentences; one of which no adapter was made is the base. Raises VyborError."""
        file = self._measured_file(mind, seed, model, donor)
        if known := self._kept(file, Measured):
            return known
        adapter = self.adapter(mind, seed, model, donor)
        if adapter is None and model is not Model.BASE:
            return self._keep(file, self.measured(mind, seed, Model.BASE, donor))
        self._tell(f"{mind.name} {seed}: measuring {model}")
        its = self.examples(mind, seed)
        measures = self._run.measures
        return self._keep(file, retrain_measuring.measured(measures, its, adapter, self._clock, self._tell))

    def known_leaks(self, mind: Mind, seed: int) -> int | None:
        """What is kept of what an empty line gave away."""
        return self._kept(self._file(mind, seed, "leaks"), int)

    def known_worn(self, mind: Mind, seed: int) -> Worn | None:
        """What is kept of putting on and off."""
        return self._kept(self._file(mind, seed, "worn"), Worn)

    def leaks(self, mind: Mind, seed: int, donor: Mind) -> int:
        """What the person's own adapter and counts give away on an empty line."""
        file = self._file(mind, seed, "leaks")
        if (known := self.known_leaks(mind, seed)) is not None:
            return known
        base, own = (self.measured(mind, seed, model, donor) for model in (Model.BASE, Model.OWN))
        return self._keep(file, retrain_measuring.leaks(self._run.measures, self.examples(mind, seed), base, own))

    def worn(self, mind: Mind, seed: int) -> Worn | None:
        """What it costs to wear the person's own; None where there is none."""
        if not (known := self.known_worn(mind, seed)):
            its = self._growth(mind, seed, Text.OWN)
            if not its.adapter.is_dir():
                return None
            text = " ".join(each.text for each in self.examples(mind, seed)[-10:])
            made = retrain_measuring.worn(self._run.measures, its.adapter, text, self._clock)
            known = self._keep(self._file(mind, seed, "worn"), made)
        return known

    def adapter(self, mind: Mind, seed: int, model: Model, donor: Mind) -> Path | None:
        """Which adapter a model wears; None: none was made, or it is the base."""
        if model is Model.BASE:
            return None
        whose, text = (donor, Text.OWN) if model is Model.SWAPPED else (mind, Text(model))
        made = self._growth(whose, seed, text).adapter
        return made if made.is_dir() else None

    # --- one training ------------------------------------------------------------------------------------------

    def _train(self, mind: Mind, seed: int, text: Text, home: Path) -> Trained:
        data = DataSet(str(home / "data"), home / "locks")
        began_s = time.perf_counter()
        is_fresh = not growth.growths(home, KIT)
        if is_fresh:
            shutil.rmtree(home, ignore_errors=True)
            self._write(mind, seed, text, home, data)
            began_s = time.perf_counter()
            self._dataset(home, data)
        its = self._growth(mind, seed, text)
        dataset_s, trained_from_s = time.perf_counter() - began_s, time.perf_counter()
        resume = its.training.exists()
        if not its.adapter.is_dir():
            self._retrain(its, {"seed": seed, **self._run.wishes}, resume=resume)
        train_s, signed_from_s = time.perf_counter() - trained_from_s, time.perf_counter()
        content = _files(its)
        signed = home / "signed.bundle"
        if content:
            told = Manifest(
                kind=Kind.ADAPTER, kit=KIT, serial=1, base=card.read(its.dataset).base_sha256, growth=1
            )
            bundle.write(signed, told, content, SigningKey.generate())
        sign_s = time.perf_counter() - signed_from_s
        made = _told(its, content, signed, (dataset_s, train_s, sign_s))
        return made if is_fresh else msgspec.structs.replace(made, resumed=max(1, made.resumed))

    def _retrain(self, its: Growth, wished: dict[str, int | float], *, resume: bool) -> None:
        """Where nothing was learned that holds on later days there is no adapter, which is a result too."""
        try:
            retraining.retrain(its, wished, msgspec.structs.replace(self._run.how, resume=resume), self._tell)
        except Refused as refused:
            if not (its.folder / LOSSES).exists():
                raise
            self._tell(str(refused))

    def _write(self, mind: Mind, seed: int, text: Text, home: Path, data: DataSet) -> None:
        """The person writes; what they wrote is sealed as on a kit and taken in as by the workshop."""
        dice = random.Random(f"{mind.name} {seed} {text}")
        sentences = mind.sentences if text is Text.OWN else retrain_person.shuffled(mind.sentences, dice)
        words = WordList.open(self._run.measures.words)
        home.mkdir(parents=True)
        kit = Composed(words, lambda prompt: (), "en")
        written = ingest.write(retrain_person.rows(sentences, kit, dice), home / "lines.jsonl")
        words.close()
        ingest.take_in(written, data)

    def _dataset(self, home: Path, data: DataSet) -> None:
        recipe = recipes.load(self._run.recipe)
        base = bases.opened(recipe, self._run.how.cache, self._tell, self._run.how.given)
        growing.keep(growing.ready(data, home, KIT, base, Split(), self._tell), home, data)

    # --- files -------------------------------------------------------------------------------------------------

    def _growth(self, mind: Mind, seed: int, text: Text) -> Growth:
        return growth.growths(self._trained_file(mind, seed, text).with_suffix(""), KIT)[-1]

    def _trained_file(self, mind: Mind, seed: int, text: Text) -> Path:
        return self._file(mind, seed, text)

    def _measured_file(self, mind: Mind, seed: int, model: Model, donor: Mind) -> Path:
        beside = f"-{donor.name}" if model is Model.SWAPPED else ""
        return self._file(mind, seed, f"measured-{model}{beside}")

    def _file(self, mind: Mind, seed: int, what: str) -> Path:
        return self.folder / f"{mind.name}-{seed}-{what}.json"

    def _kept(self, file: Path, kind: type[Kept]) -> Kept | None:
        try:
            return msgspec.json.decode(small_files.read(file, LARGEST_BYTES), type=kind)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def _keep(self, file: Path, what: Kept) -> Kept:
        file.parent.mkdir(parents=True, exist_ok=True)
        small_files.write_bytes(file, msgspec.json.encode(what), 0o600, is_synced=True)
        return what


def _files(its: Growth) -> dict[str, bytes]:
    """What goes into a bundle; nothing where there is no adapter."""
    if not its.adapter.is_dir():
        return {}
    return {name: (its.adapter / name).read_bytes() for name in (CONFIG, WEIGHTS)}


def _told(its: Growth, content: dict[str, bytes], signed: Path, took_s: Sequence[float]) -> Trained:
    what, training = card.read(its.dataset), wishes.read(its.training)
    came = training.outcome if training else None
    return Trained(
        adapter=bool(content),
        sentences=sum(size.examples for size in what.parts.values()),
        choices=what.rows,
        dropped={**what.dropped, **what.sentences_dropped},
        dataset_s=took_s[0],
        train_s=took_s[1],
        sign_s=took_s[2],
        peak_mb=max(came.peak_mb if came else 0.0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        adapter_bytes=sum(map(len, content.values())),
        bundle_bytes=signed.stat().st_size if content else 0,
        resumed=training.resumed if training else 0,
        early_before=came.early_before or 0.0 if came else 0.0,
        best_early=came.best_early or 0.0 if came else 0.0,
    )
