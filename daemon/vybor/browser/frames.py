"""WebSocket's frames, as a server reads and writes them (RFC 6455, without extensions). Pure.

Browsers send what is short in one frame, so that is all that is taken: no message in pieces, none of 64 kB.
"""

from base64 import b64encode
from enum import IntEnum
from hashlib import sha1

import msgspec

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
LONGEST_BYTES = 32_768
"""Of a message: the widths of a page's letters are a third of it."""
SHORT, TWO_BYTES, EIGHT_BYTES = 125, 126, 127


class Opcode(IntEnum):
    """What a frame is for."""

    TEXT = 1
    CLOSE = 8
    PING = 9
    PONG = 10


class Frame(msgspec.Struct, frozen=True):
    """One message of a page."""

    opcode: Opcode
    payload: bytes


class Unreadable(Exception):
    """No frame of a page of ours; nothing that follows can be understood either."""


def accept(key: bytes) -> bytes:
    """What a server answers to a page's key, to show that it speaks WebSocket."""
    return b64encode(sha1(key + GUID, usedforsecurity=False).digest())


def read(buffer: bytes) -> tuple[Frame | None, bytes]:
    """The first frame and what follows it; None while it is not whole. Raises Unreadable."""
    if len(buffer) < 2:
        return None, buffer
    first, second = buffer[0], buffer[1]
    if first & 0xF0 != 0x80:
        raise Unreadable("a message comes in pieces, or with an extension that nobody agreed on")
    if first & 0x0F not in list(Opcode):
        raise Unreadable(f"no message of a page is of kind {first & 0x0F}")
    if not second & 0x80:
        raise Unreadable("a browser masks what it sends")
    length, at = second & 0x7F, 2
    if length > SHORT:
        extra = 2 if length == TWO_BYTES else 8
        if len(buffer) < at + extra:
            return None, buffer
        length, at = int.from_bytes(buffer[at : at + extra], "big"), at + extra
    if length > LONGEST_BYTES:
        raise Unreadable(f"a message has at most {LONGEST_BYTES} bytes")
    if len(buffer) < at + 4 + length:
        return None, buffer
    mask, masked = buffer[at : at + 4], buffer[at + 4 : at + 4 + length]
    keys = (mask * (length // 4 + 1))[:length]
    plain = (int.from_bytes(masked, "big") ^ int.from_bytes(keys, "big")).to_bytes(length, "big")
    return Frame(Opcode(first & 0x0F), plain), buffer[at + 4 + length :]


def made(opcode: Opcode, payload: bytes) -> bytes:
    """A frame for a page: a server does not mask."""
    head = bytes((0x80 | opcode,))
    if len(payload) <= SHORT:
        return head + bytes((len(payload),)) + payload
    if len(payload) < 1 << 16:
        return head + bytes((TWO_BYTES,)) + len(payload).to_bytes(2, "big") + payload
    return head + bytes((EIGHT_BYTES,)) + len(payload).to_bytes(8, "big") + payload


def closing(code: int, why: str) -> bytes:
    """The last frame: a page is told why."""
    return made(Opcode.CLOSE, code.to_bytes(2, "big") + why.encode()[:120])
