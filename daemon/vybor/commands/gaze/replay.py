"""`vybor gaze replay`: a recording through the kit's own reading of looks, and what it would notice in it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from statistics import median

import msgspec

from vybor.commands.gaze import rows
from vybor.contracts import messages as m
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.foundation.settings import CommitSettings
from vybor.points import fixation
from vybor.points.fixation import Fixation, Noise
from vybor.selector import step as selecting
from vybor.selector.state import Selection, Selector

LONGEST_LOOK_S, LONGEST_ABSENT_S = 0.3, 1.0
"""A look stands for the time until the next one, and for no longer: the eyes of a gap are nobody's. While nobody
is there, the camera is looked at twice a second."""
LEAST_S = 0.1
"""What is shorter is no fixation."""
LEAST_NOISE = 0.001
NO_OFFER = -1
BEGINS_NS = SECOND_NS
"""The recording's beginning for the selector, which takes times from the start of the machine."""
ON_TILE, ELSEWHERE, NO_TILES, CLOSED, ABSENT, UNMEASURED = (
    *("on a tile", "elsewhere", "no tiles there", "eyes closed"),
    *("nobody seen", "not to be measured"),
)
"""Where the eyes are by a look, as the kit has it."""
SPANS = (CLOSED, ABSENT)
"""What is told by itself, if it lasts."""


class Recording(msgspec.Struct, frozen=True, kw_only=True, tag="recording"):
    """What is replayed."""

    file: str
    at: str
    words: bool
    lasted_s: float
    damaged: int
    is_cut_off: bool


class Fixated(msgspec.Struct, frozen=True, kw_only=True, tag="fixation"):
    """The eyes rested somewhere."""

    at_s: float
    lasted_s: float
    x: float
    y: float
    slot: int | None = None
    """Of the tile that they were on for most of it; None: elsewhere, or no tiles were there."""
    role: m.Role | None = None


class Away(msgspec.Struct, frozen=True, kw_only=True, tag="away"):
    """Eyes were closed, or nobody was seen."""

    at_s: float
    lasted_s: float
    what: str


class Would(msgspec.Struct, frozen=True, kw_only=True, tag="would"):
    """The kit would choose this now."""

    at_s: float
    slot: int
    role: m.Role
    by: m.Channelled


class Was(msgspec.Struct, frozen=True, kw_only=True, tag="was"):
    """What was chosen then."""

    at_s: float
    action: m.Action
    slot: int
    written: str = ""


class Sum(msgspec.Struct, frozen=True, kw_only=True, tag="sum"):
    """All of it."""

    lasted_s: float
    looks: int
    spent_s: dict[str, float]
    """By where the eyes were; gaps between looks count for nothing."""
    fixations: int
    fixation_s: float
    """The median of their lengths; 0 without any."""
    would: int
    was: int


Noticed = Fixated | Away | Would | Was
Told = Recording | Noticed | Sum


class Resting(msgspec.Struct, frozen=True):
    """A fixation under way."""

    filtered: Fixation
    at_s: float
    until_s: float
    sum_x: float
    sum_y: float
    slots: tuple[int | None, ...]


class Replayed(msgspec.Struct, frozen=True):
    """What is known between two rows."""

    selector: Selector = Selector()
    resting: Resting | None = None
    where: str = ""
    since_s: float = 0.0
    look_s: float | None = None
    """When the last look was."""


def told(recorded: rows.Recorded, rule: CommitSettings) -> Iterator[Told]:
    """What the kit would notice, as it would."""
    is_cut_off = not any(isinstance(row, rows.Ended) for row in recorded.rows)
    yield Recording(
        file=str(recorded.path),
        at=recorded.begun.at,
        words=recorded.begun.words,
        lasted_s=recorded.lasts_s,
        damaged=recorded.damaged,
        is_cut_off=is_cut_off,
    )
    noticed, spent = _noticed(recorded, rule)
    yield from sorted(noticed, key=lambda one: one.at_s)  # a fixation is known once it is over
    lengths = [one.lasted_s for one in noticed if isinstance(one, Fixated)]
    counts = Counter(type(one) for one in noticed)
    yield Sum(
        lasted_s=recorded.lasts_s,
        looks=sum(isinstance(row, rows.Look) for row in recorded.rows),
        spent_s={where: round(time_s, 2) for where, time_s in spent.items() if where},
        fixations=counts[Fixated],
        fixation_s=round(median(lengths), 3) if lengths else 0.0,
        would=counts[Would],
        was=counts[Was],
    )


