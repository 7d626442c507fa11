"""The page of phrases: those of the kit and the person's own, by how often they were said. Pure.

What is said of pain and breath has a place of its own that nothing moves: it is found without looking, and that it
was said often is no reason to offer it more.
"""

from collections.abc import Callable, Sequence

import msgspec

from vybor.composer import writing
from vybor.composer.menu import ANSWERS
from vybor.composer.placing import IN_ROWS, LEFT, LOWER, RIGHT, UPPER, Choice, Placed, tiles_of
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role, Source

STANDARD: dict[str, tuple[str, ...]] = {
    "en": (
        *("Thank you.", "How are you?", "Please say that again.", "I would like a drink.", "I am cold."),
        *("Could you help me, please?", "I want to rest.", "See you later."),
    ),
    "ru": (
        *("Спасибо.", "Как дела?", "Повторите, пожалуйста.", "Я хочу пить.", "Мне холодно."),
        *("Помогите мне, пожалуйста.", "Я хочу отдохнуть.", "До свидания."),
    ),
}
FIXED: dict[str, dict[int, str]] = {
    "en": {3: "It is hard to breathe.", 6: "I am in pain."},
    "ru": {3: "Мне трудно дышать.", 6: "Мне больно."},
}
"""By their places, in the third column and at the end of the upper row."""
PHRASES: dict[str, tuple[str, ...]] = {
    language: (*ANSWERS[language], *STANDARD[language], *FIXED[language].values()) for language in STANDARD
}
"""All that the kit knows."""
CONTROL = LOWER[1]
"""Where a text is kept, or kept ones are removed."""
LONGEST = 60
"""Letters of a phrase that is kept. On small screens the end of a long one is cut: it only writes, and its owner
knows how it goes on."""
MOST_KEPT = 40
LEAST_USES = 2
"""A phrase said so often stands beside the words of an empty line: what was said once may have been private."""
ON_EMPTY_LINE = UPPER[-1]

Uses = Callable[[str], int]
Ready = Callable[[str], str]


def never(phrase: str) -> int:
    """Nothing was said yet."""
    return 0


def as_it_is(phrase: str) -> str:
    """Everybody says it alike."""
    return phrase


class Book(msgspec.Struct, frozen=True):
    """The person's own phrases, oldest first, and how often any phrase was said."""

    own: tuple[str, ...] = ()
    uses: Uses = never
    ready: Ready = as_it_is
    """A phrase of the kit as this person says it."""

    def ranked(self, language: str) -> list[str]:
        """The most said first; then the person's own, the newest first; none that has a fixed place."""
        fixed = self.fixed(language).values()
        pool = dict.fromkeys([*reversed(self.own), *map(self.ready, STANDARD[language])])
        return sorted((phrase for phrase in pool if phrase not in fixed), key=lambda phrase: -self.uses(phrase))

    def fixed(self, language: str) -> dict[int, str]:
        """Phrases that never move, by their places."""
        return {slot: self.ready(phrase) for slot, phrase in FIXED[language].items()}


EMPTY = Book()


# --- pages ------------------------------------------------------------------------------------------------


def tiles_in(now: Writing, language: str, book: Book) -> tuple[m.Tile, ...]:
    """The tiles of a page of phrases."""
    page = forgetting_page(now, book) if now.mode is Mode.FORGETTING else phrases_page(now, language, book)
    return tiles_of(page | {LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.MENU)})


def phrases_page(now: Writing, language: str, book: Book = EMPTY) -> Placed:
    """Phrases by use around those that never move, and what can be done to the person's own."""
    fixed = {slot: _phrase(phrase) for slot, phrase in book.fixed(language).items()}
    control = _control(now, book)
    free = [slot for slot in IN_ROWS if slot not in fixed and not (control and slot == CONTROL)]
    placed = _turned([_phrase(phrase) for phrase in book.ranked(language)], free, now.page, Role.PHRASES) | fixed
    return placed | ({CONTROL: control} if control else {})


