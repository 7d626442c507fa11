"""What the display has heard, and what of it holds now. Pure."""

import msgspec

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds

CORE_SILENT_NS = seconds(1)
"""Five repeats of `Screen` that did not come: the person must know soon that choosing does nothing."""
START_NS = seconds(15)
"""A deciding process that has not spoken yet is still starting for so long."""
TARGET_SILENT_NS = channels.silent_after_ns(channels.BY_TYPE[m.CalibrationTarget])
"""A calibration that ended without a word gives the screen back."""


class Heard(msgspec.Struct, frozen=True):
    """The newest of each message, and when it came. Repeats count: their age is that of their publisher."""

    began_ns: int
    screen: m.Screen | None = None
    screen_ns: int = 0
    highlight: m.Highlight | None = None
    target: m.CalibrationTarget | None = None
    target_ns: int = 0


class Showing(msgspec.Struct, frozen=True):
    """What is to be on the screen."""

    screen: m.Screen | None = None
    highlight: m.Highlight | None = None
    """None unless a tile is lit."""
    target: m.CalibrationTarget | None = None
    """None unless there is a dot."""
    core_silent: bool = False

    def looks_like(self, other: "Showing") -> bool:
        """Whether both are the same to the person: a highlight that only has a newer time is."""
        return (self.screen, _light(self.highlight), _dot(self.target), self.core_silent) == (
            other.screen,
            _light(other.highlight),
            _dot(other.target),
            other.core_silent,
        )


def hear(heard: Heard, message: m.AnyMessage, now_ns: int) -> Heard:
    """Take in a message."""
    match message:
        case m.Screen():
            return msgspec.structs.replace(heard, screen=message, screen_ns=now_ns)
        case m.Highlight():
            return msgspec.structs.replace(heard, highlight=message)
        case m.CalibrationTarget():
            return msgspec.structs.replace(heard, target=message, target_ns=now_ns)
        case _:
            return heard


def showing(heard: Heard, now_ns: int) -> Showing:
    """What holds now: dots over tiles, and no highlight of an offer that is gone."""
    patience_ns = CORE_SILENT_NS if heard.screen else START_NS
    silent = now_ns - (heard.screen_ns if heard.screen else heard.began_ns) > patience_ns
    target = heard.target if now_ns - heard.target_ns <= TARGET_SILENT_NS else None
    if target is not None and target.dot is None:
        target = None
    light = heard.highlight
    lit = light and heard.screen and light.slot is not None and light.offer == heard.screen.offer
    return Showing(heard.screen, light if lit and not silent and not target else None, target, silent)


def _light(highlight: m.Highlight | None) -> tuple[object, ...]:
    return (highlight.slot, highlight.armed, highlight.pad_open, highlight.pad_progress) if highlight else ()


def _dot(target: m.CalibrationTarget | None) -> tuple[object, ...]:
    return (target.dot, target.dots, target.x, target.y, target.progress) if target else ()
