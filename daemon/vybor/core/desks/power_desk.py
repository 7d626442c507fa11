"""Has done what the carer's page asked for: tells the wearer, asks processes to start again, and knocks for off.

Switching the machine off is a knock at a socket of systemd's that this process alone may open (VYBOR_POWER):
nothing is read there, and the page cannot reach it past the wearer.
"""

import logging
import os
import socket
from collections.abc import Mapping

import msgspec

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.messages import PowerWish
from vybor.core.decision import power
from vybor.core.decision.state import Deciding
from vybor.foundation.bus import Answered, Asked, Bus
from vybor.foundation.clock import seconds
from vybor.foundation.heartbeat import is_kept
from vybor.foundation.loop import ALONE

log = logging.getLogger("vybor.core")

SELF = "core"
DOOR = "VYBOR_POWER"
OTHERS_NS = seconds(3)
"""So long the others have to hear of a new start before this process ends too."""
KNOCK_S = 2.0


class PowerDesk:
    """The wish, on the bus."""

    def __init__(self, bus: Bus, environ: Mapping[str, str] = os.environ) -> None:
        self._bus = bus
        self._door = environ.get(DOOR, "")
        self._is_kept = is_kept(environ)
        self._power = power.Power()
        self._choices = 0
        self._told: m.PowerAsked | None = None
        self._waiting: dict[str, str] = {}
        """Which processes have not heard yet that they are to start again, by request."""
        self._until_ns = 0
        self._ends = False
        """Whether this process is to start again once they have."""

    def asked(self, asked: Asked, state: Deciding, now_ns: int) -> bool:
        """Take a wish of the carer's page; False: the command is none."""
        if not isinstance(asked.command, m.AskPower):
            return False
        able = power.Able(self._is_kept, bool(self._door), bool(state.tiles), state.writing.calling)
        self._power, reason = power.asked(self._power, asked.command, able, ALONE, now_ns)
        request = asked.command.request
        self._bus.answer(asked, m.Refused(request=request, reason=reason) if reason else m.Done(request=request))
        if not reason:
            self._give_up()
            log.info("the carer's page asks: wish=%s processes=%s", asked.command.wish, asked.command.processes)
        return True

    def heard(self, message: m.AnyMessage, now_ns: int) -> None:
        """The display shows dots in place of what the wearer is to read."""
        if isinstance(message, m.Shown) and message.target is not None and message.target.dot is not None:
            self._power = power.hidden(self._power, now_ns)

    def chosen(self, choices: int) -> None:
        """The wearer has made so many choices: a new one stops it."""
        if choices == self._choices:
            return
        self._choices = choices
        if self._power.waits:
            log.info("the wearer went on; what the carer's page asked for is stopped")
        self._power = power.chosen(self._power)

    def answered(self, answered: Answered) -> bool:
        """A process starts again, or says why not; False: the answer is to something else."""
        if self._waiting.pop(answered.reply.request, None) is None:
            return False
        if isinstance(answered.reply, m.Refused):
            self._power = power.failed(self._power, f"{answered.by}: {answered.reply.reason}")
        return True

    def turn(self, now_ns: int, *, is_saved: bool) -> None:
        """Do what is due, and say how far it is."""
        self._power, is_due = power.passed(self._power, now_ns, is_saved=is_saved)
        if is_due and self._power.wish is PowerWish.OFF:
            self._knock()
        elif is_due:
            self._start_again(now_ns)
        self._go_on(now_ns, is_saved=is_saved)
        told = power.told(self._power, now_ns)
        if self._told is None or msgspec.structs.replace(told, at_ns=self._told.at_ns) != self._told:
            self._told = told
            self._bus.publish(told)

    def _start_again(self, now_ns: int) -> None:
        names = self._power.processes or channels.EVERY_PROCESS
        self._ends, self._until_ns = SELF in names, now_ns + OTHERS_NS
        for name in names:
            if name != SELF:
                request = self._bus.new_request()
                self._waiting[request] = name
                self._bus.ask(name, m.StartAgain(request=request))

    def _go_on(self, now_ns: int, *, is_saved: bool) -> None:
        """Ask no longer than that: who comes back later must not start a second time. At last, end oneself.

        What was chosen meanwhile waits for the journal's new start, and would end with this process.
        """
        if now_ns >= self._until_ns:
            for name in self._give_up():
                self._power = power.failed(
                    self._power, f"{name} did not answer; it starts again once it is missed"
                )
        if not self._ends or self._waiting:
            return
        if is_saved:
            self._ends = False
            self._bus.ask(SELF, m.StartAgain(request=self._bus.new_request()))
        elif now_ns >= self._until_ns + power.SAVES_NS:
            self._ends = False
            self._power = self._power if self._power.waits else power.failed(self._power, power.UNSAVED)

    def _give_up(self) -> list[str]:
        """Ask nobody any more; who had not answered. What becomes of an older wish is nothing of a newer one."""
        names = list(self._waiting.values())
        for request, name in self._waiting.items():
            self._bus.take_back(name, request)
        self._waiting.clear()
        return names

    def _knock(self) -> None:
        log.warning("the machine is switched off, as the carer's page asked")
        try:
            with socket.socket(socket.AF_UNIX) as knocking:
                knocking.settimeout(KNOCK_S)
                knocking.connect(self._door)
        except OSError as error:
            why = (
                f"systemd does not open {self._door} ({error.strerror}); see `systemctl status vybor-power.socket`"
            )
            self._power = power.failed(self._power, why)
