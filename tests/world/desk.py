"""The decision in virtual time: what display, eyes, switch and model would tell it, without any of them.

Whoever sits here drives `vybor.core.decision` by the messages that it hears on the bus, and by nothing else.
"""

from collections.abc import Sequence

from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.contracts.areas import without_pad
from vybor.core.decision import deciding
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Decided
from vybor.foundation.clock import seconds

FRAME_S = 1 / 15
LOOK_S = 0.9
"""Longer than a choice's pause, and than it takes to arm a tile."""
EYES_SD = 0.02


class Desk:
    """A decision from its first offer on, and every choice that it took."""

    def __init__(self, rules: Rules, frame_s: float = FRAME_S) -> None:
        self.rules = rules
        self.now_ns = seconds(10)
        self.state = deciding.begin(rules, self.now_ns)
        self.decided: list[Decided] = []
        self._frame_s = frame_s

    def hear(self, message: m.AnyMessage) -> None:
        """Let the decision hear one message."""
        self.state, decided = deciding.heard(self.state, message, self.rules, self.now_ns)
        if decided:
            self.decided.append(decided)

    def screen(self) -> m.Screen:
        """What the decision would have shown."""
        return deciding.screen(self.state, self.now_ns, m.Saving.SAVED, (), self.rules.language)

    def show(self, screen: m.Screen | None = None) -> None:
        """The display says what it shows: the newest screen, or another."""
        self.hear(m.Shown(at_ns=self.now_ns, screen=screen or self.screen()))

    def look(self, slot: int, for_s: float) -> None:
        """The eyes rest on the middle of a tile, or where one of ten zones would be."""
        lies = next((tile for tile in self.state.tiles if tile.slot == slot), None) or TEN.zones[slot]
        body = without_pad(lies.area, lies.pad)
        x = (max(0.0, body.left) + min(1.0, body.right)) / 2
        y = (max(0.0, body.top) + min(1.0, body.bottom)) / 2
        for _ in range(round(for_s / self._frame_s)):
            self.now_ns += seconds(self._frame_s)
            point = m.GazePoint(x=x, y=y, sd_x=EYES_SD, sd_y=EYES_SD)
            self.hear(m.Gaze(at_ns=self.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point))

    def press(self) -> None:
        """The switch."""
        self.hear(m.SwitchPress(at_ns=self.now_ns))

    def choose(self, slot: int) -> None:
        """See the screen, look at a tile, press."""
        self.show()
        self.look(slot, LOOK_S)
        self.press()

    def answer(self, candidates: Sequence[m.Candidate], prompt: int, model: str) -> None:
        """The model answers a prompt."""
        self.hear(
            m.Proposals(at_ns=self.now_ns, prompt=prompt, candidates=tuple(candidates), model=model, took_ms=1.0)
        )
