"""The deciding process on the bus: hands messages to `deciding`, and what it decides to the others."""

import logging

import msgspec

from vybor.composer import practice
from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.core import fate, headband, lost, vigil
from vybor.core.aiming import astray, zoning
from vybor.core.aiming.misses import Act
from vybor.core.beginning import wrong_settings
from vybor.core.decision import asking, coming_back, deciding, fit_steps, practising, sharing, standing
from vybor.core.decision.ahead import prompts_ahead
from vybor.core.decision.state import Decided, resting_truly, zones_of
from vybor.core.decision.wishes import wished
from vybor.core.desks.erase_desk import EraseDesk
from vybor.core.desks.erase_room import EraseRoom, Holders
from vybor.core.desks.fit_desk import FitDesk
from vybor.core.desks.flicker_desk import FlickerDesk
from vybor.core.desks.owed import Owed
from vybor.core.desks.places_desk import PlacesDesk
from vybor.core.desks.power_desk import PowerDesk
from vybor.core.desks.reading_desk import ReadingDesk
from vybor.core.desks.speaking import Speaking
from vybor.core.desks.text_out import TextOut
from vybor.core.hearing import HEARS
from vybor.core.keeping import Keeping
from vybor.core.ways import fits
from vybor.core.wishes_file import WishesFile
from vybor.core.words.vocabulary import Vocabulary
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.displays import display_of
from vybor.foundation.headband_settings import Board
from vybor.foundation.loop import run
from vybor.foundation.start import Start
from vybor.selector import scan
from vybor.selector import step as select

log = logging.getLogger("vybor.core")

TURN_S = 0.1
TAKES = (
    "core takes the partner's turn, phrases, practice, checks, fitting, flicker, reading, power and deletions only"
)
DRAFT_WAIT_NS = seconds(1.5)
"""The first offer waits so long for the draft: an empty line that fills by itself would frighten."""


