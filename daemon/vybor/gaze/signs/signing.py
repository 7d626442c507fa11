"""The room's own part in signs: which are wanted now, and what the pictures show of them."""

import msgspec

from vybor.contracts import messages as m
from vybor.foundation import fitted
from vybor.foundation.gaze_settings import PointBy
from vybor.foundation.settings import Settings
from vybor.gaze.faces.face import Face
from vybor.gaze.faces.lids import Lids
from vybor.gaze.signs import signs as s


class Signing:
    """Watches every face, so that it is known how it rests; tells only of what is wanted."""

    def __init__(self, settings: Settings) -> None:
        self._file = settings
        """What was accepted after a fitting is held against it."""
        self._settings = settings
        self._tries = False
        self._signs = s.Signs()

    def heard(self, message: m.AnyMessage) -> None:
        """What was accepted after a fitting, and whether one is under way."""
        if isinstance(message, m.Fitted):
            self._settings = fitted.over(self._file, message.values)
        elif isinstance(message, m.Shown):
            self._tries = message.screen is not None and message.screen.fitting is not None

    def saw(self, face: Face | None, lids: Lids, at_ns: int) -> tuple[m.Gesture, ...]:
        """Take in a picture; returns the signs that are known by it."""
        if face is None:
            return ()
        closed = lids.closed or lids.falling
        self._signs, made = s.step(self._signs, face, at_ns, self._settings.gaze, closed=closed)
        return tuple(each for each in made if each.kind in self._wanted())

    def without_point(self, gaze: m.Gaze) -> m.Gaze:
        """The look, without its place while a sign that is wanted is being made."""
        if gaze.point is None or not s.moves(self._signs, self._wanted()):
            return gaze
        return msgspec.structs.replace(gaze, point=None)

    def _wanted(self) -> frozenset[m.GestureKind]:
        wanted = s.wanted(self._settings.commit, tries=self._tries)
        # A head that points moves away and back all the time.
        return wanted - {m.GestureKind.HEAD} if self._settings.gaze.by is PointBy.HEAD else wanted
