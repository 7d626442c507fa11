"""The tiles for what the person may choose now. Pure: from the writing and the candidates to ten zones.

Places that never change: Undo (or Back) left of the text, the menu right of it, the groups of letters below it,
Speak in the lower right corner. A candidate that survives a step keeps its slot, and a tile that is being looked
at does not change.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from vybor.composer import letters, text
from vybor.composer.layout import TEN, Layout
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Source

WORD_SLOTS = (0, 1, 2, 3)
KEY_SLOTS = (4, 5, 6)
PAGE_SLOTS = (*WORD_SLOTS, *KEY_SLOTS)
"""What a page is filled with; the three other places stay what they are as far as can be."""
CORNER, LEFT, RIGHT = 7, 8, 9
FIRST_WAKE, SECOND_WAKE = 4, 3
"""Opposite corners."""

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
    "ru": ("Да.", "Нет.", "Подождите, я пишу.", "Я не знаю.", "Я имел в виду другое.", "Спасибо.", "Мне больно."),
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
    most: int = len(WORD_SLOTS),
    layout: Layout = TEN,
) -> tuple[m.Tile, ...]:
    """The tiles of this page.

    `before` are the tiles that stand now, `held` the slots that the eyes are on: where the page is one of
    words, those keep their tiles. `most` words are offered, fewer if the layout has not so many places.
    """
    ask = _Ask(writing, candidates, language, before, frozenset(held), most)
    placed = _ALWAYS.get(writing.mode, _BOTH) | _PAGES[writing.mode](ask)
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
    """Words, and beside them the groups of letters that narrow them; on an empty line phrases instead of Speak."""
    placed = _place(_candidates(ask), ask, WORD_SLOTS) | _keys(ask)
    placed[CORNER] = Choice(role=Role.SPEAK if ask.writing.text else Role.PHRASES)
    placed[LEFT] = Choice(role=Role.UNDO)
    return placed


def _more(ask: _Ask) -> Placed:
    placed = _place(_candidates(ask), ask, WORD_SLOTS) | _keys(ask)
    placed[CORNER] = Choice(role=Role.MORE)
    return placed


def _keypad(ask: _Ask) -> Placed:
    """Words that fit the looks so far beside the groups to look at next."""
    placed = _place(_candidates(ask), ask, WORD_SLOTS) | _keys(ask)
    placed[CORNER] = Choice(role=Role.LETTERS)
    return placed


def _keys(ask: _Ask) -> Placed:
    keys = letters.KEYS[ask.language]
    return {
        slot: Choice(role=Role.KEY, label=letters.shown_as(key)) for slot, key in zip(KEY_SLOTS, keys, strict=True)
    }


def _letters(ask: _Ask) -> Placed:
    """Groups of letters first; then what fits, as far as there is room, and other signs."""
    groups = [Choice(role=Role.GROUP, label=letters.shown_as(group)) for group in letters.GROUPS[ask.language]]
    other = _completions(ask) if ask.writing.prefix else [Choice(role=Role.DIGITS)]
    placed = dict(zip(PAGE_SLOTS[:-1], groups + other, strict=False))
    placed[PAGE_SLOTS[-1]] = Choice(role=Role.MARKS)
    if ask.writing.prefix:
        placed[CORNER] = _spelled(ask.writing)
    return placed


def _group(ask: _Ask) -> Placed:
    return {
        slot: Choice(role=Role.LETTER, label=letter)
        for slot, letter in zip(PAGE_SLOTS, ask.writing.group, strict=False)
    }


def _marks(ask: _Ask) -> Placed:
    page = letters.MARKS[ask.writing.page % len(letters.MARKS)]
    placed = {slot: Choice(role=Role.MARK, label=mark) for slot, mark in zip(WORD_SLOTS, page, strict=True)}
    turns = (Role.CAPITAL, Role.DIGITS, Role.MARKS)
    return placed | {slot: Choice(role=role) for slot, role in zip(KEY_SLOTS, turns, strict=True)}


def _digits(ask: _Ask) -> Placed:
    page = letters.DIGITS[ask.writing.page % len(letters.DIGITS)]
    placed = {slot: Choice(role=Role.LETTER, label=digit) for slot, digit in zip(PAGE_SLOTS, page, strict=False)}
    placed[PAGE_SLOTS[-1]] = Choice(role=Role.DIGITS)
    if ask.writing.prefix:
        placed[CORNER] = _spelled(ask.writing)
    return placed


def _menu(ask: _Ask) -> Placed:
    roles = [Role.PHRASES, Role.REST, Role.MARKS, Role.HELP, Role.MORE, Role.LETTERS]
    if ask.writing.text:
        roles.append(Role.CLEAR)
    return {slot: Choice(role=role) for slot, role in zip(PAGE_SLOTS, roles, strict=False)}


def _phrases(ask: _Ask) -> Placed:
    return {
        slot: Choice(role=Role.PHRASE, label=phrase, source=Source.PHRASE)
        for slot, phrase in zip(PAGE_SLOTS, PHRASES[ask.language], strict=True)
    }


def _rest(ask: _Ask) -> Placed:
    return {FIRST_WAKE if ask.writing.wake_steps == 0 else SECOND_WAKE: Choice(role=Role.WAKE)}


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


_BOTH = {LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.MENU)}
_ALWAYS: dict[Mode, Placed] = {Mode.REST: {}, Mode.MENU: {LEFT: Choice(role=Role.BACK)}}
"""Beside the text: the way back, and the way to the menu with the call for help and rest. At rest, nothing."""


def _spelled(writing: Writing) -> Choice:
    return Choice(role=Role.SPELLED, label=text.fitted(writing.prefix, writing.text), source=Source.SPELLED)


def _completions(ask: _Ask) -> list[Choice]:
    exact = _spelled(ask.writing).label
    return [choice for choice in _candidates(ask) if choice.label != exact]


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
