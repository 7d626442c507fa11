"""Several texts in one row, as branches of one tree: what they begin with in common is read once.

A header of seventy tokens stands before each sentence of ten, so that read one by one seven tokens of eight would
be spent on the header. Here each token is a node that sees its ancestors alone, at the place that it has in its
own text: what the network says of it is what it would say of the text alone. Pure; numpy alone.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .given import Text

ROOT = -1


@dataclass(frozen=True)
class Choice:
    """Which of several lines of nodes was chosen; what all of them have in common is left out."""

    weight: float
    chosen: int
    paths: tuple[tuple[int, ...], ...]


@dataclass
class Row:
    """A tree: nodes are numbered so that parents come first."""

    tokens: list[int] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    """How much each node's token teaches whoever stands at its parent; of equal texts the sum."""
    choices: list[Choice] = field(default_factory=list)
    _known: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, text: Text) -> None:
        """Put a text in, with the words that were offered beside it."""
        for node, weight in zip(self.line(text.tokens), text.weights, strict=True):
            self.weights[node] += weight
        for offered in text.offered:
            paths = [self.line(tokens) for tokens in offered.lines]
            common = _common([self.tokens_of(path) for path in paths])
            self.choices.append(
                Choice(offered.weight, offered.chosen, tuple(tuple(path[common:]) for path in paths))
            )

    def line(self, tokens: Sequence[int]) -> list[int]:
        """The nodes of a text; those that are missing are made."""
        nodes, at = [], ROOT
        for depth, token in enumerate(tokens):
            node = self._known.setdefault((at, token), len(self.tokens))
            if node == len(self.tokens):
                self.tokens.append(token)
                self.parents.append(at)
                self.depths.append(depth)
                self.weights.append(0.0)
            nodes.append(node)
            at = node
        return nodes

    def tokens_of(self, nodes: Sequence[int]) -> list[int]:
        """What stands at some nodes."""
        return [self.tokens[node] for node in nodes]

    def more(self, text: Text) -> int:
        """How many nodes a text would add, without the words that were offered."""
        at = ROOT
        for place, token in enumerate(text.tokens):
            if (at, token) not in self._known:
                return len(text.tokens) - place
            at = self._known[at, token]
        return 0

    def seen(self) -> NDArray[np.bool_]:
        """(nodes, nodes): which of them each node sees, itself and its ancestors."""
        sees = np.eye(len(self.tokens), dtype=np.bool_)
        for node, parent in enumerate(self.parents):
            if parent != ROOT:
                sees[node] |= sees[parent]
        return sees

    def asked(self) -> list[int]:
        """The nodes whose token anything is learned from, in order. None of them begins a text."""
        chosen = {node for choice in self.choices for path in choice.paths for node in path}
        return [node for node, weight in enumerate(self.weights) if weight > 0 or node in chosen]


def rows(texts: Sequence[Text], most: int, seed: int) -> list[Row]:
    """Put texts into rows of so many nodes at most, by the throw of dice; a longer text has one of its own."""
    thrown = list(texts)
    random.Random(seed).shuffle(thrown)
    made: list[Row] = []
    for text in thrown:
        if not made or (made[-1].tokens and len(made[-1].tokens) + made[-1].more(text) > most):
            made.append(Row())
        made[-1].add(text)
    return [row for row in made if row.asked()]


def beside(general: Sequence[Row], step: int, rank: int = 0, ranks: int = 1) -> Row | None:
    """The row of general text that goes with a step: another each time, and behind the last the first again."""
    return general[(step * ranks + rank) % len(general)] if general else None


def _common(lines: Sequence[Sequence[int]]) -> int:
    """How many tokens all lines begin with."""
    together = 0
    for tokens in zip(*lines, strict=False):
        if len(set(tokens)) > 1:
            break
        together += 1
    return together
