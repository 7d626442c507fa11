"""What stands on the menu is said at once, from everywhere, and what is being written stays as it is."""

import msgspec
import pytest

from unit.test_deciding import MENU, RULES, UNDO, Writer, slot_of
from vybor.composer.lasting import Lasting
from vybor.composer.mending import instead
from vybor.composer.menu import ANSWERS
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role

NOT_MEANT = 4
AREA = m.Area(left=0, top=0, right=1, bottom=1)
WAYS: tuple[tuple[int, ...], ...] = ((), (0,), (4,), (0, 5, 6), (4, 3), (4, 3, 5))
"""To an empty line, a text, a group of letters behind none, two behind a text, exact letters, and one of them."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("answer", range(5))
def test_an_answer_is_two_choices_away_and_leaves_the_page_as_it_was(way: tuple[int, ...], answer: int) -> None:
    writer = Writer()
    for slot in way:
        writer.choose(slot)
    before, prompt = writer.state.writing, writer.state.prompt
    writer.choose(MENU)
    writer.choose(answer)
    said = writer.decided[-1]
    assert said.say == said.decision.said == ANSWERS["en"][answer]
    assert not said.decision.learn
    assert (writer.screen().saying, writer.screen().said) == (True, said.say)
    after = writer.state.writing
    assert (after.text, after.prefix, after.looks, after.mode, after.past, after.group) == (
        *(before.text, before.prefix, before.looks, before.mode, before.past, before.group),
    )
    assert prompt is not None
    assert writer.state.prompt is not None
    assert writer.state.prompt.asks_the_same(prompt)
    writer.choose(UNDO)
    assert writer.decided[-1].hush
    assert writer.decided[-1].decision.action is Action.UNDO
    assert writer.state.writing == msgspec.structs.replace(after, saying=False, lasting=after.lasting.unsaid())
    assert writer.screen().said == before.said


def test_no_answer_is_likelier_than_another() -> None:
    writer = Writer()
    writer.choose(MENU)
    answers = [tile for tile in writer.state.tiles if tile.role in (Role.ANSWER, Role.NOT_MEANT)]
    assert [tile.label for tile in answers] == list(ANSWERS["en"])
    assert {tile.p for tile in answers} == {None}


def test_undo_right_behind_an_answer_stops_the_voice_and_no_more() -> None:
    writer = Writer()
    for slot in (0, 1, MENU, 0, UNDO):
        writer.choose(slot)
    assert writer.decided[-1].hush
    assert writer.state.writing.text == "I you"
    writer.choose(UNDO)
    assert (writer.decided[-1].hush, writer.state.writing.text) == (False, "I")


def test_what_was_said_last_is_said_again() -> None:
    writer = Writer()
    writer.choose(MENU)
    assert Role.REPEAT not in {tile.role for tile in writer.state.tiles}
    for slot in (8, 0, 3, MENU):
        writer.choose(slot)
    writer.choose(slot_of(writer, Role.REPEAT))
    assert (writer.decided[-1].repeat, writer.decided[-1].decision.action) == ("I.", Action.REPEAT)
    assert not writer.decided[-1].decision.learn
    for slot in (0, MENU):
        writer.choose(slot)
    for role in (Role.TOOLS, Role.REPEAT):
        writer.choose(slot_of(writer, role))
    assert (writer.decided[-1].repeat, writer.state.writing.text) == ("I.", "I")


def test_behind_a_text_not_meant_is_only_said() -> None:
    writer = Writer()
    for slot in (0, 3, 1, MENU, NOT_MEANT):
        writer.choose(slot)
    assert writer.decided[-1].decision.action is Action.ANSWER
    assert (writer.decided[-1].hush, writer.decided[-1].unsaid) == (True, "I.")
    assert writer.state.writing.text == "You"


def test_what_was_not_meant_comes_back_with_what_may_have_been() -> None:
    writer = Writer()
    for slot in (0, 1, 3, MENU, NOT_MEANT):  # I you
        writer.choose(slot)
    said = writer.decided[-1]
    assert (said.decision.action, said.say) == (Action.REPAIR, ANSWERS["en"][NOT_MEANT])
    assert (said.hush, said.unsaid) == (True, "I you.")
    assert (writer.state.writing.text, writer.state.writing.mode) == ("I you", Mode.MENDING)
    others = [tile.label for tile in writer.state.tiles if tile.role is Role.INSTEAD]
    assert others == ["I I", "I we", "You you"]
    assert {Role.SPEAK, Role.DELETE_WORD, Role.CLEAR, Role.BACK, Role.UNDO, Role.MENU} <= {
        tile.role for tile in writer.state.tiles
    }
    writer.choose(0)
    assert (writer.state.writing.text, writer.state.writing.mode) == (others[0], Mode.WORDS)
    writer.choose(UNDO)
    assert writer.state.writing.text == "I you"


def test_of_a_whole_sentence_the_others_that_stood_there_are_offered() -> None:
    sentences = ("Call the doctor.", "I want to see the doctor before I go home.", "The doctor is late.")
    words = tuple(
        m.Tile(slot=slot, role=Role.SENTENCE, area=AREA, pad=AREA, label=label)
        for slot, label in enumerate((*sentences, "So long that nobody could read it " * 4))
    )
    spoken = Lasting(stood=(words, (), ()))
    now = Writing(text=sentences[0], past=("", sentences[0], ""), mode=Mode.MENDING, lasting=spoken)
    assert [choice.label for choice in instead(now).values()] == [sentences[1], sentences[2]]
    behind = Writing(text="Hello. A b", past=("", "Hello.", "Hello. A b", ""), lasting=spoken)
    others = [f"Hello. {sentence}" for sentence in sentences[:2]]
    assert [choice.label for choice in instead(behind).values()] == others


def test_a_repair_is_undone_and_can_be_made_again_but_not_twice() -> None:
    writer = Writer()
    for slot in (0, 3, MENU, NOT_MEANT, UNDO):
        writer.choose(slot)
    assert writer.decided[-1].hush
    assert writer.state.writing.text == ""
    for slot in (MENU, NOT_MEANT):
        writer.choose(slot)
    assert writer.state.writing.text == "I"
    writer.choose(slot_of(writer, Role.CLEAR))
    for slot in (MENU, NOT_MEANT):
        writer.choose(slot)
    assert (writer.decided[-1].decision.action, writer.state.writing.text) == (Action.ANSWER, "")


def test_undo_brings_back_the_words_that_stood_there() -> None:
    writer = Writer()
    writer.propose("Where", "Can", "Please")
    stood = {tile.slot: tile.label for tile in writer.state.tiles if tile.role is Role.CANDIDATE}
    writer.choose(1)
    writer.propose("now", "then")
    behind = {tile.slot: tile.label for tile in writer.state.tiles if tile.role is Role.CANDIDATE}
    writer.choose(2)
    writer.choose(UNDO)
    assert {tile.slot: tile.label for tile in writer.state.tiles if tile.role is Role.CANDIDATE} == behind
    writer.propose("something", "else")
    assert {tile.slot: tile.label for tile in writer.state.tiles if tile.role is Role.CANDIDATE} == behind
    writer.choose(UNDO)
    assert {tile.slot: tile.label for tile in writer.state.tiles if tile.role is Role.CANDIDATE} == stood
    assert writer.state.writing.text == ""


def test_a_word_found_by_its_letters_is_undone_to_the_words_that_stood_beside_it() -> None:
    writer = Writer()
    writer.choose(4 + 3)  # s t u v w x y z
    stood = {tile.slot: tile.label for tile in writer.state.tiles if tile.role is Role.CANDIDATE}
    assert stood
    writer.choose(min(stood))
    writer.choose(UNDO)
    assert {tile.slot: tile.label for tile in writer.state.tiles if tile.role is Role.CANDIDATE} == stood
    assert (writer.state.writing.looks, writer.state.writing.mode) == ((), Mode.WORDS)


def test_the_last_word_is_deleted_and_the_words_that_stood_there_come_back() -> None:
    writer = Writer()
    writer.propose("Where is it", "Can")
    stood = {tile.slot: tile.label for tile in writer.state.tiles if tile.role is Role.CANDIDATE}
    writer.choose(0)
    writer.choose(MENU)
    for role in (Role.TOOLS, Role.DELETE_WORD):
        writer.choose(slot_of(writer, role))
    assert (writer.state.writing.text, writer.decided[-1].decision.action) == ("", Action.DELETE)
    assert {tile.slot: tile.label for tile in writer.state.tiles if tile.role is Role.CANDIDATE} == stood
    writer.choose(UNDO)
    assert writer.state.writing.text == stood[0]


def test_clearing_more_than_a_few_words_asks_first_in_another_place() -> None:
    for words, asks in ((3, False), (4, True)):
        writer = Writer()
        for _ in range(words):
            writer.choose(0)
        text = writer.state.writing.text
        writer.choose(MENU)
        writer.choose(slot_of(writer, Role.TOOLS))
        place = slot_of(writer, Role.CLEAR)
        writer.choose(place)
        assert (writer.state.writing.mode is Mode.CLEARING) == asks
        if asks:
            assert writer.state.writing.text == text
            assert slot_of(writer, Role.CLEAR) != place
            writer.choose(8)
            assert (writer.state.writing.text, writer.state.writing.mode) == (text, Mode.WORDS)
            writer.choose(MENU)
            for role in (Role.TOOLS, Role.CLEAR, Role.CLEAR):
                writer.choose(slot_of(writer, role))
        assert writer.state.writing.text == ""
        writer.choose(UNDO)
        assert writer.state.writing.text == text


@pytest.mark.parametrize(
    "way", [(Role.TOOLS, Role.KIT), (Role.TOOLS, Role.CLEAR), (Role.TOOLS, Role.PHRASES), (Role.TOOLS, Role.BACK)]
)
def test_help_is_two_choices_away_from_the_new_pages_too(way: tuple[Role, ...]) -> None:
    writer = Writer()
    for slot in (0, 0, 0, 0, MENU):
        writer.choose(slot)
    for role in (*way, Role.MENU, Role.HELP):
        writer.choose(slot_of(writer, role))
    assert writer.decided[-1].call_help
    assert writer.state.writing.text


def test_help_is_two_choices_away_while_something_is_mended() -> None:
    writer = Writer()
    for slot in (0, 3, MENU, NOT_MEANT, MENU):
        writer.choose(slot)
    writer.choose(slot_of(writer, Role.HELP))
    assert writer.decided[-1].call_help


def test_the_partner_is_told_that_somebody_writes() -> None:
    writer = Writer()
    assert not writer.screen().is_writing
    writer.choose(4)
    assert writer.screen().is_writing
    writer.choose(MENU)
    assert writer.screen().is_writing
    writer.choose(slot_of(writer, Role.REST))
    assert not writer.screen().is_writing


def test_old_records_are_learned_from() -> None:
    writer = Writer()
    writer.choose(0)
    decision = msgspec.to_builtins(writer.decided[0].decision)
    for new in ("learn", "incognito"):
        del decision[new]
    read = msgspec.convert(decision, m.Decision)
    assert (read.learn, read.incognito) == (True, False)
    assert RULES.language == read.language
