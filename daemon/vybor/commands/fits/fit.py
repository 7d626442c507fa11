"""`vybor fit`: begins the trial that finds how the person chooses, tells how far it is, and what came of it."""

import json
import os
import select
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.contracts.messages import Effort, FitPhase, FitWish, Sign
from vybor.fitting.proposal import NAMES
from vybor.fitting.shares import at_least, most_a_minute
from vybor.foundation.clock import Clock

LOOK_S = 0.3
"""So often it is asked how far the trial is."""
EFFORTS = {"1": Effort.EASY, "2": Effort.SO_SO, "3": Effort.HARD}
SAID = {
    FitPhase.STILL: "nothing is to be done now",
    FitPhase.PAUSE: "a pause",
    FitPhase.CUE: "asked",
}
YES = ("y", "yes")

Say = Callable[[str], None]


class Typed:
    """Lines that somebody types meanwhile, or that a program sends; at their end nobody is there."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._begun = b""
        self._lines: list[str] = []
        self.ended = False

    def line(self, wait_s: float) -> str | None:
        """The next line; None if none came in time."""
        if not self._lines and not self.ended and select.select([self._descriptor], [], [], wait_s)[0]:
            more = os.read(self._descriptor, 4096)
            self.ended = not more
            *whole, self._begun = (self._begun + more).split(b"\n")
            self._lines += [line.decode(errors="replace").strip().lower() for line in whole]
        elif self.ended and not self._lines:
            select.select([], [], [], wait_s)
        return self._lines.pop(0) if self._lines else None


class Outcome(msgspec.Struct, frozen=True):
    """What came of a fitting."""

    results: tuple[m.FitResult, ...]
    proposed: tuple[m.FitValue, ...]


def held(only: Sequence[str], runtime: Path, clock: Clock, typed: Typed, say: Say) -> Outcome | None:
    """Begin a fitting, and go on with what is typed; None if it came to no end.

    Raises Missing if no kit runs or it refuses, and PlaceError.
    """
    with asking.reached("core", "fit", runtime, clock) as core:
        told = _ask(core, FitWish.START, only=tuple(map(Sign, only)))
        last = ""
        while told.stage is not None and told.stage.phase is not FitPhase.SUMMARY:
            if (now := _how_far(told.stage)) != last:
                say(now)
                last = now
            line = typed.line(LOOK_S)
            told = _ask(core, FitWish.TELL)  # what was typed is for what stands there now
            if line is None or told.stage is None:
                continue
            wish, effort = _meant(line, told.stage)
            told = _ask(core, wish, effort=effort)
            if wish is FitWish.STOP:
                return None
        if told.stage is None:
            return None
        return Outcome(told.stage.results, told.proposed)


def stopped(runtime: Path, clock: Clock) -> None:
    """The page beneath comes back."""
    with asking.reached("core", "fit", runtime, clock) as core:
        _ask(core, FitWish.STOP)


def accepted(runtime: Path, clock: Clock) -> tuple[m.FitValue, ...]:
    """What the wearer accepted on the screen, and holds."""
    with asking.reached("core", "fit", runtime, clock) as core:
        return _ask(core, FitWish.TELL).fitted


def to_write(
    proposed: Iterable[m.FitValue], accepted: Iterable[m.FitValue]
) -> tuple[dict[str, bool | float], bool]:
    """What goes into the settings, and whether what was accepted must no more lie over them.

    A value that was accepted holds as long as the settings say what they said then: where that is what is proposed
    now, writing it there would change nothing. So all that was accepted goes into the settings with it.
    """
    values = {each.key: each.value for each in proposed}
    before = tuple(accepted)
    if not any(values.get(each.key) == each.was for each in before):
        return values, False
    return {each.key: each.value for each in before} | values, True


def forgotten(runtime: Path, clock: Clock) -> str:
    """What was accepted on the screen holds no more; returns what that was."""
    with asking.reached("core", "fit", runtime, clock) as core:
        before = _ask(core, FitWish.TELL).fitted
        _ask(core, FitWish.FORGET)
    if not before:
        return "nothing was accepted on the screen; the settings hold"
    return f"the settings hold again: {', '.join(f'{each.key} = {_toml(each.was)}' for each in before)}"


def table(outcome: Outcome) -> Iterator[str]:
    """What came of each sign, and what is proposed."""
    for found in outcome.results:
        yield f"{NAMES[found.sign]:20} {_row(found)}"
    yield ""
    if not outcome.proposed:
        yield "proposed: everything stays as it is"
    for each in outcome.proposed:
        yield f"proposed: {each.key} = {_toml(each.value)} (was {_toml(each.was)}): {each.reason}"


def as_json(outcome: Outcome | None) -> str:
    """The same for programs, with the bounds that so few tries allow."""
    if outcome is None:
        return json.dumps({"results": [], "proposed": []})
    results = [
        {
            **msgspec.to_builtins(found),
            "hits_at_least": round(at_least(found.hits, found.cues), 3),
            "false_alarms_a_minute_at_most": _at_most(found),
        }
        for found in outcome.results
    ]
    return json.dumps({"results": results, "proposed": msgspec.to_builtins(outcome.proposed)}, indent=2)


def _ask(
    core: asking.Room, wish: FitWish, *, only: tuple[Sign, ...] = (), effort: Effort | None = None
) -> m.FitTold:
    told = core.told(m.Fit(request=core.new_request(), wish=wish, only=only, effort=effort))
    assert isinstance(told, m.FitTold)
    return told


def _meant(line: str | None, stage: m.FitStage) -> tuple[FitWish, Effort | None]:
    """What a typed line asks for: Enter begins, s leaves out, q stops, 1 to 3 say how hard it was."""
    match line, stage.phase:
        case ("q", _):
            return FitWish.STOP, None
        case ("s", _):
            return FitWish.SKIP, None
        case ("", FitPhase.INTRO):
            return FitWish.BEGIN, None
        case (str() as answer, FitPhase.EFFORT) if answer in EFFORTS:
            return FitWish.TELL, EFFORTS[answer]
    return FitWish.TELL, None


def _how_far(stage: m.FitStage) -> str:
    """One line of the terminal."""
    name = NAMES[stage.sign] if stage.sign else ""
    where = f"{stage.trial} of {stage.trials}, {name}"
    match stage.phase:
        case FitPhase.INTRO:
            return f"{where}: Enter begins, s leaves it out, q stops"
        case FitPhase.EFFORT:
            return f"{where}: how hard was it? 1 easy, 2 so-so, 3 hard, s no answer"
        case FitPhase.CUE:
            return f"{where}: asked, {stage.cue} of {stage.cues}"
    return f"{where}: {SAID[stage.phase]}"


def _row(found: m.FitResult) -> str:
    if found.skipped:
        return "left out"
    parts = [f"{found.hits} of {found.cues} (at least {at_least(found.hits, found.cues):.0%})"]
    parts.append(f"unasked {found.false_alarms} in {found.still_s:.0f} s")
    if found.wrong:
        parts.append(f"another place {found.wrong}")
    if found.latency_s is not None and found.spread_s is not None:
        parts.append(f"{found.latency_s:.2f} s, spread {found.spread_s:.2f} s")
    if found.pair_gap_s is not None:
        parts.append(f"blinks {found.pair_gap_s:.2f} s apart")
    if found.strength is not None:
        parts.append(f"{found.strength:.1f} times the least size")
    if found.effort is not None:
        parts.append(found.effort.replace("_", "-"))
    if found.slower_s is not None:
        parts.append(f"later half {found.slower_s:+.2f} s")
    if not found.reopened:
        parts.append("eyes did not open again")
    return "; ".join(parts) + ("; reliable" if found.reliable else "; not reliable")


def _at_most(found: m.FitResult) -> float | None:
    return round(most_a_minute(found.false_alarms, found.still_s), 2) if found.still_s else None


def _toml(value: bool | float) -> str:
    return msgspec.json.encode(value).decode()
