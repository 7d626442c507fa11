"""The page of a report: one file that needs nothing beside it, no script and no network."""

import base64
import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from vybor.commands.headband_report.looking import Looked
from vybor.commands.headband_report.spectra import BANDS, MAINS, Spectrum
from vybor.commands.headband_report.words import ReportWords
from vybor.contracts.messages import ElectrodeState, GestureKind

ALWAYS = (GestureKind.BLINK, GestureKind.DOUBLE_BLINK, GestureKind.CLENCH, GestureKind.LONG_CLENCH)
NOTHING = "–"
STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; max-width: 76rem;
       margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem }
h2 { font-size: 1.3rem; margin-top: 3rem; border-top: 1px solid #c9ced6; padding-top: 1rem;
     overflow-wrap: anywhere }
h3 { font-size: 1.05rem; margin: 2rem 0 0 } p { color: #4a525c; max-width: 60rem; margin: .3rem 0 }
img { max-width: 100%; height: auto; display: block; margin: .6rem 0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; display: block; overflow-x: auto;
        margin: 1rem 0 }
th, td { text-align: right; padding: .2rem .7rem; border-bottom: 1px solid #dfe3e8; white-space: nowrap }
th:first-child, td:first-child { text-align: left }
th { font-weight: 600; color: #4a525c }
"""
Row = tuple[str, ...]


def page(parts: Sequence[str], language: str, words: ReportWords) -> str:
    """All of it."""
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(language)}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(words.title)}</title><style>{STYLE}</style></head><body>",
            f"<h1>{escape(words.title)}</h1>",
            *parts,
            f"<p>{escape(words.foot)}</p>",
            "</body></html>",
            "",
        ]
    )


def part(found: Looked, spectrum: Spectrum, pictures: Mapping[str, bytes], words: ReportWords) -> str:
    """One recording."""
    board = found.board
    about = words.about.format(
        kind=words.kinds_of_file.get(found.kind, words.xdf),
        board=board.name,
        channels=board.channels,
        hz=board.hz,
        lasts=lasting(found.lasts_s, words),
    )
    captions = {
        "seen": (words.seen, words.seen_says),
        "quality": (words.quality, words.quality_says),
        "spectra": (words.spectra, words.spectra_says),
        "clock": (words.clock, words.clock_says),
    }
    shown = [
        f"<h2>{escape(found.file)}</h2>",
        f"<p>{escape(about[:1].upper() + about[1:])}</p>",
        f"<h3>{escape(words.figures)}</h3>",
    ]
    shown += [_table(figures(found, words)), _table(electrodes(found, spectrum, words), has_head=True)]
    for name, png in pictures.items():
        heading, says = captions[name]
        drawn = base64.b64encode(png).decode()
        shown += [f"<h3>{escape(heading)}</h3>", f"<p>{escape(says)}</p>"]
        shown += [f'<img alt="{escape(heading)}: {escape(found.file)}" src="data:image/png;base64,{drawn}">']
    return "\n".join(shown)


def figures(found: Looked, words: ReportWords) -> list[Row]:
    """What was lost, what the clock does and what was seen, as rows of name and value."""
    total = max(1, found.microvolts.shape[1])
    longest = max((gap.lasts_s for gap in found.gaps), default=0.0)
    gaps = f"{len(found.gaps)}; {longest:.2f} {words.seconds}" if found.gaps else "0"
    told: list[Row] = [
        (words.rows["lasts"], lasting(found.lasts_s, words)),
        (words.rows["lost"], f"{found.lost} ({100 * found.lost / total:.2f} %)"),
        (words.rows["gaps"], gaps),
    ]
    if found.clock:
        drift = (found.clock.hz / found.board.hz - 1) * 1e6
        told.append((words.rows["rate"], f"{found.clock.hz:.3f} ({drift:+.0f} ppm)"))
        told.append((words.rows["spread"], f"± {found.clock.spread_ms:.1f} {words.milliseconds}"))
    for kind in GestureKind:
        if kind in ALWAYS or found.count(kind):
            told.append((words.kinds[kind], str(found.count(kind))))
    return [*told, (words.rows["trains"], str(len(found.trains)))]


def electrodes(found: Looked, spectrum: Spectrum, words: ReportWords) -> list[Row]:
    """A row an electrode: for how much of the time it could be used, what was wrong, microvolts by band."""
    channels = range(found.board.channels)
    ills = [
        state
        for state in ElectrodeState
        if state is not ElectrodeState.GOOD and any(found.share(channel, state) for channel in channels)
    ]
    bands = [(words.bands[band.name], band) for band in BANDS]
    bands += [(f"{words.bands['mains']} {mains.name} {words.hertz}", mains) for mains in MAINS]
    head = (words.electrode, words.usable, *(words.states[each] for each in ills))
    rows: list[Row] = [(*head, *(f"{name}, {words.microvolts}" for name, _ in bands))]
    for channel in channels:
        shares = (found.usable(channel), *(found.share(channel, state) for state in ills))
        felt = (_number(spectrum.microvolts(channel, band)) for _, band in bands)
        rows.append((found.board.names[channel], *(f"{100 * share:.0f} %" for share in shares), *felt))
    return rows


def lasting(lasts_s: float, words: ReportWords) -> str:
    """Minutes and seconds."""
    minutes, left_s = divmod(round(lasts_s), 60)
    return f"{minutes}:{left_s:02} ({lasts_s:.1f} {words.seconds})"


def _number(value: float) -> str:
    return f"{value:.1f}" if math.isfinite(value) else NOTHING


def _table(rows: Sequence[Row], *, has_head: bool = False) -> str:
    return "<table>" + "".join(_rows(rows, has_head=has_head)) + "</table>"


def _rows(rows: Sequence[Row], *, has_head: bool) -> Iterator[str]:
    for place, row in enumerate(rows):
        tag = "th" if has_head and not place else "td"
        yield "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"
