"""The kit written with: the real decision on real messages, both tiers answered before the person reads."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from benches.writing_endings import AreForms, ending_wish
from benches.writing_person import Act, Attention, Written
from benches.writing_phrases import Phrase
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.decision.rules import Rules
from vybor.foundation.errors import VyborError
from vybor.foundation.places import Places
from vybor.generator.candidates import Proposer
from vybor.generator.network.bundle import open_bundle
from world.desk import Desk
from world.mind import Wish, agrees, heedless_wish, plain, unheeded

FRAME_S = 0.1
KEYSTROKES = (Role.CANDIDATE, Role.KEY, Role.LETTER, Role.MARK, Role.SPELLED)
"""What counts as one keystroke: what a keyboard with suggestions needs too, and a look at a group of letters,
which tells less than its key."""
MOST_ACTS_A_LETTER = 8

Propose = Callable[[m.Prompt], tuple[m.Candidate, ...]]


def model_in(share: Path, language: str, threads: int) -> Propose:
    """The words of a model; none, and nothing loaded, where it does not know the language. Raises VyborError."""
    bundle = open_bundle(Places(runtime=share, state=share, share=share).model)
    if language not in bundle.manifest.languages:
        return lambda prompt: ()
    proposer = Proposer(bundle, threads)
    return lambda prompt: proposer.propose(prompt, lambda: True) or ()


class Remembering:
    """The language model; what it was asked before, it is not asked again: ways of writing ask much the same."""

    def __init__(self, propose: Propose) -> None:
        self._propose = propose
        self._known: dict[m.Prompt, tuple[m.Candidate, ...]] = {}

    def __call__(self, prompt: m.Prompt) -> tuple[m.Candidate, ...]:
        """Answer a prompt."""
        asked = msgspec.structs.replace(prompt, at_ns=0, number=0)
        if asked not in self._known:
            self._known[asked] = self._propose(prompt)
        return self._known[asked]


class Stuck(VyborError):
    """The phrase cannot be finished: it has letters that the kit has not, or the kit or the person has a fault."""


class Kit(msgspec.Struct, frozen=True):
    """Writing with the kit in one manner."""

    name: str
    rules: Rules
    propose: Propose
    takes_runs: bool
    """Whether tiles of several words are taken too."""
    are_forms: AreForms | None = None
    """Which words are forms of one, for a person who gives a wrong form another ending."""

    def write(self, phrase: Phrase, attention: Attention) -> Written:
        """Write one phrase. Raises Stuck."""
        desk = Desk(self.rules, FRAME_S)
        acts: list[Act] = []
        positions: dict[str, bool] = {}
        while plain(desk.state.writing.text) != phrase.text:
            if len(acts) > MOST_ACTS_A_LETTER * (len(phrase.text) + 1):
                now = desk.state.writing
                raise Stuck(
                    f"{phrase.text!r} cannot be written: {now.text!r} and {now.prefix!r} after {len(acts)} "
                    "choices; leave out phrases with letters that the kit does not have"
                )
            self._answered(desk)
            shown = self._known(desk.screen())
            _noted(positions, shown, phrase)
            seen = _overlooked(shown, phrase, attention)
            wished = self._wish(seen, phrase)
            if wished.tile is None:
                raise Stuck(f"{phrase.text!r}: no tile for {wished.why!r} on the page {seen.mode}")
            acts.append(_chosen(desk, shown, wished.tile))
        return _written(phrase, acts, positions)

    def _wish(self, seen: m.Screen, phrase: Phrase) -> Wish:
        if self.are_forms:
            wished = ending_wish(seen, phrase, self.are_forms)
            if wished.tile:
                return Wish(next(tile for tile in seen.tiles if tile.slot == wished.tile.slot), wished.why)
        return heedless_wish(seen, phrase.text)

    def _answered(self, desk: Desk) -> None:
        """The model's words, before anybody reads."""
        prompt = desk.state.prompt
        if prompt and desk.state.proposals is None:
            desk.answer(self.propose(prompt), prompt.number, self.name)

    def _known(self, screen: m.Screen) -> m.Screen:
        """The screen as somebody reads it who writes in this manner."""
        if self.takes_runs:
            return screen
        tiles = tuple(tile for tile in screen.tiles if tile.role is not Role.CANDIDATE or " " not in tile.label)
        return msgspec.structs.replace(screen, tiles=tiles)


def _noted(positions: dict[str, bool], screen: m.Screen, phrase: Phrase) -> None:
    """At the beginning of a word: whether a tile agrees."""
    if screen.mode is Mode.WORDS and not screen.prefix:
        positions.setdefault(screen.text, bool(_fitting(screen, phrase)))


def _fitting(screen: m.Screen, phrase: Phrase) -> list[int]:
    """Slots of the suggestions that agree with what comes next."""
    plainly = unheeded(screen)
    return [
        tile.slot
        for tile in plainly.tiles
        if tile.role is Role.CANDIDATE and agrees(plainly.text, tile.label, phrase.text)
    ]


def _overlooked(screen: m.Screen, phrase: Phrase, attention: Attention) -> m.Screen:
    """The screen without the words that fit, where the person does not use them."""
    word = len(screen.text.split())
    if attention.uses(phrase, word, len(screen.prefix)):
        return screen
    fitting = _fitting(screen, phrase)
    tiles = tuple(tile for tile in screen.tiles if tile.slot not in fitting)
    return msgspec.structs.replace(screen, tiles=tiles)


def _chosen(desk: Desk, shown: m.Screen, tile: m.Tile) -> Act:
    before = len(desk.decided)
    desk.choose(tile.slot)
    if len(desk.decided) != before + 1:
        raise Stuck(f"the tile {tile.label or tile.role.value!r} in slot {tile.slot} could not be chosen")
    offered = tuple(f"{each.label} | {each.grey}".strip(" |") or each.role.value for each in shown.tiles)
    return Act(shown=offered, role=tile.role.value, chosen=tile.label)


def _written(phrase: Phrase, acts: list[Act], positions: dict[str, bool]) -> Written:
    return Written(
        characters=len(phrase.text),
        words=len(phrase.words),
        keystrokes=sum(act.role in KEYSTROKES for act in acts),
        selections=len(acts),
        positions=len(positions),
        none=sum(not fits for fits in positions.values()),
        acts=tuple(acts),
    )
