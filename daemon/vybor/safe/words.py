"""What the console says, in every language of the kit. Pure.

Not with the display's translations: this room works where those, or the display, are broken.
"""

import msgspec

from vybor.safe.help import UNDER_WAY, Stage


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One language."""

    restarts: str
    text_kept: str
    text_in_doubt: str
    press: str
    """How to call for help."""
    cannot_press: str
    calling: str
    called: str
    no_sound: str
    why: str
    not_known: str
    wrong_settings: str
    carer: str
    large: dict[Stage, tuple[str, str]]
    """Two short lines in letters that are seen from afar; those of Stage.NONE say how to call."""
    large_deaf: tuple[str, str]
    """The same on a console without keys."""


ENGLISH = Words(
    restarts="The screen does not start. Vybor restarts it by itself.",
    text_kept="Your text is kept.",
    text_in_doubt="The last words may not be saved.",
    press="Press the switch or any key to call for help.",
    cannot_press="Keys cannot be read here: call for help in another way.",
    calling="Calling for help now.",
    called="Help was called. Press again to call again.",
    no_sound="The call for help cannot be heard: {problem}. Call in another way.",
    why="Why: {reason}",
    not_known="the display does not answer",
    wrong_settings="A setting is wrong, the usual one holds: {problem}",
    carer=(
        "For the carer: is the screen plugged in? Alt+F2 opens a login; there run `sudo vybor doctor`, then "
        "`sudo journalctl -u vybor-display -n 20`."
    ),
    large={
        Stage.NONE: ("PRESS A KEY", "FOR HELP"),
        Stage.ASKED: ("CALLING", "FOR HELP"),
        Stage.HEARD: ("HELP WAS", "CALLED"),
        Stage.NOT_HEARD: ("NO SOUND", ""),
    },
    large_deaf=("THE SCREEN", "RESTARTS"),
)
RUSSIAN = Words(
    restarts="Экран не запускается. Vybor сам запускает его снова.",
    text_kept="Ваш текст сохранён.",
    text_in_doubt="Последние слова, возможно, не сохранены.",
    press="Нажмите переключатель или любую клавишу, чтобы позвать на помощь.",
    cannot_press="Клавиши здесь не читаются: зовите на помощь другим способом.",
    calling="Зову на помощь.",
    called="Помощь позвали. Нажмите ещё раз, чтобы позвать снова.",
    no_sound="Зова о помощи не слышно: {problem}. Зовите другим способом.",
    why="Почему: {reason}",
    not_known="экран не отвечает",
    wrong_settings="Ошибка в настройках, действует обычное значение: {problem}",
    carer=(
        "Помощнику: подключён ли экран? Alt+F2 открывает вход; там выполните `sudo vybor doctor`, затем "
        "`sudo journalctl -u vybor-display -n 20`."
    ),
    large={
        Stage.NONE: ("ПОМОЩЬ?", "НАЖМИТЕ"),
        Stage.ASKED: ("ЗОВУ", "НА ПОМОЩЬ"),
        Stage.HEARD: ("ПОМОЩЬ", "ПОЗВАЛИ"),
        Stage.NOT_HEARD: ("НЕТ ЗВУКА", ""),
    },
    large_deaf=("ЭКРАН", "ПЕРЕЗАПУСК"),
)
LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}


def large(words: Words, stage: Stage, *, hears: bool) -> tuple[str, str]:
    """What stands in large letters."""
    shown = Stage.ASKED if stage in UNDER_WAY else stage
    if shown is Stage.NONE and not hears:
        return words.large_deaf
    return words.large[shown]
