"""Has a document read by a process of its own: a file may be made to eat memory and time, or to break its reader.

The other process (`reader`) has so much memory and so much time, can write no file, and says what it found in
frames; here nothing of the file is looked at. However it ends, one sentence comes of it.
"""

import asyncio
import contextlib
import os
import struct
import sys
from collections.abc import AsyncGenerator
from typing import BinaryIO

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.retrieval.documents import Document, DocumentError, Progress, Why

MEMORY_MB = 480
"""Of addresses: the longest Word file that is read (`papers.MOST_XML`) takes some 300 MB."""
CPU_S = 120
WALL_S = 180
MOST_TOLD = 16_000_000
"""Bytes of a frame: the longest document that is kept has a sixth of it."""
NAME, KEY = "VYBOR_DOCUMENT", "VYBOR_DOCUMENT_KEY"
"""In the other process's environment, where nobody else can read it, as they could among its arguments."""
NONCE = bytes(16)
"""Each key is for one file."""
MOST_FILES = 10
"""Of a form, at once."""
DOCUMENT = "document"
"""What a form calls its files."""
KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "LANG", "LD_LIBRARY_PATH")
LENGTH = struct.Struct(">I")


class Place(msgspec.Struct, frozen=True):
    """Where a document stands in what somebody sent."""

    start: int
    length: int


class Named(Place, frozen=True):
    """A file in a form, and what the browser calls it."""

    name: str


class Went(m.Part, frozen=True, kw_only=True, tag=True):
    """So many parts are read."""

    done: int
    whole: int


class Found(m.Part, frozen=True, kw_only=True, tag=True):
    """The document."""

    document: Document


class Form(m.Part, frozen=True, kw_only=True, tag=True):
    """What a form holds."""

    fields: dict[str, str]
    files: tuple[Named, ...]
    """At most so many as are taken at once, and one more where there are more."""


class No(m.Part, frozen=True, kw_only=True, tag=True):
    """It cannot be used."""

    said: str
    why: Why


Told = Went | Found | Form | No


def read_now(content: BinaryIO, name: str, progress: Progress = lambda _done, _whole: None) -> Document:
    """`read` for whoever has nothing else to do; what is read is an open file from its beginning on."""
    return asyncio.run(read(content, name, Place(0, os.fstat(content.fileno()).st_size), progress=progress))


async def read(
    content: BinaryIO,
    name: str,
    place: Place,
    key: bytes = b"",
    progress: Progress = lambda _done, _whole: None,
) -> Document:
    """What a document says. Raises DocumentError."""
    async with contextlib.aclosing(_told_by(content, name, ("read", place.start, place.length), key)) as told:
        async for each in told:
            match each:
                case Went(done=done, whole=whole):
                    progress(done, whole)
                case Found(document=document):
                    return document
                case No(said=said, why=why):
                    raise DocumentError(said, why)
    raise _ended(name)


async def form(content: BinaryIO, boundary: str, key: bytes = b"") -> Form:
    """What a form with files holds, and where. Raises DocumentError if it is none."""
    async with contextlib.aclosing(_told_by(content, boundary, ("form",), key)) as told:
        async for each in told:
            if isinstance(each, Form):
                return each
    raise DocumentError("this is no form with files; load the page again", Why.DAMAGED)


async def _told_by(
    content: BinaryIO, name: str, what: tuple[str | int, ...], key: bytes
) -> AsyncGenerator[Told, None]:
    """What another process says, until it ends or has had its time; it never outlives this."""
    kept = {known: os.environ[known] for known in KEPT_ENVIRONMENT if known in os.environ}
    try:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "vybor.retrieval.reader", *map(str, what)),
            stdin=content,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**kept, "PYTHONSAFEPATH": "1", NAME: name, KEY: key.hex()},
        )
    except OSError:
        return
    assert child.stdout
    try:
        async with asyncio.timeout(WALL_S):
            while told := await _frame(child.stdout):
                yield told
    except TimeoutError:
        return
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def _frame(said: asyncio.StreamReader) -> Told | None:
    """The next thing it says; None: nothing more, or nothing that can be understood."""
    try:
        (length,) = LENGTH.unpack(await said.readexactly(LENGTH.size))
        return _understood(await said.readexactly(length)) if length <= MOST_TOLD else None
    except asyncio.IncompleteReadError:
        return None


def _understood(frame: bytes) -> Told | None:
    try:
        told: Told = msgspec.msgpack.decode(frame, type=Told)
    except NOT_UNDERSTOOD:
        return None
    return told


def _ended(name: str) -> DocumentError:
    return DocumentError(
        f"{name} asks for more memory or time than a document may have; save it as .txt, or add a part of it",
        Why.LIMITS,
    )
