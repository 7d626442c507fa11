"""What the carer's page asks for that takes the kit from the wearer: a new start, and switching off. Pure.

The wearer reads of it first. Whatever they choose meanwhile stops it: who writes is not to be interrupted, and
who does not want it needs no tile for that. Nothing is done before all that was chosen is saved.
"""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.messages import PowerEnd, PowerWish
from vybor.foundation.clock import seconds

WAITS_NS: Mapping[PowerWish, int] = MappingProxyType({PowerWish.RESTART: seconds(10), PowerWish.OFF: seconds(30)})
"""So long the wearer has: who chooses slowly needs ten seconds for a choice."""
SAVES_NS = seconds(10)
"""So long it waits beyond that for what is not saved yet; then it is given up."""
STEP_S = 5
BUSY = "something was asked for already, and waits; take that back first"
NOTHING = "nothing is asked for that could be taken back"
STARTING = "the kit is only starting; ask again in a moment"
CALLING = "the wearer calls for help"
NO_MACHINE = (
    "this kit was started by hand, and may not switch the machine off; end it where it was started, "
    "and switch the machine off as usual"
)
UNSAVED = "what was written last is not saved; see what the part Record says, and ask again"


class Power(msgspec.Struct, frozen=True):
    """What was asked for last, and how far it is."""

    wish: PowerWish | None = None
    processes: tuple[str, ...] = ()
    until_ns: int = 0
    end: PowerEnd = PowerEnd.DONE
    reason: str = ""

    @property
    def waits(self) -> bool:
        """Whether the wearer can still stop it."""
        return self.wish is not None and self.end is PowerEnd.WAITS


class Able(msgspec.Struct, frozen=True):
    """What this kit can do, and what the wearer is at."""

    is_kept: bool
    """Whether somebody starts processes again."""
    has_machine: bool
    """Whether it may switch the machine off."""
    is_shown: bool
    """Whether the wearer has a screen to read it on."""
    is_calling: bool


def asked(power: Power, command: m.AskPower, able: Able, alone: str, now_ns: int) -> tuple[Power, str]:
    """What follows from a wish, and why not; `alone`: what is said where nobody would start a process again."""
    if command.wish is PowerWish.CANCEL:
        if not power.waits:
            return power, NOTHING
        return msgspec.structs.replace(power, end=PowerEnd.CANCELLED), ""
    if reason := _refusal(power, command, able, alone):
        return power, reason
    until_ns = now_ns + WAITS_NS[command.wish]
    return Power(command.wish, command.processes, until_ns, PowerEnd.WAITS), ""


def _refusal(power: Power, command: m.AskPower, able: Able, alone: str) -> str:
    unknown = [name for name in command.processes if name not in channels.EVERY_PROCESS]
    if unknown:
        return f"{unknown[0]} is no part of the kit; there are {', '.join(channels.EVERY_PROCESS)}"
    if power.waits:
        return BUSY
    if not able.is_shown:
        return STARTING
    if able.is_calling:
        return CALLING
    if command.wish is PowerWish.OFF:
        return "" if able.has_machine else NO_MACHINE
    return "" if able.is_kept else alone


def chosen(power: Power) -> Power:
    """The wearer chooses: that stops it."""
    return msgspec.structs.replace(power, end=PowerEnd.STOPPED) if power.waits else power


def hidden(power: Power, now_ns: int) -> Power:
    """The wearer cannot read of it now: all the time that they have begins anew."""
    if not power.waits or power.wish is None:
        return power
    return msgspec.structs.replace(power, until_ns=now_ns + WAITS_NS[power.wish])


def passed(power: Power, now_ns: int, *, is_saved: bool) -> tuple[Power, bool]:
    """Time passes; whether it is to be done now."""
    if not power.waits or now_ns < power.until_ns:
        return power, False
    if is_saved:
        return msgspec.structs.replace(power, end=PowerEnd.DONE), True
    if now_ns < power.until_ns + SAVES_NS:
        return power, False
    return failed(power, UNSAVED), False


def failed(power: Power, reason: str) -> Power:
    """It could not be done."""
    return msgspec.structs.replace(power, end=PowerEnd.FAILED, reason=reason)


def told(power: Power, now_ns: int) -> m.PowerAsked:
    """What the screen and the page show."""
    left_s = -(-max(0, power.until_ns - now_ns) // seconds(STEP_S)) * STEP_S if power.waits else 0
    return m.PowerAsked(
        at_ns=now_ns,
        wish=power.wish,
        processes=power.processes,
        left_s=left_s,
        end=power.end,
        reason=power.reason,
    )
