"""The tiers' candidates as one list: the model's and the instant tier's probabilities, mixed. Pure."""

from collections.abc import Sequence

from vybor.contracts import messages as m

MODEL_WEIGHT = 0.75
"""Share of the model where it has answered; the rest is the instant tier's."""


def mixed(instant: Sequence[m.Candidate], model: Sequence[m.Candidate]) -> tuple[m.Candidate, ...]:
    """Candidates of both tiers, each first word once, most probable first.

    Without an answer of the model the instant tier's stand as they are.
    """
    if not model:
        return tuple(instant)
    weighed: dict[str, m.Candidate] = {}
    for candidates, weight in ((model, MODEL_WEIGHT), (instant, 1 - MODEL_WEIGHT)):
        for candidate in candidates:
            key = candidate.words[0].casefold()
            known = weighed.get(key)
            p = weight * candidate.p + (known.p if known else 0.0)
            best = known or candidate
            weighed[key] = m.Candidate(words=best.words, p=p, source=best.source)
    return tuple(sorted(weighed.values(), key=lambda candidate: -candidate.p))
