"""The figures as one page that needs nothing beside itself, and as lines of text."""

import base64
import html
from collections.abc import Iterator, Mapping, Sequence

from vybor.accounting.resampling import Interval
from vybor_workshop.evaluate.figures import Figure
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.specs import SPECS, Compare, Spec
from vybor_workshop.evaluate.words import ENGLISH, Words

NOTHING = "-"


def page(evaluation: Evaluation, pictures: Mapping[str, bytes], called: str, words: Words) -> str:
    """All of it in one file: pictures inside, no script, nothing fetched. `called`: how the kit is."""
    images = "\n".join(
        f'<img alt="{words.pictures[name]}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'
        for name, png in pictures.items()
    )
    rows = [cells(spec, evaluation.figures[spec.name], words) for spec in SPECS if spec.name in evaluation.figures]
    sign = {True: words.more_is_better, False: words.less_is_better}
    legend = [[spec.name, f"{words.says[spec.name]}; {sign[spec.up]}"] for spec in SPECS]
    growth = f"{evaluation.growth:04}"
    return HTML.format(
        language=words.language,
        title=words.title.format(growth=growth),
        heading=words.heading.format(growth=growth),
        of=html.escape(of(evaluation, called, words)),
        leaks=html.escape(leaks_line(evaluation, words)),
        images=images,
        figures=_table(words.headings, rows),
        legend_heading=words.legend,
        legend=_table(words.legend_headings, legend),
        foot=words.foot,
    )


def lines(evaluation: Evaluation, called: str) -> Iterator[str]:
    """For a terminal, in English as all that the workstation prints."""
    yield of(evaluation, called, ENGLISH)
    for spec in SPECS:
        if figure := evaluation.figures.get(spec.name):
            name, factory, before, grown, change, *_ = cells(spec, figure, ENGLISH)
            yield f"{name:<28} {factory:>8} {before:>8} {grown:>8}   {change}"
    if evaluation.missing:
        yield f"nothing to measure of: {', '.join(evaluation.missing)}"
    yield leaks_line(evaluation, ENGLISH)


def cells(spec: Spec, figure: Figure, words: Words) -> list[str]:
    """A row of the table."""

    def told(value: float | None) -> str:
        return NOTHING if value is None else f"{value:.{spec.digits}f}"

    over = (words.over_days if figure.over_days else words.over_units).format(units=figure.units)
    return [
        spec.name,
        told(figure.factory),
        told(figure.predecessor),
        told(figure.grown),
        change(spec, figure.against_factory, words),
        change(spec, figure.against_predecessor, words),
        over,
    ]


def change(spec: Spec, found: Interval | None, words: Words) -> str:
    """A difference or ratio with its interval."""
    if found is None:
        return NOTHING
    value, low, high = (
        f"x{each:.3f}" if spec.compare is Compare.RATIO else f"{each:+.3f}"
        for each in (found.value, found.low, found.high)
    )
    return words.change.format(value=value, low=low, high=high)


def of(evaluation: Evaluation, called: str, words: Words) -> str:
    """What was measured, in a line."""
    before = words.none_before
    if evaluation.predecessor:
        before = words.before.format(growth=f"{evaluation.predecessor:04}")
    return words.of.format(
        kit=called,
        growth=f"{evaluation.growth:04}",
        model=f"{evaluation.model.identity}+{evaluation.model.adapter}",
        before=before,
        held=evaluation.held,
        days=words.one_day if evaluation.days == 1 else words.days.format(count=evaluation.days),
        written=evaluation.written,
    )


def leaks_line(evaluation: Evaluation, words: Words) -> str:
    """What an empty line gives away."""

    def named(tier: str) -> str:
        return words.tiers.get(tier, tier)

    if not evaluation.leaks:
        return words.no_leak.format(asked=", ".join(map(named, evaluation.tiers)))
    where = ", ".join(f"{named(tier)}: {count}" for tier, count in evaluation.leaked.items())
    return words.leaks.format(count=evaluation.leaks, where=where)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return "<table>" + row(headings, "th") + "".join(row(each, "td") for each in rows) + "</table>"


HTML = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
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
<h1>{heading}</h1>
<p>{of}</p>
<p>{leaks}</p>
{figures}
{images}
<h2>{legend_heading}</h2>
{legend}
<p>{foot}</p>
</html>
"""
