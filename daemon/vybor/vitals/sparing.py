"""What the kit does without, from what is left of its battery and how hot it is. Pure.

A battery that has little left decides at once, a step at each of four levels. Heat and a weak supply decide
slowly: a step more each half minute while they last, a step less each two minutes once they are over. A processor
that does less needs a while to cool, and one that did all again at once would be hot again at once.
"""

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Thrift
from vybor.foundation.clock import seconds
from vybor.foundation.vitals_settings import Profile
from vybor.vitals.sysfs import Battery, Reading

LOW_PERCENT, EMPTY_PERCENT, LAST_PERCENT = 20, 10, 5
"""Of the first the wearer is told, of the others whoever is in the room, aloud."""
STEPS = {
    LAST_PERCENT: Thrift.WORDS,
    EMPTY_PERCENT: Thrift.MODEL,
    LOW_PERCENT: Thrift.CANDIDATES,
    30: Thrift.FRAMES,
}
"""On its battery the kit does without so much below so many per cent, the least first."""
SLACK_PERCENT = 2
"""A gauge goes up and down by itself: less is saved again only from so much higher on."""
HOT_C, COOL_C = 80, 72
"""A Raspberry Pi's firmware begins to slow down at 80 °C; the kit does, before that costs looks."""
MORE_NS, LESS_NS = seconds(30), seconds(120)
MOST_FOR_HEAT = Thrift.MODEL
"""Words of the lists cost no heat to speak of."""


class Sparing(msgspec.Struct, frozen=True):
    """How much is saved, and for what."""

    for_battery: Thrift = Thrift.NOTHING
    for_heat: Thrift = Thrift.NOTHING
    """Or for a weak supply, which heat and load have in common."""
    changed_ns: int = 0
    """When that changed last."""
    cool_since_ns: int = 0
    """Since when it need not be, if it need not."""
    reading: Reading = Reading()

    def thrift(self, profile: Profile) -> Thrift:
        """What the kit does without now."""
        least = Thrift.CANDIDATES if profile is Profile.QUIET else Thrift.NOTHING
        return max(least, self.for_battery, self.for_heat)


def passed(sparing: Sparing, reading: Reading, now_ns: int) -> Sparing:
    """What follows from what was read now."""
    strain, is_cool = _strain(reading)
    cool_since_ns = sparing.cool_since_ns if is_cool else now_ns
    before = sparing.for_heat
    heat = before
    if strain and before < MOST_FOR_HEAT and (before is Thrift.NOTHING or now_ns - sparing.changed_ns >= MORE_NS):
        heat = Thrift(before + 1)
    elif before and now_ns - max(cool_since_ns, sparing.changed_ns) >= LESS_NS:
        heat = Thrift(before - 1)
    changed_ns = sparing.changed_ns if heat is before else now_ns
    return Sparing(_for_battery(sparing.for_battery, reading.battery), heat, changed_ns, cool_since_ns, reading)


def _strain(reading: Reading) -> tuple[bool, bool]:
    """Whether the kit must do less, and whether it may do more; in between it goes on as it is."""
    degrees = reading.temperature_c
    strained = reading.is_slowed or reading.is_weak or (degrees is not None and degrees >= HOT_C)
    return strained, not strained and (degrees is None or degrees <= COOL_C)


def _for_battery(before: Thrift, battery: Battery | None) -> Thrift:
    if battery is None or not battery.is_discharging:
        return Thrift.NOTHING
    reached = _step(battery.percent)
    return max(reached, min(before, _step(battery.percent - SLACK_PERCENT)))


def _step(percent: int) -> Thrift:
    return next((step for limit, step in STEPS.items() if percent <= limit), Thrift.NOTHING)


def notices(sparing: Sparing) -> tuple[m.Notice, ...]:
    """What somebody should know or do."""
    reading, found = sparing.reading, []
    battery, degrees = reading.battery, reading.temperature_c
    if battery and battery.is_discharging and sparing.for_battery >= Thrift.CANDIDATES:
        trouble = m.Trouble.BATTERY_EMPTY if sparing.for_battery >= Thrift.MODEL else m.Trouble.BATTERY_LOW
        found.append((trouble, f"{battery.percent} % are left"))
    if reading.is_weak:
        found.append(
            (m.Trouble.POWER_WEAK, "the voltage is too low; a Pi 5 wants its own 27 W supply, or its HAT")
        )
    if sparing.for_heat > Thrift.NOTHING and not reading.is_weak:
        found.append(
            (m.Trouble.KIT_HOT, f"{degrees} °C" if degrees is not None else "the processor is slowed down")
        )
    return tuple(m.Notice(process="vitals", trouble=trouble, detail=detail) for trouble, detail in found)


def call(before: Sparing, after: Sparing) -> bool:
    """Whether somebody in the room is to be told aloud: once at each of the last two levels."""
    return after.for_battery > before.for_battery and after.for_battery >= Thrift.MODEL
