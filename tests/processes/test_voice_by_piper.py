"""Piper's voice in the room `voice`: a program that keeps to Piper's command line, and the real one where it is.

The test's program makes samples of one level for each sentence, the longer it is the more, so that it can be told
from espeak-ng. The real Piper is tried where VYBOR_PIPER names its program.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes.sound_card import CAN_SPEAK, NO_SPEECH, RATE_HZ, Card, Kit, call_of, played_by, say
from vybor.contracts import messages as m
from vybor.foundation.settings import Engine, VoiceSettings

pytestmark = pytest.mark.skipif(not CAN_SPEAK, reason=NO_SPEECH)

PROGRAM = """\
#!{python}
import sys, time
for number, line in enumerate(sys.stdin):
    if number:
        {at_a_sentence}
    level = 1000 + len(line.strip())
    sys.stdout.buffer.write(level.to_bytes(2, "little") * (2000 * len(line.strip())))
    sys.stdout.buffer.flush()
"""
TEXT = "I am cold."
LEVEL = 1000 + len(TEXT)


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    with played_by(tmp_path) as made:
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(made.card.configuration))
        yield made


@pytest.fixture
def card(kit: Kit) -> Card:
    return kit.card


def with_piper(kit: Kit, folder: Path, at_a_sentence: str = "pass", language: str = "en") -> None:
    """The kit with a Piper that does this when it is asked for a sentence, waiting until it is ready."""
    program, voice = folder / "piper", folder / "voice.onnx"
    program.write_text(PROGRAM.format(python=sys.executable, at_a_sentence=at_a_sentence))
    program.chmod(0o755)
    voice.touch()
    described = {"audio": {"sample_rate": RATE_HZ}, "espeak": {"voice": language}}
    (folder / "voice.onnx.json").write_text(json.dumps(described))
    kit.use(VoiceSettings(piper_voice=str(voice), piper_program=str(program)), {"en": call_of(12_345)})
    kit.until(lambda: kit.room.can_speak_by_piper)


def only_trouble(kit: Kit) -> m.Notice:
    (notice,) = kit.room.troubles()
    return notice


def test_piper_says_every_sentence_once(kit: Kit, card: Card, tmp_path: Path) -> None:
    with_piper(kit, tmp_path)
    for times in (1, 2):
        kit.until(lambda: kit.room.can_speak_by_piper)
        say(kit, TEXT)
        kit.until_quiet()
        assert list(card.samples) == [LEVEL] * (2000 * len(TEXT) * times)
    assert kit.room.troubles() == ()


def test_a_sentence_in_another_language_is_espeak_s(kit: Kit, card: Card, tmp_path: Path) -> None:
    with_piper(kit, tmp_path)
    say(kit, "Мне холодно", "ru")
    kit.until_quiet()
    assert card.samples.count(LEVEL) < 100
    assert card.heard_s > 0.5
    assert kit.room.troubles() == ()


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("time.sleep(100)", "it was too slow for this sentence"),
        ("sys.exit('no memory')", "no memory"),
        ("sys.exit(0)", "it made no sound"),
    ],
)
def test_where_piper_is_slow_or_fails_espeak_says_the_sentence_once_and_the_screen_says_so(
    kit: Kit, card: Card, tmp_path: Path, does: str, told: str
) -> None:
    with_piper(kit, tmp_path, does)
    say(kit, TEXT)
    kit.until(lambda: card.heard_s > 0.1, play_s=0.05)
    notice = only_trouble(kit)
    assert notice.trouble is m.Trouble.VOICE_PLAIN
    assert notice.detail.endswith(told)
    kit.until_quiet()
    assert card.heard_s < 2
    assert card.samples.count(LEVEL) < 100


def test_a_sentence_taken_back_while_piper_works_on_it_is_never_heard(
    kit: Kit, card: Card, tmp_path: Path
) -> None:
    with_piper(kit, tmp_path, "time.sleep(0.5)")
    say(kit, TEXT)
    kit.until(lambda: kit.all_answered)
    kit.ask(m.Hush(request=kit.request()))
    kit.until_quiet()
    kit.until(lambda: kit.room.can_speak_by_piper)
    assert card.heard_s == 0
    assert kit.room.troubles() == ()


def test_the_call_for_help_does_not_wait_for_piper(kit: Kit, card: Card, tmp_path: Path) -> None:
    with_piper(kit, tmp_path, "time.sleep(100)")
    say(kit, TEXT)
    kit.until(lambda: kit.all_answered)
    kit.ask(m.CallHelp(request=kit.request()))
    kit.until_quiet()
    assert list(card.samples) == [12_345] * RATE_HZ


def test_a_voice_that_is_not_there_is_told_and_espeak_speaks(kit: Kit, card: Card, tmp_path: Path) -> None:
    kit.use(VoiceSettings(engine=Engine.PIPER, piper_voice=str(tmp_path / "none.onnx")), {})
    assert only_trouble(kit).trouble is m.Trouble.VOICE_PLAIN
    say(kit, TEXT)
    kit.until_quiet()
    assert card.heard_s > 0.5


# --- the real Piper ---------------------------------------------------------------------------------------------


def tone_voice(folder: Path) -> Path:
    """A real voice of Piper's interface: 20 ms of a tone for each phoneme, times the length scale.

    Its phonemes come from Piper's own espeak-ng, as those of most voices do.
    """
    onnx = pytest.importorskip("onnx")
    helper, types = onnx.helper, onnx.TensorProto
    constants = {"per_phoneme": [RATE_HZ / 50], "step": [2 * 3.14159 * 440 / RATE_HZ], "zero": [0.0], "one": [1.0]}
    node = helper.make_node
    nodes = [
        node("Cast", ["input_lengths"], ["phonemes"], to=types.FLOAT),
        node("Slice", ["scales", "at_1", "at_2"], ["length_scale"]),
        node("Mul", ["phonemes", "per_phoneme"], ["unscaled"]),
        node("Mul", ["unscaled", "length_scale"], ["samples"]),
        *(node("Squeeze", [name], [f"{name}_"]) for name in ("samples", "zero", "one")),
        node("Range", ["zero_", "samples_", "one_"], ["index"]),
        node("Mul", ["index", "step"], ["phase"]),
        node("Sin", ["phase"], ["flat"]),
        node("Unsqueeze", ["flat", "two_axes"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tone",
        [
            helper.make_tensor_value_info("input", types.INT64, [1, "phonemes"]),
            helper.make_tensor_value_info("input_lengths", types.INT64, [1]),
            helper.make_tensor_value_info("scales", types.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", types.FLOAT, [1, 1, "samples"])],
        [
            *(helper.make_tensor(name, types.FLOAT, [1], values) for name, values in constants.items()),
            helper.make_tensor("at_1", types.INT64, [1], [1]),
            helper.make_tensor("at_2", types.INT64, [1], [2]),
            helper.make_tensor("two_axes", types.INT64, [2], [0, 1]),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    path = folder / "tone.onnx"
    onnx.save(model, str(path))
    letters = "_^$ abcdefghijklmnopqrstuvwxyzæðŋɐɑɒɔəɚɛɜɡɪʊʌˈˌː.,?!"
    description = {
        "audio": {"sample_rate": RATE_HZ},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "espeak",
        "num_symbols": len(letters),
        "num_speakers": 1,
        "phoneme_id_map": {letter: [number] for number, letter in enumerate(letters)},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
    }
    (folder / "tone.onnx.json").write_text(json.dumps(description))
    return path


@pytest.mark.skipif(
    "VYBOR_PIPER" not in os.environ, reason="VYBOR_PIPER names Piper's program where it is installed"
)
def test_the_real_piper_says_a_sentence_at_the_rate_of_the_settings(kit: Kit, card: Card, tmp_path: Path) -> None:
    heard_s = {}
    for rate in (160, 320):
        program, voice = os.environ["VYBOR_PIPER"], str(tone_voice(tmp_path))
        kit.use(VoiceSettings(piper_voice=voice, piper_program=program, words_per_minute=rate), {})
        kit.until(lambda: kit.room.can_speak_by_piper)
        card.played.clear()
        say(kit, "I would like to go home now.")
        kit.until_quiet()
        heard_s[rate] = card.heard_s
        assert kit.room.troubles() == ()
    assert heard_s[160] == pytest.approx(2 * heard_s[320], rel=0.02)
    assert max(card.samples) > 30_000
