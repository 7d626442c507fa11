"""The tiles for what the person may choose now. Pure: from the writing and the candidates to ten zones.

Places that never change: Undo (or Back) left of the text, the menu right of it, the groups of letters below it,
Speak in the upper right corner. A candidate that survives a step keeps its slot, and a tile that is being looked
at does not change.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from vybor.composer import kit, letters, menu, phrases, practice_pages, runs, text
from vybor.composer.layout import TEN, Layout
from vybor.composer.placing import CORNER, IN_ROWS, LEFT, LOWER, RIGHT, UPPER, Choice, Placed, tiles_of
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Source

FIRST_WAKE, SECOND_WAKE = 4, 3
"""Opposite corners."""

OVERLOOKED = 0.15
"""How likely a word still is that stood on a tile when letters were looked for instead: people overlook some, 6 to
22 in a hundred (Trnka 2009)."""


def tiles_for(  # noqa: PLR0913, PLR0917  (a page is made from all of these)
    writing: Writing,
    candidates: Sequence[m.Candidate],
    language: str,
    before: Sequence[m.Tile] = (),
    held: Iterable[int] = (),
    most: int = len(UPPER),
    layout: Layout = TEN,
) -> tuple[m.Tile, ...]:
    """The tiles of this page.

    `before` are the tiles that stand now, `held` the slots that the eyes are on: where the page is one of
    words, those keep their tiles. `most` words are offered, fewer if the layout has not so many places.
    """
    ask = _Ask(writing, candidates, language, before, frozenset(held), most)
    placed = _ALWAYS.get(writing.mode, _BOTH) | _PAGES[writing.mode](ask)
    return tiles_of(placed, layout)


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
    """Words, and beside them the groups of letters that narrow them; on an empty line phrases instead of Speak.

    After an undo the words stand again among which the choice was made.
    """
    again = {
        tile.slot: _choice(tile)
        for tile in ask.writing.again
        if tile.slot in UPPER and tile.role is Role.CANDIDATE
    }
    placed = (again or _place(_candidates(ask), ask, UPPER)) | _keys(ask)
    placed[CORNER] = Choice(role=Role.SPEAK if ask.writing.text else Role.PHRASES)
    placed[LEFT] = Choice(role=Role.UNDO)
    return placed


def _more(ask: _Ask) -> Placed:
    placed = _place(_candidates(ask), ask, UPPER) | _keys(ask)
    placed[CORNER] = Choice(role=Role.MORE)
    return placed


def _keypad(ask: _Ask) -> Placed:
    """Words that fit the looks so far beside the groups to look at next."""
    placed = _place(_candidates(ask), ask, UPPER) | _keys(ask)
    placed[CORNER] = Choice(role=Role.LETTERS)
    return placed


def _keys(ask: _Ask) -> Placed:
    """The groups to look at; none where letters are known exactly already."""
    keys = () if ask.writing.prefix else letters.KEYS[ask.language]
    return {
        slot: Choice(role=Role.KEY, label=letters.shown_as(key)) for slot, key in zip(LOWER, keys, strict=False)
    }


def _letters(ask: _Ask) -> Placed:
    """Groups of letters, from the lower row on; in the room that is left what fits, and other signs."""
    groups = [Choice(role=Role.GROUP, label=letters.shown_as(group)) for group in letters.GROUPS[ask.language]]
    fitting = _completions(ask) if ask.writing.prefix else []
    fitting = [*fitting[:1], *_by_initials(ask), *fitting[1:]]
    *free, for_marks = (*LOWER, *UPPER)
    placed = dict(zip(free, groups + fitting, strict=False))
    placed[for_marks] = Choice(role=Role.MARKS)
    placed[CORNER] = _spelled(ask.writing) if ask.writing.prefix else Choice(role=Role.DIGITS)
    return placed


def _group(ask: _Ask) -> Placed:
    """The letters of a group; of a long one those that have a place, and the way to the others. Then what fits."""
    group, places = ask.writing.group, len(IN_ROWS)
    first, others = (group, "") if len(group) <= places else (group[: places - 1], group[places - 1 :])
    choices = [Choice(role=Role.LETTER, label=letter) for letter in first]
    if others:
        choices.append(Choice(role=Role.GROUP, label=letters.shown_as(others)))
    return _in_rows([*choices, *(_completions(ask) if ask.writing.prefix else [])])


def _marks(ask: _Ask) -> Placed:
    page = letters.MARKS[ask.writing.page % len(letters.MARKS)]
    marks = [Choice(role=Role.MARK, label=mark) for mark in page]
    return _in_rows([*marks, *(Choice(role=role) for role in (Role.CAPITAL, Role.DIGITS, Role.MARKS))])


def _digits(ask: _Ask) -> Placed:
    page = letters.DIGITS[ask.writing.page % len(letters.DIGITS)]
    digits = (Choice(role=Role.LETTER, label=digit) for digit in page)
    *free, for_others = (*UPPER, *LOWER)
    placed = dict(zip(free, digits, strict=False))
    placed[for_others] = Choice(role=Role.DIGITS)
    if ask.writing.prefix:
        placed[CORNER] = _spelled(ask.writing)
    return placed


def _in_rows(choices: Iterable[Choice]) -> Placed:
    """The upper row from the left, then the lower one; no more than have places."""
    return dict(zip(IN_ROWS, choices, strict=False))


def _rest(ask: _Ask) -> Placed:
    return {FIRST_WAKE if ask.writing.wake_steps == 0 else SECOND_WAKE: Choice(role=Role.WAKE)}


def _plain(page: Callable[[Writing, Sequence[m.Candidate], str], Placed]) -> Callable[[_Ask], Placed]:
    return lambda ask: page(ask.writing, ask.candidates, ask.language)


_PAGES: dict[Mode, Callable[[_Ask], Placed]] = {
    Mode.WORDS: _words,
    Mode.MORE: _more,
    Mode.KEYPAD: _keypad,
    Mode.LETTERS: _letters,
    Mode.GROUP: _group,
    Mode.MARKS: _marks,
    Mode.DIGITS: _digits,
    Mode.PHRASES: lambda ask: phrases.phrases_page(ask.writing, ask.language),
    Mode.FORGETTING: lambda ask: phrases.forgetting_page(ask.writing, phrases.Book()),
    Mode.REST: _rest,
    Mode.PRACTICE_CALL: lambda ask: practice_pages.called(),
    Mode.PRACTICE_OVER: lambda ask: practice_pages.over(),
    **{mode: _plain(page) for mode, page in (menu.PAGES | kit.PAGES).items()},
}


_BOTH = {LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.MENU)}
_ALWAYS: dict[Mode, Placed] = {
    mode: {} for mode in (Mode.REST, Mode.PRACTICE_CALL, Mode.PRACTICE_OVER, *menu.PAGES, *kit.PAGES)
}
"""Beside the text: the way back, and the way to the menu with the call for help and rest. At rest nothing; the
menu, the kit and practice say themselves what stands there."""


def _spelled(writing: Writing) -> Choice:
    return Choice(role=Role.SPELLED, label=text.fitted(writing.prefix, writing.text), source=Source.SPELLED)


def _completions(ask: _Ask) -> list[Choice]:
    exact = _spelled(ask.writing).label
    return [choice for choice in _candidates(ask) if choice.label != exact]


def _candidates(ask: _Ask) -> list[Choice]:
    """The runs of words that are expected to save the most choices; before them the rest of what was taken.

    As they would be written here, each spelling once. The rest stands there until the model has answered: it knows
    how likely that is by now.
    """
    writing = ask.writing
    choices: dict[str, Choice] = {}
    answered = any(candidate.source is Source.MODEL for candidate in ask.candidates)
    if writing.rest and writing.mode is Mode.WORDS and not answered:
        phrase = text.fitted(_joined(writing.rest), writing.text)
        choices[phrase] = Choice(role=Role.CANDIDATE, label=phrase, source=Source.REST_OF_TAKEN)
    words = [_unseen(each, writing.seen) for each in ask.candidates if _is_word(each)]
    for run in runs.chosen(words, ask.most, len(writing.looks)):
        candidate = words[run.candidate]
        label = text.fitted(_joined(candidate.words[: run.words]), writing.text)
        if label not in choices:
            choices[label] = Choice(
                role=Role.CANDIDATE,
                label=label,
                grey=_joined(candidate.words[run.words :]),
                source=candidate.source,
                p=run.p,
                origin=candidate.origin,
            )
    return list(choices.values())


def _is_word(candidate: m.Candidate) -> bool:
    return candidate.words[0][0].isalnum() and " " not in candidate.words[0]


def _by_initials(ask: _Ask) -> list[Choice]:
    """Runs of words of which the letters spelled are the first ones; each stands as one."""
    runs_of_words = (candidate for candidate in ask.candidates if " " in candidate.words[0])
    return [
        Choice(
            role=Role.CANDIDATE,
            label=text.fitted(candidate.words[0], ask.writing.text),
            source=candidate.source,
            p=candidate.p,
        )
        for candidate in runs_of_words
    ]


def _unseen(candidate: m.Candidate, seen: Sequence[str]) -> m.Candidate:
    """Less likely if it stood there and was not taken."""
    if candidate.words[0].casefold() not in map(str.casefold, seen):
        return candidate
    return msgspec.structs.replace(candidate, p=candidate.p * OVERLOOKED)


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
