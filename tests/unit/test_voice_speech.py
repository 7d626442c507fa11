"""What is given to the speech program."""

import pytest

from vybor.foundation.clock import seconds
from vybor.voice import speech


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I am cold.", "I am cold."),
        ("  I am\tcold.\r\n Please\u2028come. ", "I am cold. Please come."),
        ("bell\x07 null\x00 escape\x1b[31m", "bell null escape [31m"),
        ("Мне\u00a0холодно", "Мне холодно"),
        ("soft\u00adhyphen", "soft hyphen"),
        ("\x00\x1f \n", ""),
        ("[[h@l'oU]] [[[", "[ [h@l'oU]] [ [ ["),
        ("[[[h@l'oU]] x", "[ [ [h@l'oU]] x"),
    ],
)
def test_a_text_becomes_one_line_of_plain_words(text: str, said: str) -> None:
    assert speech.clean(text) == said


def test_the_command_takes_the_text_from_its_input_in_the_voice_of_the_language() -> None:
    command = speech.command("ru", 120)
    assert command[0] == "espeak-ng"
    assert {"--stdin", "--stdout"} <= set(command)
    assert command[command.index("-v") + 1] == "ru"
    assert command[command.index("-s") + 1] == "120"


def test_rate_and_loudness_are_told() -> None:
    command = speech.command("en", 240, 40)
    assert command[command.index("-s") + 1] == "240"
    assert command[command.index("-a") + 1] == "40"


@pytest.mark.parametrize(
    ("text", "language", "pieces"),
    [
        ("I am cold.", "en", [("en", "I am cold.")]),
        ("Мне холодно.", "en", [("ru", "Мне холодно.")]),
        ("Ask Мария Петрова, please.", "en", [("en", "Ask"), ("ru", "Мария Петрова,"), ("en", "please.")]),
        ("Это Anna, 7 лет", "ru", [("ru", "Это"), ("en", "Anna,"), ("ru", "7 лет")]),
        ("5 o'clock", "ru", [("en", "5 o'clock")]),
        ("Мне 5 лет", "en", [("ru", "Мне 5 лет")]),
        ("12 : 30 !", "ru", [("ru", "12 : 30 !")]),
        ("на e-mailе", "ru", [("ru", "на e-mailе")]),
        ("καλημέρα", "en", [("en", "καλημέρα")]),
        ("", "en", []),
    ],
)
def test_words_are_spoken_by_their_script(text: str, language: str, pieces: list[speech.Piece]) -> None:
    assert speech.pieces(text, language) == pieces


def test_a_text_in_one_script_is_fed_as_it_is_to_its_voice() -> None:
    command, feed = speech.told("Я & <b>", "en", 160, 100)
    assert command[command.index("-v") + 1] == "en-gb"  # a tag is Latin letters: the text has both scripts
    assert feed == '<voice xml:lang="ru">Я</voice> &amp; &lt;b&gt;'.encode()
    command, feed = speech.told("Да & <нет>", "en", 160, 100)
    assert (command[command.index("-v") + 1], feed) == ("ru", "Да & <нет>".encode())
    assert "-m" not in command


def test_a_text_may_sound_as_long_as_its_words_can_take() -> None:
    assert speech.longest_ns("", 160) == seconds(20)
    assert speech.longest_ns("1" * 160, 160) == seconds(80)


def test_no_voice_says_a_text_sooner_than_its_letters_can_take() -> None:
    assert speech.shortest_ns("... !", 160) == 0
    assert speech.shortest_ns("I am cold.", 160) == seconds(7 * 0.03)
    assert speech.shortest_ns("I am cold.", 320) == seconds(7 * 0.015)
