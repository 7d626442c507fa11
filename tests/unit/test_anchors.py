"""The pages of whole sentences: words gathered, sentences taken whole or in part, others like one, and back."""

from collections.abc import Sequence

import msgspec
import pytest

from vybor.composer.anchors import LONGEST
from vybor.composer.placing import ON_ONE_TILE
from vybor.contracts import messages as m
from vybor.contracts.messages import Intent, Mode, Role, Source
from vybor.core.decision.rules import Rules
from vybor.foundation.settings import CommitSettings
from vybor.instant.anchors import own_words, sentences_in, there_already
from vybor.instant.manners import is_rude
from vybor.instant.pattern import Pattern
from world.desk import Desk

MINE = sentences_in("Where is the doctor? My doctor is late.")
KNOWN = ("I", "the", "doctor", "water", "Garden")


def instant(prompt: m.Prompt) -> Sequence[m.Candidate]:
    if prompt.anchors:
        return there_already(prompt, MINE)
    pattern = Pattern.of(prompt.prefix, prompt.groups)
    fitting = [word for word in KNOWN if pattern.fits(word.casefold()) and word not in prompt.exclude]
    return [m.Candidate(words=(word,), p=0.1, source=Source.NGRAM) for word in fitting[: prompt.count]]


RULES = Rules(
    session="s",
    language="en",
    commit=CommitSettings(),
    instant=instant,
    count=4,
    allowed=lambda word: not is_rude(word, "en"),
    anchors=True,
)


class Writer(Desk):
    """Sits at the decision with these rules, and chooses tiles by what they are."""

    def __init__(self, rules: Rules = RULES) -> None:
        super().__init__(rules)

    def take(self, role: Role, label: str | None = None) -> None:
        fitting = [
            tile for tile in self.state.tiles if tile.role is role and (label is None or tile.label == label)
        ]
        assert fitting, f"no tile {role} {label} on {[(t.role.value, t.label) for t in self.state.tiles]}"
        self.choose(fitting[0].slot)

    def to_intents(self) -> None:
        self.take(Role.MENU)
        self.take(Role.TOOLS)
        self.take(Role.ANCHORS)

    def gather(self, word: str = "doctor", intent: str = "") -> None:
        self.to_intents()
        if intent:
            self.take(Role.INTENT, intent)
        else:
            self.take(Role.KEY, next(tile.label for tile in self.state.tiles if word[0] in tile.label.split()))
        self.take_word(word)

    def take_word(self, word: str) -> None:
        offered = {tile.label.lower(): tile.label for tile in self.state.tiles if tile.role is Role.CANDIDATE}
        self.take(Role.CANDIDATE, offered[word])

    def propose(self, *sentences: str) -> None:
        assert self.state.prompt is not None
        found = [m.Candidate(words=tuple(one.split()), p=0.3, source=Source.MODEL) for one in sentences]
        self.answer(found, self.state.prompt.number, "test")

    def labels(self, role: Role = Role.SENTENCE) -> list[str]:
        return [tile.label for tile in self.state.tiles if tile.role is role]


def test_the_menu_leads_there_only_where_it_is_set_and_a_sentence_can_begin() -> None:
    writer = Writer(msgspec.structs.replace(RULES, anchors=False))
    writer.take(Role.MENU)
    writer.take(Role.TOOLS)
    assert Role.ANCHORS not in {tile.role for tile in writer.state.tiles}
    writer = Writer()
    writer.take(Role.CANDIDATE, "I")
    writer.take(Role.MENU)
    writer.take(Role.TOOLS)
    assert Role.ANCHORS not in {tile.role for tile in writer.state.tiles}


def test_letters_that_are_spelled_are_not_lost_to_a_phrase_or_a_sentence() -> None:
    writer = Writer()
    for role in (Role.KEY, Role.LETTERS, Role.LETTER, Role.MENU, Role.TOOLS):
        writer.take(role)
    assert not {Role.PHRASES, Role.ANCHORS} & {tile.role for tile in writer.state.tiles}
    writer.take(Role.BACK)
    assert writer.screen().prefix == "a"
    for role in (Role.BACK, Role.BACK, Role.MENU, Role.TOOLS):
        writer.take(role)
    assert {Role.PHRASES, Role.ANCHORS} <= {tile.role for tile in writer.state.tiles}


