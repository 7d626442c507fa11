"""What stands behind a bundle's manifest: its files, one behind the other, compressed (zstd)."""

import contextlib
import hashlib
import io
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import zstandard

from vybor.bundles.form import AGAIN, CUT
from vybor.bundles.manifest import File, Manifest
from vybor.bundles.refusals import CutOff, Damaged
from vybor.foundation import small_files
from vybor.foundation.errors import PlaceError

CHUNK = 1 << 20
WINDOW_BYTES = 1 << 24
"""The most that unpacking may remember: what asks for more is none of ours."""
LEVEL = 3

Source = Path | bytes


@contextlib.contextmanager
def reading(source: Source) -> Iterator[BinaryIO]:
    """A plain file, not what a link leads to, or bytes. Raises PlaceError."""
    if isinstance(source, bytes):
        yield io.BytesIO(source)
        return
    try:
        opened = small_files.opened(source)
    except OSError as error:
        raise PlaceError(f"{source} cannot be read ({error.strerror})") from None
    with opened:
        yield opened


def pack(to: BinaryIO, sources: Iterable[Source]) -> None:
    """Write them there. Raises PlaceError, OSError."""
    with zstandard.ZstdCompressor(level=LEVEL).stream_writer(to, closefd=False) as packing:
        for source in sources:
            with reading(source) as one:
                shutil.copyfileobj(one, packing, CHUNK)


def measured(name: str, source: Source) -> File:
    """What the manifest says of a file. Raises PlaceError."""
    digest, size = hashlib.sha256(), 0
    with reading(source) as one:
        while chunk := one.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return File(name=name, size=size, sha256=digest.hexdigest())


def check_packed(whole: BinaryIO, found: Manifest) -> None:
    """What follows is what was signed, before any of it is unpacked. Raises Refused."""
    digest, left = hashlib.sha256(), found.packed_bytes
    while left and (chunk := whole.read(min(CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    if left:
        raise CutOff(CUT)
    if whole.read(1) or digest.hexdigest() != found.packed_sha256:
        raise Damaged(f"the bundle was changed on its way; {AGAIN}")


def unpacked(packed: BinaryIO, found: Manifest) -> Iterator[tuple[File, bytes]]:
    """The files, piece by piece in their order, each piece with its file; checked at each end. Raises Refused."""
    reader = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES).stream_reader(packed, closefd=False)
    try:
        for file in found.files:
            digest, left = hashlib.sha256(), file.size
            while left and (chunk := reader.read(min(CHUNK, left))):
                digest.update(chunk)
                left -= len(chunk)
                yield file, chunk
            if left or digest.hexdigest() != file.sha256:
                raise Damaged(f"{file.name} in the bundle is not what the manifest says; {AGAIN}")
        if reader.read(1):
            raise Damaged(f"the bundle has more in it than its manifest names; {AGAIN}")
    except zstandard.ZstdError as error:
        raise Damaged(f"the bundle cannot be unpacked ({error}); {AGAIN}") from None
