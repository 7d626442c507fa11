"""What the page of `log plot` and its pictures say, in every language of the workstation."""

from collections.abc import Mapping

import msgspec

from vybor_workshop.log import places, told


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Braces are filled in."""

    language: str
    title: str
    heading: str
    of: str
    on_one_day: str
    from_to: str
    all_days: str
    by_day: str
    day_headings: tuple[str, ...]
    by_place: str
    slot_headings: tuple[str, ...]
    the_text: str
    the_places: str
    places: str
    elsewhere: str
    foot: str
    # the pictures
    pictures: Mapping[str, str]
    """What each shows, by its name."""
    undo: str
    undone_soon: str
    share: str
    slot: str


ENGLISH = Words(
    language="en",
    title="Vybor: how it was written",
    heading="How it was written",
    of="Kit {kits}; {when}",
    on_one_day="on {first}",
    from_to="{first} to {last}",
    all_days="all",
    by_day="By day",
    day_headings=told.DAY_HEADINGS,
    by_place="By place on the screen",
    slot_headings=told.SLOT_HEADINGS,
    the_text="the text",
    the_places="The places of the screen by their numbers",
    places=f"{places.WORDS[:1].upper()}{places.WORDS[1:]}.",
    elsewhere=places.ELSEWHERE,
    foot=(
        "Words are those of sentences that were spoken and not taken back. Minutes are those of writing: a pause "
        "of more than a minute does not count. A selection is any choice on the way to a text, pages and undo "
        "among them; answers, rest, calls for help and the pages on which something of the kit is set are none. "
        "No word of what was written stands on this page."
    ),
    pictures={
        "words-a-minute": "Words a minute of writing",
        "selections-a-word": "Selections a word",
        "acceptance-by-slot": "How often the words in a place were taken",
        "undo": "Taken back",
    },
    undo="undo, of all selections",
    undone_soon="undone within 30 s, of all words taken",
    share="{taken} of {shown}",
    slot="slot {slot}",
)
RUSSIAN = Words(
    language="ru",
    title="Vybor: как писалось",
    heading="Как писалось",
    of="Прибор {kits}; {when}",
    on_one_day="{first}",
    from_to="{first} — {last}",
    all_days="всего",
    by_day="По дням",
    day_headings=(
        "день",
        "предложений",
        "слов",
        "минут",
        "слов в минуту",
        "выборов на слово",
        "отмен",
        "отменено за 30 с",
    ),
    by_place="По местам на экране",
    slot_headings=("место", "слов показано", "взято", "доля"),
    the_text="текст",
    the_places="Места на экране и их номера",
    places="Мест на экране десять: 0–3 вверху слева направо, 4–7 внизу, 8 слева и 9 справа от текста.",
    elsewhere=(
        "Где плиток меньше и они крупнее, или где «Отмена» и «Сказать» перенесены, плитка лежит в другом месте и "
        "сохраняет номер своего места из десяти."
    ),
    foot=(
        "Слова — из предложений, которые были сказаны и не взяты назад. Минуты — время письма: пауза дольше "
        "минуты не считается. Выбор — всякий выбор на пути к тексту, в том числе переход на другую страницу и "
        "отмена; ответы, отдых, зов на помощь и страницы, где что-то настраивают, выборами не считаются. На этой "
        "странице нет ни одного слова из написанного."
    ),
    pictures={
        "words-a-minute": "Слов в минуту письма",
        "selections-a-word": "Выборов на слово",
        "acceptance-by-slot": "Как часто брали слова на каждом месте",
        "undo": "Взято назад",
    },
    undo="отмены, из всех выборов",
    undone_soon="отменено за 30 с, из всех взятых слов",
    share="{taken} из {shown}",
    slot="место {slot}",
)
LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}
