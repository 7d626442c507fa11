"""The display on the bus: shows the newest screen, says what it has shown, and passes on keys and mouse."""

import logging
import os
import signal
from collections.abc import Callable, Mapping

import msgspec

from vybor.contracts import messages as m
from vybor.display import helping, night, starting, view
from vybor.display.calibrated import Calibrated
from vybor.display.drawing import picture
from vybor.display.drawing.surface import (
    Closed,
    Escaped,
    Left,
    Moment,
    Moved,
    Pressed,
    Released,
    Surface,
    Uncovered,
)
from vybor.display.flickers import Flickers
from vybor.display.pointing import Mouse
from vybor.display.says import words
from vybor.display.showing import Heard as Known
from vybor.display.showing import Showing, changes_in_ns, hear, showing
from vybor.display.text_out import TextOut, programs
from vybor.display.whispering import explained, takes_s, whispered
from vybor.foundation import addresses, displays, fitted, last_words
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import minutes_of_the_day, seconds
from vybor.foundation.errors import SettingsError, VyborError
from vybor.foundation.gaze_settings import CalibrateBy, GazeSource, PointBy
from vybor.foundation.idle_room import IdleRoom
from vybor.foundation.loop import run
from vybor.foundation.settings import CommitSettings, DisplaySettings, Settings, Theme
from vybor.foundation.start import Start
from vybor.foundation.version import version

log = logging.getLogger("vybor.display")

HEARS = (m.Screen, m.Highlight, m.Fitted, m.CalibrationTarget, m.Health, m.Proposals, m.PanelStatus, m.PowerAsked)
FRAME_S = 1 / 60
"""Never more pictures a second, and keys are looked at as often while somebody may press them."""
UNATTENDED_S = 0.1
ADDRESSES_EVERY_NS = seconds(2)
NO_HEADBAND = "none"
READ_NS = seconds(0.7)
"""A press counts for what the screen says if that has stood there so long: it could be read."""
PRESS_SD_NS = seconds(FRAME_S / 12**0.5)
"""A press is seen at the next look at the keys: anywhere in a sixtieth of a second."""


