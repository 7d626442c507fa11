"""The fitting within the decision: what it hears, which ways are open meanwhile, and what its tiles do. Pure.

While a sign is tried it chooses nothing: tiles are chosen at their edges alone. Nothing of a fitting is recorded,
learned from or spoken; the page beneath comes back. Who opens the menu in the middle leaves it; it waits a while.
"""

from collections.abc import Sequence

import msgspec

from vybor.composer import fitting as pages
from vybor.composer import writing
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Effort, FitPhase, Role, Sign
from vybor.fitting import whole
from vybor.fitting.face import FACE
from vybor.fitting.noticing import Event
from vybor.fitting.proposal import proposed, ways
from vybor.fitting.whole import Fitting
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSource
from vybor.foundation.settings import CommitSettings, ScanUse, Settings
from vybor.selector.state import Selector
from vybor.selector.ways import Headband, Inputs


class Fits(msgspec.Struct, frozen=True):
    """What the decision knows of fittings."""

    now: Fitting | None = None
    """None while none is under way."""
    results: tuple[m.FitResult, ...] = ()
    proposed: tuple[m.FitValue, ...] = ()
    """Of the last one that came to its end."""
    ways: tuple[Sign, ...] = ()
    """What would be chosen with then."""
    accepted: int = 0
    """How often the person accepted what was proposed: whoever keeps that watches it rise."""
    told: m.FitStage | None = None
    """Where it stood when tiles were last composed."""


NONE = Fits()
UNSEEN_NS = seconds(2)
"""A face that looked away for a moment is still there."""


def signs_there(settings: Settings, inputs: Inputs) -> tuple[Sign, ...]:
    """The signs that can be noticed: a switch is a key like any other, nobody knows whether there is one."""
    found = [Sign.SWITCH]
    if settings.gaze.source is not GazeSource.NONE:
        found.append(Sign.PAD)
    if settings.gaze.source is GazeSource.CAMERA:
        found += (Sign.LONG_BLINK, *FACE)
    if inputs.headband is Headband.THERE:
        found += (Sign.DOUBLE_BLINK, Sign.CLENCH)
    return tuple(found)


def begun(fits: Fits, signs: Sequence[Sign], only: Sequence[Sign], at_ns: int) -> Fits:
    """A fitting of the signs whose inputs are there; the same as before if there are none."""
    now = whole.begun(whole.planned(signs, only), at_ns, at_ns) if only else whole.of_all(signs, at_ns)
    return msgspec.structs.replace(fits, now=now) if now.plan else fits


def rule(fits: Fits, commit: CommitSettings) -> CommitSettings:
    """How tiles are chosen now: while a sign is tried, at their edges alone."""
    if fits.now is None or not whole.is_trying(fits.now):
        return commit
    edge_alone = msgspec.structs.replace(commit, pad=True, biosignal=False, switch=False, scan=ScanUse.OFF)
    return msgspec.structs.replace(edge_alone, long_blink=False, brow=False, cheek=False, head=False)


def heard(fits: Fits, message: m.AnyMessage, now_ns: int) -> Fits:
    """Take in a message of the body or the display."""
    return fits if fits.now is None else msgspec.structs.replace(fits, now=whole.heard(fits.now, message, now_ns))


def looked(fits: Fits, before: Selector, after: Selector) -> Fits:
    """A look came: the eyes may have left the edge that they were asked to look at."""
    if fits.now is None or before.pad_ns is None or after.pad_ns is not None:
        return fits
    asked = whole.stage(fits.now).slot
    if asked is None or asked != before.slot:
        return fits
    return msgspec.structs.replace(fits, now=whole.left_edge(fits.now, before.pad_ns))


def passed(fits: Fits, settings: Settings, inputs: Inputs, now_ns: int) -> Fits:
    """Time has passed; when all signs were tried, what came of them is known.

    A headband that is gone, or a face that is not seen, says nothing of the person: its sign is announced again.
    """
    if fits.now is None:
        return fits
    no_band = inputs.headband is Headband.GONE and whole.needs_headband(fits.now)
    no_face = inputs.face_ns is None or now_ns - inputs.face_ns > UNSEEN_NS
    if no_band or (no_face and whole.needs_face(fits.now)):
        return msgspec.structs.replace(fits, now=whole.broken_off(fits.now, now_ns))
    return _with(fits, whole.passed(fits.now, now_ns), settings)


def stage(fits: Fits) -> m.FitStage | None:
    """Where it stands."""
    if fits.now is None:
        return None
    return msgspec.structs.replace(whole.stage(fits.now, changes=bool(fits.proposed)), ways=fits.ways)


