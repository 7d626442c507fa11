"""The shell of a report on looks: kept looks and perhaps a recording in, a folder with a page and pictures out."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from vybor.commands.gaze import rows
from vybor.commands.gaze.report import heat, judging, kept, page
from vybor.commands.gaze.report.words import LANGUAGES, ReportWords
from vybor.commands.reports import folder as report_folder
from vybor.foundation.errors import Missing
from vybor.foundation.places import Places
from vybor.foundation.settings import DisplaySettings, Settings

SHAPES = (0.4, 4.0)
"""Of a screen, its width over its height: beyond that the window of the settings is none."""


def written(file: Path | None, places: Places, out: Path, settings: Settings, language: str) -> Iterator[str]:
    """Draw what there is; what was done, line by line. Without a recording there must be kept looks.

    Raises Missing for what is no recording, where there is nothing to draw, and without matplotlib; PlaceError
    where something may not be read, or nothing be written.
    """
    pictures, words = report_folder.drawing(_pictures), LANGUAGES[language]
    recorded = rows.read(file) if file else None
    try:
        looks = kept.looks(places)
    except Missing as nothing:
        if recorded is None:
            raise
        looks = []
        yield f"{nothing}: the recording alone is drawn"
    report_folder.begin(out)
    parts: list[str] = []
    if looks:
        judged = judging.judged(looks)
        shape = min(max(settings.display.width / settings.display.height, SHAPES[0]), SHAPES[1])
        drawn = {"error": pictures.error(judged, page.tiles(judged), shape, words)}
        drawn |= {name: draw(judged, words) for name, draw in pictures.DRAWN.items()}
        for name, png in drawn.items():
            report_folder.write(out / f"{name}.png", png)
        parts.append(page.of_kept(judged, drawn, words))
        for name, value in page.figures(judged, words):
            yield f"{name}: {value}"
    if recorded:
        heated = list(_heated(recorded, settings.display, pictures, words))
        for number, (_, png) in enumerate(heated, 1):
            report_folder.write(out / f"heat-{number}.png", png)
        parts.append(page.of_recording(recorded, heated, words))
        yield page.headline(recorded, words)
    report_folder.write(out / report_folder.PAGE, page.page(parts, language, words).encode())
    yield words.is_there.format(page=(out / report_folder.PAGE).absolute())


def _heated(
    recorded: rows.Recorded, display: DisplaySettings, pictures: ModuleType, words: ReportWords
) -> Iterator[tuple[float, bytes]]:
    found = heat.heated(recorded)
    if not found:
        return
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        from vybor.commands.gaze.report import screen  # noqa: PLC0415  (pygame: for this alone)
    except ImportError:
        raise Missing(
            "the display's picture needs pygame, which is not installed; install it beside the kit "
            "(pip install 'vybor[display]')"
        ) from None
    for each in found:
        yield each.looked_s, pictures.heat(each, screen.pixels(each.page, recorded.begun, display), words)


def _pictures() -> ModuleType:
    from vybor.commands.gaze.report import pictures  # noqa: PLC0415  (matplotlib: for this command alone)

    return pictures
