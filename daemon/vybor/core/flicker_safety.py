"""Whether anything on the screen may flicker: every reason why not, in one place, with its sentence. Pure.

Flicker can bring on seizures in people who never had one. So it is off unless all of this holds at once, and off
again at the moment when one thing no longer does. Nobody else decides it: the display lets flicker what `Screen`
names, and can only refuse.
"""

from enum import StrEnum

import msgspec

from vybor.contracts import messages as m
from vybor.fitting import flicker_gate
from vybor.fitting.flicker_gate import Score, Verdict
from vybor.foundation.flicker_settings import Seizures
from vybor.foundation.settings import Settings


class Off(StrEnum):
    """Why nothing may flicker, the gravest first."""

    SEIZURES = "seizures"
    UNANSWERED = "unanswered"
    UNCONFIRMED = "unconfirmed"
    MOTION = "motion"
    NOT_WANTED = "not_wanted"
    ENDED = "ended"
    UNWANTED = "unwanted"
    UNSTEADY = "unsteady"
    NO_HEADBAND = "no_headband"
    TROUBLE = "trouble"
    UNTRIED = "untried"
    SHUT = "shut"
    EXPIRED = "expired"
    ELECTRODES = "electrodes"


SENTENCES: dict[Off, str] = {
    Off.SEIZURES: "the wearer's answer on seizures is yes (flicker.seizures): nothing will ever flicker",
    Off.UNANSWERED: (
        "nobody has answered about seizures: ask, then `vybor config set flicker.seizures no`, or yes"
    ),
    Off.UNCONFIRMED: "no clinician has confirmed it: `vybor headband flicker confirm`, typed by them",
    Off.MOTION: "motion is to be little (display.reduced_motion)",
    Off.NOT_WANTED: "it is off, as it is from the first day: `vybor config set flicker.on true`",
    Off.ENDED: "the wearer rested, or called for help, soon after words flickered: off until tomorrow",
    Off.UNWANTED: (
        "it was stopped at the screen, by Escape or by holding the switch: off until the display starts again"
    ),
    Off.UNSTEADY: "the screen is not refreshed steadily enough; a panel without a desktop may be",
    Off.NO_HEADBAND: "no headband is there that could see what is looked at",
    Off.TROUBLE: "something else is wrong, and first things first: `vybor status`",
    Off.UNTRIED: "nobody knows whether the wearer's brain answers: `vybor fit --only flicker`",
    Off.SHUT: (
        "the wearer's brain did not answer well enough in the trial; to try again: `vybor fit --only flicker`"
    ),
    Off.EXPIRED: "the trial was too many days of use ago: `vybor fit --only flicker`",
    Off.ELECTRODES: (
        "an electrode of the trial is not heard now, or the headband is another: seat it again, or try again"
    ),
}
UNTIL_TRIED = (Off.UNTRIED, Off.SHUT, Off.EXPIRED, Off.ELECTRODES)
"""What a trial mends, and what must not keep one from being made."""
STOPPED = {m.FlickerStop.UNSTEADY: Off.UNSTEADY, m.FlickerStop.UNWANTED: Off.UNWANTED}


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """A clinician's word."""

    role: str
    """As they typed it."""
    day: str


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial found, and since when it holds."""

    right: int
    trials: int
    rhythms: int
    day: str
    electrodes: tuple[m.ElectrodeAt, ...] = ()
    """Those that were heard."""
    used: tuple[str, ...] = ()
    """Days on which something flickered since, that of the trial among them."""
    board: str = ""
    """Which headband it was, as the settings name it."""

    @property
    def score(self) -> Score:
        """For the gate."""
        return flicker_gate.Score(self.right, self.trials, self.rhythms)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What outlives a start."""

    confirmed: Confirmed | None = None
    tried: Tried | None = None
    ended: str = ""
    """The last day on which the wearer had enough of it."""


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """What is so at the moment."""

    headband: bool = False
    """Whether one sends."""
    trouble: bool = False
    """Whether anything at all is wrong."""
    stop: m.FlickerStop | None = None
    electrodes: frozenset[m.ElectrodeAt] = frozenset()
    """Those that are heard."""
    day: str = ""


def reasons(settings: Settings, known: Known, now: Now) -> tuple[Off, ...]:
    """Every reason why nothing may flicker, the gravest first; none: it may."""
    wanted = settings.flicker
    so = {
        Off.SEIZURES: wanted.seizures is Seizures.YES,
        Off.UNANSWERED: wanted.seizures is Seizures.UNANSWERED,
        Off.UNCONFIRMED: known.confirmed is None,
        Off.MOTION: settings.display.reduced_motion,
        Off.NOT_WANTED: not wanted.on,
        Off.ENDED: bool(known.ended) and known.ended == now.day,
        Off.NO_HEADBAND: not now.headband,
        Off.TROUBLE: now.trouble,
        Off.UNTRIED: known.tried is None,
    }
    found = {off for off, is_so in so.items() if is_so}
    if now.stop is not None:
        found.add(STOPPED[now.stop])
    if known.tried is not None:
        found |= _of_trial(known.tried, now, settings)
    return tuple(off for off in Off if off in found)


def _of_trial(tried: Tried, now: Now, settings: Settings) -> set[Off]:
    """What of a trial holds no more, or never did."""
    found: set[Off] = set()
    if tried.score.verdict is not Verdict.OPEN:
        found.add(Off.SHUT)
    if len(tried.used) > settings.flicker.days:
        found.add(Off.EXPIRED)
    if not now.electrodes.issuperset(tried.electrodes) or tried.board != settings.headband.board:
        found.add(Off.ELECTRODES)
    return found


def of_trial(off: tuple[Off, ...]) -> tuple[Off, ...]:
    """Why not even a trial may be made."""
    return tuple(each for each in off if each not in UNTIL_TRIED)