def _noticed(recorded: rows.Recorded, rule: CommitSettings) -> tuple[list[Noticed], dict[str, float]]:
    """Row by row, and for how long the eyes were where."""
    known, noise = Replayed(), noise_of(recorded.rows)
    spent, found = dict[str, float](), list[Noticed]()
    for row in recorded.rows:
        before = known
        known, noticed = step(known, row, rule, noise)
        if before.look_s is not None and isinstance(row, rows.Look):
            longest_s = LONGEST_ABSENT_S if before.where == ABSENT else LONGEST_LOOK_S
            spent[before.where] = spent.get(before.where, 0.0) + min(row.t - before.look_s, longest_s)
        found += noticed
    found += [*_rested(known.resting, known.selector), *_over(known, recorded.lasts_s)]
    return found, spent


def step(
    known: Replayed, row: rows.Row, rule: CommitSettings, noise: Noise
) -> tuple[Replayed, tuple[Noticed, ...]]:
    """Take in a row; what is noticed by it."""
    at_ns = BEGINS_NS + seconds(row.t)
    match row:
        case rows.Page():
            selector = selecting.shown(known.selector, row.offer, tuple(map(tile, row.tiles)), at_ns)
            return msgspec.structs.replace(known, selector=selector), ()
        case rows.Dot() | rows.Text():
            selector = selecting.shown(known.selector, NO_OFFER, (), at_ns)
            gone = msgspec.structs.replace(known, selector=selector, resting=None)
            return gone, _rested(known.resting, known.selector)
        case rows.Look():
            return _look(known, row, rule, noise)
        case rows.Sign():
            made = m.Gesture(
                at_ns=at_ns,
                at_sd_ns=0,
                ended_ns=at_ns + seconds(row.lasted),
                kind=row.gesture,
                log_odds=row.log_odds,
            )
            return _chosen(known, row.t, *selecting.gesture(known.selector, made, rule), rule)
        case rows.Press():
            pressed = m.SwitchPress(at_ns=at_ns)
            return _chosen(known, row.t, *selecting.press(known.selector, pressed, rule), rule)
        case rows.Choice():
            was = Was(at_s=row.t, action=row.action, slot=row.slot, written=row.written)
            return known, (was,)
        case _:
            return known, ()


def noise_of(some: Iterable[rows.Row]) -> Noise:
    """From look to look while the eyes hold still: what a fixation's first look has beside its standing error."""
    looks = [row for row in some if isinstance(row, rows.Look) and row.x is not None]
    x = max((look.sd_x**2 - look.standing_x**2 for look in looks), default=0.0)
    y = max((look.sd_y**2 - look.standing_y**2 for look in looks), default=0.0)
    return Noise(max(x, LEAST_NOISE**2) ** 0.5, max(y, LEAST_NOISE**2) ** 0.5)


def tile(place: rows.Place) -> m.Tile:
    """As the selector takes it."""
    area, pad = (
        m.Area(left=left, top=top, right=right, bottom=bottom)
        for left, top, right, bottom in (place.area, place.pad)
    )
    return m.Tile(
        slot=place.slot, role=place.role, area=area, pad=pad, label=place.label, grey=place.grey, p=place.p
    )


def _look(
    known: Replayed, row: rows.Look, rule: CommitSettings, noise: Noise
) -> tuple[Replayed, tuple[Noticed, ...]]:
    gaze = _gaze(row)
    selector, chosen = selecting.look(known.selector, gaze, rule)
    where = _where(row, selector)
    told: list[Noticed] = []
    if where != known.where:
        told += _over(known, row.t)
        known = msgspec.structs.replace(known, where=where, since_s=row.t)
    known = msgspec.structs.replace(known, look_s=row.t)
    if gaze.point is None:
        if row.eyes is not m.Eyes.OPEN:
            told += _rested(known.resting, selector)
            known = msgspec.structs.replace(known, resting=None)
    else:
        resting = _resting(known.resting, gaze, row.t, noise, selector.slot)
        if known.resting and resting.at_s != known.resting.at_s:
            told += _rested(known.resting, selector)
        known = msgspec.structs.replace(known, resting=resting)
    known, noticed = _chosen(known, row.t, selector, chosen, rule)
    return known, (*told, *noticed)


def _gaze(row: rows.Look) -> m.Gaze:
    point = None
    if row.x is not None and row.y is not None:
        point = m.GazePoint(
            x=row.x,
            y=row.y,
            sd_x=row.sd_x,
            sd_y=row.sd_y,
            standing_x=row.standing_x,
            standing_y=row.standing_y,
        )
    return m.Gaze(at_ns=BEGINS_NS + seconds(row.t), at_sd_ns=0, eyes=row.eyes, point=point)


