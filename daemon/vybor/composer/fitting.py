"""The pages of the trial that finds how this person chooses. Pure; vybor.fitting knows what is tried, and when."""

from collections.abc import Callable, Sequence

import msgspec

from vybor.composer import writing
from vybor.composer.placing import CORNER, IN_ROWS, LEFT, LOWER, RIGHT, UPPER, Choice, Placed
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Effort, FitPhase, Mode, Role, Sign

SKIP = LOWER[0]
TARGET = "+"
"""The label of the place that is asked for; the display has words for it."""


def over(now: Writing) -> Writing:
    """The page of the trial, over the page at hand: that one comes back as it was."""
    if now.mode is Mode.FITTING:
        return now
    page = now.under or now
    below = msgspec.structs.replace(page, shown=(), saying=False, calling=False)
    return writing.turn(now, Mode.FITTING, under=below)


def opened(now: Writing, tile: m.Tile) -> Outcome:
    """The person asks for the trial."""
    return Outcome(over(now), Action.PAGE)


def _stays(now: Writing, tile: m.Tile) -> Outcome:
    """What it does to the fitting is not the text's matter."""
    return Outcome(now, Action.PAGE)


OWN_TILES = (Role.FIT_BEGIN, Role.FIT_SKIP, Role.FIT_TARGET, Role.FIT_EFFORT, Role.FIT_ACCEPT, Role.FIT_MORE)
RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = dict.fromkeys(OWN_TILES, _stays)


def first_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """Where nobody knows yet what is tried."""
    return page(m.FitStage(phase=FitPhase.INTRO))


def page(stage: m.FitStage) -> Placed:
    """What can be chosen at each stage; while a sign is tried, to leave it or to open the menu."""
    return _placed(stage) | {LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.MENU)}


def _placed(stage: m.FitStage) -> Placed:
    match stage.phase:
        case FitPhase.INTRO:
            return {CORNER: Choice(role=Role.FIT_BEGIN), SKIP: Choice(role=Role.FIT_SKIP)}
        case FitPhase.EFFORT:
            efforts = (Choice(role=Role.FIT_EFFORT, label=effort) for effort in Effort)
            return dict(zip(UPPER, efforts, strict=True))
        case FitPhase.SUMMARY:
            accept = {CORNER: Choice(role=Role.FIT_ACCEPT)} if stage.changes else {}
            return accept | ({SKIP: Choice(role=Role.FIT_MORE)} if stage.more else {})
    places = {Sign.PAD: IN_ROWS, Sign.FLICKER: UPPER}.get(stage.sign, ()) if stage.sign else ()
    return {slot: Choice(role=Role.FIT_TARGET, label=TARGET if slot == stage.slot else "") for slot in places}
