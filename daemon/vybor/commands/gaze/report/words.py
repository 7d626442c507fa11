"""What a report on looks says, in every language of the kit."""

import msgspec


class ReportWords(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Braces are filled in."""

    title: str
    kept: str
    kept_says: str
    figures: str
    error: str
    error_says: str
    drift: str
    drift_says: str
    coverage: str
    coverage_says: str
    noise: str
    noise_says: str
    heat: str
    heat_says: str
    heat_page: str
    heat_wordless: str
    no_heat: str
    recorded: str
    calibration: str
    right: str
    down: str
    across: str
    upright: str
    of_screen: str
    share: str
    before: str
    with_them: str
    aimed: str
    promised: str
    seconds_here: str
    fell: str
    spread: str
    dot: str
    rows: dict[str, str]
    grids: dict[int, str]
    is_there: str
    foot: str


ENGLISH = ReportWords(
    title="What looks are worth",
    kept="From the looks that were kept",
    kept_says=(
        "Each look is judged by a model that has never seen it: all others are fitted, and this one is left "
        "out. Errors are fractions of the screen; right and down are more than 0."
    ),
    figures="In figures",
    error="Where looks fall beside",
    error_says=(
        "A ring is a dot that was looked at; the arrow leads to where looks at it fell on the mean, the "
        "ellipse around its tip is a standard deviation from that. Grey are the tiles that looks of this error "
        "can use."
    ),
    drift="Drift from day to day",
    drift_says=(
        "By how much the looks of each calibration fell beside as a whole, by the model of all calibrations "
        "before it: what the kit had when the person sat down. Bars are the standard deviation from dot to "
        "dot. The band is the error that the model promised with the calibration before. A step is a camera or "
        "a head in another place; a check (vybor gaze check) takes it off."
    ),
    coverage="Whether the promise holds",
    coverage_says=(
        "How often the dot lay in the ellipse in which the kit says it lies 95 times in 100, by calibration: "
        "by the model of all before it, and by that with it, each look left out. Above 95 % is cautious, below "
        "is a promise that does not hold."
    ),
    noise="Noise",
    noise_says="How far looks stray from picture to picture while the eyes hold still: a standard deviation.",
    heat="Where the eyes were in the recording",
    heat_says=(
        "Over the display's picture: how long looks fell around each place, as widely as each of them is "
        "exact. The pages that were looked at longest; pages with their tiles in the same places are one. A "
        "number stands on a tile that was chosen so often."
    ),
    heat_page="{number}. {looked:.0f} s",
    heat_wordless="Words were not recorded; … stands in their place.",
    no_heat="No page of the recording was looked at for a second.",
    recorded="{file}: recorded {at}, {lasts:.0f} s, {looks} looks, {choices} choices",
    calibration="calibration",
    right="right",
    down="down",
    across="across",
    upright="down",
    of_screen="% of the screen",
    share="dots in the ellipse, %",
    before="before the dots",
    with_them="with them",
    aimed="95 %",
    promised="promised",
    seconds_here="seconds on a hundredth of the screen",
    fell="where looks fell",
    spread="standard deviation",
    dot="dot",
    rows={
        "calibrations": "calibrations kept",
        "looks": "looks at dots",
        "error": "error of a look, left out once: across; down",
        "promised": "what the kit promises now: across; down",
        "beside": "drift from day to day (a standard deviation): across; down",
        "within_before": "dots in the ellipse of 95 %, before the dots",
        "within": "dots in the ellipse of 95 %, with them",
        "noise": "noise from picture to picture: across; down",
        "tiles": "tiles that can be used",
    },
    grids={
        10: "10 (4 x 2 and one at each end of the text)",
        8: "8 (4 x 2)",
        6: "6 (3 x 2)",
        4: "4 (2 x 2)",
        2: "2 (2 x 1)",
        0: "none",
    },
    is_there="{page}: for its owner's eyes; it is not encrypted",
    foot=(
        "Drawn from looks at dots and, where one was named, from a recording that somebody asked for. Places "
        "are in it, and no picture of an eye. Whoever knows the letters' places can tell from a heat map of "
        "letters what was spelled."
    ),
)
RUSSIAN = ReportWords(
    title="Чего стоят взгляды",
    kept="По сохранённым взглядам",
    kept_says=(
        "Каждый взгляд оценивает модель, которая его не видела: она построена по всем остальным. Ошибки — в "
        "долях экрана; вправо и вниз — больше нуля."
    ),
    figures="В числах",
    error="Куда взгляды промахиваются",
    error_says=(
        "Кольцо — точка, на которую смотрели; стрелка ведёт туда, куда взгляды попадали в среднем, эллипс "
        "вокруг её конца — стандартное отклонение от этого места. Серым — плитки, которыми при такой ошибке "
        "можно пользоваться."
    ),
    drift="Сдвиг от дня ко дню",
    drift_says=(
        "Насколько взгляды каждой калибровки попадали мимо в целом по модели всех калибровок до неё: с ней "
        "прибор встречал человека. Отрезки — стандартное отклонение от точки к точке. Полоса — ошибка, "
        "обещанная моделью с предыдущей калибровкой. Ступень — камера или голова в другом месте; проверка "
        "(vybor gaze check) её снимает."
    ),
    coverage="Сбывается ли обещанное",
    coverage_says=(
        "Как часто точка лежала в эллипсе, где она, по словам прибора, лежит в 95 случаях из 100, по "
        "калибровкам: по модели всех прежних и по модели вместе с этой, где каждый взгляд исключён. Выше 95 % "
        "— осторожность, ниже — обещание не сбывается."
    ),
    noise="Шум",
    noise_says="Насколько взгляды блуждают от кадра к кадру, пока глаза неподвижны: стандартное отклонение.",
    heat="Где были глаза во время записи",
    heat_says=(
        "Поверх картинки экрана: сколько времени взгляды попадали в каждое место, с той точностью, какая у "
        "каждого была. Страницы, на которые смотрели дольше всего; страницы с плитками на тех же местах "
        "считаются одной. Число на плитке — сколько раз её выбрали."
    ),
    heat_page="{number}. {looked:.0f} с",
    heat_wordless="Слова не записывались; на их месте стоит «…».",
    no_heat="Ни на одну страницу записи не смотрели и секунды.",
    recorded="{file}: запись {at}, {lasts:.0f} с, взглядов {looks}, выборов {choices}",
    calibration="калибровка",
    right="вправо",
    down="вниз",
    across="по ширине",
    upright="по высоте",
    of_screen="% экрана",
    share="точек в эллипсе, %",
    before="до точек",
    with_them="вместе с ними",
    aimed="95 %",
    promised="обещано",
    seconds_here="секунд на сотую часть экрана",
    fell="куда попадали взгляды",
    spread="стандартное отклонение",
    dot="точка",
    rows={
        "calibrations": "сохранено калибровок",
        "looks": "взглядов на точки",
        "error": "ошибка взгляда, исключённого по одному: по ширине; по высоте",
        "promised": "что прибор обещает сейчас: по ширине; по высоте",
        "beside": "сдвиг от дня ко дню (стандартное отклонение): по ширине; по высоте",
        "within_before": "точек в эллипсе 95 %, до точек",
        "within": "точек в эллипсе 95 %, вместе с ними",
        "noise": "шум от кадра к кадру: по ширине; по высоте",
        "tiles": "плиток, которыми можно пользоваться",
    },
    grids={
        10: "10 (4 x 2 и по одной у концов текста)",
        8: "8 (4 x 2)",
        6: "6 (3 x 2)",
        4: "4 (2 x 2)",
        2: "2 (2 x 1)",
        0: "ни одной",
    },
    is_there="{page}: для глаз владельца; файл не зашифрован",
    foot=(
        "Построено по взглядам на точки и, если она названа, по записи, о которой попросили. Здесь есть места "
        "и нет изображений глаз. Кто знает, где стоят буквы, поймёт по тепловой карте букв, что писали."
    ),
)
LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}