def _where(row: rows.Look, selector: Selector) -> str:
    if row.eyes is m.Eyes.CLOSED:
        return CLOSED
    if row.eyes is m.Eyes.ABSENT:
        return ABSENT
    if row.x is None:
        return UNMEASURED
    if not selector.tiles:
        return NO_TILES
    return ELSEWHERE if selector.slot is None else ON_TILE


def _resting(before: Resting | None, gaze: m.Gaze, at_s: float, noise: Noise, slot: int | None) -> Resting:
    """One look more of a fixation, or the first of another."""
    assert gaze.point is not None
    x, y = gaze.point.x, gaze.point.y
    filtered = fixation.step(before.filtered if before else Fixation(), x, y, noise, gaze.at_ns)
    if before is None or filtered.looks == 1:
        return Resting(filtered, at_s, at_s, x, y, (slot,))
    return Resting(filtered, before.at_s, at_s, before.sum_x + x, before.sum_y + y, (*before.slots, slot))


def _rested(resting: Resting | None, selector: Selector) -> tuple[Fixated, ...]:
    """A fixation that is over."""
    if resting is None or resting.until_s - resting.at_s < LEAST_S:
        return ()
    (slot, _), count = Counter(resting.slots).most_common(1)[0], len(resting.slots)
    on = next((each for each in selector.tiles if each.slot == slot), None)
    return (
        Fixated(
            at_s=resting.at_s,
            lasted_s=_s(resting.until_s - resting.at_s),
            x=_s(resting.sum_x / count),
            y=_s(resting.sum_y / count),
            slot=on.slot if on else None,
            role=on.role if on else None,
        ),
    )


def _over(known: Replayed, at_s: float) -> tuple[Away, ...]:
    """Closed eyes, or nobody, until now."""
    if known.where not in SPANS or at_s - known.since_s < LEAST_S:
        return ()
    return (Away(at_s=known.since_s, lasted_s=_s(at_s - known.since_s), what=known.where),)


def _chosen(
    known: Replayed, at_s: float, selector: Selector, chosen: Selection | None, rule: CommitSettings
) -> tuple[Replayed, tuple[Noticed, ...]]:
    """What was chosen, if anything was; after that nothing is for a moment, as in the kit."""
    if chosen is None:
        return msgspec.structs.replace(known, selector=selector), ()
    role = next((each.role for each in selector.tiles if each.slot == chosen.slot), m.Role.CANDIDATE)
    rests = selecting.rest_after_choice(selector, BEGINS_NS + seconds(at_s), rule)
    would = Would(at_s=at_s, slot=chosen.slot, role=role, by=chosen.evidence.channel)
    return msgspec.structs.replace(known, selector=rests), (would,)


def _s(value: float) -> float:
    return round(value, 3)


# --- in words ---------------------------------------------------------------------------------------------------


def lines(some: Iterable[Told]) -> Iterator[str]:
    """In words."""
    for one in some:
        yield _line(one)


def as_json(some: Iterable[Told]) -> Iterator[str]:
    """For programs."""
    for one in some:
        yield msgspec.json.encode(one).decode()


def _line(one: Told) -> str:
    match one:
        case Recording():
            return _headline(one)
        case Fixated():
            on = f"on tile {one.slot} ({one.role})" if one.slot is not None else "on no tile"
            return f"{one.at_s:9.2f} s  {one.lasted_s:.2f} s at {one.x:.2f}, {one.y:.2f}: {on}"
        case Away():
            return f"{one.at_s:9.2f} s  {one.what} for {one.lasted_s:.2f} s"
        case Would():
            return f"{one.at_s:9.2f} s  would be chosen: tile {one.slot} ({one.role}), by {one.by}"
        case Was():
            written = f": {one.written!r}" if one.written else ""
            return f"{one.at_s:9.2f} s  was chosen: {one.action} on tile {one.slot}{written}"
        case Sum():
            spent = ", ".join(f"{where} {time_s:.1f} s" for where, time_s in one.spent_s.items())
            return (
                f"{one.lasted_s:9.2f} s  the end: {one.looks} looks; {spent or 'no time at all'}; {one.fixations} "
                f"fixations, half of them longer than {one.fixation_s:.2f} s; {one.would} would be chosen, "
                f"{one.was} were"
            )


def _headline(one: Recording) -> str:
    said = f"{one.file}: recorded {one.at}, {one.lasted_s:.1f} s, {'with' if one.words else 'without'} words"
    cut = "; it was cut off" if one.is_cut_off else ""
    damaged = f"; {one.damaged} of its lines cannot be read" if one.damaged else ""
    return said + cut + damaged