class Core:
    """The room `core`: state, and the commands that wait for an answer."""

    def __init__(self, start: Start, bus: Bus) -> None:
        self._bus = bus
        now_ns = start.clock.now_ns()
        self._wrong = wrong_settings(start.wrong)
        vocabulary = self._vocabulary = Vocabulary(start, bus)
        self._learning, self._own = vocabulary.learning, vocabulary.own
        self._gifts, self._phrases = vocabulary.gifts, vocabulary.gifts.phrases
        self._fit_desk = FitDesk(start.places.fitted, start.settings)
        self._flicker = FlickerDesk(start.places, start.settings)
        self._places = PlacesDesk(self._fit_desk, start.settings.display.places)
        self._rules = vocabulary.rules(start.settings, self._fit_desk.settings, self._places.standing)
        self._wishes = WishesFile(start.places.wishes)
        self._state = deciding.first(now_ns, self._wishes.kept)
        self._vigil = vigil.Vigil(now_ns, tuple(n for n in channels.EVERY_PROCESS if n != "core"), {})
        self._has_headband = start.settings.headband.board is not Board.NONE
        self._began_ns = now_ns
        self._keeping = Keeping(bus, was_private=self._wishes.kept.private)
        self._text_out, self._display = TextOut(bus), display_of(start.settings.browser.listen)
        self._power = PowerDesk(bus)
        self._fitted(now_ns)
        self._speaking = Speaking(bus, start.settings.language)
        holders = Holders(self._learning, self._own, self._phrases, self._speaking, self._text_out)
        self._eraser = EraseRoom(bus, EraseDesk(bus, Owed(start.places.owed)), holders)
        self._reading = ReadingDesk(bus)
        self._lost = lost.Lost()
        self._fate = fate.Fate()
        self._unlearned = False
        """Something was spoken or taken back, and the journal may not have it yet."""
        self._check = m.ShowCheck(request="", check=None)
        """The word check that is under way, and until when it is believed to be."""
        self._published: tuple[object, ...] = ()
        self._prompted = 0
        self._looked_ahead = 0
        """The offer whose tiles were last looked behind."""

    def heard(self, heard: Heard, now_ns: int) -> None:
        """A message of a channel."""
        if isinstance(heard.message, m.Health):
            if heard.message.process == "voice" and vigil.began_anew(self._vigil, heard.message):
                self._fate = fate.forgotten(self._fate, now_ns)
            self._vigil = vigil.heard(self._vigil, heard.message)
            return
        if isinstance(heard.message, m.Worn | m.Engaged):
            self._state = headband.heard(self._state, heard.message)
            return
        if isinstance(heard.message, m.CountsWorn):
            self._learning.wear(heard.message.numbers)
            return
        if isinstance(heard.message, m.Vitals):
            self._spare(heard.message, now_ns)
            return
        self._lost = lost.heard(self._lost, heard.message)
        self._flicker.heard(heard.message)
        self._power.heard(heard.message, now_ns)
        if not self._state.tiles:
            return
        before, was, writing = self._state.highlight, self._state.selector, self._state.writing
        self._state, decided = deciding.heard(self._state, heard.message, self._rules, now_ns)
        if self._state.fits.told is None and writing.practice is None and writing.mode is not m.Mode.FITTING:
            chosen = decided.decision if decided else None
            act = Act(heard.message, was, self._state.selector, chosen.action if chosen else None)
            self._fit_desk.saw(act, now_ns)
            self._places.saw(act, chosen, zones_of(self._state))
        self._power.chosen(self._state.choices)
        if decided:
            self._text_out.act(practice.real(writing), practice.real(self._state.writing), decided, now_ns)
            self._act(decided, now_ns)
        elif self._state.highlight is not before and self._state.highlight:
            self._bus.publish(self._state.highlight)
        self._show(now_ns)

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Take what the other person said, as somebody typed it, or what is asked of the person's phrases."""
        if self._reading.asked(asked, self._state, now_ns) or self._power.asked(asked, self._state, now_ns):
            return
        if told := self._gifts.asked(asked.command, now_ns):
            self._bus.answer(asked, told)
            if self._state.tiles:
                self._state = deciding.refreshed(self._state, self._rules, now_ns)
                self._show(now_ns)
            return
        match asked.command:
            case m.Fit() as command:
                self._asked_to_fit(asked, command, now_ns)
            case m.Erase():
                self._state = self._eraser.asked(self._state, asked, self._rules, now_ns)
            case m.Practise() as command:
                self._state, reason = asking.practised(self._state, self._rules, now_ns)
                self._bus.answer(asked, practising.settled(command.request, reason))
            case m.AskFlicker() as command:
                self._bus.answer(asked, self._flicker.asked(command, self._state, self._notices(now_ns)))
            case m.ShowCheck() as command:
                self._show_check(asked, command, now_ns)
            case m.HearPartner() as command:
                self._state, reason = asking.partnered(self._state, command, self._rules, now_ns)
                self._bus.answer(asked, practising.settled(command.request, reason))
            case other:
                self._bus.answer(asked, m.Refused(request=other.request, reason=TAKES))
        self._show(now_ns)

    def _show_check(self, asked: Asked, wish: m.ShowCheck, now_ns: int) -> None:
        """Show how far a check is, unless the person is at something else."""
        if not (reason := practising.check_refused(self._state, wish)):
            self._check = wish
        self._bus.answer(asked, practising.settled(wish.request, reason))

    def answered(self, answered: Answered, now_ns: int) -> None:
        """The journal keeps a decision, refuses it, or sends the draft; the voice accepts a sentence."""
        if self._reading.answered(answered) or self._power.answered(answered):
            return
        self._state = self._eraser.answered(self._state, answered, self._rules, now_ns)
        if answered.by in ("voice", "safe"):
            self._speaking.answered(answered.reply, now_ns)
            return
        if answered.by == "display":
            self._text_out.answered(answered.reply, now_ns)
        if answered.by in (*channels.DISPLAYS, "safe", "gaze", "sync"):
            return
        if self._learning.answered(answered.reply) or self._own.answered(answered.reply):
            return
        if draft := self._keeping.answered(answered.reply, now_ns):
            log.info("draft restored: characters=%d", len(draft.text))
            known = self._state.known
            first = coming_back.unlearned(draft, known, self._rules.session, now_ns)
            self._keeping.begin(was_incognito=draft.incognito and not known.incognito, first=first)
            self._speaking.restored(draft)
            self._state = deciding.restored(self._state, draft, self._rules, now_ns)
        self._show(now_ns)

    def turn(self, now_ns: int) -> float:
        """Begin without a draft if none comes, ask again what was refused, say what has changed."""
        if not self._state.tiles and now_ns - self._began_ns > DRAFT_WAIT_NS:
            log.warning("the journal sends no draft; beginning on an empty line")
            self._state = deciding.begin(self._rules, now_ns, self._state.known)
        self._follow_wishes(now_ns)
        self._keeping.turn(now_ns)
        is_saved = self._keeping.saving(now_ns) is m.Saving.SAVED
        if self._unlearned and is_saved:
            self._unlearned = False
            self._learning.spoke()
            self._own.spoke()
        self._learning.turn(now_ns)
        self._own.turn(now_ns)
        self._speaking.turn(now_ns)
        self._power.turn(now_ns, is_saved=is_saved)
        self._state = self._eraser.turn(self._state, self._rules, now_ns, is_saved=is_saved)
        self._state = deciding.aged(deciding.unseen(self._state, now_ns), now_ns)
        self._state = self._reading.turn(self._state, self._rules, now_ns)
        self._show_dots(now_ns)
        self._pass(now_ns)
        self._show(now_ns)
        rule = fits.rule(self._state.fits, self._rules.commit)
        turn_ns = scan.next_turn_ns(self._state.selector, now_ns, rule)
        return TURN_S if turn_ns is None else max(0.0, min(TURN_S, (turn_ns - now_ns) / 1e9))

    def troubles(self) -> tuple[m.Notice, ...]:
        """What the person should know: a call for help that waits, a sentence not spoken, what is missing."""
        found = list(self._speaking.troubles())
        if missing := self._vocabulary.missing():
            found.append(m.Notice(process="core", trouble=m.Trouble.WORDS_MISSING, detail=missing))
        if self._learning.trouble:
            trouble = m.Trouble.NOT_LEARNED
            found.append(m.Notice(process="core", trouble=trouble, detail=self._learning.trouble))
        return (*found, *self._wrong)

    def close(self) -> None:
        """Let go of the word list, and of the person's own."""
        self._learning.close()
        self._vocabulary.close()

    def _act(self, decided: Decided, now_ns: int) -> None:
        self._follow_wishes(now_ns, decided.decision)
        self._keeping.keep(self._eraser.kept(decided.decision), now_ns)
        self._unlearned |= decided.decision.action in (m.Action.SPEAK, m.Action.UNDO, m.Action.REPAIR)
        if decided.looked:
            self._bus.publish(decided.looked)
        self._speaking.act(decided, now_ns)
        self._state = self._reading.chose(self._state, decided, self._rules, now_ns)
        if decided.say or decided.repeat:
            self._fate = fate.said(self._fate, decided.say or decided.repeat, now_ns)
        if decided.call_help:
            self._fate = fate.forgotten(self._fate, now_ns)
        if decided.erase:
            self._eraser.chosen(self._state, decided.erase, now_ns)
        if decided.night is not None:
            self._bus.ask(self._display, m.WearNight(request=self._bus.new_request(), night=decided.night))
        if decided.share:
            self._bus.ask("sync", sharing.wished(self._bus.new_request(), *decided.share, now_ns))
        self._gifts.acted(now_ns)
        if decided.keep or decided.forget:
            self._phrases.chosen(decided, now_ns)
            self._state = deciding.refreshed(self._state, self._rules, now_ns)

    def _follow_wishes(self, now_ns: int, chosen: m.Decision | None = None) -> None:
        """What is on is on the disk before the record is told of the choice that switched it."""
        owes = self._keeping.owes_private(chosen)
        self._wishes.follow(wished(practice.real(self._state.writing), owes_private=owes), now_ns)

    def _show_dots(self, now_ns: int) -> None:
        """Have gaze measure anew how far looks fall beside, if they do; where it cannot, it says no."""
        state = self._state
        rule = fits.rule(state.fits, self._rules.commit)
        is_due = astray.is_due(state.astray, state.selector, state.writing, rule, now_ns)
        if is_due and not state.writing.calling:
            self._state = msgspec.structs.replace(state, astray=astray.asked(state.astray, now_ns))
            self._bus.ask("gaze", m.Calibrate(request=self._bus.new_request(), brief=True))

    def _pass(self, now_ns: int) -> None:
        """Light tiles in turn, or none that is not looked at, by the inputs that are there."""
        way = vigil.headband(vigil.notices(self._vigil, now_ns), is_set=self._has_headband)
        before, self._state = self._state.highlight, deciding.passed(self._state, self._rules, now_ns, way)
        self._state = fit_steps.passed(self._state, self._rules, now_ns)
        if self._fit_desk.follow(self._state.fits):
            self._fitted(now_ns)
        self._flicker.follow(self._state.fits)
        self._places.passed(self._state.standing.at, now_ns)
        if self._places.standing != self._rules.standing:
            self._rules = msgspec.structs.replace(self._rules, standing=self._places.standing)
        self._state = standing.passed(self._state, self._rules)
        if self._state.highlight and self._state.highlight is not before:
            self._bus.publish(self._state.highlight)
        self._watch_inputs(now_ns)

    def _spare(self, vitals: m.Vitals, now_ns: int) -> None:
        """At the end of the battery phrases come first; as soon as it is charged, words."""
        first = vitals.thrift >= m.Thrift.WORDS
        if first is not self._rules.phrases_first:
            self._rules = msgspec.structs.replace(self._rules, phrases_first=first)
            if self._state.tiles:
                self._state = deciding.refreshed(self._state, self._rules, now_ns)
                self._show(now_ns)

    def _watch_inputs(self, now_ns: int) -> None:
        """Ask aloud for somebody if nothing can be chosen for long; be silent as soon as something can."""
        known, commit, resting = self._state.selector, self._rules.commit, resting_truly(self._state)
        self._lost, is_due = lost.passed(self._lost, known, commit, now_ns, resting=resting)
        if is_due:
            log.warning("no way to choose is left: somebody is asked for")
            self._speaking.alert(lost.CALLS[self._rules.language], now_ns)
        elif not self._lost.is_told:
            self._speaking.end_alert(now_ns)

    def _passing(self, now_ns: int) -> tuple[m.Notice, ...]:
        """Which way to choose stands in for another, what went out: no trouble of a process, only shown."""
        rule = fits.rule(self._state.fits, self._rules.commit)
        found = select.troubles(self._state.selector, now_ns, rule) + headband.told(self._state, rule, now_ns)
        if layout := zoning.told(self._state.zoning, now_ns):
            found = (*found, layout)
        ways = tuple(m.Notice(process="core", trouble=trouble) for trouble in found)
        if self._lost.is_told:
            ways = (m.Notice(process="core", trouble=m.Trouble.INPUTS_LOST),)
        own = self._fit_desk.troubles(now_ns) + self._places.troubles(now_ns) + self._gifts.notices(now_ns)
        return ways + self._eraser.notices(now_ns) + own + self._text_out.notices(now_ns)

    def _notices(self, now_ns: int) -> tuple[m.Notice, ...]:
        """All that is wrong, here and elsewhere."""
        return self._passing(now_ns) + self.troubles() + vigil.notices(self._vigil, now_ns)

    def _asked_to_fit(self, asked: Asked, command: m.Fit, now_ns: int) -> None:
        """Begin a fitting or go on with it, forget what one led to, or tell of it."""
        reason = "" if self._state.tiles else "the kit is only starting; ask again in a moment"
        if not reason:
            no_flicker = self._flicker.no_trial(self._state, self._notices(now_ns))
            self._state, reason = fit_steps.asked(self._state, command, self._rules, now_ns, no_flicker)
        if command.wish is m.FitWish.FORGET and not reason:
            self._fit_desk.forget()
            self._fitted(now_ns)
        if command.wish is m.FitWish.PLACES and not (reason := reason or self._places.refusal):
            self._places.again()
        told = self._fit_desk.told(command.request, self._state.fits, self._places.told())
        self._bus.answer(asked, m.Refused(request=command.request, reason=reason) if reason else told)

    def _fitted(self, now_ns: int) -> None:
        """What was accepted holds at once, here and in the other processes."""
        settings = self._fit_desk.settings
        fittings = self._fit_desk.kept.fittings
        self._rules = msgspec.structs.replace(
            self._rules, commit=settings.commit, settings=settings, fittings=fittings
        )
        self._bus.publish(m.Fitted(at_ns=now_ns, values=self._fit_desk.values, fittings=fittings))

    def _show(self, now_ns: int) -> None:
        """Publish the screen and the prompt if they changed."""
        if not self._state.tiles:
            return
        saving = self._keeping.saving(now_ns)
        notices = self._notices(now_ns)
        flicker = self._flicker.slots(self._state, notices, now_ns)
        how = practising.way(self._state.selector, self._rules.commit)
        check = self._check.check if now_ns <= self._check.until_ns else None
        stage, partner = self._state.fits.told, self._state.talk.partner
        self._fate = fate.passed(self._fate, notices, now_ns)
        seen = (stage, self._state.standing, self._fate.is_unheard, flicker)
        what = (self._state.offer, self._state.writing, partner, saving, notices, how, check, *seen)
        if what != self._published:
            self._published = what
            screen = deciding.screen(self._state, now_ns, saving, notices, self._rules.language, how)
            screen = practising.with_sign(screen, self._state.selector, self._rules.commit)
            about = {"check": check, "unheard": self._fate.is_unheard, "flicker": flicker}
            self._bus.publish(msgspec.structs.replace(screen, **about))
        if self._state.prompt and self._state.prompt.number != self._prompted:
            self._prompted = self._state.prompt.number
            self._bus.publish(self._state.prompt)
        if self._state.offer != self._looked_ahead:
            self._looked_ahead = self._state.offer
            self._bus.publish(m.Ahead(at_ns=now_ns, prompts=prompts_ahead(self._state, self._rules, now_ns)))


def main(start: Start) -> None:
    """Run the deciding process until it is asked to end."""
    bus = Bus("core", start.places.runtime, start.clock, HEARS)
    run(Core(start, bus), bus, start.clock, start.heart)
