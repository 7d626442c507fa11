"""What the model card says, in every language of the workstation."""

from collections.abc import Mapping

import msgspec

from vybor.accounting import words as accounting
from vybor_workshop.dataset.examples import Part
from vybor_workshop.dataset.rules import Reason
from vybor_workshop.dataset.told import PARTS


class CardWords(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Braces are filled in."""

    heading: str
    what: str
    keep: str
    is_heading: str
    base: str
    measured: str
    language: str
    evaluated: str
    in_heading: str
    examples: str
    part: str
    parts: Mapping[Part, str]
    teaches: str
    left_out: str
    nothing: str
    origins: Mapping[str, str]
    reasons: Mapping[str, str]
    """One that is not here is told as it is kept."""
    deletions: str
    worth_heading: str
    table: str
    not_heading: str
    nobody_else: str
    no_other_base: str
    no_text_alone: str
    stale: str


ENGLISH = CardWords(
    heading="# Growth {growth} of kit {kit}",
    what="An adapter for {base} that learned from what one person wrote with their kit, for that kit.",
    keep="It holds what they say and how: keep it as you would keep their letters.",
    is_heading="## What it is",
    base="- base: {name}, weights `{weights}`, licence {licence}",
    measured="- measured as: {identity}, adapter `{adapter}`",
    language="- language: {language}",
    evaluated="- evaluated: {at}",
    in_heading="## What went in",
    examples="- examples `{sha256}`, by the rules {rules}, made {at}",
    part="- {part}: {sentences} sentences, {tokens} tokens, of which {taught} teach",
    parts=PARTS,
    teaches="- characters that teach: {counts}",
    left_out="- left out: {counts}",
    nothing="nothing",
    origins={origin.value: said for origin, said in accounting.ENGLISH.origins.items()},
    reasons={},
    deletions="- wishes to forget that were heard by then: {count}",
    worth_heading="## What it is worth",
    table="| figure | factory | grown | against factory | what it says |",
    not_heading="## What it is not for",
    nobody_else=(
        "- for nobody else: it was measured on this person's sentences, and guards no other person's secrets;"
    ),
    no_other_base="- for no other base: the kit refuses it beside other weights;",
    no_text_alone="- for no text that nobody chooses: it offers words, and a person takes them or does not.",
    stale="It is taken back on the kit. If its person deletes what it learned from, it is stale: train it anew.",
)
RUSSIAN = CardWords(
    heading="# Обученная модель {growth} прибора {kit}",
    what="Адаптер к модели {base}: учился на том, что один человек написал на своём приборе, для этого прибора.",
    keep="В нём то, что этот человек говорит и как; храните его так, как хранили бы его письма.",
    is_heading="## Что это",
    base="- основа: {name}, веса `{weights}`, лицензия {licence}",
    measured="- измерено как: {identity}, адаптер `{adapter}`",
    language="- язык: {language}",
    evaluated="- измерено: {at}",
    in_heading="## На чём он учился",
    examples="- примеры `{sha256}`, по правилам {rules}, сделаны {at}",
    part="- {part}: предложений {sentences}, токенов {tokens}, из них учат {taught}",
    parts={
        Part.TRAIN: "чтобы учиться",
        Part.EARLY: "чтобы вовремя остановиться",
        Part.HELD: "отложено, чтобы измерить",
    },
    teaches="- знаков, которые учат: {counts}",
    left_out="- оставлено в стороне: {counts}",
    nothing="ничего",
    origins={origin.value: said for origin, said in accounting.RUSSIAN.origins.items()},
    reasons={
        Reason.DELETED: "удалено человеком",
        Reason.PRIVATE: "личное: помечено, чтобы из этого не учились",
        Reason.PRACTICE: "упражнения или подгонка, а не письмо",
        Reason.NOT_UNDERSTOOD: "выбор более нового прибора, которого эта версия не знает",
        Reason.UNSPOKEN: "написано и не сказано, или отменено, или взято назад",
        Reason.TAKEN_BACK: "сказано и взято назад",
        Reason.NOT_WHOLE: "части нет в записи: удалена, личная или стояла раньше",
        Reason.LANGUAGE: "на языке, которого основа не знает",
        Reason.TOO_LONG: "длиннее, чем основа читает",
        Reason.NOTHING_SURE: "ничего в нём не известно достаточно верно, чтобы учить",
        Reason.ONLY_PRIOR: "выбрано одним лишь ожиданием языковой модели",
        Reason.NOBODYS: "запись не говорит, откуда это",
    },
    deletions="- просьб забыть, услышанных к тому времени: {count}",
    worth_heading="## Чего он стоит",
    table="| показатель | заводская | обученная | против заводской | что он значит |",
    not_heading="## Для чего он не годится",
    nobody_else="- ни для кого другого: измерено на предложениях этого человека, и чужих тайн он не бережёт;",
    no_other_base="- ни для какой другой основы: рядом с другими весами прибор его не принимает;",
    no_text_alone=(
        "- ни для какого текста, которого никто не выбирает: он предлагает слова, а человек берёт их или нет."
    ),
    stale=(
        "На приборе его можно снять. Если человек удалит то, на чём он учился, он устарел: обучите его заново."
    ),
)
LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}
