"""A segment: rows, compressed, sealed to the workstation's key, signed by the kit, named by their place and hash.

Nobody but the workstation reads it, the kit that wrote it included (libsodium's sealed box: X25519,
XSalsa20-Poly1305, a key of its own for each). The signature (Ed25519) says which kit it is from. It never changes:
whoever has a file whose content has the hash in its name has all of it.
"""

import hashlib
import re

import msgspec
import zstandard
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

MAGIC = b"vybor segment 1\n"
SIGNATURE_BYTES = 64
LARGEST_BYTES = 64 * 2**20
"""Of a segment, sealed or opened: more is damage, or an attack by compression."""
NAME = re.compile(r"b(?P<boot>\d{6,})-s(?P<sequence>\d{10,})-(?P<sha256>[0-9a-f]{64})\.segment")
"""Boot and sequence of its first row, so that names are in the order of the record."""


class Damaged(Exception):
    """It is not what its name, its signature or its form says; the text is a sentence."""


class Segment(msgspec.Struct, frozen=True):
    """A name, and what stands in the file of that name."""

    name: str
    content: bytes


def sealed(lines: bytes, first: tuple[int, int], to: PublicKey, signed_by: SigningKey) -> Segment:
    """Seal the lines of some rows; `first` is boot and sequence of the first of them."""
    closed = SealedBox(to).encrypt(zstandard.ZstdCompressor(level=3).compress(lines))
    content = MAGIC + signed_by.sign(MAGIC + closed).signature + closed
    boot, sequence = first
    return Segment(f"b{boot:06}-s{sequence:010}-{hashlib.sha256(content).hexdigest()}.segment", content)


def is_key(seals_to: str) -> bool:
    """Whether something can be sealed to this key, in hex: there are such that lead nowhere."""
    try:
        SealedBox(PublicKey(bytes.fromhex(seals_to))).encrypt(b"")
    except (ValueError, CryptoError):
        return False
    return True


def is_whole(segment: Segment) -> bool:
    """Whether the content is what the name says."""
    named = NAME.fullmatch(segment.name)
    return named is not None and hashlib.sha256(segment.content).hexdigest() == named["sha256"]


def is_signed(segment: Segment, by: VerifyKey) -> bool:
    """Whether it was written by this kit, which itself cannot open it."""
    signature, closed = _parts(segment)
    try:
        by.verify(MAGIC + closed, signature)
    except (BadSignatureError, ValueError):
        return False
    return segment.content.startswith(MAGIC)


def opened(segment: Segment, with_key: PrivateKey, signed_by: VerifyKey) -> bytes:
    """The lines. Raises Damaged."""
    if not is_whole(segment):
        raise Damaged(f"{segment.name} is not what its name says: it was cut or changed")
    if not segment.content.startswith(MAGIC):
        raise Damaged(f"{segment.name} is no segment that this version knows; update the workshop")
    signature, closed = _parts(segment)
    try:
        signed_by.verify(MAGIC + closed, signature)
        packed = SealedBox(with_key).decrypt(closed)
    except (BadSignatureError, ValueError) as error:
        raise Damaged(f"{segment.name} was not written by this kit") from error
    except CryptoError as error:
        raise Damaged(f"{segment.name} was sealed for another workstation") from error
    return _unpacked(segment.name, packed)


def _parts(segment: Segment) -> tuple[bytes, bytes]:
    """The signature, and what it signs."""
    content = segment.content[len(MAGIC) :]
    return content[:SIGNATURE_BYTES], content[SIGNATURE_BYTES:]


def _unpacked(name: str, packed: bytes) -> bytes:
    try:
        size = zstandard.get_frame_parameters(packed).content_size
        if size > LARGEST_BYTES:  # an unknown size is the largest number there is
            raise Damaged(f"{name} would be far too large when unpacked")
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=LARGEST_BYTES)
    except zstandard.ZstdError as error:
        raise Damaged(f"{name} cannot be unpacked: {error}") from error
