"""Numbers of one person that the workstation may learn for the kit, each within bounds; defaults are everybody's.

A row a part. They say how the kit learns, never what: nothing of a text is in them. Whoever brings others than
these, or numbers beyond the bounds, is refused (vybor.bundles.numbers), whoever signed it.
"""

from enum import StrEnum
from typing import Annotated

import msgspec


class Learned(StrEnum):
    """What a version from the workstation is a version of; each kind is worn, and taken off, by itself."""

    ADAPTER = "adapter"
    """What the model adds."""
    INTEREST = "interest"
    """How what was taken and looked at moves the model's words."""
    COUNTS = "counts"
    """What the person's own words weigh beside the list, and what of their contexts is kept."""


class InterestNumbers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How generator/interest.py feels. That it moves a word by a nat at most is no number of these."""

    gazed: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.15
    """What a word counts, beside one taken, if it was examined two standard deviations longer than such words."""
    half_life: Annotated[float, msgspec.Meta(ge=1, le=200)] = 12.0
    """Words taken after which a word counts half."""
    shrunk: Annotated[float, msgspec.Meta(ge=0.25, le=50)] = 2.0
    """The interest is shrunk as if so many words about nothing had been taken."""
    weight: Annotated[float, msgspec.Meta(gt=0, le=20)] = 6.0
    """Nats for a word whose vector is the interest's, before it is clipped."""


Share = Annotated[float, msgspec.Meta(ge=0, le=0.5)]
Least = Annotated[int, msgspec.Meta(ge=1, le=3)]
"""What was said three times is kept, whoever says what."""


class CountsNumbers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How generator/ngram_personal.py mixes the person's counts in, and what generator/ngram_pruning.py keeps.

    The defaults were tuned on 24 writers of the conversation corpus who were kept out of the base list: perplexity
    143 without their counts, 131 with them. The optimum is flat.
    """

    shares: tuple[Share, Share, Share] = (0.10, 0.15, 0.30)
    """The personal share of the mixture after a context of which no, one or two words were seen before…"""
    half_grown: Annotated[float, msgspec.Meta(ge=20, le=5000)] = 200.0
    """…once much was learned; at so many words it is half of that."""
    least_pair: Least = 1
    """A pair of words is kept if it was said so often; 1: all are. Single words always are…"""
    least_triple: Least = 1
    """…and so are three, said so often…"""
    fresh: Annotated[int, msgspec.Meta(ge=200, le=300)] = 300
    """…and all that stands in so many texts said last: none that can still be undone is touched."""

    @property
    def prunes(self) -> bool:
        """Whether anything is ever let go."""
        return self.least_pair > 1 or self.least_triple > 1

    def lets_go_no_more_than(self, other: "CountsNumbers") -> bool:
        """Whether all that the other would keep is kept."""
        return (
            self.least_pair <= other.least_pair
            and self.least_triple <= other.least_triple
            and (not self.prunes or self.fresh >= other.fresh)
        )


Numbers = InterestNumbers | CountsNumbers
