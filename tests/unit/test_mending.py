"""What may have been meant instead: of two slips the later one first, and none of what was written over."""

import msgspec

from unit.test_answers import AREA
from vybor.composer import mending
from vybor.composer.lasting import Lasting
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Source


def words(**chances: float) -> tuple[m.Tile, ...]:
    return tuple(
        m.Tile(slot=slot, role=Role.CANDIDATE, area=AREA, pad=AREA, label=label, source=Source.MODEL, p=p)
        for slot, (label, p) in enumerate(chances.items())
    )


def came_back(*texts: str, stood: tuple[tuple[m.Tile, ...], ...]) -> Writing:
    """The last of these texts, one written after the other where these words stood, was spoken and not meant."""
    lasting = msgspec.structs.replace(Lasting(), stood=(*stood, (), ()))
    return Writing(text=texts[-1], past=(*texts, ""), mode=Mode.MENDING, lasting=lasting)


def instead(now: Writing) -> list[str]:
    return [choice.label for _, choice in sorted(mending.instead(now).items())]


def test_a_later_slip_is_likelier_than_an_earlier_one_that_was_a_little_likelier_by_its_word() -> None:
    first, second = words(I=0.3, they=0.21), words(you=0.3, we=0.2)
    now = came_back("", "I", "I you", stood=(first, second))
    assert instead(now) == ["I we", "they you"]
    likelier = came_back("", "I", "I you", stood=(words(I=0.3, they=0.25), second))
    assert instead(likelier) == ["they you", "I we"]


def test_a_word_that_was_written_over_is_no_slip_of_what_stands() -> None:
    stood = (words(Mouse=0.3, Dog=0.2), (), words(run=0.3, sit=0.2))
    now = came_back("", "Mouse", "Mice", "Mice run", stood=stood)
    assert instead(now) == ["Mice sit"]
