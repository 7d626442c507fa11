"""The pictures of a report on looks, as PNG."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from vybor.commands.gaze import rows
from vybor.commands.gaze.report.heat import MARGIN, Heated
from vybor.commands.gaze.report.judging import Day, Judged
from vybor.commands.gaze.report.words import ReportWords
from vybor.commands.reports.ink import INK, LINE, OTHER, PALE, THIN, WIDTH, png, tidy
from vybor.composer.layout import LAYOUTS
from vybor.contracts.areas import on_screen
from vybor.gaze.points.mending import Beside
from vybor.gaze.points.model import Numbers
from vybor.points.fixation import Noise

BAND = "#dfe8f1"
TILE = "#eef1f4"
SAME = 0.02
"""Dots nearer to each other than this are one place."""
AROUND = 0.06
"""So much of the screen's surroundings is in the map of errors."""
FEW = 5
"""Fewer looks at a place have no spread that is worth drawing."""
GLOW = LinearSegmentedColormap.from_list(
    "glow", [(1.0, 0.85, 0.2, 0.0), (1.0, 0.72, 0.1, 0.45), (0.93, 0.32, 0.08, 0.72), (0.6, 0.05, 0.12, 0.85)]
)
PERCENT = 100.0
HUNDREDTH = 0.01
"""Of the screen."""


def error(judged: Judged, tiles: int, shape: float, words: ReportWords) -> bytes:
    """The screen, and how far looks at each dot fell beside it; `shape`: its width over its height."""
    height = (WIDTH - 2.0) / shape
    figure = Figure(figsize=(WIDTH, min(height, 9.0) + 0.6), layout="constrained")
    axis = figure.subplots()
    for zone in LAYOUTS[tiles].zones if tiles else ():
        seen = on_screen(zone.area)
        axis.add_patch(
            Rectangle(
                (seen.left, seen.top),
                seen.right - seen.left,
                seen.bottom - seen.top,
                facecolor=TILE,
                edgecolor="white",
                lw=3,
            )
        )
    axis.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor=PALE, lw=1.2))
    for place, errors in _places(judged):
        _beside(axis, place, errors)
    axis.set_xlim(-AROUND, 1 + AROUND)
    axis.set_ylim(1 + AROUND, -AROUND)
    axis.set_aspect(1 / shape)
    axis.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    axis.set_yticks([0, 0.5, 1], ["0", "50", "100 %"])
    tidy(axis)
    axis.spines[["left", "bottom"]].set_visible(False)
    handles = [
        Line2D([], [], color=INK, marker="o", mfc="white", lw=0, markersize=7, label=words.dot),
        Line2D([], [], color=OTHER, marker=">", lw=1.6, markersize=5, label=words.fell),
        Line2D([], [], color=LINE, marker="o", mfc="#0b5fa530", lw=0, markersize=11, label=words.spread),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=3, frameon=False, fontsize=9)
    return png(figure)


