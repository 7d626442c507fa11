"""The candidates of both tiers as the page at hand needs them. Pure."""

from collections.abc import Callable, Sequence

from vybor.composer.anchors import SENTENCE_MODES
from vybor.composer.text import ATTACHED
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.instant.manners import unasked
from vybor.retrieval.stems import is_content

LOOKED_FOR = 2
"""Looks at groups of letters after which a word is asked for: one group holds a fourth of the alphabet."""


def candidates_for(
    now: Writing,
    told: tuple[Sequence[m.Candidate], Sequence[m.Candidate], Sequence[m.Candidate]],
    likely: Sequence[m.Candidate],
    allowed: Callable[[str], bool],
) -> tuple[m.Candidate, ...]:
    """Next words, likeliest first; words to gather, the person's own first; or whole sentences, of the model last.

    `told` is what the instant tier, the person's own sentences and the model say; `likely` all of it mixed.
    A sentence of the model with a word that is not allowed is left out whole.
    """
    instant, own, proposed = told
    if now.gathered and now.mode in SENTENCE_MODES:
        mannerly = (one for one in proposed if all(allowed(word.strip(ATTACHED)) for word in one.words))
        return (*instant, *mannerly)
    candidates = tuple(likely)
    if now.gathered:
        once: dict[str, m.Candidate] = {}
        for one in (*own, *(one for one in candidates if is_content(one.words[0]))):
            once.setdefault(one.words[0].casefold(), one)
        candidates = tuple(once.values())
    if now.prefix or len(now.looks) >= LOOKED_FOR:
        return unasked(candidates, allowed, first_is_asked=True)
    return unasked(candidates, allowed)
