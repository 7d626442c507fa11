"""Bundles as the workstation sends them, for kits of tests."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
from nacl.signing import SigningKey

from vybor.bundles import bundle, manifest
from vybor.bundles.manifest import OF_NOBODY, Kind, Manifest
from vybor.contracts import messages as m
from vybor.generator.network import adapter
from vybor.generator.network import bundle as models
from vybor.generator.network.bundle import Rotary
from world import tiny_adapter, tiny_model

WORKSTATION, STRANGER = SigningKey(b"w" * 32), SigningKey(b"s" * 32)
KIT = "5" * 32
DESK = m.Workstation(name="desk", seals_to="ab" * 32, verifies_with=bytes(WORKSTATION.verify_key).hex())


def files(folder: Path, seed: int = 9, base: str = tiny_model.BASE, strength: float = 0.05) -> dict[str, bytes]:
    """A small adapter for the tiny model; with much strength it makes plain sentences strange."""
    halves = {
        place: (a, (b * strength).astype(b.dtype)) for place, (a, b) in tiny_adapter.halves(seed=seed).items()
    }
    made = tiny_adapter.peft(folder, halves, base_sha256=base)
    return {name: (made / name).read_bytes() for name in (adapter.CONFIG, adapter.WEIGHTS)}


OTHER_BASE = "0de1" * 16
"""The weights that another model says it was built from."""


def whole(folder: Path, seed: int = 4, base: str = OTHER_BASE, **changes: object) -> dict[str, Path]:
    """The files of a whole model, which says much the same as the tiny one."""
    like, dice = tiny_adapter.architecture(Rotary.PAIRS), np.random.default_rng(seed)
    weights = {
        name: (array * (1 + 0.02 * dice.standard_normal(array.shape))).astype(np.float32)
        for name, array in tiny_model.dice(like, 3).items()
    }
    made = tiny_adapter.write(folder, weights=weights)
    manifest = msgspec.structs.replace(made.manifest, base=base, name=f"other{seed}", **changes)
    (folder / models.MANIFEST).write_bytes(msgspec.json.encode(manifest))
    return {name: folder / name for name in (models.MANIFEST, *models.files_of(folder))}


def sent(  # noqa: PLR0913  (what may be wrong with one)
    arrived: Path,
    serial: int,
    content: Mapping[str, bytes | Path],
    *,
    kind: Kind = Kind.ADAPTER,
    kit: str = KIT,
    base: str = tiny_model.BASE,
    deletions: int = 0,
    key: SigningKey = WORKSTATION,
) -> Path:
    """Lay a bundle where it has arrived."""
    arrived.mkdir(parents=True, exist_ok=True)
    growth = 0 if kind in OF_NOBODY else serial
    told = Manifest(kind=kind, kit=kit, serial=serial, base=base, growth=growth, deletions=deletions)
    path = arrived / manifest.arrived_name(serial)
    bundle.write(path, told, content, key)
    return path
