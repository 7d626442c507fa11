"""Whole sentences from a word or two: their pages, and what each choice does there. Pure.

The menu leads to *what is the sentence to do*, that to the letters, where a word is kept instead of written; who
does not say what it is to do begins with the letters at once. Then whole sentences stand in the upper row. One is
taken as it is, or up to one of its words, or asks for others like it. What is taken is written: saying it is a
choice of its own, and undo takes it back.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from vybor.composer import kit, letters, menu, offer, phrases, text, writing
from vybor.composer.placing import (
    CORNER,
    IN_ROWS,
    LEFT,
    LOWER,
    RIGHT,
    UPPER,
    Choice,
    Placed,
    in_a_row,
    is_long,
    tiles_of,
)
from vybor.composer.writing import Gathered, Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Intent, Mode, Role

MOST_ANCHORS = 2
SAID = (Intent.ASK, Intent.WANT, Intent.REFUSE, Intent.FEEL)
"""What a sentence can be said to do beforehand; one that tells something is what is left."""
SENTENCE_MODES = (Mode.SENTENCES, Mode.PART_OF, Mode.PART, Mode.LIKE)
"""Pages of whole sentences, and of parts of one."""
SENTENCE_PLACES = (*UPPER, CORNER)
"""Sentences take the whole upper row."""
LONGEST = 80
"""Longer sentences may not stand whole on a tile as wide as two of a screen of 640 by 480; and nobody should take
what they cannot read."""
ANOTHER, A_PART, ALIKE, _ = LOWER
WORDS_TO_CHOOSE_FROM, AT_ONCE = 3, 20
"""So many words are asked for, for each that has a place, of the model and of the instant tier: most are none that
a sentence is about."""
JOINED = " + "


def tiles_for(
    now: Writing,
    candidates: Sequence[m.Candidate],
    language: str,
    before: Sequence[m.Tile],
    held: Iterable[int],
    most: int,
) -> tuple[m.Tile, ...]:
    """The tiles of every page: of those here, of the letters where a word is gathered, and the composer's own."""
    if page := _PAGES.get(now.mode):
        return tiles_of(page(now, candidates, language) | {RIGHT: Choice(role=Role.MENU)})
    tiles = offer.tiles_for(now, candidates, language, before, held, most)
    return _gathering(tiles) if now.gathered else tiles


def with_way_in(tiles: Sequence[m.Tile], now: Writing) -> tuple[m.Tile, ...]:
    """The page of tools with the way to whole sentences, where one can begin and no letters are spelled."""
    free = [slot for slot in IN_ROWS if slot not in {tile.slot for tile in tiles}]
    if now.mode is not Mode.TOOLS or now.prefix or not free or not text.at_sentence_start(now.text):
        return tuple(tiles)
    return _sorted(*tiles, *tiles_of({free[0]: Choice(role=Role.ANCHORS)}))


def choose(now: Writing, tile: m.Tile) -> Outcome:
    """What a choice leads to, on any page."""
    rules = (table.get(tile.role) for table in (_RULES, menu.RULES, phrases.RULES, kit.RULES))
    if rule := next(filter(None, rules), None):
        return rule(now, tile)
    if now.gathered is None or (now.saying and tile.role is Role.UNDO):
        return writing.choose(now, tile)
    if tile.role in (Role.CANDIDATE, Role.SPELLED):
        words = (*now.gathered.words, tile.label)[-MOST_ANCHORS:]
        return _turned(now, Mode.SENTENCES, Gathered(words, now.gathered.intent), Action.STEER)
    if tile.role is Role.BACK and now.mode in (Mode.PART_OF, Mode.LIKE, Mode.PART):
        return _turned(now, Mode.SENTENCES, now.gathered)
    outcome = writing.choose(now, tile)
    if tile.role is Role.BACK and now.looks and outcome.writing.mode is Mode.WORDS:
        outcome = msgspec.structs.replace(
            outcome, writing=msgspec.structs.replace(outcome.writing, mode=Mode.KEYPAD)
        )
    goes_on = outcome.writing.mode in _GATHERING and outcome.writing.text == now.text
    kept = msgspec.structs.replace(outcome.writing, gathered=now.gathered if goes_on else None)
    return msgspec.structs.replace(outcome, writing=kept)


def asked(prompt: m.Prompt, now: Writing) -> m.Prompt:
    """The prompt of this page: for whole sentences, or for more words than usual where one is gathered."""
    if now.gathered is None:
        return prompt
    if now.mode not in SENTENCE_MODES:
        passed = (*prompt.exclude, *now.gathered.words)
        return msgspec.structs.replace(prompt, exclude=passed, count=WORDS_TO_CHOOSE_FROM * prompt.count)
    wanted = now.gathered
    return msgspec.structs.replace(
        prompt, anchors=wanted.words, intent=wanted.intent, near=wanted.near, count=len(SENTENCE_PLACES)
    )


