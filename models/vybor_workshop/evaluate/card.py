"""The model card: what this adapter is, what it was made of, what it is worth, what it is not for."""

from vybor.generator.bundle import Manifest
from vybor_workshop.dataset.card import Card
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.page import change, leaks_line
from vybor_workshop.evaluate.specs import SPECS


def card(evaluation: Evaluation, made_of: Card, base: Manifest) -> str:
    """Markdown. No word of what was written stands in it."""
    return "\n".join(
        [
            f"# Growth {evaluation.growth:04} of kit {evaluation.kit[:8]}",
            "",
            f"An adapter for {base.name} that learned from what one person wrote with their kit, for that kit.",
            "It holds what they say and how: keep it as you would keep their letters.",
            "",
            "## What it is",
            "",
            f"- base: {base.name}, weights `{evaluation.model.base_sha256}`, licence {base.licence}",
            f"- measured as: {evaluation.model.identity}, adapter `{evaluation.model.adapter}`",
            f"- language: {evaluation.language}",
            f"- evaluated: {evaluation.made_at}",
            "",
            "## What went in",
            "",
            f"- examples `{evaluation.examples_sha256}`, by the rules {made_of.rules}, made {made_of.made_at}",
            *(
                f"- {part}: {size.examples} sentences, {size.tokens} tokens, of which {size.taught} teach"
                for part, size in made_of.parts.items()
            ),
            f"- characters that teach: {_counts(made_of.kept)}",
            f"- left out: {_counts(made_of.dropped)}",
            f"- wishes to forget that were heard by then: {made_of.deletions}",
            "",
            "## What it is worth",
            "",
            "| figure | factory | grown | against factory | what it says |",
            "| --- | ---: | ---: | ---: | --- |",
            *_rows(evaluation),
            "",
            f"{leaks_line(evaluation).capitalize()}.",
            "",
            "## What it is not for",
            "",
            "- for nobody else: it was measured on this person's sentences, and guards no other person's secrets;",
            "- for no other base: the kit refuses it beside other weights;",
            "- for no text that nobody chooses: it offers words, and a person takes them or does not.",
            "",
            "It is taken back on the kit. If its person deletes what it learned from, it is stale: train it anew.",
            "",
        ]
    )


def _rows(evaluation: Evaluation) -> list[str]:
    return [
        f"| {spec.name} | {figure.factory:.{spec.digits}f} | {figure.grown:.{spec.digits}f} "
        f"| {change(spec, figure.against_factory)} | {spec.says} |"
        for spec in SPECS
        if (figure := evaluation.figures.get(spec.name))
    ]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nothing"
