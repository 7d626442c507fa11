"""The tiles for what the person may choose now. Pure: from the writing and the candidates to eight zones.

Places that never change: Undo (or Back) in the lower left corner, Speak in the lower right one. A candidate that
survives a step keeps its slot, and a tile that is being looked at does not change.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from vybor.composer import letters, text
from vybor.composer.layout import EIGHT, Layout
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Source

CANDIDATE_SLOTS = (0, 1, 2, 3)
LOWER_LEFT, LOWER_SECOND, LOWER_THIRD, LOWER_RIGHT = 4, 5, 6, 7
SIDE_SLOTS = (0, 1, 2, 3, 5)
KEYPAD_SLOTS, SPELL_SLOT = (0, 1, 2), 3
KEY_SLOTS = (LOWER_SECOND, LOWER_THIRD, LOWER_RIGHT)

PHRASES: dict[str, tuple[str, ...]] = {
    "en": (
        "Yes.",
        "No.",
        "Please wait, I am writing.",
        "I don't know.",
        "That is not what I meant.",
        "Thank you.",
        "I am in pain.",
    ),
    "ru": ("Да.", "Нет.", "Подождите, я пишу.", "Я не знаю.", "Я не это имею в виду.", "Спасибо.", "Мне больно."),
}


class Choice(m.Part, frozen=True, kw_only=True):
    """A tile before it has a place on the screen."""

    role: Role
    label: str = ""
    grey: str = ""
    source: Source | None = None
    p: float | None = None
    origin: str = ""


Placed = dict[int, Choice]


def tiles_for(  # noqa: PLR0913, PLR0917  (a page is made from all of these)
    writing: Writing,
    candidates: Sequence[m.Candidate],
    language: str,
    before: Sequence[m.Tile] = (),
    held: Iterable[int] = (),
    most: int = len(CANDIDATE_SLOTS),
    layout: Layout = EIGHT,
) -> tuple[m.Tile, ...]:
    """The tiles of this page.

    `before` are the tiles that stand now, `held` the slots that the eyes are on: where the page is one of
    words, those keep their tiles. `most` words are offered, fewer if the layout has not so many places.
    """
    placed = _PAGES[writing.mode](_Ask(writing, candidates, language, before, frozenset(held), most))
    return tuple(
        m.Tile(
            slot=slot,
            role=choice.role,
            area=layout.zones[slot].area,
            pad=layout.zones[slot].pad,
            label=choice.label,
            grey=choice.grey,
            source=choice.source,
            p=choice.p,
            origin=choice.origin,
        )
        for slot, choice in sorted(placed.items())
    )


class _Ask(msgspec.Struct, frozen=True):
    """What a page is made from."""

    writing: Writing
    candidates: Sequence[m.Candidate]
    language: str
    before: Sequence[m.Tile]
    held: frozenset[int]
    most: int

    @property
    def words(self) -> list[m.Tile]:
        """The candidates that stand on the screen now."""
        return [tile for tile in self.before if tile.role is Role.CANDIDATE]


def _words(ask: _Ask) -> Placed:
    placed = _place(_candidates(ask), ask, CANDIDATE_SLOTS)
    placed[LOWER_LEFT] = Choice(role=Role.UNDO)
    placed[LOWER_SECOND] = Choice(role=Role.LETTERS)
    placed[LOWER_THIRD] = Choice(role=Role.MORE)
    placed[LOWER_RIGHT] = Choice(role=Role.SPEAK if ask.writing.text else Role.MENU)
    return placed


def _more(ask: _Ask) -> Placed:
    placed = _words(ask)
    placed[LOWER_LEFT] = Choice(role=Role.BACK)
    placed[LOWER_RIGHT] = Choice(role=Role.MENU)
    return placed


def _keypad(ask: _Ask) -> Placed:
    """Words that fit the looks so far beside the groups to look at next; before the first look, other signs."""
    if ask.writing.looks:
        placed = _place(_candidates(ask), ask, KEYPAD_SLOTS)
    else:
        placed = {0: Choice(role=Role.MARKS), 1: Choice(role=Role.DIGITS)}
    placed[SPELL_SLOT] = Choice(role=Role.SPELL)
    placed[LOWER_LEFT] = Choice(role=Role.BACK)
    keys = letters.KEYS[ask.language]
    placed |= {
        slot: Choice(role=Role.KEY, label=letters.shown_as(key)) for slot, key in zip(KEY_SLOTS, keys, strict=True)
    }
    return placed


def _letters(ask: _Ask) -> Placed:
    groups = letters.GROUPS[ask.language]
    placed = {
        slot: Choice(role=Role.GROUP, label=letters.shown_as(group))
        for slot, group in zip(SIDE_SLOTS, groups, strict=False)
    }
    placed[LOWER_LEFT] = Choice(role=Role.BACK)
    if not ask.writing.prefix:
        placed.setdefault(LOWER_SECOND, Choice(role=Role.DIGITS))
        placed[LOWER_THIRD] = Choice(role=Role.MARKS)
        return placed
    if LOWER_SECOND not in placed and (best := _best_completion(ask)):
        placed[LOWER_SECOND] = best
    placed[LOWER_THIRD] = Choice(role=Role.MARKS)
    placed[LOWER_RIGHT] = _spelled(ask.writing)
    return placed


def _group(ask: _Ask) -> Placed:
    slots = (0, 1, 2, 3, LOWER_SECOND, LOWER_THIRD, LOWER_RIGHT)
    placed = {
        slot: Choice(role=Role.LETTER, label=letter)
        for slot, letter in zip(slots, ask.writing.group, strict=False)
    }
    placed[LOWER_LEFT] = Choice(role=Role.BACK)
    return placed


def _marks(ask: _Ask) -> Placed:
    page = letters.MARKS[ask.writing.page % len(letters.MARKS)]
    placed = {slot: Choice(role=Role.MARK, label=mark) for slot, mark in zip(CANDIDATE_SLOTS, page, strict=True)}
    placed[LOWER_LEFT] = Choice(role=Role.BACK)
    placed[LOWER_SECOND] = Choice(role=Role.DIGITS)
    placed[LOWER_THIRD] = Choice(role=Role.MARKS)
    placed[LOWER_RIGHT] = Choice(role=Role.CAPITAL)
    return placed


def _digits(ask: _Ask) -> Placed:
    page = letters.DIGITS[ask.writing.page % len(letters.DIGITS)]
    placed = {slot: Choice(role=Role.LETTER, label=digit) for slot, digit in zip(SIDE_SLOTS, page, strict=True)}
    placed[LOWER_LEFT] = Choice(role=Role.BACK)
    placed[LOWER_THIRD] = Choice(role=Role.DIGITS)
    if ask.writing.prefix:
        placed[LOWER_RIGHT] = _spelled(ask.writing)
    return placed


def _menu(ask: _Ask) -> Placed:
    placed = {
        0: Choice(role=Role.PHRASES),
        1: Choice(role=Role.REST),
        2: Choice(role=Role.MARKS),
        3: Choice(role=Role.HELP),
        LOWER_LEFT: Choice(role=Role.BACK),
    }
    if ask.writing.text:
        placed[LOWER_THIRD] = Choice(role=Role.CLEAR)
    return placed


def _phrases(ask: _Ask) -> Placed:
    slots = (0, 1, 2, 3, LOWER_SECOND, LOWER_THIRD, LOWER_RIGHT)
    placed = {
        slot: Choice(role=Role.PHRASE, label=phrase, source=Source.PHRASE)
        for slot, phrase in zip(slots, PHRASES[ask.language], strict=True)
    }
    placed[LOWER_LEFT] = Choice(role=Role.BACK)
    return placed


def _rest(ask: _Ask) -> Placed:
    return {LOWER_LEFT if ask.writing.wake_steps == 0 else 3: Choice(role=Role.WAKE)}


_PAGES: dict[Mode, Callable[[_Ask], Placed]] = {
    Mode.WORDS: _words,
    Mode.MORE: _more,
    Mode.KEYPAD: _keypad,
    Mode.LETTERS: _letters,
    Mode.GROUP: _group,
    Mode.MARKS: _marks,
    Mode.DIGITS: _digits,
    Mode.MENU: _menu,
    Mode.PHRASES: _phrases,
    Mode.REST: _rest,
}


def _spelled(writing: Writing) -> Choice:
    return Choice(role=Role.SPELLED, label=text.fitted(writing.prefix, writing.text), source=Source.SPELLED)


def _best_completion(ask: _Ask) -> Choice | None:
    exact = _spelled(ask.writing).label
    return next((choice for choice in _candidates(ask) if choice.label != exact), None)


def _candidates(ask: _Ask) -> list[Choice]:
    """Candidates as they would be written here, each spelling once; before them the rest of what was taken."""
    writing = ask.writing
    choices: dict[str, Choice] = {}
    if writing.rest and writing.mode is Mode.WORDS:
        phrase = text.fitted(_joined(writing.rest), writing.text)
        choices[phrase] = Choice(role=Role.CANDIDATE, label=phrase, source=Source.REST_OF_TAKEN)
    for candidate in ask.candidates:
        first = text.fitted(candidate.words[0], writing.text)
        if first not in choices:
            grey = _joined(candidate.words[1:])
            choices[first] = Choice(
                role=Role.CANDIDATE,
                label=first,
                grey=grey,
                source=candidate.source,
                p=candidate.p,
                origin=candidate.origin,
            )
    return list(choices.values())


def _joined(words: Iterable[str]) -> str:
    joined = ""
    for word in words:
        joined = text.join(joined, word)
    return joined


def _place(choices: list[Choice], ask: _Ask, slots: Sequence[int]) -> Placed:
    """Held tiles first, then survivors in their slots, then the others by rank."""
    placed: Placed = {
        tile.slot: _choice(tile) for tile in ask.words if tile.slot in ask.held and tile.slot in slots
    }
    stood = {tile.label: tile.slot for tile in ask.words}
    held = {choice.label for choice in placed.values()}
    waiting: list[Choice] = []
    slots = slots[: ask.most]
    for choice in choices[: len(slots)]:
        is_rest = choice.source is Source.REST_OF_TAKEN
        slot = ask.writing.rest_slot if is_rest else stood.get(choice.label)
        if choice.label in held:
            continue
        if slot is not None and slot in slots and slot not in placed:
            placed[slot] = choice
        else:
            waiting.append(choice)
    free = [slot for slot in slots if slot not in placed]
    placed.update(zip(free, waiting, strict=False))
    return placed


def _choice(tile: m.Tile) -> Choice:
    return Choice(
        role=tile.role, label=tile.label, grey=tile.grey, source=tile.source, p=tile.p, origin=tile.origin
    )
