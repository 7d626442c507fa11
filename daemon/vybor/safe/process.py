"""The watcher on the bus: silent while the display lives; else words on the console, where keys call for help."""

import logging
import os
import select
import signal
from collections.abc import Mapping
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation import displays, last_words
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.loop import run
from vybor.foundation.settings import Language
from vybor.foundation.start import Start
from vybor.safe import help as helping
from vybor.safe import page, watch
from vybor.safe.console import Console, ConsoleGone
from vybor.safe.help import Help, Stage
from vybor.sound import alarm, nowhere
from vybor.sound.chain import Chain

log = logging.getLogger("vybor.safe")

CONSOLE = "VYBOR_CONSOLE"
"""Names the console; set by the unit, which owns it. A kit started by hand takes nobody's console."""
TURN_S = 0.25
TAKE_AGAIN_NS = seconds(5)
READ_NS = seconds(1)
"""Keys count from so long after the words came: those pressed before were meant for something else."""
LONGEST_NS = seconds(30)
CLOSE_S = 1.0


class Safe:
    """The room `safe`."""

    def __init__(self, start: Start, console: Path | None, calls: Mapping[str, bytes], bus: Bus) -> None:
        self._settings = start.settings
        self._runtime = start.places.runtime
        self._wrong = start.wrong[0] if start.wrong else ""
        self._path = console
        self._calls = calls
        self._bus = bus
        self._watch = watch.Watch(start.clock.now_ns(), display=displays.display_of(start.settings.browser.listen))
        self._console: Console | None = None
        self._take_ns = 0
        self._listens_ns = 0
        self._page = ""
        self._gone = False
        self._help = Help()
        self._request = ""
        self._chain: Chain | None = None
        self._began_ns = self._stuck_ns = 0
        self._killed: list[Chain] = []
        self._awaited = select.epoll()
        bus.watch(self._awaited.fileno())
        bus.reach("voice")  # a call for help must not wait for a connection

    def heard(self, heard: Heard, now_ns: int) -> None:
        """How a process fares."""
        if isinstance(heard.message, m.Health):
            self._watch = watch.heard(self._watch, heard.message)

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Ring, for who has asked the voice in vain; look after a call that it took; or call nobody any more."""
        request = asked.command.request
        match asked.command:
            case m.CallHelp(voice_calls=True):
                self._help = helping.taken(self._help, self._watch.last.get("voice"), now_ns)
            case m.CallHelp():
                self._help = helping.ringing(self._help, now_ns)
            case m.Hush(only=""):
                self._help = helping.ended_by_wish(self._help)
            case _:
                self._bus.answer(asked, m.Refused(request=request, reason="safe only calls for help"))
                return
        self._bus.answer(asked, m.Done(request=request))

    def answered(self, answered: Answered, now_ns: int) -> None:
        """The voice calls for help, or does not."""
        if answered.reply.request == self._request:
            self._request = ""
            voice, done = self._watch.last.get("voice"), isinstance(answered.reply, m.Done)
            self._help = helping.answered(self._help, voice, now_ns, done=done)

    def turn(self, now_ns: int) -> float:
        """Look after the display, the console and a call that is under way."""
        gone = watch.display_is_gone(self._watch, now_ns)
        if gone != self._gone:
            self._gone = gone
            (log.warning if gone else log.info)("the display %s", "is silent" if gone else "is there again")
        try:
            self._see_to_the_console(now_ns)
        except ConsoleGone as error:
            log.warning("no words on the console: %s", error)
            self._let_go(now_ns + TAKE_AGAIN_NS)
        self._call(now_ns)
        return TURN_S

    def troubles(self) -> tuple[m.Notice, ...]:
        """Whether a call for help is under way here; what the voice does it says itself."""
        if self._help.stage in (Stage.ASKED, Stage.RINGING):
            return (m.Notice(process="safe", trouble=m.Trouble.CALLING_HELP),)
        return ()

    def close(self) -> None:
        """Give the console back and fall silent."""
        self._let_go(0)
        if self._chain:
            self._chain.kill()
            self._chain.wait(CLOSE_S)
        self._awaited.close()

    def _see_to_the_console(self, now_ns: int) -> None:
        """Take it when the display is gone, say what is new, and give it back. Raises ConsoleGone."""
        if not self._gone:
            self._let_go(0)
            return
        if self._console is None:
            if self._path is None or now_ns < self._take_ns:
                return
            self._console = Console(self._path)
            self._awaited.register(self._console.descriptor, select.EPOLLIN)
            self._listens_ns = now_ns + READ_NS
        if self._console.is_pressed() and now_ns >= self._listens_ns:
            log.warning("a key calls for help")
            self._help = helping.pressed(self._help, now_ns)
        self._say(self._console, now_ns)

    def _say(self, console: Console, now_ns: int) -> None:
        trouble = watch.last_trouble(self._watch)
        facts = page.Facts(
            language=self._settings.language,
            hears=console.hears,
            stage=self._help.stage,
            text_kept=watch.text_is_kept(self._watch, now_ns),
            reason=last_words.read(self._runtime, self._watch.display) or (trouble.detail if trouble else ""),
            problem=self._help.problem,
            wrong=self._wrong,
        )
        drawn = page.page(facts, *console.size)
        if drawn != self._page:
            self._page = drawn
            console.write(drawn)
        else:
            console.tend()

    def _let_go(self, again_ns: int) -> None:
        """Give the console back: cleared, and with the modes that it had."""
        self._take_ns = again_ns
        self._page = ""
        if self._console is None:
            return
        console, self._console = self._console, None
        try:
            console.write(page.END)
        except ConsoleGone as error:
            log.info("the console was not cleared: %s", error)
        self._awaited.unregister(console.descriptor)
        console.close()

    def _call(self, now_ns: int) -> None:
        """Carry out what the newest call asks for."""
        self._killed = [chain for chain in self._killed if not chain.gone()]
        self._help = helping.waited(self._help, self._watch.last.get("voice"), now_ns)
        if self._help.stage is Stage.ASKED and not self._request:
            self._request = self._bus.new_request()
            self._bus.ask("voice", m.CallHelp(request=self._request, language=self._settings.language))
        if self._help.stage is not Stage.ASKED and self._request:
            self._bus.take_back("voice", self._request)  # later it would come as a surprise
            self._request = ""
        if self._help.stage is Stage.RINGING:
            self._ring(now_ns)
        elif self._chain:
            self._chain.kill()
            self._killed.append(self._chain)
            self._chain = None

    def _ring(self, now_ns: int) -> None:
        """Play the call without the voice; a player that hangs is ended."""
        player, call = self._settings.voice.player, self._calls[self._settings.language]
        if self._chain is None:
            log.warning("the voice does not answer: calling for help without it")
            self._chain = Chain([player], call, self._awaited)
            self._began_ns, self._stuck_ns = now_ns, now_ns + LONGEST_NS
        problem = self._chain.problem()
        if problem is None and now_ns >= self._stuck_ns:
            problem = f"{player[0]} does not end; the sound card may be stuck"
            self._chain.kill()
            self._killed.append(self._chain)
        if problem is not None:
            self._chain = None
            in_no_time = not problem and now_ns - self._began_ns < nowhere.shortest_ns(call)
            problem = nowhere.why(player[0]) if in_no_time else problem
            self._help = helping.ended(self._help, problem, now_ns, again=not in_no_time)


def main(start: Start) -> None:
    """Watch until asked to end."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a console that is hung up is found gone when it is next read
    bus = Bus("safe", start.places.runtime, start.clock, [m.Health])
    calls = alarm.load(list(Language), start.places.help_call, log)
    named = os.environ.get(CONSOLE)
    run(Safe(start, Path(named) if named else None, calls, bus), bus, start.clock, start.heart)
