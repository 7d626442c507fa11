"""What stands on the screen in practice: words of its own, two pages of its own, and the ways out. Pure.

The words come from here and not from the tiers: so the exercises are the same for everybody, nothing of the
person's own is shown in them, and nothing of them is asked of the model.
"""

from collections.abc import Iterator, Sequence

from vybor.composer.placing import CORNER, LEFT, RIGHT, UPPER, Choice, Placed, tiles_of
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Source

NAMED: dict[str, str] = {"en": "Please", "ru": "Сегодня"}
"""The word that is to be looked at first."""
SPELLED: dict[str, str] = {"en": "music", "ru": "музыку"}
"""The word that is to be found by its letters."""
BEFORE_SPELLED: dict[str, str] = {"en": "I like", "ru": "Я люблю"}
NEXT: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"": ("Today", "Please", "I"), "Please": ("wait", "come", "sit"), "I": ("like", "want", "see")},
    "ru": {
        "": ("Пожалуйста", "Сегодня", "Я"),
        "Сегодня": ("тепло", "хорошо", "праздник"),
        "Я": ("люблю", "хочу", "вижу"),
    },
}
"""What is offered behind a text."""
ANYWHERE: dict[str, tuple[str, ...]] = {"en": ("today", "here", "now"), "ru": ("сегодня", "здесь", "сейчас")}
BY_LETTERS: dict[str, tuple[str, ...]] = {
    "en": (
        *("people", "old", "red", "mother", "morning", "music", "must", "quiet", "number", "our", "put", "run"),
        *("good", "home", "garden", "light", "friend", "help", "day", "coming", "book", "bread", "every", "all"),
        *("tea", "water", "time", "you", "water", "to", "some", "very", "well", "yes", "she", "two"),
    ),
    "ru": (
        *("книгу", "люди", "его", "музыку", "может", "муж", "есть", "как", "или", "к", "из", "если"),
        *("вода", "день", "брат", "дом", "вот", "голос", "близко", "ветер", "всё", "где", "бы", "да"),
        *("она", "работа", "привет", "окно", "он", "наш", "рядом", "новый", "при", "после", "раз", "но"),
        *("чай", "утро", "хлеб", "сад", "ты", "хорошо", "сестра", "это", "я", "что", "у", "так"),
    ),
}
"""Words for the groups of letters, the likeliest of each group first: the one to be found needs two looks."""


def words(now: Writing, language: str) -> Sequence[m.Candidate]:
    """What is offered here, the likeliest first."""
    if now.prefix or now.looks:
        known = dict.fromkeys(BY_LETTERS[language])
        fitting = [word for word in known if _fits(word, now)]
    else:
        fitting = [*NEXT[language].get(now.text, ()), *ANYWHERE[language]]
    passed = {word.casefold() for word in now.passed}
    fresh = [word for word in fitting if word.casefold() not in passed]
    return [m.Candidate(words=(word,), p=0.3 / n, source=Source.NGRAM) for n, word in enumerate(fresh, start=1)]


def spells(word: str, now: Writing) -> bool:
    """Whether the letters and groups chosen so far lead to this word."""
    return _fits(word, now)


def called() -> Placed:
    """Where the call for help leads: back, and, in another place than the one it was chosen in, a true call."""
    return {LEFT: Choice(role=Role.UNDO), CORNER: Choice(role=Role.HELP)}


def over() -> Placed:
    """All exercises are done."""
    return {LEFT: Choice(role=Role.LEAVE), CORNER: Choice(role=Role.PRACTICE)}


def with_ways_out(tiles: Sequence[m.Tile], now: Writing) -> tuple[m.Tile, ...]:
    """The tiles of a page; on the menu the way out and on, and the way out where there is nothing to undo."""
    changed: Placed = {}
    if now.mode is Mode.MENU:
        changed = {RIGHT: Choice(role=Role.LEAVE)}
        changed |= {tile.slot: Choice(role=Role.SKIP) for tile in tiles if tile.role is Role.TOOLS}
    elif now.mode is Mode.WORDS and not now.past and not now.saying:
        changed = {LEFT: Choice(role=Role.LEAVE)}
    kept = (tile for tile in tiles if tile.slot not in changed)
    return tuple(sorted((*kept, *tiles_of(changed)), key=lambda tile: tile.slot))


def stands(tiles: Sequence[m.Tile], label: str) -> bool:
    """Whether a word is on a tile."""
    return any(
        tile.label.casefold() == label.casefold() and tile.role in (Role.CANDIDATE, Role.SPELLED, Role.ANSWER)
        for tile in tiles
    )


def most() -> int:
    """Words at a time."""
    return len(UPPER)


def _fits(word: str, now: Writing) -> bool:
    if len(word) < max(len(now.prefix), len(now.looks)) or not word.startswith(now.prefix.casefold()):
        return False
    return all(letter in group for letter, group in _pairs(word, now))


def _pairs(word: str, now: Writing) -> Iterator[tuple[str, str]]:
    """Letters behind those spelled, with the groups that they are to be in."""
    groups = now.looks or ((now.group, *now.looked) if now.looked else ())
    return zip(word[len(now.prefix) :], groups, strict=False)
