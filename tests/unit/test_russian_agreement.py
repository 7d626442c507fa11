"""Offers with the wearer's gender, and ты or вы: what is mended, and what is left alone."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from vybor.composer.text import join
from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor.foundation.settings import Address, Gender, WearerSettings
from vybor.instant.russian.agreement import Agreement
from vybor.instant.russian.morphology import Morphology

SENTENCES = Path(os.environ.get("VYBOR_DATA", "")) / "text/ru_common_voice.txt"
MORPHOLOGY = Morphology()
SHE = Agreement(MORPHOLOGY, WearerSettings(gender=Gender.FEMININE))
HE = Agreement(MORPHOLOGY, WearerSettings(gender=Gender.MASCULINE))
TY = Agreement(MORPHOLOGY, WearerSettings(address=Address.TY))
VY = Agreement(MORPHOLOGY, WearerSettings(address=Address.VY))
UNSAID = Agreement(MORPHOLOGY, WearerSettings())


@pytest.mark.parametrize(
    ("text", "his", "hers"),
    [
        ("я", "устал", "устала"),
        ("Я", "пришёл", "пришла"),
        ("я сегодня очень", "устал", "устала"),
        ("я не", "спал", "спала"),
        ("я бы", "хотел", "хотела"),
        ("я ей уже", "сказал", "сказала"),
        ("я хлеб", "купил", "купила"),
        ("я в магазине", "был", "была"),
        ("я с твоей мамой", "говорил", "говорила"),
        ("я пришла и", "лёг", "легла"),
        ("Мама пришла. Я", "рад", "рада"),
        ("я", "должен", "должна"),
        ("я не", "прав", "права"),
        ("я была", "готов", "готова"),
        ("я", "болен", "больна"),
        ("я", "один", "одна"),
        ("я", "сам", "сама"),
        ("я", "пил", "пила"),
        ("Она звонила, а я", "забыл", "забыла"),
    ],
)
def test_behind_i_past_tenses_and_short_adjectives_have_the_wearers_gender(text: str, his: str, hers: str) -> None:
    assert (SHE.form(text, his), SHE.form(text, hers)) == (hers, hers)
    assert (HE.form(text, his), HE.form(text, hers)) == (his, his)
    assert (UNSAID.form(text, his), UNSAID.form(text, hers)) == (his, hers)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("он", "устал"),
        ("мама", "пришла"),
        ("врач", "пришёл"),
        ("я думаю что он", "пришёл"),
        ("я знаю что", "устал"),  # who is tired is not said
        ("я думаю мама", "пришла"),
        ("я вижу", "стол"),
        ("я ищу", "стекло"),
        ("когда я пришла", "болел"),  # a verb stood there already
        ("", "устал"),  # nor who is meant here
        ("я", "было"),
        ("я", "хочу"),
        ("я за защиту", "прав"),
        ("она сказала: я", "устал"),
        ("она сказала: я", "устала"),
        ("она сказала «я", "устал"),
        ('она сказала "я', "устала"),
        ("я хочу чтобы вы", "пришли"),
    ],
)
def test_what_is_somebody_elses_or_in_doubt_is_left_alone(text: str, word: str) -> None:
    assert SHE.form(text, word) == word
    assert HE.form(text, word) == word


def test_behind_a_quotation_the_wearer_speaks_again() -> None:
    assert SHE.form("«Я устал», сказал он. Я", "ответил") == "ответила"
    assert SHE.form("Он сказал: нет. Я", "ушёл") == "ушла"


@pytest.mark.parametrize(
    ("text", "familiar", "formal"),
    [
        ("", "Ты", "Вы"),
        ("Я люблю", "тебя", "вас"),
        ("Я думаю о", "тебе", "вас"),
        ("Я скажу", "тебе", "вам"),
        ("Где", "твой", "ваш"),
        ("Как", "твои", "ваши"),
        ("", "Помоги", "Помогите"),
        ("", "Подожди", "Подождите"),
        ("", "Здравствуй", "Здравствуйте"),
        ("", "Выключи", "Выключите"),
        ("", "Хочешь", "Хотите"),
        ("Что", "делаешь", "делаете"),
        ("Куда", "пойдёшь", "пойдёте"),
        ("", "Дай", "Дайте"),
        ("", "Знаешь", "Знаете"),
    ],
)
def test_pronouns_and_second_persons_are_those_of_the_address(text: str, familiar: str, formal: str) -> None:
    assert (VY.form(text, familiar), VY.form(text, formal)) == (formal, formal)
    assert (TY.form(text, familiar), TY.form(text, formal)) == (familiar, familiar)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Мы с мамой", "пришли"),
        ("Дети", "пришли"),
        ("", "Пойдём"),
        ("", "мой"),
        ("У меня", "болит"),
        ("Спасибо", "врачу"),
        ("она сказала:", "хочешь"),
        ("Она сказала «", "помогите"),
    ],
)
def test_other_words_are_nobodys_address(text: str, word: str) -> None:
    assert (TY.form(text, word), VY.form(text, word)) == (word, word)


def test_behind_in_and_on_the_case_is_kept() -> None:
    assert (VY.form("Я в", "тебе"), VY.form("Я надеюсь на", "тебя")) == ("вас", "вас")
    assert (TY.form("Я надеюсь на", "вас"), TY.form("Я думаю о", "вас")) == ("тебя", "тебе")


def test_what_the_sentence_says_already_comes_before_the_setting() -> None:
    assert TY.form("Вы не", "хочешь") == "хотите"
    assert TY.form("Я вижу вас и", "твою") == "вашу"
    assert VY.form("Ты", "хотите") == "хочешь"
    assert VY.form("Ты. А", "ты") == "вы"  # of another sentence


def test_behind_formal_you_the_past_is_plural() -> None:
    assert [VY.form("Вы", word) for word in ("пришёл", "прав", "пришли")] == ["пришли", "правы", "пришли"]


def candidate(words: str, p: float, source: Source = Source.NGRAM) -> m.Candidate:
    return m.Candidate(words=tuple(words.split()), p=p, source=source)


def prompt(text: str, **asked: object) -> m.Prompt:
    fields = {"at_ns": 1, "number": 1, "text": text, "language": "ru"} | asked
    return m.Prompt(**fields)  # type: ignore[arg-type]


def test_a_mended_candidate_joins_the_one_that_was_right() -> None:
    offered = [candidate("устал", 0.3, Source.MODEL), candidate("хочу", 0.25), candidate("устала", 0.1)]
    mended = SHE.agreed(prompt("я"), offered)
    assert [(one.words, round(one.p, 2)) for one in mended] == [(("устала",), 0.4), (("хочу",), 0.25)]
    assert list(UNSAID.agreed(prompt("я"), offered)) == offered


def test_grey_words_agree_too() -> None:
    (mended,) = SHE.agreed(prompt(""), [candidate("я очень устал", 0.2)])
    assert mended.words == ("я", "очень", "устала")


def test_letters_that_fit_the_other_form_alone_still_find_it() -> None:
    assert [one.words for one in SHE.agreed(prompt("я", prefix="пришё"), [candidate("пришёл", 0.2)])] == [
        ("пришёл",)
    ]
    assert [one.words for one in SHE.agreed(prompt("я", prefix="при"), [candidate("пришёл", 0.2)])] == [
        ("пришла",)
    ]
    assert [one.words for one in VY.agreed(prompt("", groups=("стуфхц",)), [candidate("ты", 0.2)])] == [("ты",)]


def test_behind_more_the_other_form_is_there() -> None:
    passed = SHE.agreed(prompt("я", exclude=("Устала",)), [candidate("устал", 0.2)])
    assert [one.words for one in passed] == [("устал",)]


@pytest.mark.skipif(not SENTENCES.is_file(), reason="needs the Russian sentences in $VYBOR_DATA")
def test_in_everyday_sentences_nothing_is_mended_wrongly() -> None:
    """Read through: 8 of 8 genders behind «я» and 26 addresses change, and nothing else of 358 words."""
    mended = {agreement: set(mended_by(agreement)) for agreement in (HE, SHE, TY, VY)}
    assert mended[HE] == {("хотела", "хотел")}
    assert mended[SHE] == {
        *(("хотел", "хотела"), ("потерял", "потеряла"), ("вышел", "вышла")),
        *(("свободен", "свободна"), ("нарисовал", "нарисовала"), ("остался", "осталась")),
    }
    assert mended[TY] == {("Здравствуйте", "Здравствуй"), ("Передайте", "Передай"), ("Защищайте", "Защищай")}
    assert {("ты", "вы"), ("Подбросишь", "Подбросите"), ("воспользуйся", "воспользуйтесь")} <= mended[VY]
    assert {word for word, _ in mended[VY]} <= set(SAY_TY.split())


SAY_TY = "ты Ты тебя принеси хочешь Поджигай Иди иди воспользуйся Давай Брось Подбросишь рисуешь пиши подключайся"


def mended_by(agreement: Agreement) -> Iterator[tuple[str, str]]:
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        before = ""
        for part in re.findall(r"\w+|[^\w\s]", line):
            if (form := agreement.form(before, part)) != part:
                yield part, form
            before = join(before, part)
