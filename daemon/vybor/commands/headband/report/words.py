"""What a report on a recording says, in every language of the kit."""

import msgspec

from vybor.contracts.messages import ElectrodeAt, ElectrodeState, GestureKind

ALWAYS = (GestureKind.BLINK, GestureKind.DOUBLE_BLINK, GestureKind.CLENCH, GestureKind.LONG_CLENCH)
"""What is told of even if there was none."""


class ReportWords(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Braces are filled in."""

    title: str
    about: str
    figures: str
    spectra: str
    spectra_says: str
    quality: str
    quality_says: str
    seen: str
    seen_says: str
    most_seen: str
    clock: str
    clock_says: str
    no_clock: str
    hertz: str
    density: str
    seconds: str
    late: str
    lost: str
    train: str
    hollow: str
    lids: str
    muscle: str
    electrode: str
    usable: str
    bands: dict[str, str]
    rows: dict[str, str]
    """Of the table: what each figure is."""
    states: dict[ElectrodeState, str]
    places: dict[ElectrodeAt, str]
    kinds: dict[GestureKind, str]
    kinds_of_file: dict[str, str]
    """By what playback calls them; any other is XDF."""
    xdf: str
    microvolts: str
    milliseconds: str
    is_there: str
    """For the terminal: where the page lies."""
    foot: str


ENGLISH = ReportWords(
    title="A headband's recordings",
    about="{kind}, of a {board}: {channels} channels at {hz} a second, {lasts}",
    figures="In figures",
    spectra="Spectra",
    spectra_says=(
        "What each electrode feels, by frequency: the median of two-second windows, so that blinks and "
        "clenches do not stand for the whole. A peak at 50 or 60 Hz is the mains. A hill at 8 to 13 Hz is "
        "alpha, of eyes that rest."
    ),
    quality="How each electrode sat",
    quality_says=(
        "As the kit judges it, twice a second. White is good. Muscle is still believed, and mains as long as "
        "they do not swamp the electrode; a channel in any other state gives no evidence."
    ),
    seen="What is seen in it",
    seen_says=(
        "What the detectors of the kit see, over what they look at: the lids' signal (line; below 8 Hz, from "
        "its running level) and the jaws' muscle (grey, from below), of the electrodes that are believed at the "
        "time. A single blink means nothing; a train of three and more confirms nothing, nor does a hollow sign, "
        "such as a clench in a row of others: that may be chewing."
    ),
    most_seen="{shown} of {all} stretches of {seconds} s: those in which most is seen or lost",
    clock="Gaps, and the file's clock",
    clock_says=(
        "Above, when what was seen and what was lost. Below, how far the time stamps of the file lie behind "
        "a clock that goes evenly with its samples: steps are heaps of a radio, a bend is a clock that "
        "drifts or was set."
    ),
    no_clock="The file has no times of its own, or too few.",
    hertz="Hz",
    density="µV²/Hz",
    seconds="s",
    late="late, ms",
    lost="lost",
    train="train",
    hollow="not believed",
    lids="lids, µV",
    muscle="jaws (how loud)",
    electrode="electrode",
    usable="usable",
    bands={
        "delta": "delta",
        "theta": "theta",
        "alpha": "alpha",
        "beta": "beta",
        "gamma": "gamma",
        "mains": "mains",
    },
    rows={
        "lasts": "lasts",
        "lost": "samples lost",
        "gaps": "gaps of 20 ms and more; the longest",
        "rate": "samples a second, by the file's clock",
        "spread": "half of its time stamps lie within",
        "trains": "trains of three blinks and more",
    },
    states={
        ElectrodeState.GOOD: "good",
        ElectrodeState.MISSING: "missing",
        ElectrodeState.RAILED: "railed",
        ElectrodeState.FLAT: "flat",
        ElectrodeState.LOOSE: "loose",
        ElectrodeState.MAINS: "mains",
        ElectrodeState.MUSCLE: "muscle",
    },
    places={
        ElectrodeAt.LEFT_FOREHEAD: "left forehead",
        ElectrodeAt.RIGHT_FOREHEAD: "right forehead",
        ElectrodeAt.LEFT_JAW: "left jaw",
        ElectrodeAt.RIGHT_JAW: "right jaw",
    },
    kinds={
        GestureKind.BLINK: "blink",
        GestureKind.DOUBLE_BLINK: "double blink",
        GestureKind.CLENCH: "clench",
        GestureKind.LONG_CLENCH: "held clench",
        GestureKind.BROW: "raised brows",
    },
    kinds_of_file={kind: kind for kind in ("a text file of OpenBCI", "a CSV with a header", "a BrainFlow CSV")},
    xdf="a stream of an XDF file",
    microvolts="µV",
    milliseconds="ms",
    is_there="{page}: for its owner's eyes; it is not encrypted",
    foot=(
        "Drawn by the detectors of the kit, with its settings, on samples that were recorded. These are "
        "signals of a body: whoever has this page has them. It is no medical finding."
    ),
)
RUSSIAN = ReportWords(
    title="Записи повязки",
    about="{kind}, {board}: каналов {channels}, отсчётов в секунду {hz}, {lasts}",
    figures="В числах",
    spectra="Спектры",
    spectra_says=(
        "Что чувствует каждый электрод, по частотам: медиана двухсекундных окон, чтобы моргания и сжатия "
        "зубов не заслоняли остальное. Пик на 50 или 60 Гц — электросеть. Холм на 8–13 Гц — альфа-ритм глаз "
        "в покое."
    ),
    quality="Как прилегал каждый электрод",
    quality_says=(
        "По суждению прибора, дважды в секунду. Белое — хорошо. При мышцах канал ещё учитывается, при "
        "помехах сети — пока они не заглушают электрод; в любом другом состоянии — нет."
    ),
    seen="Что в записи видно",
    seen_says=(
        "Что видят распознаватели прибора, поверх того, на что они смотрят: сигнал век (линия; ниже 8 Гц, от "
        "текущего уровня) и мышцы челюсти (серое, снизу) — по тем электродам, которым сейчас можно верить. "
        "Одиночное моргание ничего не значит; серия из трёх и более ничего не подтверждает, как и пустой значок, "
        "например сжатие в ряду других: это может быть жевание."
    ),
    most_seen="{shown} из {all} отрезков по {seconds} с: те, где больше всего видно или потеряно",
    clock="Пропуски и часы файла",
    clock_says=(
        "Сверху — когда что видно и что потеряно. Снизу — насколько метки времени файла отстают от часов, "
        "идущих ровно вместе с отсчётами: ступени — пачки радиосвязи, изгиб — часы уходят или были "
        "переведены."
    ),
    no_clock="Своих меток времени в файле нет или слишком мало.",
    hertz="Гц",
    density="мкВ²/Гц",
    seconds="с",
    late="отставание, мс",
    lost="потеряно",
    train="серия",
    hollow="без доверия",
    lids="веки, мкВ",
    muscle="челюсть (громкость)",
    electrode="электрод",
    usable="годен",
    bands={
        "delta": "дельта",
        "theta": "тета",
        "alpha": "альфа",
        "beta": "бета",
        "gamma": "гамма",
        "mains": "сеть",
    },
    rows={
        "lasts": "длится",
        "lost": "потеряно отсчётов",
        "gaps": "пропуски от 20 мс; самый долгий",
        "rate": "отсчётов в секунду по часам файла",
        "spread": "половина меток времени лежит в пределах",
        "trains": "серии из трёх и более морганий",
    },
    states={
        ElectrodeState.GOOD: "хорошо",
        ElectrodeState.MISSING: "нет данных",
        ElectrodeState.RAILED: "зашкаливает",
        ElectrodeState.FLAT: "плоский",
        ElectrodeState.LOOSE: "отходит",
        ElectrodeState.MAINS: "сеть",
        ElectrodeState.MUSCLE: "мышцы",
    },
    places={
        ElectrodeAt.LEFT_FOREHEAD: "лоб слева",
        ElectrodeAt.RIGHT_FOREHEAD: "лоб справа",
        ElectrodeAt.LEFT_JAW: "челюсть слева",
        ElectrodeAt.RIGHT_JAW: "челюсть справа",
    },
    kinds={
        GestureKind.BLINK: "моргание",
        GestureKind.DOUBLE_BLINK: "двойное моргание",
        GestureKind.CLENCH: "сжатие зубов",
        GestureKind.LONG_CLENCH: "долгое сжатие",
        GestureKind.BROW: "поднятые брови",
    },
    kinds_of_file={
        "a text file of OpenBCI": "текстовый файл OpenBCI",
        "a CSV with a header": "файл CSV с заголовком",
        "a BrainFlow CSV": "файл CSV от BrainFlow",
    },
    xdf="поток из файла XDF",
    microvolts="мкВ",
    milliseconds="мс",
    is_there="{page}: для глаз владельца; файл не зашифрован",
    foot=(
        "Построено распознавателями прибора с его настройками по записанным отсчётам. Это сигналы тела: у "
        "кого эта страница, у того и они. Это не медицинское заключение."
    ),
)
LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}
