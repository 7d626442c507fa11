"""The scripted person's mind: a sentence meant, a screen seen, the tile that a careful writer would choose. Pure.

It knows the kit as a person does who has read the wearer's page: what each tile is for, and how words join. It
shares no code with the composer.
"""

import re
from dataclasses import dataclass

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role

ATTACHED = ".,?!;:…)%"
SPELLED_AS_ONE = re.compile(r"""[^\s("$]\S*?(?=[.,?!;:…)%"]*(?:\s|$))""")
"""A word with the marks inside it (3:30, me@example.org), without those behind it."""
SURE = (Mode.UNPAIR_SURE, Mode.PAIR_SURE, Mode.ERASE_SURE)
ASIDE = (Mode.PHRASES, Mode.KIT, Mode.SHARING, Mode.ERASING, Mode.READ_ASKED, *SURE)
"""Pages on which nothing is written."""


@dataclass(frozen=True)
class Wish:
    """The tile to choose, or nothing to do but wait for the screen."""

    tile: m.Tile | None
    why: str


def wish(screen: m.Screen, sentence: str) -> Wish:
    """What to choose now: where several tiles share a zone, that one, and then what is wanted of them."""
    return reached(screen, _wish(whole(screen), sentence))


def whole(screen: m.Screen) -> m.Screen:
    """The screen with every choice that can be read on it, each as a tile of its own."""
    tiles = tuple(each for tile in screen.tiles for each in tile.members or (tile,))
    return msgspec.structs.replace(screen, tiles=tuple(tile for tile in tiles if tile.role is not Role.CLOSE))


def reached(screen: m.Screen, wished: Wish) -> Wish:
    """What leads to a tile that is wanted, or away from where it is not."""
    if wished.tile is None:
        closing = holding(screen, Role.CLOSE)
        return Wish(closing, "not in here") if closing else wished
    slot = wished.tile.slot
    tile = next(tile for tile in screen.tiles if slot in {tile.slot, *(each.slot for each in tile.members)})
    return Wish(tile, wished.why)


def holding(screen: m.Screen, role: Role) -> m.Tile | None:
    """The tile with such a role, or the one that it is folded into."""
    roles = ((tile, each.role) for tile in screen.tiles for each in tile.members or (tile,))
    return next((tile for tile, each in roles if each is role), None)


def _wish(screen: m.Screen, sentence: str) -> Wish:
    if screen.mode is Mode.REST:
        return _role(screen, Role.WAKE, "wake")
    if screen.mode in ASIDE:
        return _role(screen, Role.BACK, "not what I need")
    if not sentence.startswith(screen.text):
        if sentence.lower().startswith(screen.text.lower()):
            return _recase(screen)
        return _first(screen, (Role.UNDO, Role.BACK), "this is not what I meant")
    left = sentence[len(screen.text) :]
    if not left:
        return _first(screen, (Role.SPEAK, Role.BACK), "say it")
    if screen.mode in (Mode.MENU, Mode.TOOLS):
        return _on_menu(screen, left.lstrip(" ")[0])
    return _spelling(screen, sentence, left.lstrip(" "))


def heedless_wish(screen: m.Screen, phrase: str) -> Wish:
    """The same for a person to whom capitals, apostrophes and the dots of ё do not matter; `phrase` has none."""
    chosen = wish(unheeded(screen), phrase)
    if chosen.tile is None:
        return chosen
    return Wish(next(tile for tile in screen.tiles if tile.slot == chosen.tile.slot), chosen.why)


def unheeded(screen: m.Screen) -> m.Screen:
    """The screen without what such a person does not see."""
    tiles = tuple(_unheeded(tile) for tile in screen.tiles)
    return msgspec.structs.replace(screen, text=plain(screen.text), prefix=plain(screen.prefix), tiles=tiles)


def _unheeded(tile: m.Tile) -> m.Tile:
    members = tuple(_unheeded(each) for each in tile.members)
    return msgspec.structs.replace(tile, label=plain(tile.label), members=members)


def plain(text: str) -> str:
    """Without capitals and apostrophes; ё is е."""
    return text.lower().replace("'", "").replace("’", "").replace("ё", "е")


def agrees(text: str, label: str, sentence: str) -> bool:
    """Whether a tile with these words, behind this text, is what comes next."""
    return _fits(text, label, sentence)


def _words(screen: m.Screen, sentence: str, word: str) -> Wish:
    """The word if it stands there; else its letters' groups until it does; spell it if it never comes."""
    fitting = [
        tile for tile in screen.tiles if tile.role is Role.CANDIDATE and _fits(screen.text, tile.label, sentence)
    ]
    if fitting:
        return Wish(max(fitting, key=lambda tile: len(tile.label)), "these words")
    letters = word.lower().replace("'", "").replace("-", "")
    why = "I will spell it" if word[:1].isalnum() else "other marks are behind it"
    known = len(screen.prefix)
    roles = {tile.role for tile in screen.tiles}
    no_word_fits = known > 0 and Role.CANDIDATE not in roles and Role.LETTERS in roles
    if known > len(letters):
        return _first(screen, (Role.BACK, Role.UNDO), "too many letters")
    if known == len(letters) or not letters.isalpha() or no_word_fits:
        return _first(screen, (Role.LETTERS, Role.MENU), why)
    for tile in screen.tiles:
        if tile.role is Role.KEY and letters[known] in tile.label.split():
            return Wish(tile, f"{letters[known]} is in there")
    return _first(screen, (Role.LETTERS, Role.MENU), why)


