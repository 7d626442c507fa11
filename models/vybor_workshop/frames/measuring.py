"""How often the sentence that was meant is among those that the kit offers, with the adapter and without.

A person gives the rarest word that the sentence is about, and the second rarest where the sentence is not there
yet; they say what it is to do where its form tells that. Counted is whether it is there after one word, and after
one or two; the 95 % interval of the difference is that of a paired bootstrap over sentences.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from vybor.composer.anchors import MOST_ANCHORS, SENTENCE_PLACES
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock, seconds
from vybor.generator.candidates import Proposer
from vybor.generator.network.bundle import Bundle
from vybor.instant.anchors import said
from vybor_workshop.evaluate.figures import Tell
from vybor_workshop.frames.pairs import Pair

RESAMPLES = 2000
SEED = 1
INTERVAL = (2.5, 97.5)
TOLD_EVERY = 5
OFF, ON = "without", "with"


class Found(msgspec.Struct, frozen=True):
    """What came of one sentence."""

    after: int
    """Words after which it was there; 0: it was not."""
    agrees: int
    """First words in which the best of the offered agreed with it, at most."""
    offered: int
    """Sentences that stood there at last."""
    ms: float
    """That an answer took, on the average."""


class Subject(msgspec.Struct, frozen=True):
    """What is measured, and by what."""

    bundle: Bundle
    adapter: Path
    language: str
    commonness: Callable[[str], float]
    threads: int
    minutes: float = 60
    """No other sentence is begun after so long."""


def measure(subject: Subject, held: Sequence[Pair], clock: Clock, tell: Tell) -> tuple[int, dict[str, float]]:
    """How many sentences were looked for, and all figures. Raises AdapterError, BundleError."""
    proposers = {name: Proposer(subject.bundle, subject.threads) for name in (OFF, ON)}
    proposers[ON].frames.wear(subject.adapter)
    found: dict[str, list[Found]] = {name: [] for name in proposers}
    end_ns = clock.now_ns() + seconds(60 * subject.minutes)
    for number, pair in enumerate(held):
        if number and clock.now_ns() > end_ns:
            tell(f"the time is over after {number} of {len(held)} sentences")
            break
        if number % TOLD_EVERY == 0:
            tell(f"  {number} of {len(held)} sentences")
        for name, proposer in proposers.items():
            found[name].append(look(proposer, pair, subject, clock))
    return len(found[ON]), figures(found)


def look(proposer: Proposer, pair: Pair, subject: Subject, clock: Clock) -> Found:
    """Look for one sentence."""
    wanted = said(pair.text).words
    given = sorted(pair.words, key=subject.commonness)[:MOST_ANCHORS]
    agrees, begun_ns = 0, clock.now_ns()
    for after in range(1, len(given) + 1):
        prompt = asked(pair, given[:after], subject.language)
        offered = [said(" ".join(one.words)).words for one in proposer.propose(prompt, lambda: True) or ()]
        agrees = max([agrees, *(agreeing(one, wanted) for one in offered)])
        ms = (clock.now_ns() - begun_ns) / 1e6 / after
        if wanted in offered:
            return Found(after, agrees, len(offered), ms)
    return Found(0, agrees, len(offered), ms)


def asked(pair: Pair, given: Sequence[str], language: str) -> m.Prompt:
    """What the kit would ask for these words."""
    return m.Prompt(
        at_ns=0,
        number=len(given),
        text="",
        language=language,
        anchors=tuple(given),
        intent=pair.intent,
        count=len(SENTENCE_PLACES),
    )


def agreeing(one: Sequence[str], other: Sequence[str]) -> int:
    """In how many first words two sentences agree."""
    pairs = zip(one, other, strict=False)
    return next(
        (number for number, (mine, theirs) in enumerate(pairs) if mine != theirs), min(len(one), len(other))
    )


def figures(found: Mapping[str, Sequence[Found]]) -> dict[str, float]:
    """Shares of sentences, and what they gain. Pure."""
    off, on = found[OFF], found[ON]
    right = {name: np.array([one.after > 0 for one in some], dtype=np.float64) for name, some in found.items()}
    gains = right[ON] - right[OFF]
    drawn = np.random.default_rng(SEED).integers(len(gains), size=(RESAMPLES, len(gains)))
    low, high = np.percentile(gains[drawn].mean(axis=1), INTERVAL)
    told: dict[str, float] = {}
    for name, some in ((OFF, off), (ON, on)):
        told |= {
            f"right_{name}": float(right[name].mean()),
            f"right_after_one_{name}": sum(one.after == 1 for one in some) / len(some),
            f"two_words_agree_{name}": sum(one.agrees >= 2 for one in some) / len(some),
            f"offered_{name}": sum(one.offered for one in some) / len(some),
            f"ms_{name}": sum(one.ms for one in some) / len(some),
        }
    return told | {"gain": float(gains.mean()), "gain_low": float(low), "gain_high": float(high)}
