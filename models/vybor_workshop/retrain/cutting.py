"""Examples as the trainer takes them: tokens as the kit cuts them, and how much each of them teaches. Pure."""

import json
from collections.abc import Iterable, Sequence

from vybor_workshop.dataset.base import Base
from vybor_workshop.dataset.examples import Choice, Example, Part, Weighed
from vybor_workshop.retrain.trainer.given import Offered, Share, Text

SHARES = {Part.TRAIN: Share.TRAIN, Part.EARLY: Share.EARLY}
"""What is held back for measuring is not even cut."""


def cut(examples: Iterable[Example], base: Base) -> list[Text]:
    """The texts to train with, and the early ones."""
    return [text_of(example, SHARES[example.part], base) for example in examples if example.part in SHARES]


def text_of(example: Example, share: Share, base: Base) -> Text:
    """Header and text as tokens; the header teaches nothing."""
    header, (tokens, ends) = header_tokens(example.header, base), text_tokens(example.text, base)
    taught = weights(example.text, ends, example.weights)
    offered = (offered_at(choice, example, base) for choice in example.choices)
    return Text(
        share,
        (*header, *tokens),
        (*(0.0 for _ in header), *taught),
        tuple(each for each in offered if each),
    )


def general_text(text: str, base: Base) -> Text:
    """A text of nobody in particular, behind the kit's header; all of it counts."""
    return general_tokens(text_tokens(text, base)[0], base)


def general_tokens(tokens: Sequence[int], base: Base) -> Text:
    """The same, of what is tokens already."""
    header = header_tokens(base.header, base)
    return Text(Share.GENERAL, (*header, *tokens), (*(0.0 for _ in header), *(1.0 for _ in tokens)))


def weights(text: str, ends: Sequence[tuple[int, int]], spans: Iterable[Weighed]) -> tuple[float, ...]:
    """What each token teaches: the mean over its letters, spaces left out, which belong to no word."""
    by_letter = [0.0] * len(text)
    for span in spans:
        by_letter[span.first : span.end] = [span.weight] * (span.end - span.first)
    return tuple(_mean(text, by_letter, first, end) for first, end in ends)


def offered_at(choice: Choice, example: Example, base: Base) -> Offered | None:
    """The words that were seen at a choice, each as the whole line up to its end; None if there is none to tell.

    That is so where nothing but the chosen one was seen, or only a part of that was taken.
    """
    before, behind = example.text[: choice.at], example.text[choice.at :]
    space = " " if behind[:1] == " " else ""
    chosen = next(shown.label for shown in choice.shown if shown.chosen)
    seen = {shown.label for shown in choice.shown if shown.seen} - {chosen}
    if not seen or not choice.weight or not behind.startswith(space + chosen):
        return None
    header = header_tokens(example.header, base)
    labels = [chosen, *sorted(seen)]
    lines = tuple((*header, *text_tokens(before + space + label, base)[0]) for label in labels)
    return Offered(choice.weight, 0, lines)


def header_tokens(header: str, base: Base) -> list[int]:
    """Special tokens are meant as such."""
    base.tokenizer.encode_special_tokens = False
    return list(base.tokenizer.encode(header, add_special_tokens=False).ids)


def text_tokens(text: str, base: Base) -> tuple[list[int], list[tuple[int, int]]]:
    """A person's text: what looks like a special token is letters. And where each token begins and ends."""
    base.tokenizer.encode_special_tokens = True
    found = base.tokenizer.encode(text, add_special_tokens=False)
    return list(found.ids), list(found.offsets)


def lines(texts: Iterable[Text]) -> str:
    """The trainer's `sequences.jsonl`."""
    return "".join(json.dumps(_line(text)) + "\n" for text in texts)


def _line(text: Text) -> dict[str, object]:
    offered = [{"weight": each.weight, "chosen": each.chosen, "lines": each.lines} for each in text.offered]
    return {"share": text.share, "tokens": text.tokens, "weights": text.weights, "offered": offered}


def _mean(text: str, by_letter: Sequence[float], first: int, end: int) -> float:
    letters = [at for at in range(first, end) if not text[at].isspace()] or list(range(first, end))
    return sum(by_letter[at] for at in letters) / len(letters) if letters else 0.0
