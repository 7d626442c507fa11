"""What is whispered to who chooses by ear: lit tiles, what practice says, what a fitting asks for. Pure."""

from vybor.contracts.messages import FitPhase, Role, Screen, Tile
from vybor.display.pages import pin_strip
from vybor.display.says.words import Words
from vybor.display.showing import Showing

PAUSE_WORDS = 4
"""A voice begins and ends as long as so many words would take."""
SIGNS = (Role.MARK, Role.LETTER, Role.GROUP, Role.KEY)
TRYING = (FitPhase.STILL, FitPhase.PAUSE, FitPhase.CUE)


def whispered(now: Showing, before: Showing | None, words: Words) -> str:
    """The words of what has just been lit, a row or a tile, also at rest; nothing if that is the same."""
    if cue := _cue(now, words):
        return "" if before and cue == _cue(before, words) else cue
    screen, slots = now.screen, _lit(now)
    if screen is None or not slots:
        return ""
    said = _said(screen, slots, words)
    was = _said(before.screen, _lit(before), words) if before and before.screen else ""
    return "" if said == was else said


def explained(now: Showing, before: Showing | None, words: Words) -> str:
    """What practice says to do now, or what can be stopped, if that is news: it comes once, before any label."""
    asked = now.power
    if asked and asked.wish and not (before and before.power):
        return pin_strip.stoppable(asked.wish, asked.left_s, words)
    said, was = _exercise(now, words), _exercise(before, words) if before else ""
    return "" if said == was else said


def takes_s(text: str, words_per_minute: int) -> float:
    """About how long a text takes to be whispered."""
    return (len(text.split()) + PAUSE_WORDS) * 60 / words_per_minute


def _exercise(showing: Showing, words: Words) -> str:
    screen = showing.screen
    return words.practice(screen, screen.practice) if screen and screen.practice else ""


def _cue(showing: Showing, words: Words) -> str:
    """What the person is to do while a sign is tried; nothing while tiles say what can be done."""
    stage = showing.screen.fitting if showing.screen else None
    return words.fitting(stage) if stage and stage.phase in TRYING else ""


def _lit(showing: Showing) -> tuple[int, ...]:
    return showing.highlight.scan if showing.highlight else ()


def _said(screen: Screen, slots: tuple[int, ...], words: Words) -> str:
    by_slot = {tile.slot: tile for tile in screen.tiles}
    return ", ".join(_name(by_slot[slot], screen, words) for slot in slots if slot in by_slot)


def _name(tile: Tile, screen: Screen, words: Words) -> str:
    """What a tile is called; a voice says nothing for a mark alone, so each has a name, among letters too."""
    if tile.role in SIGNS:
        return " ".join(words.mark(sign) or sign for sign in tile.label.split())
    return words.tile(tile, screen)
