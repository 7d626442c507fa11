"""What both sides show: six digits and five words of all that was said. Pure."""

import hashlib
from typing import NamedTuple

from vybor.pairing.word_list import WORDS

WORDS_SHOWN = 5
"""Of 64: thirty bits more than the digits have, for whoever wants to read them aloud."""


class Compared(NamedTuple):
    """To be the same on both sides."""

    digits: str
    words: tuple[str, ...]


def commitment(reveal: bytes) -> str:
    """Of a line that is shown later; its nonce makes that nobody can guess it."""
    return hashlib.sha256(b"vybor pairing commitment 1\n" + reveal).hexdigest()


def compared(hello: bytes, offer: bytes, reveal: bytes, language: str) -> Compared:
    """Of the three lines as they were sent, ends included."""
    whole = b"".join(len(line).to_bytes(4, "big") + line for line in (hello, offer, reveal))
    found = hashlib.sha256(b"vybor pairing 1\n" + whole).digest()
    listed = WORDS.get(language, WORDS["en"])
    number = int.from_bytes(found[:8], "big") % 1_000_000
    return Compared(f"{number:06}", tuple(listed[byte % len(listed)] for byte in found[8 : 8 + WORDS_SHOWN]))
