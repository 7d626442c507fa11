"""How a headband sits: each electrode by its place, and what the wearer is told of it. Pure."""

from collections.abc import Iterator

from vybor.contracts import messages as m
from vybor.contracts.messages import Electrode, ElectrodeAt, ElectrodeState
from vybor.headband.boards import Board
from vybor.headband.detecting.quality import Contact

FOREHEAD = (ElectrodeAt.LEFT_FOREHEAD, ElectrodeAt.RIGHT_FOREHEAD)
JAW = (ElectrodeAt.LEFT_JAW, ElectrodeAt.RIGHT_JAW)
HEARD_ALL_THE_SAME = (ElectrodeState.GOOD, ElectrodeState.MUSCLE)


def electrodes(contact: Contact, board: Board) -> tuple[Electrode, ...]:
    """Every electrode that something is noticed with."""
    placed = (*zip(FOREHEAD, board.frontal, strict=True), *zip(JAW, board.temporal, strict=True))
    return tuple(Electrode(at=at, state=contact.states[channel]) for at, channel in placed)


def notices(worn: tuple[Electrode, ...]) -> Iterator[m.Notice]:
    """What could be better: an electrode that says nothing, and cables that are heard."""
    loud = [each for each in worn if each.state is ElectrodeState.MAINS]
    silent = [each for each in worn if each.state not in (*HEARD_ALL_THE_SAME, ElectrodeState.MAINS)]
    for trouble, which in ((m.Trouble.HEADBAND_LOOSE, silent), (m.Trouble.HEADBAND_MAINS, loud)):
        if which:
            detail = ", ".join(f"{each.at.replace('_', ' ')} {each.state}" for each in which)
            yield m.Notice(process="headband", trouble=trouble, detail=detail)
