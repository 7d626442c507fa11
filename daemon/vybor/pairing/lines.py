"""What is said while pairing: one JSON object a line, each of a type of its own. Pure."""

import re
from typing import Annotated

import msgspec

from vybor.foundation.decoding import NOT_UNDERSTOOD

VERSION = 1
PAIRING_PORT = 2223
"""Where a kit is found, if nothing else is said."""
LONGEST_BYTES = 4096
"""Of a line, its end included."""
SSH_KEY = re.compile(r"ssh-ed25519 [A-Za-z0-9+/]{68}")
"""An OpenSSH public key without a comment: nothing else may reach a file of keys."""

Hex32 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
SshKey = Annotated[str, msgspec.Meta(pattern=rf"^{SSH_KEY.pattern}\Z")]
Name = Annotated[str, msgspec.Meta(pattern=r"^[\w .,'’()-]{1,40}\Z")]
"""It stands on the screen of the other side."""
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class Broken(Exception):
    """The other side says what it may not; the text is a sentence."""


class Differs(Broken):
    """The person on the other side says that the digits are not the same."""


class Line(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """One line."""


class Hello(Line, frozen=True, kw_only=True):
    """The workstation begins."""

    commitment: Hex32
    """Of the line `Reveal` that it will send."""
    v: int = VERSION


class Offer(Line, frozen=True, kw_only=True):
    """The kit's keys."""

    kit: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
    """Its number."""
    name: Name
    language: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}\Z")]
    """In which both sides show the words."""
    verifies_with: Hex32
    """Ed25519: what leaves the kit is signed with it."""
    host_key: SshKey
    port: Port
    """Of its sshd."""
    user: Annotated[str, msgspec.Meta(pattern=r"^[a-z_][a-z0-9_-]{0,31}\Z")]
    nonce: Hex32


class Reveal(Line, frozen=True, kw_only=True):
    """The workstation's keys."""

    name: Name
    seals_to: Hex32
    """X25519: what leaves the kit is sealed to it."""
    verifies_with: Hex32
    """Ed25519: receipts are signed with it."""
    read_key: SshKey
    write_key: SshKey
    nonce: Hex32


class Verdict(Line, frozen=True, kw_only=True):
    """A person on this side compared the digits."""

    same: bool


class Kept(Line, frozen=True, kw_only=True):
    """Both said yes, and the kit has written the keys down: the workstation may, too."""


AnyLine = Hello | Offer | Reveal | Verdict | Kept

_encode = msgspec.json.Encoder().encode
_line = msgspec.json.Decoder(AnyLine)


def written(line: AnyLine) -> bytes:
    """The line with its end."""
    return _encode(line) + b"\n"


def read(raw: bytes) -> AnyLine:
    """What a line says. Raises Broken."""
    if len(raw) > LONGEST_BYTES:
        raise Broken("a line of it is far too long")
    try:
        line: AnyLine = _line.decode(raw)
    except NOT_UNDERSTOOD as error:
        raise Broken(f"it does not speak as a Vybor does: {error}") from error
    if isinstance(line, Hello) and line.v != VERSION:
        raise Broken(f"it pairs by form {line.v}, this version by form {VERSION}; update the older one")
    return line
