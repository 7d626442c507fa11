"""The tiers' candidates as one list: the model's and the instant tier's probabilities, mixed. Pure."""

from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.generator.ngram_tokens import fold

MODEL_WEIGHT = 0.75
"""Share of the model where it has answered; the rest is the instant tier's."""


def mixed(instant: Sequence[m.Candidate], model: Sequence[m.Candidate]) -> tuple[m.Candidate, ...]:
    """Candidates of both tiers, each first word once (ё = е), most probable first.

    Without an answer of the model the instant tier's stand as they are. What a topic's word has is
    a share of everything already.
    """
    answered = any(candidate.source is m.Source.MODEL for candidate in model)
    share = MODEL_WEIGHT if answered else 0.0
    weighed: dict[str, m.Candidate] = {}
    for candidates, tier in ((model, share), (instant, 1 - share)):
        for candidate in candidates:
            key = fold(candidate.words[0])
            known = weighed.get(key)
            weight = 1.0 if candidate.source is m.Source.TOPIC else tier
            p = weight * candidate.p + (known.p if known else 0.0)
            weighed[key] = msgspec.structs.replace(known or candidate, p=p)
    return tuple(sorted(weighed.values(), key=lambda candidate: -candidate.p))
