"""The workstation's side of one attempt. Pure."""

import msgspec

from vybor.pairing.compared import Compared, commitment, compared
from vybor.pairing.lines import Broken, Hello, Kept, Offer, Reveal, Verdict, read, written


class Attempt(msgspec.Struct, frozen=True):
    """How far it is."""

    reveal: Reveal
    offer: Offer | None = None
    compared: Compared | None = None
    said_there: bool = False
    is_kept: bool = False
    """The kit has written the keys down: now this side may."""

    @property
    def hello(self) -> bytes:
        """The line to begin with."""
        return written(Hello(commitment=commitment(written(self.reveal))))


def heard(attempt: Attempt, raw: bytes, *, said_here: bool) -> tuple[Attempt, bytes]:
    """Take in a line, and answer it. Raises Broken for what may not come now, and where the kit said no."""
    line = read(raw)
    match line:
        case Offer() if attempt.offer is None:
            reveal = written(attempt.reveal)
            found = compared(attempt.hello, raw, reveal, line.language)
            return msgspec.structs.replace(attempt, offer=line, compared=found), reveal
        case Verdict(same=False):
            raise Broken("it was not confirmed on the kit's screen")
        case Verdict(same=True) if attempt.compared:
            return msgspec.structs.replace(attempt, said_there=True), b""
        case Kept() if said_here and attempt.said_there:
            return msgspec.structs.replace(attempt, is_kept=True), b""
        case _:
            raise Broken(f"{type(line).__name__} may not come now")
