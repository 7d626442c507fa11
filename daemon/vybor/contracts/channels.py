"""Who publishes what, of which kind and how often.

One table, read by the bus (who may publish, what is conflated, how often a state is said again), by liveness
(when a publisher counts as silent), by the journal and by the rate tests.
"""

from enum import StrEnum

import msgspec

from vybor.contracts import messages as m


class Kind(StrEnum):
    """How a message is delivered."""

    STATE = "state"
    """Whole and conflated: only the newest matters. Said again at `hz`, so late and slow readers are right."""
    EVENT = "event"
    """Numbered and never conflated: a reader notices a gap."""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One row: a type of message and its rules."""

    carries: type[m.Message]
    publishers: tuple[str, ...]
    kind: Kind
    hz: float
    """States: the least rate at which the newest is published (0: sources of samples, which repeat nothing)."""

    @property
    def topic(self) -> str:
        """The name on the wire."""
        return self.carries.__name__


EVERY_PROCESS = (
    *("headband", "gaze", "eyetracker", "generator", "core", "journal", "voice", "display", "safe"),
    *("sync", "vitals", "browser", "panel"),
)

DISPLAYS = ("display", "browser")
"""One of them, by browser.listen."""

CHANNELS: tuple[Channel, ...] = (
    Channel(
        carries=m.Gaze, publishers=("gaze", "eyetracker"), kind=Kind.STATE, hz=0
    ),  # one of them, by gaze.source
    Channel(carries=m.Tracker, publishers=("eyetracker",), kind=Kind.STATE, hz=1),
    Channel(carries=m.CalibrationTarget, publishers=("gaze",), kind=Kind.STATE, hz=5),
    Channel(carries=m.Gesture, publishers=("headband", "gaze"), kind=Kind.EVENT, hz=0),
    Channel(carries=m.Flickered, publishers=("headband",), kind=Kind.EVENT, hz=0),
    Channel(carries=m.Pointer, publishers=DISPLAYS, kind=Kind.STATE, hz=0),
    Channel(carries=m.BrowserLook, publishers=("browser",), kind=Kind.STATE, hz=0),
    Channel(carries=m.Worn, publishers=("headband",), kind=Kind.STATE, hz=2),
    Channel(carries=m.Engaged, publishers=("headband",), kind=Kind.STATE, hz=2),
    Channel(carries=m.Samples, publishers=("headband",), kind=Kind.EVENT, hz=0),
    Channel(carries=m.SwitchPress, publishers=DISPLAYS, kind=Kind.EVENT, hz=0),
    Channel(carries=m.Shown, publishers=DISPLAYS, kind=Kind.STATE, hz=5),
    Channel(carries=m.LookedAt, publishers=("core",), kind=Kind.EVENT, hz=0),
    Channel(carries=m.Screen, publishers=("core",), kind=Kind.STATE, hz=5),
    Channel(carries=m.Highlight, publishers=("core",), kind=Kind.STATE, hz=5),
    Channel(carries=m.Fitted, publishers=("core",), kind=Kind.STATE, hz=1),
    Channel(carries=m.Prompt, publishers=("core",), kind=Kind.STATE, hz=1),
    Channel(carries=m.Ahead, publishers=("core",), kind=Kind.STATE, hz=1),
    Channel(carries=m.Proposals, publishers=("generator",), kind=Kind.STATE, hz=1),
    Channel(carries=m.CountsWorn, publishers=("generator",), kind=Kind.STATE, hz=1),
    Channel(carries=m.SignsWorn, publishers=("generator",), kind=Kind.STATE, hz=1),
    Channel(carries=m.SyncStatus, publishers=("sync",), kind=Kind.STATE, hz=1),
    Channel(carries=m.PanelStatus, publishers=("panel",), kind=Kind.STATE, hz=1),
    Channel(carries=m.PowerAsked, publishers=("core",), kind=Kind.STATE, hz=1),
    Channel(carries=m.Vitals, publishers=("vitals",), kind=Kind.STATE, hz=1),
    Channel(carries=m.Health, publishers=EVERY_PROCESS, kind=Kind.STATE, hz=2),
)

BY_TYPE = {channel.carries: channel for channel in CHANNELS}

SILENT_AFTER_PERIODS = 6
"""A state unseen for so many of its periods means that its publisher is gone or stuck (3 s for `Health`)."""


def silent_after_ns(channel: Channel) -> int:
    """Age at which the newest message of a repeated state says nothing any more."""
    if channel.hz <= 0:
        raise ValueError(f"{channel.topic} is not repeated, so its age says nothing about its publisher")
    return round(SILENT_AFTER_PERIODS / channel.hz * 1e9)