def test_a_word_is_kept_not_written_and_the_persons_own_sentences_stand_there_at_once() -> None:
    writer = Writer()
    writer.gather()
    assert (writer.state.writing.text, writer.state.writing.mode) == ("", Mode.SENTENCES)
    assert writer.screen().prefix.lower() == "doctor"
    assert writer.labels() == ["My doctor is late.", "Where is the doctor?"]
    assert writer.state.prompt is not None
    assert [anchor.lower() for anchor in writer.state.prompt.anchors] == ["doctor"]


def test_only_words_that_a_sentence_is_about_are_offered_to_gather() -> None:
    writer = Writer()
    writer.to_intents()
    writer.take(Role.INTENT, Intent.FEEL.value)
    assert writer.labels(Role.CANDIDATE) == ["Doctor", "Water", "Garden"]
    assert Role.MARKS not in {tile.role for tile in writer.state.tiles}
    key = next(tile.label for tile in writer.state.tiles if tile.role is Role.KEY and "w" in tile.label)
    writer.take(Role.KEY, key)
    assert "water" in [label.lower() for label in writer.labels(Role.CANDIDATE)]


def test_the_persons_own_words_are_offered_to_gather_before_others_and_each_once() -> None:
    said = sentences_in("Where is my sweater? The doctor is here.")
    writer = Writer(msgspec.structs.replace(RULES, own_words=lambda prompt: own_words(prompt, said)))
    writer.to_intents()
    writer.take(Role.INTENT, Intent.ASK.value)
    assert writer.labels(Role.CANDIDATE) == ["Doctor", "Sweater", "Water"]


def test_what_the_sentence_is_to_do_is_asked_of_both_tiers() -> None:
    writer = Writer()
    writer.gather(intent=Intent.ASK.value)
    assert writer.labels()[0] == "Where is the doctor?"
    assert writer.state.prompt is not None
    assert writer.state.prompt.intent is Intent.ASK


def test_the_models_sentences_come_behind_and_move_none() -> None:
    writer = Writer()
    writer.gather()
    before = writer.state.tiles
    writer.propose("Can you call the doctor?", "That shit doctor.", "I need a doctor.")
    assert [tile for tile in writer.state.tiles if tile in before] == list(before)
    assert writer.labels()[2:] == ["Can you call the doctor?", "I need a doctor."]


def test_a_sentence_is_taken_whole_and_undo_takes_it_back() -> None:
    writer = Writer()
    writer.gather()
    writer.take(Role.SENTENCE, "My doctor is late.")
    assert (writer.state.writing.text, writer.state.writing.mode) == ("My doctor is late.", Mode.WORDS)
    assert writer.state.writing.gathered is None
    decision = writer.decided[-1].decision
    assert (decision.action, decision.written) == (m.Action.TAKE, "My doctor is late.")
    writer.take(Role.UNDO)
    assert writer.state.writing.text == ""


def test_a_part_goes_up_to_the_word_that_is_chosen() -> None:
    writer = Writer()
    writer.gather()
    writer.take(Role.PART)
    writer.take(Role.SENTENCE, "My doctor is late.")
    assert (writer.state.writing.text, writer.labels()) == ("", ["My", "My doctor", "My doctor is"])
    writer.take(Role.SENTENCE, "My doctor")
    assert (writer.state.writing.text, writer.state.writing.mode) == ("My doctor", Mode.WORDS)


def test_others_like_one_are_asked_for_without_it() -> None:
    writer = Writer()
    writer.gather()
    writer.take(Role.LIKE)
    writer.take(Role.SENTENCE, "My doctor is late.")
    assert writer.labels() == ["Where is the doctor?"]
    assert writer.state.prompt is not None
    assert writer.state.prompt.near == "My doctor is late."
    assert len(writer.state.prompt.anchors) == 1


