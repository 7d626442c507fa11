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
    FRAMES = "frames"
    """What it adds where it makes sentences from key words; worn beside the other, for them alone."""
    INTEREST = "interest"
    """How what was taken and looked at moves the model's words."""
    COUNTS = "counts"
    """What the person's own words weigh beside the list, and what of their contexts is kept."""
    SIGNS = "signs"
    """What the person's blinks and clenches are like, and how far they are believed."""


class InterestNumbers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How generator/interest/profile.py feels. That it moves a word by a nat at most is no number of these."""

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
    """How instant/personal.py mixes the person's counts in, and what instant/pruning.py keeps.

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


Shift = Annotated[float, msgspec.Meta(ge=-1, le=1)]
"""Log-odds that are added. With less, the surest sign would not choose a tile that is not quite sure any more."""


class SignsNumbers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a headband's signs are like with this person, as headband/believing.py takes it.

    Of a kind of sign of which all numbers are the defaults nothing was learned: what the kit's own fitting found
    holds for it. Where one is another, all of them stand in the fitting's place.
    """

    blink_microvolts: Annotated[float, msgspec.Meta(ge=30, le=1500)] | None = None
    """The usual height of the weaker blink of two that were meant; None: any will do."""
    blink_rhythm_s: Annotated[float, msgspec.Meta(ge=0.15, le=1.5)] | None = None
    """From the onset of the first to that of the second."""
    blink_shift: Shift = 0.0
    """How much further a double blink is believed than the detector believes it."""
    clench_times: Annotated[float, msgspec.Meta(ge=1, le=100)] | None = None
    """How many times as strong as what is loud a meant clench is."""
    clench_shift: Shift = 0.0
    fitting: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 0
    """So many fittings of signs the kit had had when these were made: after another one that one holds."""

    @property
    def of_blinks(self) -> bool:
        """Whether anything was learned of double blinks."""
        return (self.blink_microvolts, self.blink_rhythm_s, self.blink_shift) != (None, None, 0.0)

    @property
    def of_clenches(self) -> bool:
        """Whether anything was learned of clenches."""
        return (self.clench_times, self.clench_shift) != (None, 0.0)

    def hold(self, fittings: int) -> bool:
        """Whether they hold on a kit that has had so many fittings: no more, and no fewer, since it began anew."""
        return self.fitting == fittings


Numbers = InterestNumbers | CountsNumbers | SignsNumbers
