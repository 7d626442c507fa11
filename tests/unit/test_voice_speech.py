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
        ("[[h@l'oU]] [[[", "[ [h@l'oU]] [ [["),
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


def test_a_silent_command_is_the_same_at_no_loudness() -> None:
    command = speech.command("en", 160)
    assert speech.silent(command) == [*command, "-a", "0"]


def test_a_text_may_sound_as_long_as_its_words_can_take() -> None:
    assert speech.longest_ns("", 160) == seconds(20)
    assert speech.longest_ns("1" * 160, 160) == seconds(80)
