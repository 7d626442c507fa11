"""A new adapter is put on as the kit does it, before it counts as made."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vybor.bundles.manifest import CONTENTS, Kind
from vybor.generator.network import adapter, bundle
from vybor.generator.network.adapter import AdapterError
from vybor.generator.network.bundle import BundleError
from vybor.generator.network.model import Model
from vybor_workshop.retrain.running import TrainingFailed


def check(made: Path, folder: Path, kind: Kind, tokens: Sequence[int], threads: int) -> float:
    """Put on, read some tokens, take off: how much it changes their logits at most.

    `made`: the folder of the model; `kind`: as what it goes to kits. Raises TrainingFailed where the kit could not
    wear it, or the base is not itself again without it.
    """
    size = sum(file.stat().st_size for file in folder.iterdir())
    if size > (most_bytes := CONTENTS[kind].most_bytes):
        raise TrainingFailed(
            f"the adapter has {size / 1e6:.1f} MB, and kits take {most_bytes / 1e6:.1f} at most; choose a smaller "
            "--rank"
        )
    try:
        opened = bundle.open_bundle(made)
        model = Model(opened, threads)
        model.append(tokens)
        before = model.end
        model.wear(adapter.open_adapter(folder, opened, model.takes()).arrays)
        model.append(tokens)
        worn = model.end
        model.wear({})
        model.append(tokens)
    except (AdapterError, BundleError) as error:
        raise TrainingFailed(f"the kit could not wear what was trained: {error}") from None
    if not np.array_equal(model.end, before):
        raise TrainingFailed("without the adapter the model is not what it was; do not use it")
    if not np.isfinite(worn).all():
        raise TrainingFailed(
            "with the adapter the model says what is no number; train with a smaller --learning-rate"
        )
    return float(np.abs(worn - before).max())
