"""The shell of a report: recordings in, a folder with a page and its pictures out."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import msgspec

from vybor.commands.headband_report import looking, page
from vybor.commands.headband_report.spectra import spectrum
from vybor.commands.headband_report.words import LANGUAGES, ReportWords
from vybor.foundation import small_files
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.headband.devices.playback.opening import opened
from vybor.headband.process import rule_of

PAGE = "report.html"
MODE, FOLDER_MODE = 0o600, 0o700
"""Signals of a body: for their owner's eyes."""


def written(files: Sequence[Path], out: Path, settings: HeadbandSettings, language: str) -> Iterator[str]:
    """Look at each recording and write it down; what was done, line by line.

    Raises HeadbandMissing for what is no recording, PlaceError where nothing can be written, Missing without
    matplotlib.
    """
    pictures, words = _pictures(), LANGUAGES[language]
    recordings = [opened(file, settings.board) for file in files]  # a mistake in the last is told before the first
    _begin(out)
    parts: list[str] = []
    for place, recorded in enumerate(recordings):
        found = looking.looked(recorded, rule_of(settings, recorded.board))
        felt = spectrum(found.microvolts, found.board.hz)
        drawn = {name: draw(found, felt, words) for name, draw in pictures.DRAWN.items()}
        for name, png in drawn.items():
            _write(out / f"{place + 1:02}-{name}.png", png)
        parts.append(page.part(found, felt, drawn, _with_rows_said(words, found, pictures)))
        yield f"{found.file}: {', '.join(f'{name}: {value}' for name, value in page.figures(found, words))}"
    _write(out / PAGE, page.page(parts, language, words).encode())
    yield words.is_there.format(page=(out / PAGE).absolute())


def _pictures() -> ModuleType:
    """What draws. Raises Missing where matplotlib is not installed."""
    try:
        from vybor.commands.headband_report import pictures  # noqa: PLC0415  (matplotlib: for this command alone)
    except ImportError:
        raise Missing(
            "the pictures of a report need matplotlib, which is not installed; install it beside the kit "
            "(pip install 'vybor[report]')"
        ) from None
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


def _begin(out: Path) -> None:
    """A folder that is new or empty. Raises PlaceError."""
    try:
        out.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise PlaceError(f"{out} has files in it; name a new folder or an empty one")
    except OSError as error:
        raise PlaceError(f"{out} cannot be written to ({error.strerror}); name another folder") from None


def _write(path: Path, content: bytes) -> None:
    try:
        small_files.write_bytes(path, content, MODE)
    except OSError as error:
        raise PlaceError(
            f"{path} cannot be written ({error.strerror}); make room, or name another folder"
        ) from None
