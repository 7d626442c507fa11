"""What is told of a bundle that was made: `published.json`; without a growth of its own, a file of `models/`.

Whole models come from none, and the owner may have removed the one that a bundle came from.
"""

from pathlib import Path

import msgspec

from vybor.bundles import numbers
from vybor.bundles.manifest import Kind, Manifest
from vybor.foundation.clock import wall_time
from vybor_workshop import json_files
from vybor_workshop.growth import Growth, above, growths

LARGEST_BYTES = 2**20
MODELS = "models"


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """One bundle, and how far it is."""

    kit: str
    serial: int
    kind: Kind
    growth: int
    """Of numbers alone the fit; 0: it comes from none."""
    name: str
    bundle: str
    """The file's name…"""
    sha256: str
    """…the hash of the whole file…"""
    size: int
    """…and its bytes."""
    base: str
    deletions: int
    at: str
    """UTC in ISO 8601, for people."""
    sent_at: str = ""
    """Empty: it waits."""
    by: str = ""
    """How it went: `network` or `stick`."""
    withdrawn: str = ""
    """Why it never will go."""
    earlier: tuple["Published", ...] = ()
    """What was published of the same growth before."""


def told(manifest: Manifest, path: Path, sha256: str) -> Published:
    """Of a bundle that was just made. Raises OSError."""
    return Published(
        kit=manifest.kit,
        serial=manifest.serial,
        kind=manifest.kind,
        growth=manifest.growth,
        name=manifest.name,
        bundle=path.name,
        sha256=sha256,
        size=path.stat().st_size,
        base=manifest.base,
        deletions=manifest.deletions,
        at=manifest.at or wall_time(),
    )


def keep(home: Path, published: Published) -> None:
    """Write it down; on return it is on the disk. Raises PlaceError."""
    json_files.write(_path(home, published), published, in_new_folder=True)


def of_growth(growth: Growth) -> Published | None:
    """What was published of it, the newest; None: nothing. Raises PlaceError."""
    return _read(growth.published)


def all_of(home: Path, kit: str) -> list[Published]:
    """Everything that was published for a kit, by number. Raises PlaceError."""
    models = home / "grown" / kit / MODELS
    paths = [growth.published for part in ("", *numbers.FORMS) for growth in growths(home, kit, part)]
    paths += sorted(models.glob("*.json")) if models.is_dir() else []
    found = [one for path in paths if (one := _read(path))]
    return sorted((each for one in found for each in (one, *one.earlier)), key=lambda one: one.serial)


def _path(home: Path, published: Published) -> Path:
    models = above(home, published.kit) / MODELS
    if not published.growth:
        return models / f"{published.serial:06}.json"
    folder = above(home, published.kit, published.kind if published.kind in numbers.FORMS else "")
    growth = Growth(published.kit, published.growth, folder / f"{published.growth:04}")
    return growth.published if growth.folder.is_dir() else models / f"{published.kind}-{growth.name}.json"


def _read(path: Path) -> Published | None:
    remedy = "put it back from a copy, or remove it and publish that growth again"
    return json_files.read(path, Published, LARGEST_BYTES, remedy)
