"""The headband on the bus: samples in, gestures out."""

import logging

import msgspec

from vybor.contracts import messages as m
from vybor.foundation import fitted
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSource
from vybor.foundation.headband_settings import LEAST_HOLD_S, HeadbandSettings
from vybor.foundation.loop import run
from vybor.foundation.settings import Settings
from vybor.foundation.start import Start
from vybor.headband import believing, flickering, giving, sitting
from vybor.headband.believing import Known
from vybor.headband.boards import Board
from vybor.headband.detecting import electrodes, gestures, quality, ssvep
from vybor.headband.detecting.template import Own
from vybor.headband.devices import link
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.devices.choosing import NoHeadband, Unusable, driver_of, settled
from vybor.headband.engaged import Attention
from vybor.headband.port import Chunk

ONSET_SD_NS = seconds(0.02)
"""Where a blink begins in noise, measured on the stand-in headband: 10 to 30 ms late."""
NO_CONTACT_NS = seconds(3)
TELL_NS = seconds(0.5)

log = logging.getLogger("vybor.headband")

OVERTAKEN = m.Notice(
    process="headband",
    trouble=m.Trouble.HEADBAND_STOPPED,
    detail="its samples wait for seconds until they are looked at; the kit has too much to do",
)
LOOSE = m.Notice(
    process="headband",
    trouble=m.Trouble.HEADBAND_STOPPED,
    detail="its electrodes touch nothing; seat it again, and moisten the forehead",
)


