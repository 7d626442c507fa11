"""What `vybor worth` says, in every language of the kit."""

import msgspec

from vybor.accounting.worth import Lack, Part


class WorthWords(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Braces are filled in."""

    heading: str
    parts: dict[Part, str]
    how: dict[Part, str]
    """How it was found out."""
    lacks: dict[Lack, str]
    choices: str
    seconds: str
    at_most: str
    over_days: str
    over_sentences: str
    left_out: str
    nothing: str


ENGLISH = WorthWords(
    heading="The last {days} days of the record that have sentences: {sentences} sentences, {choices} choices.",
    parts={
        Part.HEADBAND: "headband",
        Part.LOOK_AHEAD: "looking ahead",
        Part.NOTES: "notes (topics, what was said before)",
        Part.COUNTS: "the person's own counts",
        Part.MODEL: "the language model",
        Part.ADAPTER: "what the model learned (adapter)",
        Part.INTEREST: "interest",
    },
    how={
        Part.HEADBAND: "compared with choices at the edge, which may have been other choices",
        Part.LOOK_AHEAD: "compared with words that had to be waited for; whoever reads other words does not wait",
        Part.NOTES: "replayed: what each word that a note brought would have taken without it",
        Part.COUNTS: "replayed: each sentence written again with the counts of that time, and with none",
        Part.MODEL: "replayed: each sentence written again with the model and with the word list alone",
        Part.ADAPTER: "replayed: each sentence written again with the adapter and without",
        Part.INTEREST: "tried: every fourth sentence was offered without it",
    },
    lacks={
        Lack.FEW: "too little to say ({sentences} sentences on {days} days)",
        Lack.NOT_USED: "not used in these days",
        Lack.NOT_KEPT: "the record of these days does not have what it takes",
        Lack.NEEDS_MODEL: "only the model can tell: `vybor worth --with-model`",
        Lack.NO_WORDS: "there is no word list to replay with: {problem}",
    },
    choices="choices saved: {value:+.0f} ({low:+.0f} to {high:+.0f})",
    seconds="minutes saved: {value:+.1f} ({low:+.1f} to {high:+.1f})",
    at_most="at most; ",
    over_days="{sentences} sentences, {days} days resampled",
    over_sentences="{sentences} sentences resampled; too few days, so this is surer than it should be",
    left_out="Sentences that could not be written again: {count}.",
    nothing="nothing was spoken in these days; there is nothing to replay",
)
RUSSIAN = WorthWords(
    heading="Последние дни записи с высказываниями, {days}: высказываний {sentences}, выборов {choices}.",
    parts={
        Part.HEADBAND: "обруч",
        Part.LOOK_AHEAD: "подготовка вперёд",
        Part.NOTES: "заметки (темы, сказанное раньше)",
        Part.COUNTS: "собственные слова человека",
        Part.MODEL: "языковая модель",
        Part.ADAPTER: "чему модель научилась (адаптер)",
        Part.INTEREST: "интерес",
    },
    how={
        Part.HEADBAND: "сравнение с выборами взглядом на край; это могли быть другие выборы",
        Part.LOOK_AHEAD: "сравнение со словами, которых пришлось ждать; кто читает другие слова, не ждёт",
        Part.NOTES: "повтор: чего стоило бы каждое слово из заметки без неё",
        Part.COUNTS: "повтор: каждое высказывание пишется снова со словами того времени и без них",
        Part.MODEL: "повтор: каждое высказывание пишется снова с моделью и с одним списком слов",
        Part.ADAPTER: "повтор: каждое высказывание пишется снова с адаптером и без него",
        Part.INTEREST: "проба: каждое четвёртое высказывание предлагалось без него",
    },
    lacks={
        Lack.FEW: "слишком мало, чтобы судить (высказываний {sentences}, дней {days})",
        Lack.NOT_USED: "в эти дни не использовалось",
        Lack.NOT_KEPT: "в записи этих дней нет нужного",
        Lack.NEEDS_MODEL: "это знает только модель: `vybor worth --with-model`",
        Lack.NO_WORDS: "нет списка слов для повтора: {problem}",
    },
    choices="сберегло выборов: {value:+.0f} (от {low:+.0f} до {high:+.0f})",
    seconds="сберегло минут: {value:+.1f} (от {low:+.1f} до {high:+.1f})",
    at_most="не больше; ",
    over_days="высказываний {sentences}, по дням: {days}",
    over_sentences="по высказываниям: {sentences}; дней мало, поэтому уверенность завышена",
    left_out="Высказывания, которые нельзя написать снова: {count}.",
    nothing="в эти дни ничего не сказано; повторять нечего",
)
LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}
