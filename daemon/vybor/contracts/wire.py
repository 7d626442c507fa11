"""The bytes on the wire: one frame, `topic` + space + checksum + msgpack; commands and replies have no topic.

One frame because ZMQ_CONFLATE drops multipart messages; the topic first because SUB filters by prefix. A checksum
(CRC-32) because what is damaged may still be read: a letter of a sentence would be another one, and be said.
"""

import zlib

import msgspec

from vybor.contracts import messages as m


class Envelope(msgspec.Struct, frozen=True, array_like=True):
    """A message with its publisher's run (`epoch`, start time) and its number on the channel, from 1."""

    publisher: str
    epoch: int
    number: int
    message: m.AnyMessage


CHECKSUM_BYTES = 4
_encode = msgspec.msgpack.Encoder().encode
_envelope = msgspec.msgpack.Decoder(Envelope)
_command: msgspec.msgpack.Decoder[m.AnyCommand] = msgspec.msgpack.Decoder(m.AnyCommand)
_reply: msgspec.msgpack.Decoder[m.AnyReply] = msgspec.msgpack.Decoder(m.AnyReply)


def topic_of(kind: type[m.Message]) -> bytes:
    """The prefix that a subscriber filters by; the space keeps `Gaze` from matching `GazeX`."""
    return kind.__name__.encode() + b" "


def pack(envelope: Envelope) -> bytes:
    """One frame for PUB."""
    return topic_of(type(envelope.message)) + _summed(_encode(envelope))


def unpack(frame: bytes) -> Envelope:
    """Read a frame; raises `msgspec.ValidationError` or `msgspec.DecodeError` for anything that is not one."""
    return _envelope.decode(_whole(frame.partition(b" ")[2]))


def pack_command(command: m.Command | m.Reply) -> bytes:
    """One frame for DEALER or ROUTER."""
    return _summed(_encode(command))


def unpack_command(frame: bytes) -> m.AnyCommand:
    """Read a command; raises as `unpack` does."""
    return _command.decode(_whole(frame))


def unpack_reply(frame: bytes) -> m.AnyReply:
    """Read a reply; raises as `unpack` does."""
    return _reply.decode(_whole(frame))


def _summed(payload: bytes) -> bytes:
    return zlib.crc32(payload).to_bytes(CHECKSUM_BYTES) + payload


def _whole(summed: bytes) -> bytes:
    """What the checksum is of. Raises msgspec.DecodeError where it is of something else."""
    checksum, payload = summed[:CHECKSUM_BYTES], summed[CHECKSUM_BYTES:]
    if checksum != zlib.crc32(payload).to_bytes(CHECKSUM_BYTES):
        raise msgspec.DecodeError("the checksum is of something else")
    return payload
