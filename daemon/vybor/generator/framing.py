"""What the workstation sends for sentences from key words: a desk and a wardrobe beside those for words.

It goes the way of all that comes (grown/desk.py): verified, tried, worn on trial, good or rolled back. It has
learned from no person, so nothing that is deleted is in it. It goes with the weights that it was made for: while a
model of others was sent and is loaded, it stands aside and waits.
"""

from pathlib import Path

import msgspec

from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.generator.candidates import Proposer
from vybor.generator.grown.desk import GrownDesk
from vybor.generator.wardrobe import Wardrobe
from vybor.grown.versions import FACTORY


class FramesDesk(GrownDesk):
    """The versions of what makes sentences from key words."""

    kinds = (Kind.FRAMES,)
    stands_aside = False
    """What is worn waits for the model that it was made for."""
    own: GrownDesk | None = None
    """On whose model it is worn; None: always the one as it came."""

    @property
    def place(self) -> Path:
        """Where the model lies that is loaded."""
        return self.own.place if self.own else self._model

    def made_for(self) -> str:
        """The weights that what is worn goes with; what somebody laid here goes with the model at hand."""
        if self.by_hand():
            return self._base
        return version.base if (version := self.shelf.wearing) else ""

    def begin(self, base: str, now_ns: int) -> Path | None:
        """What to wear now; that it will be is on the disk. None: nothing."""
        version = self.shelf.wearing
        sent = self.own.shelf.model if self.own else FACTORY
        self.stands_aside = bool(sent) and version is not None and version.base != base
        if not self.stands_aside:
            return super().begin(base, now_ns)
        self._kept.change(msgspec.structs.replace(self.shelf, run=None), now_ns)
        return None  # if the process ends now, it is not at fault


class Framing:
    """Both."""

    def __init__(self, desk: FramesDesk, folder: Path) -> None:
        """`folder`: where somebody may lay an adapter by hand."""
        self._desk = desk
        self._wardrobe = Wardrobe(folder, desk)
        desk.by_hand = self._wardrobe.by_hand

    def stand_beside(self, own: GrownDesk) -> None:
        """The desk for words tells of these too, they are worn on its model, and one waits for the other."""
        own.beside = self.told
        own.waits = lambda: self._desk.is_busy
        own.for_sentences = self._desk.made_for
        self._desk.waits = lambda: own.is_busy
        self._desk.own = own

    def turn(self, base: str, now_ns: int) -> None:
        """Go on with what is under way. `base`: of the model that is loaded; "" without one."""
        self._desk.turn(base, now_ns)

    def look(self, proposer: Proposer, now_ns: int) -> bool:
        """Put on what is to be worn; True if sentences will now be others than before."""
        return self._wardrobe.look(proposer.frames, now_ns)

    def let_go(self) -> None:
        """The model that wears it is given up: it is kept in memory by nobody."""
        self._wardrobe.let_go()

    def told(self) -> tuple[m.Grown, ...]:
        """Every version, marked as such."""
        aside = {"is_worn": False} if self._desk.stands_aside else {}
        return tuple(
            msgspec.structs.replace(one, is_for_sentences=True, **aside) for one in self._desk.told("").grown
        )

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

    def ended(self) -> None:
        """The process was asked to end: what is worn has no part in that."""
        self._desk.ended()

    def close(self) -> None:
        """Begin nothing more."""
        self._desk.close()
