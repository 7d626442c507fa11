"""The shell of a report: recordings in, a folder with a page and its pictures out."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import msgspec

from vybor.commands.headband.report import looking, page
from vybor.commands.headband.report.spectra import spectrum
from vybor.commands.headband.report.words import LANGUAGES, ReportWords
from vybor.commands.reports import folder as report_folder
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.headband.devices.playback.opening import opened
from vybor.headband.process import rule_of


def written(files: Sequence[Path], out: Path, settings: HeadbandSettings, language: str) -> Iterator[str]:
    """Look at each recording and write it down; what was done, line by line.

    Raises HeadbandMissing for what is no recording, PlaceError where nothing can be written, Missing without
    matplotlib.
    """
    pictures, words = report_folder.drawing(_pictures), LANGUAGES[language]
    recordings = [opened(file, settings.board) for file in files]  # a mistake in the last is told before the first
    report_folder.begin(out)
    parts: list[str] = []
    for place, recorded in enumerate(recordings):
        found = looking.looked(recorded, rule_of(settings, recorded.board))
        felt = spectrum(found.microvolts, found.board.hz)
        drawn = {name: draw(found, felt, words) for name, draw in pictures.DRAWN.items()}
        for name, png in drawn.items():
            report_folder.write(out / f"{place + 1:02}-{name}.png", png)
        parts.append(page.part(found, felt, drawn, _with_rows_said(words, found, pictures)))
        yield f"{found.file}: {', '.join(f'{name}: {value}' for name, value in page.figures(found, words))}"
    report_folder.write(out / report_folder.PAGE, page.page(parts, language, words).encode())
    yield words.is_there.format(page=(out / report_folder.PAGE).absolute())


def _pictures() -> ModuleType:
    from vybor.commands.headband.report import pictures  # noqa: PLC0415  (matplotlib: for this command alone)

    return pictures


def _with_rows_said(words: ReportWords, found: looking.Looked, pictures: ModuleType) -> ReportWords:
    """The words, and which stretches of a long recording are drawn."""
    all_of_them = -(-found.lasts_s // pictures.ROW_S)
    if all_of_them <= pictures.MOST_ROWS:
        return words
    said = words.most_seen.format(
        shown=pictures.MOST_ROWS, all=f"{all_of_them:.0f}", seconds=f"{pictures.ROW_S:.0f}"
    )
    return msgspec.structs.replace(words, seen_says=f"{words.seen_says} ({said})")
