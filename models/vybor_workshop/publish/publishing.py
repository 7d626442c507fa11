"""What may be published, and how: a growth or a fit that passed its gate, a whole model, what makes sentences."""

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec
import numpy as np

from vybor.bundles import numbers as bundled
from vybor.bundles.manifest import Kind, Manifest
from vybor.contracts.messages import Became
from vybor.foundation import small_files
from vybor.foundation.clock import wall_time
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.generator.network import bundle as models
from vybor.generator.network import safetensors
from vybor.generator.network.adapter import CONFIG, WEIGHTS
from vybor_workshop import growth as growing
from vybor_workshop.dataset import card
from vybor_workshop.evaluate.evaluating import published_before
from vybor_workshop.frames import kept as frames
from vybor_workshop.frames.kept import Made
from vybor_workshop.gate import keeping as gate
from vybor_workshop.gate.judging import Judged
from vybor_workshop.growth import Growth
from vybor_workshop.personal import keeping as fits
from vybor_workshop.personal.fit import Fit
from vybor_workshop.personal.words import failed
from vybor_workshop.publish import record
from vybor_workshop.publish.queue import STALE, NotPublished, Queue
from vybor_workshop.publish.record import Published

LARGEST_CONFIG = 2**20


class Config(msgspec.Struct, frozen=True):
    """What is read of PEFT's adapter_config.json."""

    base_sha256: str = ""


class Wish(msgspec.Struct, frozen=True):
    """What is known of the kit when something is to be published for it."""

    deleted: Collection[tuple[int, int]]
    """What it has told of deletions, by boot and sequence."""
    became: Mapping[int, Became]
    """What it has told of bundles, by number."""
    again: bool = False
    """Also what was published before."""


def publish_growth(queue: Queue, growth: Growth, wish: Wish) -> Published:
    """Sign a growth's adapter for its kit. Raises NotPublished, and VyborError for what cannot be read."""
    with queue.alone():
        queue.settled()
        _check_new(growth, f"the growth {growth.name}", wish)
        made_of = card.read(growth.dataset)
        if growing.is_stale(growth, wish.deleted):
            raise NotPublished(f"the growth {growth.name} is stale: {STALE}")
        verdict = gate.passed(growth)
        if not growth.published.exists():  # one that goes again was held against what stood before it then
            gate.check_last(growth, verdict, published_before(queue.home, growth, wish.became))
        files = _adapter(growth.adapter, made_of.base_sha256, f"growth {growth.name}")
        manifest = Manifest(
            kind=Kind.ADAPTER,
            kit=growth.kit,
            serial=queue.serial(wish.became),
            base=made_of.base_sha256,
            growth=growth.number,
            deletions=made_of.deletions,
            name=f"growth {growth.name}",
            at=wall_time(),
            figures=_figures(verdict.rules),
        )
        return queue.put(manifest, files)


def publish_fit(queue: Queue, where: Growth, wish: Wish) -> Published:
    """Sign numbers of one person for their kit. Raises NotPublished, and VyborError for what cannot be read."""
    with queue.alone():
        queue.settled()
        fit = fits.read(where)
        _check_new(where, f"the fit {where.name} of {fit.kind}", wish)
        if fit.deletions < len(wish.deleted):
            raise NotPublished(f"the fit {where.name} of {fit.kind} is stale: {STALE}")
        if not fit.passes:
            raise NotPublished(
                f"the fit {where.name} of {fit.kind} found nothing sure enough ({failed(fit.rules)}); "
                f"{fits.REMEDY.anew} when the person has written more"
            )
        if not where.published.exists():
            _check_last_fit(queue, where, fit, wish)
        _, content = fits.numbers_of(where, fit)
        manifest = Manifest(
            kind=fit.kind,
            kit=fit.kit,
            serial=queue.serial(wish.became),
            base=fit.base_sha256,
            growth=where.number,
            deletions=fit.deletions,
            name=f"{fit.kind} {where.name}",
            at=wall_time(),
            figures=_figures(fit.rules),
        )
        return queue.put(manifest, {bundled.FILE: content})


def publish_model(queue: Queue, folder: Path, wish: Wish) -> Published:
    """Sign a whole model for a kit. Raises BundleError for a folder that is none, NotPublished."""
    found = models.open_bundle(folder)
    if not found.manifest.base:
        raise NotPublished(
            f"the model in {folder} does not say which weights it was built from; build it anew with "
            "`vybor-workshop model build`"
        )
    names = (models.MANIFEST, *models.files_of(found.folder))
    with queue.alone():
        queue.settled()
        manifest = Manifest(
            kind=Kind.MODEL,
            kit=queue.kit.card.kit,
            serial=queue.serial(wish.became),
            base=found.manifest.base,
            name=found.identity[:60],
            at=wall_time(),
        )
        return queue.put(manifest, {name: found.folder / name for name in names})


