"""What the workstation needs of a kit to read what it wrote."""

import msgspec
from nacl.public import PrivateKey
from nacl.signing import VerifyKey


class KitKeys(msgspec.Struct, frozen=True):
    """A paired kit."""

    kit: str
    """Its number: 32 hex digits."""
    name: str
    """What its owner calls it."""
    verify: VerifyKey
    """It signs what it writes…"""
    open_with: PrivateKey
    """…and seals it to this key, which is the workstation's."""
