"""What a model is written from, whichever file it came in; and what every source is checked for."""

from collections.abc import Iterator, Mapping

import msgspec
from tokenizers import Tokenizer

from vybor_workshop.model.architecture import BLOCK, Architecture, Floats, Weights, shapes

BY_TOKEN = ("token_embd.weight", "output.weight")
"""Weights with a row for each token. Files have more rows than tokens: round numbers."""


class Source(msgspec.Struct, frozen=True):
    """What a model is written from."""

    kind: str
    """The family: llama, qwen2."""
    model: Architecture
    weights: Weights
    tokenizer: Tokenizer
    ends: tuple[int, ...]
    """The tokens that end a text."""


class UnknownKind(Exception):
    """Why this builder cannot write a model; what comes behind the file's name in a sentence."""


class ForTokens(Mapping[str, Floats]):
    """Weights, without the rows that stand for no token."""

    def __init__(self, weights: Weights, vocabulary: int) -> None:
        self._weights = weights
        self._vocabulary = vocabulary

    def __getitem__(self, name: str) -> Floats:
        weight = self._weights[name]
        return weight[: self._vocabulary] if name in BY_TOKEN else weight

    def __contains__(self, name: object) -> bool:
        return name in self._weights  # Mapping's own would read the weight

    def __iter__(self) -> Iterator[str]:
        return iter(self._weights)

    def __len__(self) -> int:
        return len(self._weights)


def check(model: Architecture, found: Mapping[str, tuple[int, ...]]) -> None:
    """Raise UnknownKind unless these shapes are the weights of such a model, in whole blocks."""
    rows = (model.hidden, model.feed_forward, model.queries)
    if any(row % BLOCK for row in rows):
        raise UnknownKind(f"has rows of {', '.join(map(str, rows))}, which are not all blocks of {BLOCK}")
    wanted = dict(shapes(model))
    for name in BY_TOKEN:
        if name in wanted and name in found and found[name][0] < model.vocabulary:
            raise UnknownKind(f"has {model.vocabulary} tokens and {found[name][0]} rows of {name} for them")
    fit = {name: (model.vocabulary, *shape[1:]) if name in BY_TOKEN else shape for name, shape in found.items()}
    odd = sorted(name for name in wanted.keys() | fit.keys() if wanted.get(name) != fit.get(name))
    if odd:
        raise UnknownKind(
            f"has other weights than its numbers say: {', '.join(odd[:3])}"
            + (f" and {len(odd) - 3} more" if len(odd) > 3 else "")
        )
