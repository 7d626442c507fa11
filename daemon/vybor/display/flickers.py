"""Lets tiles flicker while the deciding process wants it, frame by frame, and stops at anybody's word."""

import logging

from vybor.contracts import messages as m
from vybor.contracts.messages import FlickerStop
from vybor.display.drawing import flicker
from vybor.display.drawing.flicker import Flickering, Refresh
from vybor.display.drawing.surface import Surface
from vybor.display.showing import Showing
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.settings import Settings

HOLD_NS = seconds(1)
"""A switch held so long ends it."""
AGAIN_NS = seconds(0.5)
"""To begin and to end is a change of brightness too: what ended begins again no sooner."""
CALM_NS, LONGEST_CALM_NS = seconds(60), seconds(3600)
"""A screen that was unsteady is measured anew so much later, and after twice as long each time that it was."""

log = logging.getLogger("vybor.display")


class Flickers:
    """What flickers now, and why nothing does."""

    def __init__(self, settings: Settings, window: Surface, clock: Clock) -> None:
        self._window = window
        self._clock = clock
        self._contrast = settings.flicker.contrast
        self._now: Flickering | None = None
        self._asked: tuple[int, ...] = ()
        """The slots of which those that can flicker."""
        self._painted = -1
        self._pressed_ns: int | None = None
        self._again_ns = 0
        """Not before then."""
        self._refresh = Refresh(1.0, 1.0)
        self._flips_ns: tuple[int, ...] = ()
        """Those of a measurement that goes on."""
        self._calm_ns, self._measure_ns = CALM_NS, 0
        self.stop: m.FlickerStop | None = None
        if settings.flicker.on and not settings.display.reduced_motion:
            self._measure()

    @property
    def counts_frames(self) -> bool:
        """Whether the next frame is waited for at once: something flickers, or the screen is measured."""
        return self._now is not None or bool(self._flips_ns)

    @property
    def told(self) -> tuple[m.Flicker, ...]:
        """What flickers, and in which rhythm."""
        return flicker.told(self._now, self._refresh)

    @property
    def since_ns(self) -> int:
        """Since when it does."""
        return self._now.since_ns if self._now else 0

    def unwanted(self) -> None:
        """Somebody wants it to end; it begins again only when the display does, and the core lets it."""
        if self._now is not None:
            log.info("flicker was stopped at the screen")
            self.stop = FlickerStop.UNWANTED

    def pressed(self, now_ns: int | None) -> None:
        """The switch went down at that time; None: it was let go."""
        self._pressed_ns = now_ns

    def turn(self, shown: Showing | None, now_ns: int) -> bool:
        """Begin, show the next frame, or end; returns whether others must hear of it."""
        if self._pressed_ns is not None and now_ns - self._pressed_ns >= HOLD_NS:
            self.unwanted()
        if self.stop is FlickerStop.UNSTEADY and self._measure_anew(now_ns):
            return True
        slots = wanted(shown) if self.stop is None else ()
        if not slots or shown is None or shown.screen is None:
            return self._end()
        if self._asked != slots and self._end():
            return True
        before = self._now
        if before is None:
            if now_ns < self._again_ns:
                return False
            self._now = flicker.begun(slots, self._refresh, now_ns)
            self._asked, self._painted = slots, -1
            if self._now is None:
                self._unsteady(now_ns)
                return True
        self._frame(shown.screen)
        return self._now is None or before is None

    def _frame(self, screen: m.Screen) -> None:
        """Show what is due now."""
        assert self._now is not None
        if self._painted != self._window.painted:
            if self._painted >= 0:
                self._now = flicker.repainted(self._now, self._clock.now_ns())
            areas = {tile.slot: tile.area for tile in screen.tiles}
            self._window.prepare_flicker([areas[field.slot] for field in self._now.fields], self._contrast)
            self._painted = self._window.painted
        self._window.flash(self._now.bright)
        self._now = flicker.flipped(self._now, self._refresh, self._clock.now_ns())
        if flicker.is_unsteady(self._now):
            log.warning("flicker was stopped: frames came late, or not as often as at the start")
            self._unsteady(self._clock.now_ns())
            self._end()

    def _end(self) -> bool:
        """The tiles are as they were; returns whether anything flickered."""
        was, self._now = self._now is not None, None
        if was:
            self._window.flash(())
            self._again_ns = self._clock.now_ns() + AGAIN_NS
        return was

    def _measure(self) -> None:
        while not self._flip():
            pass

    def _measure_anew(self, now_ns: int) -> bool:
        """After a while, frame by frame among all that is shown; returns whether the screen is steady again."""
        return now_ns >= self._measure_ns and self._flip() and self.stop is None

    def _flip(self) -> bool:
        """One more flip of a measurement; returns whether that was the last one, and it is known what holds."""
        self._window.flip()
        self._flips_ns = (*self._flips_ns, self._clock.now_ns())
        if len(self._flips_ns) < flicker.MEASURED_FLIPS:
            return False
        self._refresh, self._flips_ns = flicker.measured(self._flips_ns), ()
        log.info("refresh measured: hz=%.2f spread=%.3f", self._refresh.hz, self._refresh.spread)
        self.stop = None
        if not self._refresh.is_steady:
            self._unsteady(self._clock.now_ns())
        return True

    def _unsteady(self, now_ns: int) -> None:
        """Nothing flickers by what was measured any more; what is measured anew may be another refresh."""
        self.stop = FlickerStop.UNSTEADY
        self._measure_ns = now_ns + self._calm_ns
        self._calm_ns = min(2 * self._calm_ns, LONGEST_CALM_NS)


def wanted(shown: Showing | None) -> tuple[int, ...]:
    """The slots that are to flicker, of tiles that are there, while the page is what the person sees."""
    if shown is None or shown.screen is None or shown.core_silent or shown.starting or shown.help is not None:
        return ()
    if shown.target is not None and shown.target.dot is not None:
        return ()
    there = {tile.slot for tile in shown.screen.tiles}
    return tuple(slot for slot in shown.screen.flicker if slot in there)
