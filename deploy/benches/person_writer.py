"""The frozen person writes with the kit: reads, takes, steers, slips, notices, undoes, speaks, idles.

The rules are those of the frozen README; where they leave something open it is decided here:
- The eyes rest on what is read; a read tile that agrees is looked at for another `saccade_s`, and then confirmed.
- What is overlooked is drawn once a place in a phrase, alike for the kit and the keyboards beside it.
- *More* is spared (once at most). Groups, letters and controls are found without reading.
- A wrong page, a sentence said too early and a call for help are always noticed, a wrong text or look at a group
  with `notice`. Who does not notice writes on as if all were right, and says it.
- Who tries in vain for GIVE_UP_S, or needs more than A_WORD_S a word, gives the phrase up: it stays unfinished.
"""

import math

import msgspec

from benches.person_body import Body, Doing, is_same, stands
from benches.person_kit import Chosen
from benches.person_mending import Owed
from benches.person_profile import Person
from benches.person_result import Result
from benches.writing_person import Attention
from benches.writing_phrases import Phrase, words_of
from vybor.composer.folding import leaves, members_of
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.decision.ahead import CHANCES
from vybor.foundation.clock import SECOND_NS
from world.mind import Wish, agrees, heedless_wish, holding, plain, reached, written

GIVE_UP_S = 60.0
A_WORD_S = 60.0
WRITES = (Role.CANDIDATE, Role.PHRASE, Role.SPELLED)
MENDS = (Role.UNDO, Role.BACK)
A_CHANCE = 0.01
"""Of a tile that nobody gave a probability."""


