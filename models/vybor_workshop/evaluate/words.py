"""What the page of an evaluation, its pictures and the model card say, in every language of the workstation.

The names of figures and rules are the same in all of them: files and options call them so. What each says is told.
"""

from collections.abc import Mapping

import msgspec

from vybor_workshop.evaluate.specs import SPECS, Name


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Braces are filled in."""

    language: str
    # the page
    title: str
    heading: str
    headings: tuple[str, ...]
    legend: str
    legend_headings: tuple[str, str]
    foot: str
    more_is_better: str
    less_is_better: str
    says: Mapping[Name, str]
    over_days: str
    over_units: str
    change: str
    of: str
    one_day: str
    days: str
    before: str
    before_knew: str
    none_before: str
    no_leak: str
    leaks: str
    tiers: Mapping[str, str]
    """Of an empty line; one that is not here is called as it is."""
    # the pictures
    pictures: Mapping[str, str]
    """What each shows, by its name."""
    ratio: str
    difference: str
    perplexity: str
    factory: str
    predecessor: str
    grown: str


ENGLISH = Words(
    language="en",
    title="Vybor: growth {growth}",
    heading="Growth {growth}: what it is worth",
    headings=("figure", "factory", "before", "grown", "against factory", "against the one before", "over"),
    legend="What the figures say",
    legend_headings=("figure", "what it says"),
    foot=(
        "All of it was measured with the kit's own quantised runtime, the adapter on and off, on sentences that "
        "were kept back from training. Behind a change stands where 95 in 100 resamplings have it; where fewer "
        "than five days were kept back, sentences were resampled, and the interval is narrower than it should be. "
        "In the pictures a circle is against the factory model, a square against the one before. No word of the "
        "person's stands on this page."
    ),
    more_is_better="more is better",
    less_is_better="less is better",
    says={spec.name: spec.says for spec in SPECS},
    over_days="{units} sentences, by day",
    over_units="{units} of them",
    change="{value} ({low} to {high})",
    of=(
        "kit {kit}, growth {growth}, {model}, {before}; {held} sentences of {days} kept back, {written} of them "
        "written again"
    ),
    one_day="one day",
    days="{count} days",
    before="growth {growth}",
    before_knew="not beside growth {growth}, which learned from these sentences or from what was deleted since",
    none_before="none before it",
    no_leak="an empty line gives nothing away (asked: {asked})",
    leaks="an empty line gives away {count} things that were private or said once ({where})",
    tiers={},
    pictures={
        "changes": "changes",
        "keystrokes": "keystrokes",
        "ratios": "ratios",
        "perplexity": "perplexity",
    },
    ratio="Ratio",
    difference="Change",
    perplexity="Perplexity",
    factory="factory",
    predecessor="the one before",
    grown="grown",
)
RUSSIAN = Words(
    language="ru",
    title="Vybor: модель {growth}",
    heading="Обученная модель {growth}: чего она стоит",
    headings=(
        "показатель",
        "заводская",
        "прежняя",
        "обученная",
        "против заводской",
        "против прежней",
        "по чему",
    ),
    legend="Что значат показатели",
    legend_headings=("показатель", "что он значит"),
    foot=(
        "Всё измерено тем же квантованным исполнением, что и на приборе, с адаптером и без него, на предложениях, "
        "которых обучение не видело. После изменения стоят границы, в которых оно лежит в 95 случаях из 100 при "
        "повторных выборках; где отложено меньше пяти дней, выбирались предложения, и границы уже, чем должны "
        "быть. На рисунках кружок — против заводской модели, квадрат — против прежней. На этой странице нет ни "
        "одного слова, написанного человеком."
    ),
    more_is_better="чем больше, тем лучше",
    less_is_better="чем меньше, тем лучше",
    says={
        Name.ACCEPT_1: "из того, что предлагалось, взятое слово стоит первым",
        Name.ACCEPT_3: "… среди первых трёх",
        Name.ACCEPT_5: "… среди первых пяти",
        Name.RECIPROCAL_RANK: "единица, делённая на его место, в среднем",
        Name.OFFERED_1: "доля слов текста, которые прибор предложил бы первыми",
        Name.OFFERED_3: "… среди трёх",
        Name.OFFERED_5: "… среди пяти",
        Name.NONE_RATE: "доля слов, перед которыми не подходит ни одно из пяти",
        Name.KSR: "сбережено нажатий на своём тексте, в процентах",
        Name.SELECTIONS: "выборов на слово своего текста",
        Name.KSR_GENERAL: "сбережено нажатий на чужом тексте, в процентах",
        Name.PPL_OWN: "перплексия всего своего текста",
        Name.PPL_ACCEPTED: "перплексия текста, взятого из предложенного",
        Name.PPL_SPELLED: "перплексия текста, набранного по буквам",
        Name.PPL_OTHERS: "перплексия чужих разговоров",
        Name.PPL_GENERAL: "перплексия обычного текста",
        Name.OWN_OVER_OTHERS: "изменение перплексии на своём тексте, делённое на её изменение на чужом",
        Name.RARE_WORDS: "доля своих редких слов, предложенных по первой букве",
        Name.NAMES: "доля своих имён, предложенных по первой букве",
        Name.DISTINCT_2: "доля разных пар слов в том, что модель говорит сама",
        Name.OFFER_MS: "миллисекунд на одно предложение слов на этой машине",
        Name.DECODE: "токенов в секунду на этой машине, одного за другим",
    },
    over_days="предложений: {units}, по дням",
    over_units="всего: {units}",
    change="{value} (от {low} до {high})",
    of=(
        "прибор {kit}, обученная модель {growth}, {model}, {before}; отложено предложений: {held} ({days}), "
        "из них написано заново: {written}"
    ),
    one_day="за один день",
    days="дней: {count}",
    before="прежняя — {growth}",
    before_knew="без прежней ({growth}): она училась на этих же предложениях или на том, что с тех пор удалено",
    none_before="прежней не было",
    no_leak="пустая строка ничего не выдаёт (проверено: {asked})",
    leaks="пустая строка выдаёт личное или сказанное один раз: {count} ({where})",
    tiers={
        "word list and own counts": "список слов и свои слова",
        "language model": "языковая модель",
        "both": "вместе",
        "screen": "экран",
        "asked": "после вопроса",
    },
    pictures={
        "changes": "изменения",
        "keystrokes": "нажатия",
        "ratios": "отношения",
        "perplexity": "перплексия",
    },
    ratio="Отношение",
    difference="Изменение",
    perplexity="Перплексия",
    factory="заводская",
    predecessor="прежняя",
    grown="обученная",
)
LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}