class Display:
    """The room `display`."""

    def __init__(
        self,
        start: Start,
        bus: Bus,
        window: Surface,
        time_of_day: Callable[[], int] = minutes_of_the_day,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """`environment` is that of the desktop that other programs are reached on."""
        self._settings = start.settings
        self._commit = start.settings.commit
        """How a choice is confirmed, with what the person accepted after a fitting."""
        self._bus = bus
        self._clock = start.clock
        self._window = window
        self._time_of_day = time_of_day
        self._theme = start.settings.display.theme
        self._wish = night.Wish(start.places.state)
        self._calibrated = Calibrated(start.places.state)
        kit, began_ns = _kit(start.settings, self._calibrated.before), self._clock.now_ns()
        self._known = Known(starting.Progress(began_ns=began_ns, kit=kit))
        self._addresses_ns = 0
        self._request = ""
        self._whispers = ""
        """The request for the last whisper: only the newest is worth saying."""
        self._explains_until_ns = 0
        """What practice says is whispered until then, and no label."""
        self._shown: Showing | None = None
        self._sent: Showing | None = None
        """What is on its way there."""
        self._flipped_ns = 0
        self._offers_since_ns = 0
        self._uncovered = False
        self._mouse = Mouse()
        self._flickers = Flickers(start.settings, window, start.clock)
        self._text_out = TextOut(programs(start.settings.text_out, environment), str(began_ns), bus)
        for helper in helping.RECEIVER.values():
            bus.reach(helper)  # a call for help must not wait for a connection

    def heard(self, heard: Heard, now_ns: int) -> None:
        """A screen, a highlight, a dot, or how a process fares."""
        self._known = hear(self._known, heard.message, now_ns)
        if isinstance(heard.message, m.Fitted):
            self._commit = fitted.over(self._settings, heard.message.values).commit
        if isinstance(heard.message, m.Health) and self._settings.gaze.source is GazeSource.CAMERA:
            self._calibrated.hear(heard.message)

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Save a picture, or show other colours; nothing else is asked of a display."""
        match asked.command:
            case m.SavePicture() as command:
                reply: m.Done | m.Refused = picture.answer(command, self._window)
            case m.WearTheme() as command:
                reply = self._wished(command)
            case m.WearNight(request=request, night=wanted):
                self._wish.keep(Theme.NIGHT if wanted else night.by_day(self._settings.display))
                reply = m.Done(request=request)
            case m.PutOut() as command:
                self._text_out.asked(asked, command)
                return
            case other:
                reason = f"the display does not know {type(other).__name__}; ask it for SavePicture or WearTheme"
                reply = m.Refused(request=other.request, reason=reason)
        self._bus.answer(asked, reply)

    def answered(self, answered: Answered, now_ns: int) -> None:
        """Somebody calls for help, or cannot."""
        if answered.reply.request == self._request:
            done = isinstance(answered.reply, m.Done)
            self._help(helping.answered(self._known.help, answered.by, now_ns, done=done))

    def turn(self, now_ns: int) -> float:
        """Take in keys and mouse, show what has changed, say where the mouse is."""
        self._look_up_addresses(now_ns)
        self._wear()
        self._take_in(now_ns)
        self._text_out.turn(now_ns, has_keyboard=self._window.has_keyboard)
        self._help(helping.waited(self._known.help, now_ns))
        wait_s = self._show(now_ns)
        if self._flickers.turn(self._shown, now_ns) and self._shown:
            self._say_shown(self._shown)
        if self._flickers.counts_frames:
            wait_s = 0.0
        if pointer := self._mouse.told(now_ns):
            self._bus.publish(pointer)
            self._mouse = self._mouse.said(now_ns)
        return min(wait_s, FRAME_S if self._window.is_attended else UNATTENDED_S)

    def troubles(self) -> tuple[m.Notice, ...]:
        """That its screen is gone. A display that never had one does not run."""
        if self._window.is_there:
            return ()
        return (m.Notice(process="display", trouble=m.Trouble.SCREEN_AWAY),)

    def close(self) -> None:
        """Give the screen back."""
        self._text_out.close()
        self._window.close()

    def _take_in(self, now_ns: int) -> None:
        for happening in self._window.happenings():
            match happening:
                case Pressed(when=when):
                    self._flickers.pressed(now_ns)  # a hold ends flicker, whatever else the press means
                    self._pressed(now_ns, when or Moment(at_ns=now_ns, at_sd_ns=PRESS_SD_NS))
                case Released():
                    self._flickers.pressed(None)
                case Escaped():
                    self._flickers.unwanted()
                case Moved(x=x, y=y, when=when):
                    self._mouse = self._mouse.at(x, y, when)
                case Left():
                    self._mouse = self._mouse.gone()
                case Uncovered():
                    self._uncovered = True
                case Closed():
                    log.info("the window was closed")
                    signal.raise_signal(signal.SIGTERM)  # the loop ends as it does when systemd asks

    def _pressed(self, now_ns: int, when: Moment) -> None:
        """The switch chooses a tile; where there is none to choose, it does what the screen says."""
        shown = self._shown
        if self._text_out.may_be_typed(now_ns):
            log.warning("a press came while a sentence was typed: it may be a space of that")
        elif shown is None or (shown.help is None and not _offers_to_go_on(shown)):
            self._bus.publish(m.SwitchPress(at_ns=when.at_ns, at_sd_ns=when.at_sd_ns))
        elif now_ns - self._offers_since_ns < READ_NS:
            log.info("a press came before the screen could be read")
        elif shown.help is not None:
            log.warning("the switch calls for help")
            self._help(helping.pressed(self._known.help, now_ns))
        else:
            progress = starting.go_on(self._known.progress)
            self._known = msgspec.structs.replace(self._known, progress=progress)

    def _help(self, call: helping.Helping) -> None:
        """Carry on a call for help: ask whom it is to be asked of, and stop asking the one before."""
        before, self._known = self._known.help, msgspec.structs.replace(self._known, help=call)
        if call.stage is before.stage:
            return
        if asked := helping.RECEIVER.get(before.stage):
            self._bus.take_back(asked, self._request)
        if receiver := helping.RECEIVER.get(call.stage):
            self._request = self._bus.new_request()
            voice_calls = call.stage is helping.Stage.VOICE_CALLS
            asked_for = m.CallHelp(
                request=self._request, language=self._settings.language, voice_calls=voice_calls
            )
            self._bus.ask(receiver, asked_for)

    def _wished(self, command: m.WearTheme) -> m.Done | m.Refused:
        """Whose colours are wanted; no name: those of the settings."""
        name = command.theme
        if name and name not in list(Theme):
            reason = f"there is no theme {name}; there are {', '.join(Theme)}"
            return m.Refused(request=command.request, reason=reason)
        self._wish.ask(Theme(name) if name else None)
        return m.Done(request=command.request)

    def _wear(self) -> None:
        """The colours that hold now: at night others than by day."""
        theme = self._wish.worn(self._settings.display, self._time_of_day())
        if theme is not self._theme:
            self._theme = theme
            self._window.wear(theme)
            self._uncovered = True

    def _look_up_addresses(self, now_ns: int) -> None:
        """While the starting page is there: a network may come up at any time."""
        if (self._shown is None or self._shown.starting) and now_ns >= self._addresses_ns:
            self._addresses_ns = now_ns + ADDRESSES_EVERY_NS
            progress = msgspec.structs.replace(self._known.progress, addresses=addresses.read())
            self._known = msgspec.structs.replace(self._known, progress=progress)

    def _show(self, now_ns: int) -> float:
        """Show what holds now if it looks different; returns for how long there will be nothing to show."""
        if not self._window.is_there:
            self._unsay()
            return UNATTENDED_S
        if self._uncovered:
            self._sent = None  # what was on its way is lost
        self._arrive()
        now = msgspec.structs.replace(showing(self._known, now_ns), is_night=self._theme is Theme.NIGHT)
        if self._sent is not None:
            return FRAME_S
        news = self._shown is None or not now.looks_like(self._shown)
        if not news and not self._uncovered:
            return self._quiet_s(now_ns)
        if (too_early_ns := self._flipped_ns + seconds(FRAME_S) - now_ns) > 0:
            return too_early_ns / 1e9
        spoken = words.words_in(self._language(now))
        self._window.show(view.scene(now, self._window.sheet, spoken, _ways(self._settings, self._commit)))
        self._sent, self._uncovered = now, False
        self._arrive()
        return self._quiet_s(now_ns)

    def _arrive(self) -> None:
        """What was shown may have come to stand there: only then is it said."""
        if self._sent is None or (flipped_ns := self._window.shown_ns(self._clock.now_ns())) is None:
            return
        now, before, self._sent, self._flipped_ns = self._sent, self._shown, None, flipped_ns
        if before is None or _offers(now) != _offers(before):
            self._offers_since_ns = flipped_ns
        if before is not None and now.looks_like(before):
            return
        self._shown = now
        if not (before and now.is_only_moved(before)):
            self._say_shown(now)
            if self._commit.scan_by_ear:
                language = self._language(now)
                self._whisper_news(now, before, words.words_in(language), language)

    def _unsay(self) -> None:
        """Nobody sees what was shown: whoever chooses must not think so."""
        if self._shown is not None or self._sent is not None:
            self._shown = self._sent = None
            self._mouse = self._mouse.gone()
            self._bus.unsay(m.Shown)

    def _language(self, now: Showing) -> str:
        return now.screen.language if now.screen else self._settings.language

    def _quiet_s(self, now_ns: int) -> float:
        """For how long nothing will change by itself."""
        change_ns = changes_in_ns(self._known, now_ns)
        return UNATTENDED_S if change_ns is None else min(UNATTENDED_S, change_ns / 1e9)

    def _whisper_news(self, now: Showing, before: Showing | None, spoken: words.Words, language: str) -> None:
        """What practice says, to its end; else what is lit."""
        if text := explained(now, before, spoken):
            takes_ns = seconds(takes_s(text, self._settings.voice.whisper_words_per_minute))
            self._explains_until_ns = self._flipped_ns + takes_ns
            self._whisper(text, language)
        elif (text := whispered(now, before, spoken)) and self._flipped_ns > self._explains_until_ns:
            self._whisper(text, language)

    def _whisper(self, text: str, language: str) -> None:
        if self._whispers:
            self._bus.take_back("voice", self._whispers)
        self._whispers = self._bus.new_request()
        until_ns = self._flipped_ns + seconds(self._commit.scan_step_s)
        self._bus.ask("voice", m.Whisper(request=self._whispers, text=text, language=language, until_ns=until_ns))

    def _say_shown(self, now: Showing) -> None:
        shown = m.Shown(
            at_ns=self._flipped_ns,
            screen=now.screen,
            highlight=now.highlight,
            target=now.target,
            core_silent=now.core_silent,
            is_night=now.is_night,
            session=self._text_out.session,
            ways_out=self._text_out.ways,
            flicker=self._flickers.told,
            flicker_ns=self._flickers.since_ns,
            flicker_stop=self._flickers.stop,
        )
        self._bus.publish(shown)


def _offers_to_go_on(shown: Showing) -> bool:
    """Whether a press leaves the starting page."""
    return shown.starting is not None and shown.starting.first and shown.starting.can_go_on


def _offers(shown: Showing) -> tuple[bool, bool]:
    """What a press would do."""
    return shown.help is not None, _offers_to_go_on(shown)


def _ways(settings: Settings, commit: CommitSettings) -> view.Ways:
    return view.Ways(
        pad=commit.pad,
        signal=commit.switch
        or commit.biosignal
        or commit.long_blink
        or commit.brow
        or commit.cheek
        or commit.head,
        switch_key=settings.display.switch_key,
        reduced_motion=settings.display.reduced_motion,
        by_head=settings.gaze.by is PointBy.HEAD,
    )


def _kit(settings: Settings, calibrated: bool) -> starting.Kit:
    return starting.Kit(
        gaze=settings.gaze.source,
        headband=settings.headband.board != NO_HEADBAND,
        pursuit=settings.gaze.calibration is CalibrateBy.PURSUIT,
        calibrated=calibrated,
        version=version(otherwise=""),
    )


def _with_the_usual_switch(start: Start) -> Start:
    display = msgspec.structs.replace(start.settings.display, switch_key=DisplaySettings().switch_key)
    return msgspec.structs.replace(start, settings=msgspec.structs.replace(start.settings, display=display))


NO_SCREEN = "a page in a browser is the display (browser.listen): ask the process browser"


def main(start: Start) -> None:
    """Run the display until it is asked to end or its window is closed."""
    if displays.display_of(start.settings.browser.listen) != "display":
        bus = Bus("display", start.places.runtime, start.clock)
        run(IdleRoom(bus, NO_SCREEN), bus, start.clock, start.heart)
        return
    # pygame is loaded here and not above: a page in a browser is a display without it.
    from vybor.display.drawing.window import open_window  # noqa: PLC0415

    bus = Bus("display", start.places.runtime, start.clock, HEARS)
    pointer = start.settings.gaze.source is GazeSource.POINTER
    if start.settings.flicker.on:
        os.environ.setdefault("SDL_RENDER_VSYNC", "1")  # what flickers is counted in frames that are waited for
    try:
        try:
            window = open_window(start.settings.display, pointer=pointer)
        except SettingsError as error:  # a switch that does nothing is bad, a dark screen is worse
            log.warning("%s; until then it is the %s bar", error, DisplaySettings().switch_key)
            start = _with_the_usual_switch(start)
            window = open_window(start.settings.display, pointer=pointer)
    except VyborError as error:
        last_words.leave(start.places.runtime, "display", str(error))
        raise
    last_words.forget(start.places.runtime, "display")
    run(Display(start, bus, window), bus, start.clock, start.heart)
