"""A bundle: a line that says so, a signed manifest, and its files, one behind the other, compressed (zstd).

    vybor bundle 1
    {"manifest": {…}, "signature": "…"}
    zstd

The signature (Ed25519) is over the first line and the manifest's bytes as they stand. The manifest has the hash of
what follows, and of each file in it. So everything is checked before anything is unpacked, and everything that is
unpacked before anything is written; a model of a gigabyte is read twice for it, never held.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec
from nacl.signing import SigningKey, VerifyKey

from vybor.bundles import form, packing
from vybor.bundles import manifest as manifests
from vybor.bundles.manifest import Manifest
from vybor.bundles.packing import CHUNK, Source
from vybor.bundles.refusals import ForAnotherBase, ForAnotherKit, Older
from vybor.foundation import small_files
from vybor.foundation.errors import PlaceError

MOST_BYTES = (
    2 * form.LONGEST_LINE + max(contents.most_bytes for contents in manifests.CONTENTS.values()) * 257 // 256
)
"""Of a bundle of whatever kind: what cannot be compressed grows by less than that."""

RESERVE_BYTES = 2**28
"""Of a kit's disk that bundles leave alone: what the person writes comes first."""

Files = Mapping[str, Source]


class Opened(msgspec.Struct, frozen=True):
    """A bundle that was checked to its last byte."""

    manifest: Manifest
    source: Source
    begins: int
    """Where its files do."""

    def unpack(self, folder: Path, leaves_bytes: int = 0) -> None:
        """Its files in a folder that is not there yet: whole and on the disk, or not there at all.

        So much of the disk is left alone. Raises PlaceError; Refused where the bundle has changed meanwhile.
        """
        partial = folder.with_name(f".{folder.name}.{os.getpid()}")
        try:
            _sweep(folder)
            folder.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            check_room(folder.parent, self.manifest, leaves_bytes)
            partial.mkdir(mode=0o750)
            self._write(partial)
            small_files.sync_folder(partial)
            partial.rename(folder)
            small_files.sync_folder(folder.parent)
        except OSError as error:
            raise PlaceError(f"the bundle cannot be unpacked into {folder} ({error.strerror})") from None
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def content(self) -> dict[str, bytes]:
        """Its files by their names, in memory: for small ones. Raises Refused, PlaceError."""
        with packing.reading(self.source) as opened:
            opened.seek(self.begins)
            told = packing.unpacked(opened, self.manifest)
            found: dict[str, list[bytes]] = {file.name: [] for file in self.manifest.files}
            for file, chunk in told:
                found[file.name].append(chunk)
        return {name: b"".join(chunks) for name, chunks in found.items()}

    def _write(self, folder: Path) -> None:
        """Raises OSError, Refused."""
        with contextlib.ExitStack() as stack, packing.reading(self.source) as opened:
            opened.seek(self.begins)
            files = {file.name: (folder / file.name).open("xb") for file in self.manifest.files}
            for written in files.values():
                stack.enter_context(written)
            for file, chunk in packing.unpacked(opened, self.manifest):
                files[file.name].write(chunk)
            for written in files.values():
                written.flush()
                os.fsync(written.fileno())


def write(path: Path, manifest: Manifest, files: Files, signing_key: SigningKey) -> Manifest:
    """Make a bundle of some files; it is whole and on the disk when this returns, or not there at all.

    One at a time writes to a place. `manifest` need not name the files: what was signed is returned. Raises
    Damaged for files that are not those of its kind, PlaceError.
    """
    packed = path.with_name(f".{path.name}.{os.getpid()}.packed")
    whole = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _sweep(path)
        listed = tuple(packing.measured(name, files[name]) for name in sorted(files))
        manifest = msgspec.structs.replace(manifest, files=listed)
        manifests.check(manifest)
        with packed.open("w+b") as between, whole.open("wb") as out:
            packing.pack(between, (files[file.name] for file in listed))
            size, _ = between.tell(), between.seek(0)
            digest = hashlib.file_digest(between, "sha256").hexdigest()
            manifest = msgspec.structs.replace(manifest, packed_bytes=size, packed_sha256=digest)
            out.write(form.head(manifest, signing_key))
            between.seek(0)
            shutil.copyfileobj(between, out, CHUNK)
            out.flush()
            os.fsync(out.fileno())
        whole.replace(path)
        small_files.sync_folder(path.parent)
    except OSError as error:
        raise PlaceError(
            f"the bundle {path} cannot be written ({error.strerror}); see that this is yours and has room"
        ) from None
    finally:
        packed.unlink(missing_ok=True)
        whole.unlink(missing_ok=True)
    return manifest


def opened(source: Source, verifies_with: VerifyKey, kit: str, *, base: str = "", newer_than: int = 0) -> Opened:
    """Check a bundle to its last byte; nothing is written. Raises one of Refused, PlaceError.

    `base`: the hash of the weights that the kit's model was built from, for what is put on a model; empty: any.
    """
    with packing.reading(source) as whole:
        found = form.verified(whole, verifies_with)
        _check_for(found, kit, base, newer_than)
        begins = whole.tell()
        packing.check_packed(whole, found)
        whole.seek(begins)
        for _ in packing.unpacked(whole, found):
            pass
    return Opened(found, source, begins)


def check_room(folder: Path, manifest: Manifest, leaves_bytes: int) -> None:
    """Raises PlaceError where a bundle cannot be unpacked and so much of the disk be left; OSError."""
    size, free = sum(file.size for file in manifest.files), shutil.disk_usage(folder).free
    if free < size + CHUNK + leaves_bytes:
        left = f" and {leaves_bytes / 1e6:.0f} MB that are left alone" if leaves_bytes else ""
        raise PlaceError(
            f"unpacking the bundle needs {size / 1e6:.1f} MB{left}, and {folder} has {free / 1e6:.1f} MB free; "
            "make room"
        )


def sha256_of(path: Path) -> str:
    """The hash of a bundle, whole. Raises OSError."""
    with path.open("rb") as whole:
        return hashlib.file_digest(whole, "sha256").hexdigest()


def _check_for(found: Manifest, kit: str, base: str, newer_than: int) -> None:
    """Raises Refused."""
    if found.kit != kit:
        raise ForAnotherKit("the bundle was made for another kit; publish one for this kit")
    if found.serial <= newer_than:
        raise Older(
            f"the bundle has number {found.serial}, and the kit was given number {newer_than} before; "
            "publish it again for a new number"
        )
    if base and manifests.CONTENTS[found.kind].is_put_on and found.base != base:
        raise ForAnotherBase(
            f"the bundle wants the weights {found.base[:12]}, and the kit's model was built from {base[:12]}; "
            "retrain on the kit's model"
        )


def _sweep(path: Path) -> None:
    """Remove what a process that was killed had begun for this place. Raises OSError."""
    for left in path.parent.glob(f".{path.name}.*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)