def publish_frames(queue: Queue, made: Made, wish: Wish) -> Published:
    """Sign an adapter for sentences from key words. Raises NotPublished, and what reading raises."""
    card, measured, what = frames.card_of(made), frames.measured_of(made), f"frames {made.name}"
    files = _adapter(made.adapter, card.base_sha256, what)
    if hashlib.sha256(files[WEIGHTS]).hexdigest() != measured.adapter_sha256:
        raise NotPublished(f"the adapter of the {what} is not the one that was measured; {frames.MEASURE.anew}")
    if not measured.is_better:
        raise NotPublished(
            f"with the adapter of the {what} the sentence that was meant is not surely offered more often, so a "
            "kit would wear it for nothing; train another one on more text"
        )
    with queue.alone():
        queue.settled()
        _check_new_frames(queue, what, wish)
        manifest = Manifest(
            kind=Kind.FRAMES,
            kit=queue.kit.card.kit,
            serial=queue.serial(wish.became),
            base=card.base_sha256,
            name=what,
            at=wall_time(),
            figures=measured.figures,
        )
        return queue.put(manifest, files)


def _check_new_frames(queue: Queue, what: str, wish: Wish) -> None:
    """Raise NotPublished for what was published to this kit before, unless it is to go again."""
    all_of_it = record.all_of(queue.home, queue.kit.card.kit)
    before = [one for one in all_of_it if one.name == what and not one.withdrawn]
    if before and not wish.again:
        raise NotPublished(
            f"the {what} was published already, as number {before[-1].serial}; --again publishes it under a "
            "new number"
        )


def _check_new(growth: Growth, called: str, wish: Wish) -> None:
    """Raises NotPublished for what was published before, unless that is wished."""
    before = record.of_growth(growth)
    if before and not wish.again and not before.withdrawn:
        sent = f"was sent {before.sent_at}" if before.sent_at else "waits to be sent"
        raise NotPublished(
            f"{called} was published already, as number {before.serial}, and {sent}; --again publishes it under a "
            "new number"
        )


def _check_last_fit(queue: Queue, where: Growth, fit: Fit, wish: Wish) -> None:
    """Raise NotPublished where another one than it was judged against was published meanwhile, or given up."""
    before = fits.predecessor(queue.home, fit.kit, fit.kind, wish.became, fit.base_sha256)
    last = before.number if before else 0
    if fit.kind is Kind.SIGNS and not fit.predecessor:  # signs of an earlier fitting are held against nothing
        return
    if last != fit.predecessor:
        against, now = (
            f"the fit {each:04}" if each else "everybody's numbers" for each in (fit.predecessor, last)
        )
        raise NotPublished(
            f"the fit {where.name} of {fit.kind} was judged against {against}, and what the kit goes on with is "
            f"{now}; {fits.REMEDY.anew}"
        )


def _adapter(folder: Path, base: str, what: str) -> dict[str, bytes]:
    """The adapter's files, looked at; `what` it is of. Raises NotPublished."""
    try:
        config = small_files.read(folder / CONFIG, LARGEST_CONFIG)
        wants = msgspec.json.decode(config, type=Config).base_sha256
        content = (folder / WEIGHTS).read_bytes()
        arrays = safetensors.arrays(folder / WEIGHTS)
        finite = all(bool(np.isfinite(one.read()).all()) for one in arrays.values())
    except (OSError, *NOT_UNDERSTOOD, safetensors.Unreadable) as error:
        raise NotPublished(f"the adapter of the {what} cannot be read ({error}); retrain it") from None
    if wants != base:
        raise NotPublished(
            f"the adapter of the {what} was made for the weights {wants[:12] or 'of nobody'}, and "
            f"its examples for {base[:12]}; retrain it"
        )
    if not arrays or not finite:
        raise NotPublished(f"the adapter of the {what} has numbers in it that are none; retrain it")
    return {CONFIG: config, WEIGHTS: content}


def _figures(rules: Iterable[Judged]) -> dict[str, float]:
    """What counted, by rule; where there was nothing to measure there is nothing to tell."""
    return {rule.rule: rule.value for rule in rules if rule.value is not None and math.isfinite(rule.value)}