class HeadbandRoom:
    """The room `headband`: chunks from the thread, through the detectors, to the bus."""

    def __init__(  # the settings are those that a fitting is held against
        self,
        acquisition: Acquisition,
        rule: gestures.Rule,
        bus: Bus,
        settings: Settings = Settings(),  # noqa: B008  (frozen)
        *,
        is_worn: bool = True,
        attention: Attention | None = None,
    ) -> None:
        self._settings = settings
        self._is_worn = is_worn
        self._attention = attention or Attention()
        self._giving = giving.Giving()
        self._troubles: tuple[m.Notice, ...] = ()
        self._acquisition = acquisition
        self._rule = rule
        self._bus = bus
        self._sensing: gestures.Sensing | None = None
        self._touched_ns = 0
        self._sat_well_ns = 0
        self._told_ns: int | None = None
        self._overtaken_ns: int | None = None
        self._watch: flickering.Watch | None = None
        self._fits, self._fittings = settings, 0
        self._learned = believing.NOBODYS
        self._known = Known(rule.own)

    def heard(self, heard: Heard, now_ns: int) -> None:
        """What the person accepted after a fitting, and what was learned since; what flickers, and closed eyes."""
        match heard.message:
            case m.Shown() as shown:
                self._watch = flickering.shown(self._watch, shown)
            case m.Gaze() as gaze:  # closed eyes have an EEG of their own
                self._attention.saw(gaze)
            case m.Fitted(values=values, fittings=fittings):
                self._fits = fitted.over(self._settings, values)
                self._fittings = fittings
                self._know()
            case m.SignsWorn(numbers=numbers):
                self._learned = numbers
                self._know()

    def _know(self) -> None:
        """What of this person's signs holds now."""
        is_held = self._settings.headband.learned and self._learned.hold(self._fittings)
        learned = self._learned if is_held else believing.NOBODYS
        fits = self._fits.headband
        self._known = believing.known(own(fits), learned, self._fits.commit.certainty)
        self._rule = msgspec.structs.replace(self._rule, pair_s=fits.double_blink_gap_s, own=self._known.own)

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Signals are to be given out, or what is usual forgotten; nothing else is asked of the headband."""
        command = asked.command
        if isinstance(command, m.ForgetUsual):
            reason = self._attention.forget()
            done = m.Refused(request=command.request, reason=reason) if reason else m.Done(request=command.request)
            self._bus.answer(asked, done)
            return
        if not isinstance(command, m.GiveOut):
            reason = "headband gives its samples and forgets, and takes no other commands"
            self._bus.answer(asked, m.Refused(request=command.request, reason=reason))
            return
        self._giving = giving.asked(command, now_ns)
        self._bus.answer(asked, m.Done(request=command.request))

    def answered(self, answered: Answered, now_ns: int) -> None:
        """The headband asks nothing."""

    def turn(self, now_ns: int) -> float:
        """Look for gestures in what has come. Raises HeadbandStopped if nothing can come any more."""
        self._acquisition.check(now_ns)
        for chunk in self._in_time(now_ns):
            self._recognise()
            self._sensing, seen = gestures.step(self._sensing, chunk, self._rule)
            for one in seen:
                self._bus.publish(message(one, chunk, self._known))
            self._watch_flicker(chunk)
            self._attention.felt(self._sensing, seen, self._rule.board, now_ns)
            if m.Signal.EEG in giving.given(self._giving, now_ns):
                self._bus.publish(giving.samples(chunk, self._rule.board))
        self._attention.turn(now_ns)
        self._tell_how_it_sits(now_ns)
        self._troubles = (*(self._ills(now_ns) if self._is_worn else ()), *giving.notices(self._giving, now_ns))
        return 0.5

    def _ills(self, now_ns: int) -> tuple[m.Notice, ...]:
        """What the wearer should know: the worst alone, or how it sits and that its battery is low."""
        if self._sensing is None or _touches(self._sensing.contact, self._rule.board):
            self._touched_ns = now_ns
        loose = (LOOSE,) if now_ns - self._touched_ns > NO_CONTACT_NS else ()
        low = link.low(self._acquisition.battery)
        sits_ill = loose or self._could_be_better(now_ns)
        overtaken = (OVERTAKEN,) if self._is_overtaken(now_ns) else ()
        return link.troubles(self._acquisition.link, now_ns) or overtaken or (*sits_ill, *low)

    def _in_time(self, now_ns: int) -> tuple[Chunk, ...]:
        """What has come, but for what has waited for too long."""
        taken = self._acquisition.take()
        kept = link.in_time(taken, now_ns)
        if len(kept) < len(taken):
            if not self._is_overtaken(now_ns):
                log.warning("samples have waited for more than %.0f s and are passed over", link.LATE_NS / 1e9)
            self._overtaken_ns = now_ns
        return kept

    def _is_overtaken(self, now_ns: int) -> bool:
        """Whether samples have lately come too late."""
        return self._overtaken_ns is not None and now_ns - self._overtaken_ns < NO_CONTACT_NS

    def _watch_flicker(self, chunk: Chunk) -> None:
        """Tell which tile that flickers is looked at, every now and then."""
        if self._watch is None or self._sensing is None:
            return
        watch = flickering.felt(self._watch, chunk)
        self._watch, seen = flickering.told(watch, self._sensing.contact.good, self._rule.board)
        if seen is not None:
            self._bus.publish(seen)

    def _recognise(self) -> None:
        """Samples of another board than before are looked at anew."""
        if self._acquisition.found and self._acquisition.found[0] is not self._rule.board:
            board, why = self._acquisition.found
            log.info("a %s: %s", board.name, why)
            self._rule = msgspec.structs.replace(self._rule, board=board)
            self._sensing = None

    def _worn(self, now_ns: int) -> tuple[m.Electrode, ...]:
        """Every electrode, while samples come."""
        if self._sensing is None or link.troubles(self._acquisition.link, now_ns):
            return ()
        return sitting.electrodes(self._sensing.contact, self._rule.board)

    def _tell_how_it_sits(self, now_ns: int) -> None:
        if self._is_worn and (self._told_ns is None or now_ns - self._told_ns >= TELL_NS):
            self._told_ns = now_ns
            worn = m.Worn(at_ns=now_ns, electrodes=self._worn(now_ns), battery=self._acquisition.battery)
            if driver := driver_of(self._acquisition):
                _, found_by = self._acquisition.found or (None, "")
                why = "; ".join(filter(None, (self._acquisition.why, found_by)))
                worn = msgspec.structs.replace(worn, board=self._rule.board.name, driver=driver, why=why)
            self._bus.publish(worn)
            self._bus.publish(self._attention.told(now_ns))

    def _could_be_better(self, now_ns: int) -> tuple[m.Notice, ...]:
        """What has not sat well for seconds."""
        told = tuple(sitting.notices(self._worn(now_ns)))
        if not told:
            self._sat_well_ns = now_ns
        return told if now_ns - self._sat_well_ns > NO_CONTACT_NS else ()

    def troubles(self) -> tuple[m.Notice, ...]:
        """No headband where one is worn, one that has stopped, touches nothing, or is given to other programs."""
        return self._troubles

    def close(self) -> None:
        """Let go of the headband."""
        self._acquisition.end()
        self._attention.keep()


def message(seen: gestures.Seen, chunk: Chunk, known: Known = believing.NOTHING) -> m.Gesture:
    """A gesture with its times, by the clock of the chunk in which it became known."""
    belief = believing.believed(seen, known)
    return m.Gesture(
        at_ns=chunk.time_of(seen.onset),
        at_sd_ns=chunk.at_sd_ns + ONSET_SD_NS,
        ended_ns=chunk.time_of(seen.end),
        kind=seen.kind,
        log_odds=round(belief.log_odds, 3),
        height=round(seen.height, 2),
        rhythm_s=round(believing.rhythm_s(seen), 3),
        plain=round(belief.plain, 3),
    )


def hold_s(settings: HeadbandSettings) -> float:
    """How long a clench is held to call for help; 0: none does."""
    return max(LEAST_HOLD_S, settings.help_clench_s) if settings.help_clench_s else 0.0


def own(settings: HeadbandSettings) -> Own:
    """What is known of this person's signs."""
    return Own(settings.blink_microvolts, settings.blink_rhythm_s, settings.clench_times)


