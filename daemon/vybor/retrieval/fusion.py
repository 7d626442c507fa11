"""Several rankings as one: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009). Pure."""

from collections.abc import Sequence

FLATTENING = 60
"""How little the first places count more than the next: the constant of the paper."""


def fused(rankings: Sequence[Sequence[int]]) -> list[int]:
    """The ids of all rankings, best first: each ranking gives an id 1 / (60 + its place).

    Ids of equal sums keep the order in which they were first met. What a ranking says twice counts once.
    """
    sums: dict[int, float] = {}
    for ranking in rankings:
        for place, found in enumerate(dict.fromkeys(ranking), start=1):
            sums[found] = sums.get(found, 0.0) + 1 / (FLATTENING + place)
    return sorted(sums, key=lambda found: -sums[found])
