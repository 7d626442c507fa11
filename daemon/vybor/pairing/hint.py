"""How a kit calls itself in the local network while somebody may pair with it: a kind and a number for that time.

A hint only: it says that something at an address offers to be paired, and nobody trusts it. The number is drawn
anew for each window, so it is nobody's name, and cannot be followed from one day to another. Pure.
"""

import re

KIND = "_vybor._tcp.local."
"""Of service, as DNS-SD has them."""
CALLED = re.compile(r"vybor-[0-9a-f]{4}")
NUMBER_BYTES = 2


def called(number: bytes) -> str:
    """The name of two random bytes."""
    return f"vybor-{number.hex()}"


def heard(name: str) -> str | None:
    """The kit's name in the name of a service, if a kit announces itself so."""
    label = name.removesuffix(f".{KIND}")
    return label if label != name and CALLED.fullmatch(label) else None