def _on_menu(screen: m.Screen, sign: str) -> Wish:
    for tile in screen.tiles:
        if tile.role is Role.MARK and tile.label == sign:
            return Wish(tile, "this mark")
    wanted = Role.LETTERS if sign.isalnum() else Role.MARKS
    return _first(screen, (wanted, Role.TOOLS), "other signs are there")


def _spelling(screen: m.Screen, sentence: str, left: str) -> Wish:
    word = _next_word(left)
    if screen.mode in (Mode.WORDS, Mode.MORE, Mode.KEYPAD):
        return _words(screen, sentence, word)
    prefix = screen.prefix
    if prefix and not word.lower().startswith(prefix.lower()):
        return _role(screen, Role.BACK, "a wrong letter")
    if screen.mode is Mode.GROUP:
        fitting = [tile for tile in screen.tiles if tile.role is Role.CANDIDATE and tile.label == word]
        return Wish(fitting[0], "this word") if fitting else _letter(screen, word[len(prefix) : len(prefix) + 1])
    spelled = _aswritten(prefix, screen.text)
    begins_large = len(prefix) == 1 and spelled.lower() == word[:1]  # the kit's capital, mended after the word
    needs_capital = bool(prefix) and spelled[-1] != word[len(prefix) - 1] and not begins_large
    if screen.mode is Mode.LETTERS:
        return _on_letters(screen, word, needs_capital)
    if needs_capital and screen.mode is Mode.MARKS:
        return _role(screen, Role.CAPITAL, "a capital")
    return _on_marks_or_digits(screen, word)


def _on_letters(screen: m.Screen, word: str, needs_capital: bool) -> Wish:
    prefix = screen.prefix
    for tile in screen.tiles:
        if tile.role is Role.CANDIDATE and tile.label == word:
            return Wish(tile, "this word")
        if tile.role is Role.SPELLED and len(prefix) == len(word) and not needs_capital:
            return Wish(tile, "as I spelled it")
    if needs_capital:
        return _role(screen, Role.MARKS, "a capital is there")
    if len(prefix) >= len(word):
        return _role(screen, Role.SPELLED, "it is spelled")
    wanted = word[len(prefix)]
    for tile in screen.tiles:
        if tile.role is Role.GROUP and wanted.lower() in tile.label.split():
            return Wish(tile, f"{wanted} is in there")
    if wanted.isdigit() and not prefix:
        return _role(screen, Role.DIGITS, "a digit")
    return _role(screen, Role.MARKS, "a mark")


def _on_marks_or_digits(screen: m.Screen, word: str) -> Wish:
    if len(screen.prefix) == len(word):
        return _first(screen, (Role.SPELLED, Role.BACK), "done")
    wanted = word[len(screen.prefix)]
    for tile in screen.tiles:
        if tile.role in (Role.MARK, Role.LETTER) and tile.label == wanted:
            return Wish(tile, wanted)
    if wanted.isdigit():
        return _role(screen, Role.DIGITS, "the other digits")
    if wanted.isalpha() or screen.mode is Mode.DIGITS:
        return _role(screen, Role.BACK, "letters")
    return _role(screen, Role.MARKS, "the other marks")


def _recase(screen: m.Screen) -> Wish:
    """The last word is right but for its capitals."""
    return _first(screen, (Role.CAPITAL, Role.MARKS, Role.TOOLS, Role.MENU), "its capitals are wrong")


def _letter(screen: m.Screen, letter: str) -> Wish:
    for tile in screen.tiles:
        if tile.role is Role.LETTER and letter and tile.label == letter.lower():
            return Wish(tile, letter)
    for tile in screen.tiles:
        if tile.role is Role.GROUP and letter and letter.lower() in tile.label.split():
            return Wish(tile, f"{letter} is among the others")
    return _role(screen, Role.BACK, "not in this group")


def _fits(text: str, label: str, sentence: str) -> bool:
    """Whether these words, written behind the text, are what comes next, whole words all of them.

    Where the kit begins a sentence with a capital that was not meant, one word alone is mended afterwards.
    """
    after = written(text, label)
    recased = " " not in label and _begins(text) and sentence.lower().startswith(after.lower())
    if not sentence.startswith(after) and not recased:
        return False
    rest = sentence[len(after) :]
    return not rest or not (
        rest[0].isalnum() or (rest[0] in "'’-" and label[-1].isalnum() and rest[1:2].isalnum())
    )


def written(text: str, label: str) -> str:
    """The text with these words behind it, spaced as in print."""
    opens = text.endswith(("(", "$")) or (text.endswith('"') and text.count('"') % 2 == 1)
    attached = label[0] in ATTACHED or (label == '"' and text.count('"') % 2 == 1)
    return text + label if not text or opens or attached else f"{text} {label}"


def _begins(text: str) -> bool:
    bare = text.rstrip('"( ')
    return not bare or bare[-1] in ".?!…"


def _aswritten(prefix: str, text: str) -> str:
    """The kit begins a sentence with a capital."""
    return prefix[:1].upper() + prefix[1:] if _begins(text) else prefix


def _next_word(left: str) -> str:
    found = SPELLED_AS_ONE.match(left)
    return found.group() if found else left[0]


def _role(screen: m.Screen, role: Role, why: str) -> Wish:
    return Wish(next((tile for tile in screen.tiles if tile.role is role), None), why)


def _first(screen: m.Screen, roles: tuple[Role, ...], why: str) -> Wish:
    wishes = [_role(screen, role, why) for role in roles]
    return next((wish for wish in wishes if wish.tile), wishes[-1])
