"""The record told as a ledger: each choice with its bits, each utterance with the choices that made it. Pure.

A choice that changed the text closes a *piece*: the text after it, and the choices since the piece before that led
there (letters, pages, more words). Undo takes the last piece off again; its choices stay the person's work, but no
text comes of them. What is spoken is an utterance: the pieces since the last one that left an empty line.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from vybor.accounting import bits
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role
from vybor.utterances import provenance
from vybor.utterances.provenance import Origins, Steering

TAKES_BACK = (Action.UNDO, Action.REPAIR)
ON_THE_WAY = (Action.MORE, Action.STEER, Action.SPELL, Action.PAGE, Action.UNDO)
"""Choices that lead to text though they change none; any other one is about something else (rest, help)."""
OTHER_PAGES = (Mode.KIT, Mode.REST, Mode.FITTING)
OTHER_TILES = (Role.KIT, Role.REST, Role.WAKE, Role.HELP)
"""And so is whatever is chosen on these pages, or leads to them."""


class Fate(StrEnum):
    """What came of a choice."""

    TEXT = "text"
    """It led to text that stands."""
    UNDONE = "undone"
    """It led nowhere, or what it led to was taken back; the choices that did so are here as well."""
    SPOKE = "spoke"
    """It gave the text to the voice."""
    OPEN = "open"
    """Nothing has come of it yet."""
    ASIDE = "aside"
    """It was about no text that is being written."""


class Step(msgspec.Struct, frozen=True):
    """One choice in an utterance."""

    decision: m.Decision
    fate: Fate
    surprise: float
    """Bits of the choice, whoever made it."""
    bits: float
    """Bits of the person: the same where their eyes and body made the choice, else none."""


class Piece(msgspec.Struct, frozen=True):
    """The text after a choice that changed it, and the choices that led there."""

    text: str
    origins: Origins
    choices: tuple[m.Decision, ...] = ()
    added: int = 0
    """Characters that it put into the text."""
    begins: bool = False
    """Whether an utterance begins behind it."""


class Utterance(msgspec.Struct, frozen=True, kw_only=True):
    """A text that was given to the voice, or the one that is being written."""

    number: int
    """Its place among all that were spoken, from 1; 0: not spoken yet."""
    text: str
    said: str
    origins: Origins
    """Of what was said, one a character."""
    steps: tuple[Step, ...]
    language: str
    person_bits: float
    """Bits of the choices that led to the text."""
    letters_bits: float
    """Bits of its letters, spelled without any help."""
    kit_bits: float
    """Of these, bits that the choices did not say."""
    undone_bits: float
    """Bits of the choices that were taken back, and of taking them back."""
    unsupported: int
    """Choices that led to the text and that the evidence alone does not carry: nothing is counted for them."""
    taken_back: bool = False
    """Its speaking was undone."""
    is_hidden: bool = False
    """Its words and choices are left out, since it is private (accounting/private.py)."""

    @property
    def is_private(self) -> bool:
        """Whether nothing may be learned from it; that may have been said once it was written."""
        return any(step.fate in (Fate.TEXT, Fate.SPOKE) and not step.decision.learn for step in self.steps)

    @property
    def surplus_bits(self) -> float:
        """Bits told for a piece beyond those of its letters: so much do person and kit come to more than these."""
        return max(0.0, self.person_bits + self.kit_bits - self.letters_bits)

    @property
    def share(self) -> float | None:
        """The person's part of the letters' bits: a long way to a letter is no more than it. None: no text."""
        return 1 - self.kit_bits / self.letters_bits if self.letters_bits else None


class NotMeant(msgspec.Struct, frozen=True):
    """A speaking that was said not to have been meant: what it takes to have it hold again."""

    left: Piece
    """The text that came back then."""
    gone: Piece
    spoken_at: tuple[int, int]
    utterance: Utterance


class Ledger:
    """Takes in decisions, oldest first."""

    def __init__(self) -> None:
        self.spoken: list[Utterance] = []
        """Everything that was given to the voice, with what was taken back again."""
        self._pieces: list[Piece] = [Piece("", (), begins=True)]
        self._pending: list[m.Decision] = []
        """Choices since the text changed last."""
        self._undone: list[m.Decision] = []
        self._aside: list[m.Decision] = []
        self._is_aside = False
        """Whether the last choice was about no text."""
        self._places: dict[tuple[str, int], int] = {}
        """Where each decision stands in the record: times begin anew when the machine does."""
        self._spoken_at: list[tuple[int, int]] = []
        """For each speaking that stands: how many pieces there were before it, and its place in `spoken`."""
        self._not_meant: list[NotMeant] = []

    def tell(self, decision: m.Decision) -> None:
        """Take in the next decision."""
        self._places.setdefault((decision.session, decision.number), len(self._places))
        if decision.text_before != self._pieces[-1].text:
            self._found(decision.text_before)
        if decision.mode is Mode.WORDS and not (decision.prefix or decision.looks):
            self._led_nowhere()
        stays = decision.text_after == decision.text_before
        self._is_aside = stays and self._is_about_no_text(decision)
        if self._is_aside:
            self._put_aside(decision)
        elif stays:
            self._stayed(decision)
        elif decision.action is Action.UNDO and self._can_hold_again(decision.text_after):
            self._hold_again(decision)
        elif decision.action in TAKES_BACK and self._can_undo(decision.text_after):
            self._undo(decision)
        elif decision.action is Action.SPEAK:
            self._speak(decision)
        else:
            self._changed(decision)

    def draft(self) -> Utterance:
        """The text that is being written."""
        top = self._pieces[-1]
        return self._utterance(0, top.text, top.text, ())

    def _found(self, text: str) -> None:
        """Another text than was left: a start that did not know of it, or the record's beginning."""
        known = self._pieces[-1]
        kept = provenance.common_prefix(known.text, text)
        origins = known.origins[:kept] + (provenance.Origin.UNKNOWN,) * (len(text) - kept)
        self._led_nowhere()
        self._pieces.append(Piece(text, origins, added=len(text) - kept))

    def _led_nowhere(self) -> None:
        """The person stands where every word begins: whatever pages they turned, they have left them."""
        self._undone += self._pending
        self._pending = []

    def _is_about_no_text(self, decision: m.Decision) -> bool:
        tile = provenance.chosen_tile(decision)
        if decision.action is Action.UNDO and decision.mode not in OTHER_PAGES:
            return self._is_aside and not self._pending  # a call, or an answer, is taken back
        is_other = decision.mode in OTHER_PAGES or (tile is not None and tile.role in OTHER_TILES)
        return is_other or decision.action not in ON_THE_WAY

    def _put_aside(self, decision: m.Decision) -> None:
        """It is about no text, and so are the pages that were turned to come to it."""
        way = len(self._pending)
        while way and self._pending[way - 1].action is Action.PAGE:
            way -= 1
        self._aside += [*self._pending[way:], decision]
        del self._pending[way:]

    def _stayed(self, decision: m.Decision) -> None:
        """The text is what it was: a letter, a page, or the way back from one."""
        if not _goes_back(decision):
            self._pending.append(decision)
            return
        if self._pending:
            self._undone.append(self._pending.pop())
        self._undone.append(decision)

    def _can_undo(self, text: str) -> bool:
        return len(self._pieces) > 1 and self._pieces[-2].text == text

    def _undo(self, decision: m.Decision) -> None:
        gone = self._pieces.pop()
        if self._spoken_at and self._spoken_at[-1][0] == len(self._pieces):
            spoken_at = self._spoken_at.pop()
            if decision.action is Action.REPAIR:
                known = NotMeant(self._pieces[-1], gone, spoken_at, self.spoken[spoken_at[1]])
                self._not_meant.append(known)
            self._take_back(spoken_at[1])
        self._undone += [*gone.choices, *self._pending, decision]
        self._pending = []

    def _can_hold_again(self, text: str) -> bool:
        """Whether undo takes back that the text at hand was not meant."""
        return bool(self._not_meant) and self._not_meant[-1].left is self._pieces[-1] and not text

    def _hold_again(self, decision: m.Decision) -> None:
        """What was spoken was meant after all; its choices are its own again, and those since led nowhere."""
        known = self._not_meant.pop()
        self._pieces.append(known.gone)
        self._spoken_at.append(known.spoken_at)
        self.spoken[known.spoken_at[1]] = known.utterance
        its_own = {self._place(step.decision) for step in known.utterance.steps}
        self._undone = [one for one in self._undone if self._place(one) not in its_own]
        self._undone += [*self._pending, decision]
        self._aside = [one for one in self._aside if self._place(one) not in its_own]
        self._pending = []

    def _take_back(self, place: int) -> None:
        """The utterance goes on being written, with all that was undone in it before."""
        known = self.spoken[place]
        self.spoken[place] = msgspec.structs.replace(known, taken_back=True)
        self._undone[:0] = [step.decision for step in known.steps if step.fate is Fate.UNDONE]
        self._aside[:0] = [step.decision for step in known.steps if step.fate is Fate.ASIDE]

    def _speak(self, decision: m.Decision) -> None:
        choices = (*self._pending, decision)
        number = len(self.spoken) + 1
        said = decision.said or decision.text_before
        self.spoken.append(self._utterance(number, decision.text_before, said, choices))
        self._spoken_at.append((len(self._pieces), number - 1))
        self._pieces.append(Piece("", (), choices, begins=True))
        self._pending, self._undone, self._aside = [], [], []

    def _changed(self, decision: m.Decision) -> None:
        before = self._pieces[-1]
        if decision.action is Action.UNDO:  # back to a text that this record does not have
            self._undone += [*self._pending, decision]
            self._pending = []
            self._found(decision.text_after)
            return
        origins = provenance.after(decision, before.origins, steering(decision, self._pending))
        added = len(decision.text_after) - provenance.common_prefix(before.text, decision.text_after)
        self._pieces.append(Piece(decision.text_after, origins, (*self._pending, decision), added))
        self._pending = []

    def _utterance(self, number: int, text: str, said: str, speaking: tuple[m.Decision, ...]) -> Utterance:
        pieces, dropped = self._standing()
        texts = [choice for piece in pieces for choice in piece.choices]
        undone = [*dropped, *self._undone]
        language = (*speaking, *texts)[0].language if speaking or texts else "en"
        fates = [(Fate.TEXT, texts), (Fate.UNDONE, undone), (Fate.ASIDE, self._aside)]
        fates.append((Fate.SPOKE, list(speaking)) if number else (Fate.OPEN, self._pending))
        return Utterance(
            number=number,
            text=text,
            said=said,
            origins=provenance.ended(text, self._pieces[-1].origins, said),
            steps=self._in_order(fates),
            language=language,
            person_bits=sum(map(bits.of_person, texts)),
            letters_bits=sum(map(_letters_bits, pieces)),
            kit_bits=sum(map(_kit_bits, pieces)),
            undone_bits=sum(map(bits.of_person, undone)),
            unsupported=sum(not bits.is_supported(choice) for choice in texts),
        )

    def _in_order(self, fates: Iterable[tuple[Fate, Iterable[m.Decision]]]) -> tuple[Step, ...]:
        steps = [
            Step(choice, fate, bits.surprise(choice), bits.of_person(choice))
            for fate, group in fates
            for choice in group
        ]
        return tuple(sorted(steps, key=lambda step: self._place(step.decision)))

    def _place(self, decision: m.Decision) -> int:
        return self._places[decision.session, decision.number]

    def _standing(self) -> tuple[list[Piece], list[m.Decision]]:
        """The pieces that the text is made of, and the choices of those that were taken out again.

        Who comes back to a text that stood there before (clears it, say) has taken out what came between.
        """
        begin = max(place for place, piece in enumerate(self._pieces) if piece.begins)
        standing = [msgspec.structs.replace(self._pieces[begin], choices=())]
        dropped: list[m.Decision] = []
        for piece in self._pieces[begin + 1 :]:
            known = next((place for place, one in enumerate(standing) if one.text == piece.text), None)
            if known is None:
                standing.append(piece)
                continue
            dropped += [choice for one in (*standing[known + 1 :], piece) for choice in one.choices]
            del standing[known + 1 :]
        return standing[1:], dropped


