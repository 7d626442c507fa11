"""How the kit is, from what its processes say of themselves; not a word of what is written is heard. Pure."""

from enum import StrEnum

import msgspec

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.complaints import NO_COMPLAINT
from vybor.contracts.numbers import Learned
from vybor.foundation.clock import seconds

HEARS = (m.Health, m.Gaze, m.Worn, m.SyncStatus, m.PowerAsked, m.Vitals)
"""Neither the screen nor what the model proposes: what does not come here cannot be read here."""
STARTS_NS = seconds(60)
"""A process that has not spoken yet may still be starting for so long."""
SILENT_NS = channels.silent_after_ns(channels.BY_TYPE[m.Health])
LOOKS_OLD_NS = seconds(3)
"""Of a look, or of what a headband says of itself: then nothing comes any more."""


class Standing(StrEnum):
    """How a part is doing."""

    WELL = "well"
    TROUBLE = "trouble"
    SILENT = "silent"
    STARTING = "starting"


class Part(msgspec.Struct, frozen=True):
    """One process."""

    process: str
    standing: Standing
    notices: tuple[m.Notice, ...] = ()


class Band(msgspec.Struct, frozen=True):
    """A headband."""

    board: str
    battery: int | None
    """In percent; None where it does not tell."""
    electrodes: tuple[m.Electrode, ...]


class Version(msgspec.Struct, frozen=True):
    """Something that the workstation sent."""

    serial: int
    state: m.GrownState
    kind: Learned
    whole: str = ""
    """The name of a whole model."""
    at: str = ""
    """The day on which it came."""
    reason: str = ""
    is_worn: bool = False

    @property
    def is_of_model(self) -> bool:
        """Whether it is a model, or what one learned: the rest are numbers of one person."""
        return self.kind is Learned.ADAPTER


class Faring(msgspec.Struct, frozen=True):
    """How the kit is; equal to another one where a page would look the same."""

    parts: tuple[Part, ...] = ()
    eyes: m.Eyes | None = None
    """None: no look comes."""
    band: Band | None = None
    sharing: m.Sharing | None = None
    """None: nobody has said how what leaves stands."""
    model: str | None = None
    """Its name; empty: none is loaded; None: it was not told."""
    versions: tuple[Version, ...] = ()
    """What the workstation sent, oldest first."""
    free_mb: int | None = None
    """Of the disk; None: nobody has looked."""
    battery_percent: int | None = None
    """Of the kit itself; None: it has none, or nobody tells."""
    is_discharging: bool = False
    temperature_c: int | None = None
    thrift: m.Thrift = m.Thrift.NOTHING
    """What the kit does without for the sake of both."""

    @property
    def worn(self) -> Version | None:
        """What of it the model wears, if anything."""
        return next((each for each in reversed(self.versions) if each.is_worn and each.is_of_model), None)

    @property
    def standing(self) -> Standing:
        """Of the kit as a whole."""
        found = {part.standing for part in self.parts}
        if not self.parts or found == {Standing.SILENT}:
            return Standing.SILENT
        if found & {Standing.TROUBLE, Standing.SILENT}:
            return Standing.TROUBLE
        return Standing.STARTING if Standing.STARTING in found else Standing.WELL

    @property
    def troubled(self) -> int:
        """So many parts need somebody."""
        return sum(part.standing in (Standing.TROUBLE, Standing.SILENT) for part in self.parts)


class Known(msgspec.Struct, frozen=True):
    """The newest of each message, and when it came."""

    began_ns: int
    health: dict[str, m.Health] = {}
    gaze: m.Gaze | None = None
    worn: m.Worn | None = None
    worn_ns: int = 0
    sharing: m.Sharing | None = None
    grown: m.GrownTold | None = None
    vitals: m.Vitals | None = None


def heard(known: Known, message: m.AnyMessage, now_ns: int) -> Known:
    """Take in a message."""
    match message:
        case m.Health():
            return msgspec.structs.replace(known, health={**known.health, message.process: message})
        case m.Gaze():
            return msgspec.structs.replace(known, gaze=message)
        case m.Worn():
            return msgspec.structs.replace(known, worn=message, worn_ns=now_ns)
        case m.SyncStatus():
            return msgspec.structs.replace(known, sharing=message.sharing)
        case m.Vitals():
            return msgspec.structs.replace(known, vitals=message)
        case _:
            return known


def answered(known: Known, reply: m.AnyReply) -> Known:
    """Take in what was asked for."""
    return msgspec.structs.replace(known, grown=reply) if isinstance(reply, m.GrownTold) else known


def told(known: Known, now_ns: int, free_mb: int | None) -> Faring:
    """How it is now."""
    gaze = known.gaze if known.gaze and now_ns - known.gaze.at_ns <= LOOKS_OLD_NS else None
    band = known.worn if known.worn and now_ns - known.worn_ns <= LOOKS_OLD_NS else None
    parts = tuple(_part(name, known, now_ns) for name in channels.EVERY_PROCESS)
    silent = {part.process for part in parts if part.standing is Standing.SILENT}
    vitals = known.vitals if known.vitals and "vitals" not in silent else m.Vitals(at_ns=0)
    return Faring(
        parts=parts,
        eyes=gaze.eyes if gaze else None,
        band=_band(band) if band and band.electrodes else None,
        sharing=_without_digits(known.sharing) if known.sharing and "sync" not in silent else None,
        model=known.grown.model if known.grown and "generator" not in silent else None,
        versions=_versions(known.grown),
        free_mb=free_mb,
        battery_percent=vitals.battery_percent,
        is_discharging=vitals.is_discharging,
        temperature_c=vitals.temperature_c,
        thrift=vitals.thrift,
    )


def _part(name: str, known: Known, now_ns: int) -> Part:
    health = known.health.get(name)
    since_ns, limit_ns = (health.at_ns, SILENT_NS) if health else (known.began_ns, STARTS_NS)
    if now_ns - since_ns > limit_ns:
        return Part(name, Standing.SILENT)
    if health is None:
        return Part(name, Standing.STARTING)
    is_well = all(notice.trouble in NO_COMPLAINT for notice in health.troubles)
    return Part(name, Standing.WELL if is_well else Standing.TROUBLE, health.troubles)


def _band(worn: m.Worn) -> Band:
    battery = None if worn.battery is None else round(worn.battery)
    return Band(worn.board, battery, worn.electrodes)


def _without_digits(sharing: m.Sharing) -> m.Sharing:
    """Whoever pairs a workstation stands before the kit: its digits and words are for nobody else."""
    if sharing.pairing is None:
        return sharing
    return msgspec.structs.replace(sharing, pairing=msgspec.structs.replace(sharing.pairing, digits="", words=()))


def _versions(grown: m.GrownTold | None) -> tuple[Version, ...]:
    return tuple(_version(each) for each in grown.grown if each.kind is not Learned.FRAMES) if grown else ()


def _version(each: m.Grown) -> Version:
    became = each.became
    return Version(
        became.serial, became.state, each.kind, each.whole, each.at[:10], became.reason, is_worn=each.is_worn
    )
