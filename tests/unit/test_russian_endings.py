"""The forms of the last word: which there are, which come first, and the page that they stand on."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from properties.test_writing import take
from unit.test_deciding import RULES
from vybor.composer import endings
from vybor.composer.endings import cased_like, with_ending, word_at_end
from vybor.composer.phrases import PHRASES
from vybor.composer.writing import choose
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.decision import deciding
from vybor.core.decision.endings import Endings
from vybor.core.words.russian import endings_for
from vybor.foundation.settings import Address, Gender, Language, Settings, WearerSettings
from vybor.instant.russian.agreement import Agreement
from vybor.instant.russian.endings import forms_of_last
from vybor.instant.russian.morphology import Morphology
from vybor.instant.tier import Personal
from world.desk import Desk

MORPHOLOGY = Morphology()
SHE = Agreement(MORPHOLOGY, WearerSettings(gender=Gender.FEMININE))
HE = Agreement(MORPHOLOGY, WearerSettings(gender=Gender.MASCULINE))


def alike(text: str, words: Sequence[str]) -> Sequence[float]:
    return [0.5] * len(words)


def forms(text: str) -> tuple[str, ...]:
    return forms_of_last(text, MORPHOLOGY, alike, SHE.form)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Я был в Москва", {"москве", "москву"}),
        ("Иду к мама", {"маме", "мамам"}),
        ("Чай без сахар", {"сахара", "сахару", "сахаров"}),
        ("Иду к большой", {"большому", "большим"}),
        ("Я жить", {"живу", "жила"}),
        ("Ты мочь", {"можешь", "мог", "могла"}),
        ("Вы хотеть", {"хотите"}),
    ],
)
def test_what_the_clause_asks_for_comes_first(text: str, first: set[str]) -> None:
    assert set(forms(text)[: len(first)]) == first


def test_the_rest_is_in_the_order_of_its_chances() -> None:
    def chances(text: str, words: Sequence[str]) -> Sequence[float]:
        assert text == "Мне нужна"
        return [0.9 if word == "водой" else 0.1 for word in words]

    assert forms_of_last("Мне нужна вода", MORPHOLOGY, chances, SHE.form)[0] == "водой"


def test_every_form_is_there_once_and_the_written_one_is_not() -> None:
    found = forms("Это стол")
    assert " ".join(sorted(found)) == "стола столам столами столах столе столов столом столу столы"


def test_a_verb_has_no_participles_and_a_participle_its_own() -> None:
    assert not {"уставший", "устав", "уставши"} & set(forms("Она устала"))
    assert "уставшая" in forms("Я уставший")


@pytest.mark.parametrize("text", ["", "Да.", "Мне 5", "Мне ", "вчера", "фыва", "Hello"])
def test_a_mark_a_number_and_a_word_without_forms_have_none(text: str) -> None:
    assert forms(text) == ()


def test_the_last_word_is_replaced_and_keeps_its_capitals() -> None:
    assert word_at_end("Я люблю «кофе") == "кофе"
    assert with_ending('Он сказал: "мама', "маме") == 'Он сказал: "маме'
    assert [cased_like("маме", word) for word in ("мама", "Мама", "МАМА")] == ["маме", "Маме", "МАМЕ"]
    assert cased_like("мне", "Я") == "Мне"


@pytest.mark.parametrize("count", [1, 7, 8, 12, 13])
def test_the_page_shows_every_form_and_goes_round(count: int) -> None:
    known = tuple(f"форма{'а' * number}" for number in range(count))
    seen: list[str] = []
    for number in range(3):
        tiles = endings.page("Это слово", known, number)
        assert len({tile.slot for tile in tiles}) == len(tiles) <= 10
        assert [tile.slot for tile in tiles if tile.role is Role.BACK] == [8]
        seen += [tile.label for tile in tiles if tile.role is Role.CANDIDATE]
    assert set(seen) == set(known)


def instant(prompt: m.Prompt) -> Sequence[m.Candidate]:
    return [m.Candidate(words=("работа",), p=0.2, source=m.Source.NGRAM)]


RUSSIAN = msgspec.structs.replace(RULES, language="ru", instant=instant, endings=Endings(forms=forms))


def place(desk: Desk, role: Role, label: str = "") -> int:
    found = (tile.slot for tile in desk.state.tiles if tile.role is role and (not label or tile.label == label))
    return next(found)


def test_a_word_gets_its_ending_in_four_choices_and_undo_takes_it_back() -> None:
    desk = Desk(RUSSIAN)
    desk.choose(place(desk, Role.CANDIDATE))
    assert desk.state.writing.text == "Работа"
    desk.choose(place(desk, Role.MENU))
    desk.choose(place(desk, Role.TOOLS))
    desk.choose(place(desk, Role.ENDINGS, "Работа"))
    assert desk.state.writing.mode is Mode.ENDINGS
    desk.choose(place(desk, Role.CANDIDATE, "Работу"))
    assert (desk.state.writing.text, desk.state.writing.mode) == ("Работу", Mode.WORDS)
    assert [one.decision.action for one in desk.decided] == [
        m.Action.TAKE,
        m.Action.PAGE,
        m.Action.PAGE,
        m.Action.PAGE,
        m.Action.TAKE,
    ]
    desk.choose(place(desk, Role.UNDO))
    assert desk.state.writing.text == "Работа"
    words = [tile.label for tile in desk.state.tiles if tile.role is Role.CANDIDATE]
    assert words == ["работа"]  # not the forms: they would be written behind the word


def test_a_form_is_no_neighbour_of_what_was_not_meant() -> None:
    desk = Desk(RUSSIAN)
    way = (
        Role.CANDIDATE,
        Role.MENU,
        Role.TOOLS,
        Role.ENDINGS,
        Role.CANDIDATE,
        Role.SPEAK,
        Role.MENU,
        Role.NOT_MEANT,
    )
    for role in way:
        desk.choose(place(desk, role))
    assert desk.state.writing.mode is Mode.MENDING
    assert Role.INSTEAD not in {tile.role for tile in desk.state.tiles}


def test_back_leaves_the_word_as_it_was() -> None:
    desk = Desk(RUSSIAN)
    for role in (Role.CANDIDATE, Role.MENU, Role.TOOLS, Role.ENDINGS, Role.BACK):
        desk.choose(place(desk, role))
    assert (desk.state.writing.text, desk.state.writing.mode) == ("Работа", Mode.WORDS)


def test_the_tools_have_no_endings_before_a_word_or_behind_letters() -> None:
    desk = Desk(RUSSIAN)
    for role in (Role.MENU, Role.TOOLS):
        desk.choose(place(desk, role))
    assert Role.ENDINGS not in {tile.role for tile in desk.state.tiles}
    letters = (Role.LETTERS, Role.GROUP, Role.LETTER)
    for role in (Role.BACK, Role.CANDIDATE, Role.MENU, Role.TOOLS, *letters, Role.MENU, Role.TOOLS):
        desk.choose(place(desk, role))
    assert Role.ENDINGS not in {tile.role for tile in desk.state.tiles}


def test_other_languages_have_no_endings() -> None:
    english = endings_for(Settings(language=Language.ENGLISH), None, Personal)
    asked = m.Prompt(at_ns=1, number=1, text="")
    assert english.forms("the table") == ()
    assert english.agree(asked, instant(asked)) == instant(asked)
    assert english.ready("Please wait.") == "Please wait."


def test_without_a_word_list_forms_still_come() -> None:
    assert "столом" in endings_for(Settings(language=Language.RUSSIAN), None, Personal).forms("Это стол")


def test_without_the_dictionary_the_kit_writes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(**_: object) -> None:
        raise ValueError("Can't find a dictionary for language 'ru'")

    monkeypatch.setattr("pymorphy3.MorphAnalyzer", missing)
    assert endings_for(Settings(language=Language.RUSSIAN), None, Personal).forms("Это стол") == ()
    assert "install pymorphy3 and pymorphy3-dicts-ru anew" in caplog.text


@pytest.mark.parametrize(
    ("address", "phrase"), [(Address.TY, "Подожди, я пишу."), (Address.VY, "Подождите, я пишу.")]
)
def test_ready_phrases_say_ty_or_vy(address: Address, phrase: str) -> None:
    settings = Settings(language=Language.RUSSIAN, wearer=WearerSettings(address=address))
    desk = Desk(msgspec.structs.replace(RUSSIAN, endings=endings_for(settings, None, Personal)))
    desk.choose(place(desk, Role.MENU))
    desk.choose(place(desk, Role.ANSWER, phrase))
    assert desk.decided[-1].say == phrase


def test_no_ready_phrase_has_a_gender() -> None:
    """Whoever has said nothing of theirs must not be made to say one."""
    for phrase in PHRASES["ru"]:
        assert SHE.sentence(phrase) == HE.sentence(phrase) == phrase


@given_settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_with_endings_every_page_offers_a_way_on_and_undo_is_exact(slots: list[int]) -> None:
    state = deciding.begin(RUSSIAN, 0)
    for slot in slots:
        tile = next((tile for tile in state.tiles if tile.slot == slot), None)
        if tile is None or tile.role in {Role.UNDO, Role.REST, Role.HELP}:  # undo calls help off first
            continue
        before = state.writing
        state, _ = take(state, slot, RUSSIAN)
        assert len({tile.slot for tile in state.tiles}) == len(state.tiles)
        assert {tile.role for tile in state.tiles} & {Role.BACK, Role.UNDO, Role.WAKE}
        if state.writing.past != before.past:
            undo = m.Tile(slot=8, role=Role.UNDO, area=state.tiles[0].area, pad=state.tiles[0].pad)
            assert choose(state.writing, undo).writing.text == before.text
