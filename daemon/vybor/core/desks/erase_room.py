"""What a deletion asks of the deciding process itself: what it holds at hand, and its own files.

The desk (`erase_desk`) asks the others.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from vybor.composer import practice
from vybor.contracts import messages as m
from vybor.contracts.messages import Scope
from vybor.core.decision.forgetting import forgotten, without
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding
from vybor.core.desks.erase_desk import EraseDesk, Gone
from vybor.core.desks.speaking import Speaking
from vybor.core.desks.text_out import TextOut
from vybor.core.words.learning import Learning
from vybor.core.words.own import OwnSentences
from vybor.core.words.phrase_book import PhraseBook
from vybor.foundation.bus import Answered, Asked, Bus
from vybor.foundation.clock import today


class Holders(NamedTuple):
    """All here that holds something of the person's."""

    learning: Learning
    own: OwnSentences
    phrases: PhraseBook
    speaking: Speaking
    text_out: TextOut


class EraseRoom:
    """Deletes here, and has it deleted."""

    def __init__(self, bus: Bus, desk: EraseDesk, holders: Holders) -> None:
        self._bus = bus
        self._desk = desk
        self._learning, self._own, self._phrases, self._speaking, self._text_out = holders

    def chosen(self, state: Deciding, wish: m.Erase, now_ns: int) -> None:
        """The person chose it; what was at hand of it is forgotten with the choice."""
        self._fall_silent(state, now_ns)
        self._text_out.forget()
        self._desk.begin(dated(wish), now_ns)

    def asked(self, state: Deciding, asked: Asked, rules: Rules, now_ns: int) -> Deciding:
        """Somebody else deletes for the person: what is here of it goes first, as far as that is known."""
        wish = asked.command
        if not isinstance(wish, m.Erase):
            return state
        reason = "" if state.tiles else "the kit is only starting; ask again in a moment"
        if state.fits.told is not None:
            reason = "a fitting is under way; ask again when it is over"
        if not reason:
            state = self.turn(state, rules, now_ns)  # what is asked again may be owed from before this start
            is_on_its_way = self._desk.is_busy
            wish = dated(wish)
            reason = self._desk.begin(wish, now_ns, asked)
        if reason:
            self._bus.answer(asked, m.Refused(request=wish.request, reason=reason))
        elif not is_on_its_way:
            state = self._let_go(state, wish.scope, (), rules, now_ns)
        return state

    def answered(self, state: Deciding, answered: Answered, rules: Rules, now_ns: int) -> Deciding:
        """Take in what the others say of it."""
        return self._forget(state, self._desk.answered(answered, now_ns), rules, now_ns)

    def turn(self, state: Deciding, rules: Rules, now_ns: int, *, is_saved: bool = False) -> Deciding:
        """Go on with what was begun before this start, and with what is at hand."""
        if state.tiles:
            state = self._forget(state, self._desk.resumed(now_ns), rules, now_ns)
        self._desk.turn(now_ns, is_saved=is_saved, has_forgotten=not self._learning.is_to_forget)
        return state

    def kept(self, decision: m.Decision) -> m.Decision:
        """A decision as it is written down: what is being deleted is still offered until all have forgotten it."""
        return without(decision, self._desk.texts)

    def notices(self, now_ns: int) -> tuple[m.Notice, ...]:
        """What is said of it on the screen."""
        return self._desk.notices(now_ns)

    def _forget(self, state: Deciding, gone: Gone | None, rules: Rules, now_ns: int) -> Deciding:
        if gone is None:
            return state
        if gone.is_learned:
            self._learning.forget()
            self._own.forget()
            if self._desk.forgets_all and (reason := self._phrases.forget_all()):
                self._desk.left(reason)
        return self._let_go(state, Scope.TODAY if gone.is_all else Scope.UTTERANCE, gone.texts, rules, now_ns)

    def _let_go(self, state: Deciding, scope: Scope, texts: Sequence[str], rules: Rules, now_ns: int) -> Deciding:
        """What is at hand goes, and what the voice says if that is of it."""
        state = forgotten(state, scope, texts, rules, now_ns)
        self._fall_silent(state, now_ns)
        self._text_out.forget()
        return state

    def _fall_silent(self, state: Deciding, now_ns: int) -> None:
        """What is no longer known to have been said is not said on, nor begun."""
        self._speaking.keep(practice.real(state.writing).lasting.aloud, now_ns)


def dated(wish: m.Erase) -> m.Erase:
    """Today is the day of the wish, whenever it is done; a day that is today's is today."""
    now = today().isoformat()
    if wish.scope is Scope.TODAY and not wish.day:
        return msgspec.structs.replace(wish, day=now)
    if wish.scope is Scope.DAY and wish.day == now:
        return msgspec.structs.replace(wish, scope=Scope.TODAY)
    return wish
