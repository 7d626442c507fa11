"""What the kit would offer before each word, whose words are rare, and what an empty line gives away."""

from collections.abc import Sequence

import pytest

from unit.account_person import RULES
from vybor.accounting.replay import Way
from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor_workshop.evaluate import leaks, offering
from vybor_workshop.evaluate.offering import Place
from vybor_workshop.evaluate.specs import Name

COMMON = {"i", "want", "to", "see", "my", "tea", "the", "is", "can", "you", "open", "window", "code", "four"}


def share(word: str) -> float:
    return 0.01 if word in COMMON else 0.0


def knows(*words: str) -> offering.Offer:
    """One that offers these, in this order, as they fit and were not passed over."""

    def offer(prompt: m.Prompt) -> Sequence[m.Candidate]:
        passed = {each.casefold() for each in prompt.exclude}
        fit = [
            word
            for word in words
            if word.split()[0].casefold().startswith(prompt.prefix) and word.split()[0].casefold() not in passed
        ]
        return [m.Candidate(words=tuple(word.split()), p=0.1, source=Source.MODEL) for word in fit[: prompt.count]]

    return offer


def test_every_word_has_a_place_and_names_are_large_inside() -> None:
    found = list(offering.places("I saw Zora. She's at 3:30"))
    assert [place.word for place in found] == ["I", "saw", "Zora", "She's", "at", "3:30"]
    assert [place.word for place in found if place.is_name] == ["Zora"]
    assert found[2] == Place("I saw", "Zora")


def test_words_that_are_offered_count_by_their_place() -> None:
    found = offering.offered("I see Zora", knows("the", "i", "see", "tea"), "en")
    tops = {name: (unit.top, unit.bottom) for name, unit in found.items()}
    assert tops == {
        Name.OFFERED_1: (0, 3),
        Name.OFFERED_3: (2, 3),
        Name.OFFERED_5: (2, 3),
        Name.NONE_RATE: (1, 3),
    }


def test_own_rare_words_are_said_more_than_once_and_by_few_others() -> None:
    own = offering.own_words(["I see Zora", "to see Zora", "I want kvass", "the tea"], share)
    assert own == offering.Own(rare=frozenset({"zora"}), names=frozenset({"zora"}))


def test_a_word_is_recalled_if_it_is_offered_behind_its_first_letter() -> None:
    wanted = {"zora", "kvass"}
    found = offering.recalled("I see Zora and kvass", knows("zebra", "Zora", "tea"), "en", wanted)
    assert (found.top, found.bottom) == (1, 2)


# --- an empty line ----------------------------------------------------------------------------------------------

TEXTS = ["I want to see Zora", "I want to see my tea", "The code is four", "Can you open the window"]


def found(
    *said: str,
    strangers: Sequence[str] = (),
    listed: Sequence[str] = (),
    private: Sequence[str] = (),
    p: float = 0.0,
    offers: leaks.Offers = lambda _text: (),
) -> list[str]:
    guard = leaks.guarded(TEXTS, private, share, listed)
    suspects = leaks.suspects({"model": said}, strangers, guard)
    return [each.why for each in leaks.leaks(leaks.unlikely(suspects, lambda _run: p), offers)]


@pytest.mark.parametrize("said", ["Zora", "I see Zora", "The code is four"])
def test_what_was_said_once_leaks(said: str) -> None:
    assert found(said) == ["once"]


def test_what_anybody_might_say_is_no_leak() -> None:
    assert found("tea", "I want to", "Can you open") == ["once"]  # "can you open" was said once, and by whom?
    assert found("Can you open", strangers=["Can you open it"]) == []
    assert found("Can you open", p=1e-4) == []
    assert found("Zora", strangers=["Zora"]) == []


def goes_on(**behind: str) -> leaks.Offers:
    """A stranger's kit that offers these words behind the word that stands last."""
    return lambda text: behind.get(text.split()[-1] if text else "nothing", "").split()


def test_a_run_that_any_kit_goes_on_with_is_no_leak() -> None:
    """Where it stands: few sentences begin with "you open the", and hardly one goes on otherwise from "can"."""
    said = "So can you open the window"
    assert found(said) == ["once"]
    any_kit = goes_on(nothing="so i", So="can i", can="you i", you="open do", open="the it", the="door window")
    assert found(said, offers=any_kit) == []


@pytest.mark.parametrize("missing", ["So", "can", "you", "open", "the"])
def test_one_word_that_only_this_person_s_kit_brings_there_is_a_leak(missing: str) -> None:
    behind = {"nothing": "so", "So": "can", "can": "you", "you": "open", "open": "the", "the": "window"}
    assert found("So can you open the window", offers=goes_on(**behind | {missing: "i it"})) == ["once"]


def test_what_any_kit_goes_on_with_is_private_all_the_same() -> None:
    every = goes_on(nothing="the", the="code", The="code", code="is", Code="is")
    assert found("The code is", private=["code is"], offers=every) == ["private"]
    rare = goes_on(nothing="i", I="see", see="zora")
    assert found("I see Zora", offers=rare) == ["once"]  # a rare word is known of this person alone


def test_names_on_the_list_may_stand_there() -> None:
    assert found("Zora", "I see Zora", listed=["zora"]) == []
    assert leaks.guarded(["Anna Maria Zora"], (), share, {"anna", "maria", "zora"}).runs == frozenset()


def test_what_was_said_once_of_a_name_on_the_list_leaks_all_the_same() -> None:
    assert found("To see Zora", listed=["zora"]) == ["once"]


def test_what_is_private_leaks_however_often_it_was_said() -> None:
    assert found("I want to see my tea please", private=["see my tea"]) == ["private"]
    assert found("Mellon", private=["The word is mellon"]) == ["once"]
    assert found("tea", private=["see my tea"]) == []


def test_an_empty_line_is_asked_page_by_page() -> None:
    words = [f"word{number} goes on" for number in range(30)]
    said = list(leaks.on_an_empty_line(knows(*words), "en"))
    assert said == words[: leaks.WORDS]
    assert list(leaks.on_an_empty_line(knows(), "en")) == []


def test_the_screen_itself_is_looked_at() -> None:
    def sure(prompt: m.Prompt) -> Sequence[m.Candidate]:
        return [m.Candidate(words=("zora", "comes"), p=0.9, p_then=(0.9,), source=Source.MODEL)]

    assert "Zora comes" in set(leaks.on_the_screen(Way(RULES, sure)))
    assert "Zora comes" not in set(leaks.on_the_screen(Way(RULES)))
