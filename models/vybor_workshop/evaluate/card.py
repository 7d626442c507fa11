"""The model card: what this adapter is, what it was made of, what it is worth, what it is not for."""

from collections.abc import Mapping

from vybor.generator.network.bundle import Manifest
from vybor_workshop.dataset.card import Card
from vybor_workshop.evaluate.card_words import LANGUAGES, CardWords
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.page import change, leaks_line
from vybor_workshop.evaluate.specs import SPECS
from vybor_workshop.evaluate.words import Words


def card(evaluation: Evaluation, made_of: Card, base: Manifest, called: str, words: Words) -> str:
    """Markdown. No word of what was written stands in it. `called`: how the kit is."""
    its = LANGUAGES[words.language]
    leaks = leaks_line(evaluation, words)
    return "\n".join(
        [
            its.heading.format(growth=f"{evaluation.growth:04}", kit=called),
            "",
            its.what.format(base=base.name),
            its.keep,
            "",
            its.is_heading,
            "",
            its.base.format(name=base.name, weights=evaluation.model.base_sha256, licence=base.licence),
            its.measured.format(identity=evaluation.model.identity, adapter=evaluation.model.adapter),
            its.language.format(language=evaluation.language),
            its.evaluated.format(at=evaluation.made_at),
            "",
            its.in_heading,
            "",
            *_went_in(evaluation, made_of, its),
            "",
            its.worth_heading,
            "",
            its.table,
            "| --- | ---: | ---: | ---: | --- |",
            *_rows(evaluation, words),
            "",
            f"{leaks[:1].upper()}{leaks[1:]}.",
            "",
            its.not_heading,
            "",
            its.nobody_else,
            its.no_other_base,
            its.no_text_alone,
            "",
            its.stale,
            "",
        ]
    )


def _went_in(evaluation: Evaluation, made_of: Card, its: CardWords) -> list[str]:
    return [
        its.examples.format(sha256=evaluation.examples_sha256, rules=made_of.rules, at=made_of.made_at),
        *(
            its.part.format(part=its.parts[part], sentences=size.examples, tokens=size.tokens, taught=size.taught)
            for part, size in made_of.parts.items()
        ),
        its.teaches.format(counts=_counts(made_of.kept, its.origins, its)),
        its.left_out.format(counts=_counts(made_of.dropped, its.reasons, its)),
        its.deletions.format(count=made_of.deletions),
    ]


def _rows(evaluation: Evaluation, words: Words) -> list[str]:
    return [
        f"| {spec.name} | {figure.factory:.{spec.digits}f} | {figure.grown:.{spec.digits}f} "
        f"| {change(spec, figure.against_factory, words)} | {words.says[spec.name]} |"
        for spec in SPECS
        if (figure := evaluation.figures.get(spec.name))
    ]


def _counts(counts: Mapping[str, int], called: Mapping[str, str], its: CardWords) -> str:
    """Each with its number; `called`: in words."""
    told = sorted((called.get(name, name), count) for name, count in counts.items())
    return ", ".join(f"{name} {count}" for name, count in told) or its.nothing
