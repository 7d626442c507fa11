"""Rounds of work for two engines in turn, and what they say of the ratio between them."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np

from vybor.generator.candidates import STEP_TOKENS
from vybor.generator.network.bundle import open_bundle
from vybor.generator.network.model import TRUNK, Model
from vybor.generator.network.trunk import Floats

STEPS = 16
"""One token a way each."""
WAYS = 5
PREFIXES = (256, 800)
PAUSE_S = 0.5
"""Between two engines: llama.cpp's threads look for more work for 6.6 million pauses of the processor, a third of
a second (`poll` 50), and would take a core from whoever comes next."""
RESAMPLES = 4000
FIRST = 300
"""Lower tokens are bytes and signs."""
SEED = 1


Clock = Callable[[], float]
"""Seconds: of time, or of the processor's work."""


class Engine(Protocol):
    """A model that reads tokens and goes on behind them."""

    def prefill(self, tokens: Sequence[int]) -> float:
        """Read tokens into an empty cache; seconds."""

    def steps(self, tokens: Sequence[int], given: Sequence[Sequence[int]]) -> float:
        """Go on behind tokens that were just read, one token a step and way; seconds. Then all is as before."""


class Kit:
    """Ours: the class that the generator works with, fed as it feeds it."""

    def __init__(self, bundle: Path, threads: int, clock: Clock = time.perf_counter) -> None:
        self._clock = clock
        self.model = Model(open_bundle(bundle), threads)

    def prefill(self, tokens: Sequence[int]) -> float:
        """Read tokens in the steps in which the generator reads a text."""
        self.model.rewind([])
        began = self._clock()
        self._read(tokens)
        return self._clock() - began

    def steps(self, tokens: Sequence[int], given: Sequence[Sequence[int]]) -> float:
        """One way is the text growing; several are branches behind it."""
        began = self._clock()
        if len(given[0]) == 1:
            for step in given:
                self.model.append(step)
        else:
            self._branch(given)
        took = self._clock() - began
        self._read(tokens[self.model.rewind(tokens) :])
        return took

    def read(self, tokens: Sequence[int]) -> Floats:
        """Read tokens into an empty cache; the logits behind the last one."""
        self.prefill(tokens)
        return self.model.end

    def _branch(self, given: Sequence[Sequence[int]]) -> None:
        parents = [TRUNK] * len(given[0])
        for step in given:
            first = self.model.branches
            self.model.branch(step, parents)
            parents = [first + way for way in range(len(step))]

    def _read(self, tokens: Sequence[int]) -> None:
        for first in range(0, len(tokens), STEP_TOKENS):
            self.model.append(tokens[first : first + STEP_TOKENS])


class Says(Protocol):
    """A model that says what may follow."""

    def read(self, tokens: Sequence[int]) -> Floats:
        """Read tokens into an empty cache; the logits behind the last one."""


def alike(ours: Says, theirs: Says, vocabulary: int) -> float:
    """How alike both reckon: the correlation of their logits behind the same tokens."""
    tokens = _told(vocabulary)[: min(PREFIXES)]
    return float(np.corrcoef(ours.read(tokens), theirs.read(tokens)[:vocabulary])[0, 1])


def _told(vocabulary: int) -> list[int]:
    """Tokens to read and to go on with; which ones they are changes no time."""
    drawn: list[int] = (
        np.random.default_rng(SEED).integers(FIRST, vocabulary, max(PREFIXES) + STEPS * WAYS).tolist()
    )
    return drawn


class Case(msgspec.Struct, frozen=True):
    """Something to be timed."""

    name: str
    prefix: int
    ways: int = 0
    """None: reading the prefix itself."""

    @property
    def tokens(self) -> int:
        """How many tokens it is about."""
        return STEPS * self.ways or self.prefix


CASES = tuple(
    case
    for prefix in PREFIXES
    for case in (
        Case(f"prefill{prefix}", prefix),
        Case(f"b1_{prefix}", prefix, 1),
        Case(f"b{WAYS}_{prefix}", prefix, WAYS),
    )
)

Seconds = dict[str, list[float]]
"""By case, one a round."""


def rounds(engines: Sequence[Engine], vocabulary: int, count: int, say: Callable[[str], None]) -> list[Seconds]:
    """What each engine takes for each case: who begins changes from round to round; the first does not count."""
    told = _told(vocabulary)
    found: list[Seconds] = [{case.name: [] for case in CASES} for _ in engines]
    for number in range(count + 1):
        order = list(range(len(engines)))[:: -1 if number % 2 else 1]
        for case in CASES:
            for place in order:
                time.sleep(PAUSE_S)
                took = _timed(engines[place], case, told)
                if number:
                    found[place][case.name].append(took)
        say(f"round {number} of {count}" if number else "warmed up")
    return found


def _timed(engine: Engine, case: Case, told: Sequence[int]) -> float:
    prefix, behind = told[: case.prefix], told[max(PREFIXES) :]
    if not case.ways:
        return engine.prefill(prefix)
    given = [behind[step * case.ways : (step + 1) * case.ways] for step in range(STEPS)]
    return engine.steps(prefix, given)


def figures(model: str, ours: Mapping[str, list[float]], theirs: Mapping[str, list[float]]) -> dict[str, float]:
    """Tokens a second of both by their medians, and the ratio of those, with a 95 % interval over rounds."""
    found: dict[str, float] = {}
    for case in CASES:
        mine, peer = ours[case.name], theirs[case.name]
        low, high = _interval(mine, peer)
        found |= {
            f"ratio.{model}.{case.name}": statistics.median(peer) / statistics.median(mine),
            f"ratio_low.{model}.{case.name}": low,
            f"ratio_high.{model}.{case.name}": high,
            f"tokens_per_s.{model}.{case.name}.vybor": case.tokens / statistics.median(mine),
            f"tokens_per_s.{model}.{case.name}.llama_cpp": case.tokens / statistics.median(peer),
        }
    return found


def _interval(mine: Sequence[float], peer: Sequence[float]) -> tuple[float, float]:
    """Rounds are drawn whole: what disturbed one engine in a round disturbed the other too."""
    drawn = np.random.default_rng(SEED).integers(0, len(mine), (RESAMPLES, len(mine)))
    ratios = np.median(np.array(peer)[drawn], axis=1) / np.median(np.array(mine)[drawn], axis=1)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return float(low), float(high)
