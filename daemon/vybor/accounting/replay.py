"""A text written again with the real decision: how many choices it takes when the kit has this and lacks that.

Whoever writes here chooses without a slip: the tile that goes on furthest in the text, else the group of the next
letter, else exact letters. Capitals, marks and apostrophes do not count, so what is compared is words. Only offers
differ between two ways of the kit, so their difference is what the part is worth to somebody who sees every tile.
"""

from collections.abc import Callable, Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.decision import deciding
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding
from vybor.instant.tokens import fold, is_mark, tokens

MOST_CHOICES_A_LETTER = 8
"""A text that takes more has signs that cannot be found this way: it is left out."""
KEYSTROKES = (Role.CANDIDATE, Role.KEY, Role.LETTER, Role.MARK, Role.SPELLED)
"""What a word taken, a look at a group of letters, a letter and the end of a spelled word are called."""

Propose = Callable[[m.Prompt], Sequence[m.Candidate]]


class Way(msgspec.Struct, frozen=True):
    """The kit with some of its parts."""

    rules: Rules
    propose: Propose | None = None
    """The language model; None: the word list alone."""


def meant(text: str) -> str:
    """The words of a text as they count: folded, with one space between, without marks."""
    return " ".join(_plain(token) for token in tokens(text) if not is_mark(token))


class Rewritten(msgspec.Struct, frozen=True):
    """What a text took."""

    choices: int
    keystrokes: int
    """Those among them that a keyboard with suggestions needs too: pages count nothing."""
    letters: int
    """Of the words that stand there, with a space between two."""


def choices(text: str, way: Way, before: str = "") -> int | None:
    """How many choices a text takes behind another one; None if it cannot be written so."""
    found = rewritten(text, way, before)
    return found.choices if found else None


def rewritten(text: str, way: Way, before: str = "") -> Rewritten | None:
    """What a text takes behind another one; None if it cannot be written so."""
    target = meant(text)
    if not target:
        return None
    state = deciding.begin(way.rules, 0)
    if before:
        state = deciding.restored(state, m.Draft(request="", text=before), way.rules, 0)
    start, made, keystrokes = len(before), 0, 0
    while (done := meant(state.writing.text[start:])) != target:
        state = _answered(state, way)
        tile = next_tile(state.tiles, state.writing.mode, _known(state), target[len(done) :].lstrip())
        made += 1
        if tile is None or made > MOST_CHOICES_A_LETTER * (len(target) + 1):
            return None
        keystrokes += tile.role in KEYSTROKES
        state = deciding.after(state, tile, way.rules, 0)
        if not target.startswith(meant(state.writing.text[start:])):
            return None
    return Rewritten(made, keystrokes, len(target))


class Known(msgspec.Struct, frozen=True):
    """What was told of the next word already."""

    prefix: str
    looks: int


def next_tile(tiles: Sequence[m.Tile], mode: Mode, known: Known, left: str) -> m.Tile | None:
    """The tile to choose when these words are left to write; None where there is no way on."""
    fitting = [tile for tile in tiles if tile.role is Role.CANDIDATE and _agrees(tile.label, left)]
    if fitting:
        return max(fitting, key=lambda tile: len(tile.label))
    word = left.partition(" ")[0]
    match mode:
        case Mode.WORDS | Mode.MORE | Mode.KEYPAD:
            return _by_groups(tiles, known, word)
        case Mode.MENU | Mode.TOOLS:
            return _role(tiles, Role.LETTERS) or _role(tiles, Role.TOOLS)
        case Mode.LETTERS | Mode.GROUP | Mode.DIGITS:
            return _spelling(tiles, known.prefix, word)
    return _role(tiles, Role.BACK)


def _by_groups(tiles: Sequence[m.Tile], known: Known, word: str) -> m.Tile | None:
    offered = any(tile.role is Role.CANDIDATE for tile in tiles)
    if word.isalpha() and known.looks < len(word) and (offered or not known.looks):
        letter = word[known.looks]
        if key := next((tile for tile in tiles if tile.role is Role.KEY and letter in _letters(tile)), None):
            return key
    return _role(tiles, Role.LETTERS) or _role(tiles, Role.MENU)


def _spelling(tiles: Sequence[m.Tile], prefix: str, word: str) -> m.Tile | None:
    spelled = _plain(prefix)
    if spelled == word:
        return _role(tiles, Role.SPELLED) or _role(tiles, Role.BACK)
    if not word.startswith(spelled):
        return _role(tiles, Role.BACK)
    letter = word[len(spelled)]
    exact = next((tile for tile in tiles if tile.role is Role.LETTER and _plain(tile.label) == letter), None)
    group = next((tile for tile in tiles if tile.role is Role.GROUP and letter in _letters(tile)), None)
    other = _role(tiles, Role.DIGITS) if letter.isdigit() else None
    return exact or group or other or _role(tiles, Role.BACK)


def _answered(state: Deciding, way: Way) -> Deciding:
    """The model's words, before anybody chooses."""
    if way.propose is None or state.prompt is None or state.proposals is not None:
        return state
    found = tuple(way.propose(state.prompt))
    proposals = m.Proposals(at_ns=0, prompt=state.prompt.number, candidates=found, model="replay", took_ms=0)
    return deciding.heard(state, proposals, way.rules, 0)[0]


def _known(state: Deciding) -> Known:
    return Known(state.writing.prefix, len(state.writing.looks))


def _agrees(label: str, left: str) -> bool:
    words = meant(label)
    return (
        bool(words) and not any(is_mark(token) for token in tokens(label)) and f"{left} ".startswith(f"{words} ")
    )


def _letters(tile: m.Tile) -> set[str]:
    return {_plain(letter) for letter in tile.label.split()}


def _plain(text: str) -> str:
    return fold(text).replace("'", "")


def _role(tiles: Sequence[m.Tile], role: Role) -> m.Tile | None:
    return next((tile for tile in tiles if tile.role is role), None)
