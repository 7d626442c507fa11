"""What a browser sends as files, kept until it is read: never whole in memory, and on the disk under a key alone.

The key is made for it and lies in no file, and the file has no name: what is left of it on a card says nothing.
"""

import asyncio
import re
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from vybor.retrieval.apart import NONCE

MOST_BYTES = 20_000_000
PIECE_S = 20.0
"""So long may nothing come."""
WHOLE_S = 600.0
ROOM_BYTES = 100_000_000
"""Is left on the disk: what the wearer writes goes before."""

_BOUNDARY = re.compile(
    r'multipart/form-data;\s*boundary="?([A-Za-z0-9\'()+_,./:=?-]{1,70})"?\s*', re.ASCII | re.IGNORECASE
)


class TooMuch(Exception):
    """More came than is taken."""


class NoRoom(Exception):
    """The disk is full."""


class Broken(Exception):
    """Not all of it came."""


class Upload(msgspec.Struct, frozen=True):
    """A whole form, on the disk."""

    file: BinaryIO
    key: bytes


def boundary(kind: str) -> str:
    """What stands between the parts of a form of this content type; empty: it is no form with files."""
    found = _BOUNDARY.fullmatch(kind)
    return found[1] if found else ""


async def passed_over(pieces: AsyncIterator[bytes]) -> None:
    """Let it come and keep nothing: a browser that is still sending reads no answer. Raises Broken."""
    try:
        async with asyncio.timeout(WHOLE_S):
            async for _ in _in_time(pieces):
                pass
    except TimeoutError:
        raise Broken from None


async def received(pieces: AsyncIterator[bytes], length: int, folder: Path) -> Upload:
    """All of it, as far as it may be. Raises TooMuch, NoRoom, Broken; then nothing is left of it."""
    key = secrets.token_bytes(32)
    hidden = Cipher(algorithms.AES(key), modes.CTR(NONCE)).encryptor()
    try:
        has_room = shutil.disk_usage(folder).free >= min(length, MOST_BYTES) + ROOM_BYTES
        file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (whoever asked closes it)
    except OSError:
        raise NoRoom from None
    came = 0
    fault: type[Exception] | None = None if has_room else NoRoom
    with ExitStack() as unless_whole:
        unless_whole.callback(_closed, file)
        try:
            async with asyncio.timeout(WHOLE_S):
                async for piece in _in_time(pieces):
                    came += len(piece)
                    fault = fault or (TooMuch if came > MOST_BYTES else None)
                    if not fault:
                        file.write(hidden.update(piece))
            file.flush()
        except TimeoutError:
            fault = Broken
        except OSError:
            fault = NoRoom
        if fault or came != length:
            raise fault or Broken
        unless_whole.pop_all()
    return Upload(file, key)


def _closed(file: BinaryIO) -> None:
    """What could not be written cannot be written now either."""
    with suppress(OSError):
        file.close()


async def _in_time(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Raises Broken where nothing comes for long."""
    while True:
        try:
            async with asyncio.timeout(PIECE_S):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Broken from None
        yield piece
