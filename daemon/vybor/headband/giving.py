"""Signals that somebody gives to other programs: for how long, what the wearer is told, the samples. Pure."""

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.headband.boards import Board
from vybor.headband.port import Chunk

LONGEST_NS = seconds(10)
"""Who gives them says so again sooner: a program that was ended gives nothing for longer."""


class Giving(msgspec.Struct, frozen=True):
    """What is given until when."""

    signals: tuple[m.Signal, ...] = ()
    until_ns: int = 0


def asked(command: m.GiveOut, now_ns: int) -> Giving:
    """As somebody wants it, and no longer than they may."""
    return Giving(command.signals, min(command.until_ns, now_ns + LONGEST_NS))


def given(giving: Giving, now_ns: int) -> tuple[m.Signal, ...]:
    """What is given now."""
    return giving.signals if now_ns < giving.until_ns else ()


def notices(giving: Giving, now_ns: int) -> tuple[m.Notice, ...]:
    """What the wearer is told."""
    if not (signals := given(giving, now_ns)):
        return ()
    return (m.Notice(process="headband", trouble=m.Trouble.GIVEN_OUT, detail=", ".join(signals)),)


def samples(chunk: Chunk, board: Board) -> m.Samples:
    """A chunk as it goes over the bus."""
    return m.Samples(
        at_ns=chunk.at_ns,
        first=chunk.first,
        period_ns=chunk.period_ns,
        at_sd_ns=chunk.at_sd_ns,
        board=board.name,
        hz=board.hz,
        labels=board.names,
        microvolts=chunk.microvolts.astype("<f4").tobytes(),
    )
