"""The kit's side of one attempt: lines in, lines out. Pure; nobody's keys are written before both said yes."""

import msgspec

from vybor.pairing.compared import Compared, commitment, compared
from vybor.pairing.lines import Broken, Differs, Hello, Offer, Reveal, Verdict, read, written


class Attempt(msgspec.Struct, frozen=True):
    """How far it is."""

    offer: Offer
    hello: bytes = b""
    reveal: Reveal | None = None
    compared: Compared | None = None
    """None until all keys are known."""
    said_there: bool | None = None
    """What the person at the workstation said…"""
    said_here: bool | None = None
    """…and what the one before the kit's screen did."""

    @property
    def is_agreed(self) -> bool:
        """Whether both said yes: now the keys are written down."""
        return bool(self.said_there and self.said_here)


def heard(attempt: Attempt, raw: bytes) -> tuple[Attempt, bytes]:
    """Take in a line, and answer it. Raises Broken for what may not come now, and where the other side said no."""
    line = read(raw)
    match line:
        case Hello() if not attempt.hello:
            return msgspec.structs.replace(attempt, hello=raw), written(attempt.offer)
        case Reveal() if attempt.hello and attempt.reveal is None:
            return _revealed(attempt, raw, line), b""
        case Verdict(same=True) if attempt.compared and attempt.said_there is None:
            return msgspec.structs.replace(attempt, said_there=True), b""
        case Verdict(same=False):
            raise Differs("the person at the workstation says that the digits are not the same")
        case _:
            raise Broken(f"{type(line).__name__} may not come now")


def said(attempt: Attempt, same: bool) -> tuple[Attempt, bytes]:
    """The person before the kit's screen has compared."""
    return msgspec.structs.replace(attempt, said_here=same), written(Verdict(same=same))


def _revealed(attempt: Attempt, raw: bytes, line: Reveal) -> Attempt:
    hello = read(attempt.hello)
    if not isinstance(hello, Hello) or commitment(raw) != hello.commitment:
        raise Broken("its keys are not those that it committed itself to: somebody may stand between")
    found = compared(attempt.hello, written(attempt.offer), raw, attempt.offer.language)
    return msgspec.structs.replace(attempt, reveal=line, compared=found)
