"""The pictures of a report, as PNG."""

from collections.abc import Callable, Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MultipleLocator, NullFormatter
from numpy.typing import NDArray

from vybor.commands.headband.report import looking
from vybor.commands.headband.report.looking import Looked
from vybor.commands.headband.report.spectra import BANDS, MAINS, Spectrum
from vybor.commands.headband.report.words import ReportWords
from vybor.commands.reports.ink import INK, LINE, OTHER, PALE, THIN, WIDTH, png, tidy
from vybor.contracts.messages import ElectrodeState, GestureKind
from vybor.headband.detecting.gestures import Seen
from vybor.headband.sitting import FOREHEAD, JAW

SHADES = ("#eef2f6", "#dfe8f1")
LOST, LOUD = "#5f6b78", "#d5d9df"
"""What is lost, and how loud a jaw is, must not be taken for each other."""
STATES = {
    ElectrodeState.GOOD: "#ffffff",
    ElectrodeState.MUSCLE: "#fdf1d3",
    ElectrodeState.MAINS: "#fadfc0",
    ElectrodeState.LOOSE: "#e07b6a",
    ElectrodeState.FLAT: "#85929e",
    ElectrodeState.RAILED: "#922b21",
    ElectrodeState.MISSING: "#1b1f24",
}
KINDS = {
    GestureKind.BLINK: ("#0b5fa5", "v"),
    GestureKind.DOUBLE_BLINK: ("#0a7d33", "D"),
    GestureKind.CLENCH: ("#c2410c", "s"),
    GestureKind.LONG_CLENCH: ("#7a0019", "s"),
    GestureKind.BROW: ("#6b2fa0", "^"),
}
TRAIN = "#8e44ad"
ROW_S, LEAST_ROW_S = 30.0, 1.0
MOST_ROWS = 12
HIGHEST = 1.25
"""The lids' axis ends so far above the highest of nearly all samples."""
LEAST_MICROVOLTS = 60.0
LEAST_LATE_MS = 2.0
TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
MOST_TICKS = 12


