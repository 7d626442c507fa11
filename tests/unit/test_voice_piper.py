"""Piper beside the kit: a program of the test that keeps to Piper's command line, and what its samples become."""

import io
import json
import select
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import Missing
from vybor.foundation.settings import Engine, VoiceSettings
from vybor.voice import piper, voice_file
from vybor.voice.piper import Piper
from vybor.voice.voice_file import VoiceFile

RATE_HZ = 8000
DESCRIPTION = {
    "audio": {"sample_rate": RATE_HZ, "quality": "low"},
    "espeak": {"voice": "en-us"},
    "num_symbols": 256,
}
PROGRAM = """\
import sys, time
how = {how!r}
if how == "dies":
    sys.exit("no such voice")
for number, line in enumerate(sys.stdin):
    if how == "mute" and number or how == "hangs":
        continue
    if how == "slow" and number:
        time.sleep(100)
    if how == "crashes" and number:
        sys.exit("out of memory")
    level = len(line.strip().encode())
    sys.stdout.buffer.write(level.to_bytes(2, "little") * 800)
    sys.stdout.buffer.flush()
"""
PATIENCE = 400


class Stage:
    """A Piper with a clock that the test can push."""

    def __init__(self, folder: Path, how: str) -> None:
        program = folder / "piper.py"
        program.write_text(PROGRAM.format(how=how))
        self.ends = select.epoll()
        self.passed_ns = 0
        self._clock = SystemClock()
        voice = VoiceFile(folder / "voice.onnx", "en", RATE_HZ)
        self.piper = Piper([sys.executable, str(program)], voice, self.ends)

    @property
    def now_ns(self) -> int:
        return self._clock.now_ns() + self.passed_ns

    def until(self, reached: Callable[[], bool]) -> None:
        for _ in range(PATIENCE):
            self.piper.turn(self.now_ns)
            if reached():
                return
            self.ends.poll(0.02)
        pytest.fail("it never came to that")

    def says(self, text: str) -> bytes:
        """The sentence, once it is rendered."""
        self.until(lambda: self.piper.begin(text, "en"))
        return self.rendered()

    def rendered(self) -> bytes:
        for _ in range(PATIENCE):
            wav = self.piper.rendered(self.now_ns)
            if wav is not None:
                return wav
            self.ends.poll(0.02)
        pytest.fail("it was never rendered")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[[str], Stage]]:
    made: list[Stage] = []

    def make(how: str) -> Stage:
        made.append(Stage(tmp_path, how))
        return made[-1]

    yield make
    for one in made:
        one.piper.close()
        one.ends.close()


def levels(wav: bytes) -> set[int]:
    """The samples of a WAV file, and that it is one."""
    with wave.open(io.BytesIO(wav)) as opened:
        assert (opened.getframerate(), opened.getsampwidth(), opened.getnchannels()) == (RATE_HZ, 2, 1)
        frames = opened.readframes(opened.getnframes())
    return {int.from_bytes(frames[at : at + 2], "little") for at in range(0, len(frames), 2)}


def test_each_sentence_is_rendered_whole_and_without_the_word_that_woke_it(stage: Callable[[str], Stage]) -> None:
    made = stage("well")
    assert levels(made.says("I am cold.")) == {10}
    assert levels(made.says("Please come here.")) == {17}
    assert made.piper.problem == ""


def test_what_its_voice_does_not_speak_it_is_not_given(stage: Callable[[str], Stage]) -> None:
    made = stage("well")
    made.until(lambda: not made.piper.is_starting and not made.piper.problem and made.piper.begin("Hello.", "en"))
    assert made.rendered()
    for text, language in (("Мне холодно.", "ru"), ("Ask Мария.", "en")):
        assert not made.piper.begin(text, language)
    assert made.piper.problem == ""


def test_while_the_voice_is_loading_that_is_said_and_then_no_more(stage: Callable[[str], Stage]) -> None:
    made = stage("well")
    assert not made.piper.begin("I am cold.", "en")
    assert made.piper.problem == "it is still loading its voice"
    made.until(lambda: not made.piper.problem)
    assert levels(made.says("I am cold.")) == {10}


def test_one_that_cannot_start_is_told_and_tried_again_later(stage: Callable[[str], Stage]) -> None:
    made = stage("dies")
    made.until(lambda: bool(made.piper.problem))
    assert made.piper.problem.endswith("no such voice")
    made.piper.turn(made.now_ns)
    assert not made.piper.is_starting
    made.passed_ns += piper.AGAIN_NS
    made.piper.turn(made.now_ns)
    assert made.piper.is_starting


@pytest.mark.parametrize(("how", "problem"), [("crashes", "out of memory"), ("mute", piper.MADE_NO_SOUND)])
def test_one_that_fails_at_a_sentence_renders_nothing(
    stage: Callable[[str], Stage], how: str, problem: str
) -> None:
    made = stage(how)
    assert made.says("I am cold.") == b""
    assert made.piper.problem.endswith(problem)


