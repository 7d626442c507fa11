"""Where Undo and Speak stand, over restarts: measured, decided once, announced, and kept with what was fitted."""

import logging

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Arrangement
from vybor.core.aiming import quarters
from vybor.core.aiming.misses import Act
from vybor.core.aiming.quarters import Measured
from vybor.core.decision import standing
from vybor.core.desks.fit_desk import FitDesk
from vybor.foundation.clock import seconds

ANNOUNCED_NS = seconds(5)
"""The screen says so long before that something will move."""
TOLD_NS = seconds(20)
"""And so long behind it that it has."""
AUTO = "auto"

log = logging.getLogger("vybor.core")


class PlacesDesk:
    """What holds now, what is to hold next, and what is measured meanwhile."""

    def __init__(self, fit_desk: FitDesk, wanted: str) -> None:
        self._fits = fit_desk
        self._is_set = wanted != AUTO
        self._measured = Measured()
        self.standing = self._kept
        """What holds: the deciding process follows as soon as nothing is torn from under the eyes."""
        self._next: m.Standing | None = None
        """What was decided: first it is announced."""
        self._announced_ns: int | None = None
        self._moved_ns: int | None = None
        self._is_moving = False
        """Whether what holds is not on the screen yet."""
        if self._is_set and self.standing.at != wanted:
            self._next = m.Standing(at=Arrangement(wanted), is_set=True)

    @property
    def refusal(self) -> str:
        """Why nothing can be measured; empty if it can."""
        if not self._is_set:
            return ""
        return (
            f"the settings say where Undo and Speak stand ({(self._next or self.standing).at}); "
            "`vybor config set display.places auto` has it measured"
        )

    def saw(self, act: Act, chosen: m.Decision | None, zones: int) -> None:
        """Measure, and decide once there is enough."""
        if self._is_set or self._next or self._is_moving or self._kept.is_decided:
            return
        self._measured = quarters.saw(self._measured, act, chosen, self._fits.settings.commit)
        self._next = standing.verdict(self._measured, zones, self.standing.at)
        if self._next is not None:
            log.info("Undo and Speak are to stand: %s, errors=%s", self._next.at, self._next.errors)
            self._measured = Measured()

    def passed(self, at: Arrangement, now_ns: int) -> None:
        """Time has passed, and this is where they stand on the screen."""
        if self._is_moving and at is self.standing.at:
            self._is_moving, self._moved_ns = False, now_ns
            self._keep()
        if self._next is not None:
            self._come(self._next, now_ns)
        elif not self._is_moving:
            self.standing = self._kept  # a new fitting has it measured anew

    def again(self) -> None:
        """Measure anew; until that is done they stand where they do."""
        self._measured = Measured()
        self._next = self._announced_ns = None
        self.standing = msgspec.structs.replace(self.standing, is_decided=False, errors=())
        if not self._is_moving:
            self._keep()

    def told(self) -> m.Standing:
        """Where they stand, or will, and how much is measured."""
        signs = tuple(quarter.signs for quarter in self._measured.quarters)
        return msgspec.structs.replace(self._next or self.standing, signs=signs)

    def troubles(self, now_ns: int) -> tuple[m.Notice, ...]:
        """That something will move, or has."""
        if self._announced_ns is not None or self._is_moving:
            return (m.Notice(process="core", trouble=m.Trouble.PLACES_MOVE),)
        if self._moved_ns is not None and now_ns - self._moved_ns <= TOLD_NS:
            return (m.Notice(process="core", trouble=m.Trouble.PLACES_MOVED),)
        return ()

    def _come(self, next_one: m.Standing, now_ns: int) -> None:
        """What was decided holds: at once if nothing moves, else after it was announced."""
        moves = next_one.at is not self.standing.at
        if moves and self._announced_ns is None:
            self._announced_ns = now_ns
        if moves and self._announced_ns is not None and now_ns - self._announced_ns < ANNOUNCED_NS:
            return
        self.standing, self._next, self._announced_ns, self._is_moving = next_one, None, None, moves
        if not moves:
            self._keep()

    @property
    def _kept(self) -> m.Standing:
        return msgspec.structs.replace(self._fits.kept.standing, is_set=self._is_set)

    def _keep(self) -> None:
        """From the next start on they stand so; only what is on the screen is kept."""
        if self._kept != self.standing:
            self._fits.keep(msgspec.structs.replace(self._fits.kept, standing=self.standing))
