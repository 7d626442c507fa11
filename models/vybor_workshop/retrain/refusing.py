"""When a training is not begun, each time with what can be done about it."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from vybor.bundles.manifest import CONTENTS, Kind
from vybor.foundation.errors import PlaceError, VyborError
from vybor_workshop import growth as growths
from vybor_workshop.dataset import examples as kept
from vybor_workshop.dataset.base import Base
from vybor_workshop.dataset.card import Card
from vybor_workshop.dataset.examples import Example, Part
from vybor_workshop.growth import Growth
from vybor_workshop.log import stale
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.model import architecture, room
from vybor_workshop.model.architecture import Architecture
from vybor_workshop.retrain.trainer.given import Objective, Share, Text

LEAST_TEXTS = 20
"""Different texts to train with. Some 200 are worth it: before that the personal n-gram does more."""
LEAST_CHOICES = 20
NUMBER_BYTES = 2
"""An adapter travels in 16 bits…"""
BESIDE_BYTES = 2**17
"""…with its config, and a hundred bytes for the name and place of each half of a matrix."""
DISK_MB = 120
"""Three checkpoints with the optimizer's state, the adapter, what TensorBoard reads; measured 45 MB on SmolLM2."""
BESIDE_BASE_MB = 900
"""Python with torch and transformers…"""
BYTES_A_WEIGHT = 8.5
"""…the base in 32 bits, and again while its file is unpacked…"""
ROW_BYTES = 14
"""…and what is kept of a row for the way back: bytes a token and word of the vocabulary. Of SmolLM2-135M all of it
is 2,264 MB, as measured over 63 steps; of larger bases nothing is."""


class Refused(VyborError):
    """These examples, or this machine, make no adapter."""

    exit_code = 65  # EX_DATAERR


class NoRoom(VyborError):
    """There is not the memory for it."""

    exit_code = 71  # EX_OSERR


def check_fresh(growth: Growth, home: Path, data: DataSet) -> None:
    """Raise Refused where the person has deleted something since the examples were made: it would be learned."""
    if growths.is_stale(growth, stale.known(data, home, growth.kit).places):
        raise Refused(
            f"growth {growth.name} is stale: since its examples were made, something was deleted; "
            f"{kept.REMEDY.anew}"
        )


def check_examples(examples: Sequence[Example], card: Card, where: Path) -> None:
    """Raise Refused unless these are the examples that the card tells of, and enough of them."""
    if hashlib.sha256(kept.lines(examples)).hexdigest() != card.examples_sha256:
        raise Refused(f"{where} is not what its dataset.json tells of: it was changed; {kept.REMEDY.anew}")
    if any(example.kit != card.kit for example in examples):
        raise Refused(f"{where} has examples of another kit than {card.kit}; {kept.REMEDY.anew}")
    different = {example.text for example in examples if example.part is Part.TRAIN}
    if len(different) < LEAST_TEXTS:
        raise Refused(
            f"there are {len(different)} different sentences to learn from, and {LEAST_TEXTS} are needed; "
            "wait until more has been written, fetch it with `vybor-workshop sync`, and make a new data set"
        )


def check_base(card: Card, base: Base) -> None:
    """Raise Refused for examples that were made for other weights: their tokens would be others."""
    if card.base_sha256 != base.sha256:
        raise Refused(
            f"the examples were made for the weights {card.base_sha256[:12]}… ({card.recipe}), and {base.recipe} "
            f"has {base.sha256[:12]}…; {kept.REMEDY.anew} --recipe {base.recipe}"
        )


def check_objective(texts: Sequence[Text], objective: Objective) -> None:
    """Raise Refused for a wish to learn from choices where there are hardly any."""
    choices = sum(len(text.offered) for text in texts if text.share is Share.TRAIN)
    if objective is Objective.LISTWISE and choices < LEAST_CHOICES:
        raise Refused(
            f"there are {choices} choices of which more than one word was seen, and listwise needs "
            f"{LEAST_CHOICES}; train without --objective"
        )


def check_rank(model: Architecture, rank: int, kind: Kind) -> None:
    """Raise Refused where kits would not take what comes out: all of the training would be for nothing."""
    most_bytes = CONTENTS[kind].most_bytes
    of_each = NUMBER_BYTES * architecture.changed_by_rank(model)
    if rank * of_each + BESIDE_BYTES > most_bytes:
        raise Refused(
            f"with --rank {rank} the adapter has {rank * of_each / 1e6:.1f} MB, and kits take "
            f"{most_bytes / 1e6:.1f} at most; choose --rank {(most_bytes - BESIDE_BYTES) // of_each} or less"
        )


def check_disk(folder: Path) -> None:
    """Raise PlaceError where the checkpoints would not fit; the folder may be one that is not there yet."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    free_mb = shutil.disk_usage(there).free / 1e6
    if free_mb < DISK_MB:
        raise PlaceError(
            f"the training needs {DISK_MB} MB and {folder} has {free_mb:.0f} MB free; make room there"
        )


def check_memory(weights: int, vocabulary: int, row_tokens: int, processes: int) -> None:
    """Raise NoRoom where the base and a row of it would not fit into what is free."""
    wanted_mb = memory_mb(weights, vocabulary, row_tokens) * processes
    free_mb = room.available_mb(room.MEMINFO)
    if free_mb is not None and free_mb < wanted_mb:
        raise NoRoom(
            f"the training needs {wanted_mb:.0f} MB of memory and {free_mb:.0f} MB are free; end other programs, "
            "or train on a larger machine"
        )


def memory_mb(weights: int, vocabulary: int, row_tokens: int) -> float:
    """What a process of the training takes, at its most."""
    return BESIDE_BASE_MB + (BYTES_A_WEIGHT * weights + ROW_BYTES * vocabulary * row_tokens) / 1e6