def test_a_long_sentence_has_a_tile_as_wide_as_two_and_only_whole_tiles_are_offered() -> None:
    long = "The doctor said that I may eat whatever I like from now on."
    assert ON_ONE_TILE < len(long) <= LONGEST
    said = sentences_in(f"My doctor is late. Where is the doctor? {long}")
    knowing = msgspec.structs.replace(
        RULES, instant=lambda asked: there_already(asked, said) if asked.anchors else instant(asked)
    )
    writer = Writer(knowing)
    writer.gather()
    assert [(tile.slot, tile.label) for tile in writer.state.tiles if tile.role is Role.SENTENCE] == [
        (0, long),
        (2, "Where is the doctor?"),
        (3, "My doctor is late."),
    ]
    wide, narrow = writer.state.tiles[:2]
    assert (wide.area.right, wide.pad.right) == (narrow.area.left, narrow.pad.left)
    writer.propose("No more room, doctor.")
    assert len(writer.labels()) == 3
    writer.take(Role.PART)
    writer.take(Role.SENTENCE, long)
    assert len(writer.labels()) == 7


def test_a_second_word_narrows_and_a_third_begins_anew() -> None:
    writer = Writer()
    writer.gather(intent=Intent.FEEL.value)
    writer.take(Role.ANCHOR)
    writer.take(Role.CANDIDATE, "Garden")
    assert writer.state.prompt is not None
    assert (writer.state.prompt.anchors, writer.state.prompt.intent) == (("Doctor", "Garden"), Intent.FEEL)
    assert writer.labels() == []
    assert {tile.role for tile in writer.state.tiles} == {Role.BACK, Role.MENU, Role.ANCHORS}
    writer.take(Role.ANCHORS)
    assert writer.state.writing.mode is Mode.INTENT


@pytest.mark.parametrize("way", [(), (Role.PART,), (Role.LIKE,)])
def test_back_leads_to_the_sentences_and_from_there_to_the_words(way: Sequence[Role]) -> None:
    writer = Writer()
    writer.gather()
    for role in way:
        writer.take(role)
        writer.take(Role.BACK)
        assert writer.state.writing.mode is Mode.SENTENCES
    writer.take(Role.BACK)
    assert (writer.state.writing.mode, writer.state.writing.gathered) == (Mode.WORDS, None)
    assert writer.state.prompt is not None
    assert writer.state.prompt.anchors == ()


def test_back_from_the_letters_gathers_no_more() -> None:
    writer = Writer()
    writer.to_intents()
    writer.take(Role.INTENT, "want")
    key = next(tile.label for tile in writer.state.tiles if tile.role is Role.KEY)
    writer.take(Role.KEY, key)
    writer.take(Role.BACK)
    assert writer.state.writing.gathered is not None
    writer.take(Role.BACK)
    assert (writer.state.writing.mode, writer.state.writing.gathered) == (Mode.WORDS, None)
    writer.take(Role.CANDIDATE, "I")
    assert writer.state.writing.text == "I"


def test_a_word_that_nobody_knows_is_spelled() -> None:
    writer = Writer()
    writer.to_intents()
    writer.take(Role.INTENT, Intent.FEEL.value)
    writer.take(Role.LETTERS)
    for letter in "ox":
        group = next(t.label for t in writer.state.tiles if t.role is Role.GROUP and letter in t.label)
        writer.take(Role.GROUP, group)
        writer.take(Role.LETTER, letter)
    writer.take(Role.SPELLED)
    assert writer.state.writing.mode is Mode.SENTENCES
    assert writer.screen().prefix.lower() == "ox"
    assert writer.state.writing.text == ""


def test_an_answer_among_sentences_leaves_them_and_undo_stops_the_voice_alone() -> None:
    writer = Writer()
    writer.gather()
    page = writer.state.writing
    assert page.mode is Mode.SENTENCES
    for role in (Role.MENU, Role.ANSWER):
        writer.take(role)
    writer.take(Role.UNDO)
    assert writer.decided[-1].hush
    assert (writer.state.writing.mode, writer.state.writing.gathered) == (page.mode, page.gathered)
    assert Role.SENTENCE in {tile.role for tile in writer.state.tiles}