def drift(judged: Judged, words: ReportWords) -> bytes:
    """How far beside the looks of each calibration fell as a whole, by the model before it."""
    figure = Figure(figsize=(WIDTH, 5.0), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    days = judged.days
    for axis, name, of in ((above, words.right, _x), (below, words.down, _y)):
        axis.axhline(0, color=THIN, lw=0.8)
        known = [(day, before) for day, before in zip(days[1:], days, strict=False) if day.before]
        at = [day.number for day, _ in known]
        promised = np.array([PERCENT * of(before.promised) for _, before in known])
        if known:
            axis.fill_between(at, -promised, promised, step="mid", color=BAND, lw=0)
        shifts = [PERCENT * of(day.before.beside) for day, _ in known if day.before]
        spreads = [PERCENT * of(day.before.left) for day, _ in known if day.before]
        axis.errorbar(at, shifts, yerr=spreads, fmt="o-", color=LINE, lw=1.2, markersize=4.5, elinewidth=0.8)
        axis.set_ylabel(f"{name}, {words.of_screen}", fontsize=8, color=PALE)
        _numbered(axis, days)
    below.set_xlabel(words.calibration, fontsize=9, color=PALE)
    figure.legend(
        handles=[
            Line2D([], [], color=LINE, marker="o", lw=1.2, markersize=4.5, label=f"{words.fell} ± {words.spread}"),
            Patch(color=BAND, label=words.promised),
        ],
        loc="outside upper right",
        ncols=2,
        frameon=False,
        fontsize=8,
    )
    return png(figure)


def coverage(judged: Judged, words: ReportWords) -> bytes:
    """How often the ellipse held the dot."""
    figure = Figure(figsize=(WIDTH, 3.2), layout="constrained")
    axis = figure.subplots()
    days = judged.days
    axis.axhline(95, color=OTHER, lw=1.0, ls=":")
    axis.text(1.005, 95, words.aimed, transform=axis.get_yaxis_transform(), fontsize=8, color=OTHER, va="center")
    before = [(day.number, PERCENT * day.before.within) for day in days if day.before]
    if before:
        axis.plot(
            *zip(*before, strict=True), "o-", color=PALE, lw=1.0, markersize=5, mfc="white", label=words.before
        )
    with_them = [(day.number, PERCENT * day.within) for day in days]
    axis.plot(*zip(*with_them, strict=True), "o-", color=LINE, lw=1.2, markersize=4, label=words.with_them)
    axis.set_ylim(0, 105)
    axis.set_ylabel(words.share, fontsize=8, color=PALE)
    axis.set_xlabel(words.calibration, fontsize=9, color=PALE)
    _numbered(axis, days)
    figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    return png(figure)


def noise(judged: Judged, words: ReportWords) -> bytes:
    """From picture to picture, by calibration."""
    figure = Figure(figsize=(WIDTH, 2.8), layout="constrained")
    axis = figure.subplots()
    at = [day.number for day in judged.days]
    for of, colour, name in ((_x, LINE, words.across), (_y, OTHER, words.upright)):
        found = [PERCENT * of(day.noise) for day in judged.days]
        axis.plot(at, found, "o-", color=colour, lw=1.2, markersize=4, label=name)
    axis.set_ylim(0, max(2.0, 1.15 * axis.get_ylim()[1]))
    axis.set_ylabel(words.of_screen, fontsize=8, color=PALE)
    axis.set_xlabel(words.calibration, fontsize=9, color=PALE)
    _numbered(axis, judged.days)
    figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    return png(figure)


def heat(found: Heated, screen: npt.NDArray[np.uint8], words: ReportWords) -> bytes:
    """Looks over the display's picture."""
    height, width, _ = screen.shape
    figure = Figure(figsize=(WIDTH, min((WIDTH - 1.5) * height / width, 9.0) + 0.3), layout="constrained")
    axis = figure.subplots()
    axis.imshow(screen, extent=(0, 1, 1, 0), aspect="auto", interpolation="antialiased")
    axis.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor=PALE, lw=1.2))
    reach = (-MARGIN, 1 + MARGIN, 1 + MARGIN, -MARGIN)
    spent = found.seconds * HUNDREDTH / found.cell
    glow = axis.imshow(spent, extent=reach, aspect="auto", cmap=GLOW, interpolation="bilinear", vmin=0)
    for slot, count in found.slots:
        if place := next((each for each in found.page.tiles if each.slot == slot), None):
            _count(axis, place, count)
    axis.set_xlim(-MARGIN, 1 + MARGIN)
    axis.set_ylim(1 + MARGIN, -MARGIN)
    axis.set_aspect(height / width)
    axis.set_axis_off()
    most = float(spent.max())
    bar = figure.colorbar(glow, ax=axis, shrink=0.6, ticks=[0, most], pad=0.01)
    bar.ax.set_yticklabels(["0", f"{most:.2g}"])
    bar.set_label(words.seconds_here, fontsize=8, color=PALE)
    bar.ax.tick_params(labelsize=8, colors=PALE)
    bar.outline.set_visible(False)
    return png(figure)


def _count(axis: Axes, place: rows.Place, count: int) -> None:
    _, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in place.area)
    axis.text(
        right - 0.012,
        top + 0.02 if bottom <= 0.5 else bottom - 0.02,
        f"×{count}",
        ha="right",
        va="top" if bottom <= 0.5 else "bottom",
        fontsize=12,
        fontweight="bold",
        color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1.5},
    )


def _places(judged: Judged) -> list[tuple[Numbers, Numbers]]:
    """Each place that was looked at, and the errors there."""
    found: list[tuple[Numbers, list[Numbers]]] = []
    for place, beside in zip(judged.places, judged.errors, strict=True):
        near = next((errors for known, errors in found if np.abs(known - place).max() < SAME), None)
        if near is None:
            found.append((place, [beside]))
        else:
            near.append(beside)
    return [(place, np.array(errors)) for place, errors in found]


def _beside(axis: Axes, place: Numbers, errors: Numbers) -> None:
    tip = place + errors.mean(axis=0)
    if len(errors) >= FEW:
        across, down = 2 * errors.std(axis=0, ddof=1)
        axis.add_patch(Ellipse(tip, across, down, facecolor="#0b5fa520", edgecolor=LINE, lw=1.0))
    axis.annotate(
        "",
        xy=(tip[0], tip[1]),
        xytext=(place[0], place[1]),
        arrowprops={"arrowstyle": "-|>", "color": OTHER, "lw": 1.6},
    )
    axis.plot(*place, "o", color=INK, mfc="white", markersize=7)


def _numbered(axis: Axes, days: tuple[Day, ...]) -> None:
    axis.set_xlim(days[0].number - 0.5, days[-1].number + 0.5)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    tidy(axis)


def _x(both: Noise | Beside) -> float:
    return both.x


def _y(both: Noise | Beside) -> float:
    return both.y


DRAWN: dict[str, Callable[[Judged, ReportWords], bytes]] = {"drift": drift, "coverage": coverage, "noise": noise}
"""Of the kept looks, in the order of the page, behind the map of errors."""
