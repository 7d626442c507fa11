"""Small files with a key and without one: encrypted whole (libsodium's secret box: XSalsa20 and Poly1305).

An encrypted file begins with SEALED and the mark of its key, as databases do (foundation/database.py). A bare one
is encrypted when it is read with a key. Errors are OSError, whose `strerror` says what is wrong.
"""

import errno
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from vybor.foundation import keys, small_files
from vybor.foundation.keys import SEALED, Key, how_to_unlock

OVERHEAD_BYTES = 64
"""By which an encrypted file may be longer than what is in it."""


def read(path: Path, longest_bytes: int, key: Key = keys.NONE) -> bytes:
    """What is in a file; with a key, a bare one is encrypted first. Raises OSError."""
    content = small_files.read(path, longest_bytes + OVERHEAD_BYTES)
    if is_sealed(content):
        return opened(content, path, key)
    if key.secret:
        resealed(path, content, key)
    else:
        _check(path, key)
    return content


def write(path: Path, content: bytes, key: Key = keys.NONE) -> None:
    """Put a file in place of what has its name; it is on the disk when this returns. Raises OSError."""
    _check(path, key)
    small_files.write_bytes(path, sealed(content, key) if key.secret else content, is_synced=True)


def resealed(path: Path, content: bytes, key: Key) -> None:
    """Write a file anew, with another key or without one; what was there is overwritten. Raises OSError."""
    _check(path, key)
    with path.open("r+b") as former:
        written = sealed(content, key) if key.secret else content
        small_files.write_bytes(path, written, is_synced=True, owner=path)
        small_files.overwrite(former)


def is_sealed(content: bytes) -> bool:
    """Whether this is an encrypted file."""
    return content.startswith(SEALED)


def sealed(content: bytes, key: Key) -> bytes:
    """An encrypted file, whole."""
    return SEALED + key.mark + SecretBox(key.secret).encrypt(content)


def opened(content: bytes, path: Path, key: Key) -> bytes:
    """What is in an encrypted file. Raises OSError for another key, or none, and for a damaged file."""
    _check(path, key)
    if not key.secret:
        raise OSError(errno.EACCES, f"it is encrypted, and there is no key; {how_to_unlock(path)}", str(path))
    start = SEALED + key.mark
    if not content.startswith(start):
        raise OSError(errno.EACCES, "it is encrypted with another key than the kit has", str(path))
    try:
        return SecretBox(key.secret).decrypt(content[len(start) :])
    except (CryptoError, ValueError):
        raise OSError(errno.EBADMSG, "it is damaged", str(path)) from None


def _check(path: Path, key: Key) -> None:
    if key.locked:
        raise OSError(errno.EACCES, f"it is locked: {key.locked}; {how_to_unlock(path)}", str(path))
