"""Whether anything on the screen may flicker: every reason why not, in one place, with its sentence. Pure.

Flicker can bring on seizures in people who never had one. So it is off unless all of this holds at once, and off
again at the moment when one thing no longer does. Nobody else decides it: the display lets flicker what `Screen`
names, and can only refuse.
"""

from datetime import datetime, timedelta
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
    CHANGED = "changed"
    UNCONFIRMED = "unconfirmed"
    MOTION = "motion"
    NOT_WANTED = "not_wanted"
    ENDED = "ended"
    UNWANTED = "unwanted"
    STOPPED = "stopped"
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
        "nobody has answered about seizures: ask, then `vybor config set flicker.seizures no`, or yes, and start "
        "core again"
    ),
    Off.CHANGED: "a setting that it hangs on was changed since core started: start core again",
    Off.UNCONFIRMED: "no clinician has confirmed it: `vybor headband flicker confirm`, typed by them",
    Off.MOTION: "motion is to be little (display.reduced_motion)",
    Off.NOT_WANTED: "it is off, as it is from the first day: `vybor config set flicker.on true`",
    Off.ENDED: (
        "the wearer rested, or called for help, soon after words flickered: off until tomorrow, and for twelve "
        "hours"
    ),
    Off.UNWANTED: (
        "it was stopped at the screen, by Escape or by holding the switch: off until the display starts again at "
        "least"
    ),
    Off.STOPPED: (
        "somebody stopped it at the screen: off until `vybor headband flicker confirm`, or a new trial: "
        "`vybor fit --only flicker`"
    ),
    Off.UNSTEADY: (
        "the screen is not refreshed steadily enough; it is measured again after a minute, or longer; a panel "
        "without a desktop may be steady"
    ),
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
UNTIL_TRIED = (Off.STOPPED, Off.UNTRIED, Off.SHUT, Off.EXPIRED, Off.ELECTRODES)
"""What a trial mends, and what must not keep one from being made."""
DAY = len("2026-01-01")
ENOUGH = timedelta(hours=12)
"""Who has had enough just before midnight has had enough at midnight."""
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
    """Those that were heard while something flickered; a trial without any holds for none."""
    used: tuple[str, ...] = ()
    """Days on which something flickered since, that of the trial among them."""
    board: str = ""
    """Which headband it was, as it was found: the settings may leave that open."""

    @property
    def score(self) -> Score:
        """For the gate."""
        return flicker_gate.Score(self.right, self.trials, self.rhythms)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What outlives a start."""

    confirmed: Confirmed | None = None
    tried: Tried | None = None
    ended: str = ""
    """When the wearer last had enough of it: by the clock on the wall, in ISO 8601 with its zone."""
    stopped: bool = False
    """Somebody stopped it at the screen, and nobody has confirmed or tried it since."""


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """What is so at the moment."""

    headband: bool = False
    """Whether one sends."""
    trouble: bool = False
    """Whether anything at all is wrong."""
    stop: m.FlickerStop | None = None
    electrodes: frozenset[m.ElectrodeAt] = frozenset()
    """Those that are heard."""
    board: str = ""
    """The headband that sends."""
    changed: bool = False
    """Whether the settings are others by now than those that are known here."""
    at: str = ""
    """By the clock on the wall, in ISO 8601 with its zone."""

    @property
    def day(self) -> str:
        """Today."""
        return self.at[:DAY]


def reasons(settings: Settings, known: Known, now: Now) -> tuple[Off, ...]:
    """Every reason why nothing may flicker, the gravest first; none: it may."""
    wanted = settings.flicker
    so = {
        Off.SEIZURES: wanted.seizures is Seizures.YES,
        Off.UNANSWERED: wanted.seizures is Seizures.UNANSWERED,
        Off.CHANGED: now.changed,
        Off.UNCONFIRMED: known.confirmed is None,
        Off.MOTION: settings.display.reduced_motion,
        Off.NOT_WANTED: not wanted.on,
        Off.ENDED: _had_enough(known.ended, now),
        Off.STOPPED: known.stopped,
        Off.NO_HEADBAND: not now.headband,
        Off.TROUBLE: now.trouble,
        Off.UNTRIED: known.tried is None,
    }
    found = {off for off, is_so in so.items() if is_so}
    if now.stop is not None:
        found.add(STOPPED[now.stop])
    if known.tried is not None:
        found |= _of_trial(known.tried, now, settings.flicker.days)
    return tuple(off for off in Off if off in found)


def _had_enough(ended: str, now: Now) -> bool:
    """Whether the wearer had enough today, or within half a day: nobody has had enough for a minute."""
    if not ended or ended[:DAY] == now.day:
        return bool(ended)
    try:
        return abs(datetime.fromisoformat(now.at) - datetime.fromisoformat(ended)) < ENOUGH
    except (ValueError, TypeError):  # a day alone, or no date at all
        return False


def _of_trial(tried: Tried, now: Now, days: int) -> set[Off]:
    """What of a trial holds no more, or never did; what flickers today uses today."""
    found: set[Off] = set()
    if tried.score.verdict is not Verdict.OPEN:
        found.add(Off.SHUT)
    if len({*tried.used, now.day}) > days:
        found.add(Off.EXPIRED)
    is_heard = bool(tried.electrodes) and now.electrodes.issuperset(tried.electrodes)
    if not is_heard or not now.board or tried.board != now.board:
        found.add(Off.ELECTRODES)
    return found


def of_trial(off: tuple[Off, ...]) -> tuple[Off, ...]:
    """Why not even a trial may be made."""
    return tuple(each for each in off if each not in UNTIL_TRIED)
