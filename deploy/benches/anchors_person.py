"""The simulated person who looks for whole sentences: which words, what they do with what is offered. Pure.

On an empty line the person goes to the sentences, says what the sentence is to do where its form tells it, finds
the rarest word of the phrase by the keypad, and reads what stands there. A sentence that is the phrase is taken;
else the longest run of words that agrees, as a part, if it is long enough; else the second rarest word is given
too. The rest is written as always.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile

import msgspec

from benches.writing_kit import FRAME_S, KEYSTROKES, MOST_ACTS_A_LETTER, Propose, Stuck
from benches.writing_person import Act, Attention, Written
from benches.writing_phrases import Phrase, words_of
from vybor.contracts import messages as m
from vybor.contracts.messages import Intent, Mode, Role, Source
from vybor.core.decision.rules import Rules
from vybor.retrieval.stems import is_content
from world.desk import Desk
from world.mind import heedless_wish, plain

MOST_ANCHORS = 2
LEAST_PART = 2
"""Words of a part that is worth the three choices that it costs."""
WITHOUT_APOSTROPHES = (
    "dont im ive id ill cant wont didnt isnt doesnt thats whats wheres lets youre hes "
    "shes its theyre couldnt wouldnt shouldnt havent hasnt arent wasnt werent theres weve youve youd youll theyll"
)
CONTRACTED = frozenset(WITHOUT_APOSTROPHES.split())
"""Common words as a phrase has them, without apostrophes."""

FORMS: tuple[tuple[Intent, str], ...] = (
    (
        Intent.ASK,
        "what where when why who whose which how do does did can could will would is are was were may have has",
    ),
    (Intent.WANT, "please lets id"),
    (Intent.REFUSE, "no dont not"),
    (Intent.FEEL, "my im"),
)
"""What a phrase does, by its first word…"""
FORMS_OF_I: Mapping[str, Intent] = {
    **dict.fromkeys(("want", "need", "would"), Intent.WANT),
    **dict.fromkeys(("dont", "cant", "wont"), Intent.REFUSE),
    **dict.fromkeys(("feel", "am", "like", "love", "hate"), Intent.FEEL),
}
"""…and behind `I` by its second."""


class Looked(msgspec.Struct, frozen=True):
    """What a phrase cost with whole sentences, and what came of them."""

    written: Written
    anchors: int = 0
    """Words that were given."""
    looking: int = 0
    """Choices until the last sentences had been read."""
    whole: str = ""
    """The source of the sentence that was the phrase; nothing if there was none."""
    part: int = 0
    """Words that were taken as a part."""


def intent_of(words: Sequence[str]) -> Intent | None:
    """What a phrase is to do, where its first words tell it."""
    if words[0] == "i" and len(words) > 1:
        return FORMS_OF_I.get(words[1])
    return next((intent for intent, firsts in FORMS if words[0] in firsts.split()), None)


def rarest(words: Sequence[str], commonness: Callable[[str], float]) -> list[str]:
    """The words that say what a phrase is about, the rarest first, as many as can be given."""
    telling = [
        word for word in dict.fromkeys(words) if word.isalpha() and is_content(word) and word not in CONTRACTED
    ]
    return sorted(telling, key=commonness)[:MOST_ANCHORS]


def agreeing(sentence: str, words: Sequence[str]) -> int:
    """How many first words of a sentence are those of the phrase."""
    pairs = zip(words_of(sentence), words, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def part_of(sentence: str, run: int) -> str:
    """The part of a sentence that is worth taking, of a run of words that agrees; nothing if none is.

    The kit offers parts that lack one word at least; a part with a mark would have to be mended.
    """
    spelled = sentence.split()
    count = min(run, len(spelled) - 1)
    part = " ".join(spelled[:count])
    return part if count >= LEAST_PART and plain(part) == " ".join(words_of(part)) else ""


class Anchored(msgspec.Struct, frozen=True):
    """Writing with whole sentences first."""

    name: str
    rules: Rules
    propose: Propose
    commonness: Callable[[str], float]
    says_intent: bool
    """Whether the person says what the sentence is to do: who said it before need not."""

    def write(self, phrase: Phrase, attention: Attention) -> Written:
        """Write one phrase. Raises Stuck."""
        return self.look(phrase).written

    def look(self, phrase: Phrase) -> Looked:
        """The same, with what came of the sentences. Raises Stuck."""
        telling = rarest(phrase.words, self.commonness)
        sitting = _Sitting(self, phrase)
        if not telling:
            sitting.write_on()
            return Looked(sitting.written())
        for given, anchor in enumerate(telling, start=1):
            sitting.give(anchor, first=given == 1)
            looking = len(sitting.acts)
            best = sitting.best_sentence()
            if best and words_of(best.label) == phrase.words:
                sitting.choose(best)
                return Looked(sitting.written(), given, looking, whole=str(best.source))
            if best and (part := part_of(best.label, agreeing(best.label, phrase.words))):
                sitting.take_part(best, part)
                sitting.write_on()
                return Looked(sitting.written(), given, looking, part=len(part.split()))
        sitting.take(Role.BACK)
        sitting.write_on()
        return Looked(sitting.written(), given, looking)


class _Sitting:
    """One phrase at one desk."""

    def __init__(self, way: Anchored, phrase: Phrase) -> None:
        self._way = way
        self._phrase = phrase
        self._desk = Desk(way.rules, FRAME_S)
        self.acts: list[Act] = []

    def give(self, anchor: str, *, first: bool) -> None:
        """Find a word by the keypad."""
        if first:
            self.take(Role.MENU)
            self.take(Role.TOOLS)
            self.take(Role.ANCHORS)
            if self._way.says_intent and (intent := intent_of(self._phrase.words)):
                self.take(Role.INTENT, intent.value)
        else:
            self.take(Role.ANCHOR)
        while self._screen().mode is not Mode.SENTENCES:
            self._wish(anchor)

    def best_sentence(self) -> m.Tile | None:
        """The offered sentence that agrees longest; one that is the phrase before others."""
        offered = [tile for tile in self._screen().tiles if tile.role is Role.SENTENCE]
        words = self._phrase.words
        return max(
            offered, key=lambda tile: (words_of(tile.label) == words, agreeing(tile.label, words)), default=None
        )

    def take_part(self, sentence: m.Tile, part: str) -> None:
        """Only a part, of this one, up to that word."""
        self.take(Role.PART)
        self.take(Role.SENTENCE, sentence.label)
        self.take(Role.SENTENCE, part)

    def write_on(self) -> None:
        """The rest as always."""
        while plain(self._screen().text) != self._phrase.text:
            self._wish(self._phrase.text)

    def take(self, role: Role, label: str | None = None) -> None:
        """Choose the tile that does this."""
        tiles = self._screen().tiles
        fitting = [tile for tile in tiles if tile.role is role and label in (None, tile.label)]
        if not fitting:
            raise Stuck(f"{self._phrase.text!r}: no tile {role.value} {label or ''} on {self._screen().mode}")
        self.choose(fitting[0])

    def choose(self, tile: m.Tile) -> None:
        """Choose this tile."""
        before = len(self._desk.decided)
        shown = self._screen().tiles
        self._desk.choose(tile.slot)
        if len(self._desk.decided) != before + 1:
            raise Stuck(f"the tile {tile.label or tile.role.value!r} in slot {tile.slot} could not be chosen")
        labels = tuple(each.label or each.role.value for each in shown)
        self.acts.append(Act(shown=labels, role=tile.role.value, chosen=tile.label))
        if len(self.acts) > MOST_ACTS_A_LETTER * (len(self._phrase.text) + 1):
            raise Stuck(
                f"{self._phrase.text!r} cannot be written; leave out phrases with other letters than the kit's"
            )

    def written(self) -> Written:
        """What it cost."""
        return Written(
            characters=len(self._phrase.text),
            words=len(self._phrase.words),
            keystrokes=sum(act.role in KEYSTROKES for act in self.acts),
            selections=len(self.acts),
            positions=0,
            none=0,
            acts=tuple(self.acts),
        )

    def _wish(self, text: str) -> None:
        screen = self._screen()
        if screen.mode is Mode.INTENT:  # its lower row is a keypad's
            screen = msgspec.structs.replace(screen, mode=Mode.KEYPAD)
        wished = heedless_wish(screen, text)
        if wished.tile is None:
            raise Stuck(f"{self._phrase.text!r}: no tile for {wished.why!r} on the page {self._screen().mode}")
        self.choose(wished.tile)

    def _screen(self) -> m.Screen:
        """The screen, the model's answer on it."""
        prompt = self._desk.state.prompt
        if prompt and self._desk.state.proposals is None:
            self._desk.answer(self._way.propose(prompt), prompt.number, self._way.name)
        return self._desk.screen()


def share_of(looked: Sequence[Looked], source: Source) -> float:
    """The share of phrases that a whole sentence of this source was."""
    return sum(one.whole == source.value for one in looked) / len(looked)