class Writer:
    """One person before one kit, phrase by phrase."""

    def __init__(self, person: Person, body: Body) -> None:
        self._person = person
        self._body = body
        self._kit = body.kit
        self._chance = person.chance("mind")
        self._attention = Attention(seed=1000 * person.seed + person.number, used=1 - person.profile.overlook)
        self._owed: Owed | None = None
        self._page: tuple[object, ...] = ()
        self._read: dict[int, str] = {}
        self._phrase = Phrase(0, ())
        self._target = ""
        self._trying_ns: int | None = None
        self._began_ns = 0
        self._heeded = 0
        """So many choices were counted, as one thing or another."""
        self.result = Result()

    def write(self, phrase: Phrase) -> Result:
        """Write one phrase and have it said, or give up; then idle until the next one."""
        self._begin(phrase)
        while not self._is_over():
            tile = self._wanted()
            if tile is None:
                continue
            chosen = self._choose(tile)
            if chosen and chosen.said:
                self.result.right = _says(chosen.said, phrase)
                self.result.finished = self.result.right or is_same(chosen.tile, tile)  # in good faith
            if self.result.finished:
                break
        self._end()
        return self.result

    def _begin(self, phrase: Phrase) -> None:
        self._phrase, self._target = phrase, phrase.text
        standing = plain(self._kit.screen.text)
        if standing and self._owed is None:  # chosen while idle, and not noticed
            self._target = f"{standing} {phrase.text}"
        self._trying_ns = None
        self._began_ns = self._kit.now_ns
        self.result = Result(number=phrase.number, characters=len(phrase.text), words=len(phrase.words))
        self._body.spent_s.clear()
        self._body.signals = 0
        self._kit.model_s.clear()

    def _end(self) -> None:
        result = self.result
        result.seconds = (self._kit.now_ns - self._began_ns) / SECOND_NS
        if not result.finished:
            self._owed = None
            self._kit.begin_anew()
            self._body.wait(Doing.IDLE, 1.0)
        self._idle()
        self._count_unheeded(len(self._kit.chosen))
        spent = self._body.spent_s
        result.reading_s, result.looking_s = spent[Doing.READING], spent[Doing.LOOKING]
        result.confirming_s, result.noticing_s = spent[Doing.CONFIRMING], spent[Doing.NOTICING]
        result.idle_s = spent[Doing.IDLE]
        result.signals = self._body.signals
        result.prompts, result.model_s = len(self._kit.model_s), sum(self._kit.model_s)

    def _is_over(self) -> bool:
        now_ns = self._kit.now_ns
        if self._trying_ns is not None and (now_ns - self._trying_ns) / SECOND_NS > GIVE_UP_S:
            return True
        patience_s = GIVE_UP_S + A_WORD_S * len(self._phrase.words)
        return self.result.dead_ends > 0 or (now_ns - self._began_ns) / SECOND_NS > patience_s

    # --- reading ------------------------------------------------------------------------------------------

    def _wanted(self) -> m.Tile | None:
        """The tile to choose now; None where the screen changed under the eyes, or there is none."""
        screen = self._kit.screen
        if self._owed and self._owed.is_paid(screen):
            self._owed = None
        if self._owed:
            return self._first(screen, self._owed.roles(screen))
        found = self._found(screen)
        if found:
            return reached(self._kit.screen, Wish(found, "")).tile
        screen = self._kit.screen
        if self._page != _page(screen):
            return None
        wished = heedless_wish(self._without_fitting(screen), self._target)
        return wished.tile or self._first(screen, MENDS)

    def _found(self, screen: m.Screen) -> m.Tile | None:
        """Read the words in the order of their places until one agrees; what has not changed is known."""
        first_time = self._page != _page(screen) and screen.mode is Mode.WORDS and not screen.prefix
        self._page = _page(screen)
        if plain(screen.text) == self._target or not self._target.startswith(plain(screen.text)):
            return None
        self.result.positions += first_time
        judged: set[tuple[int, str]] = set()
        while tile := self._next_word(judged):
            if self._read.get(tile.slot) != tile.label:
                self._look_over(tile)
            if self._page != _page(self._kit.screen):
                return None
            judged.add((tile.slot, tile.label))
            fits = self._fits(tile, self._kit.screen) and _is_there(tile, self._kit.screen)
            if fits and self._attention.uses(self._phrase, len(screen.text.split()), len(screen.prefix)):
                return tile
        self.result.none += first_time
        return None

    def _next_word(self, judged: set[tuple[int, str]]) -> m.Tile | None:
        words = (tile for tile in leaves(self._kit.screen.tiles) if tile.role is Role.CANDIDATE)
        return next((tile for tile in words if (tile.slot, tile.label) not in judged), None)

    def _look_over(self, tile: m.Tile) -> None:
        """Read one tile, or one of several in a zone; what is chosen meanwhile is a false selection."""
        before, choices = self._kit.screen, len(self._kit.chosen)
        self._body.read(next(lies for lies in before.tiles if tile in members_of(lies)), len(tile.label.split()))
        self._read[tile.slot] = tile.label
        if len(self._kit.chosen) > choices:
            self.result.false_reading += 1
            self._went_wrong(before, None, self._newest())

    def _fits(self, tile: m.Tile, screen: m.Screen) -> bool:
        return agrees(plain(screen.text), plain(tile.label), self._target)

    def _without_fitting(self, screen: m.Screen) -> m.Screen:
        """What was overlooked is not there; the person knows the phrase, the screen says whether it agrees."""
        here = plain(screen.text)

        def fits(tile: m.Tile) -> bool:
            return tile.role is Role.CANDIDATE and agrees(here, plain(tile.label), self._target)

        kept = (
            msgspec.structs.replace(tile, members=tuple(each for each in tile.members if not fits(each)))
            for tile in screen.tiles
            if not fits(tile)
        )
        return msgspec.structs.replace(screen, tiles=tuple(kept))

    def _first(self, screen: m.Screen, roles: tuple[Role, ...]) -> m.Tile | None:
        ways = (holding(screen, role) for role in (*roles, Role.CLOSE))
        found = next((tile for tile in ways if tile), None)
        self.result.dead_ends += found is None
        return found

    # --- choosing -----------------------------------------------------------------------------------------

    def _choose(self, tile: m.Tile) -> Chosen | None:
        """Try until something is chosen, or the tile is gone, or it is enough."""
        before, choices = self._kit.screen, len(self._kit.chosen)
        if self._trying_ns is None:
            self._trying_ns = self._kit.now_ns
        tries = 0
        while len(self._kit.chosen) == choices and stands(tile, self._kit.screen) and not self._is_over():
            tries += 1
            last_ns = max(self._trying_ns, self._body.could_ns)
            self._body.attempt(tile, tries)
            could_ns = self._body.could_ns if self._body.could_ns > last_ns else self._kit.now_ns
            no_act_s = (could_ns - last_ns) / SECOND_NS
            self.result.longest_no_act_s = max(self.result.longest_no_act_s, no_act_s)
        stuck_s = (self._kit.now_ns - self._trying_ns) / SECOND_NS
        self.result.longest_stuck_s = max(self.result.longest_stuck_s, stuck_s)
        if len(self._kit.chosen) == choices:
            return None
        chosen = self._newest()
        self._body.wait(Doing.LOOKING, 0.1, lambda: self._kit.screen.offer > chosen.offer)
        self._count(chosen)
        if is_same(chosen.tile, tile):
            self._trying_ns = None
            self.result.misquoted += bool(chosen.said) and not _says(chosen.said, self._phrase)
            if self._owed:
                self._mended(self._owed)
        else:
            self.result.wrong += 1
            self._went_wrong(before, tile, chosen)
        return chosen

    def _newest(self) -> Chosen:
        """What was chosen last, which is counted by whoever asks."""
        self._count_unheeded(len(self._kit.chosen) - 1)
        self._heeded = len(self._kit.chosen)
        return self._kit.chosen[-1]

    def _count_unheeded(self, until: int) -> None:
        """What was chosen while the person only noticed something, or saw what came: nobody meant that."""
        for chosen in self._kit.chosen[self._heeded : until]:
            self.result.false_reading += 1
            self.result.misquoted += bool(chosen.said) and not _says(chosen.said, self._phrase)
        self._heeded = max(self._heeded, until)

    def _count(self, chosen: Chosen) -> None:
        result = self.result
        result.acts += 1
        result.corrections += chosen.tile.role in MENDS
        chances = [_chance(tile) for tile in chosen.tiles]
        result.bits -= math.log2(_chance(chosen.tile) / sum(chances))
        if self._kit.screen.text and not result.first_word_s:
            result.first_word_s = (self._kit.now_ns - self._began_ns) / SECOND_NS

    def _mended(self, owed: Owed) -> None:
        left = owed.left - 1
        self._owed = Owed(owed.text, owed.letters, False, left) if left else None

    # --- what went wrong ----------------------------------------------------------------------------------

    def _went_wrong(self, before: m.Screen, meant: m.Tile | None, chosen: Chosen) -> None:
        """Something was chosen that was not meant: the person notices and will mend it, or writes on."""
        self._body.wait(Doing.NOTICING, 0.1, lambda: self._kit.screen.offer > chosen.offer)
        after = self._kit.screen
        self.result.misquoted += bool(chosen.said) and not _says(chosen.said, self._phrase)
        owed = self._owed or Owed(before.text, len(before.prefix))
        is_hidden = (after.text != before.text or after.prefix != before.prefix) and not chosen.said
        if is_hidden and self._owed is None and self._chance.random() >= self._person.profile.notice:
            self._write_on(before, meant, after)
            return
        self._body.wait(Doing.NOTICING, self._person.profile.notice_s)
        if chosen.tile.role is Role.UNDO and self._owed is None and self._target.startswith(plain(after.text)):
            return  # what was taken back is written again
        self._owed = Owed(owed.text, owed.letters, chosen.called_help)

    def _write_on(self, before: m.Screen, meant: m.Tile | None, after: m.Screen) -> None:
        """The person takes what stands there for what they meant."""
        expected = plain(before.text)
        if meant and meant.role in WRITES:
            expected = plain(written(before.text, meant.label))
        if after.text != before.text and self._target.startswith(expected):
            rest = self._target[len(expected) :].strip()
            self._target = f"{plain(after.text)} {rest}".strip()

    def _idle(self) -> None:
        """Look the whole screen over without meaning anything."""
        end_s = self._body.spent_s[Doing.IDLE] + self._person.profile.idle_s
        while self._body.spent_s[Doing.IDLE] < end_s:
            for tile in self._kit.screen.tiles:
                before, choices = self._kit.screen, len(self._kit.chosen)
                words = sum(len(each.label.split()) for each in members_of(tile))
                self._body.read(tile, max(1, words), Doing.IDLE)
                if len(self._kit.chosen) > choices:
                    self.result.false_idle += 1
                    self._went_wrong(before, None, self._newest())
                    break


def _page(screen: m.Screen) -> tuple[object, ...]:
    """What must not change while the words are read."""
    return screen.mode, screen.text, screen.prefix, screen.said


def _says(said: str, phrase: Phrase) -> bool:
    return words_of(said) == phrase.words


def _is_there(tile: m.Tile, screen: m.Screen) -> bool:
    return any(is_same(tile, other) for other in leaves(screen.tiles))


def _chance(tile: m.Tile) -> float:
    if tile.members:
        return sum(map(_chance, tile.members))
    if tile.p is None:
        return CHANCES.get(tile.role, A_CHANCE)
    return max(tile.p, A_CHANCE)
