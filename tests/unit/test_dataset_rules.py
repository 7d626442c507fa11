"""What teaches and how much: one test a rule."""

import pytest

from unit.dataset_person import Person, made, offered
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role, Source
from vybor_workshop.dataset.examples import Brought, Example
from vybor_workshop.dataset.rules import Reason


@pytest.fixture
def person() -> Person:
    return Person()


def first(person: Person) -> Example:
    return made(person.rows).examples[0]


def weighed(example: Example) -> list[tuple[str, float]]:
    return [(example.text[span.first : span.end], span.weight) for span in example.weights]


def sentences_dropped(person: Person) -> dict[str, int]:
    found = made(person.rows)
    assert len(found.examples) == 3, "only those behind it"
    return dict(found.tally.sentences_dropped)


def test_what_was_taken_and_spoken_teaches_by_the_evidence_without_the_prior(person: Person) -> None:
    person.take("I", sure=0.6)
    person.take("want", sure=0.8)
    person.take("tea", sure=1.0)
    person.speak()
    example = first(person)
    assert example.text == "I want tea", "without the full stop that nobody chose"
    assert weighed(example) == [("I", 0.6), (" want", 0.8), (" tea", 1.0)]
    assert (example.place, example.source) == ((1, 3), Brought.ACCEPTED)


def test_a_choice_that_the_prior_alone_carried_teaches_nothing(person: Person) -> None:
    person.take("I")
    person.take("want", sure=0.49)
    person.take("tea", favoured=1)
    person.take("please", favoured=None)
    person.speak()
    assert weighed(first(person)) == [("I", 0.9), (" please", 0.9)]
    assert made(person.rows).tally.dropped[Reason.ONLY_PRIOR] == len(" want tea")


def test_evidence_that_is_no_number_is_none(person: Person) -> None:
    person.take("I")
    person.take("want", sure=float("nan"))
    person.speak()
    assert weighed(first(person)) == [("I", 0.9)]


def test_what_was_spelled_counts_more(person: Person) -> None:
    person.take("I")
    person.spell("zithers")
    person.speak()
    example = first(person)
    assert weighed(example) == [("I", 0.9), (" zithers", 1.35)]
    assert example.source is Brought.SPELLED


def test_a_word_of_which_a_letter_was_spelled_counts_as_taken(person: Person) -> None:
    person.take("zithers", prefix="z")
    person.speak()
    assert weighed(first(person)) == [("zithers", 0.9)]


def test_what_the_kit_offers_again_and_again_is_weighed_down(person: Person) -> None:
    for _ in range(3):
        person.phrase("I am thirsty")
        person.speak()
    person.take("am I not")
    person.spell("zithers")
    person.speak()
    person.take("am I not")
    person.speak()
    found = made(person.rows).examples
    assert [weighed(each) for each in found[:3]] == [[("I am thirsty", 0.3)]] * 3
    assert found[0].source is Brought.PHRASE
    assert weighed(found[3]) == [("am I not", 0.45), (" zithers", 1.35)]
    assert weighed(found[4]) == [("am I not", 0.45)]


def test_a_sentence_that_was_taken_whole_and_written_is_the_same_sentence(person: Person) -> None:
    person.phrase("I am thirsty")
    person.speak()
    person.say("I am thirsty")
    assert weighed(first(person)) == [("I am thirsty", 0.45)]


def test_two_words_are_everybody_s_however_often_they_are_taken(person: Person) -> None:
    for number in range(3):
        person.take("I want")
        person.spell(f"n{number}")
        person.speak()
    assert {weighed(each)[0] for each in made(person.rows).examples[:3]} == {("I want", 0.9)}


def test_what_the_person_spells_again_and_again_is_theirs(person: Person) -> None:
    for _ in range(3):
        person.spell("zithers")
        person.speak()
    assert [weighed(each) for each in made(person.rows).examples[:3]] == [[("zithers", 1.35)]] * 3


def test_the_same_sentence_twice_is_taken_back_twice(person: Person) -> None:
    for _ in range(2):
        person.take("hello")
        person.speak()
    for _ in range(3):  # the second, its word, the first
        person.undo()
    assert sentences_dropped(person) == {Reason.TAKEN_BACK: 2}


def test_what_was_undone_or_never_spoken_is_left_out(person: Person) -> None:
    person.take("I")
    person.take("hate")
    person.undo()
    person.take("love")
    person.take("tea")
    person.speak()
    person.take("Nothing")
    person.choose(Action.CLEAR, "")
    found = made(person.rows)
    assert found.examples[0].text == "I love tea"
    assert found.tally.dropped[Reason.UNSPOKEN] == len(" hate" + "Nothing")


@pytest.mark.parametrize("back", [Person.undo, Person.repair])
def test_what_was_taken_back_is_left_out_until_it_is_spoken_again(person: Person, back: object) -> None:
    person.say("I hate tea")
    back(person)  # type: ignore[operator]  # one of the two
    assert sentences_dropped(person) == {Reason.TAKEN_BACK: 1}
    person.undo()
    person.take("coffee")
    person.speak()
    found = made(person.rows)
    assert found.examples[0].text == "I hate coffee"
    assert weighed(found.examples[0]) == [("I hate coffee", 0.9)]


def test_what_was_taken_back_stays_so_where_the_row_that_spoke_is_not_the_last_known(person: Person) -> None:
    person.say("I hate tea")
    person.take("Well", learn=False)
    person.choose(Action.CLEAR, "", learn=False)
    person.choose(Action.UNDO, "I hate tea")
    assert sentences_dropped(person) == {Reason.TAKEN_BACK: 1}


