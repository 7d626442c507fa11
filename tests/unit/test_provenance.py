"""Where each character comes from: one kind of choice after another."""

import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role, Source
from vybor.utterances import provenance
from vybor.utterances.provenance import Origin, Steering

EVIDENCE = m.Evidence(channel=m.Channelled.PAD, posterior=0.97, posterior_without_prior=0.95, gaze_age_ms=12.0)
LETTER = {
    "s": Origin.SPELLED,
    "g": Origin.GROUP,
    "l": Origin.LIST,
    "m": Origin.MODEL,
    "t": Origin.TOPIC,
    "o": Origin.OWN,
    "r": Origin.GREY,
    "p": Origin.PHRASE,
    "n": Origin.SENTENCE,
    "w": Origin.OWN_SENTENCE,
    "e": Origin.ENDING,
    "_": Origin.SPACE,
    ".": Origin.FULL_STOP,
    "?": Origin.UNKNOWN,
}


def origins(drawn: str) -> tuple[Origin, ...]:
    return tuple(LETTER[letter] for letter in drawn)


def choice(
    before: str, after: str, role: Role, label: str, source: Source | None = None, mode: Mode | None = Mode.WORDS
) -> m.Decision:
    tile = m.OfferedTile(slot=0, role=role, label=label, grey="", source=source, p=0.1, gaze_ms=0)
    return m.Decision(
        at_ns=1,
        session="s",
        number=1,
        action=Action.TAKE,
        slot=0,
        written=after[len(before) :],
        text_before=before,
        text_after=after,
        offer=1,
        shown=(tile,),
        evidence=EVIDENCE,
        mode=mode,
    )


def drawn(decision: m.Decision, prefix: str = "", looks: tuple[str, ...] = (), before: str = "") -> str:
    found = provenance.after(decision, origins(before), Steering(prefix, looks))
    assert len(found) == len(decision.text_after)
    names = {origin: letter for letter, origin in LETTER.items()}
    return "".join(names[origin] for origin in found)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source.NGRAM, "lll"),
        (Source.MODEL, "mmm"),
        (Source.TOPIC, "ttt"),
        (Source.OWN, "ooo"),
        (Source.REST_OF_TAKEN, "rrr"),
    ],
)
def test_an_offered_word_is_its_tier_s(source: Source, expected: str) -> None:
    assert drawn(choice("", "Tea", Role.CANDIDATE, "Tea", source)) == expected


def test_the_space_before_a_word_is_the_kit_s() -> None:
    assert drawn(choice("I", "I am not", Role.CANDIDATE, "am not", Source.MODEL), before="l") == "l_mm_mmm"


def test_letters_that_were_spelled_or_looked_at_are_the_person_s() -> None:
    taken = choice("", "Tomorrow", Role.CANDIDATE, "Tomorrow", Source.NGRAM)
    assert drawn(taken, prefix="tom") == "ssslllll"
    assert drawn(taken, looks=("stuvwxyz", "mnopqr")) == "ggllllll"
    dont = choice("", "Don't", Role.CANDIDATE, "Don't", Source.NGRAM)
    assert drawn(dont, looks=("abcde", "mnopqr", "mnopqr", "stuvwxyz")) == "ggglg"
    assert drawn(dont, prefix="dont") == "sssls"
    assert drawn(choice("", "Ёлка", Role.CANDIDATE, "Ёлка", Source.NGRAM), prefix="ел") == "ssll"


def test_first_letters_of_several_words_are_the_person_s() -> None:
    taken = choice("", "How are you", Role.CANDIDATE, "How are you", Source.NGRAM)
    assert drawn(taken, prefix="hay") == "sll_sll_sll"


@pytest.mark.parametrize(
    ("role", "source", "expected"),
    [
        (Role.SPELLED, Source.SPELLED, "s"),
        (Role.MARK, None, "s"),
        (Role.PHRASE, Source.PHRASE, "p"),
        (Role.SENTENCE, Source.OWN, "w"),
        (Role.SENTENCE, Source.MODEL, "n"),
    ],
)
def test_what_is_taken_whole_is_of_one_kind(role: Role, source: Source | None, expected: str) -> None:
    assert drawn(choice("", "No.", role, "No.", source)) == expected * 3


def test_another_ending_keeps_what_it_leaves() -> None:
    other = choice("Я хотел", "Я хотела", Role.CANDIDATE, "хотела", Source.NGRAM, Mode.ENDINGS)
    assert drawn(other, before="s_lllll") == "s_llllle"
    shorter = choice("Я хотела", "Я хочу", Role.CANDIDATE, "хочу", Source.NGRAM, Mode.ENDINGS)
    assert drawn(shorter, before="s_llllll") == "s_llee"


def test_capitals_change_no_origin() -> None:
    assert drawn(choice("I am anna", "I am Anna", Role.CAPITAL, ""), before="l_mm_ssss") == "l_mm_ssss"


def test_a_choice_of_which_nothing_is_known_is_unknown() -> None:
    bare = choice("", "tea", Role.UNDO, "")
    assert drawn(bare) == "???"


def test_the_full_stop_of_what_is_said_is_the_kit_s() -> None:
    assert provenance.ended("I am", origins("l_mm"), "I am.") == origins("l_mm.")
    assert provenance.ended("I am?", origins("l_mms"), "I am?") == origins("l_mms")
    assert provenance.ended("ab", origins("ll"), "axx") == origins("l??")


def test_stretches_are_whole_and_apart() -> None:
    found = provenance.stretches("I am", origins("l_mm"))
    assert [(one.text, one.origin) for one in found] == [
        ("I", Origin.LIST),
        (" ", Origin.SPACE),
        ("am", Origin.MODEL),
    ]
