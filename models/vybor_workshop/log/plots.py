"""The figures as pictures, and as one page that needs nothing beside itself."""

import io
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from vybor.commands.reports import paper
from vybor.foundation.errors import PlaceError
from vybor_workshop.log import places, told
from vybor_workshop.log.stats import Day, Stats
from vybor_workshop.log.words import ENGLISH, Words

PAGE = "log.html"
INK, PALE, LINE, FILL = "#1b1f24", "#6b7480", "#0b5fa5", "#9cc3e6"
SIZE_INCHES, DOTS = (8.0, 3.6), 110
MOST_LABELS = 10
"""Days that are named below a picture."""
HEADROOM = 1.2
"""The axis begins at nothing, and ends so far above the highest value."""
LOOKS: Sequence[Mapping[str, Any]] = (
    {"color": LINE, "marker": "o", "markersize": 5, "linewidth": 1.8},
    {"color": PALE, "marker": "s", "markersize": 4, "linewidth": 1.4, "linestyle": "--"},
)


def by_days(picture: Axes, days: Sequence[Day], *lines: Sequence[float | None]) -> None:
    """A point a day for each line, joined where days with a value follow each other."""
    for values, look in zip(lines, LOOKS, strict=False):
        known = [float("nan") if value is None else value for value in values]
        picture.plot(range(len(days)), known, **look)
    step = -(-len(days) // MOST_LABELS)
    picture.set_xticks(range(0, len(days), step), [day.day for day in days[::step]], rotation=30, ha="right")
    picture.set_xlim(-0.5, len(days) - 0.5)
    highest = max((value for values in lines for value in values if value is not None), default=0.0)
    picture.set_ylim(0, HEADROOM * highest or 1)


def words_a_minute(picture: Axes, stats: Stats, words: Words) -> None:
    """How fast."""
    picture.set_title(words.pictures["words-a-minute"], loc="left")
    by_days(picture, stats.days, [day.words_a_minute for day in stats.days])


def selections_a_word(picture: Axes, stats: Stats, words: Words) -> None:
    """By how many choices."""
    picture.set_title(words.pictures["selections-a-word"], loc="left")
    by_days(picture, stats.days, [day.selections_a_word for day in stats.days])


def undo(picture: Axes, stats: Stats, words: Words) -> None:
    """What was taken back."""
    picture.set_title(words.pictures["undo"], loc="left")
    undone = [day.undo_share for day in stats.days]
    by_days(picture, stats.days, undone, [day.undone_soon_share for day in stats.days])
    picture.legend(
        [words.undo, words.undone_soon],
        frameon=False,
        fontsize=9,
        loc="best",
    )
    picture.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=1))


def acceptance_by_slot(picture: Axes, stats: Stats, words: Words) -> None:
    """Where words are taken."""
    picture.set_title(words.pictures["acceptance-by-slot"], loc="left")
    places = range(len(stats.slots))
    picture.bar(places, [slot.share for slot in stats.slots], color=FILL, edgecolor=LINE, width=0.6)
    for place, slot in zip(places, stats.slots, strict=True):
        picture.annotate(
            words.share.format(taken=slot.taken, shown=slot.shown),
            (place, slot.share),
            textcoords="offset points",
            xytext=(0, 3),
            ha="center",
            fontsize=8,
            color=PALE,
        )
    picture.set_xticks(places, [words.slot.format(slot=slot.slot) for slot in stats.slots])
    picture.set_xlim(-0.75, max(len(stats.slots), 3) - 0.25)
    picture.set_ylim(0, HEADROOM * max((slot.share for slot in stats.slots), default=0.0) or 1)
    picture.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))


Draw = Callable[[Axes, Stats, Words], None]
PICTURES: Mapping[str, Draw] = {
    "words-a-minute": words_a_minute,
    "selections-a-word": selections_a_word,
    "acceptance-by-slot": acceptance_by_slot,
    "undo": undo,
}


def drawn(draw: Draw, stats: Stats, words: Words = ENGLISH) -> bytes:
    """A picture as PNG."""
    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    picture = figure.add_subplot()
    picture.spines[["top", "right"]].set_visible(False)
    picture.grid(axis="y", color="#dfe3e8")
    picture.set_axisbelow(True)
    picture.yaxis.set_major_locator(MaxNLocator(6))
    draw(picture, stats, words)
    picture.title.set_color(INK)
    sink = io.BytesIO()
    figure.savefig(sink, format="png", metadata={"Software": None})
    return sink.getvalue()


def page(stats: Stats, pictures: Mapping[str, bytes], of: str, words: Words = ENGLISH) -> str:
    """All of it in one file: pictures inside, no script, nothing fetched. `of`: what it is of, as it is told."""
    whole = [words.all_days, *told.day_cells(stats.whole)[1:]]
    parts = [
        f"<p>{escape(of)}</p>",
        *(paper.image(words.pictures[name], png) for name, png in pictures.items()),
        f"<h2>{escape(words.by_day)}</h2>",
        paper.table([words.day_headings, *map(told.day_cells, stats.days), whole], has_head=True),
        f"<h2>{escape(words.by_place)}</h2>",
        places.picture(stats.slots, words.the_places, words.the_text),
        f"<p>{escape(words.places)} {escape(words.elsewhere)}</p>",
        paper.table([words.slot_headings, *map(told.slot_cells, stats.slots)], has_head=True),
    ]
    return paper.page(parts, words.language, words.title, words.foot, heading=words.heading, style=places.STYLE)


def of(kits: Sequence[str], first: str, last: str, words: Words) -> str:
    """What the page is of: kits as they are called, and days."""
    when = words.on_one_day if first == last else words.from_to
    return words.of.format(kits=", ".join(kits), when=when.format(first=first, last=last))


def save(folder: Path, stats: Stats, of: str, words: Words) -> list[Path]:
    """Write pictures and page into a folder, readable for their owner alone. Raises PlaceError."""
    pictures = {name: drawn(draw, stats, words) for name, draw in PICTURES.items()}
    files = {f"{name}.png": png for name, png in pictures.items()} | {
        PAGE: page(stats, pictures, of, words).encode()
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.touch(mode=0o600)
            path.write_bytes(content)
    except OSError as error:
        raise PlaceError(
            f"pictures cannot be written to {folder} ({error.strerror}); name another folder"
        ) from None
    return [folder / name for name in files]