def asked_at_once(prompt: m.Prompt, now: Writing) -> m.Prompt:
    """The same for the instant tier, which has many more words in no time."""
    if now.gathered is None or now.mode in SENTENCE_MODES:
        return prompt
    return msgspec.structs.replace(prompt, count=AT_ONCE * prompt.count // WORDS_TO_CHOOSE_FROM)


def gathered_words(now: Writing) -> str:
    """What stands behind the text while sentences are looked for: the words that they carry."""
    return JOINED.join(now.gathered.words) if now.gathered and now.mode in SENTENCE_MODES else ""


# --- pages ------------------------------------------------------------------------------------------------


def _intents(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """What the sentence is to do; below, the first letter of its word, for who does not say that."""
    intents = [Choice(role=Role.INTENT, label=intent.value) for intent in SAID]
    keys = [Choice(role=Role.KEY, label=letters.shown_as(key)) for key in letters.KEYS[language]]
    placed = dict(zip(IN_ROWS, [*intents, *keys], strict=True))
    return placed | {LEFT: Choice(role=Role.BACK)}


def _sentences(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    placed = _offered(now, candidates)
    full = now.gathered is not None and len(now.gathered.words) == MOST_ANCHORS
    if placed:
        placed |= {A_PART: Choice(role=Role.PART), ALIKE: Choice(role=Role.LIKE)}
    placed[LEFT] = Choice(role=Role.BACK)
    placed[ANOTHER] = Choice(role=Role.ANCHORS if full else Role.ANCHOR)
    return placed


def _which(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    return {**_offered(now, candidates), LEFT: Choice(role=Role.BACK)}


def _part(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """The sentence up to each of its first words."""
    spelled = now.gathered.whole.split() if now.gathered else []
    parts = [" ".join(spelled[:length]) for length in range(1, len(spelled))]
    choices = [Choice(role=Role.SENTENCE, label=part) for part in parts if not is_long(part)]
    placed = dict(zip(IN_ROWS, choices, strict=False))
    return {**placed, LEFT: Choice(role=Role.BACK)}


def _offered(now: Writing, candidates: Sequence[m.Candidate]) -> Placed:
    """Sentences, each once, as many as there is room for."""
    choices: dict[str, Choice] = {}
    for candidate in candidates:
        sentence = text.fitted(" ".join(candidate.words), now.text)
        choice = Choice(role=Role.SENTENCE, label=sentence, source=candidate.source)
        choices.setdefault(sentence, choice)
    return in_a_row(choices.values(), SENTENCE_PLACES)


def _gathering(tiles: Sequence[m.Tile]) -> tuple[m.Tile, ...]:
    """A page of letters without marks, which no sentence is made from."""
    return tuple(tile for tile in tiles if tile.role is not Role.MARKS)


def _sorted(*tiles: m.Tile) -> tuple[m.Tile, ...]:
    return tuple(sorted(tiles, key=lambda tile: tile.slot))


_PAGES: dict[Mode, Callable[[Writing, Sequence[m.Candidate], str], Placed]] = {
    Mode.INTENT: _intents,
    Mode.SENTENCES: _sentences,
    Mode.PART_OF: _which,
    Mode.LIKE: _which,
    Mode.PART: _part,
}
_GATHERING = (Mode.KEYPAD, Mode.LETTERS, Mode.GROUP, Mode.DIGITS, Mode.MORE)


# --- choices ----------------------------------------------------------------------------------------------


def _begin(now: Writing, tile: m.Tile) -> Outcome:
    return _turned(now, Mode.INTENT, Gathered())


def _intend(now: Writing, tile: m.Tile) -> Outcome:
    return _turned(now, Mode.KEYPAD, Gathered(intent=Intent(tile.label)), Action.STEER)


def _another(now: Writing, tile: m.Tile) -> Outcome:
    return _turned(now, Mode.KEYPAD, now.gathered or Gathered())


def _which_part(now: Writing, tile: m.Tile) -> Outcome:
    return _turned(now, Mode.PART_OF, now.gathered or Gathered())


def _which_like(now: Writing, tile: m.Tile) -> Outcome:
    return _turned(now, Mode.LIKE, now.gathered or Gathered())


def _sentence(now: Writing, tile: m.Tile) -> Outcome:
    """Take it; or, on the pages that ask which one, go on with it."""
    known = now.gathered or Gathered()
    match now.mode:
        case Mode.PART_OF:
            return _turned(now, Mode.PART, msgspec.structs.replace(known, whole=tile.label))
        case Mode.LIKE:
            return _turned(now, Mode.SENTENCES, msgspec.structs.replace(known, near=tile.label), Action.STEER)
    new_text = text.join(now.text, tile.label)
    return Outcome(writing.wrote(now, new_text), Action.TAKE, written=new_text[len(now.text) :])


def _turned(now: Writing, mode: Mode, gathered: Gathered, action: Action = Action.PAGE) -> Outcome:
    return Outcome(writing.turn(now, mode, prefix="", gathered=gathered), action)


_RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {
    Role.ANCHORS: _begin,
    Role.INTENT: _intend,
    Role.ANCHOR: _another,
    Role.PART: _which_part,
    Role.LIKE: _which_like,
    Role.SENTENCE: _sentence,
}
