"""What the workstation sends for sentences from key words: a desk and a wardrobe beside those for words.

It goes the way of all that comes (grown_desk.py): verified, tried, worn on trial, good or rolled back. It has
learned from no person, so nothing that is deleted is in it.
"""

from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.generator.candidates import Proposer
from vybor.generator.grown_desk import GrownDesk
from vybor.generator.wardrobe import Wardrobe


class FramesDesk(GrownDesk):
    """The versions of what makes sentences from key words."""

    of_frames = True


class Framing:
    """Both."""

    def __init__(self, desk: FramesDesk, folder: Path) -> None:
        """`folder`: where somebody may lay an adapter by hand."""
        self._desk = desk
        self._wardrobe = Wardrobe(folder, desk)
        desk.by_hand = self._wardrobe.by_hand

    def turn(self, base: str, now_ns: int) -> None:
        """Go on with what is under way. `base`: of the model that is loaded; "" without one."""
        self._desk.turn(base, now_ns)

    def look(self, proposer: Proposer, now_ns: int) -> bool:
        """Put on what is to be worn; True if sentences will now be others than before."""
        return self._wardrobe.look(proposer.frames, now_ns)

    def told(self) -> tuple[m.Grown, ...]:
        """Every version, marked as such."""
        return tuple(msgspec.structs.replace(one, is_for_sentences=True) for one in self._desk.told("").grown)

    def answered_by_journal(self, reply: m.AnyReply, now_ns: int) -> None:
        """The journal answers what was asked."""
        self._desk.answered_by_journal(reply, now_ns)

    def answered(self, now_ns: int) -> None:
        """The model has answered somebody, whatever was asked."""
        self._desk.answered(now_ns)

    def model_failed(self, reason: str, now_ns: int) -> None:
        """The network failed while it made sentences."""
        self._desk.model_failed(reason, now_ns)

    def troubles(self) -> tuple[m.Notice, ...]:
        """What the person should know."""
        found = self._wardrobe.trouble
        return (*self._desk.troubles(), *([found] if found else []))

    def close(self) -> None:
        """The process was asked to end."""
        self._desk.close()
