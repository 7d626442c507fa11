"""WebSocket's frames: what browsers send is read however it is cut, and whatever else comes is refused."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as some

from vybor.browser import frames
from vybor.browser.frames import LONGEST_BYTES, Frame, Opcode, Unreadable


def masked(opcode: int, payload: bytes, *, mask: bytes = b"\x01\x20\xff\x7e", first: int = 0x80) -> bytes:
    """As a browser sends it."""
    size = len(payload)
    length = bytes((0x80 | size,)) if size <= 125 else bytes((0x80 | 126,)) + size.to_bytes(2, "big")
    return bytes((first | opcode,)) + length + mask + bytes(b ^ mask[at % 4] for at, b in enumerate(payload))


def test_the_answer_to_a_key_is_that_of_the_standard() -> None:
    assert frames.accept(b"dGhlIHNhbXBsZSBub25jZQ==") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455, 1.3


@given(some.lists(some.binary(max_size=300), min_size=1, max_size=4), some.data())
def test_what_a_browser_sends_is_read_however_it_is_cut(payloads: list[bytes], data: some.DataObject) -> None:
    wire = b"".join(masked(Opcode.TEXT, payload) for payload in payloads)
    cut = data.draw(some.integers(0, len(wire)))
    read: list[Frame] = []
    buffer = b""
    for piece in (wire[:cut], wire[cut:]):
        buffer += piece
        while True:
            frame, buffer = frames.read(buffer)
            if frame is None:
                break
            read.append(frame)
    assert [frame.payload for frame in read] == payloads
    assert buffer == b""


@pytest.mark.parametrize(
    ("wire", "why"),
    [
        (b"\x81\x03abc", "masks"),
        (masked(1, b"in pieces", first=0), "pieces"),
        (masked(1, b"squeezed", first=0xC0), "extension"),
        (masked(2, b"binary"), "kind 2"),
        (b"\x81\xff" + (1 << 40).to_bytes(8, "big"), str(LONGEST_BYTES)),
        (b"\x81\xfe" + (LONGEST_BYTES + 1).to_bytes(2, "big"), str(LONGEST_BYTES)),
    ],
)
def test_what_no_page_sends_ends_the_line(wire: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        frames.read(wire)


@given(some.binary(max_size=64))
def test_noise_is_refused_or_waited_for_and_never_more(noise: bytes) -> None:
    try:
        frame, rest = frames.read(noise)
    except Unreadable:
        return
    assert frame is not None or rest == noise


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_server_s_frame_says_its_length_in_as_few_bytes_as_it_may(size: int) -> None:
    made = frames.made(Opcode.TEXT, os.urandom(size))
    head = 2 if size <= 125 else 4 if size < 1 << 16 else 10
    assert len(made) == head + size
    assert made[0] == 0x81
    assert not made[1] & 0x80
