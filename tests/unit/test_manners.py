"""What is not offered unasked, and what always is."""

import msgspec
import pytest

from unit.test_deciding import RULES
from vybor.contracts import messages as m
from vybor.instant.manners import is_rude, unasked
from world.desk import Desk

BODY_PAIN_AND_ABUSE = {
    "en": (
        "pain hurts vomit blood pee poo bladder bowel diarrhoea breast vagina penis testicle anus buttocks bottom "
        "rape raped abused hit kill die dying suicide catheter period constipated sick drunk stupid hate"
    ),
    "ru": (
        "боль больно рвота кровь писать какать мочевой кишечник понос грудь влагалище пенис яички ягодицы попа "
        "изнасиловали насилие бьёт убить умираю катетер запор тошнит пьян мандарин хурма сукно мудрый"
    ),
}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_of_the_body_of_pain_or_of_abuse_is_held_back(language: str) -> None:
    assert [word for word in BODY_PAIN_AND_ABUSE[language].split() if is_rude(word, language)] == []


@pytest.mark.parametrize(
    ("word", "language"),
    [
        *((word, "en") for word in ("Fucking", "bullshit", "asses", "dicks", "dumbass", "goddammit", "retarded")),
        *((word, "ru") for word in ("Ёбаный", "сука", "суку", "сучка", "жопу", "нахер", "ебёт", "ебу")),
    ],
)
def test_swear_words_are_known_in_any_case_and_form(word: str, language: str) -> None:
    assert is_rude(word, language)
    assert not is_rude(word, "ru" if language == "en" else "en")


def candidate(words: str) -> m.Candidate:
    return m.Candidate(words=tuple(words.split()), p=0.1, source=m.Source.MODEL)


def test_a_candidate_goes_and_grey_words_end_before_one() -> None:
    offered = [candidate("shit happens"), candidate("what the fuck is"), candidate("water please")]
    kept = unasked(offered, lambda word: not is_rude(word, "en"))
    assert [one.words for one in kept] == [("what", "the"), ("water", "please")]


def test_behind_a_word_that_was_looked_for_nothing_rude_follows() -> None:
    of = m.Candidate(words=("of", "a", "bitch"), p=0.7, p_then=(0.9, 0.9), source=m.Source.MODEL)
    rules = msgspec.structs.replace(
        RULES, instant=lambda prompt: (of,), allowed=lambda word: not is_rude(word, "en")
    )
    desk = Desk(rules)
    for _ in range(3):
        desk.choose(6)
        shown = [tile for tile in desk.state.tiles if tile.role is m.Role.CANDIDATE]
        assert shown
        assert not [tile for tile in shown if "bitch" in f"{tile.label} {tile.grey}"]


def instant(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    return tuple(candidate(word) for word in ("shit", "so", "water"))


def labels(desk: Desk) -> list[str]:
    return [tile.label for tile in desk.state.tiles if tile.role is m.Role.CANDIDATE]


def test_who_looks_for_the_letters_of_a_word_finds_it() -> None:
    rules = msgspec.structs.replace(RULES, instant=instant, allowed=lambda word: not is_rude(word, "en"))
    desk = Desk(rules)
    assert labels(desk) == ["So", "Water"]
    desk.choose(7)
    assert labels(desk) == ["So", "Water"]  # one group holds a fourth of the alphabet
    desk.choose(7)
    assert sorted(labels(desk)) == ["Shit", "So", "Water"]
    assert labels(Desk(msgspec.structs.replace(RULES, instant=instant))) == ["Shit", "So", "Water"]
