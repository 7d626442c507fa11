"""The page of a report on looks: what stands in it of the kept ones, and of a recording."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

import numpy as np

from vybor.commands.gaze import rows, score
from vybor.commands.gaze.report.judging import Judged
from vybor.commands.gaze.report.words import ReportWords
from vybor.commands.reports import paper
from vybor.commands.reports.paper import Row
from vybor.points import fixation
from vybor.points.fixation import Noise

NOTHING = "–"


def page(parts: Sequence[str], language: str, words: ReportWords) -> str:
    """All of it."""
    return paper.page(parts, language, words.title, words.foot)


def of_kept(judged: Judged, pictures: Mapping[str, bytes], words: ReportWords) -> str:
    """What the looks that were kept say."""
    captions = {
        "error": (words.error, words.error_says),
        "drift": (words.drift, words.drift_says),
        "coverage": (words.coverage, words.coverage_says),
        "noise": (words.noise, words.noise_says),
    }
    shown = [f"<h2>{escape(words.kept)}</h2>", f"<p>{escape(words.kept_says)}</p>"]
    shown += [f"<h3>{escape(words.figures)}</h3>", paper.table(list(figures(judged, words)))]
    for name, png in pictures.items():
        heading, says = captions[name]
        shown += paper.picture(heading, says, heading, png)
    return "\n".join(shown)


def of_recording(recorded: rows.Recorded, pictures: Sequence[tuple[float, bytes]], words: ReportWords) -> str:
    """Where looks fell in a recording: seconds of looks at each page, and its picture."""
    shown = [f"<h2>{escape(words.heat)}</h2>", f"<p>{escape(headline(recorded, words))}</p>"]
    if not pictures:
        return "\n".join([*shown, f"<p>{escape(words.no_heat)}</p>"])
    says = words.heat_says if recorded.begun.words else f"{words.heat_says} {words.heat_wordless}"
    for number, (looked_s, png) in enumerate(pictures, 1):
        heading = words.heat_page.format(number=number, looked=looked_s)
        shown += paper.picture(heading, says if number == 1 else "", f"{words.heat}: {heading}", png)
    return "\n".join(shown)


def headline(recorded: rows.Recorded, words: ReportWords) -> str:
    """What the recording is."""
    return words.recorded.format(
        file=recorded.path.name,
        at=recorded.begun.at,
        lasts=recorded.lasts_s,
        looks=sum(isinstance(row, rows.Look) for row in recorded.rows),
        choices=sum(isinstance(row, rows.Choice) for row in recorded.rows),
    )


def figures(judged: Judged, words: ReportWords) -> Iterator[Row]:
    """As rows of name and value."""
    error = np.sqrt((judged.errors**2).mean(axis=0))
    beside = [day.before.beside for day in judged.days if day.before]
    yield words.rows["calibrations"], str(judged.calibrations)
    yield words.rows["looks"], str(len(judged.places))
    yield words.rows["error"], _both(Noise(float(error[0]), float(error[1])))
    yield words.rows["promised"], _both(judged.model.bias)
    if beside:
        spread = np.sqrt(np.mean(np.square([(each.x, each.y) for each in beside]), axis=0))
        yield words.rows["beside"], _both(Noise(float(spread[0]), float(spread[1])))
    before = judged.within(lambda day: day.before.within if day.before else None)
    yield words.rows["within_before"], NOTHING if before is None else _percent(before)
    yield words.rows["within"], _percent(judged.within(lambda day: day.within) or 0.0)
    yield words.rows["noise"], _both(judged.model.noise)
    yield words.rows["tiles"], words.grids[tiles(judged)]


def tiles(judged: Judged) -> int:
    """How many tiles looks of the promised error can tell apart; 0: no layout of the kit is coarse enough."""
    bias, noise = judged.model.bias, judged.model.noise
    share = fixation.MOST**0.5
    sd_x, sd_y = np.hypot(bias.x, noise.x / share), np.hypot(bias.y, noise.y / share)
    return next((each.tiles for each in score.usable(float(sd_x), float(sd_y)) if each.is_usable), 0)


def _both(error: Noise) -> str:
    return f"{100 * error.x:.1f} %; {100 * error.y:.1f} %"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
