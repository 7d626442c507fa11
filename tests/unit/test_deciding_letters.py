"""The decision on the pages of letters: groups that narrow, and exact ones."""

import msgspec

from unit.test_deciding import RULES, UNDO, Writer, slot_of
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.decision import deciding
from world.desk import Desk


def test_looks_at_groups_of_letters_narrow_the_words_until_one_is_taken() -> None:
    writer = Writer()
    keys = {tile.label: tile.slot for tile in writer.state.tiles if tile.role is Role.KEY}
    writer.choose(keys["f g h i j k l"])
    assert writer.screen().mode is Mode.KEYPAD
    assert [t.label for t in writer.state.tiles if t.role is Role.CANDIDATE] == ["I", "It", "He"]
    writer.choose(keys["s t u v w x y z"])
    assert writer.screen().prefix == "••"
    assert writer.state.prompt is not None
    assert writer.state.prompt.groups == ("fghijkl", "stuvwxyz")
    assert [t.label for t in writer.state.tiles if t.role is Role.CANDIDATE] == ["It"]
    writer.choose(UNDO)
    assert writer.screen().prefix == "•"
    writer.choose(next(tile.slot for tile in writer.state.tiles if tile.label == "It"))
    assert (writer.state.writing.text, writer.screen().prefix) == ("It", "")


def test_a_look_that_is_taken_back_has_seen_no_words() -> None:
    """They are less likely to be meant only as long as letters were looked at in their place."""
    writer = Writer()
    words = writer.labels()
    writer.choose(slot_of(writer, Role.KEY))
    writer.choose(UNDO)
    assert (writer.state.writing.mode, writer.labels()) == (Mode.WORDS, words)
    keys = {tile.label: tile.slot for tile in writer.state.tiles if tile.role is Role.KEY}
    writer.choose(keys["s t u v w x y z"])
    narrowed = writer.labels()
    writer.choose(keys["f g h i j k l"])
    writer.choose(UNDO)
    assert writer.labels() == narrowed
    assert not {word.casefold() for word in narrowed} & {word.casefold() for word in writer.state.writing.seen}


def test_exact_letters_are_one_choice_away_from_the_groups() -> None:
    writer = Writer()
    writer.choose(5)
    writer.choose(slot_of(writer, Role.LETTERS))
    assert (writer.screen().mode, writer.screen().prefix) == (Mode.GROUP, "")
    assert [tile.label for tile in writer.state.tiles if tile.role is Role.LETTER] == list("fghijkl")
    writer.choose(slot_of(writer, Role.LETTER))
    assert (writer.screen().mode, writer.screen().prefix) == (Mode.LETTERS, "f")


def test_each_letter_is_chosen_out_of_the_group_that_was_looked_at_for_it() -> None:
    writer = Writer()
    keys = {tile.label: tile.slot for tile in writer.state.tiles if tile.role is Role.KEY}
    for key in ("s t u v w x y z", "f g h i j k l", "a b c d e"):
        writer.choose(keys[key])
    writer.choose(slot_of(writer, Role.LETTERS))
    for letter in "the":
        assert writer.screen().mode is Mode.GROUP
        writer.choose(next(t.slot for t in writer.state.tiles if t.role is Role.LETTER and t.label == letter))
    assert (writer.screen().mode, writer.screen().prefix) == (Mode.LETTERS, "the")
    writer.choose(UNDO)
    assert (writer.screen().mode, writer.screen().prefix) == (Mode.LETTERS, "th")


def test_a_long_group_has_a_way_to_its_other_letters() -> None:
    desk = Desk(msgspec.structs.replace(RULES, language="ru"))

    def take(role: Role, letter: str = "") -> None:
        desk.choose(next(t.slot for t in desk.state.tiles if t.role is role and letter in t.label.split(" ")))

    take(Role.KEY, "щ")
    desk.choose(next(t.slot for t in desk.state.tiles if t.role is Role.LETTERS))
    shown = {t.label for t in desk.state.tiles if t.role is Role.LETTER}
    assert "с" in shown
    assert "щ" not in shown
    take(Role.GROUP, "щ")
    take(Role.LETTER, "щ")
    assert desk.screen().prefix == "щ"


def test_the_capital_of_a_word_behind_a_quote_is_its_first_letter_and_what_has_none_is_no_step() -> None:
    for text, capital in (('He said: "no', 'He said: "No'), ("It costs $5", "It costs $5")):
        writer = Writer()
        draft = m.Draft(request="1", text=text, history=("He",))
        writer.state = deciding.restored(writer.state, draft, RULES, writer.now_ns)
        for role in (Role.MENU, Role.TOOLS, Role.MARKS, Role.CAPITAL):
            writer.choose(slot_of(writer, role))
        assert (writer.state.writing.text, writer.state.writing.mode) == (capital, Mode.MARKS)
        assert writer.state.writing.past == (("He", text) if capital != text else ("He",))
