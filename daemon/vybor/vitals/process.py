"""The process `vitals`: reads what the kernel tells of the machine, says it, and what the kit does without."""

import logging
import threading
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.loop import run
from vybor.foundation.settings import Settings
from vybor.foundation.start import Start
from vybor.vitals import sparing, sysfs

log = logging.getLogger("vybor.vitals")

READ_S = 5.0
STALE_NS = seconds(30)
"""What was read so long ago holds no more: a chip on a bus that hangs keeps its reader waiting."""
TURN_S = 0.5
WITHIN_NS = seconds(20)
"""A voice that has not taken the sentence by then is not to begin with it."""
CALLS: dict[str, str] = {
    "en": "This is the writing kit. My battery is nearly empty. Please plug me in.",
    "ru": "Говорит прибор для письма. Моя батарея почти разряжена. Подключите меня, пожалуйста, к сети.",
}
"""The kit speaks for itself: words of the wearer's are never said unasked."""


class Watching:
    """The newest reading, by a thread that may hang without anybody else hanging."""

    def __init__(self, place: Path, clock: Clock) -> None:
        self._place = place
        self._clock = clock
        self._stop = threading.Event()
        self._newest = (clock.now_ns(), sysfs.Reading())
        self._thread = threading.Thread(target=self._run, name="sysfs", daemon=True)

    def begin(self) -> None:
        """Read, again and again."""
        self._thread.start()

    def reading(self, now_ns: int) -> sysfs.Reading:
        """What was read last; nothing where that is long ago."""
        read_ns, reading = self._newest
        return reading if now_ns - read_ns <= STALE_NS else sysfs.Reading()

    def end(self) -> None:
        """Read no more; a reader that hangs ends with the process."""
        self._stop.set()

    def _run(self) -> None:
        while True:
            reading = sysfs.read(self._place)
            self._newest = (self._clock.now_ns(), reading)
            if self._stop.wait(READ_S):
                return


class VitalsRoom:
    """The room `vitals`."""

    def __init__(self, bus: Bus, watching: Watching, settings: Settings) -> None:
        self._bus = bus
        self._watching = watching
        self._profile = settings.vitals.profile
        self._language = settings.language
        self._sparing = sparing.Sparing()
        self._told: tuple[object, ...] = ()
        self._call: tuple[str, int] | None = None
        """The request of what is to be said aloud, and until when."""

    def heard(self, heard: Heard, now_ns: int) -> None:
        """Nothing is listened to."""

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Nothing is asked of it."""
        reason = "vitals takes no commands: it only tells of battery and heat"
        self._bus.answer(asked, m.Refused(request=asked.command.request, reason=reason))

    def answered(self, answered: Answered, now_ns: int) -> None:
        """The voice takes the sentence, or does not."""
        if self._call and answered.reply.request == self._call[0]:
            self._call = None

    def turn(self, now_ns: int) -> float:
        """Decide by what was read last, and say what has changed."""
        before = self._sparing
        self._sparing = sparing.passed(before, self._watching.reading(now_ns), now_ns)
        if sparing.call(before, self._sparing):
            self._call_aloud(now_ns)
        if self._call and now_ns > self._call[1]:
            self._bus.take_back("voice", self._call[0])
            self._call = None
        self._tell(now_ns)
        return TURN_S

    def troubles(self) -> tuple[m.Notice, ...]:
        """What somebody should do about battery, supply or heat."""
        return sparing.notices(self._sparing)

    def close(self) -> None:
        """Read no more."""
        self._watching.end()

    def _tell(self, now_ns: int) -> None:
        reading, thrift = self._sparing.reading, self._sparing.thrift(self._profile)
        battery = reading.battery
        told = (battery, reading.temperature_c, thrift)
        if told == self._told:
            return
        if not self._told or self._told[-1] is not thrift:
            log.info("thrift: step=%d name=%s", thrift, thrift.name.lower())
        self._told = told
        self._bus.publish(
            m.Vitals(
                at_ns=now_ns,
                battery_percent=battery.percent if battery else None,
                is_discharging=battery is not None and battery.is_discharging,
                temperature_c=reading.temperature_c,
                thrift=thrift,
            )
        )

    def _call_aloud(self, now_ns: int) -> None:
        request, until_ns = self._bus.new_request(), now_ns + WITHIN_NS
        text, language = CALLS[self._language], self._language
        self._bus.ask("voice", m.Alert(request=request, text=text, language=language, until_ns=until_ns))
        self._call = (request, until_ns)


def main(start: Start) -> None:
    """Watch until asked to end."""
    bus = Bus("vitals", start.places.runtime, start.clock)
    bus.reach("voice")
    watching = Watching(start.places.sysfs, start.clock)
    watching.begin()
    run(VitalsRoom(bus, watching, start.settings), bus, start.clock, start.heart)
