"""What looks are worth, in words: how far beside they fall, and which tiles such looks can tell apart. Pure."""

import math
from collections.abc import Iterator

import msgspec

from vybor.composer.layout import LAYOUTS
from vybor.contracts import messages as m
from vybor.core.aiming import zoning
from vybor.points import fixation

GRIDS = {10: "4 x 2 and one at each end of the text", 8: "4 x 2", 6: "3 x 2", 4: "2 x 2", 2: "2 x 1"}
"""The layouts of the kit, as their tiles stand."""
BORNE = 8
"""Nine dots are worth doing where a check leaves more from dot to dot than so many tiles bear. With the simulated
eyes of the tests, on another day than those that are known, that was said to none of 80 people whose looks had
moved by .03 of the screen or less, to 9 of 25 by .06 with a gain of .1 (nine dots gained nothing there), and to
all of 75 who sat so much nearer or further that looks reached 40 % too far or too short (nine dots took a quarter
off the error, and three quarters)."""
NINE = 9
FEW = 3
"""Each calibration makes the next days better (one person: 9 dots alone 340 pixels, with 50 looks of other days
223, with 400 181); after so many that is said no more."""


class Usable(msgspec.Struct, frozen=True):
    """A layout, and how often a look at the middle of a tile lands on it, on the tile where that is worst."""

    tiles: int
    grid: str
    lands: float

    @property
    def is_usable(self) -> bool:
        """Whether that is often enough."""
        return self.lands >= zoning.LANDS


class Degrees(msgspec.Struct, frozen=True):
    """An error as an angle at the eye, along both axes."""

    x: float
    y: float
    away_cm: float


def usable(sd_x: float, sd_y: float) -> tuple[Usable, ...]:
    """Every layout of the kit, the densest first, for looks of such a standard error (fractions of the screen)."""
    return tuple(
        Usable(tiles, GRIDS[tiles], zoning.lands(layout, sd_x, sd_y)) for tiles, layout in LAYOUTS.items()
    )


def of_a_look(told: m.Calibrated) -> tuple[float, float]:
    """The standard error of what the kit takes for a look at a place: its noise is averaged as far as it waits."""
    return (
        math.hypot(told.error_x, told.noise_x / fixation.MOST**0.5),
        math.hypot(told.error_y, told.noise_y / fixation.MOST**0.5),
    )


def degrees(told: m.Calibrated, error: tuple[float, float]) -> Degrees | None:
    """An error in fractions of the screen as an angle; None where the screen's size or the distance is unknown."""
    if told.away_cm is None or not told.width_cm or not told.height_cm:
        return None
    x, y = error[0] * told.width_cm, error[1] * told.height_cm
    return Degrees(
        math.degrees(math.atan2(x, told.away_cm)), math.degrees(math.atan2(y, told.away_cm)), told.away_cm
    )


def nine_are_worth_it(told: m.Calibrated) -> str:
    """Why the nine dots are worth doing after a check, in half a sentence; empty: they are not."""
    if told.checked is None:
        return ""
    left_x, left_y = told.checked.left_x, told.checked.left_y
    if zoning.lands(LAYOUTS[BORNE], left_x, left_y) < zoning.LANDS:
        return (
            f"from dot to dot looks still fall beside by {_percent(left_x)} of the width and {_percent(left_y)} "
            f"of the height, more than {BORNE} tiles bear: the head or the camera is in another place"
        )
    return ""


def calibrated(told: m.Calibrated) -> Iterator[str]:
    """What came of the nine dots, or of the one that moves: of that there are dozens of places."""
    looked = "dots were looked at calmly"
    followed = "places of the dot that moves were followed"
    yield f"calibrated: {told.dots} {looked if told.dots <= NINE else followed}; {_kept(told.calibrations)}"
    yield from _worth(told)
    if told.calibrations < FEW:
        yield "each calibration makes the next days better, so more of them are worth doing, on other days"


def checked(told: m.Calibrated) -> Iterator[str]:
    """What came of a check."""
    found = told.checked
    if found is None:  # nine dots, or five, were on the screen already
        yield from calibrated(told)
        return
    yield (
        f"checked: looks fell beside by {_percent(abs(found.beside_x))} of the width to the "
        f"{'right' if found.beside_x > 0 else 'left'} and {_percent(abs(found.beside_y))} of the height "
        f"{'down' if found.beside_y > 0 else 'up'}; that is mended"
    )
    yield f"from dot to dot: {_percent(found.left_x)} and {_percent(found.left_y)}, which is not"
    yield from _worth(told)
    if why := nine_are_worth_it(told):
        yield f"the nine dots are worth doing (`vybor gaze calibrate`): {why}"
    else:
        yield "the nine dots are not worth doing now"


def _worth(told: m.Calibrated) -> Iterator[str]:
    x, y = of_a_look(told)
    beside = f"{_percent(x)} of the width and {_percent(y)} of the height"
    yield f"a look falls beside by {beside}{_in_degrees(told)}"
    layouts = usable(x, y)
    best = next((each for each in layouts if each.is_usable), None)
    if best is None:
        yield "no layout has tiles that are large enough for that: choose with a switch, tiles light up in turn"
    else:
        yield f"tiles you can use: {best.tiles} ({best.grid})"
    yield f"of 100 looks at the tile that is hit worst, so many land on it ({100 * zoning.LANDS:.0f} are enough):"
    for each in layouts:
        yield f"  {each.tiles:2} tiles  {100 * each.lands:3.0f}  {each.grid}"


def _in_degrees(told: m.Calibrated) -> str:
    angle = degrees(told, of_a_look(told))
    if angle:
        return f" ({angle.x:.1f} and {angle.y:.1f} degrees, {angle.away_cm:.0f} cm away by the camera's reckoning)"
    if told.away_cm is None:
        return ""
    return " (in degrees: once display.width_cm and display.height_cm are set)"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.1f} %"


def _kept(calibrations: int) -> str:
    return "this is the first one" if calibrations == 1 else f"{calibrations} calibrations are kept"
