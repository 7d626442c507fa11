"""The figures as one page that needs nothing beside itself, and as lines of text."""

from collections.abc import Iterator, Mapping
from html import escape

from vybor.accounting.resampling import Interval
from vybor.commands.reports import paper
from vybor_workshop.evaluate.figures import Figure
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.specs import SPECS, Compare, Spec
from vybor_workshop.evaluate.words import ENGLISH, Words

NOTHING = "-"


def page(evaluation: Evaluation, pictures: Mapping[str, bytes], called: str, words: Words) -> str:
    """All of it in one file: pictures inside, no script, nothing fetched. `called`: how the kit is."""
    rows = [cells(spec, evaluation.figures[spec.name], words) for spec in SPECS if spec.name in evaluation.figures]
    sign = {True: words.more_is_better, False: words.less_is_better}
    legend = [[spec.name, f"{words.says[spec.name]}; {sign[spec.up]}"] for spec in SPECS]
    growth = f"{evaluation.growth:04}"
    parts = [
        f"<p>{escape(of(evaluation, called, words))}</p>",
        f"<p>{escape(leaks_line(evaluation, words))}</p>",
        paper.table([words.headings, *rows], has_head=True),
        *(paper.image(words.pictures[name], png) for name, png in pictures.items()),
        f"<h2>{escape(words.legend)}</h2>",
        paper.table([words.legend_headings, *legend], has_head=True),
    ]
    title, heading = words.title.format(growth=growth), words.heading.format(growth=growth)
    return paper.page(parts, words.language, title, words.foot, heading=heading)


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
        said = words.before_knew if evaluation.before_knew else words.before
        before = said.format(growth=f"{evaluation.predecessor:04}")
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
