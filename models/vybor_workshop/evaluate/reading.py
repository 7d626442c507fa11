"""How surprised the model is by a text, token by token, and of which characters each token is."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np

from vybor.generator.network.model import Model
from vybor.generator.vocabulary import Vocabulary

STEP_TOKENS = 64
"""Tokens of one step: 64 rows of logits are 13 MB."""


class Read(msgspec.Struct, frozen=True):
    """A token of a text: characters from `first` up to but without `end`, and its surprise in nats."""

    first: int
    end: int
    nats: float


def surprises(model: Model, vocabulary: Vocabulary, header: str, text: str) -> list[Read]:
    """Every token of the text behind the header, or as many as the model can read."""
    lead = vocabulary.encode_header(header)
    tokens = vocabulary.encode(text)[: max(0, model.context - len(lead))]
    if not tokens:
        return []
    bring(model, lead)
    nats = []
    end = model.end
    for first in range(0, len(tokens), STEP_TOKENS):
        some = tokens[first : first + STEP_TOKENS]
        logits = np.concatenate([end[np.newaxis], model.read(some)])
        nats += [-_log_share(row, token) for row, token in zip(logits, some, strict=False)]
        end = model.end
    return [Read(*place, each) for place, each in zip(places(tokens, vocabulary, text), nats, strict=True)]


def bring(model: Model, tokens: Sequence[int]) -> None:
    """Bring the trunk to these tokens, and the logits behind them."""
    for first in range(model.rewind(tokens), len(tokens), STEP_TOKENS):
        model.append(tokens[first : first + STEP_TOKENS])


def places(tokens: Sequence[int], vocabulary: Vocabulary, text: str) -> Iterator[tuple[int, int]]:
    """The characters that each token has bytes of; a space that the tokenizer puts before a text is none of it."""
    of_byte = [number for number, character in enumerate(text) for _ in character.encode()]
    spelled = [vocabulary.bytes[token] for token in tokens]
    at = -1 if spelled[:1] and spelled[0].startswith(b" ") and not text.startswith(" ") else 0
    for each in spelled:
        begins, at = at, at + len(each)
        inside = of_byte[max(begins, 0) : at]
        yield (inside[0], inside[-1] + 1) if inside else (len(text), len(text))


def within(read: Iterable[Read], spans: Sequence[tuple[int, int]]) -> tuple[float, int]:
    """Nats and tokens of what has characters in the spans."""
    chosen = [each for each in read if any(each.first < end and first < each.end for first, end in spans)]
    return sum(each.nats for each in chosen), len(chosen)


def _log_share(logits: np.ndarray[tuple[int], np.dtype[np.float32]], token: int) -> float:
    raised = logits.astype(np.float64) - float(logits.max())
    return float(raised[token] - np.log(np.exp(raised).sum()))