def ledger(decisions: Iterable[m.Decision]) -> Ledger:
    """Tell all of them."""
    told = Ledger()
    for decision in decisions:
        told.tell(decision)
    return told


def steering(decision: m.Decision, pending: Iterable[m.Decision]) -> Steering:
    """What was told of the word before this choice; of old records that do not say, by the choices before it."""
    if decision.mode is not None:
        return Steering(decision.prefix, decision.looks)
    prefix = ""
    looks: list[str] = []
    for choice in pending:
        tile = provenance.chosen_tile(choice)
        if choice.action is Action.SPELL:
            prefix += choice.written
        elif tile and tile.role is Role.KEY:
            looks.append(tile.label.replace(" ", ""))
    return Steering(prefix, tuple(looks))


def _goes_back(decision: m.Decision) -> bool:
    tile = provenance.chosen_tile(decision)
    return decision.action is Action.UNDO or (tile is not None and tile.role is Role.BACK)


def _letters_bits(piece: Piece) -> float:
    """Bits of the letters that a piece added; none where its choices, or their offer, are not known."""
    if not piece.choices or not piece.choices[-1].shown:
        return 0.0
    return bits.of_letters(piece.added, piece.choices[-1].language)


def _kit_bits(piece: Piece) -> float:
    """Those that the choices did not say."""
    return max(0.0, _letters_bits(piece) - sum(map(bits.of_person, piece.choices)))
