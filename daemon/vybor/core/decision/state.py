"""What the deciding process knows, and what a choice asks of the others. Pure data."""

import msgspec

from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode
from vybor.core.aiming import zoning
from vybor.core.aiming.astray import Astray
from vybor.core.aiming.zoning import Zoning
from vybor.core.decision.talk import Talk
from vybor.core.decision.wishes import NOTHING_ON, Wishes
from vybor.core.ways import fits
from vybor.core.ways.engaging import Engaging
from vybor.core.ways.fits import Fits
from vybor.selector.state import Selector


class Deciding(msgspec.Struct, frozen=True):
    """All that the deciding process knows."""

    writing: Writing = Writing()
    known: Wishes = NOTHING_ON
    """What was known to be on when this began."""
    talk: Talk = Talk()
    selector: Selector = Selector()
    offer: int = 0
    tiles: tuple[m.Tile, ...] = ()
    answerable: tuple[tuple[int, tuple[m.Tile, ...]], ...] = ()
    """Offers since the last decision, the newest: a choice that was shown answers one of them."""
    page: tuple[m.Tile, ...] = ()
    """What would stand on ten zones; where there are fewer, `tiles` folds it."""
    pages: tuple[tuple[int, tuple[m.Tile, ...]], ...] = ()
    """Of each answerable offer."""
    zoning: Zoning = Zoning()
    prompts: int = 0
    """The number of the last prompt."""
    prompt: m.Prompt | None = None
    proposals: m.Proposals | None = None
    decisions: int = 0
    choices: int = 0
    """All that were answered, those of practice and of a fitting too, which are no decisions."""
    highlight: m.Highlight | None = None
    seen_ns: int = 0
    """When the display last said what it shows."""
    astray: Astray = Astray()
    looked: m.LookedAt | None = None
    """What the last choice says of where the eyes were, if the next one leaves it as it is."""
    fits: Fits = fits.NONE
    called_ns: int = 0
    """When help was called last."""
    standing: m.Standing = m.Standing()
    """Where Undo and Speak stand."""
    worn: m.Worn | None = None
    """How the headband sits, as it last said."""
    engaging: Engaging = Engaging()


class Decided(msgspec.Struct, frozen=True):
    """What a choice asks of the other processes."""

    decision: m.Decision
    say: str = ""
    hush: bool = False
    unsaid: str = ""
    """What is taken back of what was said aloud."""
    call_help: bool = False
    keep: str = ""
    forget: str = ""
    """A phrase for the person's own, and one of them to remove."""
    repeat: str = ""
    was_calling: bool = False
    """Whether it was the call for help that is to fall silent."""
    looked: m.LookedAt | None = None
    """Where the eyes were at the choice before, which holds."""
    night: bool | None = None
    share: tuple[m.ShareWish, str] | None = None
    """What is wished of what leaves the kit, and the digits that a yes is for."""
    read: tuple[m.ReadAnswer, int] | None = None
    """What is said to somebody who asks to read, and to which question."""
    erase: m.Erase | None = None
    """What of the record is to be deleted."""


def zones_of(state: Deciding) -> int:
    """How many zones the layout at hand has; ten while tiles light up in turn, or are a trial."""
    needs_ten = state.selector.scan is not None or state.writing.mode is Mode.FITTING
    return zoning.MOST if needs_ten else state.zoning.zones


def resting(state: Deciding) -> bool:
    """Whether the person rests: nothing but waking is possible."""
    return state.writing.mode is Mode.REST


def resting_truly(state: Deciding) -> bool:
    """Whether the person really rests: rest that is only practised keeps nobody from calling for help."""
    return resting(state) and state.writing.practice is None
