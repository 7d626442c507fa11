"""*Say it again*: offered where something was said, and no sentence of the record."""

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role
from vybor.core.decision.rules import Rules
from vybor.display.says.words import words_in
from vybor.foundation.settings import CommitSettings
from vybor.journal.story import story_of
from world.desk import Desk

UNDO, MENU = 8, 9
PHRASE = "Thank you."
"""The first of the phrases."""
RULES = Rules(session="s", language="en", commit=CommitSettings(), instant=lambda prompt: (), count=4)


def roles(desk: Desk) -> set[Role]:
    return {tile.role for tile in desk.state.tiles}


def choose(desk: Desk, role: Role) -> None:
    desk.choose(next(tile.slot for tile in desk.state.tiles if tile.role is role))


def spoken() -> Desk:
    desk = Desk(RULES)
    write(desk)
    choose(desk, Role.SPEAK)
    return desk


def write(desk: Desk) -> None:
    for role in (Role.PHRASES, Role.PHRASE):
        choose(desk, role)


def test_it_is_in_the_menu_of_an_empty_line_once_something_was_said() -> None:
    desk = Desk(RULES)
    desk.choose(MENU)
    assert Role.REPEAT not in roles(desk)
    desk = spoken()
    desk.choose(MENU)
    assert Role.REPEAT in roles(desk)
    choose(desk, Role.BACK)
    write(desk)
    desk.choose(MENU)
    assert Role.REPEAT not in roles(desk)
    choose(desk, Role.TOOLS)
    assert Role.REPEAT in roles(desk)


def test_it_asks_for_what_was_said_and_changes_no_text() -> None:
    desk = spoken()
    desk.choose(MENU)
    choose(desk, Role.REPEAT)
    decided = desk.decided[-1]
    assert (decided.repeat, decided.say, decided.hush) == (PHRASE, "", False)
    assert (decided.decision.action, decided.decision.said) == (Action.REPEAT, "")
    assert (desk.state.writing.text, desk.state.writing.said, desk.state.writing.mode) == ("", PHRASE, Mode.WORDS)


def test_undo_behind_it_takes_it_out_of_the_mouth_and_one_more_brings_the_sentence_back() -> None:
    desk = spoken()
    desk.choose(MENU)
    choose(desk, Role.REPEAT)
    desk.choose(UNDO)
    assert (desk.decided[-1].hush, desk.decided[-1].was_calling) == (True, False)
    assert desk.state.writing.text == ""
    desk.choose(UNDO)
    assert desk.state.writing.text == PHRASE


def test_only_the_call_for_help_is_called_off_as_a_whole() -> None:
    desk = spoken()
    desk.choose(MENU)
    choose(desk, Role.HELP)
    desk.choose(UNDO)
    assert (desk.decided[-1].hush, desk.decided[-1].was_calling) == (True, True)


def test_the_record_counts_a_repeated_sentence_once() -> None:
    desk = spoken()
    desk.choose(MENU)
    choose(desk, Role.REPEAT)
    for _ in range(2):
        desk.choose(UNDO)
    told = story_of([decided.decision for decided in desk.decided]).sentences
    assert told == [m.Sentence(text=PHRASE), m.Sentence(text=PHRASE, spoken=False)]


def test_it_has_words_in_both_languages() -> None:
    desk = spoken()
    desk.choose(MENU)
    tile = next(tile for tile in desk.state.tiles if tile.role is Role.REPEAT)
    assert words_in("en").tile(tile, desk.screen()) == "Say it again"
    assert words_in("ru").tile(tile, desk.screen()) == "Сказать ещё раз"
