"""Growths and bundles as `vybor-workshop model grown` tells them, a line each."""

from collections.abc import Collection

from vybor.contracts.messages import Became, GrownState
from vybor.foundation.errors import VyborError
from vybor_workshop import growth as growing
from vybor_workshop.growth import Growth
from vybor_workshop.personal import keeping as fits
from vybor_workshop.personal.words import failed
from vybor_workshop.publish.record import Published

STATES = {
    GrownState.TRYING: "the kit is looking at it",
    GrownState.ON_TRIAL: "on trial",
    GrownState.GOOD: "good",
    GrownState.LEFT: "taken off, another one is worn",
    GrownState.ROLLED_BACK: "rolled back",
    GrownState.REFUSED: "refused by the kit",
    GrownState.REMOVED: "removed: all that it learned from was deleted",
}


def growth_line(growth: Growth, deleted: Collection[tuple[int, int]]) -> str:
    """How far a growth is, and whether it is stale."""
    try:
        mark = "  stale: its person has deleted something since" if growing.is_stale(growth, deleted) else ""
    except VyborError as error:
        mark = f"  {error}"
    return f"growth {growth.name}  {growing.state(growth).value}{mark}"


def fit_line(where: Growth, deletions: int) -> str:
    """What a fit found, and whether it is stale."""
    try:
        fit = fits.read(where)
    except VyborError as error:
        return f"fit {where.name}  {error}"
    mark = "  stale: its person has deleted something since" if fit.deletions < deletions else ""
    state = (
        "published"
        if where.published.exists()
        else "may be published"
        if fit.passes
        else f"not sure: {failed(fit.rules)}"
    )
    return f"{fit.kind} {where.name}  {state}{mark}"


def sent_line(one: Published, became: Became | None) -> str:
    """What was published, and what became of it. Pure."""
    return f"number {one.serial}  {one.kind}, {one.name}, {one.size / 1e6:.1f} MB  {_fate(one, became)}"


def _fate(one: Published, became: Became | None) -> str:
    if became is not None:
        return _became(became)
    if one.sent_at:
        way = "laid on a stick" if one.by == "stick" else "sent"
        return f"{way} {one.sent_at}; the kit has not said yet what became of it"
    if one.withdrawn:
        return f"never sent: {one.withdrawn}"
    return f"waits since {one.at}; `vybor-workshop sync` sends it"


def _became(became: Became) -> str:
    counted = f", {became.choices} choices ({became.undone} taken back), {became.starts} starts"
    worn = became.state in (GrownState.ON_TRIAL, GrownState.GOOD, GrownState.LEFT, GrownState.ROLLED_BACK)
    reason = f": {became.reason}" if became.reason else ""
    mark = "; stale: something that it learned from was deleted" if became.is_stale else ""
    return f"{STATES[became.state]}{reason}{counted if worn else ''}{mark}"
