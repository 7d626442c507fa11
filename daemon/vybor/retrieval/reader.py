"""The process that reads one document for `apart`, within limits that it sets itself before it looks at a byte.

    python -m vybor.retrieval.reader read START LENGTH <FILE
    python -m vybor.retrieval.reader form <BODY

What it says goes out in frames: a length of four bytes, and a message. Of a limit that it reaches it dies.
"""

import os
import resource
import signal
import sys
from pathlib import Path

import msgspec

from vybor.retrieval import documents
from vybor.retrieval.apart import CPU_S, KEY, LENGTH, MEMORY_MB, NAME, NONCE, WALL_S, Form, Found, No, Told, Went
from vybor.retrieval.documents import DocumentError
from vybor.retrieval.forms import parted

NICE = 10
LIMITS = {
    resource.RLIMIT_AS: MEMORY_MB * 1_000_000,
    resource.RLIMIT_CPU: CPU_S,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NOFILE: 64,
}


def main() -> None:
    """Do what the arguments say."""
    for limit, most in LIMITS.items():
        _, hard = resource.getrlimit(limit)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (least, least))
    signal.alarm(WALL_S + 5)  # whoever began it may be gone
    _first_to_go()
    _behind_the_wearer()
    what, *numbers = sys.argv[1:]
    name, key = os.environ.pop(NAME), bytes.fromhex(os.environ.pop(KEY, ""))
    try:
        content = _content(key)
        if what == "form":
            say(parted(content, name))
        else:
            start, length = map(int, numbers)
            say(_read(name, content[start : start + length]))
    except MemoryError:
        sys.exit(1)


def _read(name: str, content: bytes) -> Found | No:
    try:
        return Found(document=documents.read_content(name, content, _progress))
    except DocumentError as error:
        return No(said=str(error), why=error.why)


def _progress(done: int, whole: int) -> None:
    say(Went(done=done, whole=whole))


def say(told: Told | Form) -> None:
    """One frame."""
    frame = msgspec.msgpack.encode(told)
    sys.stdout.buffer.write(LENGTH.pack(len(frame)) + frame)
    sys.stdout.buffer.flush()


def _content(key: bytes) -> bytes:
    """All of the file; with a key, as it was before it lay on a disk."""
    with open(0, "rb", closefd=False) as file:
        file.seek(0)
        content = file.read(documents.MOST_BYTES + 1)
    if not key:
        return content
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415  (9 MB)

    return Cipher(algorithms.AES(key), modes.CTR(NONCE)).decryptor().update(content)


def _first_to_go() -> None:
    """Where memory runs out after all, this process ends and not the one that began it."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    except OSError:
        return


def _behind_the_wearer() -> None:
    """A file may be made to take all of its time: what is decided, shown and said meanwhile comes before."""
    try:
        os.nice(NICE)
    except OSError:
        return


if __name__ == "__main__":
    main()
