"""Where Undo and Speak stand, and why: in words for `vybor status`, and for `vybor fit --places`."""

from collections.abc import Iterator
from pathlib import Path

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.contracts.messages import Arrangement
from vybor.core.decision.standing import ENOUGH
from vybor.foundation.clock import Clock

WHERE = {
    Arrangement.DEFAULT: "Undo left, Speak upper right",
    Arrangement.MIRRORED: "Undo right, Speak upper left",
    Arrangement.LOWERED: "Undo left, Speak lower right",
    Arrangement.TURNED: "Undo right, Speak lower left",
}
QUARTERS = ("upper left", "upper right", "lower left", "lower right")


def line(standing: m.Standing) -> str:
    """Where they stand, and why, on one line."""
    return f"{WHERE[standing.at]} ({standing.at.value}): {_why(standing)}"


def measured_anew(runtime: Path, clock: Clock) -> Iterator[str]:
    """Have the kit measure again where they stand best; lines that say what comes of it.

    Raises Missing if no kit runs, or if the settings say where they stand, and PlaceError.
    """
    with asking.reached("core", "fit", runtime, clock) as core:
        before = _told(core, m.FitWish.TELL)
        after = _told(core, m.FitWish.PLACES)
    yield line(before)
    if any(before.signs) and not before.is_decided:
        signs = ", ".join(f"{where} {count}" for where, count in zip(QUARTERS, before.signs, strict=True))
        yield f"measured until now, and forgotten: {signs}"
    yield (
        f"from now on it is measured anew, while the wearer writes: {ENOUGH} choices in each quarter of the "
        f"screen; until then: {WHERE[after.at]}"
    )


def _told(core: asking.Room, wish: m.FitWish) -> m.Standing:
    told = core.told(m.Fit(request=core.new_request(), wish=wish))
    assert isinstance(told, m.FitTold)
    return told.standing


def _why(standing: m.Standing) -> str:
    if standing.is_set:
        return "the settings say so"
    if not standing.is_decided:
        return "still being measured"
    found = ", ".join(f"{where} {error:.1%}" for where, error in zip(QUARTERS, standing.errors, strict=False))
    best = "nothing else is clearly better" if standing.at is Arrangement.DEFAULT else "measured best"
    return f"{best}; looks fall beside by {found} of the screen"
