"""Bundles as the workstation sends them, for kits of tests."""

from pathlib import Path

from nacl.signing import SigningKey

from vybor.bundles import bundle, manifest
from vybor.bundles.manifest import Kind, Manifest
from vybor.contracts import messages as m
from vybor.generator import adapter
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


def sent(  # noqa: PLR0913  (what may be wrong with one)
    arrived: Path,
    serial: int,
    content: dict[str, bytes],
    *,
    kit: str = KIT,
    base: str = tiny_model.BASE,
    deletions: int = 0,
    key: SigningKey = WORKSTATION,
    kind: Kind = Kind.ADAPTER,
) -> Path:
    """Lay a bundle where it has arrived."""
    arrived.mkdir(parents=True, exist_ok=True)
    told = Manifest(kind=kind, kit=kit, serial=serial, base=base, growth=serial, deletions=deletions)
    path = arrived / manifest.arrived_name(serial)
    bundle.write(path, told, content, key)
    return path
