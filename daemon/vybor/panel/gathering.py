"""Gathers the log bundle for a page: by whoever may read the log, within bounds, and whole or not at all.

On an installed kit systemd starts `vybor bundle` behind a socket, as a user of its own that may read the log and
has no network: the panel can ask for a bundle, and for nothing else. Elsewhere the panel starts it itself.
"""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from vybor.foundation.start import Start

SOCKET = Path("/run/vybor-bundle.socket")
WITHIN_S = 90.0
"""All of it: the doctor's questions are most of that on a slow card."""
MOST_BYTES = 32_000_000
"""A whole one has a few hundred kB; two logs of four million characters each, and they pack well."""
PIECE_BYTES = 65_536
GZIP = b"\x1f\x8b"


class Ungathered(Exception):
    """There is no bundle, or not all of one."""


class Gathering(msgspec.Struct):
    """Where bundles come from; one at a time."""

    command: Sequence[str]
    """What prints a bundle, where no socket stands."""
    socket: Path = SOCKET
    is_busy: bool = False

    async def whole(self) -> IO[bytes]:
        """A bundle, in a file without a name; it is not held in memory. Raises Ungathered."""
        kept: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (whoever hands it over closes it)
        self.is_busy = True
        try:
            await asyncio.wait_for(self._into(kept), WITHIN_S)
        except (OSError, TimeoutError, Ungathered) as error:
            kept.close()
            raise Ungathered(str(error) or f"it took more than {WITHIN_S:.0f} s") from None
        finally:
            self.is_busy = False
        kept.seek(0)
        return kept

    async def _into(self, kept: IO[bytes]) -> None:
        source = _by_systemd(self.socket) if self.socket.is_socket() else _by_itself(self.command)
        async with source as reader:
            while piece := await reader.read(PIECE_BYTES):
                if not kept.tell() and not piece.startswith(GZIP):
                    raise Ungathered("what was gathered is no bundle")
                if kept.tell() + len(piece) > MOST_BYTES:
                    raise Ungathered(f"the bundle has more than {MOST_BYTES} bytes")
                kept.write(piece)
        if not kept.tell():
            raise Ungathered("nothing was gathered")


@contextlib.asynccontextmanager
async def _by_systemd(socket: Path) -> AsyncIterator[asyncio.StreamReader]:
    reader, writer = await asyncio.open_unix_connection(socket)
    try:
        yield reader
    finally:
        writer.close()


@contextlib.asynccontextmanager
async def _by_itself(command: Sequence[str]) -> AsyncIterator[asyncio.StreamReader]:
    """Raises Ungathered if the program fails; one that is not waited for is ended."""
    nothing = asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(
        *command, stdin=nothing, stdout=asyncio.subprocess.PIPE, stderr=nothing
    )
    assert child.stdout
    try:
        yield child.stdout
        if code := await child.wait():
            raise Ungathered(f"`vybor bundle` ended with {code}")
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


def of(start: Start) -> Gathering:
    """For the kit that this process belongs to."""
    places = start.places
    where = ["--runtime", str(places.runtime), "--state", str(places.state), "--share", str(places.share)]
    config = ["--config", str(start.file)] if start.file and start.file.is_file() else []
    return Gathering([sys.executable, "-m", "vybor", "bundle", "--out", "-", *where, *config])