def staged(fits: Fits, now: Writing) -> Fits:
    """Tiles are composed for where it stands now."""
    return msgspec.structs.replace(fits, told=stage(fits) if now.mode is m.Mode.FITTING else None)


def kept_up(fits: Fits, now: Writing, signs: Sequence[Sign], at_ns: int) -> Fits:
    """A choice led to this page: to the fitting, a new one or that which waits; or away from it, and it waits."""
    after = fits.now
    if now.mode is m.Mode.FITTING:
        after = after or whole.of_all(signs, at_ns)
    elif after and after.phase is FitPhase.SUMMARY:
        after = None
    elif after and whole.is_trying(after):
        after = whole.broken_off(after, at_ns)
    return staged(msgspec.structs.replace(fits, now=after), now)


def is_own(tile: m.Tile, now: Writing, fits: Fits) -> bool:
    """Whether choosing this tile is the fitting's matter alone, and nobody's record."""
    if now.mode is not m.Mode.FITTING or fits.now is None:
        return False
    return tile.role in pages.OWN_TILES or (tile.role is Role.BACK and whole.is_trying(fits.now))


def chosen(fits: Fits, now: Writing, tile: m.Tile, settings: Settings, at_ns: int) -> tuple[Fits, Writing]:
    """What a tile of the fitting's own leads to."""
    fitting = fits.now
    assert fitting is not None
    after: Fitting | None
    match tile.role:
        case Role.FIT_TARGET:
            after = whole.noticed(fitting, Event(Sign.PAD, at_ns, tile.slot), at_ns)
        case Role.FIT_BEGIN:
            after = whole.tried(fitting, at_ns)
        case Role.FIT_SKIP:
            after = whole.skipped(fitting, at_ns)
        case Role.FIT_EFFORT:
            after = whole.judged(fitting, Effort(tile.label), at_ns)
        case Role.FIT_MORE:
            after = whole.with_spare(fitting, at_ns)
        case Role.FIT_ACCEPT:
            fits = msgspec.structs.replace(fits, accepted=fits.accepted + 1)
            after = None
        case _:
            after = whole.broken_off(fitting, at_ns)
    fits = _with(fits, after, settings)
    now = now if fits.now else closed(now)
    return staged(fits, now), now


def asked(
    fits: Fits, now: Writing, command: m.Fit, signs: Sequence[Sign], settings: Settings, at_ns: int
) -> tuple[Fits, Writing, str]:
    """What somebody at the terminal wants: the fitting and the page after it, and why it cannot be, if so."""
    if command.effort is not None and fits.now:
        return _with(fits, whole.judged(fits.now, command.effort, at_ns), settings), now, ""
    match command.wish:
        case m.FitWish.START | m.FitWish.BEGIN if now.mode is m.Mode.REST:
            return fits, now, "the person rests; wake the kit first"
        case m.FitWish.START if fits.now and not command.only:
            return fits, pages.over(now), ""  # the person has begun it already
        case m.FitWish.START:
            begins = begun(fits, signs, command.only, at_ns)
            if begins is fits:
                return fits, now, "none of these signs can be noticed: camera, headband or switch is missing"
            return begins, pages.over(now), ""
        case m.FitWish.BEGIN if fits.now:
            return msgspec.structs.replace(fits, now=whole.tried(fits.now, at_ns)), pages.over(now), ""
        case m.FitWish.SKIP if fits.now:
            fits = _with(fits, whole.skipped(fits.now, at_ns), settings)
        case m.FitWish.STOP:
            fits = msgspec.structs.replace(fits, now=None)
    return fits, now if fits.now else closed(now), ""


def closed(now: Writing) -> Writing:
    """The page beneath, as it was."""
    return writing.beneath(now) if now.mode is m.Mode.FITTING else now


def _with(fits: Fits, now: Fitting | None, settings: Settings) -> Fits:
    """The fitting goes on so; at its end the results and what follows from them are kept."""
    came_to_its_end = now is not None and now.phase is FitPhase.SUMMARY
    if now is None or not came_to_its_end or (fits.now and fits.now.phase is FitPhase.SUMMARY):
        return msgspec.structs.replace(fits, now=now)
    results = whole.results(now)
    if all(each.skipped for each in results):
        return msgspec.structs.replace(fits, now=None)
    values = proposed(results, settings)
    return msgspec.structs.replace(
        fits, now=now, results=results, proposed=values, ways=ways(results, values, settings)
    )
