"""A display and a hand in virtual time: tiles light up in turn, are shown, and are pressed."""

from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import scan
from vybor.selector import step as select
from vybor.selector.state import Selection, Selector
from vybor.selector.ways import Headband

TICK_S = 0.05
UPPER, MIDDLE, LOWER = (0, 1, 2, 3), (8, 9), (4, 5, 6, 7)


def tiles(labels: str = "abcdefghij", slots: range | tuple[int, ...] = range(10)) -> tuple[m.Tile, ...]:
    """A page of ten tiles, or some of them."""
    return tuple(
        m.Tile(
            slot=slot,
            role=m.Role.CANDIDATE,
            area=TEN.zones[slot].area,
            pad=TEN.zones[slot].pad,
            label=labels[slot],
        )
        for slot in slots
    )


class Scanner:
    """Time passes in ticks; the display lights what it is told a moment later, and says so."""

    def __init__(self, tiles: tuple[m.Tile, ...], rule: CommitSettings, flip_s: float = 0.03) -> None:
        self.now_ns = seconds(10)
        self.rule = rule
        self.headband = Headband.UNSET
        self.state = select.shown(Selector(), 1, tiles, self.now_ns)
        self.chosen: list[Selection] = []
        self._flip_ns = seconds(flip_s)

    def wait(self, for_s: float, point: m.GazePoint | None = None) -> "Scanner":
        """Let time pass, with the eyes on a place or unseen."""
        for _ in range(round(for_s / TICK_S)):
            self.now_ns += seconds(TICK_S)
            if point:
                gaze = m.Gaze(at_ns=self.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point)
                self._take(select.look(self.state, gaze, self.rule))
            self.state = select.passed(self.state, self.now_ns, self.rule, self.headband)
            self._show(self.lit())
        return self

    def until(self, *slots: int) -> "Scanner":
        """Wait until these are lit, all of them and no others."""
        for _ in range(2_000):
            if self.lit() == slots:
                return self
            self.wait(TICK_S)
        raise AssertionError(f"{slots} are never lit")

    def press(self, after_s: float = 0.5) -> "Scanner":
        """Press, so long after now."""
        self.wait(after_s)
        self._take(select.press(self.state, m.SwitchPress(at_ns=self.now_ns), self.rule))
        return self

    def blink_twice(self, log_odds: float = 3.0, known_after_s: float = 0.0) -> "Scanner":
        """Blink twice now; the headband says so later."""
        at_ns = self.now_ns
        self.wait(known_after_s)
        kind = m.GestureKind.DOUBLE_BLINK
        made = m.Gesture(at_ns=at_ns, at_sd_ns=0, ended_ns=self.now_ns, kind=kind, log_odds=log_odds)
        self._take(select.gesture(self.state, made, self.rule))
        return self

    def show(self, offer: int, tiles: tuple[m.Tile, ...]) -> "Scanner":
        """Show other tiles."""
        self.state = select.shown(self.state, offer, tiles, self.now_ns)
        return self

    def lit(self) -> tuple[int, ...]:
        """What should be lit now."""
        return scan.turn(self.state, self.now_ns, self.rule).slots

    def troubles(self) -> tuple[m.Trouble, ...]:
        """What the screen would say."""
        return select.troubles(self.state, self.now_ns, self.rule)

    def slots(self) -> list[int]:
        """What was chosen."""
        return [chosen.slot for chosen in self.chosen]

    def _show(self, slots: tuple[int, ...]) -> None:
        light = m.Highlight(at_ns=self.now_ns, offer=self.state.offer, slot=None, scan=slots) if slots else None
        self.state = select.lit(self.state, light, self.now_ns + self._flip_ns)

    def _take(self, result: tuple[Selector, Selection | None]) -> None:
        self.state, chosen = result
        if chosen:
            self.chosen.append(chosen)
            self.state = select.rest_after_choice(self.state, self.now_ns, self.rule)