def spectra(found: Looked, spectrum: Spectrum, words: ReportWords) -> bytes:
    """An axis an electrode, bands shaded and mains marked."""
    count, columns = found.board.channels, min(4, found.board.channels)
    rows = -(-count // columns)
    figure = Figure(figsize=(WIDTH, 0.7 + 2.1 * rows), layout="constrained")
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    inside = (spectrum.hz >= 1) & (spectrum.hz <= min(70.0, found.board.hz / 2))
    for channel, axis in enumerate(axes.flat):
        if channel >= count:
            axis.set_axis_off()
            continue
        for place, band in enumerate(BANDS):
            axis.axvspan(band.low, band.high, color=SHADES[place % 2], lw=0)
            if channel < columns:
                axis.text(
                    np.sqrt(band.low * band.high),
                    1.0,
                    words.bands[band.name],
                    transform=axis.get_xaxis_transform(),
                    ha="center",
                    va="bottom",
                    fontsize=6.5,
                    color=PALE,
                )
        for mains in MAINS:
            axis.axvline((mains.low + mains.high) / 2, color=OTHER, lw=0.8, ls=":")
        density = spectrum.density[channel, inside]
        if (density > 0).any():  # of what never changes there is nothing to draw, and no scale fits it
            axis.loglog(spectrum.hz[inside], density, color=LINE, lw=1.1)
        axis.set_xscale("log")
        axis.set_xticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
        axis.xaxis.set_minor_formatter(NullFormatter())
        axis.text(0.03, 0.05, named(found, channel, words), transform=axis.transAxes, fontsize=8, color=INK)
        tidy(axis)
    axes.flat[0].set_xlim(1, min(70.0, found.board.hz / 2))
    mains_line = Line2D(
        [], [], color=OTHER, lw=0.8, ls=":", label=f"{words.bands['mains']}, 50 / 60 {words.hertz}"
    )
    figure.legend(handles=[mains_line], loc="outside upper right", frameon=False, fontsize=8)
    figure.supxlabel(words.hertz, fontsize=9, color=PALE)
    figure.supylabel(words.density, fontsize=9, color=PALE)
    return png(figure)


def quality(found: Looked, words: ReportWords) -> bytes:
    """A strip an electrode, coloured by its state."""
    count = found.board.channels
    figure = Figure(figsize=(WIDTH, 1.3 + 0.34 * count), layout="constrained")
    axis = figure.subplots()
    order = list(STATES)
    codes = np.array([[order.index(each) for each in states] for states in found.states]).reshape(-1, count).T
    axis.imshow(
        codes,
        cmap=ListedColormap(list(STATES.values())),
        vmin=-0.5,
        vmax=len(order) - 0.5,
        aspect="auto",
        interpolation="nearest",
        extent=(0, max(found.lasts_s, looking.STATES_S), count - 0.5, -0.5),
    )
    axis.set_yticks(range(count), [named(found, channel, words) for channel in range(count)])
    for channel in range(1, count):
        axis.axhline(channel - 0.5, color=THIN, lw=0.6)
    for gap in found.gaps:
        axis.axvspan(gap.at_s, gap.at_s + gap.lasts_s, color=STATES[ElectrodeState.MISSING], lw=0)
    _clock_faces(axis, found.lasts_s)
    axis.tick_params(labelsize=8, colors=INK, length=3)
    figure.legend(
        handles=[
            Patch(facecolor=colour, edgecolor=THIN, label=words.states[each]) for each, colour in STATES.items()
        ],
        loc="outside upper center",
        ncols=len(STATES),
        frameon=False,
        fontsize=8,
    )
    return png(figure)


def seen(found: Looked, words: ReportWords) -> bytes:
    """What is noticed, over what it was noticed in: rows of half a minute."""
    starts = stretches(found)
    figure = Figure(figsize=(WIDTH, 0.9 + 1.25 * len(starts)), layout="constrained")
    axes = figure.subplots(len(starts), 1, squeeze=False)
    curve, loud = looking.lids(found), looking.muscle(found)
    known = curve[np.isfinite(curve)]
    top = HIGHEST * max(LEAST_MICROVOLTS, float(np.quantile(np.abs(known), 0.998)) if known.size else 0.0)
    loudest = max(20.0, float(np.quantile(loud.microvolts, 0.995)) if loud.microvolts.size else 0.0) * 2.5
    for axis, start_s in zip(axes.flat, starts, strict=True):
        _stretch(axis, found, (start_s, top, loudest), (curve, loud))
    axes.flat[0].set_ylabel(words.lids, fontsize=7.5, color=PALE)
    figure.legend(
        handles=list(_legend(found, words)), loc="outside upper center", ncols=9, frameon=False, fontsize=8
    )
    return png(figure)


def clock(found: Looked, words: ReportWords) -> bytes:
    """When what was seen and lost, and the file's own times beside its samples."""
    figure = Figure(figsize=(WIDTH, 4.2), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1.2, 1))
    names = [*(kind for kind in KINDS if found.count(kind)), "train", "lost"]
    for place, name in enumerate(names):
        for at_s, lasts_s, colour in _when(found, name):
            above.broken_barh([(at_s, max(lasts_s, found.lasts_s / 600))], (place - 0.35, 0.7), color=colour, lw=0)
    told = {"train": words.train, "lost": words.lost}
    above.set_yticks(range(len(names)), [told.get(name) or words.kinds[GestureKind(name)] for name in names])
    above.set_ylim(len(names) - 0.5, -0.5)
    above.set_xlim(0, max(found.lasts_s, 1.0))
    _clock_faces(above, found.lasts_s)
    if found.clock:
        step = max(1, len(found.clock.at_s) // 20_000)
        below.plot(found.clock.at_s[::step], found.clock.late_ms[::step], ",", color=LINE)
        below.set_ylabel(words.late, fontsize=8, color=PALE)
        low, high = below.get_ylim()
        below.set_ylim(min(low, -LEAST_LATE_MS), max(high, LEAST_LATE_MS))
    else:
        below.text(0.5, 0.5, words.no_clock, transform=below.transAxes, ha="center", color=PALE, fontsize=9)
        below.set_yticks([])
    for axis in (above, below):
        tidy(axis)
    return png(figure)


DRAWN: dict[str, Callable[[Looked, Spectrum, ReportWords], bytes]] = {
    "seen": lambda found, _, words: seen(found, words),
    "quality": lambda found, _, words: quality(found, words),
    "spectra": spectra,
    "clock": lambda found, _, words: clock(found, words),
}
"""In the order of the page."""


def stretches(found: Looked) -> list[float]:
    """Where the rows begin: all of them, or those in which most is seen or lost."""
    starts = [place * ROW_S for place in range(max(1, int(np.ceil((found.lasts_s - LEAST_ROW_S) / ROW_S))))]
    if len(starts) <= MOST_ROWS:
        return starts
    told = [one.onset / found.board.hz for one in found.seen] + [gap.at_s for gap in found.gaps]
    much = np.bincount([int(at_s // ROW_S) for at_s in told], minlength=len(starts))
    best = sorted(range(len(starts)), key=lambda place: (-int(much[place]), place))[:MOST_ROWS]
    return [starts[place] for place in sorted(best)]


def named(found: Looked, channel: int, words: ReportWords) -> str:
    """A channel's name, and its place if something is noticed with it."""
    board = found.board
    places = dict(zip((*board.frontal, *board.temporal), (*FOREHEAD, *JAW), strict=True))
    at = places.get(channel)
    return f"{board.names[channel]} · {words.places[at]}" if at else board.names[channel]


def clock_face(at_s: float, _place: int = 0) -> str:
    """Minutes and seconds."""
    return f"{int(at_s // 60)}:{at_s % 60:04.1f}".removesuffix(".0")


def _stretch(
    axis: Axes,
    found: Looked,
    shown: tuple[float, float, float],
    curves: tuple[NDArray[np.float64], looking.Loudness],
) -> None:
    (start_s, top, loudest), (curve, loud) = shown, curves
    hz, end_s = found.board.hz, start_s + ROW_S
    part = curve[round(start_s * hz) : round(end_s * hz)]
    axis.plot(start_s + np.arange(len(part)) / hz, np.clip(part, -top, top), color=INK, lw=0.7)
    block = loud.microvolts[int(start_s / loud.every_s) : int(end_s / loud.every_s) + 1]
    at_s = (int(start_s / loud.every_s) + np.arange(len(block))) * loud.every_s
    axis.fill_between(at_s, -top, -top + np.minimum(block / loudest, 1) * 2 * top, step="post", color=LOUD, lw=0)
    for gap in found.gaps:
        axis.axvspan(gap.at_s, gap.at_s + gap.lasts_s, color=LOST, lw=0)
    for train in found.trains:
        axis.axvspan(train.from_s, train.to_s, ymin=0.92, color=TRAIN, lw=0)
    for one in found.seen:
        _noticed(axis, one, hz, top)
    axis.set_xlim(start_s, end_s)
    axis.set_ylim(-top, top)
    axis.xaxis.set_major_formatter(FuncFormatter(clock_face))
    tidy(axis)


def _noticed(axis: Axes, one: Seen, hz: float, top: float) -> None:
    colour, marker = KINDS[one.kind]
    from_s, to_s, believed = one.onset / hz, one.end / hz, is_believed(one)
    if one.kind is not GestureKind.BLINK and believed:
        axis.axvspan(from_s, to_s, color=colour, alpha=0.18, lw=0)
    inside = colour if believed else "white"
    middle_s = (from_s + to_s) / 2
    axis.plot([middle_s], [top * 0.78], marker, color=colour, markersize=4.5, mfc=inside, clip_on=True)


def is_believed(one: Seen) -> bool:
    """Whether a sign speaks for a choice at all: of a single blink nobody asks it."""
    return one.kind is GestureKind.BLINK or one.log_odds > 0


def _legend(found: Looked, words: ReportWords) -> Iterator[Line2D | Patch]:
    for kind, (colour, marker) in KINDS.items():
        if found.count(kind):
            yield Line2D([], [], color=colour, marker=marker, lw=0, markersize=5, label=words.kinds[kind])
    if not all(map(is_believed, found.seen)):
        yield Line2D([], [], color=PALE, marker="s", mfc="white", lw=0, markersize=5, label=words.hollow)
    if found.trains:
        yield Patch(color=TRAIN, label=words.train)
    if found.gaps:
        yield Patch(color=LOST, label=words.lost)
    yield Line2D([], [], color=INK, lw=1, label=words.lids)
    yield Patch(color=LOUD, label=words.muscle)


def _when(found: Looked, name: str) -> Iterator[tuple[float, float, str]]:
    if name == "train":
        yield from ((train.from_s, train.to_s - train.from_s, TRAIN) for train in found.trains)
    elif name == "lost":
        yield from ((gap.at_s, gap.lasts_s, LOST) for gap in found.gaps)
    else:
        kind, hz = GestureKind(name), found.board.hz
        for one in found.seen:
            if one.kind is kind:
                yield one.onset / hz, (one.end - one.onset) / hz, KINDS[kind][0]


def _clock_faces(axis: Axes, lasts_s: float) -> None:
    step_s = next((step_s for step_s in TICKS_S if lasts_s / step_s <= MOST_TICKS), TICKS_S[-1])
    axis.xaxis.set_major_locator(MultipleLocator(step_s))
    axis.xaxis.set_major_formatter(FuncFormatter(clock_face))