@pytest.mark.parametrize(
    ("about", "reason"), [({"learn": False}, Reason.PRIVATE), ({"incognito": True}, Reason.PRIVATE)]
)
def test_of_a_sentence_with_something_private_nothing_is_used(
    person: Person, about: dict[str, object], reason: Reason
) -> None:
    person.take("I")
    person.take("whisper", **about)
    person.take("tea")
    person.speak()
    assert sentences_dropped(person) == {Reason.NOT_WHOLE: 1}
    assert made(person.rows).tally.rows_dropped == {reason: 1}


@pytest.mark.parametrize("mode", [Mode.PRACTICE_CALL, Mode.PRACTICE_OVER, Mode.FITTING])
def test_practice_is_no_writing(person: Person, mode: Mode) -> None:
    person.say("I practise", mode=mode)
    assert made(person.rows).tally.rows_dropped == {Reason.PRACTICE: 2}
    assert not any("practise" in each.text for each in made(person.rows).examples)


def test_of_what_stood_there_before_nothing_is_used(person: Person) -> None:
    person.text = "I was here"
    person.take("before")
    person.speak()
    assert sentences_dropped(person) == {Reason.NOT_WHOLE: 1}


def test_a_base_learns_its_own_languages(person: Person) -> None:
    person.take("чай", language="ru")
    person.speak(language="ru")
    assert sentences_dropped(person) == {Reason.LANGUAGE: 1}
    assert made(person.rows, languages=("en", "ru")).examples[0].language == "ru"


def test_a_text_longer_than_the_base_reads_is_left_out(person: Person) -> None:
    person.say("a b c d e f g h")
    assert made(person.rows, reads=7).tally.sentences_dropped == {Reason.TOO_LONG: 1}


def test_a_choice_that_is_not_understood_leaves_a_gap(person: Person) -> None:
    person.say("I want tea")
    rows = [person.rows[0], None, *person.rows[2:]]
    found = made(rows)
    assert found.tally.rows_dropped == {Reason.NOT_UNDERSTOOD: 1}
    assert found.tally.sentences_dropped == {Reason.NOT_WHOLE: 1}


def test_a_capital_letter_changes_no_weight(person: Person) -> None:
    person.take("anna", sure=0.8)
    tile = ("", Role.CAPITAL, Source.MODEL)
    person.choose(Action.TAKE, "Anna", tile, sure=0.6)
    person.speak()
    assert weighed(first(person)) == [("Anna", 0.8)]


def test_what_was_chosen_behind_another_text_is_no_choice_behind_this_one(person: Person) -> None:
    person.take("anna")
    person.take("sleeps")
    person.choose(Action.TAKE, "Anna sleeps", ("", Role.CAPITAL, Source.MODEL))
    person.speak()
    assert [choice.at for choice in first(person).choices] == [0]


def test_a_text_of_which_nothing_is_sure_is_left_out(person: Person) -> None:
    person.say("I want tea", sure=0.3)
    assert sentences_dropped(person) == {Reason.NOTHING_SURE: 1}


def test_a_choice_without_an_offer_teaches_nothing(person: Person) -> None:
    person.take("I")
    person.take("am", shown=())
    person.speak()
    assert weighed(first(person)) == [("I", 0.9)]


# --- choices among offered words ------------------------------------------------------------------------------


def test_choices_are_kept_with_what_stood_beside_them(person: Person) -> None:
    person.take("I")
    person.take("want", shown=_offer("want", gaze_ms=400.0))
    person.speak()
    one, other = first(person).choices
    assert (one.at, other.at, other.weight) == (0, 1, 0.9)
    assert [(each.label, each.seen, each.chosen) for each in other.shown] == [
        ("want", True, True),
        ("need", True, False),
        ("have", False, False),
    ]


def _offer(label: str, gaze_ms: float) -> tuple[m.OfferedTile, ...]:
    words = [offered(0, label), offered(1, "need", gaze_ms=gaze_ms), offered(2, "have"), offered(3, "…")]
    return (*words, offered(4, "", Role.MORE, None), offered(5, "wan", source=Source.SPELLED))


def test_what_was_spelled_or_steered_is_no_choice_among_offered_words(person: Person) -> None:
    person.spell("zithers")
    person.take("want", prefix="w")
    person.take("tea", looks=("tuv",))
    person.phrase("with pleasure")
    person.take("now", mode=Mode.ENDINGS)
    person.take("please", sure=0.2)
    person.speak()
    assert first(person).choices == ()


# --- what stands before a text ----------------------------------------------------------------------------------


def test_the_header_holds_what_the_kit_was_told_of_the_minutes_before(person: Person) -> None:
    person.say("I am cold")
    person.say("Come here", context=m.Context(lately=1))
    person.say("Thank you", context=m.Context(lately=2))
    found = made(person.rows).examples
    assert [each.header for each in found[:3]] == [
        "<|im_start|>",
        "<|im_start|>I am cold.<|im_end|><|im_start|>",
        "<|im_start|>I am cold. Come here.<|im_end|><|im_start|>",
    ]


def test_no_header_holds_what_was_said_before_the_kit_started(person: Person) -> None:
    """Its clock began anew: what seems to be of the last minute is of another day."""
    person.say("I am cold")
    later = Person(boot=2)
    later.at_ns = person.at_ns
    later.say("Come here", context=m.Context(lately=1))
    assert {each.header for each in made([*person.rows, *later.rows]).examples} == {"<|im_start|>"}


def test_no_header_holds_what_was_taken_back_or_looks_like_a_special_token(person: Person) -> None:
    person.say("I hate you")
    person.undo()
    person.choose(Action.CLEAR, "")
    person.say("<|im_end|> is it")
    person.say("Come here", context=m.Context(lately=2))
    assert {each.header for each in made(person.rows).examples} == {"<|im_start|>"}
