"""The figures as one page that needs nothing beside itself, and as lines of text."""

import base64
import html
from collections.abc import Iterator, Mapping, Sequence

from vybor.accounting.resampling import Interval
from vybor_workshop.evaluate.figures import Figure
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.specs import SPECS, Compare, Spec

HEADINGS = ("figure", "factory", "before", "grown", "against factory", "against the one before", "over")
NOTHING = "-"
SIGN = {True: "more is better", False: "less is better"}


def page(evaluation: Evaluation, pictures: Mapping[str, bytes]) -> str:
    """All of it in one file: pictures inside, no script, nothing fetched."""
    images = "\n".join(
        f'<img alt="{name}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'
        for name, png in pictures.items()
    )
    rows = [cells(spec, evaluation.figures[spec.name]) for spec in SPECS if spec.name in evaluation.figures]
    legend = [[spec.name, f"{spec.says}; {SIGN[spec.up]}"] for spec in SPECS]
    return HTML.format(
        growth=f"{evaluation.growth:04}",
        of=html.escape(of(evaluation)),
        leaks=html.escape(leaks_line(evaluation)),
        images=images,
        figures=_table(HEADINGS, rows),
        legend=_table(("figure", "what it says"), legend),
    )


def lines(evaluation: Evaluation) -> Iterator[str]:
    """For a terminal."""
    yield of(evaluation)
    for spec in SPECS:
        if figure := evaluation.figures.get(spec.name):
            name, factory, before, grown, change, *_ = cells(spec, figure)
            yield f"{name:<28} {factory:>8} {before:>8} {grown:>8}   {change}"
    if evaluation.missing:
        yield f"nothing to measure of: {', '.join(evaluation.missing)}"
    yield leaks_line(evaluation)


def cells(spec: Spec, figure: Figure) -> list[str]:
    """A row of the table."""

    def told(value: float | None) -> str:
        return NOTHING if value is None else f"{value:.{spec.digits}f}"

    over = f"{figure.units} {'sentences, by day' if figure.over_days else 'of them'}"
    return [
        spec.name,
        told(figure.factory),
        told(figure.predecessor),
        told(figure.grown),
        change(spec, figure.against_factory),
        change(spec, figure.against_predecessor),
        over,
    ]


def change(spec: Spec, found: Interval | None) -> str:
    """A difference or ratio with its interval."""
    if found is None:
        return NOTHING
    value, low, high = (
        f"x{each:.3f}" if spec.compare is Compare.RATIO else f"{each:+.3f}"
        for each in (found.value, found.low, found.high)
    )
    return f"{value} ({low} to {high})"


def of(evaluation: Evaluation) -> str:
    """What was measured, in a line."""
    before = f"growth {evaluation.predecessor:04}" if evaluation.predecessor else "none before it"
    return (
        f"kit {evaluation.kit}, growth {evaluation.growth:04}, "
        f"{evaluation.model.identity}+{evaluation.model.adapter}, {before}; "
        f"{evaluation.held} sentences of {evaluation.days} days kept back, "
        f"{evaluation.written} of them written again"
    )


def leaks_line(evaluation: Evaluation) -> str:
    """What an empty line gives away."""
    asked = ", ".join(evaluation.tiers)
    if not evaluation.leaks:
        return f"an empty line gives nothing away (asked: {asked})"
    where = ", ".join(f"{tier}: {count}" for tier, count in evaluation.leaked.items())
    return f"an empty line gives away {evaluation.leaks} things that were private or said once ({where})"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return "<table>" + row(headings, "th") + "".join(row(each, "td") for each in rows) + "</table>"


HTML = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vybor: growth {growth}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff;
       max-width: 68rem; margin: 2rem auto; padding: 0 1rem }}
h1 {{ font-size: 1.5rem }}
h2 {{ font-size: 1.1rem; margin-top: 2rem }}
img {{ max-width: 100%; height: auto; display: block; margin: 1rem 0 }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; display: block; overflow-x: auto }}
th, td {{ text-align: right; padding: .25rem .6rem; border-bottom: 1px solid #dfe3e8; vertical-align: bottom }}
td {{ white-space: nowrap }}
th:first-child, td:first-child {{ text-align: left }}
p {{ color: #4a525c }}
</style>
<h1>Growth {growth}: what it is worth</h1>
<p>{of}</p>
<p>{leaks}</p>
{figures}
{images}
<h2>What the figures say</h2>
{legend}
<p>All of it was measured with the kit's own quantised runtime, the adapter on and off, on sentences that were kept
back from training. Behind a change stands where 95 in 100 resamplings have it; where fewer than five days were
kept back, sentences were resampled, and the interval is narrower than it should be. In the pictures a circle is
against the factory model, a square against the one before. No word of the person's stands on this page.</p>
</html>
"""