def forgetting_page(now: Writing, book: Book) -> Placed:
    """The person's own phrases: the one that is chosen is removed."""
    choices = [Choice(role=Role.FORGET, label=phrase) for phrase in reversed(book.own)]
    return _turned(choices, IN_ROWS, now.page, Role.FORGET)


def beside(tiles: Sequence[m.Tile], now: Writing, language: str, book: Book) -> tuple[m.Tile, ...]:
    """The words of an empty line, and in their last place the phrase that was said most, if it was said before."""
    phrase = on_empty_line(now, language, book)
    stands = any(tile.slot == ON_EMPTY_LINE and tile.role is Role.CANDIDATE for tile in tiles)
    if not phrase or stands:
        return tuple(tiles)
    return tuple(sorted((*tiles, *tiles_of({ON_EMPTY_LINE: _phrase(phrase)})), key=lambda tile: tile.slot))


def in_place_of_words(tiles: Sequence[m.Tile], now: Writing, language: str, book: Book) -> tuple[m.Tile, ...]:
    """Phrases, the most said first, where the words of an empty line would stand."""
    if not _is_empty_line(now):
        return tuple(tiles)
    places = [slot for slot in UPPER if all(tile.slot != slot or tile.role is Role.CANDIDATE for tile in tiles)]
    others = (tile for tile in tiles if tile.role is not Role.CANDIDATE)
    said = dict(zip(places, map(_phrase, book.ranked(language)), strict=False))
    return tuple(sorted((*others, *tiles_of(said)), key=lambda tile: tile.slot))


def _is_empty_line(now: Writing) -> bool:
    return not (now.text or now.prefix) and now.mode is Mode.WORDS and not now.again


def on_empty_line(now: Writing, language: str, book: Book) -> str:
    """The phrase that stands among the words of an empty line; empty elsewhere, and where none was said enough."""
    if not _is_empty_line(now):
        return ""
    first = next(iter(book.ranked(language)), "")
    return first if first and book.uses(first) >= LEAST_USES else ""


def _turned(choices: Sequence[Choice], slots: Sequence[int], page: int, turn: Role) -> Placed:
    """So many as there is room for, and the way to the next ones; behind the last page comes the first."""
    if len(choices) <= len(slots):
        return dict(zip(slots, choices, strict=False))
    *free, last = slots
    pages = -(-len(choices) // len(free))
    shown = choices[page % pages * len(free) :][: len(free)]
    return dict(zip(free, shown, strict=False)) | {last: Choice(role=turn)}


def _control(now: Writing, book: Book) -> Choice | None:
    """To keep what was just removed, or the text at hand; or the way to what can be removed."""
    wanted = now.removed or now.text
    is_private = now.lasting.is_private(now.text) and not now.removed
    if wanted and wanted not in book.own and len(wanted) <= LONGEST and not is_private and not _is_full(book):
        return Choice(role=Role.KEEP, label=wanted)
    return Choice(role=Role.FORGET) if book.own else None


def _is_full(book: Book) -> bool:
    return len(book.own) >= MOST_KEPT


def _phrase(phrase: str) -> Choice:
    return Choice(role=Role.PHRASE, label=phrase, source=Source.PHRASE)


# --- choices ----------------------------------------------------------------------------------------------


def _keep(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(writing.turn(now, Mode.PHRASES), Action.KEEP, keep=tile.label)


def _forget(now: Writing, tile: m.Tile) -> Outcome:
    """Remove a phrase; the tile without one leads to them, or to more of them."""
    if tile.label:
        return Outcome(writing.turn(now, Mode.PHRASES, removed=tile.label), Action.FORGET, forget=tile.label)
    page = now.page + 1 if now.mode is Mode.FORGETTING else 0
    return Outcome(writing.turn(now, Mode.FORGETTING, page=page), Action.PAGE)


RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {Role.KEEP: _keep, Role.FORGET: _forget}
