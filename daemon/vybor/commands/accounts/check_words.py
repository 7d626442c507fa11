"""What `vybor authorship check` says: to the wearer's ear, to whoever runs it, and in its report."""

import msgspec

from vybor.accounting.checking import Answer


class CheckWords(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Braces are filled in."""

    begins: str
    to_the_wearer: str
    thanks: str
    """Before the next word, when something was spoken…"""
    time_is_over: str
    """…and when nothing was."""
    ends: str
    earphone: str
    no_earphone: str
    before: tuple[str, ...]
    ready: str
    agreed: tuple[str, ...]
    not_agreed: str
    sealed: str
    waiting: str
    heard: str
    nothing_heard: str
    left: str
    stopped: str
    title: str
    result: str
    other: str
    chance: str
    shows: str
    shows_little: str
    rests_on: tuple[str, ...]
    shows_not: tuple[str, ...]
    about_heading: str
    made: str
    timed: str
    by_earphone: str
    by_loudspeaker: str
    changed: str
    unchanged: str
    rests_on_heading: str
    shows_not_heading: str
    questions_heading: str
    question: str
    answers: dict[Answer, str]
    opened: str


RARE = 0.05
"""What happens by chance in fewer than one of twenty checks is called rare; the report has the figure itself."""

ENGLISH = CheckWords(
    begins=(
        "A check begins. You will hear {count} words, one after another. Nobody else hears them. Write each word, "
        "then choose Speak. There is time, and you may undo. If you do not want to, rest."
    ),
    to_the_wearer="Word {number}. Your word is: {word}. Write it, and speak it. {word}.",
    thanks="Thank you.",
    time_is_over="The time for that word is over.",
    ends="The check is over. Thank you.",
    earphone="The words go to the earphone of voice.whisper_player; make sure that the wearer wears it.",
    no_earphone=(
        "No earphone is set (voice.whisper_player): the words come out of the kit's loudspeaker, or whatever is "
        "plugged in there. If others can hear it, stop here and set one."
    ),
    before=(
        "This check shows whether a message that only the wearer hears comes out of the kit.",
        "The kit says {count} words to the wearer, one after another; they write each one and speak it.",
        "It is worth nothing unless all of this is so:",
        "  - the kit's sound goes to earphones that only the wearer hears, loud enough for them;",
        "  - nobody who helps with the kit, or touches the wearer, hears them or reads the wearer's lips;",
        "  - whoever helps does nothing for the wearer that they would not do on any other day.",
        "Each word may take {patience:.0f} seconds; it is said again every {again:.0f}.",
    ),
    ready="Is all of it so, and does the wearer want this? Type yes to begin: ",
    agreed=("yes", "y"),
    not_agreed="Nothing was said to the wearer, and nothing is kept.",
    sealed="The words are fixed now; their seal (SHA-256) is {seal}. What it was made of stands in the report.",
    waiting="Word {number} of {count} was said; waiting for what the wearer speaks.",
    heard="Something was spoken with the kit.",
    nothing_heard="Nothing was spoken in time; it counts as not right.",
    left="It was left early: what was not asked counts as not right.",
    stopped="The kit ended it early ({why}): what was not asked counts as not right.",
    title="Message-passing check: {count} words that only the wearer was told",
    result="Right: {right} of {count}.",
    other="Not right: {wrong} named the other word, {unclear} neither or both, {unanswered} were not answered.",
    chance=(
        "Somebody who did not hear the words gets so many right, or more, with a probability of {p:.2g} "
        "(binomial, one half each, exact)."
    ),
    shows=(
        "That is rare by chance: what came out of the kit had in it what only the wearer was told. Neither the "
        "language model nor a helper who did not hear it can have supplied that."
    ),
    shows_little=(
        "That is not rare by chance, so this check shows nothing, neither for the wearer nor against them: who is "
        "tired, hears or spells badly, does not want to, or has a kit that fits badly answers so too."
    ),
    about_heading="How it was made",
    made="Begun {began} (UTC), with Vybor {version}.",
    timed="Each word had {patience:.0f} seconds, and was said again every {again:.0f}.",
    by_earphone="The words went to the player of whispers (voice.whisper_player).",
    by_loudspeaker="The words went to the player of sentences: no earphone of its own was set.",
    changed="Settings that are not the usual ones: {settings}.",
    unchanged="All settings were the usual ones.",
    rests_on_heading="What it rests on",
    rests_on=(
        "That nobody but the wearer heard the words. The kit cannot know that; whoever ran the check said so.",
        "That the words were drawn by chance, evenly: the kit drew them; their seal was shown before that.",
    ),
    shows_not_heading="What it does not show",
    shows_not=(
        "That any other sentence is the wearer's. It shows that they can pass a message, by this kit, this day.",
        "What they understand, want or agree to.",
        "How much of a sentence the language model brought: that is `vybor authorship`.",
    ),
    questions_heading="Word by word",
    question="{number}. told: {told} (the other one: {other}); spoken: {said}; {answer}",
    answers={
        Answer.RIGHT: "right",
        Answer.WRONG: "the other word",
        Answer.UNCLEAR: "neither or both",
        Answer.NONE: "not answered",
    },
    opened="The seal {seal} was made of: {opened}",
)
RUSSIAN = CheckWords(
    begins=(
        "Начинается проверка. Вы услышите слова, одно за другим, всего {count}. Больше их никто не слышит. "
        "Напишите каждое слово и выберите «Сказать». Время есть, и можно отменять. Если не хотите, отдыхайте."
    ),
    to_the_wearer="Слово {number}. Ваше слово: {word}. Напишите его и произнесите. {word}.",
    thanks="Спасибо.",
    time_is_over="Время для этого слова вышло.",
    ends="Проверка окончена. Спасибо.",
    earphone="Слова идут в наушник из voice.whisper_player; убедитесь, что он на пользователе.",
    no_earphone=(
        "Наушник не задан (voice.whisper_player): слова прозвучат из громкоговорителя прибора или из того, что к "
        "нему подключено. Если их слышит кто-то ещё, остановитесь и задайте наушник."
    ),
    before=(
        "Эта проверка показывает, выходит ли из прибора сообщение, которое слышит только пользователь.",
        "Прибор говорит пользователю слова по одному, всего {count}; каждое надо написать и произнести прибором.",
        "Она ничего не стоит, если не выполнено всё это:",
        "  - звук прибора идёт в наушники, которые слышит только пользователь, и достаточно громко;",
        "  - никто, кто помогает с прибором или касается пользователя, не слышит слов и не читает их по губам;",
        "  - помощник не делает для пользователя ничего, чего не делает в другие дни.",
        "На каждое слово до {patience:.0f} секунд; оно повторяется каждые {again:.0f}.",
    ),
    ready="Всё это так, и пользователь этого хочет? Чтобы начать, введите да: ",
    agreed=("да", "yes"),
    not_agreed="Пользователю ничего не сказано, и ничего не сохранено.",
    sealed="Слова выбраны; их печать (SHA-256): {seal}. Из чего она сделана, будет в отчёте.",
    waiting="Слово {number} из {count} сказано; жду, что произнесёт пользователь.",
    heard="Прибором что-то произнесено.",
    nothing_heard="За это время ничего не произнесено; считается неверным.",
    left="Проверку прервали: что не спрошено, считается неверным.",
    stopped="Проверку прервал сам прибор ({why}): что не спрошено, считается неверным.",
    title="Проверка передачи сообщения: слов, сказанных только пользователю, {count}",
    result="Верно: {right} из {count}.",
    other="Неверно: другое слово {wrong}, ни одного или оба {unclear}, без ответа {unanswered}.",
    chance=(
        "Кто слов не слышал, получит столько верных или больше с вероятностью {p:.2g} "
        "(биномиально, по одной второй, точно)."
    ),
    shows=(
        "Случайно такое бывает редко: в том, что вышло из прибора, было то, что сказали только пользователю. Ни "
        "языковая модель, ни помощник, который этого не слышал, дать этого не могли."
    ),
    shows_little=(
        "Случайно такое бывает часто, поэтому проверка не показывает ничего, ни за пользователя, ни против: так "
        "отвечает и тот, кто устал, плохо слышит или пишет, не хочет, или кому прибор плохо подогнан."
    ),
    about_heading="Как она проведена",
    made="Начало {began} (UTC), Vybor {version}.",
    timed="На каждое слово было {patience:.0f} секунд; оно повторялось каждые {again:.0f}.",
    by_earphone="Слова шли в наушник (voice.whisper_player).",
    by_loudspeaker="Слова шли туда же, куда предложения: отдельный наушник не задан.",
    changed="Изменённые настройки: {settings}.",
    unchanged="Все настройки обычные.",
    rests_on_heading="На чём это держится",
    rests_on=(
        "Слова слышал только пользователь. Прибор этого знать не может; так сказал тот, кто проводил проверку.",
        "Слова выбраны случайно и поровну: их выбрал прибор, и печать показана до первого слова.",
    ),
    shows_not_heading="Чего это не показывает",
    shows_not=(
        "Что другие предложения его: показано, что этим прибором в этот день он может передать сообщение.",
        "Что он понимает, чего хочет и на что согласен.",
        "Сколько в предложении от языковой модели: это говорит `vybor authorship`.",
    ),
    questions_heading="Слово за словом",
    question="{number}. сказано: {told} (другое: {other}); произнесено: {said}; {answer}",
    answers={
        Answer.RIGHT: "верно",
        Answer.WRONG: "другое слово",
        Answer.UNCLEAR: "ни одного или оба",
        Answer.NONE: "без ответа",
    },
    opened="Печать {seal} сделана из: {opened}",
)
LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}
