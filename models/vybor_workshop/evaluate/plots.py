"""The figures as pictures: how each changed, with its interval, and perplexities side by side."""

import io
from collections.abc import Callable, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Picture

from vybor.accounting.resampling import Interval
from vybor_workshop.evaluate.figures import Figure
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.specs import BY_NAME, Compare, Name
from vybor_workshop.evaluate.words import Words
from vybor_workshop.log.plots import DOTS, FILL, INK, LINE, PALE

WIDTH_INCHES, ROW_INCHES, ABOVE_INCHES = 8.0, 0.42, 1.0
DIFFERENCES = (
    *(Name.ACCEPT_1, Name.RECIPROCAL_RANK, Name.OFFERED_1, Name.OFFERED_3, Name.OFFERED_5, Name.NONE_RATE),
    *(Name.RARE_WORDS, Name.NAMES),
)
POINTS = (Name.KSR, Name.KSR_GENERAL)
RATIOS = (
    *(Name.PPL_ACCEPTED, Name.PPL_SPELLED, Name.PPL_OWN, Name.PPL_OTHERS, Name.PPL_GENERAL),
    *(Name.OWN_OVER_OTHERS, Name.DISTINCT_2, Name.DECODE),
)
BARS = (Name.PPL_ACCEPTED, Name.PPL_SPELLED, Name.PPL_OTHERS, Name.PPL_GENERAL)


def drawn(evaluation: Evaluation, words: Words) -> dict[str, bytes]:
    """PNG by name, only of what was measured."""
    found = {}
    for name, (names, draw) in PICTURES.items():
        if there := [each for each in names if each in evaluation.figures]:
            found[name] = _png(draw, evaluation, there, words)
    return found


def changes(picture: Axes, evaluation: Evaluation, names: Sequence[Name], words: Words) -> None:
    """A row a figure: against the factory model, and against the one before."""
    spec = BY_NAME[names[0]]
    picture.axvline(1.0 if spec.compare is Compare.RATIO else 0.0, color=PALE, linewidth=1)
    picture.set_title(words.ratio if spec.compare is Compare.RATIO else words.difference, loc="left")
    for place, name in enumerate(names):
        figure = evaluation.figures[name]
        _row(picture, place - 0.12, figure.against_factory, LINE, "o")
        _row(picture, place + 0.18, figure.against_predecessor, PALE, "s")
    picture.set_yticks(range(len(names)), [name.value for name in names])
    picture.set_ylim(len(names) - 0.5, -0.5)
    picture.grid(axis="x", color="#dfe3e8")


def _row(picture: Axes, place: float, change: Interval | None, colour: str, marker: str) -> None:
    if change:
        picture.plot([change.low, change.high], [place, place], color=colour, linewidth=2)
        picture.plot([change.value], [place], color=colour, marker=marker, markersize=6)


def bars(picture: Axes, evaluation: Evaluation, names: Sequence[Name], words: Words) -> None:
    """Factory, predecessor and the grown one, beside each other."""
    picture.set_title(words.perplexity, loc="left")
    looks: Mapping[str, tuple[str, Callable[[Figure], float | None]]] = {
        words.factory: ("#dfe3e8", lambda figure: figure.factory),
        words.predecessor: (FILL, lambda figure: figure.predecessor),
        words.grown: (LINE, lambda figure: figure.grown),
    }
    for row, (label, (colour, of)) in enumerate(looks.items()):
        values = [of(evaluation.figures[name]) for name in names]
        if all(value is not None for value in values):
            places = [place + (row - 1) * 0.26 for place in range(len(names))]
            picture.barh(places, [value or 0.0 for value in values], height=0.24, color=colour, label=label)
    picture.set_yticks(range(len(names)), [name.value for name in names])
    picture.set_ylim(len(names) - 0.5, -0.5)
    picture.legend(frameon=False, fontsize=9)


Draw = Callable[[Axes, Evaluation, Sequence[Name], Words], None]
PICTURES: Mapping[str, tuple[Sequence[Name], Draw]] = {
    "changes": (DIFFERENCES, changes),
    "keystrokes": (POINTS, changes),
    "ratios": (RATIOS, changes),
    "perplexity": (BARS, bars),
}


def _png(draw: Draw, evaluation: Evaluation, names: Sequence[Name], words: Words) -> bytes:
    size = (WIDTH_INCHES, ABOVE_INCHES + ROW_INCHES * len(names))
    whole = Picture(figsize=size, dpi=DOTS, layout="constrained")
    FigureCanvasAgg(whole)
    picture = whole.add_subplot()
    picture.spines[["top", "right"]].set_visible(False)
    picture.set_axisbelow(True)
    draw(picture, evaluation, names, words)
    picture.title.set_color(INK)
    sink = io.BytesIO()
    whole.savefig(sink, format="png", metadata={"Software": None})
    return sink.getvalue()
