"""The voice on the bus: carries out the plan with real programs, and waits for none of them."""

import logging
import select
from collections.abc import Mapping

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.foundation.loop import run
from vybor.foundation.settings import VoiceSettings
from vybor.foundation.start import Start
from vybor.sound import alarm
from vybor.sound.chain import Chain
from vybor.voice import piper, plan, speech
from vybor.voice.loudness import Loudness
from vybor.voice.performance import Means, Performance

TURN_S = 0.5
PIPER_TURN_S = 0.1
"""While a Piper starts, it is looked at so often."""
KILLED_FOR_NS = seconds(2)
"""A killed player that is still there after this hangs in its driver: the next sound does not wait for it."""
CLOSE_S = 1.0


class Voice:
    """The room `voice`: a plan, the programs at work on it, and those that have been told to end."""

    def __init__(self, settings: VoiceSettings, help_calls: Mapping[str, bytes], bus: Bus) -> None:
        self._bus = bus
        self._plan = plan.Plan()
        self._performance: Performance | None = None
        self._killed: list[tuple[Chain, int]] = []
        """What was told to end, and until when the next sound waits for that."""
        self._hanging: list[Chain] = []
        """What nothing waits for any more, until it is gone all the same."""
        self._ends = select.epoll()
        bus.watch(self._ends.fileno())
        found, self._no_piper = piper.found(settings)
        self._piper = piper.Piper(piper.command(settings, found.path), found, self._ends) if found else None
        self._means = Means(settings, help_calls, self._piper, self._ends)
        self._loudness = Loudness(settings.player, self._ends)

    def heard(self, heard: Heard, now_ns: int) -> None:
        """The voice listens to no channel: what it says it is asked to say."""

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Accept a command; the turn that follows carries it out."""
        self._plan, reply = plan.asked(self._plan, asked.command, now_ns)
        self._bus.answer(asked, reply)

    def answered(self, answered: Answered, now_ns: int) -> None:
        """The voice asks nothing."""

    def turn(self, now_ns: int) -> float:
        """Take in what has ended, stop what should not sound, begin what should."""
        self._take_in(now_ns)
        self._plan = plan.chosen(self._plan, now_ns)
        if self._performance is not None and self._plan.sounding is not self._performance.sound:
            self._stop(now_ns)
        self._take_leave(now_ns)
        if self._plan.sounding is not None and self._performance is None and not self._killed:
            self._performance = Performance(self._plan.sounding, self._means, now_ns)
            if not isinstance(self._plan.sounding, plan.Whisper):
                self._loudness.look(now_ns)
        if self._piper:
            self._piper.turn(now_ns)
        self._loudness.turn(now_ns)
        return self._wait_s(now_ns)

    def troubles(self) -> tuple[m.Notice, ...]:
        """Why nothing can be heard, what speaks instead, and that a call for help is under way."""
        found: list[m.Notice] = []
        if self._plan.calling is not None:
            found.append(m.Notice(process="voice", trouble=m.Trouble.CALLING_HELP))
        details = {
            m.Trouble.SOUND_MISSING: self._plan.problem,
            m.Trouble.SOUND_MUTED: self._loudness.silenced,
            m.Trouble.WHISPER_MISSING: self._plan.whisper_problem,
            m.Trouble.NOT_SPOKEN: plan.TOO_LATE if self._plan.dropped_until_ns else "",
            m.Trouble.VOICE_PLAIN: self._piper.problem if self._piper else self._no_piper,
        }
        for trouble, detail in details.items():
            if detail:
                found.append(m.Notice(process="voice", trouble=trouble, detail=detail))
        return tuple(found)

    @property
    def is_idle(self) -> bool:
        """Whether nothing sounds and nothing waits to."""
        now = self._plan
        waits = now.sounding or now.queue or now.alert or now.whisper or now.calling
        return not (self._performance or self._killed or waits)

    @property
    def can_speak_by_piper(self) -> bool:
        """Whether a Piper waits with its voice loaded."""
        return self._piper is not None and self._piper.is_ready

    def close(self) -> None:
        """Fall silent."""
        self._stop(now_ns=0)
        for chain, _ in self._killed:
            chain.wait(CLOSE_S)
        self._loudness.close()
        if self._piper:
            self._piper.close()
        self._ends.close()

    def _take_in(self, now_ns: int) -> None:
        """If the sound under way has ended, or should have by now, let the plan know."""
        if self._performance is None or self._plan.sounding is not self._performance.sound:
            return
        heard = self._performance.heard(now_ns)
        if heard is not None:
            self._plan = plan.finished(self._plan, heard, now_ns)
            self._stop(now_ns)

    def _stop(self, now_ns: int) -> None:
        """Let go of the sound; what does not end at once is waited for in `turn`."""
        chain = self._performance.stop(now_ns) if self._performance else None
        if chain is not None:
            self._killed.append((chain, now_ns + KILLED_FOR_NS))
        self._performance = None

    def _take_leave(self, now_ns: int) -> None:
        """Let go of what is gone, however late: until then its end would wake the loop for ever."""
        self._hanging += [chain for chain, by_ns in self._killed if now_ns >= by_ns]
        self._killed = [(chain, by_ns) for chain, by_ns in self._killed if now_ns < by_ns and not chain.gone()]
        self._hanging = [chain for chain in self._hanging if not chain.gone()]

    def _wait_s(self, now_ns: int) -> float:
        if self._piper and self._piper.is_starting:
            return PIPER_TURN_S
        late_ns = self._performance.wait_ns if self._performance else None
        return TURN_S if late_ns is None else max(0.0, min(TURN_S, (late_ns - now_ns) / SECOND_NS))


def main(start: Start) -> None:
    """Run the voice until it is asked to end."""
    bus = Bus("voice", start.places.runtime, start.clock)
    help_calls = alarm.load(speech.VOICES, start.places.help_call, logging.getLogger("vybor.voice"))
    run(Voice(start.settings.voice, help_calls, bus), bus, start.clock, start.heart)