def rule_of(settings: HeadbandSettings, board: Board) -> gestures.Rule:
    """What is looked for."""
    return gestures.Rule(
        board, settings.double_blink_gap_s, hold_s(settings), brow=settings.brow, own=own(settings)
    )


def _touches(contact: quality.Contact, board: Board) -> bool:
    """Whether blinks or clenches could be seen."""
    used = electrodes.of(board, contact.good)
    return bool(used.eyes or used.jaws)


def hears(settings: Settings) -> list[type[m.Message]]:
    """What the room listens to; what is much, only where it is of use."""
    found: list[type[m.Message]] = [m.Fitted, m.SignsWorn]
    if settings.flicker.on:
        found.append(m.Shown)
    if settings.gaze.source is GazeSource.CAMERA:
        found.append(m.Gaze)
    return found


def main(start: Start) -> None:
    """Run the headband until the process is asked to end."""
    choice = settled(start.settings.headband, start.clock)
    headband, board = choice.headband, choice.board
    if choice.why:
        log.info("a %s by %s: %s", board.name, type(headband).__name__, choice.why)
    if start.settings.flicker.on and not isinstance(headband, NoHeadband):
        ssvep.load()
    bus = Bus("headband", start.places.runtime, start.clock, hears(start.settings))
    acquisition = Acquisition(headband, start.clock, choice.why)
    bus.watch(acquisition.news)
    acquisition.begin()
    rule = rule_of(start.settings.headband, board)
    room = HeadbandRoom(
        acquisition,
        rule,
        bus,
        start.settings,
        is_worn=isinstance(headband, Unusable) or not isinstance(headband, NoHeadband),
        attention=Attention(start.places.usual_eeg),
    )
    run(room, bus, start.clock, start.heart)
