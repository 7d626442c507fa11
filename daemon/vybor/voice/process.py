"""The voice on the bus: carries out the plan with real programs, and waits for none of them."""

import logging
import select
from collections.abc import Mapping

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.loop import run
from vybor.foundation.settings import VoiceSettings
from vybor.foundation.start import Start
from vybor.sound import alarm
from vybor.sound.chain import Chain
from vybor.voice import plan, speech

TURN_S = 0.5
HELP_LONGEST_NS = seconds(30)
KILLED_FOR_NS = seconds(2)
"""A killed player that is still there after this hangs in its driver: the next sound does not wait for it."""
CLOSE_S = 1.0
PROBE_TEXT = "a"


class Voice:
    """The room `voice`: a plan, the programs at work on it, and those that have been told to end."""

    def __init__(self, settings: VoiceSettings, help_calls: Mapping[str, bytes], bus: Bus) -> None:
        self._settings = settings
        self._help_calls = help_calls
        self._bus = bus
        self._plan = plan.Plan()
        self._sounding: plan.Sound | None = None
        self._chain: Chain | None = None
        self._stuck_ns = 0
        self._killed: list[tuple[Chain, int]] = []
        self._ends = select.epoll()
        bus.watch(self._ends.fileno())

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
        if self._plan.sounding is not self._sounding:
            self._stop(now_ns)
        self._killed = [(chain, by_ns) for chain, by_ns in self._killed if not chain.gone() and now_ns < by_ns]
        if self._plan.sounding is not None and self._chain is None and not self._killed:
            self._begin(self._plan.sounding, now_ns)
        return TURN_S

    def troubles(self) -> tuple[m.Notice, ...]:
        """Why nothing can be heard, and that a call for help is under way."""
        found: list[m.Notice] = []
        if self._plan.calling is not None:
            found.append(m.Notice(process="voice", trouble=m.Trouble.CALLING_HELP))
        if self._plan.problem:
            found.append(m.Notice(process="voice", trouble=m.Trouble.SOUND_MISSING, detail=self._plan.problem))
        return tuple(found)

    @property
    def is_idle(self) -> bool:
        """Whether nothing sounds and nothing waits to."""
        plan_now = self._plan
        return not (self._chain or self._killed or plan_now.sounding or plan_now.queue or plan_now.calling)

    def close(self) -> None:
        """Fall silent."""
        self._stop(now_ns=0)
        for chain, _ in self._killed:
            chain.wait(CLOSE_S)
        self._ends.close()

    def _take_in(self, now_ns: int) -> None:
        """If the sound under way has ended, or should have by now, let the plan know."""
        if self._chain is None or self._plan.sounding is not self._sounding:
            return
        problem = self._chain.problem()
        if problem is None and now_ns >= self._stuck_ns:
            problem = f"{self._settings.player[0]} does not end; the sound card may be stuck"
        if problem is not None:
            self._plan = plan.finished(self._plan, problem, now_ns)
            self._stop(now_ns)

    def _begin(self, sound: plan.Sound, now_ns: int) -> None:
        words_per_minute = self._settings.words_per_minute
        player = list(self._settings.player)
        longest_ns = HELP_LONGEST_NS
        match sound:
            case plan.Speech(text=text, language=language):
                commands = [speech.command(language, words_per_minute), player]
                feed = text.encode()
                longest_ns = speech.longest_ns(text, words_per_minute)
            case plan.HelpCall(language=language):
                commands = [player]
                feed = self._help_calls[language]
            case _:
                commands = [speech.silent(speech.command("en", words_per_minute)), player]
                feed = PROBE_TEXT.encode()
        self._chain = Chain(commands, feed, self._ends)
        self._sounding = sound
        self._stuck_ns = now_ns + longest_ns

    def _stop(self, now_ns: int) -> None:
        """Let go of the chain; what does not end at once is waited for in `turn`."""
        if self._chain is not None:
            self._chain.kill()
            self._killed.append((self._chain, now_ns + KILLED_FOR_NS))
        self._chain = None
        self._sounding = None


def main(start: Start) -> None:
    """Run the voice until it is asked to end."""
    bus = Bus("voice", start.places.runtime, start.clock)
    help_calls = alarm.load(speech.VOICES, start.places.help_call, logging.getLogger("vybor.voice"))
    run(Voice(start.settings.voice, help_calls, bus), bus, start.clock, start.heart)
