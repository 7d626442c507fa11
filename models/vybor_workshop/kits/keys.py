"""What the workstation needs of a kit to read what it wrote, and what came of reading it."""

from collections.abc import Mapping

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


class Ingested(msgspec.Struct, frozen=True):
    """What became of segments."""

    names: tuple[str, ...]
    """They are in the data set for good: a receipt may say so."""
    quarantined: Mapping[str, str]
    """They are not, and why not; the kit keeps them."""
    deleting: tuple[str, ...] = ()
    """Those of them that tell of deletions."""
    owed: tuple[str, ...] = ()
    """They are here, but not every data set has deleted yet what they tell; no receipt, the kit keeps them."""
