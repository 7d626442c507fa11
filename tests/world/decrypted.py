"""What stands in an encrypted database, page by page, also where SQLite itself would not look any more.

Encrypted bytes prove nothing about what they hold. So each page of the file, free ones too, and each frame of its
log is decrypted by itself (SQLCipher 4: AES-256-CBC, and behind each page its start vector and a checksum).
"""

import ctypes
from collections.abc import Iterator
from pathlib import Path

from vybor.foundation.keys import SEALED, Key

PAGE = 4096
RESERVED = 80
"""At the end of each page: 16 bytes to start from, then the checksum."""
SALT = 16
WAL_HEADER, FRAME_HEADER = 32, 24

_crypto = ctypes.CDLL("libcrypto.so.3")
for _name in ("EVP_CIPHER_CTX_new", "EVP_aes_256_cbc"):
    getattr(_crypto, _name).restype = ctypes.c_void_p


def database(path: Path, key: Key) -> bytes:
    """All that is in a file and in its log; of what is not encrypted, the bytes as they are."""
    content = path.read_bytes()
    if path.name.endswith("-wal"):
        is_sealed = path.with_name(path.name.removesuffix("-wal")).read_bytes().startswith(SEALED)
        return b"".join(_frames(content, key)) if is_sealed else content
    if not content.startswith(SEALED):
        return content
    pages = (content[place : place + PAGE] for place in range(0, len(content), PAGE))
    return b"".join(_page(page, key, SALT if number == 0 else 0) for number, page in enumerate(pages))


def _frames(log: bytes, key: Key) -> Iterator[bytes]:
    for place in range(WAL_HEADER, len(log), FRAME_HEADER + PAGE):
        number = int.from_bytes(log[place : place + 4], "big")
        page = log[place + FRAME_HEADER : place + FRAME_HEADER + PAGE]
        if len(page) == PAGE:
            yield _page(page, key, SALT if number == 1 else 0)


def _page(page: bytes, key: Key, begins: int) -> bytes:
    body, start = page[begins:-RESERVED], page[-RESERVED:][:16]
    context = ctypes.c_void_p(_crypto.EVP_CIPHER_CTX_new())
    try:
        cipher = ctypes.c_void_p(_crypto.EVP_aes_256_cbc())
        assert _crypto.EVP_DecryptInit_ex(context, cipher, None, key.secret, start) == 1
        _crypto.EVP_CIPHER_CTX_set_padding(context, 0)
        out, written = ctypes.create_string_buffer(len(body) + 16), ctypes.c_int()
        assert _crypto.EVP_DecryptUpdate(context, out, ctypes.byref(written), body, len(body)) == 1
        return out.raw[: written.value]
    finally:
        _crypto.EVP_CIPHER_CTX_free(context)