def test_one_that_is_slow_can_be_given_up_and_another_one_starts_later(stage: Callable[[str], Stage]) -> None:
    made = stage("slow")
    made.until(lambda: made.piper.begin("I am cold.", "en"))
    assert made.piper.rendered(made.now_ns) is None
    made.piper.cancel("it was too slow", made.now_ns)
    assert made.piper.problem == "it was too slow"
    assert not made.piper.begin("I am cold.", "en")
    made.passed_ns += piper.AGAIN_NS
    made.until(lambda: not made.piper.problem)


def test_one_that_never_gets_ready_is_told(stage: Callable[[str], Stage]) -> None:
    made = stage("hangs")
    made.piper.turn(made.now_ns)
    made.passed_ns += piper.LOADS_WITHIN_NS
    made.piper.turn(made.now_ns)
    assert made.piper.problem == "it does not get ready"


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with select.epoll() as ends:
        made = Piper(["no-such-piper"], VoiceFile(tmp_path / "voice.onnx", "en", RATE_HZ), ends)
        made.turn(0)
        assert made.problem == "no-such-piper cannot be started (No such file or directory); pip install piper-tts"
        made.close()


def test_a_long_text_may_take_longer_but_not_for_ever() -> None:
    assert piper.within_ns("") == seconds(1.5)
    assert piper.within_ns("a" * 100) == seconds(2.5)
    assert piper.within_ns("a" * 5000) == seconds(4)


# --- the voice file and the settings ----------------------------------------------------------------------------


def voice(folder: Path, description: object = DESCRIPTION) -> Path:
    path = folder / "en_US-test.onnx"
    path.write_bytes(b"a model")
    (folder / "en_US-test.onnx.json").write_text(json.dumps(description))
    return path


def test_a_voice_says_its_language_and_rate(tmp_path: Path) -> None:
    path = voice(tmp_path)
    assert voice_file.read(path) == VoiceFile(path, "en", RATE_HZ)
    path = voice(tmp_path, {**DESCRIPTION, "language": {"code": "ru_RU", "family": "ru"}})
    assert voice_file.read(path).language == "ru"


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ({}, "does not describe a voice"),
        ([], "does not describe a voice"),
        ({**DESCRIPTION, "audio": {"sample_rate": "fast"}}, "does not describe a voice"),
        ({**DESCRIPTION, "audio": {"sample_rate": 7}}, "names no language or no likely sample rate"),
        ({**DESCRIPTION, "espeak": {}}, "names no language or no likely sample rate"),
    ],
)
def test_a_description_that_is_none_is_told_in_one_sentence(
    tmp_path: Path, description: object, told: str
) -> None:
    path = voice(tmp_path, description)
    with pytest.raises(Missing, match=told):
        voice_file.read(path)


@pytest.mark.parametrize("damaged", [b'{"espeak": {"voice": "\xff"}}', b'{"x": ' + b"[" * 5000])
def test_a_description_of_bytes_that_are_no_text_is_told_too(tmp_path: Path, damaged: bytes) -> None:
    path = voice(tmp_path)
    path.with_name(f"{path.name}.json").write_bytes(damaged)
    with pytest.raises(Missing, match="does not describe a voice"):
        voice_file.read(path)


@pytest.mark.parametrize("missing", ["en_US-test.onnx", "en_US-test.onnx.json"])
def test_half_a_voice_is_told(tmp_path: Path, missing: str) -> None:
    path = voice(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(Missing, match=f"there is no .*{missing}; a voice of Piper's is two files"):
        voice_file.read(path)


def test_piper_is_wanted_where_a_voice_is_named(tmp_path: Path) -> None:
    named = str(voice(tmp_path))
    assert piper.found(VoiceSettings()) == (None, "")
    assert piper.found(VoiceSettings(engine=Engine.ESPEAK, piper_voice=named)) == (None, "")
    for engine in (Engine.AUTO, Engine.PIPER):
        found, why = piper.found(VoiceSettings(engine=engine, piper_voice=named))
        assert (found and found.language, why) == ("en", "")
    assert "vybor config set voice.piper_voice" in piper.found(VoiceSettings(engine=Engine.PIPER))[1]
    assert "there is no" in piper.found(VoiceSettings(piper_voice=str(tmp_path / "other.onnx")))[1]


def test_the_command_line_tells_rate_and_loudness_only_where_they_differ(tmp_path: Path) -> None:
    usual = piper.command(VoiceSettings(), tmp_path / "v.onnx")
    assert usual[-3:] == ["--model", str(tmp_path / "v.onnx"), "--output_raw"]
    other = piper.command(VoiceSettings(words_per_minute=320, volume=50), tmp_path / "v.onnx")
    assert other[-4:] == ["--length_scale", "0.500", "--volume", "0.50"]
    assert "--volume" not in piper.command(VoiceSettings(volume=150), tmp_path / "v.onnx")
