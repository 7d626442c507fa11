"""What the workstation sends for sentences from key words: a desk and a wardrobe beside those for words.

It goes the way of all that comes (grown/desk.py): verified, tried, worn on trial, good or rolled back. It has
learned from no person, so nothing that is deleted is in it. It goes with the weights that it was made for: while a
model of others was sent and is loaded, it stands aside and waits.
"""

from pathlib import Path

import msgspec

from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.numbers import Learned
from vybor.foundation.bus import Asked
from vybor.generator.candidates import Proposer
from vybor.generator.grown.desk import GrownDesk
from vybor.generator.wardrobe import Wardrobe
from vybor.grown import wishes
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

    def told(self, request: str) -> m.GrownTold:
        """Every version, of the other desk too: so whoever asks for one of these hears of all."""
        return self.own.told(request) if self.own else super().told(request)

    def these(self) -> tuple[m.Grown, ...]:
        """Its own alone, marked as such."""
        worn = FACTORY if self.stands_aside or self.by_hand() else self.shelf.worn
        return tuple(msgspec.structs.replace(one, kind=Learned.FRAMES) for one in wishes.told(self.shelf, worn))

    def takes(self, asked: Asked, wish: m.WearGrown, now_ns: int) -> bool:
        """Take a wish about these; False: it is about others."""
        known = wish.serial in {one.serial for one in self.shelf.versions}
        if not known and (wish.serial or wish.kind is not Learned.FRAMES):
            return False
        self.wear(asked, wish, now_ns)
        return True

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
        own.beside, own.wears_beside = self._desk.these, self._desk.takes
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
