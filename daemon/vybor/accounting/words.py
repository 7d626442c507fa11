"""What `vybor why` and `vybor authorship` say, in every language of the kit.

Names of tiles and pages are the display's own (vybor.display.says): they are called what the screen calls them.
"""

import msgspec

from vybor.accounting.account import Fate
from vybor.utterances.provenance import Origin


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Braces are filled in."""

    quotes: str
    channels: dict[str, str]
    """By the value of Channelled."""
    origins: dict[Origin, str]
    fates: dict[Fate, str]
    # why
    choice: str
    before: str
    steered: str
    stood: str
    tile: str
    tile_chosen: str
    looked: str
    not_looked: str
    by_looks: str
    evidence: str
    evidence_age: str
    same_without: str
    other_without: str
    unknown_without: str
    not_carried: str
    added: str
    replaced: str
    removed: str
    unchanged: str
    spoken: str
    moved: str
    empty: str
    """How an empty text is called."""
    private: str
    """How a text is called whose words are not told."""
    is_private: str
    # authorship
    utterance: str
    draft: str
    taken_back: str
    bits: str
    surplus: str
    undone: str
    others: str
    unsupported: str
    by_origin: str
    replay: str
    step: str
    step_unsupported: str
    meaning: str
    listed: str
    nothing_spoken: str


ENGLISH = Words(
    quotes="“{text}”",
    channels={
        "gaze_pad": "a look at its edge",
        "double_blink": "a double blink",
        "long_blink": "eyes closed for a moment",
        "clench": "a clench",
        "brow": "raised brows",
        "cheek": "a corner of the mouth drawn up",
        "head": "a movement of the head",
        "switch": "the switch",
        "scan": "a press while it was lit in its turn",
    },
    origins={
        Origin.SPELLED: "spelled",
        Origin.GROUP: "letter group",
        Origin.LIST: "word list",
        Origin.MODEL: "language model",
        Origin.TOPIC: "topic document",
        Origin.OWN: "said before",
        Origin.GREY: "grey words taken up",
        Origin.PHRASE: "ready phrase",
        Origin.SENTENCE: "model's sentence",
        Origin.OWN_SENTENCE: "own sentence",
        Origin.ENDING: "other ending",
        Origin.SPACE: "space",
        Origin.FULL_STOP: "full stop of the kit",
        Origin.UNKNOWN: "from before the record",
    },
    fates={
        Fate.TEXT: "text",
        Fate.UNDONE: "taken back",
        Fate.SPOKE: "spoken",
        Fate.OPEN: "open",
        Fate.ASIDE: "about no text",
    },
    choice="Choice {number} of the start {session}: {tile}, by {channel}.",
    before="Before it the text was {text}, on the page “{page}”.",
    steered="Of the next word these letters were known: {letters}.",
    stood="What stood there, how likely each was before anybody looked, and how long it was looked at:",
    tile="   {slot:2} {tile}: {chance:.0%}; {looked}",
    tile_chosen=" > {slot:2} {tile}: {chance:.0%}; {looked}",
    looked="looked at {time:.1f} s",
    not_looked="not looked at",
    by_looks=", by the looks alone {p:.0%}",
    evidence="Eyes and signal: {p:.0%} sure of this tile; without the language model {alone:.0%}.",
    evidence_age="The look was {age:.1f} s old when the choice fell.",
    same_without="Without the language model the same tile would have been favoured.",
    other_without="Without the language model another tile would have been favoured: {tile}.",
    unknown_without="Which tile would have been favoured without the language model, this record does not say.",
    not_carried="The evidence alone did not carry this choice: no bits of it are counted as the person's.",
    added="In the text: {added} was added; it is now {text}.",
    replaced="In the text: {added} took the place of {removed}; it is now {text}.",
    removed="In the text: {removed} was taken out; it is now {text}.",
    unchanged="The text stayed as it was.",
    spoken="Said aloud: {said}.",
    moved="Interest had moved words of this offer.",
    empty="empty",
    private="(private)",
    is_private="It is private: nothing is learned from it, and its words are not told.",
    utterance="Sentence {number}: {text}",
    draft="Not spoken yet: {text}",
    taken_back="Its speaking was taken back.",
    bits=(
        "The person told {person:.1f} bits in {choices} choices. Its letters are {letters:.1f} bits, of which the "
        "kit brought {kit:.1f}: {share:.0%} is the person's."
    ),
    surplus=(
        "These do not add up to the letters, for they are held against each other word by word: {surplus:.1f} "
        "bits of the choices are more than the letters of their word needed, and are held against no other word."
    ),
    undone="Taken back or left again: {count} choices, {bits:.1f} bits; the person's work, of which no text came.",
    others="Other choices: {count}; they were about no text (rest, help, an answer, the kit).",
    unsupported="Choices that the evidence alone does not carry: {count}; for them the person is given nothing.",
    by_origin="Where each part comes from:",
    replay="Step by step:",
    step="{number:3}. {tile} (of {count} tiles; {page}): {bits:.1f} bits, {fate}; {text}",
    step_unsupported=" [not carried by the evidence]",
    meaning=(
        "Bits count how much had to be told, not who meant what: one choice of a ready phrase is few bits, and "
        "the person read all of it before it was chosen and spoken."
    ),
    listed="{number:4}  {share:>5}  choices: {choices:3}  {text}",
    nothing_spoken="nothing was spoken yet",
)
RUSSIAN = Words(
    quotes="«{text}»",
    channels={
        "gaze_pad": "взгляд на край",
        "double_blink": "двойное моргание",
        "long_blink": "глаза, закрытые на миг",
        "clench": "сжатие челюсти",
        "brow": "поднятые брови",
        "cheek": "движение уголка рта",
        "head": "движение головы",
        "switch": "переключатель",
        "scan": "нажатие, когда до неё дошла очередь",
    },
    origins={
        Origin.SPELLED: "по буквам",
        Origin.GROUP: "группа букв",
        Origin.LIST: "список слов",
        Origin.MODEL: "языковая модель",
        Origin.TOPIC: "документ темы",
        Origin.OWN: "сказано раньше",
        Origin.GREY: "принятые серые слова",
        Origin.PHRASE: "готовая фраза",
        Origin.SENTENCE: "предложение модели",
        Origin.OWN_SENTENCE: "своё предложение",
        Origin.ENDING: "другое окончание",
        Origin.SPACE: "пробел",
        Origin.FULL_STOP: "точка от прибора",
        Origin.UNKNOWN: "до начала записи",
    },
    fates={
        Fate.TEXT: "текст",
        Fate.UNDONE: "отменено",
        Fate.SPOKE: "сказано",
        Fate.OPEN: "не закончено",
        Fate.ASIDE: "не о тексте",
    },
    choice="Выбор {number} запуска {session}: {tile}; подтверждение: {channel}.",
    before="До него текст был {text}, страница «{page}».",
    steered="О следующем слове были известны буквы: {letters}.",
    stood="Что стояло на экране, насколько это было вероятно заранее и сколько на это смотрели:",
    tile="   {slot:2} {tile}: {chance:.0%}; {looked}",
    tile_chosen=" > {slot:2} {tile}: {chance:.0%}; {looked}",
    looked="взгляд {time:.1f} с",
    not_looked="взгляда не было",
    by_looks=", по одному взгляду {p:.0%}",
    evidence="Глаза и сигнал: уверенность в этой плитке {p:.0%}; без языковой модели {alone:.0%}.",
    evidence_age="В момент выбора взгляду было {age:.1f} с.",
    same_without="Без языковой модели вперёд вышла бы та же плитка.",
    other_without="Без языковой модели вперёд вышла бы другая плитка: {tile}.",
    unknown_without="Какая плитка вышла бы вперёд без языковой модели, из этой записи не видно.",
    not_carried="Одни глаза и сигнал этого выбора не дают: его биты человеку не засчитаны.",
    added="В тексте добавлено {added}; теперь он {text}.",
    replaced="В тексте {added} стоит вместо {removed}; теперь он {text}.",
    removed="Из текста убрано {removed}; теперь он {text}.",
    unchanged="Текст остался прежним.",
    spoken="Сказано вслух: {said}.",
    moved="Слова этого предложения плиток были сдвинуты интересом.",
    empty="пуст",
    private="(личное)",
    is_private="Это личное: из этого ничего не запоминается, и слов здесь нет.",
    utterance="Высказывание {number}: {text}",
    draft="Ещё не сказано: {text}",
    taken_back="Его произнесение отменили.",
    bits=(
        "Человек сообщил {person:.1f} бит, выборов: {choices}. В буквах текста {letters:.1f} бит, из них от "
        "прибора {kit:.1f}: доля человека {share:.0%}."
    ),
    surplus=(
        "В сумме это не равно битам букв, потому что сравнение идёт слово за словом: {surplus:.1f} бит выборов "
        "больше, чем нужно буквам их слова, и к другим словам они не относятся."
    ),
    undone="Отменено или оставлено выборов: {count}, {bits:.1f} бит; это работа человека, из неё не вышло текста.",
    others="Других выборов: {count}; они не о тексте (отдых, помощь, ответ, прибор).",
    unsupported="Выборы, которых одни глаза и сигнал не дают: {count}; за них человеку не засчитано ничего.",
    by_origin="Откуда какая часть:",
    replay="Шаг за шагом:",
    step="{number:3}. {tile} (плиток: {count}; {page}): {bits:.1f} бит, {fate}; {text}",
    step_unsupported=" [одни глаза и сигнал этого не дают]",
    meaning=(
        "Биты считают, сколько пришлось сообщить, а не кто что имел в виду: один выбор готовой фразы — это мало "
        "бит, но человек прочёл её целиком, прежде чем выбрать и произнести."
    ),
    listed="{number:4}  {share:>5}  выборов: {choices:3}  {text}",
    nothing_spoken="ещё ничего не сказано",
)
LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}


def words_in(language: str) -> Words:
    """The words of a language; English where there are none."""
    return LANGUAGES.get(language, ENGLISH)
