"""The page of a report: what stands in it of each recording."""

import math
from collections.abc import Mapping, Sequence
from html import escape

from vybor.commands.headband.report.looking import Looked
from vybor.commands.headband.report.spectra import BANDS, MAINS, Spectrum
from vybor.commands.headband.report.words import ALWAYS, ReportWords
from vybor.commands.reports import paper
from vybor.commands.reports.paper import Row
from vybor.contracts.messages import ElectrodeState, GestureKind

NOTHING = "–"


def page(parts: Sequence[str], language: str, words: ReportWords) -> str:
    """All of it."""
    return paper.page(parts, language, words.title, words.foot)


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
    shown += [
        paper.table(figures(found, words)),
        paper.table(electrodes(found, spectrum, words), has_head=True),
    ]
    for name, png in pictures.items():
        heading, says = captions[name]
        shown += paper.picture(heading, says, f"{heading}: {found.file}", png)
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
