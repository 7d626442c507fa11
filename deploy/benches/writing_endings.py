"""The person who takes a word in a wrong form and gives it another ending, three choices further. Pure."""

from collections.abc import Callable

from benches.writing_phrases import Phrase
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from world.mind import Wish, agrees, unheeded

AreForms = Callable[[str, str], bool]
"""Whether two words are forms of one."""
NEVER = Wish(None, "no ending is wanted")


def ending_wish(screen: m.Screen, phrase: Phrase, are_forms: AreForms) -> Wish:
    """What this person chooses for the sake of an ending; no tile where they would do as others do.

    Whoever sees no word that agrees takes a form of the word that is meant, at first sight, and mends it:
    *Menu*, *Tools*, then the ending, then the form.
    """
    plainly = unheeded(screen)
    written, meant = plainly.text.split(), list(phrase.words)
    if written and written[:-1] == meant[: len(written) - 1] and len(written) <= len(meant):
        last = meant[len(written) - 1]
        if written[-1] != last and are_forms(written[-1], last):
            return _mend(plainly, last)
    is_here = written == meant[: len(written)] and len(written) < len(meant)
    if not is_here or plainly.mode not in (Mode.WORDS, Mode.MORE, Mode.KEYPAD):
        return NEVER
    words = [tile for tile in plainly.tiles if tile.role is Role.CANDIDATE]
    if any(agrees(plainly.text, tile.label, phrase.text) for tile in words):
        return NEVER
    form = next((tile for tile in words if are_forms(tile.label, meant[len(written)])), None)
    return Wish(form, "the word, in another form") if form else NEVER


def _mend(screen: m.Screen, last: str) -> Wish:
    """The text ends with a wrong form."""
    for role in (
        (Role.CANDIDATE, Role.ENDINGS) if screen.mode is Mode.ENDINGS else (Role.ENDINGS, Role.TOOLS, Role.MENU)
    ):
        for tile in screen.tiles:
            if tile.role is role and (role is not Role.CANDIDATE or tile.label == last):
                return Wish(tile, "its ending")
    return NEVER
